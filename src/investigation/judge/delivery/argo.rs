//! Argo CD Applications: one finding each, the deepest there is. What an Application suffers from a workload is that
//! workload's finding, which it blames.

mod health;
mod refused;
mod sync;
mod words;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{is_asked, is_meant, time};
use crate::finding::{Cause, Finding, Subject};
use crate::investigation::case::{
    Application, Facts, Scope, application_subject, destination, managed,
};
use crate::text::Message;

/// Objects named in one sentence.
const NAMED: usize = 3;

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let living = case
        .applications
        .iter()
        .filter(|app| app.metadata.deletion_timestamp.is_none());
    living
        .filter_map(|app| View::of(case, app)?.finding())
        .collect()
}

/// One Application.
struct View<'a> {
    case: &'a Facts<'a>,
    app: &'a Application,
    subject: Subject,
    sync: &'a str,
    health: &'a str,
    operation: &'a Value,
}

impl<'a> View<'a> {
    /// The Application, when the question can be about it.
    fn of(case: &'a Facts<'a>, app: &'a Application) -> Option<Self> {
        let subject = application_subject(app);
        let own = managed(app);
        let mut places: Vec<&str> = own
            .iter()
            .filter_map(|one| one.namespace.as_deref())
            .collect();
        places.extend(subject.namespace.as_deref());
        places.push(destination(app));
        if !is_meant(case, &places) {
            return None;
        }
        let text = |value: &'a Value| value.as_str().unwrap_or_default();
        Some(Self {
            case,
            app,
            sync: text(&app.status["sync"]["status"]),
            health: text(&app.status["health"]["status"]),
            operation: &app.status["operationState"],
            subject,
        })
    }

    fn finding(&self) -> Option<Finding> {
        self.refused()
            .or_else(|| self.blocked())
            .or_else(|| self.failed())
            .or_else(|| self.degraded())
            .or_else(|| self.out_of_sync())
    }

    fn resources(&self) -> impl Iterator<Item = &'a Value> {
        self.app.status["resources"]
            .as_array()
            .into_iter()
            .flatten()
    }

    fn phase(&self) -> &'a str {
        self.operation["phase"].as_str().unwrap_or_default()
    }

    fn message(&self) -> &'a str {
        self.operation["message"].as_str().unwrap_or_default()
    }

    fn ended(&self) -> Option<DateTime<Utc>> {
        time(&self.operation["finishedAt"])
    }

    fn named(&self, cause: Cause, strength: f64, id: &'static str) -> Finding {
        let summary = Message::new(id).with("app", &self.subject.name);
        Finding::new(cause, self.subject.clone(), strength, summary)
    }

    /// What keeps a delivery from arriving is sure for who asks about one; of what runs it explains little.
    fn sure(&self, strength: f64) -> f64 {
        let meant = matches!(&self.case.scope, Scope::Object(it) if it.same_object(&self.subject));
        if meant || is_asked(self.case) {
            strength
        } else {
            0.6
        }
    }

    fn source(&self, field: &str) -> String {
        format!("Application {} {field}", self.subject.name)
    }

    fn command(&self, words: &str) -> String {
        format!("argocd app {words} {}", self.subject.name)
    }

    fn results(&self) -> impl Iterator<Item = &'a Value> {
        let results = self.operation["syncResult"]["resources"].as_array();
        results.into_iter().flatten()
    }
}

/// `Kind/name` of a few resources.
fn names<'a>(resources: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let name = |one: &Value| {
        let text = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
        format!("{}/{}", text("kind"), text("name"))
    };
    resources.map(name).take(NAMED).collect()
}
