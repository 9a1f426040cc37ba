//! "How many replicas, which limits, is this scaling normal?" (S7): what is set beside what is used, whether the load
//! passes or stays, and the value to set, with its arithmetic. Read-only, like every plain answer.

mod container;
mod scaler;
mod trend;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use kube::api::ListParams;

use super::{ROWS, acted_on, kubectl, place, said};
use crate::finding::{Cause, Finding, LedgerStatus, Shares, Subject};
use crate::incident::PlainAnswer;
use crate::investigation::case::{Case, Facts, Scope, Workload, workloads};
use crate::investigation::gather::{self, Reader};
use crate::investigation::judge;
use crate::investigation::run::pods_of;
use crate::text::Message;
use container::Container;
use scaler::Scaler;

/// What the judges say of an autoscaler that cannot do its work.
const BROKEN: [Cause; 3] = [
    Cause::HpaTargetMissing,
    Cause::HpaNoRequests,
    Cause::HpaCannotReadMetrics,
];

/// Reads the object with its pods, its autoscaler with what that did last, and its numbers.
pub(super) async fn read(reader: &Reader, case: &mut Case, subject: &Subject) {
    gather::fetch(reader, case, subject).await;
    pods_of(reader, case, subject).await;
    let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
    autoscalers(reader, case, &namespaces).await;
    let Some(workload) = acted_on(case) else {
        return;
    };
    if !workload.same_object(subject) {
        gather::fetch(reader, case, &workload).await;
    }
    gather::indicators(reader, case, &workload).await;
    if let Some(name) = scaler::name_of(case, &workload) {
        let namespace = workload.namespace.unwrap_or_default();
        gather::rescales(reader, case, &namespace, &name).await;
    }
}

/// Reads the autoscalers of these namespaces (none: of the cluster).
pub(super) async fn autoscalers(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    let all = ListParams::default();
    for batch in reader
        .list_all::<HorizontalPodAutoscaler>("autoscalers", namespaces, all)
        .await
    {
        batch.shelve(&mut case.autoscalers);
    }
}

/// The autoscaler of a workload, by name.
pub(super) fn scaler_of(case: &Case, workload: &Subject) -> Option<String> {
    scaler::name_of(case, workload)
}

/// The answer for one workload, or a line for each of a wide question.
pub(super) fn sizing(reader: &Reader, case: &Case, shares: Shares) -> PlainAnswer {
    let all = workloads(case);
    let Scope::Object(_) = &case.scope else {
        return wide(case, &all, shares);
    };
    let workload = acted_on(case).and_then(|subject| {
        all.iter()
            .find(|workload| workload.subject.same_object(&subject))
    });
    let Some(workload) = workload else {
        let headline = Message::new("sizing-unreadable").with("place", place(case));
        return said(headline, blind_spots(reader), command(case, None));
    };
    one(reader, case, workload, shares)
}

fn one(reader: &Reader, case: &Case, workload: &Workload<'_>, shares: Shares) -> PlainAnswer {
    let scaler = Scaler::of(case, &workload.subject);
    let containers = container::all(case, workload);
    let broken = broken(case, workload);
    let mut advice: Vec<Message> = broken.iter().map(fix).collect();
    if shares.metrics {
        let told = broken.iter().any(|it| it.cause == Cause::HpaNoRequests);
        let own = advised(case, workload, scaler.as_ref(), &containers);
        // The request that the autoscaler lacks is told already.
        advice.extend(
            own.into_iter()
                .filter(|it| !told || it.id != "sizing-cpu-request"),
        );
    }
    let measured = containers.iter().any(Container::is_measured);
    let name = &workload.subject.name;
    let headline = match advice.first() {
        Some(what) => Message::new("sizing-headline").with("what", what.clone()),
        None if !shares.metrics => Message::new("sizing-withheld"),
        None if !measured => Message::new("sizing-unknown"),
        None => Message::new("sizing-fine"),
    };
    let mut lines = vec![scaler::replicas(case, workload, scaler.as_ref())];
    lines.extend(scaler.iter().flat_map(|scaler| scaler.lines(case, shares)));
    if shares.metrics {
        lines.extend(containers.iter().flat_map(Container::lines));
        lines.extend(trend::line(case, workload));
    }
    lines.extend(advice.into_iter().skip(1).map(also));
    lines.extend(blind_spots(reader));
    let command = command(case, scaler.as_ref());
    said(headline.with("workload", name), lines, command)
}

