//! A message as words.

use super::fold::{fold, is_invisible, unstretch};
use super::markup::{Plain, Style};

/// No real question is longer; the rest is not read.
const MAX_TOKENS: usize = 600;

/// One word.
#[derive(Clone, Debug, Default)]
pub(super) struct Token {
    /// Folded, spelling put right where it can be; what the word lists are matched with.
    pub text: String,
    /// Folded as written; what names are matched with.
    pub word: String,
    /// As written.
    pub shown: String,
    /// Written as names are: dashes, dots, digits among letters, backticks.
    pub name_like: bool,
    /// Inside a code block or a quotation.
    pub quoted: bool,
    /// Punctuation stands before it.
    pub breaks: Break,
    /// Joined to the word before it by a slash.
    pub slash: bool,
}

/// The pause before a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// A space.
    #[default]
    None,
    /// A comma, a colon, a bracket.
    Clause,
    /// A full stop, a question mark, a new line, another piece of the message.
    Sentence,
}

/// The words of a message, and whether a question mark stands in it.
pub(super) fn tokens(plain: &Plain) -> (Vec<Token>, bool) {
    let mut splitter = Splitter::default();
    for (style, text) in &plain.pieces {
        splitter.style = Some(*style);
        if *style == Style::Quoted {
            splitter.pause = Break::Sentence;
        }
        for c in text.chars().filter(|&c| !is_invisible(c)) {
            splitter.read(c);
        }
        splitter.end_word();
        if *style == Style::Quoted {
            splitter.pause = Break::Sentence;
        }
    }
    join_log_in(&mut splitter.done);
    (splitter.done, splitter.question)
}

/// "Cannot log in": one verb, not a place where logs are.
fn join_log_in(tokens: &mut Vec<Token>) {
    const BEFORE: &[&str] = &[
        "to", "cant", "cannot", "can", "couldnt", "not", "wont", "dont", "doesnt", "unable",
    ];
    let at = tokens.windows(3).position(|three| {
        BEFORE.contains(&three[0].text.as_str()) && three[1].text == "log" && three[2].text == "in"
    });
    if let Some(at) = at {
        tokens.remove(at + 2);
        "login".clone_into(&mut tokens[at + 1].text);
        "login".clone_into(&mut tokens[at + 1].word);
    }
}

#[derive(Default)]
struct Splitter {
    done: Vec<Token>,
    word: String,
    pause: Break,
    slash: bool,
    question: bool,
    style: Option<Style>,
}

impl Splitter {
    fn read(&mut self, c: char) {
        match c {
            '?' | '？' if self.style != Some(Style::Quoted) => {
                self.question = true;
                self.end(Break::Sentence);
            }
            '!' | '\n' | ';' | '…' | '。' | '？' => self.end(Break::Sentence),
            ',' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '«' | '»' | '“' | '”' | '|'
            | '，' => self.end(Break::Clause),
            // "wiki + forum": two things beside each other.
            '+' | '&' if self.style != Some(Style::Quoted) => {
                self.end_word();
                self.push("&", "&".to_owned());
            }
            '/' | '\\' => {
                let joins = !self.word.is_empty();
                self.end_word();
                self.slash = joins;
            }
            '-' | '_' | '.' | '\'' | '’' | '@' | '#' => self.word.push(c),
            c if c.is_alphanumeric()
                || unicode_normalization::char::is_combining_mark(c)
                || matches!(c, '–' | '‑' | '‐' | '´' | 'ʼ' | '‘') =>
            {
                self.word.push(c);
            }
            _ => self.end_word(),
        }
    }

    fn end(&mut self, pause: Break) {
        self.end_word();
        self.slash = false;
        self.pause = self.pause.max(pause);
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word == "-n" || word == "--namespace" {
            self.push("namespace", "namespace".to_owned());
            return;
        }
        let stop = word.trim_end_matches(['-', '_', '\'', '’']).ends_with('.');
        let shown = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !shown.is_empty() {
            self.push_parts(shown);
        }
        if stop {
            self.pause = Break::Sentence;
        }
    }

    /// Takes elisions (`l'api`), clitics (`donne-moi`) and forgotten spaces (`lent.Merci`) apart.
    fn push_parts(&mut self, shown: &str) {
        let folded = fold(shown);
        if let Some((head, tail)) = folded.split_once('\'') {
            match split_apostrophe(head, tail) {
                Some((first, second)) => {
                    let at = shown
                        .char_indices()
                        .find(|&(_, c)| fold(&c.to_string()) == "'")
                        .map_or(0, |(at, _)| at);
                    let end = shown[at..].chars().next().map_or(0, char::len_utf8) + at;
                    self.push(&shown[..at], first);
                    if second {
                        self.push_parts(&shown[end..]);
                    }
                }
                None => self.push(shown, folded.replace('\'', "")),
            }
        } else if let Some((head, tail)) = shown.split_once('.').filter(|_| !is_host(&folded)) {
            self.push_parts(head);
            self.pause = Break::Sentence;
            if !tail.is_empty() {
                self.push_parts(tail.trim_start_matches(|c: char| !c.is_alphanumeric()));
            }
        } else if let Some(at) = clitic(&folded) {
            let cut = shown
                .char_indices()
                .filter(|&(_, c)| fold(&c.to_string()) == "-")
                .nth(at)
                .map_or(shown.len(), |(cut, _)| cut);
            let (head, tail) = shown.split_at(cut);
            self.push_parts(head);
            for part in tail.split(|c| fold(&char::to_string(&c)) == "-") {
                if !part.is_empty() {
                    self.push(part, fold(part));
                }
            }
        } else {
            self.push(shown, folded);
        }
    }

