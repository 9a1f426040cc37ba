//! Which curve is shown for which cause, and when nothing is to be seen.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use serde_json::json;

use super::*;
use crate::finding::{Change, Chart, CurveRole, RootCause, Target, Verdict};
use crate::investigation::case::{Indicator, Reading};
use crate::text::{Arg, Language, Message, Untrusted};

const MIB: f64 = 1_048_576.0;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 26, 14, 14, 0).unwrap()
}

fn workload() -> Subject {
    Subject::new(Kind::Deployment, "production", "payment-service").container("app")
}

/// One pod of the workload, its container with limits, killed four minutes ago.
fn case() -> Case {
    let pod = json!({
        "metadata": {
            "name": "payment-service-7d9f8b6c5-x7k2p", "namespace": "production",
            "labels": {"app": "payment", "pod-template-hash": "7d9f8b6c5"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "payment-service-7d9f8b6c5", "uid": "1", "controller": true}],
        },
        "spec": {
            "containers": [{"name": "app", "resources": {"limits": {"memory": "512Mi", "cpu": "500m"}, "requests": {"memory": "256Mi", "cpu": "200m"}}}],
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}}],
        },
        "status": {"containerStatuses": [{"name": "app", "image": "x", "imageID": "x", "ready": false, "restartCount": 3,
            "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-11-26T14:10:00Z"}}}]},
    });
    let mut case = Case {
        now: now(),
        ..Case::default()
    };
    case.pods.put(serde_json::from_value(pod).unwrap());
    case
}

