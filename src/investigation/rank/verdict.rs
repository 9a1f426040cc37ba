//! The conclusion in one word and one sentence, and what was checked and found normal.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::case::{Case, Facts, Scope, Workload, containers};
use super::super::judge::last_change;
use super::{SHORTLY, expected, measured, pipeline, roots};
use crate::finding::{Certainty, Change, Finding, Kind, RootCause, Subject, Verdict};
use crate::text::{Arg, Message};

/// Recent changes that are told.
const CHANGES: usize = 3;
/// Roots below this are not named as the cause.
const NAMED: f64 = 0.35;
/// A restart within this time may be what the asker noticed.
const RECOVERED: TimeDelta = TimeDelta::hours(6);
/// A container that ran this long since its last bad end has recovered.
const SETTLED: TimeDelta = TimeDelta::minutes(10);

/// What the facts add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// In one word.
    pub verdict: Verdict,
    /// In one sentence.
    pub headline: Message,
    /// Root causes, best first.
    pub root_causes: Vec<RootCause>,
    /// Every relevant finding.
    pub findings: Vec<Finding>,
    /// What was checked and found normal, with numbers.
    pub ruled_out: Vec<Message>,
    /// What changed shortly before, where there is no root cause.
    pub changes: Vec<Message>,
}

/// Concludes a case from what the judges found.
#[must_use]
pub fn conclude(case: &Facts<'_>, findings: &[Finding]) -> Conclusion {
    let (findings, mut root_causes) = roots(case, findings);
    root_causes.retain(|root| root.confidence >= NAMED);
    let ruled_out = checks(case);
    let (verdict, headline) = match root_causes.first() {
        Some(root) => (
            Verdict::CauseFound,
            hedged(root, headline(case, &root.finding)),
        ),
        None => without_cause(case, ruled_out.len()),
    };
    let changes = if root_causes.is_empty() {
        changes(case)
    } else {
        Vec::new()
    };
    Conclusion {
        verdict,
        headline,
        root_causes,
        findings,
        ruled_out,
        changes,
    }
}

/// What is not sure is not said as if it were.
fn hedged(root: &RootCause, sentence: Message) -> Message {
    match root.certainty() {
        Certainty::High => sentence,
        Certainty::Medium => Message::new("headline-probably").with("summary", sentence),
        Certainty::Low => Message::new("headline-perhaps").with("summary", sentence),
    }
}

/// The root's sentence; where it does not speak of the object asked about, that one is named too.
fn headline(case: &Facts<'_>, finding: &Finding) -> Message {
    let Scope::Object(asked) = &case.scope else {
        return finding.summary.clone();
    };
    if matches!(finding.subject.kind, Kind::JenkinsJob | Kind::SonarProject) {
        return finding.summary.clone();
    }
    let own = looked_at(case)
        .iter()
        .any(|workload| workload.subject.same_object(&finding.subject));
    let same = asked.same_object(&finding.subject) || asked.name == finding.subject.name;
    if own
        || same
        || finding
            .summary
            .args
            .values()
            .any(|arg| names(arg, &asked.name))
    {
        return finding.summary.clone();
    }
    Message::new("headline-elsewhere")
        .with("target", &asked.name)
        .with("subject", finding.subject.label())
        .with("summary", finding.summary.clone())
}

/// Whether a sentence's argument is that name, or a list with it.
fn names(arg: &Arg, name: &str) -> bool {
    match arg {
        Arg::List(all) => all.iter().any(|arg| names(arg, name)),
        arg => *arg == Arg::from(name),
    }
}

/// Whether something that matters to a verdict could not be read.
pub(super) fn has_gaps(case: &Case) -> bool {
    !(case.pods.gaps().is_empty()
        && case.events.gaps().is_empty()
        && case.services.gaps().is_empty()
        && case.deployments.gaps().is_empty())
}

fn without_cause(case: &Facts<'_>, checks: usize) -> (Verdict, Message) {
    let looked = looked_at(case);
    let say = |id: &'static str| Message::new(id).with("target", target(case));
    if !case.pods.gaps().is_empty() && case.pods.is_empty() {
        return (
            Verdict::CouldNotLook,
            say("headline-could-not-look").with("what", Message::new("gap-pods")),
        );
    }
    if let Some(what) = pipeline::unread(case) {
        return (
            Verdict::CouldNotLook,
            say("headline-could-not-look").with("what", what),
        );
    }
    if let Some(well) = pipeline::well(case) {
        return well;
    }
    let going = pipeline::in_progress(case);
    if let Some(what) = expected::in_progress(case, &looked).or(going) {
        return (
            Verdict::Expected,
            say("headline-expected").with("what", what),
        );
    }
    if let Some(done) = expected::finished(case) {
        return done;
    }
    let wanted: usize = looked.iter().map(|one| one.wanted()).sum();
    let ready: usize = looked.iter().map(|one| one.ready()).sum();
    if ready < wanted
        || has_gaps(case)
        || (looked.is_empty() && matches!(case.scope, Scope::Object(_)))
    {
        return (Verdict::Unknown, say("headline-unknown"));
    }
    if let Some((from, until)) = recovered(case, &looked) {
        let message = say("headline-recovered")
            .with("from", from)
            .with("until", until);
        return (
            Verdict::Recovered,
            message.with("span", Arg::Span((until - from).num_seconds())),
        );
    }
    if let Some(what) = measured::missing(case, &looked) {
        let message = say("headline-unmeasured").with("checks", checks);
        return (Verdict::Healthy, message.with("what", what));
    }
    if matches!(case.scope, Scope::Object(_)) {
        return (
            Verdict::Healthy,
            say("headline-healthy").with("checks", checks),
        );
    }
    let message = Message::new("headline-wide-healthy").with("place", target(case));
    (Verdict::Healthy, message.with("workloads", looked.len()))
}

