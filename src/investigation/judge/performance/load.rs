//! The load: more of it than on other days, too few replicas for it, or all of it on one pod.

use super::measured::{Measured, hottest};
use crate::finding::{Cause, Finding, Fix, Kind, Symptom};
use crate::investigation::case::{Indicator, Reading, services_of};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::{Arg, Message};

/// Requests that grew this much are more than a good day.
const SURGE: f64 = 2.0;
/// Fewer requests a second than this say nothing.
const FEW: f64 = 1.0;
/// The busiest pod takes this many times what the next one takes.
const UNEVEN: f64 = 3.0;
/// And this share of everything.
const MOST: f64 = 0.6;
/// A container this near to its CPU limit has no room for more.
const HOT: f64 = 0.9;

const SUFFERING: [Symptom; 4] = [
    Symptom::Slow,
    Symptom::Errors,
    Symptom::Unavailable,
    Symptom::NotReady,
];
const REQUESTS: &str = "Prometheus request rate, 5 min against the same time on other days";

/// How many times the usual requests come; `None` where that is not known, or there are few.
fn grown<'m>(measured: &'m Measured<'_>) -> Option<(&'m Reading, f64, f64)> {
    let rate = measured.total(Indicator::RequestRate)?;
    let normal = rate.normal().filter(|normal| *normal > 0.0)?;
    (rate.now >= FEW).then_some((rate, normal, rate.now / normal))
}

/// Far more requests than yesterday and a week ago, and users suffer.
pub(super) fn surge(measured: &Measured<'_>) -> Option<Finding> {
    let suffers = measured.suffers().filter(|_| measured.serves())?;
    let (rate, normal, times) = grown(measured).filter(|(_, _, times)| *times >= SURGE)?;
    // With both days to compare it is no weekly rhythm. With one, what is measured today comes first.
    let known = match (rate.usual, rate.week) {
        (Some(_), Some(_)) => 0.85,
        _ if super::throttled(measured.case, measured.workload).is_some() => return None,
        _ => 0.74,
    };
    let ready = measured.workload.ready();
    let subject = measured.subject().clone();
    let summary = Message::new("cause-traffic-surge")
        .with("workload", &subject.name)
        .with("rate", Arg::Number(rate.now))
        .with("times", Arg::Number(times));
    let fact = Message::new("fact-requests-usual")
        .with("rate", Arg::Number(rate.now))
        .with("usual", Arg::Number(normal));
    let finding = Finding::new(Cause::TrafficSurge, subject, known * suffers, summary)
        .evidence(fact, REQUESTS, Some(measured.case.now))
        .explains(SUFFERING)
        .affected(ready);
    let wanted = whole_up(times * count(ready));
    Some(with_load(
        scaled(finding, measured, wanted, "why-surge"),
        rate.now,
        ready,
    ))
}

#[expect(clippy::cast_precision_loss, reason = "a number of pods")]
fn count(pods: usize) -> f64 {
    pods as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of pods, clamped"
)]
fn whole_up(pods: f64) -> usize {
    pods.clamp(1.0, 1000.0).ceil() as usize
}

fn with_load(finding: Finding, rate: f64, ready: usize) -> Finding {
    if ready == 0 {
        return finding;
    }
    let fact = Message::new("fact-requests-per-pod")
        .with("rate", Arg::Number(rate / count(ready)))
        .with("pods", ready);
    finding.evidence(fact, "request rate over ready pods", None)
}

/// The fix that gives more replicas: of the autoscaler, where there is one.
fn scaled(finding: Finding, measured: &Measured<'_>, wanted: usize, why: &'static str) -> Finding {
    let subject = measured.subject();
    let (now, why) = (measured.workload.wanted(), Message::new(why));
    if wanted <= now {
        return finding.fix(Fix::new(subject.clone(), "", why));
    }
    let Some((name, limits)) = autoscaler(measured) else {
        let command = format!(
            "{} scale {} --replicas={wanted}",
            kubectl(subject),
            argument(subject)
        );
        let fix = Fix::new(subject.clone(), "spec.replicas", why);
        return finding.fix(
            fix.change(Some(now.to_string()), Some(wanted.to_string()))
                .command(command),
        );
    };
    let namespace = measured.workload.namespace();
    let scaler = crate::finding::Subject::new(Kind::HorizontalPodAutoscaler, namespace, name);
    let (field, now) = match limits {
        (_, most) if wanted > most => ("spec.maxReplicas", most),
        (least, _) => ("spec.minReplicas", least),
    };
    finding
        .fix(Fix::new(scaler, field, why).change(Some(now.to_string()), Some(wanted.to_string())))
}

/// The autoscaler of the workload, with its fewest and most replicas.
fn autoscaler(measured: &Measured<'_>) -> Option<(String, (usize, usize))> {
    let (namespace, subject) = (measured.workload.namespace(), measured.subject());
    let mut all = measured.case.autoscalers.within(namespace);
    let own = all.find(|one| {
        let to = &one.spec.scale_target_ref;
        to.name == subject.name && to.kind == subject.kind.as_str()
    })?;
    let spec = &own.spec;
    let number = |value: i32| usize::try_from(value).unwrap_or(1);
    let limits = (
        number(spec.min_replicas.unwrap_or(1)),
        number(spec.max_replicas),
    );
    Some((own.metadata.name.clone()?, limits))
}

