// The page: how what is known and what is open become what is seen, and what one does there.

import * as compose from "./compose.js";
import { byId, el, place } from "./dom.js";
import * as lab from "./lab.js";
import { message } from "./messages.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { label, memory, say, settings } from "./words.js";
import { counts, dismissed, fresh, keyOf, known, me, names, open, read, recall, roots, thread, title } from "./state.js";
import { act, listen, people, viewer } from "./wire.js";

/** Element of a message in a pane, and the message it shows. */
const shown = new Map();
// ---- what the server says ----

function apply(news) {
  const before = new Map([...known.messages].map(([key, one]) => [key, firstLine(one)]));
  if (news.whole) known.messages.clear();
  if (news.people) known.people = news.people;
  if (news.channels) known.channels = news.channels;
  for (const one of news.messages) known.messages.set(keyOf(one), one);
  for (const key of news.gone ?? []) known.messages.delete(key);
  if (known.sandbox?.name !== news.sandbox.name) recall(news.sandbox.name);
  known.sandbox = news.sandbox;
  document.body.classList.remove("waiting");
  lab.show(news.sandbox, tools);
  render();
  if (!news.whole) announce(news.messages.filter((one) => before.get(keyOf(one)) !== firstLine(one)));
}

const firstLine = (one) =>
  (one.text || one.attachments?.[0]?.title || one.files?.[0]?.title || "").split("\n")[0];

/** Says aloud what arrived where the reader is; an answer that is edited in place arrives too. */
function announce(arrived) {
  for (const one of arrived) {
    const here = one.channel === open.channel && (!one.thread_ts || one.thread_ts === open.thread);
    if (!here || one.user === names.me) continue;
    const holder = el("span", {}, ...mrkdwn(firstLine(one), names));
    byId("live").textContent = say("arrived", names.author(one).name, holder.textContent);
  }
}

// ---- what is seen ----

function render() {
  if (!me()) return;
  if (!known.channels.some((one) => one.id === open.channel)) open.channel = known.channels[0]?.id;
  const channel = known.channels.find((one) => one.id === open.channel);
  if (open.thread && !known.messages.has(`${open.channel}/${open.thread}`)) open.thread = null;
  read();
  sidebar();
  byId("title").textContent = title(channel);
  byId("topic").textContent = topic(channel);
  byId("text").placeholder = say("placeholder", title(channel));
  byId("reply-text").placeholder = say("placeholderReply");
  byId("thread-title").textContent = `${say("thread")} · ${title(channel)}`;
  const loud = known.channels.reduce((sum, one) => sum + counts(one).loud, 0);
  document.title = `${loud > 0 ? `(${loud}) ` : ""}${title(channel)} – vigie`;
  byId("thread").hidden = !open.thread;
  document.body.classList.toggle("threaded", Boolean(open.thread));
  list(byId("messages"), roots(), false, channel);
  if (open.thread) list(byId("replies"), thread(), true, channel);
}

function topic(channel) {
  if (channel.direct) return say("emptyDirect");
  if (channel.shared) return say("shared");
  return { incidents: say("topic"), alerts: say("topicAlerts") }[channel.name] ?? "";
}

/** Puts messages into a pane; only those that changed are made again. */
function list(pane, messages, inThread, channel) {
  const where = `${open.channel}/${inThread ? open.thread : ""}`;
  const moved = pane.dataset.of !== where;
  const atEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
  const before = new Map(moved ? [] : [...pane.children].map((one) => [one.dataset.ts, one.offsetHeight]));
  pane.dataset.of = where;
  const nodes = messages.map((one) => element(one, inThread));
  place(pane, nodes.length > 0 ? nodes : [empty(channel)]);
  if (atEnd || moved) toEnd(pane, before);
}

/** Follows what comes in: to the end, or to the top of an answer that does not fit with the picture behind it. */
function toEnd(pane, before) {
  const last = pane.lastElementChild;
  const answer = [...pane.children].findLast((one) => !one.querySelector(".picture")) ?? last;
  const top = answer.offsetTop - pane.offsetTop;
  const grown = answer.offsetHeight - (before.get(answer.dataset.ts) ?? 0);
  const came = grown > pane.clientHeight / 2 || (last !== answer && !before.has(last.dataset.ts));
  const long = came && pane.scrollHeight - top > pane.clientHeight;
  pane.scrollTop = long ? top - 4 : pane.scrollHeight;
}

