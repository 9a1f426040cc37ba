//! The names of everything that can be wrong with a webhook's body: stable codes for metrics, a sentence
//! for the log. None of them holds text from the body.

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Fault {
    /// It is not there, `null` or empty.
    #[error("is missing")]
    Missing,
    /// It is something else than it should be.
    #[error("has the wrong type")]
    WrongType,
    /// It is there more than once.
    #[error("is there more than once")]
    Doubled,
    /// It says something this version does not know.
    #[error("has a value that is not known")]
    Unknown,
    /// It is longer, or there is more of it, than is kept.
    #[error("is too long")]
    TooLong,
}

/// Why a body was not read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The body ends too early.
    #[error("the body ends in the middle of its JSON")]
    Cut,
    /// The body is something else: HTML, text, JSON with more behind it.
    #[error("the body is not JSON")]
    NotJson,
    /// Arrays and objects are nested too deep.
    #[error("the JSON is nested deeper than {} levels", super::MAX_DEPTH)]
    TooDeep,
    /// JSON, and no object.
    #[error("the body is JSON, but no object")]
    NotAnObject,
    /// `alerts` is missing or empty: another kind of webhook, or a custom `payload`.
    #[error(
        "the body has no alerts: only Alertmanager's version 4 and Grafana's default body are read"
    )]
    NoAlerts,
    /// A field without which nothing can be read has another type.
    #[error("`{field}` has the wrong type")]
    WrongType {
        /// Its name.
        field: &'static str,
    },
    /// A field without which nothing can be read is there more than once.
    #[error("`{field}` is there more than once")]
    Doubled {
        /// Its name.
        field: &'static str,
    },
    /// More alerts than one body may have.
    #[error(
        "the body has {count} alerts, more than {}: set `max_alerts` in the webhook's configuration",
        super::MAX_ALERTS
    )]
    TooManyAlerts {
        /// How many it has.
        count: u64,
    },
    /// Not one of the alerts could be read.
    #[error("none of the {count} alerts can be read: {why}")]
    NoneReadable {
        /// How many there are.
        count: u64,
        /// What is wrong with the first kind of them.
        why: Unread,
    },
}

impl Refused {
    /// For metrics: kebab-case, stable.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::NotJson => "not-json",
            Self::TooDeep => "too-deep",
            Self::NotAnObject => "not-an-object",
            Self::NoAlerts => "no-alerts",
            Self::WrongType { .. } => "wrong-type",
            Self::Doubled { .. } => "doubled",
            Self::TooManyAlerts { .. } => "too-many-alerts",
            Self::NoneReadable { .. } => "none-readable",
        }
    }
}

/// Why one alert of a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Unread {
    /// It is no object.
    #[error("an alert is no object")]
    NotAnObject,
    /// Its labels are missing, no strings, doubled or too many.
    #[error("the labels of an alert: the field {0}")]
    Labels(Fault),
}

impl Unread {
    /// For metrics: kebab-case, stable.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAnObject => "alert-not-an-object",
            Self::Labels(Fault::Missing) => "labels-missing",
            Self::Labels(Fault::WrongType | Fault::Unknown) => "labels-wrong-type",
            Self::Labels(Fault::Doubled) => "labels-doubled",
            Self::Labels(Fault::TooLong) => "labels-too-many",
        }
    }
}

/// A field that was not as it should be and was done without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[error("`{field}` {fault}")]
pub struct Odd {
    /// Its name, as in the body.
    pub field: &'static str,
    /// What was wrong.
    pub fault: Fault,
}
