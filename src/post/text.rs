//! The answer in a terminal: conclusion first, then what shows it, the fix, and what was not seen.

use super::{Medium, Words, parts, report};
use crate::finding::{Diagnosis, RootCause};
use crate::text::{Language, Message, Redactor, Untrusted};

/// Narrowest and widest column the text is set in.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=110;
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// How the terminal wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal; lines are not broken when unknown (a pipe).
    pub width: Option<usize>,
    /// Whether titles may be bold. Only when standard output is a terminal and `NO_COLOR` is unset.
    pub color: bool,
}

/// The answer as text for a terminal, redacted, ending in a line break.
#[must_use]
pub fn text(
    diagnosis: &Diagnosis,
    language: Language,
    redactor: &Redactor,
    options: TextOptions,
) -> String {
    let diagnosis = &report::redacted(diagnosis, redactor);
    let mut page = Page {
        words: Words::new(language, report::ended_at(diagnosis)),
        options,
        out: String::new(),
    };
    page.conclusion(diagnosis);
    if let Some(root) = diagnosis.root_causes.first() {
        page.cause(root);
    }
    let also: Vec<_> = diagnosis
        .root_causes
        .iter()
        .skip(1)
        .map(parts::also)
        .collect();
    page.section("label-also", &also);
    let nearest: Vec<_> = diagnosis.suggestions.iter().map(parts::name).collect();
    page.section("label-nearest", &nearest);
    page.section("label-advice", &parts::notes(diagnosis));
    page.section("label-harmless", &parts::harmless(diagnosis));
    page.section("label-changes", &diagnosis.changes);
    page.section("label-ruled-out", &diagnosis.ruled_out);
    page.section("label-not-looked", &parts::not_looked(diagnosis));
    page.section("label-look-next", &parts::look_next(diagnosis));
    page.section("label-runbook", &parts::runbooks(diagnosis));
    page.footer(diagnosis);
    page.out
}

struct Page {
    words: Words,
    options: TextOptions,
    out: String,
}

impl Page {
    fn conclusion(&mut self, diagnosis: &Diagnosis) {
        let headline = self.words.say(&diagnosis.headline, Medium::Text);
        self.bold(&headline);
        let Some(root) = diagnosis.root_causes.first() else {
            return;
        };
        let mut line = self.words.say(&parts::confidence(root), Medium::Text);
        if let Some(since) = parts::since(&root.finding, self.words.now()) {
            line.push(' ');
            line.push_str(&self.words.say(&since, Medium::Text));
        }
        self.wrapped(&line, 0, 0);
    }

    fn cause(&mut self, root: &RootCause) {
        let finding = &root.finding;
        let facts: Vec<_> = finding.evidence.iter().map(parts::evidence).collect();
        self.section("label-evidence", &facts);
        if !finding.fix.is_empty() {
            self.title("label-fix");
        }
        for fix in &finding.fix {
            self.item(&parts::fix(fix));
            if let Some(command) = &fix.command {
                self.command(command);
            }
        }
        let changed: Vec<_> = finding
            .changed
            .iter()
            .map(|change| parts::changed(change, finding))
            .collect();
        self.section("label-changed", &changed);
    }

    /// A command is never broken: it is there to be copied.
    fn command(&mut self, command: &Untrusted) {
        for line in command.to_block().lines() {
            self.out.push_str("    $ ");
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn section(&mut self, title: &'static str, items: &[Message]) {
        if items.is_empty() {
            return;
        }
        self.title(title);
        for item in items {
            self.item(item);
        }
    }

    fn title(&mut self, label: &'static str) {
        self.out.push('\n');
        let label = self.words.label(label);
        self.bold(&label);
    }

    fn item(&mut self, item: &Message) {
        let line = format!("- {}", self.words.say(item, Medium::Text));
        self.wrapped(&line, 2, 4);
    }

    fn footer(&mut self, diagnosis: &Diagnosis) {
        self.out.push('\n');
        let line = parts::footer(diagnosis)
            .iter()
            .map(|part| self.words.say(part, Medium::Text))
            .collect::<Vec<_>>()
            .join(" · ");
        self.wrapped(&line, 0, 0);
    }

    fn bold(&mut self, line: &str) {
        if self.options.color {
            self.out.push_str(BOLD);
        }
        self.wrapped(line, 0, 0);
        if self.options.color {
            self.out.truncate(self.out.trim_end_matches('\n').len());
            self.out.push_str(PLAIN);
            self.out.push('\n');
        }
    }

    /// The line, broken at spaces to the terminal's width; a word longer than that stays whole.
    fn wrapped(&mut self, line: &str, first: usize, next: usize) {
        let width = self.options.width.map_or(usize::MAX, |width| {
            width.clamp(*WIDTHS.start(), *WIDTHS.end())
        });
        let mut column = first;
        self.out.extend(std::iter::repeat_n(' ', first));
        for (at, word) in line.split(' ').enumerate() {
            let length = word.chars().count();
            if at > 0 && column.saturating_add(length + 1) > width {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', next));
                column = next;
            } else if at > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += length;
        }
        self.out.push('\n');
    }
}
