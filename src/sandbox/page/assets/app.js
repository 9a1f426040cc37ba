// The page: what is known, what is open, and how the two become what is seen.

import { byId, el, place } from "./dom.js";
import * as lab from "./lab.js";
import { message } from "./messages.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { label, memory, say, settings } from "./words.js";
import { act, listen, viewer } from "./wire.js";

const known = { people: [], channels: [], messages: new Map(), sandbox: null };
const open = { channel: "C0INCIDENTS", thread: null };
/** Element of a message in a pane, and the message it shows. */
const shown = new Map();
const dismissed = new Set();
let seen = {};
let editing = null;

const me = () => known.people.find((one) => one.name === viewer);
const keyOf = (one) => `${one.channel}/${one.ts}`;

// ---- names ----

const names = {
  get me() {
    return me()?.id;
  },
  person: (id) => known.people.find((one) => one.id === id)?.name,
  channel: (id) => known.channels.find((one) => one.id === id)?.name,
  author(one) {
    const person = known.people.find((other) => other.id === one.user);
    const name = person ? (person.bot ? person.name : person.real_name) : one.bot_id ? "Alertmanager" : one.user;
    const initials = name.split(/\s+/).map((word) => [...word][0] ?? "").join("").slice(0, 2).toUpperCase();
    return { id: one.user || one.bot_id || "?", name, initials, bot: !person || person.bot };
  },
};

const title = (channel) => (channel.direct ? "devops" : `#${channel.name}`);

// ---- what the server says ----

function apply(news) {
  const before = new Map([...known.messages].map(([key, one]) => [key, firstLine(one)]));
  if (news.whole) known.messages.clear();
  if (news.people) known.people = news.people;
  if (news.channels) known.channels = news.channels;
  for (const one of news.messages) known.messages.set(keyOf(one), one);
  for (const key of news.gone ?? []) known.messages.delete(key);
  if (known.sandbox?.name !== news.sandbox.name) seen = JSON.parse(memory.get(`vigie:${news.sandbox.name}:${viewer}`) ?? "{}");
  known.sandbox = news.sandbox;
  document.body.classList.remove("waiting");
  lab.show(news.sandbox, tools);
  render();
  if (!news.whole) announce(news.messages.filter((one) => before.get(keyOf(one)) !== firstLine(one)));
}

const firstLine = (one) => (one.text || one.attachments?.[0]?.title || "").split("\n")[0];

/** Says aloud what arrived where the reader is; an answer that is edited in place arrives too. */
function announce(arrived) {
  for (const one of arrived) {
    const here = one.channel === open.channel && (!one.thread_ts || one.thread_ts === open.thread);
    if (!here || one.user === names.me) continue;
    const holder = el("span", {}, ...mrkdwn(firstLine(one), names));
    byId("live").textContent = say("arrived", names.author(one).name, holder.textContent);
  }
}

// ---- unread ----

/** Whether a reply concerns the reader: their thread, or their name in it. */
const follows = (root) => [...known.messages.values()].some((one) => one.channel === root.channel && (one.ts === root.ts || one.thread_ts === root.ts) && concerns(one));
const concerns = (one) => one.user === names.me || one.text?.includes(`<@${names.me}>`);
const unread = (one) => one.user !== names.me && !one.whisper && one.ts > (seen[one.thread_ts ? `${one.channel}/${one.thread_ts}` : one.channel] ?? "");

function counts(channel) {
  let fresh = 0;
  let loud = 0;
  for (const one of known.messages.values()) {
    if (one.channel !== channel.id || !unread(one)) continue;
    const root = one.thread_ts && known.messages.get(`${one.channel}/${one.thread_ts}`);
    if (root && !follows(root)) continue;
    fresh += 1;
    if (channel.direct || one.text?.includes(`<@${names.me}>`)) loud += 1;
  }
  return { fresh, loud };
}

/** What stands on the screen is read. */
function read() {
  if (document.hidden) return;
  const mark = (key, list) => {
    const last = list.at(-1)?.ts;
    if (last && !(seen[key] >= last)) seen[key] = last;
  };
  mark(open.channel, roots());
  if (open.thread) mark(`${open.channel}/${open.thread}`, thread());
  memory.set(`vigie:${known.sandbox.name}:${viewer}`, JSON.stringify(seen));
}

// ---- what is seen ----

