//! The record while a decision is being made, and what every rule does to it: write an audit line,
//! put a message into the outbox, edit one, stop some.

use chrono::{DateTime, TimeDelta, Utc};

use crate::escalation::{CancelReason, Step, UserId};
use crate::incident::{
    AuditLine, Button, ButtonAction, ButtonId, Content, Context, Decision, Effect, Incident,
    InvestigationState, Key, Line, OutState, Outcome, Outgoing, Priority, ThreadRef, Who, button,
};
use crate::text::Untrusted;

/// Diagnoses kept besides the first; older ones are forgotten to keep the record small.
const DIAGNOSES: usize = 3;
/// Other threads kept by name; `joined_count` counts all.
const THREADS: usize = 20;
/// Audit lines kept: how it began, and what was last; one line stands for those between.
const AUDIT_FIRST: usize = 100;
const AUDIT_LAST: usize = 400;
/// What that line is called; its reason is how many there were.
const CUT: &str = "lines-left-out";
/// A word that another thread is handled here is kept this long: who asks again there within that time is told once.
const POINTERS: TimeDelta = TimeDelta::hours(1);
/// Buttons kept.
const BUTTONS: usize = 60;

/// A record being changed.
pub(super) struct Draft<'a> {
    /// The record.
    pub incident: Incident,
    /// What the decision may look at.
    pub context: &'a Context<'a>,
    buttons_made: u32,
    posts_made: u32,
}

impl<'a> Draft<'a> {
    pub fn of(incident: Incident, context: &'a Context<'a>) -> Self {
        Self {
            incident,
            context,
            buttons_made: 0,
            posts_made: 0,
        }
    }

