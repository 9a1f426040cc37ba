//! A step before the application's start: an init container that ends badly, or that waits for something
//! that does not come. What it waits for is the root where that is not well; this finding blames it.

use std::sync::LazyLock;

use chrono::TimeDelta;
use regex::Regex;

use super::patterns::UNREACHABLE;
use super::{Death, log_source, status_source};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Address, Container, Facts, LogRead, Workload, addresses_in_text, containers,
};
use crate::investigation::judge::dependency::answering;
use crate::investigation::judge::facts::{is_live, pod_name};
use crate::text::{Arg, Message, pattern};

/// A step that waits this long does not wait for a start at the same time.
const PATIENT: TimeDelta = TimeDelta::minutes(2);
/// A step that says nothing of a wait may be a long migration.
const LONG: TimeDelta = TimeDelta::minutes(20);
/// Lines at the end of a log that say what goes on.
const LAST: usize = 5;

const NOT_STARTED: [Symptom; 6] = [
    Symptom::NotReady,
    Symptom::Unavailable,
    Symptom::DeployFailed,
    Symptom::Restarting,
    Symptom::Errors,
    Symptom::Slow,
];

/// How scripts and tools say that they wait.
static WAITS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)\bwait(?:ing|s)?\b|attends|en attente|not (?:yet )?(?:ready|available|up|reachable)|no response|sleeping|retry|bad address|can't resolve|\buntil\b|\bwhile\b|still (?:not|un)").ok()
});
/// A host apart from its port, or without one, as shell loops have it.
static TARGETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:\bnc(?:at)?\b[^;|&\n]*?\s(?P<h1>[a-z][a-z0-9.-]*)\s+(?P<p1>\d{2,5}))",
        r"|(?:(?:\s-h\s*|--host[= ])(?P<h2>[a-z][a-z0-9.-]*)(?:[^;|&\n]*?(?:\s-[pP]\s*|--port[= ])(?P<p2>\d{2,5}))?)",
        r"|(?:nslookup\s+(?P<h3>[a-z][a-z0-9.-]*))",
        r"|(?:(?:bad address|can't resolve)\s+'(?P<h4>[a-z][a-z0-9.-]*)'?)",
        r"|(?:(?i:wait(?:ing)? for)\s+(?:(?:the\s+)?(?:service|host|database|db|server|postgres|mysql)\s+)?(?P<h5>[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*-[a-z0-9.-]+))"
    ))
    .ok()
});
/// A variable of the container's own env.
static VARIABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\$\{?([A-Z][A-Z0-9_]*)\}?").ok());

/// A step that ended badly, where nothing more exact is known.
pub(super) fn ended(case: &Facts<'_>, death: &Death<'_>) -> Finding {
    let reason = death.log.and_then(|log| Some((log, log.reason()?)));
    let line = reason.map(|(_, record)| record.why());
    let summary = Message::new(if line.is_some() {
        "cause-init-container-failing"
    } else {
        "cause-init-container-failing-no-log"
    })
    .with("error", line.unwrap_or_default())
    .with("code", death.exit.code)
    .with("container", death.container.name())
    .with("workload", &death.subject.name);
    let awaited = death.log.and_then(|log| {
        let (_, line) = log.find(|line| UNREACHABLE.in_line(line))?;
        addresses(line).into_iter().next()
    });
    let strength = if line.is_some() { 0.82 } else { 0.6 };
    let exit = Message::new("fact-container-exited")
        .with("code", death.exit.code)
        .with("restarts", death.container.restarts())
        .with("ready", death.ready)
        .with("wanted", death.pods);
    let mut finding = Finding::new(
        Cause::InitContainerFailing,
        death.subject.clone(),
        strength,
        summary,
    )
    .explains(NOT_STARTED)
    .since(death.exit.started.or(death.exit.finished))
    .affected(death.affected)
    .blames(awaited.iter().flat_map(|to| {
        answering(
            case,
            death.subject.namespace.as_deref().unwrap_or_default(),
            to,
        )
    }));
    if let Some((log, record)) = reason {
        let fact = Message::new("fact-log-says").with("line", record.why());
        finding = finding.evidence(fact, log_source(log), record.at);
    }
    let why = Message::new("why-init-container-failing").with("container", death.container.name());
    finding
        .evidence(exit, status_source(&death.container), death.exit.finished)
        .fix(Fix::new(death.subject.clone(), "", why))
}

/// The steps that have been running for long: one finding each workload and step.
pub(super) fn waiting(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings: Vec<Finding> = Vec::new();
    for workload in all {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            let steps = containers(pod).into_iter().filter(Container::is_step);
            for step in steps.filter(|step| step.running_since().is_some()) {
                let Some(finding) = waits(case, workload, &step) else {
                    continue;
                };
                let known = findings.iter_mut().find(|it| it.subject == finding.subject);
                match known {
                    Some(known) => known.affected += 1,
                    None => findings.push(finding),
                }
            }
        }
    }
    findings
}

