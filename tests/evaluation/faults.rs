//! Reads that fail, one by one, by kind, and all from some moment on: never a panic, never "missing" for "could not
//! look", never a cause where all is well, and the ledger says what was not seen.

use std::path::Path;
use std::time::Duration;

use futures::StreamExt as _;
use vigie::evaluation::{Loaded, Replayed, build, load, replay, replay_on};
use vigie::finding::{Diagnosis, LedgerStatus, Verdict};
use vigie::sandbox::fault::Wire;
use vigie::sandbox::kube::{KubeFault, Target};

/// Cases in which something is missing, something is broken, nothing is wrong.
const CASES: [&str; 10] = [
    "configmap-missing/sick",
    "secret-missing/sick",
    "pvc-missing/sick",
    "service-selector-mismatch/sick",
    "service-no-ready-endpoints/sick",
    "dependency-unreachable/sick",
    "oom-killed/sick",
    "quota-exceeded-cpu/sick",
    "configmap-missing/healthy",
    "service-no-ready-endpoints/healthy",
];

/// Kinds as their paths say them.
const KINDS: [&str; 14] = [
    "pods",
    "pods/log",
    "deployments",
    "replicasets",
    "statefulsets",
    "services",
    "endpointslices",
    "events",
    "resourcequotas",
    "persistentvolumeclaims",
    "nodes",
    "ingresses",
    "networkpolicies",
    "namespaces",
];

/// Reads wait this long here; the budget of an investigation stays what it is.
const PATIENCE: Duration = Duration::from_millis(250);
/// Budget of an investigation, and what the machine may add.
const DEADLINE: Duration = Duration::from_secs(40);
/// Replays at the same time: most of the time they wait.
const AT_ONCE: usize = 8;

/// One way of failing.
#[derive(Clone, Debug)]
struct Plan {
    after: usize,
    once: bool,
    target: Target,
    fault: KubeFault,
}

fn faults() -> Vec<KubeFault> {
    vec![
        KubeFault::Forbidden,
        KubeFault::ServerError,
        KubeFault::TooManyRequests(1),
        KubeFault::Wire(Wire::Status(404, "404 page not found".to_owned())),
        KubeFault::Wire(Wire::Status(410, "gone".to_owned())),
        KubeFault::Wire(Wire::Hang),
        KubeFault::Wire(Wire::Garbage),
        KubeFault::Wire(Wire::Html),
    ]
}

fn plans(requests: usize) -> Vec<Plan> {
    let all = faults();
    let mut plans = Vec::new();
    for after in 0..requests {
        plans.push(Plan {
            after,
            once: true,
            target: Target::any(),
            fault: all[after % all.len()].clone(),
        });
    }
    for (at, kind) in KINDS.iter().enumerate() {
        for fault in [&all[0], &all[1 + at % (all.len() - 1)]] {
            plans.push(Plan {
                after: 0,
                once: false,
                target: Target::resource(kind),
                fault: fault.clone(),
            });
        }
    }
    for fault in all {
        plans.push(Plan {
            after: 3,
            once: false,
            target: Target::any(),
            fault,
        });
    }
    plans
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_fails_is_a_gap_and_never_a_cause() {
    let mut wrong = Vec::new();
    for name in CASES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/causes")
            .join(format!("{name}.yaml"));
        let case = load(&path).unwrap_or_else(|error| panic!("{error}"));
        let usual = replay(&case.file).await.unwrap();
        let tries = plans(usual.requests).into_iter().map(|plan| {
            let (case, usual) = (&case, &usual);
            async move { tried(case, usual, plan).await }
        });
        let results: Vec<Option<String>> = futures::stream::iter(tries)
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        wrong.extend(results.into_iter().flatten());
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

async fn tried(case: &Loaded, usual: &Replayed, plan: Plan) -> Option<String> {
    let cluster = build(&case.file).unwrap();
    cluster.fault_after(
        plan.after,
        plan.target.clone(),
        plan.fault.clone(),
        plan.once,
    );
    let replayed = replay_on(&case.file, &cluster, PATIENCE).await.unwrap();
    let problem = problem(case, usual, &replayed, &plan)?;
    Some(format!("{}, {plan:?}: {problem}", case.name))
}

fn problem(case: &Loaded, usual: &Replayed, now: &Replayed, plan: &Plan) -> Option<String> {
    if now.took > DEADLINE {
        return Some(format!("took {:?}", now.took));
    }
    let (usual, now) = (usual.diagnosis.as_ref()?, now.diagnosis.as_ref()?);
    let true_here = case.file.expect.cause.map(vigie::finding::Cause::code);
    let known = findings(usual);
    let new: Vec<String> = causes(now)
        .into_iter()
        .filter(|one| !known.contains(one))
        .filter(|one| true_here.is_none_or(|code| !one.starts_with(code)))
        .collect();
    let claims: Vec<&String> = new.iter().filter(|one| is_absence(one)).collect();
    if !claims.is_empty() {
        return Some(format!("claims {claims:?}"));
    }
    if usual.root_causes.is_empty() && !now.root_causes.is_empty() {
        return Some(format!("named {:?} where all is well", causes(now)));
    }
    let lasting = !plan.once && plan.after > 0;
    let seen = now
        .ledger
        .iter()
        .any(|line| line.status != LedgerStatus::Ok && line.status != LedgerStatus::NotConfigured);
    if lasting && !seen {
        return Some(format!(
            "the ledger says nothing: {:?}",
            now.ledger
                .iter()
                .map(|line| line.status)
                .collect::<Vec<_>>()
        ));
    }
    (lasting && now.verdict == Verdict::Healthy).then(|| "healthy, after three reads".to_owned())
}

/// Everything that is true of the case, roots and consequences.
fn findings(diagnosis: &Diagnosis) -> Vec<String> {
    let all = diagnosis.findings.iter();
    all.map(|one| format!("{} on {}", one.cause.code(), one.subject.label()))
        .collect()
}

fn causes(diagnosis: &Diagnosis) -> Vec<String> {
    let all = diagnosis.root_causes.iter();
    all.map(|root| {
        format!(
            "{} on {}",
            root.finding.cause.code(),
            root.finding.subject.label()
        )
    })
    .collect()
}

/// Causes that say of something that it is not there.
fn is_absence(cause: &str) -> bool {
    [
        "-missing",
        "no-ready-endpoints",
        "selector-mismatch",
        "scaled-to-zero",
        "wrong-address",
        "not-found",
    ]
    .iter()
    .any(|word| cause.contains(word))
}
