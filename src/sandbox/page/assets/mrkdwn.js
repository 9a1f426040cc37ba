// Slack's mrkdwn, as nodes: bold, italic, strike, code, quotes, links, mentions, dates, emoji names.

import { clock, el, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { settings } from "./words.js";

/** `&lt;`, `&gt;` and `&amp;` are the only entities. */
export const unescape = (text) =>
  text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);

const SPANS = { "*": "strong", _: "em", "~": "del" };
const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+):|([*_~])/;

/** Nodes of a mrkdwn text. `names` says who `U…` and `C…` are. */
export function mrkdwn(text, names) {
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length > 0) {
    if (/^&gt; ?/.test(lines[0])) {
      const quoted = [];
      while (lines.length > 0 && /^&gt; ?/.test(lines[0])) quoted.push(lines.shift().replace(/^&gt; ?/, ""));
      nodes.push(el("blockquote", {}, ...spans(quoted.join("\n"), names)));
      continue;
    }
    const plain = [lines.shift()];
    while (lines.length > 0 && !/^&gt; ?/.test(lines[0])) plain.push(lines.shift());
    nodes.push(...spans(plain.join("\n"), names));
  }
  return nodes;
}

/** Marked-up text without quotes; line breaks are the style sheet's. */
function spans(text, names) {
  const nodes = [];
  let rest = text;
  let before = "";
  while (rest) {
    const found = TOKEN.exec(rest);
    if (!found) break;
    const at = found.index;
    const [whole, pre, code, angle, name, mark] = found;
    nodes.push(unescape(rest.slice(0, at)));
    before = at > 0 ? rest[at - 1] : before;
    rest = rest.slice(at + whole.length);
    if (pre !== undefined) nodes.push(el("pre", { text: unescape(pre.replace(/^\n|\n$/g, "")) }));
    else if (code !== undefined) nodes.push(el("code", { text: unescape(code) }));
    else if (angle !== undefined) nodes.push(entity(angle, names));
    else if (name !== undefined) nodes.push(emoji(name));
    else {
      const end = closing(rest, mark, before);
      if (end < 0) nodes.push(mark);
      else {
        nodes.push(el(SPANS[mark], {}, ...spans(rest.slice(0, end), names)));
        rest = rest.slice(end + 1);
      }
    }
    before = whole.at(-1);
  }
  nodes.push(unescape(rest));
  return nodes;
}

/** Where a span ends: marks count at the edge of words only, and not inside code. */
function closing(rest, mark, before) {
  if (/[\p{L}\p{N}]/u.test(before) || !rest || /\s/.test(rest[0])) return -1;
  let code = false;
  for (let at = 0; at < rest.length && rest[at] !== "\n"; at += 1) {
    if (rest[at] === "`") code = !code;
    const ends = rest[at] === mark && !code && at > 0 && !/\s/.test(rest[at - 1]);
    if (ends && !/[\p{L}\p{N}]/u.test(rest[at + 1] ?? "")) return at;
  }
  return -1;
}

/** What stands between `<` and `>`. */
function entity(inside, names) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), names, label);
  if (target.startsWith("#")) return el("span", { class: "mention", text: `#${names.channel(target.slice(1)) ?? label}` });
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return el("span", { class: "mention", text: `@${target.slice(1).split("^")[0]}` });
  const url = unescape(target);
  return link(url, label || url);
}

/** `@alice`; one's own name stands out. */
export function mention(id, names, label = "") {
  const own = id === names.me ? " own" : "";
  return el("span", { class: `mention${own}`, text: `@${names.person(id) ?? (label || id)}` });
}

/** Times are said in UTC, as in the rest of the page. */
function date(target, fallback) {
  const [, seconds, format] = target.split("^");
  const ms = Number(seconds) * 1000;
  if (!Number.isFinite(ms) || Math.abs(ms) > 8e15) return fallback;
  const day = new Date(ms).toLocaleDateString(settings.language, { day: "numeric", month: "short", timeZone: "UTC" });
  const text = `${format?.includes("date") ? `${day} ` : ""}${clock(ms)} UTC`;
  return el("time", { datetime: new Date(ms).toISOString(), title: fallback, text });
}
