// The emoji names that the bot, Alertmanager and the reaction buttons use.

const EMOJI = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️",
  x: "❌", warning: "⚠️", question: "❓", rotating_light: "🚨", fire: "🔥", bell: "🔔", pager: "📟",
  red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠",
  white_circle: "⚪", mag: "🔍", hourglass_flowing_sand: "⏳", tada: "🎉", pray: "🙏", wave: "👋",
  robot_face: "🤖", rocket: "🚀", wrench: "🔧", lock: "🔒", bulb: "💡", memo: "📝", link: "🔗",
};

/** What people react with here. */
export const REACTIONS = ["+1", "eyes", "white_check_mark"];

/** The emoji of that name, or the name as written. */
export const emoji = (name) => EMOJI[name] ?? `:${name}:`;
