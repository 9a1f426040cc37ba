//! The record: everything that is known and promised about one incident. Stored as JSON with its
//! format number, changed only by [`super::apply()`], replaced only by compare-and-swap on `version`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Button, Cut, IncidentId, Key, Outgoing, ThreadRef, Told};
use crate::escalation::{Class, Reason, Scope, Severity, Step, UserId};
use crate::finding::{Diagnosis, Subject};
use crate::intent::Ask;
use crate::text::{Message, Untrusted};

/// Version of this record's JSON form. A newer one is refused, never rewritten.
pub const FORMAT: u32 = 1;

/// Who did something: a person, or the bot itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// vigie itself.
    Bot,
    /// A person in Slack.
    User(UserId),
    /// An alert, by its name.
    Alert(Untrusted),
}

/// What opened an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Somebody asked.
    Person(UserId),
    /// An alert fired.
    Alert {
        /// `alertname`.
        name: Untrusted,
        /// What the alert calls itself over time: Alertmanager's fingerprint, or channel and text.
        fingerprint: String,
        /// Its severity.
        severity: Severity,
    },
    /// A release that was just rolled out.
    Deploy {
        /// Release or workload.
        release: Untrusted,
    },
    /// The bot itself.
    Bot,
}

impl Origin {
    /// The actor for audit lines.
    #[must_use]
    pub fn who(&self) -> Who {
        match self {
            Self::Person(user) => Who::User(user.clone()),
            Self::Alert { name, .. } => Who::Alert(name.clone()),
            Self::Deploy { .. } | Self::Bot => Who::Bot,
        }
    }
}

/// What sort of conversation the record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Something is wrong, or may be.
    Problem,
    /// A plain question (logs, versions, help, a review): answered, nothing armed.
    Question,
    /// `test page`: proves the way to the lead.
    TestPage,
    /// Something about the bot itself that the lead has to know.
    Notice,
}

impl Topic {
    /// Whether the hour runs for it: what has to be taken up again when the store is lost.
    #[must_use]
    pub fn has_clock(self) -> bool {
        self == Self::Problem
    }
}

/// Where the incident stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nobody has it in hand.
    Open,
    /// Somebody has.
    Acknowledged {
        /// Who.
        by: UserId,
        /// When (UTC).
        at: DateTime<Utc>,
        /// Whether that was a lead.
        lead: bool,
    },
    /// It is over.
    Resolved {
        /// Who said so: a person, or the alert that recovered.
        by: Who,
        /// When (UTC).
        at: DateTime<Utc>,
    },
    /// Answered, and there was nothing to escalate.
    Answered {
        /// When (UTC).
        at: DateTime<Utc>,
    },
    /// It turned out to be the same problem as another incident.
    Joined {
        /// That one.
        into: IncidentId,
        /// When (UTC).
        at: DateTime<Utc>,
    },
}

/// How far an investigation is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvestigationState {
    /// Asked for, or running; after a crash it runs again.
    Running {
        /// What it does now.
        doing: Option<Message>,
    },
    /// Done, with the diagnosis.
    Done(Box<Diagnosis>),
    /// Stopped to ask which object was meant.
    Ambiguous,
    /// Done; the diagnosis was dropped from the record to keep it small.
    Forgotten,
}

/// One investigation, and the message that shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Investigation {
    /// Counts from 1.
    pub number: u32,
    /// Why it was made.
    pub purpose: super::Purpose,
    /// When it was asked for (UTC).
    pub asked_at: DateTime<Utc>,
    /// How far it is.
    pub state: InvestigationState,
    /// Key of the message that shows it; none for the look before a page.
    pub message: Option<Key>,
    /// Who said that its answer is wrong.
    #[serde(default)]
    pub wrong: Option<UserId>,
}

/// Another thread about the same problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    /// The thread.
    pub thread: ThreadRef,
    /// Who asked there, or what fired.
    pub by: Origin,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// Who did what, when and why: the page must be explainable from these lines alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who.
    pub who: Who,
    /// What, as a stable kebab-case word: `opened`, `step-armed`, `page-sent`.
    pub what: String,
    /// Details and reasons, for people who read logs.
    pub why: Untrusted,
}

