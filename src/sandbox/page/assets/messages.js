// One message on the screen: who, when, what, its buttons, its reactions, the way into its thread.

import { attachment, blocks } from "./blocks.js";
import { clock, el, millis } from "./dom.js";
import { emoji, REACTIONS } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { say } from "./words.js";

/** From here on a message is folded. */
const LONG = 2500;

/** An element for a message. `tools`: names, me, open(thread), press, react, edit, remove, dismiss; `inThread`. */
export function message(one, tools, inThread) {
  const own = { ...tools, press: (element) => tools.press(one, element) };
  const author = tools.names.author(one);
  const node = el(
    "article",
    { class: one.whisper ? "message whisper" : "message", tabindex: "-1", "data-ts": one.ts },
    el("span", { class: `avatar a${hue(author.id)}`, "aria-hidden": "true", text: author.initials }),
    el(
      "div",
      { class: "said" },
      one.whisper ? whisper(one, tools) : null,
      head(one, author),
      body(one, own),
      reactions(one, tools),
      inThread ? null : replies(one, tools),
    ),
    one.whisper ? null : toolbar(one, tools, inThread),
  );
  return node;
}

function head(one, author) {
  const ms = millis(one.ts);
  return el(
    "header",
    {},
    el("strong", { text: author.name }),
    author.bot ? el("span", { class: "badge", text: say("app") }) : null,
    el("time", { datetime: new Date(ms).toISOString(), text: clock(ms), title: `${clock(ms, true)} UTC` }),
  );
}

function whisper(one, tools) {
  return el(
    "p",
    { class: "small" },
    `👁 ${say("whisper")} · `,
    el("button", { type: "button", class: "link", text: say("dismiss"), onclick: () => tools.dismiss(one) }),
  );
}

function body(one, tools) {
  const shown = one.blocks?.length > 0 ? blocks(one.blocks, tools) : mrkdwn(one.text ?? "", tools.names);
  const parts = (one.attachments ?? []).map((part) => attachment(part, tools));
  const files = (one.files ?? []).map(picture);
  const edited = one.edited ? el("span", { class: "edited", text: ` ${say("edited")}` }) : null;
  const node = el("div", { class: "body" }, ...shown, ...parts, ...files, edited);
  return (one.text?.length ?? 0) > LONG && node.textContent.length > LONG && !one.bot_id ? folded(node) : node;
}

/** A picture, with its title; what it says is there for those who do not see it too. */
function picture(file) {
  return el(
    "figure",
    { class: "picture" },
    el("figcaption", { class: "small", text: file.title }),
    el("img", { src: `/file/${encodeURIComponent(file.id)}`, alt: file.alt_txt ?? "", width: 600, height: 320 }),
  );
}

function folded(node) {
  node.classList.add("folded");
  const toggle = el("button", {
    type: "button",
    class: "link",
    "aria-expanded": "false",
    text: say("more"),
    onclick: () => {
      const folds = node.classList.toggle("folded");
      toggle.textContent = say(folds ? "more" : "less");
      toggle.setAttribute("aria-expanded", String(!folds));
    },
  });
  return el("div", {}, node, toggle);
}

function reactions(one, tools) {
  if (!one.reactions?.length) return null;
  const chips = one.reactions.map(({ name, users }) =>
    el("button", {
      type: "button",
      class: users.includes(tools.names.me) ? "chip own" : "chip",
      "aria-pressed": String(users.includes(tools.names.me)),
      title: say("reacted", `:${name}:`, users.map((id) => tools.names.person(id) ?? id).join(", ")),
      text: `${emoji(name)} ${users.length}`,
      onclick: () => tools.react(one, name),
    }),
  );
  return el("div", { class: "chips" }, ...chips);
}

function replies(one, tools) {
  if (!one.reply_count) return null;
  return el(
    "button",
    { type: "button", class: "replies", onclick: () => tools.open(one.ts) },
    el("strong", { text: say("replies", one.reply_count) }),
    el("span", { class: "small", text: ` ${say("last", clock(millis(one.latest_reply)))}` }),
    tools.fresh(one) ? el("span", { class: "fresh", text: say("fresh") }) : null,
  );
}

function toolbar(one, tools, inThread) {
  const button = (text, label, onclick) =>
    el("button", { type: "button", text, title: label, "aria-label": label, onclick });
  const mine = one.user === tools.names.me;
  return el(
    "div",
    { class: "tools" },
    REACTIONS.map((name) => button(emoji(name), say("react", `:${name}:`), () => tools.react(one, name))),
    inThread ? null : button("💬", say("reply"), () => tools.open(one.ts)),
    mine ? button("✎", say("edit"), () => tools.edit(one)) : null,
    mine ? button("🗑", say("delete"), () => tools.remove(one)) : null,
  );
}

/** One of eight colours, always the same for the same person. */
function hue(id) {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)) % 8;
  return sum;
}
