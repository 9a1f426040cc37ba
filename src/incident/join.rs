//! When a new report is the same problem as an open incident: same environment, and the same root
//! cause once that is known; before, the same asked object.

use super::Incident;
use crate::finding::Subject;

/// What is known of a new report when it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JoinKey {
    /// Environment, when known.
    pub environment: Option<String>,
    /// The object asked about, once matched against live objects.
    pub object: Option<Subject>,
    /// The object of its root cause, once known.
    pub subject: Option<Subject>,
    /// Whether it is about everything there is: a question that names nothing. Alerts always are about something.
    pub wide: bool,
}

impl JoinKey {
    /// What is known of a record that may turn out to be part of another.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        Self {
            environment: incident.environment.clone(),
            object: incident.object.clone(),
            subject: incident.subject.clone(),
            wide: incident.is_wide(),
        }
    }
}

impl Incident {
    /// Whether a report of that key belongs to this incident. Never for one that is over.
    #[must_use]
    pub fn joins(&self, key: &JoinKey) -> bool {
        if !self.is_open() || self.environment != key.environment {
            return false;
        }
        let same = |a: &Option<Subject>, b: &Option<Subject>| match (a, b) {
            (Some(a), Some(b)) => a.same_object(b),
            _ => false,
        };
        match (&self.subject, &key.subject) {
            (Some(_), Some(_)) => same(&self.subject, &key.subject),
            // The root cause of one of the two is not known: asked for the same object, or for
            // the very object that is the other's root cause.
            (Some(_), None) => same(&self.subject, &key.object) || same(&self.object, &key.object),
            (None, Some(_)) => same(&self.object, &key.subject) || same(&self.object, &key.object),
            (None, None) => {
                same(&self.object, &key.object)
                    || self.object.is_none() && key.object.is_none() && self.is_wide() && key.wide
            }
        }
    }

    /// Whether its question named no object at all ("everything is down in production").
    fn is_wide(&self) -> bool {
        self.ask.object.is_none() && self.alerts.is_empty()
    }
}