/// Fewer replicas than the load needs: fewer than on other days, or as many while the load crept up.
pub(super) fn too_few(measured: &Measured<'_>) -> Option<Finding> {
    let suffers = measured.suffers().filter(|_| measured.serves())?;
    if measured.subject().kind == Kind::DaemonSet
        || measured.workload.ready() < measured.workload.wanted()
    {
        return None;
    }
    let times = grown(measured).map(|(_, _, times)| times);
    if times.is_some_and(|times| times >= SURGE) {
        return None;
    }
    let (strength, wanted, fact) = fewer(measured, times).or_else(|| crept(measured, times?))?;
    let subject = measured.subject().clone();
    let now = measured.workload.wanted();
    let summary = Message::new("cause-too-few-replicas")
        .with("workload", &subject.name)
        .with("replicas", now)
        .with("needed", wanted);
    let mut finding = Finding::new(Cause::TooFewReplicas, subject, strength * suffers, summary)
        .evidence(
            fact,
            "Prometheus kube_deployment_status_replicas_ready, request rate",
            Some(measured.case.now),
        )
        .explains(SUFFERING)
        .affected(now);
    if let Some(rate) = measured.total(Indicator::RequestRate) {
        finding = with_load(finding, rate.now, measured.workload.ready());
    }
    Some(scaled(finding, measured, wanted, "why-too-few"))
}

/// The same load on fewer replicas than on other days.
fn fewer(measured: &Measured<'_>, times: Option<f64>) -> Option<(f64, usize, Message)> {
    let normal = measured.total(Indicator::ReadyReplicas)?.normal()?;
    let now = measured.workload.ready();
    let fallen = times.is_some_and(|times| times < 0.8);
    if normal < count(now) * 1.5 || now == 0 || fallen {
        return None;
    }
    let strength = if times.is_some() { 0.86 } else { 0.74 };
    let wanted = whole_up(normal * times.unwrap_or(1.0).max(1.0));
    let fact = Message::new("fact-replicas-usual")
        .with("replicas", now)
        .with("usual", Arg::Number(normal));
    Some((strength, wanted, fact))
}

/// More load than on other days on as many replicas, all of them at their CPU limit.
fn crept(measured: &Measured<'_>, times: f64) -> Option<(f64, usize, Message)> {
    let cpu = measured.cpu();
    let limited: Vec<f64> = cpu
        .iter()
        .filter_map(super::measured::Used::share)
        .collect();
    let pods = measured.workload.ready();
    let hot = limited.iter().filter(|share| **share >= HOT).count();
    let (_, share) = hottest(&cpu)?;
    if times < 1.25 || hot < pods || pods == 0 || autoscaler(measured).is_some() {
        return None;
    }
    let fact = Message::new("fact-all-pods-hot")
        .with("pods", pods)
        .with("share", Arg::Percent(share.min(1.0)))
        .with("times", Arg::Number(times));
    Some((0.72, whole_up(count(pods) * times).max(pods + 1), fact))
}

/// One pod takes most of the requests.
pub(super) fn uneven(measured: &Measured<'_>) -> Option<Finding> {
    let suffers = measured.suffers().filter(|_| measured.serves())?;
    // Members of a StatefulSet are not equal: the first of a database takes all writes.
    if measured.subject().kind == Kind::StatefulSet
        || measured.workload.ready() < measured.workload.wanted()
    {
        return None;
    }
    let names: Vec<&str> = measured
        .workload
        .pods
        .iter()
        .filter_map(|pod| pod.metadata.name.as_deref())
        .collect();
    let mut pods = measured.by_pod(Indicator::RequestRate);
    pods.retain(|reading| {
        reading
            .pod
            .as_deref()
            .is_some_and(|pod| names.contains(&pod))
    });
    pods.sort_by(|a, b| b.now.total_cmp(&a.now));
    let total: f64 = pods.iter().map(|reading| reading.now).sum();
    let [first, second, ..] = pods.as_slice() else {
        return None;
    };
    // Each pod has to be seen: one whose series is missing may take the rest.
    if pods.len() < names.len()
        || total < FEW
        || first.now < total * MOST
        || first.now < second.now * UNEVEN
    {
        return None;
    }
    let subject = measured.subject().clone();
    let pod = first.pod.as_deref().unwrap_or_default();
    let summary = Message::new("cause-uneven-load")
        .with("workload", &subject.name)
        .with("pod", pod)
        .with("share", Arg::Percent(first.now / total))
        .with("pods", pods.len());
    let fact = Message::new("fact-pod-takes")
        .with("pod", pod)
        .with("rate", Arg::Number(first.now))
        .with("next", Arg::Number(second.now));
    let finding = Finding::new(Cause::UnevenLoad, subject.clone(), 0.82 * suffers, summary)
        .evidence(
            fact,
            "Prometheus request rate by pod, 5 min",
            Some(measured.case.now),
        )
        .explains(SUFFERING)
        .affected(1);
    Some(sticky(finding, measured))
}

/// The fix: take the affinity off the Service that has one, else look at long-lived connections.
fn sticky(finding: Finding, measured: &Measured<'_>) -> Finding {
    let services = services_of(measured.case, measured.workload);
    let sticky = services.into_iter().find(|service| {
        let spec = service.spec.as_ref();
        spec.and_then(|spec| spec.session_affinity.as_deref()) == Some("ClientIP")
    });
    let Some(service) = sticky else {
        let fix = Fix::new(measured.subject().clone(), "", Message::new("why-uneven"));
        return finding.fix(fix);
    };
    let subject = crate::investigation::case::service_subject(service);
    let fact = Message::new("fact-session-affinity").with("service", &subject.name);
    let fix = Fix::new(
        subject,
        "spec.sessionAffinity",
        Message::new("why-uneven-sticky"),
    )
    .change(Some("ClientIP"), Some("None"));
    finding
        .evidence(fact, "service spec.sessionAffinity", None)
        .fix(fix)
}
