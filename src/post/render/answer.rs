//! The answer to a question about a problem.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::{lines, notice, small};
use crate::escalation::Class;
use crate::finding::{Diagnosis, Evidence, Fix, RootCause, Shares, Verdict};
use crate::incident::Stamp;
use crate::post::block_kit::{Button, MAX_SECTION, actions, context, cut, preformatted};
use crate::post::blocks::{Draft, SlackMessage};
use crate::post::{Front, Medium, Words, front, parts, report};
use crate::text::{Arg, Message, Redactor};

/// Facts, fixes and other lines shown at most; the rest is counted.
const MOST: usize = 6;
/// Characters of one fact.
const FACT: usize = 600;

/// What an answer says besides the diagnosis.
#[derive(Clone, Debug)]
pub struct AnswerContext<'a> {
    /// Which message it is.
    pub stamp: Stamp<'a>,
    /// Id of the incident, when there is one.
    pub incident: Option<&'a str>,
    /// The alert that speaks for the incident: its own words are the first line.
    pub alert: Option<Front>,
    /// The next call to a lead, when one is pending.
    pub next_page: Option<NextPage>,
    /// Where the incident stands: `Acknowledged by … at …`.
    pub state: Vec<Message>,
    /// Who may do what the answer proposes.
    pub approval: Option<Approval>,
    /// What may be pressed.
    pub buttons: Vec<Button>,
    /// What may be shown in this channel.
    pub shares: Shares,
}

/// A pending call to a lead.
#[derive(Clone, Debug, PartialEq)]
pub struct NextPage {
    /// How urgent.
    pub class: Class,
    /// When (UTC).
    pub due_at: DateTime<Utc>,
    /// Name of the lead, when one is known. A name and not a mention: foretelling a call is no call.
    pub lead: Option<String>,
}

/// Who may make the proposed change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The team, without asking.
    Team,
    /// The lead has to approve.
    Lead,
}

/// The answer as a Slack message. Texts are redacted before they are escaped.
#[must_use]
pub fn answer(
    diagnosis: &Diagnosis,
    context: &AnswerContext<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let mut diagnosis = report::redacted(diagnosis, redactor);
    let alert = context.alert.as_ref().map(|it| it.redacted(redactor));
    front::while_firing(&mut diagnosis, alert.as_ref(), context.shares);
    parts::withhold_from(&mut diagnosis, context.shares);
    let mut writer = Writer {
        draft: Draft::new(*words),
        words,
        context,
        alert: alert.as_ref(),
    };
    writer.conclusion(&diagnosis);
    if let Some(root) = diagnosis.root_causes.first() {
        writer.cause(root);
    }
    writer.rest(&diagnosis);
    writer.next();
    writer.footer(&diagnosis);
    let text = notice(words, &[sign(&diagnosis)], &diagnosis.headline);
    let mut message = writer.draft.finish(&text, context.stamp);
    message.redact(redactor);
    message
}

/// Beside the words, never instead of them.
pub(super) fn sign(diagnosis: &Diagnosis) -> &'static str {
    match diagnosis.verdict {
        Verdict::CauseFound => "🔴",
        Verdict::Healthy if parts::is_unmeasured(diagnosis) => "🟠",
        Verdict::Healthy | Verdict::Recovered => "🟢",
        Verdict::Expected => "🔵",
        Verdict::Unknown => "🟠",
        Verdict::CouldNotLook | Verdict::TargetNotFound => "⚪",
    }
}

struct Writer<'a> {
    draft: Draft,
    words: &'a Words,
    context: &'a AnswerContext<'a>,
    /// The context's alert, without secrets.
    alert: Option<&'a Front>,
}

