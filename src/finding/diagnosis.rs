//! The result of an investigation before it is put into words.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Advice, Cause, Chart, Kind, Subject, Symptom};
use crate::text::{Language, Message, Untrusted};

/// What an investigation concludes in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// At least one root cause is named.
    CauseFound,
    /// Looked, and everything is as it should be.
    Healthy,
    /// It was bad until some time ago, and is not any more.
    Recovered,
    /// It looks unusual and is meant to be so (a rollout in progress, a Completed Job).
    Expected,
    /// Something is wrong or may be, and nothing found explains it.
    Unknown,
    /// No object of that name; suggestions are given.
    TargetNotFound,
    /// The reads that would have told failed.
    CouldNotLook,
}

/// What was asked about, once matched against live objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Environment of `vigie.yaml`, when one applies.
    #[serde(default)]
    pub environment: Option<String>,
    /// Cluster (kubeconfig context) that was looked at.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Namespace; absent when several or all were swept.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Kind of the object; absent for a wide question.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Name of the object; absent for a wide question.
    #[serde(default)]
    pub name: Option<String>,
}

/// One fact read from the world: what, where, when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The fact, with its numbers and their normal values.
    pub fact: Message,
    /// Where it was read: `pod payment-service-def status.lastState`.
    pub source: Untrusted,
    /// When it was observed, as the source dates it, else when it was read.
    pub observed_at: Option<DateTime<Utc>>,
}

/// One change a person could make: old value, new value, and the command that does it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// The object to change.
    pub object: Subject,
    /// Field path inside it: `resources.limits.memory`. Empty when the fix is an act, not a field.
    pub field: String,
    /// Value now.
    pub from: Option<Untrusted>,
    /// Value to set.
    pub to: Option<Untrusted>,
    /// Why, and what in it is a judgement.
    pub why: Message,
    /// A command to copy; names in it are validated Kubernetes names.
    pub command: Option<Untrusted>,
}

/// A change shortly before the trouble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What changed.
    pub what: Message,
    /// When.
    pub when: DateTime<Utc>,
}

/// What one judge says: a cause, the object it is about, the proof, and what it leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The cause.
    pub cause: Cause,
    /// The object a person would have to change.
    pub subject: Subject,
    /// How sure this finding is on its own, 0 to 1.
    pub strength: f64,
    /// One sentence.
    pub summary: Message,
    /// Facts, the most telling first; never empty.
    pub evidence: Vec<Evidence>,
    /// Other objects whose findings explain this one: the Service it calls, the pods behind it, its node.
    pub blames: Vec<Subject>,
    /// Objects that suffer from this directly: the workloads that mount a missing `ConfigMap`, say.
    pub hits: Vec<Subject>,
    /// Symptoms it explains.
    pub explains: Vec<Symptom>,
    /// What to do.
    pub fix: Vec<Fix>,
    /// What changed shortly before, when known.
    pub changed: Option<Change>,
    /// When the trouble began, when known.
    pub since: Option<DateTime<Utc>>,
    /// How many pods suffer from it.
    pub affected: usize,
}

/// A finding that nothing else explains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RootCause {
    /// The finding itself.
    pub finding: Finding,
    /// Calibrated: answers given with 0.9 or more are meant to be right 95 times in 100.
    pub confidence: f64,
    /// Codes of the causes and symptoms it explains in this case.
    pub explains: Vec<String>,
}

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// To be confirmed: the answer says what to look at next.
    Low,
    /// Probable, and said so.
    Medium,
    /// Right 95 times in 100 over the evaluation's cases.
    High,
}

impl RootCause {
    /// How sure it is, by its confidence.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        match self.confidence {
            sure if sure >= 0.9 => Certainty::High,
            likely if likely >= 0.6 => Certainty::Medium,
            _ => Certainty::Low,
        }
    }
}

/// How one read went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerStatus {
    /// Read.
    Ok,
    /// Read, and something in it is wrong.
    Problem,
    /// The right to read it is missing (401, 403).
    NotPermitted,
    /// No answer in time, or the answer was an error of the server.
    TimedOut,
    /// The source is not set up.
    NotConfigured,
    /// Left out on purpose.
    Skipped,
}

