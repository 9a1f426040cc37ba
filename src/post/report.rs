//! A [`Diagnosis`] put into one language: the public [`Report`] of `--output json`.

use chrono::{DateTime, Utc};

use super::{Medium, Words};
use crate::finding::{
    Advice, AdviceReport, Change, ChangeReport, Diagnosis, Evidence, EvidenceReport, Finding, Fix,
    FixReport, LedgerLine, LedgerReport, Note, NoteReport, Report, RootCause, RootCauseReport,
    RunbookLink, RunbookReport,
};
use crate::text::{Language, Message, Redactor, Untrusted, Wording};

/// The diagnosis with every secret taken out, ready to be rendered or stored. Texts that are
/// redacted by the time they are escaped cannot hide a secret behind an entity.
#[must_use]
pub fn redacted(diagnosis: &Diagnosis, redactor: &Redactor) -> Diagnosis {
    let clean = serde_json::to_value(diagnosis).and_then(|mut value| {
        redactor.redact_json(&mut value);
        serde_json::from_value(value)
    });
    // A diagnosis is plain data and its enums are no secrets, so it reads back; if it ever does
    // not, an answer without its texts is better than one with a secret in it.
    clean.unwrap_or_else(|_| Diagnosis {
        question: Untrusted::default(),
        root_causes: Vec::new(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: Vec::new(),
        ledger: Vec::new(),
        headline: Message::new("headline-unknown").with("target", ""),
        ..diagnosis.clone()
    })
}

/// A message with every secret taken out.
pub(super) fn clean(message: &Message, redactor: &Redactor) -> Message {
    let clean = serde_json::to_value(message).and_then(|mut value| {
        redactor.redact_json(&mut value);
        serde_json::from_value(value)
    });
    // As above: better no words than a secret among them.
    clean.unwrap_or_else(|_| Message::new("literal").with("text", ""))
}

/// The report in one language, redacted, its strings plain text without markup.
#[must_use]
pub fn report(diagnosis: &Diagnosis, language: Language, redactor: &Redactor) -> Report {
    let diagnosis = redacted(diagnosis, redactor);
    let writer = Writer(Words::new(language, ended_at(&diagnosis)));
    Report {
        question: diagnosis.question.to_plain(),
        language,
        target: diagnosis.target.clone(),
        verdict: diagnosis.verdict,
        summary: writer.say(&diagnosis.headline),
        root_causes: diagnosis
            .root_causes
            .iter()
            .map(|root| writer.root(root))
            .collect(),
        findings: diagnosis
            .findings
            .iter()
            .map(|finding| writer.finding(finding))
            .collect(),
        ruled_out: diagnosis
            .ruled_out
            .iter()
            .map(|message| writer.say(message))
            .collect(),
        changes: diagnosis
            .changes
            .iter()
            .map(|message| writer.say(message))
            .collect(),
        advice: diagnosis
            .advice
            .iter()
            .map(|advice| writer.advice(advice))
            .collect(),
        suggestions: diagnosis
            .suggestions
            .iter()
            .map(Untrusted::to_plain)
            .collect(),
        ledger: diagnosis
            .ledger
            .iter()
            .map(|line| writer.ledger(line))
            .collect(),
        escalation: None,
        elapsed_ms: diagnosis.elapsed_ms,
    }
}

/// When the investigation was over: the `now` of its sentences.
pub(super) fn ended_at(diagnosis: &Diagnosis) -> DateTime<Utc> {
    let elapsed = i64::try_from(diagnosis.elapsed_ms).unwrap_or(0);
    diagnosis.started_at + chrono::TimeDelta::milliseconds(elapsed)
}

struct Writer(Words);

impl Writer {
    fn say(&self, message: &Message) -> String {
        self.0.say(message, Medium::Text)
    }

    fn root(&self, root: &RootCause) -> RootCauseReport {
        RootCauseReport {
            confidence: round(root.confidence),
            explains: root.explains.clone(),
            ..self.finding(&root.finding)
        }
    }

    fn finding(&self, finding: &Finding) -> RootCauseReport {
        RootCauseReport {
            cause: finding.cause,
            subject: finding.subject.clone(),
            confidence: round(finding.strength),
            summary: self.say(&finding.summary),
            evidence: finding
                .evidence
                .iter()
                .map(|evidence| self.evidence(evidence))
                .collect(),
            explains: finding
                .explains
                .iter()
                .map(|symptom| symptom.code().to_owned())
                .collect(),
            fix: finding.fix.iter().map(|fix| self.fix(fix)).collect(),
            changed: finding.changed.as_ref().map(|change| self.changed(change)),
        }
    }

    fn evidence(&self, evidence: &Evidence) -> EvidenceReport {
        EvidenceReport {
            fact: self.say(&evidence.fact),
            source: evidence.source.to_plain(),
            observed_at: evidence.observed_at,
        }
    }

    fn fix(&self, fix: &Fix) -> FixReport {
        FixReport {
            object: Untrusted::new(fix.object.label()).to_plain(),
            field: fix.field.clone(),
            from: fix.from.as_ref().map(Untrusted::to_plain),
            to: fix.to.as_ref().map(Untrusted::to_plain),
            why: self.say(&fix.why),
            command: fix.command.as_ref().map(Untrusted::to_block),
        }
    }

    fn changed(&self, change: &Change) -> ChangeReport {
        ChangeReport {
            what: self.say(&change.what),
            when: change.when,
        }
    }

    fn advice(&self, advice: &Advice) -> AdviceReport {
        let say = |wording: &Wording| self.say(&wording.clone().into());
        let note = |note: &Note| NoteReport {
            rule: note.rule.clone(),
            says: say(&note.says),
        };
        let link = |link: &RunbookLink| RunbookReport {
            title: say(&link.title),
            url: link.url.clone(),
        };
        AdviceReport {
            playbook: advice.playbook.clone(),
            title: say(&advice.title),
            notes: advice.notes.iter().map(note).collect(),
            next: advice.next.iter().map(say).collect(),
            links: advice.links.iter().map(link).collect(),
        }
    }

    fn ledger(&self, line: &LedgerLine) -> LedgerReport {
        LedgerReport {
            step: line.step.clone(),
            status: line.status,
            detail: self.say(&line.detail),
            ms: line.ms,
            requests: line.requests,
            bytes: line.bytes,
        }
    }
}

/// Two decimals are all a confidence means.
fn round(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}
