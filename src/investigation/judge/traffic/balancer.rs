//! A Service of type `LoadBalancer` that gets no address.

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::Service;

use super::behind;
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Case, Scope, events_of, service_subject, utc};
use crate::investigation::judge::facts::{kubectl, quote};
use crate::text::{Arg, Message};

/// A cloud needs minutes to build one.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// Events of controllers that could not: the cloud controllers, MetalLB, the AWS controller, older clouds.
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
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    case.services
        .iter()
        .filter_map(|service| of(case, service))
        .collect()
}

fn of(case: &Case, service: &Service) -> Option<Finding> {
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
    let waits = age.map_or(0, |age| age.num_seconds());
    let (id, strength) = match &told {
        Some(_) => ("cause-loadbalancer-pending", 0.95),
        None if asked => ("cause-loadbalancer-pending-nobody", 0.82),
        None => ("cause-loadbalancer-pending-nobody", 0.55),
    };
    let summary = Message::new(id)
        .with("service", &subject.name)
        .with("span", Arg::Span(waits));
    let waiting = Message::new("fact-loadbalancer-no-address")
        .with("service", &subject.name)
        .with("class", spec.load_balancer_class.as_deref().unwrap_or("-"));
    let why = match told {
        Some(_) => "why-loadbalancer-told",
        None => "why-loadbalancer-nobody",
    };
    let command = format!("{} describe service {}", kubectl(&subject), subject.name);
    let fix = Fix::new(subject.clone(), "", Message::new(why)).command(command);
    let source = format!("{} status.loadBalancer", subject.label());
    let mut finding = Finding::new(
        Cause::LoadbalancerPending,
        subject.clone(),
        strength,
        summary,
    )
    .evidence(waiting, source, Some(case.now))
    .hits(behind(case, service))
    .explains([
        Symptom::Unavailable,
        Symptom::Pending,
        Symptom::DeployFailed,
    ])
    .since(told.as_ref().and_then(|event| event.first).or(created))
    .fix(fix);
    if let Some(event) = told {
        let fact = Message::new("fact-controller-says").with("line", quote(event.message));
        let source = format!("{} event {}", subject.label(), event.reason);
        finding = finding.evidence(fact, source, event.last);
        finding.evidence.rotate_right(1);
    }
    Some(finding)
}
