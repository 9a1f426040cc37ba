//! The public contract: a [`Diagnosis`](super::Diagnosis) put into one language.
//! `vigie ask --output json` prints it; its JSON Schema is `deploy/report.schema.json`.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cause, LedgerStatus, Subject, Target, Verdict};
use crate::text::Language;

/// `$id` of the published schema.
pub const SCHEMA_ID: &str = "urn:vigie:report:v1";

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The question as it was asked.
    pub question: String,
    /// Language of every sentence in it.
    pub language: Language,
    /// What was looked at.
    pub target: Target,
    /// The conclusion in one word.
    pub verdict: Verdict,
    /// The conclusion in one sentence.
    pub summary: String,
    /// Ranked, best first; empty unless the verdict is `cause-found`.
    pub root_causes: Vec<RootCauseReport>,
    /// Every finding as `code subject`, roots and consequences.
    pub findings: Vec<RootCauseReport>,
    /// What was checked and found normal.
    pub ruled_out: Vec<String>,
    /// What changed shortly before the question, where no cause was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// What the playbooks add; never part of the conclusion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<AdviceReport>,
    /// Names near to the one asked for (`target-not-found`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// What was read and what could not be.
    pub ledger: Vec<LedgerReport>,
    /// When the lead is called, if nothing happens; absent where no incident is open.
    #[serde(default)]
    pub escalation: Option<EscalationReport>,
    /// How long the investigation took, in milliseconds.
    pub elapsed_ms: u64,
}

/// What one playbook has to say of the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AdviceReport {
    /// Name of the playbook.
    pub playbook: String,
    /// Its title.
    pub title: String,
    /// Rules whose condition held.
    pub notes: Vec<NoteReport>,
    /// What to look at next; only where no cause was found.
    pub next: Vec<String>,
    /// Runbooks.
    pub links: Vec<RunbookReport>,
}

/// A rule of a playbook whose condition held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoteReport {
    /// Name of the rule.
    pub rule: String,
    /// One sentence, with its numbers.
    pub says: String,
}

/// A runbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunbookReport {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// One named cause with its proof and its fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RootCauseReport {
    /// Code of the catalogue.
    pub cause: Cause,
    /// The object a person would have to change.
    pub subject: Subject,
    /// 0 to 1.
    pub confidence: f64,
    /// One sentence in the asker's language.
    pub summary: String,
    /// Facts, the most telling first.
    pub evidence: Vec<EvidenceReport>,
    /// Codes of the causes and symptoms it explains.
    pub explains: Vec<String>,
    /// What to do.
    pub fix: Vec<FixReport>,
    /// What changed shortly before.
    #[serde(default)]
    pub changed: Option<ChangeReport>,
}

/// A fact, where and when it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceReport {
    /// The fact.
    pub fact: String,
    /// Where it was read.
    pub source: String,
    /// When it was observed (RFC 3339, UTC).
    #[serde(default)]
    pub observed_at: Option<DateTime<Utc>>,
}

/// One change a person could make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FixReport {
    /// `Kind namespace/name`.
    pub object: String,
    /// Field path; empty for an act.
    pub field: String,
    /// Value now.
    #[serde(default)]
    pub from: Option<String>,
    /// Value to set.
    #[serde(default)]
    pub to: Option<String>,
    /// Why.
    pub why: String,
    /// A command to copy.
    #[serde(default)]
    pub command: Option<String>,
}

/// A change shortly before the trouble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeReport {
    /// What changed.
    pub what: String,
    /// When (RFC 3339, UTC).
    pub when: DateTime<Utc>,
}

/// How one read went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerReport {
    /// Name of the step.
    pub step: String,
    /// How it went.
    pub status: LedgerStatus,
    /// What was read, or why not.
    pub detail: String,
    /// Duration in milliseconds.
    pub ms: u64,
    /// API requests it took.
    pub requests: u32,
    /// Bytes received.
    pub bytes: u64,
}

/// When and why the lead is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EscalationReport {
    /// `standard`, `production` or `immediate`.
    pub class: String,
    /// The next page is sent then (RFC 3339, UTC).
    pub due_at: DateTime<Utc>,
}
