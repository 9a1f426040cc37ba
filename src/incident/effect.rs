//! What an incident wants done in the world: rows of its outbox, saved with the decision that made
//! them. Contents are values without a language; they are rendered when they are sent, so that a
//! message always says what is known then.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ChannelId, IncidentId, Key, OwnerId, Status, ThreadRef, Ts, Who};
use crate::alert::advice::RuleAdvice;
use crate::escalation::{CancelReason, Late, Reason, Skipped, UserId};
use crate::finding::Dashboard;
use crate::text::{Message, Untrusted};

/// One thing to send or to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Idempotency key, unique over all incidents; travels with the message.
    pub key: Key,
    /// What to do.
    pub effect: Effect,
    /// What goes first when the limiter is short.
    pub priority: Priority,
    /// Where it stands.
    pub state: OutState,
    /// Not to be claimed before this time (UTC).
    pub not_before: DateTime<Utc>,
    /// When it was decided (UTC).
    pub created_at: DateTime<Utc>,
    /// Counts its claims: the fencing token. A mark of an older generation is refused.
    #[serde(default)]
    pub generation: u64,
    /// How often it was refused.
    #[serde(default)]
    pub refused: u32,
    /// An earlier claim ended without anyone knowing whether the message arrived: every later one
    /// looks for the key first.
    #[serde(default)]
    pub unclear: bool,
    /// Stopped while somebody was sending it: it is edited if it arrives, and not sent again.
    #[serde(default)]
    pub unwanted: Option<CancelReason>,
}

/// Which message goes first; the first of the list wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// A call for the lead.
    Page,
    /// The first sign of life in a thread, and the answer to a press.
    FirstReply,
    /// Conclusions and lines of the thread.
    Answer,
    /// How far an investigation is.
    Progress,
}

/// Where an outgoing message or act stands. The last four are final.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutState {
    /// To be done as soon as `not_before` allows.
    Due,
    /// Somebody does it now.
    Claimed(Claim),
    /// Done.
    Sent(Receipt),
    /// No longer wanted.
    Cancelled {
        /// When (UTC).
        at: DateTime<Utc>,
        /// Why.
        why: CancelReason,
    },
    /// Another message says it too (of this incident, or the one message for several incidents).
    Coalesced {
        /// When (UTC).
        at: DateTime<Utc>,
        /// That message.
        into: Key,
    },
    /// It can never be done.
    Undeliverable {
        /// When that was clear (UTC).
        at: DateTime<Utc>,
        /// Why: Slack's error code, or ours.
        why: String,
    },
}

/// The right of one process to send one message, for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub owner: OwnerId,
    /// The outgoing's generation when claimed.
    pub generation: u64,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Nobody else may claim it before (UTC).
    pub until: DateTime<Utc>,
    /// Whether to search Slack for the key before sending. A message sent after a search found
    /// nothing is labelled as a possible repeat.
    pub look_first: bool,
    /// The message is no longer wanted: search for it and report [`super::Event::Sent`] or
    /// [`super::Event::NotFound`], but do not send it.
    #[serde(default)]
    pub look_only: bool,
}

