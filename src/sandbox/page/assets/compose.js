// The two fields one writes in: sending, changing what was sent, growing with the text.

import { byId } from "./dom.js";
import { unescape } from "./mrkdwn.js";
import { known, names, open } from "./state.js";
import { act } from "./wire.js";

/** The message that is being changed. */
let editing = null;
/** From the page: `attempt(promise)`, `go(channel, thread)`. */
let tools;

/** Connects the fields. */
export function connect(given) {
  tools = given;
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
}

/** Puts a message of one's own into the field, to be changed. */
export function edit(one) {
  editing = one;
  const field = byId(one.thread_ts || one.ts === open.thread ? "reply-text" : "text");
  field.value = unescape(one.text.replace(/<@([A-Z0-9]+)>/g, (_, id) => `@${names.person(id) ?? id}`));
  field.form.classList.add("editing");
  field.focus();
  grow(field);
}

/** Leaves a message as it was; whether one was being changed. */
export function stopEditing() {
  if (!editing) return false;
  editing = null;
  for (const form of document.querySelectorAll(".composer.editing")) {
    form.classList.remove("editing");
    form.elements[0].value = "";
    grow(form.elements[0]);
  }
  return true;
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
  if (there && open.channel === channel) tools.go(channel, ts);
}

/** Waits a little until the socket brought something; whether it did. */
export async function until(there) {
  for (let tries = 0; tries < 80 && !there(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return there();
}

/** A question to be sent, in the field of the channel. */
export function suggest(text) {
  byId("text").value = text;
  byId("text").focus();
  grow(byId("text"));
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 180)}px`;
}
