//! What happened to an incident, as sentences: why the lead is called, why late, who was passed
//! over, what stopped a call, and the lines of the thread.

use chrono::{DateTime, Utc};

use super::render::NextPage;
use super::rule_advice;
use crate::escalation::{CancelReason, Late, Lateness, Reason, Skip, Skipped, UserId};
use crate::incident::{Line, Status, Who};
use crate::intent::Danger;
use crate::text::{Arg, Message, Untrusted};

fn person(id: &UserId) -> Arg {
    Arg::Person(id.as_str().to_owned())
}

/// Why the lead is called.
#[must_use]
pub fn reason(reason: &Reason) -> Message {
    match reason {
        Reason::Unresolved { after, .. } => {
            Message::new("page-because-unresolved").with("after", Arg::Span(*after))
        }
        Reason::Unacknowledged { after, .. } => {
            Message::new("page-because-unacknowledged").with("after", Arg::Span(*after))
        }
        Reason::CriticalAlert { alert } => {
            Message::new("page-because-critical-alert").with("alert", alert)
        }
        Reason::NoReadyReplica { workload } => {
            Message::new("page-because-no-ready-replica").with("workload", workload.label())
        }
        Reason::Words(danger) => Message::new(match danger {
            Danger::DataLoss => "page-because-data-loss",
            Danger::Security => "page-because-security",
            Danger::Irreversible => "page-because-irreversible",
        }),
        Reason::AskedFor { by } => Message::new("page-because-asked").with("by", person(by)),
        Reason::BeforeLoss => Message::new("page-because-before-loss"),
        Reason::MemoryLost { found } => {
            Message::new("page-because-memory-lost").with("found", *found)
        }
        Reason::Test { by } => Message::new("page-because-test").with("by", person(by)),
    }
}

/// The headline of a call that is about the bot itself and not about an incident.
#[must_use]
pub fn notice(reason: &Reason) -> Option<Message> {
    match reason {
        Reason::Test { .. } => Some(Message::new("page-notice-test")),
        Reason::MemoryLost { .. } => Some(Message::new("page-notice-memory-lost")),
        _ => None,
    }
}

/// Why a call comes late.
#[must_use]
pub fn late(late: &Late) -> Message {
    Message::new(match late.why {
        Lateness::Down => "page-late-down",
        Lateness::Maintenance => "page-late-maintenance",
        Lateness::LearnedLate => "page-late-learned",
        Lateness::Slow => "page-late-slow",
    })
    .with("span", Arg::Span(late.by))
}

/// Why a lead was passed over.
#[must_use]
pub fn skipped(skipped: &Skipped) -> Message {
    let message = |id: &'static str| Message::new(id).with("who", person(&skipped.user));
    match &skipped.why {
        Skip::Absent { until } => message("page-skipped-absent").with("until", *until),
        Skip::Deactivated => message("page-skipped-deactivated"),
        Skip::Unknown => message("page-skipped-unknown"),
        Skip::DoNotDisturb => message("page-skipped-dnd"),
        Skip::Refused { code } => message("page-skipped-refused").with("code", code),
    }
}

/// A call that may have been made before.
#[must_use]
pub fn repeat() -> Message {
    Message::new("page-repeat")
}

/// What stopped a call, and since when.
#[must_use]
pub fn stopped(why: &CancelReason, at: DateTime<Utc>) -> Message {
    let why = match why {
        CancelReason::Acknowledged { by } => {
            Message::new("stopped-acknowledged").with("by", person(by))
        }
        CancelReason::Resolved { by } => Message::new("stopped-resolved").with("by", person(by)),
        CancelReason::Recovered => Message::new("stopped-recovered"),
        CancelReason::Verdict(_) => Message::new("stopped-healthy"),
        CancelReason::Joined { into } => Message::new("stopped-joined").with("incident", into),
        CancelReason::LowerEnvironment { environment } => match environment {
            Some(name) => Message::new("stopped-lower").with("environment", name),
            None => Message::new("stopped-lower-unknown"),
        },
        CancelReason::Superseded => Message::new("stopped-superseded"),
    };
    Message::new("line-stopped")
        .with("time", at)
        .with("why", why)
}