function element(one, inThread) {
  const key = `${inThread}:${keyOf(one)}`;
  const state = JSON.stringify([one, settings.language, !inThread && fresh(one)]);
  const old = shown.get(key);
  if (old?.state === state) return old.node;
  const node = message(one, { ...tools, fresh }, inThread);
  shown.set(key, { state, node });
  if (old?.node.isConnected) {
    const inside = old.node.contains(document.activeElement);
    old.node.replaceWith(node);
    if (inside) node.focus({ preventScroll: true });
  }
  return node;
}

function empty(channel) {
  const text = channel.direct ? say("emptyDirect") : say({ incidents: "emptyAsk", alerts: "emptyAlerts" }[channel.name] ?? "empty");
  return el("p", { class: "empty", text });
}

function sidebar() {
  const key = JSON.stringify([known.channels, settings.language, open.channel, known.channels.map(counts)]);
  if (byId("channels").dataset.key === key) return;
  const focused = document.activeElement?.dataset?.channel;
  byId("channels").dataset.key = key;
  const direct = known.channels.filter((one) => one.direct);
  byId("channels").replaceChildren(...known.channels.filter((one) => !one.direct).map(entry));
  byId("directs").replaceChildren(...(direct.length > 0 ? direct.map(entry) : [newDirect()]));
  if (focused) document.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
}

function entry(channel) {
  const { fresh: many, loud } = counts(channel);
  const here = channel.id === open.channel;
  const button = el(
    "button",
    { type: "button", class: many > 0 ? "channel unread" : "channel", "data-channel": channel.id, "aria-current": here ? "page" : null, onclick: () => go(channel.id) },
    channel.direct ? "● devops" : `# ${channel.name}`,
    channel.shared ? el("span", { class: "external", text: say("external") }) : null,
    loud > 0 ? el("span", { class: "count", text: String(loud) }) : null,
    many > 0 ? el("span", { class: "hidden", text: ` (${say("unread")})` }) : null,
  );
  return el("li", {}, button);
}

function newDirect() {
  const start = async () => {
    const answer = await tools.attempt(act("message"));
    if (answer && (await compose.until(() => known.channels.some((one) => one.id === answer.ts)))) go(answer.ts);
  };
  return el("li", {}, el("button", { type: "button", class: "channel", text: "● devops", onclick: start }));
}

// ---- where one is ----

/** Opens a channel, and a thread in it. The address remembers both. */
function go(channel, threadTs = null) {
  location.hash = threadTs ? `${channel}/${threadTs}` : channel;
  if (location.hash.slice(1) === (threadTs ? `${channel}/${threadTs}` : channel)) follow();
}

function follow() {
  // Channels and timestamps need no escapes: whatever else stands there is no place of ours.
  const [channel, ts] = location.hash.slice(1).split("/");
  const opened = ts && open.thread !== ts;
  open.channel = channel || "C0INCIDENTS";
  open.thread = ts || null;
  document.body.dataset.pane = ts ? "thread" : channel ? "channel" : "list";
  compose.stopEditing();
  render();
  // On a phone the keyboard would cover the answer.
  if (opened && !byId("thread").hidden) byId(innerWidth < 800 ? "thread-title" : "reply-text").focus({ preventScroll: true });
}

function closeThread() {
  const ts = open.thread;
  go(open.channel);
  const root = document.querySelector(`#messages [data-ts="${CSS.escape(ts ?? "")}"]`);
  (root?.querySelector(".replies") ?? root ?? byId("text")).focus({ preventScroll: true });
}

/** On a phone: thread, channel, list. */
function back() {
  if (document.body.classList.contains("lab") && innerWidth < 800) toggleLab(false);
  else if (open.thread) closeThread();
  else location.hash = "";
}

// ---- what one does ----