/// What to set: limits and requests first, then the maximum of the autoscaler, unless the request is what drives it there.
fn advised(
    case: &Case,
    workload: &Workload<'_>,
    scaler: Option<&Scaler<'_>>,
    containers: &[Container<'_>],
) -> Vec<Message> {
    let course = trend::course(case, workload);
    let small = scaler.and_then(|scaler| scaler.small_request(case, course, containers));
    let more = scaler
        .filter(|_| small.is_none())
        .and_then(|scaler| scaler.more(case, course));
    let own = containers.iter().flat_map(Container::advice);
    small.into_iter().chain(own).chain(more).collect()
}

fn also(advice: Message) -> Message {
    Message::new("sizing-also").with("what", advice)
}

/// What keeps the workload's autoscaler from its work.
fn broken(case: &Case, workload: &Workload<'_>) -> Vec<Finding> {
    let own = |finding: &Finding| {
        let about = |subject: &Subject| subject.same_object(&workload.subject);
        BROKEN.contains(&finding.cause)
            && (about(&finding.subject) || finding.hits.iter().any(about))
    };
    judge::judge(&Facts::of(case))
        .into_iter()
        .filter(own)
        .collect()
}

fn fix(finding: &Finding) -> Message {
    let change = finding.fix.iter().find_map(|fix| {
        let to = fix.to.as_ref()?;
        let line = Message::new("review-line").with("summary", finding.summary.clone());
        Some(line.with("field", fix.field.clone()).with("value", to))
    });
    change.unwrap_or_else(|| finding.summary.clone())
}

/// One line for each workload that needs another size.
fn wide(case: &Case, all: &[Workload<'_>], shares: Shares) -> PlainAnswer {
    if !shares.metrics {
        let headline = Message::new("usage-withheld");
        return said(headline, Vec::new(), command(case, None));
    }
    if case.usage.is_empty() {
        let headline = Message::new("usage-unavailable").with("place", place(case));
        return said(headline, Vec::new(), command(case, None));
    }
    let line = |workload: &Workload<'_>| {
        let scaler = Scaler::of(case, &workload.subject);
        let containers = container::all(case, workload);
        let what = advised(case, workload, scaler.as_ref(), &containers)
            .into_iter()
            .next()?;
        let line = Message::new("sizing-line").with("workload", &workload.subject.name);
        Some(line.with("what", what))
    };
    let lines: Vec<Message> = all.iter().filter_map(line).collect();
    let id = if lines.is_empty() {
        "sizing-fine-wide"
    } else {
        "sizing-headline-wide"
    };
    let mut headline = Message::new(id)
        .with("place", place(case))
        .with("total", all.len());
    if !lines.is_empty() {
        headline = headline.with("count", lines.len());
    }
    let lines = lines.into_iter().take(ROWS).collect();
    said(headline, lines, command(case, None))
}

/// What could not be looked at, and the sources that are not set up: never "there is none".
pub(super) fn blind_spots(reader: &Reader) -> Vec<Message> {
    let all = reader.ledger.lines().into_iter();
    let blind = all.filter_map(|line| {
        let id = match line.status {
            LedgerStatus::NotPermitted => "not-permitted",
            LedgerStatus::TimedOut => "timed-out",
            LedgerStatus::NotConfigured => "not-configured",
            LedgerStatus::Ok | LedgerStatus::Problem | LedgerStatus::Skipped => return None,
        };
        let message = Message::new(id).with("step", &line.step);
        Some(match line.status {
            LedgerStatus::NotConfigured => message,
            _ => message.with("detail", line.detail),
        })
    });
    blind.collect()
}

fn command(case: &Case, scaler: Option<&Scaler<'_>>) -> String {
    let top = kubectl(case, "top pods", "--containers --sort-by=cpu");
    let scaler = match scaler {
        Some(scaler) => kubectl(case, &format!("describe hpa {}", scaler.name), ""),
        None => kubectl(case, "get hpa", ""),
    };
    format!("{scaler}\n{top}")
}
