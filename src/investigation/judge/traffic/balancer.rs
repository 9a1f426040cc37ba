//! A Service of type `LoadBalancer` that gets no address.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::Service;

use super::behind;
use crate::finding::{Cause, Finding, Fix, Subject, Symptom};
use crate::investigation::case::{EventView, Facts, Scope, events_of, service_subject, utc};
use crate::investigation::judge::facts::{kubectl, quote};
use crate::text::{Arg, Message};

/// A cloud needs minutes to build one.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// Events of controllers that could not: the cloud controllers, `MetalLB`, the AWS controller, older clouds.
const FAILED: [&str; 6] = [
    "SyncLoadBalancerFailed",
    "CreatingLoadBalancerFailed",
    "AllocationFailed",
    "FailedBuildModel",
    "FailedDeployModel",
    "UpdateLoadBalancerFailed",
];
/// Controllers back off to some minutes between two tries.
const TOLD: TimeDelta = TimeDelta::hours(1);

/// One finding each Service that waits.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    case.services
        .iter()
        .filter_map(|service| of(case, service))
        .collect()
}

fn of(case: &Facts<'_>, service: &Service) -> Option<Finding> {
    let spec = service.spec.as_ref()?;
    let status = service
        .status
        .as_ref()
        .and_then(|status| status.load_balancer.as_ref());
    let has_address = status.is_some_and(|it| it.ingress.iter().flatten().next().is_some());
    let by_hand = spec.external_ips.iter().flatten().next().is_some();
    let gone = service.metadata.deletion_timestamp.is_some();
    if spec.type_.as_deref() != Some("LoadBalancer") || has_address || by_hand || gone {
        return None;
    }
    let subject = service_subject(service);
    let namespace = subject.namespace.clone()?;
    let created = service.metadata.creation_timestamp.as_ref().map(utc);
    let told = events_of(case, "Service", &namespace, &subject.name)
        .into_iter()
        .find(|event| {
            let recent = event.last.is_none_or(|at| case.now - at <= TOLD);
            recent && FAILED.contains(&event.reason)
        });
    let age = created.map(|at| case.now - at);
    if told.is_none() && age.is_some_and(|age| age < PATIENCE) {
        return None;
    }
    // Without a word from anybody it may be meant so (NodePorts of bare metal): only where somebody misses it.
    let missed = case.symptoms.contains(&Symptom::Unavailable);
    let asked = matches!(case.scope, Scope::Object(_));
    if told.is_none() && !missed && case.scope != Scope::Object(subject.clone()) {
        return None;
    }
    let by = Told {
        event: told,
        strength: if asked { 0.82 } else { 0.55 },
        created,
    };
    Some(finding(case, service, &by))
}

/// What is known of a Service that waits.
struct Told<'a> {
    event: Option<EventView<'a>>,
    /// How sure it is without an event.
    strength: f64,
    created: Option<DateTime<Utc>>,
}

fn finding(case: &Facts<'_>, service: &Service, told: &Told<'_>) -> Finding {
    let subject = service_subject(service);
    let waits = told.created.map_or(0, |at| (case.now - at).num_seconds());
    let (says, why, strength) = match told.event {
        Some(_) => ("cause-loadbalancer-pending", "why-loadbalancer-told", 0.95),
        None => (
            "cause-loadbalancer-pending-nobody",
            "why-loadbalancer-nobody",
            told.strength,
        ),
    };
    let summary = Message::new(says)
        .with("service", &subject.name)
        .with("span", Arg::Span(waits));
    let class = service
        .spec
        .as_ref()
        .and_then(|spec| spec.load_balancer_class.as_deref());
    let waiting = Message::new("fact-loadbalancer-no-address")
        .with("service", &subject.name)
        .with("class", class.unwrap_or("-"));
    let command = format!("{} describe service {}", kubectl(&subject), subject.name);
    let fix = Fix::new(subject.clone(), "", Message::new(why)).command(command);
    let source = format!("{} status.loadBalancer", subject.label());
    let began = told.event.as_ref().and_then(|event| event.first);
    let cause = Cause::LoadbalancerPending;
    let finding = Finding::new(cause, subject.clone(), strength, summary)
        .evidence(waiting, source, Some(case.now))
        .hits(behind(case, service))
        .explains([
            Symptom::Unavailable,
            Symptom::Pending,
            Symptom::DeployFailed,
        ])
        .since(began.or(told.created))
        .fix(fix);
    match &told.event {
        Some(event) => said(finding, &subject, event),
        None => finding,
    }
}

/// The controller's words come first.
fn said(finding: Finding, subject: &Subject, event: &EventView<'_>) -> Finding {
    let fact = Message::new("fact-traffic-controller-says").with("line", quote(event.message));
    let source = format!("{} event {}", subject.label(), event.reason);
    let mut finding = finding.evidence(fact, source, event.last);
    finding.evidence.rotate_right(1);
    finding
}
