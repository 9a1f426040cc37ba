// What is known, what is open, and what of it was read.

import { viewer } from "./wire.js";
import { memory } from "./words.js";

export const known = { people: [], channels: [], messages: new Map(), sandbox: null };
export const open = { channel: "C0INCIDENTS", thread: null };
/** Whispers that the reader put away. */
export const dismissed = new Set();
/** The last message read, by channel and by thread. */
let seen = {};

export const me = () => known.people.find((one) => one.name === viewer);
export const keyOf = (one) => `${one.channel}/${one.ts}`;

export const names = {
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

export const title = (channel) => (channel.direct ? "devops" : `#${channel.name}`);

/** Recalls what was read in this world before a reload. */
export function recall(world) {
  seen = JSON.parse(memory.get(`vigie:${world}:${viewer}`) ?? "{}");
}

/** Whether a reply concerns the reader: their thread, or their name in it. */
const follows = (root) => [...known.messages.values()].some((one) => one.channel === root.channel && (one.ts === root.ts || one.thread_ts === root.ts) && concerns(one));
const concerns = (one) => one.user === names.me || one.text?.includes(`<@${names.me}>`);
const unread = (one) => one.user !== names.me && !one.whisper && one.ts > (seen[one.thread_ts ? `${one.channel}/${one.thread_ts}` : one.channel] ?? "");

/** Unread messages of a channel, and how many of them call the reader. */
export function counts(channel) {
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
export function read() {
  if (document.hidden) return;
  const mark = (key, list) => {
    const last = list.at(-1)?.ts;
    if (last && !(seen[key] >= last)) seen[key] = last;
  };
  mark(open.channel, roots());
  if (open.thread) mark(`${open.channel}/${open.thread}`, thread());
  memory.set(`vigie:${known.sandbox.name}:${viewer}`, JSON.stringify(seen));
}

/** Whether a thread holds something unread. */
export const fresh = (root) => [...known.messages.values()].some((one) => one.channel === root.channel && one.thread_ts === root.ts && unread(one));

const sorted = (list) => list.sort((a, b) => (a.ts < b.ts ? -1 : 1));
const inChannel = () => [...known.messages.values()].filter((one) => one.channel === open.channel && !dismissed.has(keyOf(one)));
export const roots = () => sorted(inChannel().filter((one) => !one.thread_ts));
export const thread = () => sorted(inChannel().filter((one) => one.ts === open.thread || one.thread_ts === open.thread));
