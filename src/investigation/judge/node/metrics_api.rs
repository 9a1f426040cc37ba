//! The resource metrics API does not answer: autoscalers and `kubectl top` see nothing.

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Looked, Workload};
use crate::investigation::judge::facts::{kubectl, quote};
use crate::investigation::judge::without_resource_metrics;
use crate::text::Message;

/// Where metrics-server lives (its own manifests and chart; EKS, AKS, k3s and kubeadm alike).
const SERVER: (&str, &str) = ("kube-system", "metrics-server");
/// The API is registered, and what is behind it does not answer (apimachinery, 503 of the aggregator).
const UNAVAILABLE: &str = "currently unable to handle the request";

/// Judges the API by those who need it, and by the server behind it.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    down(case).into_iter().collect()
}

fn down(case: &Facts<'_>) -> Option<Finding> {
    let blind = without_resource_metrics(case);
    let (_, words) = blind.first()?;
    let all = case.workloads();
    let subject = Subject::new(Kind::Deployment, SERVER.0, SERVER.1);
    let server = all.iter().find(|one| one.subject.same_object(&subject));
    let unready = server.filter(|one| is_down(case, one));
    let refused = blind.iter().any(|(_, words)| words.contains(UNAVAILABLE));
    let scaled = server.is_some_and(|one| one.desired == Some(0));
    let strength = match (unready.is_some() || scaled, refused) {
        (true, _) => 0.95,
        (false, true) => 0.9,
        (false, false) => return None,
    };
    let known = matches!(case.deployments.look(SERVER.0, SERVER.1), Looked::Found(_));
    let subject = if known {
        subject
    } else {
        Subject::cluster(Kind::Cluster, "v1beta1.metrics.k8s.io")
    };
    let summary = Message::new("cause-metrics-api-down").with("autoscalers", blind.len());
    let fact = Message::new("fact-controller-says")
        .with("reason", "FailedGetResourceMetric")
        .with("line", quote(words));
    let command = format!(
        "kubectl get apiservice v1beta1.metrics.k8s.io; {} get pods -l k8s-app=metrics-server",
        kubectl(&Subject::new(Kind::Deployment, SERVER.0, SERVER.1))
    );
    let why = Message::new("why-metrics-api-down");
    let mut finding = Finding::new(Cause::MetricsApiDown, subject.clone(), strength, summary)
        .evidence(
            fact,
            "autoscalers status.conditions[ScalingActive]",
            Some(case.now),
        )
        .explains([Symptom::NotScaling, Symptom::NoMetrics, Symptom::Slow])
        .affected(blind.len())
        .fix(Fix::new(subject.clone(), "", why).command(command));
    if let Some(server) = server {
        let fact = Message::new("fact-replicas-ready")
            .with("ready", server.ready())
            .with("wanted", server.wanted());
        finding = finding.evidence(fact, format!("{} pods", subject.label()), Some(case.now));
    }
    let scaled = blind.iter().filter_map(|(hpa, _)| target(case, hpa));
    let hits: Vec<Subject> = blind
        .iter()
        .map(|(hpa, _)| hpa.clone())
        .chain(scaled)
        .collect();
    Some(finding.hits(hits))
}

fn is_down(case: &Facts<'_>, server: &Workload<'_>) -> bool {
    let known = case.pods.knows_selected(SERVER.0, server.labels());
    known && server.ready() == 0
}

/// What an autoscaler scales.
fn target(case: &Facts<'_>, hpa: &Subject) -> Option<Subject> {
    let namespace = hpa.namespace.as_deref()?;
    let found = case.autoscalers.look(namespace, &hpa.name).found()?;
    let target = &found.spec.scale_target_ref;
    Some(Subject::new(
        Kind::parse(&target.kind)?,
        namespace,
        &target.name,
    ))
}