fn waits(case: &Facts<'_>, workload: &Workload<'_>, step: &Container<'_>) -> Option<Finding> {
    let since = step.running_since()?;
    let namespace = workload.namespace();
    let log = case.log(namespace, pod_name(step.pod), step.name(), false);
    let command = command(step);
    let last = log.map_or_else(Vec::new, last_lines);
    let says = |text: &str| {
        WAITS.as_ref().is_some_and(|it| it.is_match(text)) || UNREACHABLE.in_line(text)
    };
    let line = last.iter().find(|line| says(line)).copied();
    let job = awaited_job(step, namespace);
    let is_wait = line.is_some() || says(&command) || job.is_some();
    let lasts = case.now - since;
    if lasts < if is_wait { PATIENT } else { LONG } {
        return None;
    }
    let from_log = last.iter().flat_map(|line| addresses(line));
    let address = from_log.chain(addresses(&command)).next();
    let named = job
        .as_ref()
        .map(|job| job.name.clone())
        .or_else(|| address.as_ref().map(show));
    let blamed = match (job, &address) {
        (Some(job), _) => vec![job],
        (None, Some(address)) => answering(case, namespace, address),
        (None, None) => Vec::new(),
    };
    let strength = match (is_wait, named.is_some()) {
        (true, true) => 0.86,
        (true, false) => 0.65,
        (false, _) => 0.45,
    };
    Some(waiting_finding(case, workload, step, (named, strength, line.zip(log))).blames(blamed))
}

fn waiting_finding(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    step: &Container<'_>,
    (named, strength, line): (Option<String>, f64, Option<(&str, &LogRead)>),
) -> Finding {
    let lasts = step
        .running_since()
        .map_or(0, |since| (case.now - since).num_seconds());
    let args = |message: Message| {
        message
            .with("workload", &workload.subject.name)
            .with("container", step.name())
            .with("for", named.clone().unwrap_or_default())
            .with("known", if named.is_some() { "yes" } else { "no" })
            .with("lasts", Arg::Span(lasts))
    };
    let subject = workload.subject.clone().container(step.name());
    let fix = Fix::new(
        subject.clone(),
        "",
        args(Message::new("why-init-container-waiting")),
    );
    let state = format!(
        "pod {} status.initContainerStatuses[{}]",
        pod_name(step.pod),
        step.name()
    );
    let summary = args(Message::new("cause-init-container-waiting"));
    let mut finding = Finding::new(Cause::InitContainerFailing, subject, strength, summary)
        .explains(NOT_STARTED)
        .since(step.running_since())
        .affected(1)
        .fix(fix);
    if let Some((line, log)) = line {
        let fact = Message::new("fact-log-says").with("line", line.trim());
        let at = log
            .find(|one| one == line)
            .and_then(|(record, _)| record.at);
        finding = finding.evidence(fact, log_source(log), at);
    }
    let ready = Message::new("fact-replicas-ready")
        .with("ready", workload.ready())
        .with("wanted", workload.wanted().max(1));
    finding
        .evidence(args(Message::new("fact-init-runs")), state, Some(case.now))
        .evidence(
            ready,
            format!("{} pods", workload.subject.label()),
            Some(case.now),
        )
}

fn last_lines(log: &LogRead) -> Vec<&str> {
    let last = log.records.iter().rev().take(LAST);
    last.map(|record| record.text.as_str()).collect()
}

/// What it runs, with the variables it is given.
fn command(step: &Container<'_>) -> String {
    let spec = step.spec;
    let words = spec
        .command
        .iter()
        .flatten()
        .chain(spec.args.iter().flatten());
    let text = words.cloned().collect::<Vec<_>>().join(" ");
    let Some(variable) = VARIABLE.as_ref() else {
        return text;
    };
    let value = |found: &regex::Captures<'_>| {
        let name = found.get(1).map_or("", |it| it.as_str());
        step.env(name).unwrap_or_default().to_owned()
    };
    variable.replace_all(&text, value).into_owned()
}

fn addresses(text: &str) -> Vec<Address> {
    let mut found = addresses_in_text(text);
    for target in TARGETS.iter().flat_map(|it| it.captures_iter(text)) {
        let group = |names: &[&str]| names.iter().find_map(|name| target.name(name));
        let Some(host) = group(&["h1", "h2", "h3", "h4", "h5"]) else {
            continue;
        };
        found.push(Address {
            host: host
                .as_str()
                .trim_end_matches(['.', '-'])
                .to_ascii_lowercase(),
            port: group(&["p1", "p2"]).and_then(|port| port.as_str().parse().ok()),
        });
    }
    found.retain(|address| !matches!(address.host.as_str(), "localhost" | "127.0.0.1"));
    found
}

fn show(address: &Address) -> String {
    address.port.map_or_else(
        || address.host.clone(),
        |port| format!("{}:{port}", address.host),
    )
}

/// `k8s-wait-for job NAME`, `kubectl wait … job/NAME`.
fn awaited_job(step: &Container<'_>, namespace: &str) -> Option<Subject> {
    let text = command(step);
    let tool = step.image().contains("wait-for") || text.contains("kubectl wait");
    let words: Vec<&str> = text.split_whitespace().collect();
    let by_word = words
        .iter()
        .position(|word| *word == "job" || *word == "jobs")
        .and_then(|at| words.get(at + 1).copied());
    let by_slash = words.iter().find_map(|word| {
        word.strip_prefix("job/")
            .or_else(|| word.strip_prefix("job.batch/"))
    });
    let name = by_slash.or(by_word).filter(|_| tool)?;
    Some(Subject::new(Kind::Job, namespace, name))
}