const tools = {
  names,
  go,
  edit: compose.edit,
  open: (ts) => go(open.channel, ts),
  react: (one, name) => tools.attempt(act("react", { channel: one.channel, ts: one.ts, name })),
  remove: (one) => tools.attempt(act("delete", { channel: one.channel, ts: one.ts })),
  dismiss(one) {
    dismissed.add(keyOf(one));
    render();
  },
  async press(one, element) {
    if (element.confirm && !(await sure(element.confirm))) return;
    const pressed = document.querySelectorAll(`[data-ts="${CSS.escape(one.ts)}"] [data-action="${CSS.escape(element.action_id)}"]`);
    for (const button of pressed) button.setAttribute("aria-busy", "true");
    await tools.attempt(act("press", { channel: one.channel, ts: one.ts, action: element.action_id }));
    setTimeout(() => pressed.forEach((button) => button.removeAttribute("aria-busy")), 1500);
  },
  /** Puts a question into the field of #incidents, to be sent. */
  ask(text) {
    if (innerWidth < 1000) toggleLab(false);
    go("C0INCIDENTS");
    compose.suggest(text);
  },
  /** Waits for something to be done, and says what went wrong. */
  async attempt(doing) {
    try {
      return await doing;
    } catch (error) {
      toast({ "too-long": say("tooLong"), "not-there": say("gone"), "no-such-button": say("gone"), "not-yours": say("not-yours") }[error.code] ?? error.message);
      return null;
    }
  },
};

function sure(confirm) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = unescape(confirm.title?.text ?? "");
  byId("confirm-text").textContent = unescape(confirm.text?.text ?? "");
  byId("confirm-yes").textContent = unescape(confirm.confirm?.text ?? say("yes"));
  byId("confirm-no").textContent = unescape(confirm.deny?.text ?? say("no"));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
  });
}

let hiding;
function toast(text) {
  byId("toast").textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => (byId("toast").textContent = ""), 6000);
}

// ---- the page around it ----

function toggleLab(wanted = !document.body.classList.contains("lab")) {
  document.body.classList.toggle("lab", wanted);
  byId("lab").hidden = !wanted;
  byId("lab-toggle").setAttribute("aria-expanded", String(wanted));
}

function theme(wanted) {
  if (wanted) {
    document.documentElement.dataset.theme = wanted;
    memory.set("vigie:theme", wanted);
  }
  byId("theme").textContent = say(isDark() ? "light" : "dark");
}

const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function translate() {
  label();
  theme();
  byId("language").textContent = say("other");
  byId("language").lang = settings.language === "fr" ? "en" : "fr";
  byId("viewer").replaceChildren(...people.map((name) => el("option", { value: name, selected: name === viewer, text: say(name) })));
  byId("other").textContent = say(viewer === "lead" ? "openAlice" : "openLead");
  byId("other").href = viewer === "lead" ? "/?as=alice" : "/?as=lead";
  if (known.sandbox) lab.show(known.sandbox, tools);
  render();
}

function keys(event) {
  if (event.key === "Escape" && !byId("confirm").open) {
    if (!compose.stopEditing() && open.thread) closeThread();
  }
  const channels = [...document.querySelectorAll(".channel")];
  const at = channels.indexOf(document.activeElement);
  if (at >= 0 && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    channels[(at + (event.key === "ArrowDown" ? 1 : channels.length - 1)) % channels.length].focus();
  }
}

function connect() {
  compose.connect(tools);
  byId("thread-close").onclick = closeThread;
  byId("back").onclick = back;
  byId("lab-toggle").onclick = () => toggleLab();
  byId("lab-close").onclick = () => {
    toggleLab(false);
    byId("lab-toggle").focus();
  };
  byId("viewer").onchange = (event) => location.assign(`/?as=${event.target.value}${location.hash}`);
  byId("language").onclick = () => {
    settings.language = settings.language === "fr" ? "en" : "fr";
    memory.set("vigie:language", settings.language);
    translate();
  };
  byId("theme").onclick = () => theme(isDark() ? "light" : "dark");
  document.addEventListener("keydown", keys);
  document.addEventListener("visibilitychange", render);
  addEventListener("hashchange", follow);
  lab.connect(tools);
}

function onLink(up) {
  document.body.classList.toggle("offline", !up);
  if (up) return;
  byId("bot-state").textContent = say("offline");
  byId("bot-state").dataset.bot = "stopped";
}

theme(memory.get("vigie:theme"));
toggleLab(innerWidth >= 1000);
connect();
translate();
if (!location.hash && innerWidth >= 800) history.replaceState(null, "", `${location.search}#C0INCIDENTS`);
follow();
listen(apply, onLink);
