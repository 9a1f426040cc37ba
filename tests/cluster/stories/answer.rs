//! An answer as its reader gets it, and what the stories claim about it.

use std::time::Duration;

use vigie::finding::{Cause, Diagnosis, Kind, LedgerLine, LedgerStatus, RootCause, Verdict};
use vigie::post::{self, TextOptions};
use vigie::text::Redactor;

/// A diagnosis and its text.
pub struct Answer {
    /// What was found.
    pub diagnosis: Diagnosis,
    /// The answer in the asker's language, its no-break spaces made plain.
    pub text: String,
    /// From question to answer.
    pub took: Duration,
}

impl Answer {
    pub fn new(diagnosis: Diagnosis, took: Duration) -> Self {
        let options = TextOptions {
            width: None,
            color: false,
        };
        let redactor = Redactor::new(Vec::<String>::new());
        let text = post::text(&diagnosis, diagnosis.language, &redactor, options);
        let text = text.replace(['\u{a0}', '\u{202f}'], " ");
        Self {
            diagnosis,
            text,
            took,
        }
    }

    /// Claims that the first root cause is this one, on this object.
    pub fn names(&self, cause: Cause, kind: Kind, name: &str) -> &RootCause {
        assert_eq!(self.diagnosis.verdict, Verdict::CauseFound, "{self}");
        let root = self.diagnosis.root_causes.first();
        let root = root.unwrap_or_else(|| panic!("no root cause\n{self}"));
        let subject = &root.finding.subject;
        assert_eq!(
            (root.finding.cause, subject.kind, subject.name.as_str()),
            (cause, kind, name),
            "{self}"
        );
        root
    }

    /// Claims a verdict without a cause.
    pub fn concludes(&self, verdict: Verdict) -> &Self {
        assert_eq!(self.diagnosis.verdict, verdict, "{self}");
        assert!(self.diagnosis.root_causes.is_empty(), "{self}");
        self
    }

    /// Claims that the text has each of these words.
    pub fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(
                self.text.contains(word),
                "it does not say {word:?}:\n{self}"
            );
        }
        self
    }

    /// Claims that every read worked, and that there were at most so many.
    pub fn read_within(&self, requests: u32) -> &Self {
        use LedgerStatus::{NotConfigured, Ok};
        let worked = |line: &LedgerLine| matches!(line.status, Ok | NotConfigured);
        assert!(self.diagnosis.ledger.iter().all(worked), "{self}");
        assert!(self.requests() <= requests, "{self}");
        self
    }

    /// API requests it took.
    pub fn requests(&self) -> u32 {
        self.diagnosis.ledger.iter().map(|line| line.requests).sum()
    }

    /// Bytes it took.
    pub fn bytes(&self) -> u64 {
        self.diagnosis.ledger.iter().map(|line| line.bytes).sum()
    }

    /// Steps that the API server did not permit.
    pub fn refused(&self) -> Vec<&str> {
        let refused = |line: &&LedgerLine| line.status == LedgerStatus::NotPermitted;
        let lines = self.diagnosis.ledger.iter().filter(refused);
        lines.map(|line| line.step.as_str()).collect()
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        for finding in &self.diagnosis.findings {
            let (code, subject) = (finding.cause.code(), finding.subject.label());
            writeln!(f, "finding {code} {subject} {}", finding.strength)?;
        }
        for line in &self.diagnosis.ledger {
            let (step, status) = (&line.step, line.status);
            writeln!(
                f,
                "ledger {step} {status:?} {} {:?}",
                line.requests, line.detail
            )?;
        }
        write!(
            f,
            "{} requests, {} bytes, {:?}",
            self.requests(),
            self.bytes(),
            self.took
        )
    }
}