impl Writer<'_> {
    fn slack(&self, message: &Message) -> String {
        self.words.say(message, Medium::Slack)
    }

    fn conclusion(&mut self, diagnosis: &Diagnosis) {
        let headline = self.words.say_unmarked(&diagnosis.headline, Medium::Slack);
        let headline = cut(&headline, MAX_SECTION / 2);
        let mut text = self
            .alert
            .map_or_else(String::new, |alert| format!("{}\n", alert.say(self.words)));
        let _ = write!(text, "{} *{headline}*", sign(diagnosis));
        if let Some(root) = diagnosis.root_causes.first() {
            text.push('\n');
            text.push_str(&self.slack(&parts::confidence(root)));
            if let Some(since) = parts::since(&root.finding, self.words.now()) {
                text.push(' ');
                text.push_str(&self.slack(&since));
            }
        }
        self.draft.section(&text);
    }

    fn cause(&mut self, root: &RootCause) {
        let finding = &root.finding;
        let fact = |evidence: &Evidence| cut(&self.slack(&parts::evidence(evidence)), FACT);
        let facts: Vec<String> = finding.evidence.iter().map(fact).collect();
        self.list(5, "label-evidence", facts, "more-evidence");
        self.fix(&finding.fix);
        if let Some(change) = &finding.changed {
            let line = self.slack(&parts::changed(change, finding));
            self.list(6, "label-changed", vec![line], "more-lines");
        }
    }

    fn fix(&mut self, fixes: &[Fix]) {
        let mut items = lines(
            self.words,
            &fixes.iter().map(parts::fix).collect::<Vec<_>>(),
        );
        if let (Some(approval), false) = (self.context.approval, items.is_empty()) {
            items.push(self.slack(&approved(approval)));
        }
        self.list(8, "label-fix", items, "more-lines");
        let commands: Vec<String> = fixes
            .iter()
            .filter_map(|fix| fix.command.as_ref())
            .map(crate::text::Untrusted::to_block)
            .collect();
        if let Some(block) = preformatted(&commands.join("\n")) {
            self.draft.optional(7, block);
        }
    }

    fn rest(&mut self, diagnosis: &Diagnosis) {
        let also: Vec<_> = diagnosis
            .root_causes
            .iter()
            .skip(1)
            .map(parts::also)
            .collect();
        self.messages(4, "label-also", &also);
        let nearest: Vec<_> = diagnosis.suggestions.iter().map(parts::name).collect();
        self.messages(9, "label-nearest", &nearest);
        if diagnosis.verdict == Verdict::TargetNotFound {
            let hint = if nearest.is_empty() {
                "not-found-nothing"
            } else {
                "not-found-hint"
            };
            self.draft.section(&self.slack(&Message::new(hint)));
        }
        self.messages(4, "label-advice", &parts::notes(diagnosis));
        self.messages(2, "label-harmless", &parts::harmless(diagnosis));
        self.messages(5, "label-changes", &diagnosis.changes);
        self.messages(1, "label-ruled-out", &diagnosis.ruled_out);
        self.messages(3, "label-not-looked", &parts::not_looked(diagnosis));
        self.messages(2, "label-look-next", &parts::look_next(diagnosis));
        self.messages(
            2,
            "label-runbook",
            &front::runbooks(self.alert, Some(diagnosis)),
        );
        self.messages(2, "label-graph", front::graphs(self.alert));
    }

    /// Where the incident stands, what happens next, and what may be pressed.
    fn next(&mut self) {
        let mut next = lines(self.words, &self.context.state);
        if let Some(page) = &self.context.next_page {
            next.push(self.slack(&next_page(page)));
        }
        self.list(10, "label-next", next, "more-lines");
        self.draft.fixed(actions(&self.context.buttons, self.words));
    }

    fn footer(&mut self, diagnosis: &Diagnosis) {
        let mut footer: Vec<Message> = self
            .context
            .incident
            .map(|id| Message::new("footer-incident").with("incident", id))
            .into_iter()
            .collect();
        footer.extend(parts::footer(diagnosis));
        self.draft.fixed(context(&small(self.words, &footer)));
    }

    fn messages(&mut self, importance: u8, title: &'static str, items: &[Message]) {
        self.list(importance, title, lines(self.words, items), "more-lines");
    }

    fn list(
        &mut self,
        importance: u8,
        title: &'static str,
        items: Vec<String>,
        more: &'static str,
    ) {
        let title = self.words.label(title);
        self.draft.list(importance, &title, items, MOST, more);
    }
}

fn approved(approval: Approval) -> Message {
    match approval {
        Approval::Team => Message::new("fix-team"),
        Approval::Lead => Message::new("fix-lead"),
    }
}

/// When the lead is called if nothing happens.
pub(super) fn next_page(page: &NextPage) -> Message {
    let id = match page.class {
        Class::Standard => "next-standard",
        Class::Production => "next-production",
        Class::Immediate => "next-immediate",
    };
    let message = Message::new(id).with("lead", lead(page.lead.as_deref()));
    match page.class {
        Class::Immediate => message,
        _ => message.with("due", page.due_at),
    }
}

/// The lead by name, or "the lead" where none is known.
pub(in crate::post) fn lead(name: Option<&str>) -> Arg {
    name.map_or_else(|| Message::new("the-lead").into(), Arg::from)
}
