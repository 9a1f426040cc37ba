//! When a new report is the same problem as an open incident: same environment, and the same root
//! cause once that is known; before, the same asked object. Where one of the two names no environment, the same object
//! of the same cluster is enough: a question need not say where, and what is of the whole cluster, as a node, is of
//! none. Alerts of two environments are one incident by a node too: who repairs a node repairs it for both, and is called once. A person
//! who asks about one environment is not sent to the thread of another one.

use super::Incident;
use super::apply::only_alerts;
use crate::finding::Subject;

/// What is known of a new report when it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JoinKey {
    /// Environment, when known.
    pub environment: Option<String>,
    /// The cluster that was looked at, once that is known.
    pub cluster: Option<String>,
    /// The object asked about, once matched against live objects.
    pub object: Option<Subject>,
    /// The object of its root cause, once known.
    pub subject: Option<Subject>,
    /// Whether it is about everything there is: a question that names nothing. Alerts always are about something.
    pub wide: bool,
    /// Whether no person reported it.
    pub only_alerts: bool,
}

impl JoinKey {
    /// What is known of a record that may turn out to be part of another.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        Self {
            environment: incident.environment.clone(),
            cluster: incident.cluster().map(str::to_owned),
            object: incident.object.clone(),
            subject: incident.subject.clone(),
            wide: incident.is_wide(),
            only_alerts: only_alerts(incident),
        }
    }
}

impl Incident {
    /// Whether a report of that key belongs to this incident. Never for one that is over.
    #[must_use]
    pub fn joins(&self, key: &JoinKey) -> bool {
        if !self.is_open() || self.environment != key.environment && !self.is_beside(key) {
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

    /// Whether both are about something in one cluster, and one of them names no environment; or nobody but alerts
    /// speaks, of what is of no environment.
    fn is_beside(&self, key: &JoinKey) -> bool {
        let place = |subject: &Option<Subject>, object: &Option<Subject>| -> Option<bool> {
            let place = subject.as_ref().or(object.as_ref())?;
            Some(place.namespace.is_none())
        };
        let (Some(here), Some(there)) = (
            place(&self.subject, &self.object),
            place(&key.subject, &key.object),
        ) else {
            return false;
        };
        let unknown = self.environment.is_none() || key.environment.is_none();
        let alerts = only_alerts(self) && key.only_alerts && here && there;
        let cluster = self.cluster();
        cluster.is_some() && cluster == key.cluster.as_deref() && (unknown || alerts)
    }

    /// The cluster that the newest diagnosis is about.
    fn cluster(&self) -> Option<&str> {
        self.diagnosis()?.target.cluster.as_deref()
    }

    /// Whether its question named no object at all ("everything is down in production").
    fn is_wide(&self) -> bool {
        self.ask.object.is_none() && self.alerts.is_empty()
    }
}
