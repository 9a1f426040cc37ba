// Block Kit as Slack renders it. A block of a kind not known here shows its texts, never nothing.

import { el, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { mention, mrkdwn, unescape } from "./mrkdwn.js";

/** Nodes of a message's blocks. `tools`: `names`, and `press(element)` for buttons. */
export function blocks(list, tools) {
  return list.map((block) => one(block, tools)).filter(Boolean);
}

function one(block, tools) {
  switch (block.type) {
    case "section":
      return section(block, tools);
    case "header":
      return el("h3", { class: "b-header" }, ...text(block.text, tools));
    case "divider":
      return el("hr");
    case "context":
      return el("div", { class: "b-context" }, block.elements.map((part) => el("span", {}, ...text(part, tools))));
    case "actions":
    case "context_actions":
      return el("div", { class: "b-actions" }, block.elements.map((part) => action(part, tools)));
    case "rich_text":
      return el("div", { class: "b-rich" }, block.elements.map((part) => rich(part, tools)));
    case "image":
      return el("p", { class: "b-context", text: block.alt_text ?? "" });
    case "container":
      return container(block, tools);
    case "markdown":
      return el("div", { class: "b-section", text: block.text ?? "" });
    default:
      return el("div", { class: "b-section", text: texts(block).join("\n") });
  }
}

/** A text object, or none. */
function text(object, tools) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, tools.names);
  return [object.text ?? object.alt_text ?? ""];
}

function section(block, tools) {
  const fields = (block.fields ?? []).map((field) => el("div", {}, ...text(field, tools)));
  return el(
    "div",
    { class: "b-section" },
    block.text ? el("div", {}, ...text(block.text, tools)) : null,
    fields.length > 0 ? el("div", { class: "b-fields" }, ...fields) : null,
    block.accessory ? action(block.accessory, tools) : null,
  );
}

function container(block, tools) {
  const inner = blocks(block.child_blocks ?? [], tools);
  if (!block.is_collapsible) return el("div", {}, ...inner);
  const open = !block.default_collapsed;
  return el("details", { open }, el("summary", {}, ...text(block.title, tools)), ...inner);
}

function action(element, tools) {
  if (element.type !== "button") return el("span", { text: texts(element).join(" ") });
  const label = unescape(element.text?.text ?? "");
  if (element.url) return link(element.url, label);
  return el("button", {
    type: "button",
    class: `b-button ${element.style ?? ""}`,
    "data-action": element.action_id,
    text: label,
    onclick: () => tools.press(element),
  });
}

function rich(part, tools) {
  const inner = () => (part.elements ?? []).map((leaf) => richLeaf(leaf, tools));
  switch (part.type) {
    case "rich_text_preformatted":
      return el("pre", {}, ...inner());
    case "rich_text_quote":
      return el("blockquote", {}, ...inner());
    case "rich_text_list": {
      const items = part.elements.map((item) => el("li", {}, rich(item, tools)));
      return el(part.style === "ordered" ? "ol" : "ul", {}, ...items);
    }
    default:
      return el("div", {}, ...inner());
  }
}

function richLeaf(leaf, tools) {
  const style = leaf.style ?? {};
  let node;
  if (leaf.type === "user") node = mention(leaf.user_id, tools.names);
  else if (leaf.type === "channel") node = el("span", { class: "mention", text: `#${tools.names.channel(leaf.channel_id) ?? ""}` });
  else if (leaf.type === "broadcast") node = el("span", { class: "mention", text: `@${leaf.range}` });
  else if (leaf.type === "emoji") node = document.createTextNode(emoji(leaf.name));
  else if (leaf.type === "link") node = link(leaf.url, leaf.text ?? leaf.url);
  else node = document.createTextNode(leaf.text ?? "");
  if (style.code) node = el("code", {}, node);
  if (style.bold) node = el("strong", {}, node);
  if (style.italic) node = el("em", {}, node);
  if (style.strike) node = el("del", {}, node);
  return node;
}

/** Every text a reader would see in a thing we do not know. */
function texts(thing) {
  if (Array.isArray(thing)) return thing.flatMap(texts);
  if (!thing || typeof thing !== "object") return [];
  return Object.entries(thing).flatMap(([name, value]) =>
    name === "text" && typeof value === "string" ? [unescape(value)] : texts(value),
  );
}

/** A legacy attachment: colour, title, text, fields. */
export function attachment(one, tools) {
  const colour = { good: "#2eb886", warning: "#daa038", danger: "#a30200" }[one.color] ?? `#${one.color ?? "ddd"}`.replace("##", "#");
  const title = one.title ? el("strong", {}, one.title_link ? link(one.title_link, one.title) : one.title) : null;
  const fields = (one.fields ?? []).map((field) => el("div", {}, el("strong", { text: field.title }), el("div", {}, ...mrkdwn(field.value ?? "", tools.names))));
  const node = el(
    "div",
    { class: "attachment" },
    one.pretext ? el("div", {}, ...mrkdwn(one.pretext, tools.names)) : null,
    title,
    one.text ? el("div", {}, ...mrkdwn(one.text, tools.names)) : null,
    fields.length > 0 ? el("div", { class: "b-fields" }, ...fields) : null,
    one.footer ? el("div", { class: "b-context", text: one.footer }) : null,
  );
  if (/^#[0-9a-f]{3,6}$/i.test(colour)) node.style.borderLeftColor = colour;
  return node;
}
