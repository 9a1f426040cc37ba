//! `deploy/report.schema.json` is what `vigie ask --output json` keeps to. Regenerate it with
//! `VIGIE_UPDATE_SCHEMA=1 cargo test report_schema`.

#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

use std::fs;
use std::path::PathBuf;

use chrono::{TimeZone as _, Utc};
use serde_json::{Value, json};
use vigie::finding::{Diagnosis, Report, SCHEMA_ID, Target, Verdict};
use vigie::post::report;
use vigie::text::{Language, Message, Redactor};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy/report.schema.json")
}

fn schema() -> Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    schema["$id"] = SCHEMA_ID.into();
    schema
}

fn published() -> Value {
    serde_json::from_str(&fs::read_to_string(path()).unwrap()).unwrap()
}

/// A report as the program writes it.
fn healthy() -> Value {
    let diagnosis = Diagnosis {
        question: "payment ?".into(),
        language: Language::Fr,
        target: Target::default(),
        verdict: Verdict::Healthy,
        headline: Message::new("headline-healthy")
            .with("target", "payment")
            .with("checks", 9),
        root_causes: Vec::new(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: vec!["payment-service".into()],
        ledger: Vec::new(),
        started_at: Utc.with_ymd_and_hms(2026, 11, 23, 14, 0, 0).unwrap(),
        elapsed_ms: 12,
    };
    serde_json::to_value(report(&diagnosis, Language::Fr, &Redactor::default())).unwrap()
}

/// The example of the documentation, with a cause.
fn with_cause() -> Value {
    let mut report = healthy();
    report["verdict"] = "cause-found".into();
    report["root_causes"] = json!([{
        "cause": "oom-killed",
        "subject": {"kind": "Deployment", "namespace": "production", "name": "payment-service", "container": "app"},
        "confidence": 0.97,
        "summary": "payment-service est tué pour mémoire",
        "evidence": [{"fact": "OOMKilled", "source": "pod payment-service-def status.lastState", "observed_at": "2026-11-23T14:00:00Z"}],
        "explains": ["slow"],
        "fix": [{"object": "Deployment production/payment-service", "field": "resources.limits.memory", "from": "512Mi", "to": "1Gi", "why": "…", "command": "kubectl …"}],
        "changed": {"what": "image", "when": "2026-11-23T13:58:00Z"}
    }]);
    report["ledger"] = json!([{"step": "pods", "status": "not-permitted", "detail": "403", "ms": 14, "requests": 1, "bytes": 0}]);
    report["escalation"] = json!({"class": "production", "due_at": "2026-11-23T14:10:00Z"});
    report
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("VIGIE_UPDATE_SCHEMA").is_some() {
        fs::write(path(), &text).unwrap();
    }
    let published = fs::read_to_string(path()).unwrap();
    assert_eq!(published, text, "run with VIGIE_UPDATE_SCHEMA=1");
}

#[test]
fn reports_keep_to_it_and_read_back() {
    let validator = jsonschema::validator_for(&published()).unwrap();
    for report in [healthy(), with_cause()] {
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
        let read: Report = serde_json::from_value(report).unwrap();
        assert_eq!(read.suggestions, ["payment-service"]);
    }
}

#[test]
fn what_breaks_the_contract_is_refused() {
    let validator = jsonschema::validator_for(&published()).unwrap();
    let break_it: [fn(&mut Value); 7] = [
        |report| report["verdict"] = "fine".into(),
        |report| report["root_causes"][0]["cause"] = "gremlins".into(),
        |report| report["root_causes"][0]["confidence"] = "high".into(),
        |report| report["ledger"][0]["status"] = "missing".into(),
        |report| report["root_causes"][0]["subject"]["kind"] = "Thing".into(),
        |report| report["language"] = "de".into(),
        |report| {
            report.as_object_mut().unwrap().remove("summary");
        },
    ];
    for (at, break_it) in break_it.into_iter().enumerate() {
        let mut report = with_cause();
        assert!(validator.is_valid(&report));
        break_it(&mut report);
        assert!(!validator.is_valid(&report), "change {at} must be refused");
    }
}