/// The workloads the question is about: the one asked for and the ones behind the Service asked for,
/// or all of a sweep. Finished Jobs are nobody's trouble.
fn looked_at<'a>(case: &'a Facts<'a>) -> Vec<&'a Workload<'a>> {
    let near = case.reach();
    let own = |workload: &&Workload<'_>| match &case.scope {
        Scope::Object(_) => near
            .iter()
            .any(|(subject, hops)| *hops == 0 && subject.same_object(&workload.subject)),
        Scope::Namespaces(_) | Scope::Cluster => true,
    };
    let lasting = case
        .workloads()
        .iter()
        .filter(|workload| !matches!(workload.subject.kind, Kind::Job | Kind::CronJob));
    lasting.filter(own).collect()
}

fn target(case: &Case) -> Arg {
    match &case.scope {
        Scope::Object(subject) => Arg::from(&subject.name),
        Scope::Namespaces(names) => Arg::from(names.clone()),
        Scope::Cluster => Arg::from(Message::new("label-whole-cluster")),
    }
}

/// When the last container that ended badly did so, and since when it runs well again.
fn recovered(case: &Case, looked: &[&Workload<'_>]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let all = looked
        .iter()
        .flat_map(|workload| &workload.pods)
        .flat_map(|pod| containers(pod));
    let ended = all
        .filter(|container| !container.init && container.ready())
        .filter_map(|container| {
            let exit = container.last_exit().filter(|exit| exit.code != 0)?;
            let at = exit.finished.filter(|at| case.now - *at < RECOVERED)?;
            let until = container
                .running_since()
                .filter(|since| case.now - *since >= SETTLED)?;
            Some((
                exit.started.unwrap_or(at).max(case.now - RECOVERED).min(at),
                until,
            ))
        });
    ended.max_by_key(|(_, until)| *until)
}

/// The newest changes of what was looked at: the first thing to ask about when nothing else is known.
fn changes(case: &Facts<'_>) -> Vec<Message> {
    let of = |workload: &Workload<'_>| {
        let change = last_change(case, &workload.subject, None)?;
        let age = case.now - change.when;
        let recent = age >= TimeDelta::zero() && age <= SHORTLY;
        recent.then(|| (workload.subject.clone(), change))
    };
    let mut all: Vec<_> = looked_at(case).into_iter().filter_map(of).collect();
    all.sort_by_key(|(_, change)| std::cmp::Reverse(change.when));
    let say = |(subject, change): (Subject, Change)| {
        Message::new("change-recent")
            .with("ago", Arg::Span((case.now - change.when).num_seconds()))
            .with("name", subject.name)
            .with("what", change.what)
    };
    all.into_iter().take(CHANGES).map(say).collect()
}

/// What was checked and found normal, with the numbers that say so.
fn checks(case: &Facts<'_>) -> Vec<Message> {
    let looked = looked_at(case);
    let mut checks = Vec::new();
    let wanted: usize = looked.iter().map(|one| one.wanted()).sum();
    let ready: usize = looked.iter().map(|one| one.ready()).sum();
    if wanted > 0 && ready >= wanted {
        checks.push(
            Message::new("checked-replicas")
                .with("ready", ready)
                .with("wanted", wanted),
        );
    }
    let all: Vec<_> = looked
        .iter()
        .flat_map(|w| &w.pods)
        .flat_map(|pod| containers(pod))
        .filter(|c| !c.init)
        .collect();
    // A container that never ran had nothing to restart from.
    let running = all.iter().filter(|c| c.running_since().is_some()).count();
    if running > 0 && all.iter().all(|container| container.restarts() == 0) {
        checks.push(Message::new("checked-no-restarts").with("containers", running));
    }
    checks.extend(memory_check(case, &all));
    checks.extend(measured::checks(case, &looked));
    checks.extend(pipeline::checks(case));
    let nodes = case.nodes.iter().count();
    if nodes > 0 && case.nodes.iter().all(node_ready) {
        checks.push(Message::new("checked-nodes").with("count", nodes));
    }
    checks
}

fn memory_check(case: &Case, all: &[super::super::case::Container<'_>]) -> Option<Message> {
    let share = |container: &super::super::case::Container<'_>| {
        let meta = &container.pod.metadata;
        let key = format!(
            "{}/{}/{}",
            meta.namespace.as_deref()?,
            meta.name.as_deref()?,
            container.name()
        );
        let used = case.usage.get(&key)?.bytes;
        container
            .memory_limit()
            .filter(|limit| *limit > 0)
            .map(|limit| ratio(used, limit))
    };
    let highest = all.iter().filter_map(share).reduce(f64::max)?;
    (highest < 0.8).then(|| Message::new("checked-memory").with("share", Arg::Percent(highest)))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a ratio for people; 52 bits of bytes are enough"
)]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn node_ready(node: &k8s_openapi::api::core::v1::Node) -> bool {
    let conditions = node
        .status
        .as_ref()
        .and_then(|status| status.conditions.as_ref());
    conditions
        .into_iter()
        .flatten()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True")
}