const sorted = (list) => list.sort((a, b) => (a.ts < b.ts ? -1 : 1));
const inChannel = () => [...known.messages.values()].filter((one) => one.channel === open.channel && !dismissed.has(keyOf(one)));
const roots = () => sorted(inChannel().filter((one) => !one.thread_ts));
const thread = () => sorted(inChannel().filter((one) => one.ts === open.thread || one.thread_ts === open.thread));

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
  const last = moved ? null : pane.lastElementChild;
  const before = { ts: last?.dataset.ts, height: last?.offsetHeight ?? 0 };
  pane.dataset.of = where;
  const nodes = messages.map((one) => element(one, inThread));
  place(pane, nodes.length > 0 ? nodes : [empty(channel)]);
  if (atEnd || moved) toEnd(pane, before);
}

/** Follows what comes in: to the end, or to the top of an answer that is longer than the pane. */
function toEnd(pane, before) {
  const last = pane.lastElementChild;
  const grown = last.offsetHeight - (last.dataset.ts === before.ts ? before.height : 0);
  const long = last.offsetHeight > pane.clientHeight && grown > pane.clientHeight / 2;
  pane.scrollTop = long ? last.offsetTop - pane.offsetTop - 4 : pane.scrollHeight;
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

const fresh = (root) => [...known.messages.values()].some((one) => one.channel === root.channel && one.thread_ts === root.ts && unread(one));

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
    if (answer && (await until(() => known.channels.some((one) => one.id === answer.ts)))) go(answer.ts);
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
  const [channel, ts] = decodeURIComponent(location.hash.slice(1)).split("/");
  const opened = ts && open.thread !== ts;
  open.channel = channel || "C0INCIDENTS";
  open.thread = ts || null;
  document.body.dataset.pane = ts ? "thread" : channel ? "channel" : "list";
  stopEditing();
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
  edit(one) {
    editing = one;
    const field = byId(one.thread_ts || one.ts === open.thread ? "reply-text" : "text");
    field.value = unescape(one.text.replace(/<@([A-Z0-9]+)>/g, (_, id) => `@${names.person(id) ?? id}`));
    field.form.classList.add("editing");
    field.focus();
    grow(field);
  },
  /** Puts a question into the field of #incidents, to be sent. */
  ask(text) {
    if (innerWidth < 1000) toggleLab(false);
    go("C0INCIDENTS");
    byId("text").value = text;
    byId("text").focus();
    grow(byId("text"));
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

function stopEditing() {
  if (!editing) return;
  editing = null;
  for (const form of document.querySelectorAll(".composer.editing")) {
    form.classList.remove("editing");
    form.elements[0].value = "";
    grow(form.elements[0]);
  }
}

async function send(form) {
  const field = form.elements[0];
  const text = field.value.trim();
  if (!text || form.dataset.busy) return;
  form.dataset.busy = "yes";
  const inThread = form.dataset.thread === "open";
  const doing = form.classList.contains("editing")
    ? act("edit", { channel: editing.channel, ts: editing.ts, text })
    : act("post", { channel: open.channel, text, ...(inThread ? { thread_ts: open.thread } : {}) });
  const sent = await tools.attempt(doing);
  delete form.dataset.busy;
  if (!sent) return;
  field.value = "";
  grow(field);
  const list = byId(inThread ? "replies" : "messages");
  list.scrollTop = list.scrollHeight;
  // Whoever asks the bot wants to see its answer, which comes in the thread.
  if (!inThread && sent.ts && text.includes("@devops")) await arrived(sent.ts);
  stopEditing();
}

/** Opens the thread of a message as soon as the socket brought it. */
async function arrived(ts) {
  const channel = open.channel;
  const there = await until(() => known.messages.has(`${channel}/${ts}`));
  if (there && open.channel === channel) go(channel, ts);
}

/** Waits a little until the socket brought something; whether it did. */
async function until(there) {
  for (let tries = 0; tries < 80 && !there(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return there();
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 180)}px`;
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
  byId("viewer").replaceChildren(...["alice", "bob", "lead"].map((name) => el("option", { value: name, selected: name === viewer, text: say(name) })));
  byId("other").textContent = say(viewer === "lead" ? "openAlice" : "openLead");
  byId("other").href = viewer === "lead" ? "/?as=alice" : "/?as=lead";
  if (known.sandbox) lab.show(known.sandbox, tools);
  render();
}

function keys(event) {
  if (event.key === "Escape" && !byId("confirm").open) {
    if (editing) stopEditing();
    else if (open.thread) closeThread();
  }
  const channels = [...document.querySelectorAll(".channel")];
  const at = channels.indexOf(document.activeElement);
  if (at >= 0 && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    channels[(at + (event.key === "ArrowDown" ? 1 : channels.length - 1)) % channels.length].focus();
  }
}

function connect() {
  for (const form of document.querySelectorAll(".composer")) {
    const field = form.elements[0];
    field.oninput = () => grow(field);
    field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send(form);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      send(form);
    };
  }
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