/// A line of the thread, or to one person. `next` is the call that is still pending, if any.
#[must_use]
pub fn thread_line(line: &Line, next: Option<&NextPage>) -> Message {
    match line {
        Line::Remembered => Message::new("line-remembered"),
        Line::Acknowledged { by, lead: true } => {
            Message::new("line-acknowledged-lead").with("by", person(by))
        }
        Line::Acknowledged { by, lead: false } => acknowledged(by, next),
        Line::Resolved { by } => by_whom(by, "line-resolved", "line-resolved-alert"),
        Line::Reopened { by } => by_whom(by, "line-reopened", "line-reopened-alert"),
        Line::Escalated { by } => Message::new("line-escalated").with("by", person(by)),
        Line::MarkedWrong { by, .. } => Message::new("line-marked-wrong").with("by", person(by)),
        Line::OfferToClose => Message::new("line-offer-to-close"),
        Line::Silenced { count, by, until } => Message::new("line-silenced")
            .with("count", i64::from(*count))
            .with("by", person(by))
            .with("until", *until),
        Line::NotSilenced { why } => Message::new("line-not-silenced").with("why", why),
        Line::OthersNotSilenced { why } => {
            Message::new("line-others-not-silenced").with("why", why)
        }
        Line::NothingToSilence => Message::new("line-nothing-to-silence"),
        Line::WatchdogSilent {
            source,
            since,
            every,
        } => Message::new("line-watchdog-silent")
            .with("source", named(source))
            .with("since", *since)
            .with("every", Arg::Span(*every)),
        Line::WatchdogBack { source } => {
            Message::new("line-watchdog-back").with("source", named(source))
        }
        Line::TrialArrived { name } => Message::new("line-trial-arrived").with("name", name),
        Line::Flapping { name, times } => Message::new("line-flapping")
            .with("name", name)
            .with("times", i64::from(*times)),
        Line::RuleAdvice(advice) => rule_advice::line(advice),
        Line::AlertRecovered => Message::new("line-alert-recovered"),
        Line::NotAllowed => Message::new("line-not-allowed"),
        Line::ButtonExpired => Message::new("line-button-expired"),
        Line::ButtonUsed { by } => match by.as_ref().and_then(who) {
            Some(by) => Message::new("line-button-used-by").with("by", by),
            None => Message::new("line-button-used"),
        },
        Line::AlreadySo { status } => already(status),
        Line::AlreadyCalled { to: Some(to), at } => Message::new("line-already-called-who")
            .with("lead", person(to))
            .with("time", *at),
        Line::AlreadyCalled { to: None, at } => {
            Message::new("line-already-called").with("time", *at)
        }
    }
}

/// A name, or the word that stands for none.
fn named(source: &Untrusted) -> Untrusted {
    if source.is_blank() {
        Untrusted::new("none")
    } else {
        source.clone()
    }
}

fn acknowledged(by: &UserId, next: Option<&NextPage>) -> Message {
    match next {
        Some(page) => Message::new("line-acknowledged-clock")
            .with("by", person(by))
            .with("due", page.due_at)
            .with("lead", super::render::lead(page.lead.as_deref())),
        None => Message::new("line-acknowledged").with("by", person(by)),
    }
}

fn by_whom(by: &Who, person_said: &'static str, alert_said: &'static str) -> Message {
    match who(by) {
        Some(by) => Message::new(person_said).with("by", by),
        None => Message::new(alert_said),
    }
}

/// A person or an alert by name; the bot itself is nobody to name.
fn who(who: &Who) -> Option<Arg> {
    match who {
        Who::User(id) => Some(person(id)),
        Who::Alert(_) | Who::Bot => None,
    }
}

fn already(status: &Status) -> Message {
    Message::new(match status {
        Status::Open => "line-already-open",
        Status::Acknowledged { .. } => "line-already-acknowledged",
        Status::Resolved { .. } | Status::Answered { .. } | Status::Joined { .. } => {
            "line-already-resolved"
        }
    })
}

/// For a thread that joined: the same problem is handled over there.
#[must_use]
pub fn handled_in(permalink: &str) -> Message {
    Message::new("line-handled-in").with("link", thread(permalink))
}

/// For the incident's own thread: it was reported again.
#[must_use]
pub fn reported_again(count: u32, permalink: &str) -> Message {
    Message::new("line-reported-again")
        .with("count", count)
        .with("link", thread(permalink))
}

fn thread(permalink: &str) -> Arg {
    Arg::Link {
        url: permalink.to_owned(),
        label: Box::new(Message::new("other-thread")),
    }
}

/// What was done so far, for the lead.
#[must_use]
pub fn investigated(count: usize, last: DateTime<Utc>) -> Message {
    Message::new("tried-investigations")
        .with("count", count)
        .with("time", last)
}

/// Who has it in hand, for the state of an answer and for the lead.
#[must_use]
pub fn in_hand(status: &Status) -> Message {
    match status {
        Status::Acknowledged { by, at, .. } => Message::new("tried-acknowledged")
            .with("by", person(by))
            .with("time", *at),
        _ => Message::new("tried-nobody"),
    }
}

/// Whether the facts of a page are of now: the time of the last look, and if it was just before.
#[must_use]
pub fn looked_again(fresh: bool, at: DateTime<Utc>) -> Message {
    Message::new(if fresh {
        "page-looked-again"
    } else {
        "page-not-looked-again"
    })
    .with("time", at)
}

/// Who is called, in a line of the answer's state: maintenance holds every call until then.
#[must_use]
pub fn held(until: DateTime<Utc>) -> Message {
    Message::new("next-held").with("due", until)
}
