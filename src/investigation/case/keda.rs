//! What KEDA says of the workloads it scales: to zero where its trigger asks for nothing. Its own objects are not read;
//! its labels, its autoscaler and its events tell.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;

use super::{Case, EventView, Workload, all_events, utc};

/// The label of everything that belongs to a `ScaledObject`.
const LABEL: &str = "scaledobject.keda.sh/name";
/// The kind that KEDA speaks about in its events.
pub const SCALED_OBJECT: &str = "ScaledObject";

/// Whether KEDA scales it: labels of its `ScaledObject` and its autoscaler.
#[must_use]
pub fn is_scaled_by_keda(case: &Case, workload: &Workload<'_>) -> bool {
    let own = workload.meta.and_then(|meta| meta.labels.as_ref());
    is_labelled(own) || autoscaler(case, workload).is_some()
}

/// Since when it sleeps because KEDA's trigger asks for nothing; not where KEDA cannot tell that any more.
#[must_use]
pub fn asleep(case: &Case, workload: &Workload<'_>) -> Option<DateTime<Utc>> {
    if workload.desired != Some(0) {
        return None;
    }
    match last_word(case, workload) {
        Some(word) if word.reason == "KEDAScaleTargetDeactivated" => word.last,
        Some(_) => None,
        None => disabled(autoscaler(case, workload)?),
    }
}

/// The newest of what KEDA said of its scaling.
fn last_word<'a>(case: &'a Case, workload: &Workload<'_>) -> Option<EventView<'a>> {
    let namespace = workload.namespace();
    let target = format!("{namespace}/{} from ", workload.subject.name);
    let of_keda = || {
        all_events(case).filter(|(event, _)| {
            let object = &event.involved_object;
            object.kind.as_deref() == Some(SCALED_OBJECT)
                && object.namespace.as_deref() == Some(namespace)
        })
    };
    let (scaled, _) = of_keda().find(|(_, view)| view.message.contains(&target))?;
    let name = scaled.involved_object.name.as_deref();
    of_keda()
        .filter(|(event, _)| event.involved_object.name.as_deref() == name)
        .map(|(_, view)| view)
        .filter(|view| {
            matches!(
                view.reason,
                "KEDAScaleTargetDeactivated" | "KEDAScaleTargetActivated" | "KEDAScalerFailed"
            )
        })
        .max_by_key(|view| view.last)
}

/// The autoscaler that KEDA keeps for it.
fn autoscaler<'a>(case: &'a Case, workload: &Workload<'_>) -> Option<&'a HorizontalPodAutoscaler> {
    let name = workload.subject.name.as_str();
    case.autoscalers.iter().find(|hpa| {
        let target = &hpa.spec.scale_target_ref;
        hpa.metadata.namespace.as_deref() == Some(workload.namespace())
            && target.kind == workload.subject.kind.as_str()
            && target.name == name
            && is_labelled(hpa.metadata.labels.as_ref())
    })
}

/// Since when an autoscaler rests because there are no replicas.
fn disabled(hpa: &HorizontalPodAutoscaler) -> Option<DateTime<Utc>> {
    let conditions = hpa.status.as_ref()?.conditions.iter().flatten();
    let mut resting = conditions.filter(|it| it.reason.as_deref() == Some("ScalingDisabled"));
    resting.find_map(|it| it.last_transition_time.as_ref().map(utc))
}

fn is_labelled(labels: Option<&BTreeMap<String, String>>) -> bool {
    labels.is_some_and(|all| {
        let by = all.get("app.kubernetes.io/managed-by");
        all.contains_key(LABEL) || by.is_some_and(|it| it == "keda-operator")
    })
}