fn diagnosis(causes: Vec<Finding>) -> Diagnosis {
    let root = |finding: Finding| RootCause {
        finding,
        confidence: 0.95,
        explains: Vec::new(),
    };
    Diagnosis {
        question: Untrusted::new("why"),
        language: Language::En,
        target: Target {
            namespace: Some("production".to_owned()),
            kind: Some(Kind::Deployment),
            name: Some("payment-service".to_owned()),
            ..Target::default()
        },
        verdict: Verdict::CauseFound,
        headline: Message::new("x"),
        root_causes: causes.into_iter().map(root).collect(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: Vec::new(),
        ledger: Vec::new(),
        started_at: now(),
        elapsed_ms: 0,
    }
}

fn found(cause: Cause, subject: Subject) -> Finding {
    Finding::new(cause, subject, 0.9, Message::new("x"))
}

/// A curve over the plan's time; its argument goes from 0 to 1.
fn line(plan: &Plan, value: impl Fn(f64) -> f64) -> Line {
    let steps = (plan.to - plan.from).num_seconds() / plan.step.num_seconds();
    let point = |n: i64| {
        let part = f64::from(i32::try_from(n).unwrap()) / f64::from(i32::try_from(steps).unwrap());
        (
            plan.from.timestamp() + n * plan.step.num_seconds(),
            value(part),
        )
    };
    Line {
        points: (0..=steps).map(point).collect(),
    }
}

fn measured(now: Vec<Line>) -> Measured {
    Measured {
        now,
        ..Measured::default()
    }
}

/// The picture of one cause, from one curve.
fn shown(cause: Cause, subject: Subject, value: impl Fn(f64) -> f64) -> Option<Chart> {
    let case = case();
    let plan = plan(&case, &diagnosis(vec![found(cause, subject)]))?;
    let curve = line(&plan, value);
    chart(&case, &plan, measured(vec![curve]))
}

#[test]
fn a_saw_tooth_is_counted_and_its_first_kill_marked() {
    let tooth = |part: f64| (180.0 + 330.0 * (part * 4.0).fract()) * MIB;
    let chart = shown(Cause::OomKilled, workload(), tooth).unwrap();
    assert_eq!(chart.conclusion.args["times"], Arg::Count(4));
    assert_eq!(chart.levels.len(), 2);
    let [killed] = &chart.marks[..] else {
        panic!("{:?}", chart.marks)
    };
    assert_eq!(
        (killed.label.id.as_ref(), killed.trouble),
        ("chart-mark-killed", true)
    );
    assert!(chart.series[0].points.len() > 60);
}

#[test]
fn a_line_that_shows_nothing_is_no_picture() {
    assert_eq!(
        shown(Cause::OomKilled, workload(), |_| 480.0 * MIB),
        None,
        "flat under the limit"
    );
    assert_eq!(
        shown(Cause::OomKilled, workload(), |part| (60.0 + 90.0 * part)
            * MIB),
        None,
        "far from it"
    );
    assert_eq!(
        shown(Cause::CpuThrottled, workload(), |_| 0.1),
        None,
        "held back in moments that no mean shows"
    );
    assert_eq!(shown(Cause::DiskFull, workload(), |_| 0.4), None);
    let case = case();
    let plan = plan(&case, &diagnosis(vec![found(Cause::OomKilled, workload())])).unwrap();
    assert_eq!(chart(&case, &plan, Measured::default()), None, "no data");
    let few = Line {
        points: vec![(plan.from.timestamp(), 500.0 * MIB)],
    };
    assert_eq!(
        chart(&case, &plan, measured(vec![few])),
        None,
        "a single scrape"
    );
}

#[test]
fn causes_without_a_curve_ask_for_none() {
    let missing = Subject::new(Kind::ConfigMap, "production", "payment-config");
    for (cause, subject) in [
        (Cause::ConfigMapMissing, missing),
        (Cause::ImageTagNotFound, workload()),
        (
            Cause::ServiceSelectorMismatch,
            Subject::new(Kind::Service, "production", "payment"),
        ),
        (Cause::NodeDiskPressure, workload()),
    ] {
        assert_eq!(
            plan(&case(), &diagnosis(vec![found(cause, subject)])),
            None,
            "{cause:?}"
        );
    }
}

#[test]
fn what_a_change_leads_to_is_what_is_shown() {
    let mut root = found(Cause::RolloutBadRevision, workload());
    root.changed = Some(Change {
        what: Message::new("x"),
        when: now() - TimeDelta::minutes(20),
    });
    let mut diagnosis = diagnosis(vec![root]);
    diagnosis.root_causes[0].explains = vec!["oom-killed".to_owned()];
    diagnosis.findings = vec![
        found(Cause::CpuThrottled, workload()),
        found(Cause::OomKilled, workload()),
    ];
    let case = case();
    let plan = plan(&case, &diagnosis).unwrap();
    assert_eq!(plan.topic, Topic::Memory, "not what it does not explain");
    let tooth = line(&plan, |part| (180.0 + 330.0 * (part * 3.0).fract()) * MIB);
    let marks = chart(&case, &plan, measured(vec![tooth])).unwrap().marks;
    let ids: Vec<&str> = marks.iter().map(|mark| mark.label.id.as_ref()).collect();
    assert_eq!(ids, ["chart-mark-deploy", "chart-mark-killed"]);
}

#[test]
fn answer_times_stand_beside_yesterday_or_what_was_before() {
    let mut slow = found(Cause::RegressionAfterChange, workload());
    slow.explains = vec![Symptom::Slow];
    slow.since = Some(now() - TimeDelta::minutes(30));
    let case = case();
    let plan = plan(&case, &diagnosis(vec![slow])).unwrap();
    assert!(plan.topic == Topic::Latency && plan.beside_yesterday());
    let turned = || line(&plan, |part| if part < 0.5 { 0.3 } else { 2.4 });
    let usual = line(&plan, |_| 0.3);
    let both = Measured {
        yesterday: vec![usual.clone()],
        ..measured(vec![turned()])
    };
    let beside = chart(&case, &plan, both).unwrap();
    assert_eq!(beside.conclusion.id, "chart-latency-usual");
    assert_eq!(beside.series[1].role, CurveRole::Usual);
    let alone = chart(&case, &plan, measured(vec![turned()])).unwrap();
    assert_eq!(alone.conclusion.id, "chart-latency-rose");
    let well = Measured {
        yesterday: vec![usual.clone()],
        ..measured(vec![usual])
    };
    assert_eq!(chart(&case, &plan, well), None, "as slow as yesterday");
}

#[test]
fn a_filling_disk_says_when_it_is_full_and_a_full_one_that_it_is() {
    let filling = shown(Cause::DiskFull, workload(), |part| 0.6 + 0.36 * part).unwrap();
    assert_eq!(filling.conclusion.id, "chart-filling-soon");
    let Arg::Span(left) = filling.conclusion.args["span"] else {
        panic!()
    };
    assert!(
        (1_100..1_300).contains(&left),
        "four hundredths at twelve an hour: {left} s"
    );
    assert_eq!((filling.to - filling.from).num_hours(), 3);
    let full = shown(Cause::DiskFull, workload(), |part| (0.9 + part).min(1.0)).unwrap();
    assert_eq!(full.conclusion.id, "chart-filling");
    let node = Subject::cluster(Kind::Node, "worker-2");
    assert!(shown(Cause::NodeDiskPressure, node.clone(), |_| 0.97).is_some());
    assert!(shown(Cause::CpuSaturated, node, |_| 0.97).is_some());
}

#[test]
fn a_throttled_container_says_how_much_it_is_held_back() {
    let mut case = case();
    case.readings.push(Reading {
        indicator: Indicator::CpuThrottled,
        namespace: "production".to_owned(),
        workload: "payment-service".to_owned(),
        pod: None,
        container: Some("app".to_owned()),
        node: None,
        now: 0.61,
        usual: None,
        week: None,
        history: Vec::new(),
    });
    let plan = plan(
        &case,
        &diagnosis(vec![found(Cause::CpuThrottled, workload())]),
    )
    .unwrap();
    let held = line(&plan, |part| (0.2 + part).min(0.49));
    let chart = chart(&case, &plan, measured(vec![held])).unwrap();
    assert_eq!(chart.conclusion.id, "chart-cpu-throttled");
    assert_eq!(chart.conclusion.args["share"], Arg::Percent(0.61));
}

#[test]
fn connections_and_replicas_have_climbed_to_their_maximum() {
    let case = case();
    let plan = plan(
        &case,
        &diagnosis(vec![found(Cause::ConnectionLimitReached, workload())]),
    )
    .unwrap();
    let climbing = line(&plan, |part| 400.0 + 600.0 * part);
    let most = |most, curve: &Line| Measured {
        most,
        ..measured(vec![curve.clone()])
    };
    assert!(chart(&case, &plan, most(Some(1000.0), &climbing)).is_some());
    assert_eq!(
        chart(&case, &plan, most(Some(5000.0), &climbing)),
        None,
        "room enough"
    );
    assert_eq!(
        chart(&case, &plan, most(None, &climbing)),
        None,
        "no maximum known"
    );
    let flat = line(&plan, |_| 1000.0);
    assert_eq!(
        chart(&case, &plan, most(Some(1000.0), &flat)),
        None,
        "always there"
    );
    let scaled = Plan {
        topic: Topic::Replicas("payment".to_owned(), 10),
        ..plan
    };
    let steps = line(&scaled, |part| (3.0 + 9.0 * part).floor().min(10.0));
    assert!(chart(&case, &scaled, measured(vec![steps])).is_some());
}

#[test]
fn without_a_cause_the_complaint_is_looked_at_and_only_then() {
    let mut case = case();
    case.symptoms = vec![Symptom::Slow];
    let mut unknown = diagnosis(Vec::new());
    unknown.verdict = Verdict::Unknown;
    assert_eq!(plan(&case, &unknown).unwrap().topic, Topic::Latency);
    unknown.verdict = Verdict::Healthy;
    assert_eq!(plan(&case, &unknown), None);
}