/// Proof that a message is out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// The conversation it is in; none for a webhook or an investigation.
    pub channel: Option<ChannelId>,
    /// The message's id there; none where Slack gives none (ephemeral).
    pub ts: Option<Ts>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// A message in a thread.
    Post {
        /// Where. Without a `ts` it opens the thread.
        thread: ThreadRef,
        /// What.
        content: Content,
    },
    /// New content for a message of ours. Idempotent; only the newest per message survives.
    Update {
        /// Key of the message to edit; it must have been sent.
        of: Key,
        /// What it says from now on.
        content: Content,
    },
    /// A direct message.
    Dm {
        /// To whom.
        to: UserId,
        /// What.
        content: Content,
    },
    /// A line that only one person sees. Sent at most once: Slack cannot be asked whether it arrived.
    Ephemeral {
        /// Where.
        thread: ThreadRef,
        /// To whom.
        to: UserId,
        /// What.
        content: Content,
    },
    /// A call over `escalation.webhook`; the key of the outgoing is its dedup key.
    Webhook {
        /// What the call is about.
        page: PageFacts,
    },
    /// A file in a thread that is open. Drawn when it is sent, found again by its name.
    Attach {
        /// Where.
        thread: ThreadRef,
        /// What.
        file: Attachment,
    },
    /// An emoji under somebody else's message. Idempotent: Slack keeps one of us.
    React {
        /// Where the message is.
        channel: ChannelId,
        /// The message.
        ts: Ts,
        /// The emoji's name, without colons.
        name: String,
    },
    /// Mute alerts in Alertmanager. Idempotent: an earlier attempt is found by its key.
    Silence {
        /// Fingerprints of the alerts.
        alerts: Vec<String>,
        /// Until then (UTC).
        until: DateTime<Utc>,
        /// Who asked for it.
        by: UserId,
    },
    /// Look at the world. Idempotent: after a crash it is done again.
    Investigate {
        /// Number of the investigation in the record.
        number: u32,
        /// The result is wanted by then (UTC); none means the usual deadline.
        wanted_by: Option<DateTime<Utc>>,
    },
}

/// A file for a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// The first picture of a diagnosis.
    Picture {
        /// Number of the investigation.
        number: u32,
    },
    /// A Grafana dashboard.
    Dashboard(Box<Dashboard>),
}

/// Why an investigation is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The first look at a problem.
    First,
    /// Somebody asked to look again, or said which object was meant.
    Again,
    /// Just before a timed page, for facts of now. Shows nothing by itself.
    BeforePage,
    /// The read behind a plain question.
    Question,
}

/// What a message says. The renderer gets the incident along with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// One investigation: how far it is, or its diagnosis, with its live buttons, what happens next
    /// and when the lead is called. All taken from the incident at the time of sending.
    Investigation {
        /// Its number.
        number: u32,
    },
    /// The answer to a plain question.
    Plain(PlainAnswer),
    /// "Which one did you mean?", with the choices among the incident's live buttons.
    Choose {
        /// The investigation that stopped to ask.
        number: u32,
        /// The question.
        question: Message,
    },
    /// A line about what somebody did, or may not do.
    Line(Line),
    /// A call for the lead: mention, facts, link. In the thread, by DM, or (quiet) as a line.
    Page(PageFacts),
    /// What a page becomes when it arrived after somebody stopped it.
    StoppedPage {
        /// The page as it was.
        page: PageFacts,
        /// What stopped it.
        why: CancelReason,
        /// When (UTC).
        at: DateTime<Utc>,
    },
    /// For a thread that joined: the same problem is handled over there.
    HandledIn {
        /// The incident.
        incident: IncidentId,
        /// Its thread.
        thread: ThreadRef,
    },
    /// For the incident's own thread: it was reported again.
    ReportedAgain {
        /// How often by now.
        count: u32,
        /// Where the last time.
        thread: ThreadRef,
    },
}

