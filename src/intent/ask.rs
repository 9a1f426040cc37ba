//! What someone wants, as read from their words.

use serde::{Deserialize, Serialize};

use crate::finding::{Kind, Symptom};
use crate::text::{Language, Untrusted};

/// One message, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Language to answer in.
    pub language: Language,
    /// What is wanted.
    pub want: Want,
    /// What is said to be wrong, each once, in the order of the text.
    pub symptoms: Vec<Symptom>,
    /// Environment named in the text: a name of the [`Vocabulary`](super::Vocabulary), or
    /// `production`, `staging`, `dev` where it configures none of that sort.
    pub environment: Option<String>,
    /// Namespace named as such (`namespace payments`, `-n payments`, `payments/api`).
    pub namespace: Option<String>,
    /// Words that name an object; absent when the question is wide.
    pub object: Option<ObjectWords>,
    /// Whether everything is said to be in trouble, besides what an object's words name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// The first web address in the text: its host and its path say which way into the cluster is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<WebAddress>,
    /// The message as a person reads it, for showing and for the record.
    pub text: Untrusted,
    /// Words that call the lead at once.
    pub danger: Option<Danger>,
}

/// A web address as written; it is compared with what Ingresses say, and never fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebAddress {
    /// Host, in lower case, without a port.
    pub host: String,
    /// Path, from its first slash on; without query and fragment.
    pub path: String,
}

/// What is wanted. `Problem` is the default: a message to the bot that is not clearly something else
/// is taken as a report, because a missed report costs more than a needless look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Want {
    /// Something is wrong: opens or joins an incident.
    #[default]
    Problem,
    /// How is it going? The same look as for a problem, but nobody says that anything is wrong.
    Status,
    /// Last log lines.
    Logs,
    /// Image and revision that run.
    Version,
    /// Who deployed or changed what.
    Changes {
        /// How far back.
        period: Period,
    },
    /// CPU and memory in use.
    Usage,
    /// How many replicas and which limits it needs; whether its scaling is normal.
    Sizing,
    /// Whether it is set up well: no incident.
    Review,
    /// A Grafana dashboard for it: no incident.
    Dashboard,
    /// How to use the bot; also an empty mention.
    Help,
    /// Prove the way to the lead.
    TestPage,
    /// Who is called now, for the environment and the object of the ask.
    OnCall,
    /// A maintenance window that begins later, which cannot be announced: it begins when it is written.
    MaintenanceLater {
        /// Its length, where the text gives a beginning and an end.
        seconds: Option<u64>,
    },
    /// Open a maintenance window on the object of the ask.
    Maintenance {
        /// Its length; absent when the text gives none.
        seconds: Option<u64>,
    },
    /// Close the maintenance window on the object of the ask.
    MaintenanceOver,
    /// "I take it": typed in a thread.
    Acknowledge,
    /// "It is fixed": typed in a thread.
    Resolve,
    /// "Call the lead now": typed in a thread.
    Escalate,
    /// "Look again": typed in a thread.
    RunAgain,
    /// "That is not the cause": typed in a thread.
    WrongAnswer,
    /// "Silence for two hours": mute the alerts of the thread's incident in Alertmanager.
    Silence {
        /// For how long; absent when the text gives no length.
        seconds: Option<u64>,
    },
    /// The writer, or the person mentioned, cannot be paged for a while.
    Absence {
        /// Slack id of the person who is away; absent means the writer.
        who: Option<String>,
        /// When they are back; absent when the text does not say.
        until: Option<Until>,
    },
    /// "I am back": ends an absence.
    AbsenceOver {
        /// Slack id of the person who is back; absent means the writer.
        who: Option<String>,
    },
    /// Asks the bot to change something: it changes nothing, and prints the command.
    Act {
        /// What to change.
        change: Change,
    },
    /// Words to the bot that ask for no look: a short answer, and an example of what it is for.
    Talk {
        /// Which answer fits.
        about: Talk,
    },
    /// Talk between people: no answer is expected.
    Nothing,
}

impl Want {
    /// Whether it is answered without looking at the world.
    #[must_use]
    pub fn needs_no_look(&self) -> bool {
        matches!(
            self,
            Self::Help
                | Self::Talk { .. }
                | Self::Maintenance { .. }
                | Self::MaintenanceOver
                | Self::MaintenanceLater { .. }
                | Self::OnCall
                | Self::Absence { .. }
                | Self::AbsenceOver { .. }
                | Self::Acknowledge
                | Self::Resolve
                | Self::RunAgain
                | Self::WrongAnswer
                | Self::Silence { .. }
        )
    }
}

/// What small talk is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Talk {
    /// "Hello", "are you there?", "test", "ok", a thumb up.
    Hello,
    /// "Thanks".
    Thanks,
    /// "What is a pod?": a word of the trade.
    Term,
}

/// How far back a question about changes looks. The engine turns it into times, in the asker's zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// Since midnight; the default.
    #[default]
    Today,
    /// From midnight to midnight.
    Yesterday,
    /// The last seven days.
    Week,
    /// The last so many seconds.
    Seconds(u64),
}

/// The end of an absence, as written. The engine turns it into a time, in the lead's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// So many seconds from now.
    Seconds(u64),
    /// The start of the next day.
    Tomorrow,
    /// The first moment of the day after tomorrow.
    DayAfterTomorrow,
    /// The start of the next such weekday, 0 = Monday.
    Weekday(u8),
    /// The start of that day; without a year, the next one to come.
    Date {
        /// 1 to 31.
        day: u8,
        /// 1 to 12.
        month: u8,
        /// Four digits, when written.
        year: Option<u16>,
    },
}

/// A change someone asks the bot to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// `kubectl rollout restart`.
    Restart,
    /// `kubectl rollout undo`, `helm rollback`.
    Rollback,
    /// `kubectl scale`.
    Scale,
    /// `helm upgrade`, `kubectl apply`.
    Deploy,
    /// `kubectl delete`.
    Delete,
}

/// Why the lead is called at once (domain.md, Timers: the immediate classes told by words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// Data is or may be lost or corrupted.
    DataLoss,
    /// An intrusion, a leak, a vulnerability.
    Security,
    /// Something that cannot be undone has happened or is about to.
    Irreversible,
}

/// The words of a question that name an object, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectWords {
    /// Phrases in the order to try them. Never empty.
    pub phrases: Vec<Phrase>,
}

/// A run of words that may name one object: `service de paiement`, `payment-service`, `worker-3`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// The words, folded (lower case, no accents), in the order of the text.
    pub words: Vec<String>,
    /// As written, for showing.
    pub shown: Untrusted,
    /// Kind of object named next to it (`le pod x`, `job x`), when it tells more than "service".
    pub kind: Option<Kind>,
    /// How surely it names an object.
    pub stress: Stress,
    /// Whether it stands beside the one before it ("payment et checkout").
    pub also: bool,
}

/// How surely a phrase names an object, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stress {
    /// Written as a name: after "service" or a kind, in backticks, with dashes or digits.
    Named,
    /// Stands where the sentence has what it is about.
    Subject,
    /// Some other word that is not a common one.
    Loose,
}