/// One line of what was read and what was not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// Name of the step: `pods`, `logs`, `prometheus`.
    pub step: String,
    /// How it went.
    pub status: LedgerStatus,
    /// What was read, or why not.
    pub detail: Message,
    /// Duration in milliseconds.
    pub ms: u64,
    /// API requests it took.
    pub requests: u32,
    /// Bytes received.
    pub bytes: u64,
}

/// Everything an investigation found, independent of language and medium.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The question as it was asked.
    pub question: Untrusted,
    /// Language of the answer.
    pub language: Language,
    /// What was looked at.
    pub target: Target,
    /// The conclusion in one word.
    pub verdict: Verdict,
    /// The conclusion in one sentence.
    pub headline: Message,
    /// Ranked, best first.
    pub root_causes: Vec<RootCause>,
    /// Every finding, roots and consequences.
    pub findings: Vec<Finding>,
    /// What was checked and found normal, with its numbers.
    pub ruled_out: Vec<Message>,
    /// What changed shortly before the question, newest first: a lead where no cause was found, so empty
    /// where one was.
    #[serde(default)]
    pub changes: Vec<Message>,
    /// What the playbooks add; absent in records of older versions.
    #[serde(default)]
    pub advice: Vec<Advice>,
    /// Where a curve says it faster: one picture, two at most.
    #[serde(default)]
    pub charts: Vec<Chart>,
    /// Names that exist and are near to the one asked for.
    pub suggestions: Vec<Untrusted>,
    /// What was read.
    pub ledger: Vec<LedgerLine>,
    /// When the investigation began.
    pub started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

impl Finding {
    /// A finding without proof yet: add at least one [`Self::evidence`].
    #[must_use]
    pub fn new(cause: Cause, subject: Subject, strength: f64, summary: Message) -> Self {
        Self {
            cause,
            subject,
            strength,
            summary,
            evidence: Vec::new(),
            blames: Vec::new(),
            hits: Vec::new(),
            explains: Vec::new(),
            fix: Vec::new(),
            changed: None,
            since: None,
            affected: 0,
        }
    }

    /// Adds a fact: what, where it was read, when it was observed.
    #[must_use]
    pub fn evidence(
        mut self,
        fact: Message,
        source: impl Into<Untrusted>,
        observed_at: Option<DateTime<Utc>>,
    ) -> Self {
        self.evidence.push(Evidence {
            fact,
            source: source.into(),
            observed_at,
        });
        self
    }

    /// Names objects whose own findings explain this one.
    #[must_use]
    pub fn blames(mut self, subjects: impl IntoIterator<Item = Subject>) -> Self {
        self.blames.extend(subjects);
        self
    }

    /// Names objects that suffer from it directly.
    #[must_use]
    pub fn hits(mut self, subjects: impl IntoIterator<Item = Subject>) -> Self {
        self.hits.extend(subjects);
        self
    }

    /// Names the symptoms it explains.
    #[must_use]
    pub fn explains(mut self, symptoms: impl IntoIterator<Item = Symptom>) -> Self {
        self.explains.extend(symptoms);
        self
    }

    /// Adds something to do.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix.push(fix);
        self
    }

    /// Says since when, where that is known.
    #[must_use]
    pub fn since(mut self, since: Option<DateTime<Utc>>) -> Self {
        self.since = since;
        self
    }

    /// Says how many pods suffer.
    #[must_use]
    pub fn affected(mut self, affected: usize) -> Self {
        self.affected = affected;
        self
    }
}

impl Fix {
    /// An act on an object, or a change of one of its fields (`field` empty for an act).
    #[must_use]
    pub fn new(object: Subject, field: impl Into<String>, why: Message) -> Self {
        Self {
            object,
            field: field.into(),
            from: None,
            to: None,
            why,
            command: None,
        }
    }

    /// Old and new value.
    #[must_use]
    pub fn change(
        mut self,
        from: Option<impl Into<Untrusted>>,
        to: Option<impl Into<Untrusted>>,
    ) -> Self {
        self.from = from.map(Into::into);
        self.to = to.map(Into::into);
        self
    }

    /// A command to copy. Only names that came from the API server go into it: they are valid
    /// Kubernetes names and need no quoting.
    #[must_use]
    pub fn command(mut self, command: impl Into<Untrusted>) -> Self {
        self.command = Some(command.into());
        self
    }
}
