// The drawer and the bar: incidents to ask about, break and repair; the clock; the bot.

import { byId, clock, el } from "./dom.js";
import { say, settings } from "./words.js";
import { act } from "./wire.js";

/** World time when the last news came, that moment here, and how fast it goes. */
const time = { now: 0, at: 0, speed: 1 };
let bot = "starting";

/** Shows what the server said of the sandbox. `tools`: ask(text), attempt(promise). */
export function show(sandbox, tools) {
  Object.assign(time, { now: sandbox.now, at: performance.now(), speed: sandbox.speed });
  tick();
  for (const button of document.querySelectorAll("[data-speed]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === sandbox.speed));
  }
  bot = sandbox.bot;
  const state = byId("bot-state");
  if (state.textContent !== say(bot)) state.textContent = say(bot);
  state.dataset.bot = bot;
  byId("bot-toggle").textContent = say(bot === "stopped" ? "start" : "kill");
  byId("bot-toggle").disabled = bot === "starting";
  incidents(sandbox.incidents, tools);
}

/** The list is made again only when it says something else, so that focus stays where it is. */
function incidents(list, tools) {
  const key = settings.language + JSON.stringify(list.map((one) => one.broken));
  if (byId("incidents").dataset.key === key) return;
  const focused = document.activeElement?.dataset?.key;
  byId("incidents").dataset.key = key;
  byId("incidents").replaceChildren(...list.map((one) => incident(one, tools)));
  if (focused) byId("incidents").querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function incident(one, tools) {
  const name = one.workload ?? say(one.id === "ok" ? "healthy" : "everything");
  const question = one.ask[settings.language];
  return el(
    "li",
    { class: "incident" },
    el(
      "div",
      { class: "name" },
      el("strong", { text: name }),
      one.workload ? el("span", { class: one.broken ? "state broken" : "state", text: say(one.broken ? "broken" : "well") }) : null,
    ),
    el("button", { type: "button", class: "question", "data-key": `ask-${one.id}`, text: question, onclick: () => tools.ask(question) }),
    one.workload ? change(one, tools) : null,
  );
}

function change(one, tools) {
  const what = one.broken ? "repair" : "break";
  const does = one.broken ? `${say("repair")} : ${one.repair[settings.language]}` : say("break");
  return el("button", {
    type: "button",
    "data-key": `change-${one.id}`,
    class: "change",
    text: settings.language === "fr" ? does : does.replace(" : ", ": "),
    onclick: () => tools.attempt(act(what, { workload: one.workload })),
  });
}

/** World time now, by what is known. */
export const now = () => time.now + (performance.now() - time.at) * time.speed;

function tick() {
  if (time.now === 0) return;
  const text = `${clock(now(), true)} UTC`;
  if (byId("now").textContent !== text) byId("now").textContent = text;
}

/** Connects the buttons that are always there. */
export function connect(tools) {
  setInterval(tick, 250);
  for (const button of document.querySelectorAll("[data-speed]")) {
    button.onclick = () => tools.attempt(act("speed", { times: Number(button.dataset.speed) }));
  }
  for (const button of document.querySelectorAll("[data-minutes]")) {
    button.onclick = () => jump(button, tools);
  }
  byId("bot-toggle").onclick = () => tools.attempt(act(bot === "stopped" ? "start" : "kill"));
}

/** The clock stops where a call is due, so a jump takes a moment; a second press waits for it. */
async function jump(button, tools) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  await tools.attempt(act("advance", { minutes: Number(button.dataset.minutes) }));
  button.removeAttribute("aria-busy");
}
