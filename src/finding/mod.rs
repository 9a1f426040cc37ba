//! What an investigation concludes: causes, subjects, findings, and the [`Diagnosis`] they add up to.
//! A diagnosis holds messages, not sentences; [`Report`] is the same in one language, and is the
//! public contract of `--output json` (schema in `deploy/report.schema.json`). Pure.

mod advice;
mod cause;
mod chart;
mod dashboard;
mod diagnosis;
mod report;
mod shares;
mod subject;
mod symptom;

pub use advice::{Advice, Note, RunbookLink};
pub use cause::{Cause, Family, Tier};
pub use chart::{Chart, Curve, CurveRole, Level, Mark, Unit};
pub use dashboard::{Dashboard, METRICS, Requests, RequestsBy, USUAL};
pub use diagnosis::{
    Certainty, Change, Diagnosis, Evidence, Finding, Fix, LedgerLine, LedgerStatus, RootCause,
    Target, Verdict,
};
pub use report::{
    AdviceReport, ChangeReport, EscalationReport, EvidenceReport, FixReport, LedgerReport,
    NoteReport, Report, RootCauseReport, RunbookReport, SCHEMA_ID,
};
pub use shares::{Origin, Shares};
pub use subject::{Kind, Subject};
pub use symptom::Symptom;
