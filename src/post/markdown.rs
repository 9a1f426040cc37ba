//! The answer as Markdown, for a ticket, a wiki page or a merge request.

use std::fmt::Write as _;

use super::{Medium, Words, parts, report};
use crate::finding::{Diagnosis, RootCause};
use crate::text::{Language, Message, Redactor};

/// The answer as Markdown, redacted, ending in a line break.
#[must_use]
pub fn markdown(diagnosis: &Diagnosis, language: Language, redactor: &Redactor) -> String {
    let diagnosis = &report::redacted(diagnosis, redactor);
    let mut page = Page {
        words: Words::new(language, report::ended_at(diagnosis)),
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
    out: String,
}

impl Page {
    fn say(&self, message: &Message) -> String {
        self.words.say(message, Medium::Markdown)
    }

    fn conclusion(&mut self, diagnosis: &Diagnosis) {
        let headline = self
            .words
            .say_unmarked(&diagnosis.headline, Medium::Markdown);
        let _ = writeln!(self.out, "## {headline}");
        let Some(root) = diagnosis.root_causes.first() else {
            return;
        };
        let mut line = self.say(&parts::confidence(root));
        if let Some(since) = parts::since(&root.finding, self.words.now()) {
            line.push(' ');
            line.push_str(&self.say(&since));
        }
        let _ = writeln!(self.out, "\n{line}");
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
                self.command(&command.to_block());
            }
        }
        let changed: Vec<_> = finding
            .changed
            .iter()
            .map(|change| parts::changed(change, finding))
            .collect();
        self.section("label-changed", &changed);
    }

    /// A fence longer than any run of back-ticks in the command, so that nothing ends it early.
    fn command(&mut self, command: &str) {
        let longest = command.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let _ = writeln!(self.out, "\n  {fence}sh");
        for line in command.lines() {
            let _ = writeln!(self.out, "  {line}");
        }
        let _ = writeln!(self.out, "  {fence}");
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
        let label = self.words.label(label);
        let _ = writeln!(self.out, "\n### {label}\n");
    }

    fn item(&mut self, item: &Message) {
        let line = self.say(item);
        let _ = writeln!(self.out, "- {line}");
    }

    fn footer(&mut self, diagnosis: &Diagnosis) {
        let line = parts::footer(diagnosis)
            .iter()
            .map(|part| self.say(part))
            .collect::<Vec<_>>()
            .join(" · ");
        let _ = writeln!(self.out, "\n{line}");
    }
}
