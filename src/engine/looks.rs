//! Looking at the world for an incident: bounded in number and in time, and never a panic to the
//! outside. What looks is a parameter, so that the engine knows nothing of clusters.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::alert::advice::Past;
use crate::alert::{About, Alert, Labels};
use crate::finding::{Diagnosis, Shares, Subject, Target, Verdict};
use crate::incident::{Choice, PlainAnswer, Purpose};
use crate::intent::Ask;
use crate::text::{Message, Untrusted};

/// One look to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Id of the incident, for logs and for people who report a fault.
    pub incident: String,
    /// What is wanted, in which words and language.
    pub ask: Ask,
    /// Why it is made.
    pub purpose: Purpose,
    /// Environment, when known.
    pub environment: Option<String>,
    /// Whether an alert asks by itself: then the words are its annotations, and nobody's complaint.
    pub by_alert: bool,
    /// The object, when known: from an earlier look, a button, an alert.
    pub object: Option<Subject>,
    /// The alerts that ask, those with labels: where the look begins, and which playbook comes first.
    pub alerts: Vec<(About, Alert)>,
    /// What may be shown in the conversation the answer goes to.
    pub shares: Shares,
    /// The answer is wanted within this time.
    pub within: Duration,
}

/// An alert whose past is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct PastOf {
    /// Its environment, when known.
    pub environment: Option<String>,
    /// `alertname`.
    pub name: Untrusted,
    /// Its labels: which of the rule's series it is.
    pub labels: Labels,
}

/// What came of a look.
#[derive(Clone, Debug, PartialEq)]
pub enum Looked {
    /// A diagnosis, and the workloads seen without any ready replica.
    Diagnosed(Box<Diagnosis>, Vec<Subject>),
    /// Several objects may be meant.
    Ambiguous(Message, Vec<Choice>),
    /// The answer to a plain question.
    Answered(PlainAnswer),
}

/// What a name means in the cluster.
#[derive(Clone, Debug, PartialEq)]
pub enum Named {
    /// The objects that bear it: one, or several that it does not choose among.
    These(Vec<Subject>),
    /// None does; these come near, best first.
    Nobody(Vec<Subject>),
    /// The cluster could not be asked, and why.
    Unread(Untrusted),
}

/// Receives what a look does now.
pub type Progress = Arc<dyn Fn(Message) + Send + Sync>;

/// Looks at the world.
pub trait Looks: Send + Sync {
    /// Looks, reporting how far it is. Partial results by `look.within` are better than none.
    fn look(&self, look: Look, progress: Progress) -> BoxFuture<'static, Looked>;

    /// Reads the rule of an alert and what its value was. What cannot be read is said in the answer.
    fn past(&self, alert: PastOf) -> BoxFuture<'static, Past> {
        let _ = alert;
        async { Past::default() }.boxed()
    }

    /// What the words of the ask name, in its environment.
    fn named(&self, ask: Ask) -> BoxFuture<'static, Named> {
        let _ = ask;
        async { Named::Unread(Untrusted::new("no cluster")) }.boxed()
    }
}

/// A look may overrun its time by this before it is given up: its own deadline should have ended it.
const GRACE: Duration = Duration::from_secs(3);

/// Looks, and turns a panic or a look that does not end into "could not look".
pub(crate) async fn look_safely(
    looks: &dyn Looks,
    look: Look,
    progress: Progress,
    now: DateTime<Utc>,
) -> Looked {
    let begun = Instant::now();
    let limit = look.within + GRACE;
    let failed = || {
        let trouble = Message::new("trouble").with("incident", look.incident.as_str());
        could_not_look(&look, trouble, now, begun.elapsed())
    };
    let looking =
        AssertUnwindSafe(async { looks.look(look.clone(), progress).await }).catch_unwind();
    match tokio::time::timeout(limit, looking).await {
        Ok(Ok(looked)) => looked,
        Ok(Err(_)) => {
            tracing::error!(incident = look.incident, "an investigation panicked");
            failed()
        }
        Err(_) => {
            tracing::error!(
                incident = look.incident,
                "an investigation did not end in time"
            );
            failed()
        }
    }
}

/// The answer of a look that could not be made.
#[must_use]
pub fn could_not_look(
    look: &Look,
    headline: Message,
    now: DateTime<Utc>,
    took: Duration,
) -> Looked {
    let object = look.object.as_ref();
    let diagnosis = Diagnosis {
        question: look.ask.text.clone(),
        language: look.ask.language,
        target: Target {
            environment: look.environment.clone(),
            namespace: object.and_then(|object| object.namespace.clone()),
            kind: object.map(|object| object.kind),
            name: object.map(|object| object.name.clone()),
            ..Target::default()
        },
        verdict: Verdict::CouldNotLook,
        headline,
        root_causes: Vec::new(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: Vec::new(),
        ledger: Vec::new(),
        started_at: now,
        elapsed_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    };
    Looked::Diagnosed(Box::new(diagnosis), Vec::new())
}
