// The page's own words, in both languages. What the bot says is the bot's.

const WORDS = {
  en: {
    skip: "Skip to the message field", workspace: "Example Inc.", connecting: "Connecting…", demo: "demo", channels: "Channels", directs: "Direct messages",
    clock: "Sandbox clock", bot: "The bot", worldTime: "The sandbox's time (UTC)", sandbox: "Sandbox",
    back: "Back", close: "Close", thread: "Thread", write: "Message", writeReply: "Reply in the thread",
    send: "Send", enter: "Enter sends, Shift+Enter makes a new line, @ names somebody.",
    viewAs: "You are", alice: "Alice, developer", bob: "Bob, DevOps", lead: "Léa, lead",
    openLead: "Open the lead's view in a tab", openAlice: "Open Alice's view in a tab",
    dark: "Dark", light: "Light", other: "Français",
    running: "The bot listens", starting: "The bot starts…", stopped: "The bot is dead",
    kill: "Kill", start: "Start", offline: "The demo has ended, or cannot be reached",
    labIntro: "These incidents wait in the cluster. Take a question, send it in #incidents, and read the thread.",
    labTime: "The lead is called when nobody acknowledges within 10 minutes in production, and after an hour at the latest: move the clock with +10 min and +1 h. Kill the bot in between: nothing is lost.",
    ask: "Ask", break: "Break it", repair: "Repair it", broken: "broken", well: "repaired",
    healthy: "A healthy service", everything: "Everything at once",
    replies: (n) => (n === 1 ? "1 reply" : `${n} replies`), last: (t) => `last at ${t}`, fresh: "new",
    reply: "Reply in thread", edit: "Edit", delete: "Delete", edited: "(edited)", app: "APP",
    react: (e) => `React with ${e}`, reacted: (e, who) => `${e}: ${who}`, whisper: "Only visible to you", dismiss: "Dismiss",
    more: "See more", less: "See less", empty: "Nothing here yet.",
    emptyAsk: "Nobody has asked anything yet. Take a question from the sandbox, or write your own to @devops.",
    emptyAlerts: "An alert arrives here by itself about a minute after the start, if something still fires. The bot answers in its thread, with a picture where a curve says it faster.",
    emptyDirect: "Your direct messages with the bot. It answers here too.",
    external: "shared", shared: "Shared with another company: the bot says nothing of yours here.",
    topic: "Ask @devops what is wrong; it answers in the thread.", topicAlerts: "What Alertmanager posts.",
    placeholder: (where) => `Message ${where}`, placeholderReply: "Reply…", yes: "Yes", no: "Cancel",
    tooLong: "That is longer than the 40,000 characters of a message.", gone: "That is not there any more.",
    "not-yours": "That message is not yours.", arrived: (who, text) => `${who}: ${text}`,
    unread: "unread",
  },
  fr: {
    skip: "Aller au champ de message", workspace: "Exemple SA", connecting: "Connexion…", demo: "démo", channels: "Canaux", directs: "Messages directs",
    clock: "Horloge du bac à sable", bot: "Le bot", worldTime: "L'heure du bac à sable (UTC)", sandbox: "Bac à sable",
    back: "Retour", close: "Fermer", thread: "Fil", write: "Message", writeReply: "Répondre dans le fil",
    send: "Envoyer", enter: "Entrée envoie, Maj+Entrée va à la ligne, @ nomme quelqu'un.",
    viewAs: "Vous êtes", alice: "Alice, développeuse", bob: "Bob, DevOps", lead: "Léa, lead",
    openLead: "Ouvrir la vue du lead dans un onglet", openAlice: "Ouvrir la vue d'Alice dans un onglet",
    dark: "Sombre", light: "Clair", other: "English",
    running: "Le bot écoute", starting: "Le bot démarre…", stopped: "Le bot est mort",
    kill: "Tuer", start: "Démarrer", offline: "La démo est terminée ou injoignable",
    labIntro: "Ces incidents attendent dans le cluster. Prenez une question, envoyez-la dans #incidents et lisez le fil.",
    labTime: "Le lead est appelé si personne ne prend en charge sous 10 minutes en production, et au plus tard après une heure : avancez l'horloge avec +10 min et +1 h. Tuez le bot entre-temps : rien ne se perd.",
    ask: "Demander", break: "Casser", repair: "Réparer", broken: "cassé", well: "réparé",
    healthy: "Un service sain", everything: "Tout à la fois",
    replies: (n) => (n === 1 ? "1 réponse" : `${n} réponses`), last: (t) => `la dernière à ${t}`, fresh: "nouveau",
    reply: "Répondre dans le fil", edit: "Modifier", delete: "Supprimer", edited: "(modifié)", app: "APP",
    react: (e) => `Réagir avec ${e}`, reacted: (e, who) => `${e} : ${who}`, whisper: "Visible par vous seul", dismiss: "Masquer",
    more: "Voir plus", less: "Voir moins", empty: "Rien ici pour l'instant.",
    emptyAsk: "Personne n'a encore rien demandé. Prenez une question du bac à sable, ou écrivez la vôtre à @devops.",
    emptyAlerts: "Une alerte arrive ici d'elle-même environ une minute après le départ, si quelque chose est encore en panne. Le bot répond dans son fil, avec une image quand une courbe le dit plus vite.",
    emptyDirect: "Vos messages directs avec le bot. Il répond aussi ici.",
    external: "partagé", shared: "Partagé avec une autre entreprise : le bot n'y dit rien de chez vous.",
    topic: "Demandez à @devops ce qui ne va pas ; il répond dans le fil.", topicAlerts: "Ce que publie Alertmanager.",
    placeholder: (where) => `Message pour ${where}`, placeholderReply: "Répondre…", yes: "Oui", no: "Annuler",
    tooLong: "C'est plus que les 40 000 caractères d'un message.", gone: "Ce n'est plus là.",
    "not-yours": "Ce message n'est pas le vôtre.", arrived: (who, text) => `${who} : ${text}`,
    unread: "non lu",
  },
};

/** `localStorage` may be forbidden: the page then forgets, and works. */
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Nothing depends on it.
    }
  },
};

export const settings = {
  language: memory.get("vigie:language") ?? (navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en"),
};

/** The word of that name, in the page's language. */
export const say = (name, ...args) => {
  const word = WORDS[settings.language][name] ?? name;
  return typeof word === "function" ? word(...args) : word;
};

/** Fills every text of the page that does not change with what happens. */
export function label(root = document) {
  document.documentElement.lang = settings.language;
  for (const node of root.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of root.querySelectorAll("[data-title]")) node.title = say(node.dataset.title);
}