/// A line about what somebody did, or may not do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// The bot lost its memory and took the incident up again from its thread.
    Remembered,
    /// Somebody has it in hand. What happens next is in the incident.
    Acknowledged {
        /// Who.
        by: UserId,
        /// A lead: nobody is called any more.
        lead: bool,
    },
    /// It is over.
    Resolved {
        /// Who said so; the alert itself, if it recovered.
        by: Who,
    },
    /// It is not over after all.
    Reopened {
        /// Who said so.
        by: Who,
    },
    /// The lead is being called.
    Escalated {
        /// Who asked for it.
        by: UserId,
    },
    /// Somebody says the answer is wrong; the case is kept.
    MarkedWrong {
        /// Who.
        by: UserId,
        /// Which investigation.
        number: u32,
    },
    /// Alerts are muted in Alertmanager.
    Silenced {
        /// How many.
        count: u32,
        /// Who asked for it.
        by: UserId,
        /// Until then (UTC).
        until: DateTime<Utc>,
    },
    /// They could not be muted.
    NotSilenced {
        /// Why not.
        why: Untrusted,
    },
    /// Some were muted, others could not be.
    OthersNotSilenced {
        /// Why not.
        why: Untrusted,
    },
    /// To one person: none of its alerts fires, or none can be told apart.
    NothingToSilence,
    /// The Watchdog alert is not heard any more.
    WatchdogSilent {
        /// Where it comes from; empty where there is only one.
        source: Untrusted,
        /// When it was heard last (UTC).
        since: DateTime<Utc>,
        /// The interval it was expected in, in seconds.
        every: i64,
    },
    /// It is heard again.
    WatchdogBack {
        /// Where it comes from.
        source: Untrusted,
    },
    /// An alert that only tests the way arrived.
    TrialArrived {
        /// Its name.
        name: Untrusted,
    },
    /// It looks well now: offer to close, with the incident's live buttons.
    OfferToClose,
    /// One of its alerts comes and goes: no more lines about that until it is quiet.
    Flapping {
        /// Which.
        name: Untrusted,
        /// How often it fired so far.
        times: u32,
    },
    /// One of its alerts fires without a cause: how its rule could be better.
    RuleAdvice(Box<RuleAdvice>),
    /// The alert recovered, but people asked too, so people close it: offer to, with the buttons.
    AlertRecovered,
    /// To one person: not allowed.
    NotAllowed,
    /// To one person: that button is too old, or unknown.
    ButtonExpired,
    /// To one person: somebody pressed it before.
    ButtonUsed {
        /// Who; absent when not known.
        by: Option<Who>,
    },
    /// To one person: it has that state already.
    AlreadySo {
        /// The state.
        status: Status,
    },
    /// To one person: the lead was called just now.
    AlreadyCalled {
        /// Who was called.
        to: Option<UserId>,
        /// When (UTC).
        at: DateTime<Utc>,
    },
}

/// The answer to a plain question, as values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlainAnswer {
    /// The answer in one sentence.
    pub headline: Message,
    /// Further lines.
    #[serde(default)]
    pub lines: Vec<Message>,
    /// Verbatim text (log lines), redacted and escaped when rendered.
    #[serde(default)]
    pub verbatim: Option<Untrusted>,
    /// The command that would have told the same.
    #[serde(default)]
    pub command: Option<Untrusted>,
    /// The facts of a dashboard that comes along as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dashboard: Option<Box<Dashboard>>,
}

/// What a page says beyond the incident itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageFacts {
    /// Number of the step it carries.
    pub step: u32,
    /// Counts the leads tried for that step, from 1.
    pub attempt: u32,
    /// Whom it calls; none when no lead could be.
    pub to: Option<UserId>,
    /// Every reason, the most telling first.
    pub because: Vec<Reason>,
    /// Leads passed over, with the reason; the page says so.
    pub skipped: Vec<Skipped>,
    /// How late it is, and why.
    pub late: Option<Late>,
    /// The lead knows already: a line in the thread, without a mention.
    pub quiet: bool,
}

impl Outgoing {
    /// Whether a process may claim it at `now`: due, or claimed by someone whose time is over.
    #[must_use]
    pub fn is_claimable(&self, now: DateTime<Utc>) -> bool {
        match &self.state {
            OutState::Due => self.not_before <= now,
            OutState::Claimed(claim) => claim.until <= now,
            _ => false,
        }
    }

    /// The page it carries, if it is one.
    #[must_use]
    pub fn page(&self) -> Option<&PageFacts> {
        match &self.effect {
            Effect::Webhook { page }
            | Effect::Post {
                content: Content::Page(page),
                ..
            }
            | Effect::Dm {
                content: Content::Page(page),
                ..
            } => Some(page),
            _ => None,
        }
    }
}

impl OutState {
    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Due | Self::Claimed(_))
    }
}
