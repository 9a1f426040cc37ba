// The two ways to the server: the socket that tells what changed, and `/act`.

/** The people whose screen one can have. */
export const people = ["alice", "bob", "lead"];

const wanted = new URLSearchParams(location.search).get("as");
/** Whose screen this is: `?as=lead`; Alice's unless it names one of them. */
export const viewer = people.includes(wanted) ? wanted : "alice";

/** Listens for ever; comes back after a break with the whole state again. */
export function listen(onNews, onLink) {
  let pause = 250;
  const open = () => {
    const socket = new WebSocket(`ws://${location.host}/live?as=${encodeURIComponent(viewer)}`);
    socket.onopen = () => {
      pause = 250;
      onLink(true);
    };
    socket.onmessage = (event) => onNews(JSON.parse(event.data));
    socket.onclose = () => {
      onLink(false);
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 4000);
    };
  };
  open();
}

/** Does something, as the person of this screen where that matters. Throws what went wrong, in words. */
export async function act(what, details = {}) {
  const own = ["post", "edit", "delete", "react", "press", "message"].includes(what);
  const body = { do: what, ...(own ? { as: viewer } : {}), ...details };
  const response = await fetch("/act", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({ ok: false, error: "refused", says: `HTTP ${response.status}` }));
  if (!answer.ok) throw Object.assign(new Error(answer.says), { code: answer.error });
  return answer;
}