    fn push(&mut self, shown: &str, folded: String) {
        if folded.is_empty() || self.done.len() >= MAX_TOKENS {
            return;
        }
        let mixed =
            folded.chars().any(|c| c.is_ascii_digit()) && folded.chars().any(char::is_alphabetic);
        let text = match COMPOUNDS.iter().find(|(from, _)| *from == folded) {
            Some((_, to)) => (*to).to_owned(),
            None if folded.chars().all(char::is_alphabetic) => unstretch(&folded),
            None => folded,
        };
        self.done.push(Token {
            name_like: text.contains(['-', '_', '.']) || mixed || self.style == Some(Style::Code),
            word: text.clone(),
            text,
            shown: shown.to_owned(),
            quoted: self.style == Some(Style::Quoted),
            breaks: std::mem::take(&mut self.pause),
            slash: std::mem::take(&mut self.slash),
        });
    }
}

/// Words that people write with and without a dash; the word lists have them without.
const COMPOUNDS: &[(&str, &str)] = &[
    ("pre-prod", "preprod"),
    ("pre-production", "preprod"),
    ("re-check", "recheck"),
    ("re-run", "rerun"),
    ("crash-loop", "crashloop"),
    ("crash-looping", "crashloop"),
    ("crash-loops", "crashloop"),
    ("out-of-memory", "oom"),
    ("oom-killed", "oomkilled"),
    ("roll-back", "rollback"),
    ("e-mail", "email"),
    ("e-mails", "emails"),
    ("on-call", "oncall"),
    ("time-out", "timeout"),
    ("time-outs", "timeouts"),
    ("not-ready", "notready"),
    ("out-of-sync", "outofsync"),
    ("health-check", "healthcheck"),
    ("micro-service", "service"),
    ("quelqu'un", "quelquun"),
    ("c-est", "cest"),
    ("re-deploy", "redeploy"),
    ("re-start", "restart"),
];

/// Where a folded word with an apostrophe is cut: the first part, and whether there is a second one.
fn split_apostrophe(head: &str, tail: &str) -> Option<(String, bool)> {
    const ELIDED: &[&str] = &[
        "l", "d", "n", "s", "c", "j", "m", "t", "qu", "lorsqu", "jusqu", "puisqu", "quoiqu",
    ];
    if head == "aujourd" || (tail == "t" && head.ends_with('n')) {
        return None;
    }
    if ELIDED.contains(&head) {
        return Some((head.to_owned(), true));
    }
    let question = [
        "what", "who", "where", "how", "it", "that", "there", "let", "here",
    ];
    if tail == "s" && !question.contains(&head) {
        return Some((head.to_owned(), false));
    }
    None
}

/// Whether dots hold a word together: a host, a version, a file.
fn is_host(folded: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "com", "io", "fr", "net", "org", "eu", "local", "svc", "api", "dev", "app", "internal",
        "cluster", "lan", "yaml", "yml", "json",
    ];
    let ending = folded.rsplit('.').next().unwrap_or_default();
    folded.contains(['-', '_'])
        || folded.chars().any(|c| c.is_ascii_digit())
        || folded.matches('.').count() >= 2
        || ENDINGS.contains(&ending)
}

/// Which dash begins the clitics of a French verb (`donne-moi`, `y a-t-il`, `est-ce`), if one does.
fn clitic(folded: &str) -> Option<usize> {
    const CLITICS: &[&str] = &[
        "t", "il", "elle", "ils", "elles", "ce", "moi", "nous", "vous", "tu", "je", "toi", "lui",
    ];
    const BEFORE_ON: &[&str] = &["peut", "est", "doit", "sait", "va", "a", "t", "pourrait"];
    let parts: Vec<&str> = folded.split('-').collect();
    let is_clitic = |at: usize| {
        CLITICS.contains(&parts[at])
            || (parts[at] == "on" && at > 0 && BEFORE_ON.contains(&parts[at - 1]))
    };
    let tail = (0..parts.len())
        .rev()
        .take_while(|&at| is_clitic(at))
        .count();
    (tail > 0 && tail < parts.len()).then(|| parts.len() - tail - 1)
}
