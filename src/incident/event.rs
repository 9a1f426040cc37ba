//! Everything that may change a record. A closed list: the compiler names what a new one touches.

use chrono::{DateTime, Utc};

use super::{
    ButtonId, Choice, Cut, Held, Incident, IncidentId, Key, News, Origin, OwnerId, PlainAnswer,
    Receipt, ThreadRef, Topic,
};
use crate::alert::advice::RuleAdvice;
use crate::escalation::{Reason, Skip, UserId};
use crate::finding::{Diagnosis, Subject};
use crate::intent::Ask;
use crate::text::{Message, Untrusted};

/// What opens a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Name of the record: [`IncidentId::of_message`] or [`IncidentId::of_alert`].
    pub id: IncidentId,
    /// What sort of conversation it is.
    pub topic: Topic,
    /// Slack `ts` of the message, or receipt of the webhook (UTC).
    pub at: DateTime<Utc>,
    /// The thread to answer in.
    pub thread: ThreadRef,
    /// Who or what.
    pub origin: Origin,
    /// What is wanted, in which language, with which dangerous words. For an alert: its text, read
    /// the same way.
    pub ask: Ask,
    /// Environment, when the words or the alert tell it.
    pub environment: Option<String>,
    /// The object, when the words or the alert already tell it.
    pub object: Option<Subject>,
    /// The alerts that open it; none when a person does.
    pub alerts: Vec<News>,
}

/// A person who presses a button or writes in the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// Whether the configuration allows them to (checked anew for each act).
    pub authorised: bool,
    /// When they did it, by Slack's clock (UTC).
    pub at: DateTime<Utc>,
    /// Where, for the reply.
    pub thread: ThreadRef,
}

/// What somebody wants done, by a button or in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// "I have it."
    Acknowledge,
    /// "It is over."
    Resolve,
    /// "Call the lead."
    Escalate,
    /// "Look again." Re-opens what was resolved.
    RunAgain,
    /// "It is back."
    Reopen,
    /// "The answer is wrong."
    WrongAnswer,
    /// "Mute its alerts."
    Silence {
        /// For how long; absent when not said.
        seconds: Option<u64>,
    },
}

/// Why Slack (or the webhook) did not take a message, when that is certain.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// 429.
    RateLimited {
        /// Not before then (UTC).
        retry_at: DateTime<Utc>,
    },
    /// An error that passes (5xx before delivery, no connection, DNS).
    Temporary {
        /// What it was.
        code: String,
    },
    /// Slack refuses the bot as a whole (`invalid_auth`, `token_revoked`, `account_inactive`).
    Workspace {
        /// Slack's code.
        code: String,
    },
    /// That person cannot be reached; the next lead can.
    Recipient(Skip),
    /// The thread's first message is gone; the channel is still there.
    ThreadGone,
    /// It will never be taken like this (`channel_not_found`, `is_archived`, `invalid_blocks`).
    Permanent {
        /// Slack's code.
        code: String,
    },
}

/// The result of an investigation.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    /// Number of the investigation.
    pub number: u32,
    /// What it found. A failure is a diagnosis too: [`crate::finding::Verdict::CouldNotLook`].
    pub diagnosis: Box<Diagnosis>,
    /// Workloads seen without any ready replica, for the rule on `criticality: high`.
    pub without_ready_replica: Vec<Subject>,
    /// Whether to say it in a message of its own instead of editing the first reply: Slack takes few
    /// edits a minute, and too many wait.
    pub anew: bool,
    /// Whether there is an Alertmanager that can silence its alerts.
    pub can_silence: bool,
}

/// Something that may change a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A button was pressed.
    Pressed {
        /// Which.
        button: ButtonId,
        /// By whom.
        actor: Actor,
    },
    /// Somebody wrote what they want in the thread.
    Said {
        /// What.
        command: Command,
        /// Who.
        actor: Actor,
    },
    /// The same problem was reported elsewhere (or the alert fired again).
    ReportedAgain {
        /// The other thread.
        thread: ThreadRef,
        /// Who or what reported it.
        by: Origin,
        /// When (UTC).
        at: DateTime<Utc>,
        /// A reason to call the lead at once that comes with it: dangerous words.
        because: Option<Reason>,
        /// Whether that thread still has to be told where the problem is handled.
        tell: bool,
    },
    /// Another record turned out to be the same problem: what it knows and promised is this one's from here on.
    TakesOver(Box<Incident>),
    /// This record turned out to be the same problem as another; goes with [`Event::TakesOver`]
    /// to that one, in one commit.
    JoinedInto {
        /// The other incident.
        incident: IncidentId,
        /// Its thread.
        thread: ThreadRef,
    },
    /// An investigation got further.
    Progress {
        /// Its number.
        number: u32,
        /// What it does now.
        doing: Message,
    },
    /// An investigation is done.
    Investigated(Arrived),
    /// An investigation cannot tell which object is meant.
    Ambiguous {
        /// Its number.
        number: u32,
        /// What to ask.
        question: Message,
        /// What to offer.
        choices: Vec<Choice>,
    },
    /// A plain question has its answer.
    Answered {
        /// Number of the read.
        number: u32,
        /// The answer.
        answer: PlainAnswer,
    },
    /// Senders of alerts told something about those of this incident.
    Alerts(Vec<News>),
    /// How many alerts of a group its sender left out of its newest message.
    Cut(Cut),
    /// What came of a wish to silence alerts.
    Silenced {
        /// The act.
        key: Key,
        /// Generation of the claim it was done under.
        generation: u64,
        /// How many alerts are silenced, and why the others are not; or why none is.
        outcome: Result<(u32, Option<Untrusted>), Untrusted>,
    },
    /// The rule of one of its alerts could be better: said once.
    Advised(Box<RuleAdvice>),
    /// The alerts of this incident that Alertmanager has, by fingerprint, and what it does with each if not notify.
    Seen(Vec<(String, Option<Held>)>),
    /// Time passed: looks at the deadlines.
    Tick,
    /// A process wants to send a message.
    Claim {
        /// Which.
        key: Key,
        /// Who.
        owner: OwnerId,
    },
    /// A message is out, or was found in Slack.
    Sent {
        /// Which.
        key: Key,
        /// Generation of the claim it was sent under.
        generation: u64,
        /// Where it is.
        receipt: Receipt,
        /// The message that carried it, if it went out as part of another incident's message.
        carried_by: Option<Key>,
    },
    /// A message was certainly not taken.
    Refused {
        /// Which.
        key: Key,
        /// Generation of the claim.
        generation: u64,
        /// Why.
        refusal: Refusal,
    },
    /// A search for a message that is no longer wanted found nothing.
    NotFound {
        /// Which.
        key: Key,
        /// Generation of the claim.
        generation: u64,
    },
    /// Nobody knows whether a message arrived: nothing happens before the claim expires.
    Unclear {
        /// Which.
        key: Key,
        /// Generation of the claim.
        generation: u64,
    },
}