/// Everything known and promised about one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// [`FORMAT`] of this record.
    pub format: u32,
    /// Its name.
    pub id: IncidentId,
    /// Counts the changes; the compare-and-swap is on this.
    pub version: u64,
    /// What sort of conversation it is.
    pub topic: Topic,
    /// Slack `ts` of the message, or receipt of the webhook (UTC); never the time of processing.
    pub opened_at: DateTime<Utc>,
    /// Last change (UTC).
    pub updated_at: DateTime<Utc>,
    /// How often it was taken up again from Slack after its store was lost.
    #[serde(default)]
    pub lives: u32,
    /// The thread it lives in.
    pub root: ThreadRef,
    /// What opened it.
    pub origin: Origin,
    /// What is wanted, in which words and language. For an alert: its text, read the same way.
    pub ask: Ask,
    /// Environment it is about, when known.
    pub environment: Option<String>,
    /// The object asked about, once matched against live objects.
    pub object: Option<Subject>,
    /// The object a person would have to change, once known.
    pub subject: Option<Subject>,
    /// Where it stands.
    pub status: Status,
    /// How urgent it is. Never falls while [`Class::Immediate`].
    pub class: Class,
    /// Why it is for the lead at once, if it is.
    pub immediate: Option<Reason>,
    /// The loop of its escalation; a re-opening begins the next.
    pub round: u32,
    /// When this loop began (UTC); deadlines count from here.
    pub round_opened_at: DateTime<Utc>,
    /// The promises to call the lead.
    pub steps: Vec<Step>,
    /// The looks, oldest first.
    pub investigations: Vec<Investigation>,
    /// What is to be sent, was sent, or will not be.
    pub outbox: Vec<Outgoing>,
    /// Other threads about the same problem (the last few; `joined_count` counts all).
    pub joined: Vec<Joined>,
    /// How often somebody or something else reported the same problem.
    pub joined_count: u32,
    /// The buttons offered.
    pub buttons: Vec<Button>,
    /// The alerts that told of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<Told>,
    /// Further alerts, which are counted only.
    #[serde(default)]
    pub alerts_beyond: u32,
    /// What senders left out of their messages, by group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<Cut>,
    /// The fingerprints of those of them that fire.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub beyond: BTreeSet<String>,
    /// Whether the thread was told that an alert comes and goes.
    #[serde(default)]
    pub flapping: bool,
    /// When the end of its alerts is believed, if none fires until then (UTC).
    #[serde(default)]
    pub settles_at: Option<DateTime<Utc>>,
    /// Who did what, when and why.
    pub audit: Vec<AuditLine>,
}

impl Incident {
    /// Whether this is a problem (open or past), not a plain question, a test, or one that turned
    /// out to be nothing or part of another.
    #[must_use]
    pub fn is_incident(&self) -> bool {
        self.topic == Topic::Problem
            && !matches!(self.status, Status::Answered { .. } | Status::Joined { .. })
    }

    /// Whether somebody still has to do something about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_incident() && !matches!(self.status, Status::Resolved { .. })
    }

    /// Whether the engine still has to do something about it: an open incident, a step or a
    /// message that is not final.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.is_open()
            || self.steps.iter().any(|step| !step.is_final())
            || self.outbox.iter().any(|out| !out.state.is_final())
    }

    /// What escalation needs to know to find the lead.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let service = self.object.as_ref().or(self.subject.as_ref());
        Scope {
            environment: self.environment.clone(),
            service: service.map(|subject| subject.name.clone()),
        }
    }

    /// The newest finished diagnosis.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.investigations
            .iter()
            .rev()
            .find_map(Investigation::diagnosis)
    }

    /// One investigation by its number.
    #[must_use]
    pub fn investigation(&self, number: u32) -> Option<&Investigation> {
        self.investigations.iter().find(|one| one.number == number)
    }

    /// One outgoing message or act by its key.
    #[must_use]
    pub fn outgoing(&self, key: &Key) -> Option<&Outgoing> {
        self.outbox.iter().find(|out| out.key == *key)
    }

    /// When the lead is called next, if nothing happens (UTC).
    #[must_use]
    pub fn next_page_at(&self) -> Option<DateTime<Utc>> {
        let pages = self
            .steps
            .iter()
            .filter(|step| step.is_armed() && !step.quiet);
        pages
            .map(|step| {
                step.held_until
                    .map_or(step.due_at, |held| held.max(step.due_at))
            })
            .min()
    }
}

impl Investigation {
    /// Its diagnosis, when it is done and kept.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        match &self.state {
            InvestigationState::Done(diagnosis) => Some(diagnosis),
            _ => None,
        }
    }
}