    /// The decision: the record with its new version, tidied.
    pub fn finish(mut self) -> Decision {
        self.incident.version += 1;
        self.incident.updated_at = self.context.now;
        tidy(&mut self.incident, self.context.now);
        Decision {
            incident: self.incident,
            outcome: Outcome::Changed,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.context.now
    }

    /// Writes who did what and why.
    pub fn audit(&mut self, who: Who, what: &str, why: impl Into<Untrusted>) {
        let at = self.context.now;
        self.incident.audit.push(AuditLine {
            at,
            who,
            what: what.to_owned(),
            why: why.into(),
        });
    }

    /// Puts something into the outbox, under a key that says what it is.
    pub fn send(&mut self, what: &str, priority: Priority, effect: Effect) -> Key {
        let key = Key::of(&self.incident.id, what);
        self.incident.outbox.push(Outgoing {
            key: key.clone(),
            effect,
            priority,
            state: OutState::Due,
            not_before: self.context.now,
            created_at: self.context.now,
            generation: 0,
            refused: 0,
            unclear: false,
            unwanted: None,
        });
        key
    }

    /// Keeps a message back for a while, unless its content comes before.
    pub fn hold(&mut self, key: &Key, time: TimeDelta) {
        let until = self.context.now + time;
        let held = self.incident.outbox.iter_mut().find(|out| out.key == *key);
        if let Some(out) = held {
            out.not_before = until;
        }
    }

    /// Posts a line into the incident's thread.
    pub fn say(&mut self, line: Line) {
        let thread = self.incident.root.clone();
        let what = self.fresh("line");
        self.send(
            &what,
            Priority::Answer,
            Effect::Post {
                thread,
                content: Content::Line(line),
            },
        );
    }

    /// Tells one person something.
    pub fn whisper(&mut self, thread: ThreadRef, to: UserId, line: Line) {
        let what = self.fresh("whisper");
        let content = Content::Line(line);
        self.send(
            &what,
            Priority::FirstReply,
            Effect::Ephemeral {
                thread,
                to,
                content,
            },
        );
    }

    /// A name for a message that no other message of this incident has or had.
    pub fn fresh(&mut self, what: &str) -> String {
        self.posts_made += 1;
        let life = match self.incident.lives {
            0 => String::new(),
            lives => format!("l{lives}"),
        };
        let version = self.incident.version + 1;
        format!("{what}-{life}v{version}-{}", self.posts_made)
    }

    /// Makes the message `of` say `content`: as a new content while it waits, else by an edit. Of
    /// several edits of one message only the newest survives.
    pub fn edit(&mut self, of: &Key, content: Content, priority: Priority) {
        let Some(target) = self.incident.outbox.iter_mut().find(|out| out.key == *of) else {
            return;
        };
        match &target.state {
            OutState::Due => {
                target.priority = target.priority.min(priority);
                if priority != Priority::Progress && target.refused == 0 {
                    target.not_before = self.context.now;
                }
                match &mut target.effect {
                    Effect::Post { content: old, .. } | Effect::Dm { content: old, .. } => {
                        *old = content;
                    }
                    _ => {}
                }
            }
            OutState::Claimed(_) | OutState::Sent(_) => {
                let what = self.fresh("edit");
                let newest = self.send(
                    &what,
                    priority,
                    Effect::Update {
                        of: of.clone(),
                        content,
                    },
                );
                self.coalesce_edits(of, &newest);
            }
            _ => {}
        }
    }

    /// Says what look `number` found in a message of its own, which takes the place of `of`: what stands
    /// there is a sign of life and stays. One that nobody sends yet just gets the new content; one that is on its
    /// way is not sent again if it should not arrive.
    pub fn answer_anew(&mut self, of: &Key, number: u32) {
        let content = Content::Investigation { number };
        let now = self.now();
        let mut all = self.incident.outbox.iter_mut();
        match all.find(|out| out.key == *of) {
            Some(first) if matches!(first.state, OutState::Sent(_)) => {}
            Some(first) if matches!(first.state, OutState::Claimed(_)) => {
                first.stop(CancelReason::Superseded, now);
            }
            _ => return self.edit(of, content, Priority::Answer),
        }
        let thread = self.incident.root.clone();
        let what = self.fresh("answer");
        let answer = self.send(&what, Priority::Answer, Effect::Post { thread, content });
        self.coalesce_edits(of, &answer);
        let all = self.incident.investigations.iter_mut();
        for one in all.filter(|one| one.message.as_ref() == Some(of)) {
            one.message = Some(answer.clone());
        }
    }

    fn coalesce_edits(&mut self, of: &Key, newest: &Key) {
        let at = self.context.now;
        let edits = self
            .incident
            .outbox
            .iter_mut()
            .filter(|out| out.key != *newest);
        for edit in edits.filter(|out| out.state == OutState::Due) {
            if matches!(&edit.effect, Effect::Update { of: target, .. } if target == of) {
                edit.state = OutState::Coalesced {
                    at,
                    into: newest.clone(),
                };
            }
        }
    }

    /// Shows the newest answer again, because something it says changed.
    pub fn refresh_answer(&mut self) {
        let shown = self.incident.investigations.iter().rev().find_map(|one| {
            let message = one.message.clone()?;
            matches!(one.state, InvestigationState::Done(_)).then_some((one.number, message))
        });
        if let Some((number, message)) = shown {
            self.edit(
                &message,
                Content::Investigation { number },
                Priority::Answer,
            );
        }
    }

    /// Offers a button.
    pub fn offer(&mut self, action: ButtonAction, investigation: u32) {
        self.buttons_made += 1;
        let id = format!("{:032x}{:02x}", self.context.nonce, self.buttons_made);
        self.incident.buttons.push(Button {
            id: ButtonId::new(id),
            action,
            investigation,
            expires_at: self.context.now + button::LIFETIME,
            used: None,
        });
    }

    /// Number for the next step.
    pub fn next_step(&self) -> u32 {
        self.incident
            .steps
            .iter()
            .map(|step| step.number)
            .max()
            .unwrap_or(0)
            + 1
    }

    /// Arms steps, with an audit line each.
    pub fn arm(&mut self, steps: Vec<Step>, who: &Who) {
        for step in steps {
            let why = format!(
                "step {} due {} because {:?}",
                step.number, step.due_at, step.because
            );
            self.audit(who.clone(), "step-armed", why);
            self.incident.steps.push(step);
        }
    }

    /// Cancels the steps that are not final and that `which` says, with their unsent messages.
    pub fn cancel_steps(&mut self, which: impl Fn(&Step) -> bool, why: &CancelReason, who: &Who) {
        use crate::escalation::StepState;
        let at = self.context.now;
        let mut cancelled = Vec::new();
        for step in self
            .incident
            .steps
            .iter_mut()
            .filter(|step| !step.is_final())
        {
            if which(step) {
                step.state = StepState::Cancelled {
                    at,
                    why: why.clone(),
                };
                cancelled.push(step.number);
            }
        }
        for number in cancelled {
            self.stop_messages(number, why);
            self.audit(
                who.clone(),
                "step-cancelled",
                format!("step {number}: {why:?}"),
            );
        }
    }

    /// Stops the messages of a step that are not out yet.
    pub fn stop_messages(&mut self, step: u32, why: &CancelReason) {
        let now = self.context.now;
        for out in &mut self.incident.outbox {
            if out.page().is_some_and(|page| page.step == step) {
                out.stop(why.clone(), now);
            }
        }
    }
}

/// Keeps the record small. Messages and pages stay as long as the record does; edits, whispers, acts that are
/// done and, after a while, pointers from other threads go.
fn tidy(incident: &mut Incident, now: DateTime<Utc>) {
    incident.outbox.retain(|out| {
        let passing = out.effect.is_idempotent() && out.page().is_none()
            || matches!(out.effect, Effect::Ephemeral { .. })
            || is_pointer(&out.effect) && now - out.created_at > POINTERS;
        !(passing && out.state.is_final())
    });
    cut_audit(&mut incident.audit);
    let kept = incident.investigations.len().saturating_sub(DIAGNOSES);
    for one in incident.investigations.iter_mut().take(kept).skip(1) {
        // A wrong answer is what whoever improves the next ones has to see.
        if matches!(one.state, InvestigationState::Done(_)) && one.wrong.is_none() {
            one.state = InvestigationState::Forgotten;
        }
    }
    let surplus = incident.joined.len().saturating_sub(THREADS);
    incident.joined.drain(..surplus);
    let surplus = incident.buttons.len().saturating_sub(BUTTONS);
    incident.buttons.drain(..surplus);
}

fn is_pointer(effect: &Effect) -> bool {
    let Effect::Post { content, .. } = effect else {
        return false;
    };
    matches!(content, Content::HandledIn { .. })
}

/// Takes lines out of the middle, a hundred at a time, and says how many.
fn cut_audit(audit: &mut Vec<AuditLine>) {
    if audit.len() < AUDIT_FIRST + AUDIT_LAST + 100 {
        return;
    }
    let last = audit.len() - AUDIT_LAST;
    let cut: Vec<AuditLine> = audit.drain(AUDIT_FIRST..last).collect();
    let before = cut.iter().find(|line| line.what == CUT);
    let earlier: usize = before
        .and_then(|line| line.why.raw().parse().ok())
        .unwrap_or(0);
    let count = cut.len() - usize::from(before.is_some()) + earlier;
    let line = AuditLine {
        at: cut[0].at,
        who: Who::Bot,
        what: CUT.to_owned(),
        why: count.to_string().into(),
    };
    audit.insert(AUDIT_FIRST, line);
}
