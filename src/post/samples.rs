//! Diagnoses for the tests of this module, shaped like the scenarios.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};

use crate::finding::{
    Cause, Change, Diagnosis, Evidence, Finding, Fix, Kind, LedgerLine, LedgerStatus, RootCause,
    Subject, Symptom, Target, Verdict,
};
use crate::text::{Arg, Language, Message, Untrusted};

/// 14:14 on the day of every sample.
pub(super) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 14, 14, 0).unwrap()
}

fn minutes_ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

fn say(language: Language, en: &str, fr: &str) -> Message {
    let text = match language {
        Language::En => en,
        Language::Fr => fr,
    };
    Message::new("literal").with("text", text)
}

fn subject() -> Subject {
    Subject::new(Kind::Deployment, "production", "payment-service").container("app")
}

fn target() -> Target {
    Target {
        environment: Some("production".into()),
        cluster: Some("prod".into()),
        namespace: Some("production".into()),
        kind: Some(Kind::Deployment),
        name: Some("payment-service".into()),
    }
}

fn line(step: &str, status: LedgerStatus, detail: Message) -> LedgerLine {
    LedgerLine {
        step: step.into(),
        status,
        detail,
        ms: 14,
        requests: 2,
        bytes: 2048,
    }
}

/// A diagnosis without causes.
pub(super) fn plain(language: Language, verdict: Verdict, headline: Message) -> Diagnosis {
    Diagnosis {
        question: Untrusted::new("Service payment est lent en production"),
        language,
        target: target(),
        verdict,
        headline,
        root_causes: Vec::new(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: Vec::new(),
        ledger: vec![line(
            "pods",
            LedgerStatus::Ok,
            say(language, "12 pods", "12 pods"),
        )],
        started_at: now() - TimeDelta::milliseconds(412),
        elapsed_ms: 412,
    }
}

/// S1: killed for memory, with a log line that carries a password and an attack.
pub(super) fn oom(language: Language) -> Diagnosis {
    let say = |en, fr| say(language, en, fr);
    let finding = oom_finding(language);
    let mut diagnosis = plain(language, Verdict::CauseFound, finding.summary.clone());
    diagnosis.findings = vec![finding.clone()];
    diagnosis.root_causes = vec![RootCause {
        finding,
        confidence: 0.974,
        explains: vec!["replicas-unavailable".into(), "slow".into()],
    }];
    diagnosis.ruled_out = vec![say("CPU: 38% of the limit", "CPU : 38 % de la limite")];
    diagnosis.ledger.push(line(
        "logs",
        LedgerStatus::NotPermitted,
        say(
            "no right to get pods/log in production",
            "pas le droit get sur pods/log dans production",
        ),
    ));
    diagnosis.ledger.push(line(
        "grafana",
        LedgerStatus::NotConfigured,
        Message::new("literal").with("text", ""),
    ));
    diagnosis
}

/// The verdicts without a cause, by name.
pub(super) fn others(language: Language) -> Vec<(&'static str, Diagnosis)> {
    let target = |id| Message::new(id).with("target", "payment-service");
    let (unknown, blind, not_found) = (unknown(language), blind(language), not_found(language));
    vec![
        (
            "healthy",
            plain(
                language,
                Verdict::Healthy,
                target("headline-healthy").with("checks", 9),
            ),
        ),
        (
            "recovered",
            plain(
                language,
                Verdict::Recovered,
                target("headline-recovered")
                    .with("from", minutes_ago(60))
                    .with("until", minutes_ago(20))
                    .with("span", Arg::Span(2400)),
            ),
        ),
        (
            "expected",
            plain(
                language,
                Verdict::Expected,
                target("headline-expected").with(
                    "what",
                    say(
                        language,
                        "a rollout is in progress, 3 of 5 pods are new.",
                        "un déploiement est en cours, 3 pods sur 5 sont neufs.",
                    ),
                ),
            ),
        ),
        ("unknown", unknown),
        ("could-not-look", blind),
        ("target-not-found", not_found),
    ]
}

fn oom_finding(language: Language) -> Finding {
    let say = |en, fr| say(language, en, fr);
    Finding {
        cause: Cause::OomKilled,
        subject: subject(),
        strength: 0.97,
        summary: say(
            "payment-service: container app is killed for memory at its limit of 512Mi (4 restarts)",
            "payment-service : le conteneur app est tué pour mémoire à sa limite de 512Mi (4 redémarrages)",
        ),
        evidence: oom_evidence(language),
        blames: Vec::new(),
        hits: Vec::new(),
        explains: vec![Symptom::Slow],
        fix: vec![Fix {
            object: Subject::new(Kind::Deployment, "production", "payment-service"),
            field: "resources.limits.memory".into(),
            from: Some("512Mi".into()),
            to: Some("1Gi".into()),
            why: say("Twice the limit; the need is an estimate, no usage history was found.", "Le double de la limite ; c'est une estimation, faute d'historique."),
            command: Some("kubectl -n production set resources deployment/payment-service -c app --limits=memory=1Gi".into()),
        }],
        changed: Some(Change {
            what: say("image 2.13.2 → 2.14.0", "image 2.13.2 → 2.14.0"),
            when: minutes_ago(16),
        }),
        since: Some(minutes_ago(12)),
        affected: 3,
    }
}

fn oom_evidence(language: Language) -> Vec<Evidence> {
    let say = |en, fr| say(language, en, fr);
    vec![
        Evidence {
            fact: say(
                "last state: OOMKilled, exit code 137",
                "dernier état : OOMKilled, code de sortie 137",
            ),
            source: "pod payment-service-7c9-x2x9k status.lastState".into(),
            observed_at: Some(minutes_ago(3)),
        },
        Evidence {
            fact: Message::new("value").with(
                "value",
                "<!channel> java.lang.OutOfMemoryError: Java heap space DB_PASSWORD=FAKE`pass",
            ),
            source: "log payment-service-7c9-x2x9k previous".into(),
            observed_at: None,
        },
    ]
}

/// A name that does not exist, with three near ones.
pub(super) fn not_found(language: Language) -> Diagnosis {
    let mut not_found = plain(
        language,
        Verdict::TargetNotFound,
        Message::new("headline-not-found-in")
            .with("name", "paymnt<b>")
            .with("place", "production"),
    );
    not_found.suggestions = vec![
        "payment-service".into(),
        "payment-worker".into(),
        "paypal-gateway".into(),
    ];
    not_found
}

fn unknown(language: Language) -> Diagnosis {
    let target = |id| Message::new(id).with("target", "payment-service");
    let mut unknown = plain(language, Verdict::Unknown, target("headline-unknown"));
    unknown.ruled_out = vec![
        say(language, "restarts: 0 in 24 h", "redémarrages : 0 en 24 h"),
        say(language, "CPU: 38% of the limit", "CPU : 38 % de la limite"),
    ];
    unknown
}

fn blind(language: Language) -> Diagnosis {
    let target = |id| Message::new(id).with("target", "payment-service");
    let mut blind = plain(
        language,
        Verdict::CouldNotLook,
        target("headline-could-not-look").with(
            "what",
            say(
                language,
                "the API server did not answer.",
                "le serveur d'API n'a pas répondu.",
            ),
        ),
    );
    blind.ledger = vec![line(
        "pods",
        LedgerStatus::TimedOut,
        say(language, "after 5 s", "après 5 s"),
    )];
    blind
}
