// Elements out of data. Data becomes text nodes and attributes set one by one; nothing is parsed as HTML.

/** Creates an element. `props`: class, text, attributes; functions become listeners (`onclick`). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "class") node.className = value;
    else if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Where a permalink of this workspace leads on this page: a channel and a thread in it. */
function inside(url) {
  const path = url.hostname === "sandbox.slack.example" && /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  return path && `#${path[1]}/${url.searchParams.get("thread_ts") ?? `${path[2]}.${path[3]}`}`;
}

/** A link into this workspace, or out of it: only http and https, and nothing of this page goes along. */
export function link(url, ...label) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    parsed = null;
  }
  if (!parsed || !["http:", "https:"].includes(parsed.protocol)) return el("span", {}, ...label);
  const here = inside(parsed);
  if (here) return el("a", { href: here }, ...label);
  return el("a", { href: parsed.href, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

/** Puts `nodes` into `parent`, leaving alone what stands there already. */
export function place(parent, nodes) {
  nodes.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
  while (parent.children.length > nodes.length) parent.lastElementChild.remove();
}

/** `14:03`, in UTC as the bot writes it. */
export function clock(ms, seconds = false) {
  return new Date(ms).toISOString().slice(11, seconds ? 19 : 16);
}

export const millis = (ts) => Number(ts) * 1000;
