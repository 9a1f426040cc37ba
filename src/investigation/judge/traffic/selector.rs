//! A Service whose selector finds no pod: wrong by a little, meant for nobody, or for a workload without pods.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::EndpointSlice;

use super::{show, with_endpoints};
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::{Facts, Workload, labels_of, selects, service_subject};
use crate::text::Message;

/// No pod carries the labels. Scaled to zero is another cause: then a workload's template carries them.
pub(super) fn selects_nothing(
    case: &Facts<'_>,
    all: &[Workload<'_>],
    service: &Service,
    selector: &BTreeMap<String, String>,
) -> Option<Finding> {
    let subject = service_subject(service);
    let namespace = subject.namespace.clone()?;
    if !case.pods.knows_selected(&namespace, selector) && !is_empty_beside(case, all, &subject) {
        return None;
    }
    let here = || {
        all.iter()
            .filter(|workload| workload.namespace() == namespace)
    };
    let meant_for: Vec<Subject> = here()
        .filter(|w| selects(selector, w.labels()))
        .map(|w| w.subject.clone())
        .collect();
    if !meant_for.is_empty() {
        let summary =
            Message::new("cause-service-no-ready-endpoints-no-pods").with("service", &subject.name);
        let finding = Finding::new(
            Cause::ServiceNoReadyEndpoints,
            subject.clone(),
            0.8,
            summary,
        )
        .blames(meant_for);
        return Some(with_endpoints(finding, case, &subject, selector));
    }
    let nearest = here()
        .filter(|workload| !workload.pods.is_empty())
        .filter_map(|workload| Some((nearness(workload, &subject.name, selector)?, workload)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let finding = match nearest {
        Some((_, workload)) => meant_for_workload(case, &subject, selector, workload),
        None => meant_for_nobody(&subject, selector),
    };
    let mut finding = with_endpoints(finding, case, &subject, selector);
    finding.evidence.rotate_right(1);
    Some(finding)
}

/// The endpoints controller lists every pod that the selector finds and that has an address, ready or not. Nobody
/// in its slices, while pods of the workload of the same name run, says as much as reading all pods.
fn is_empty_beside(case: &Facts<'_>, all: &[Workload<'_>], service: &Subject) -> bool {
    let namespace = service.namespace.as_deref().unwrap_or_default();
    let label = "kubernetes.io/service-name";
    let of_service = |slice: &&EndpointSlice| {
        let labels = slice.metadata.labels.as_ref();
        labels.and_then(|labels| labels.get(label)) == Some(&service.name)
    };
    let mut slices = case.endpoint_slices.within(namespace).filter(of_service);
    let runs = all.iter().any(|workload| {
        workload.namespace() == namespace
            && workload.subject.name == service.name
            && workload.ready() > 0
    });
    runs && case.knows_endpoints(namespace, &service.name)
        && slices.all(|slice| slice.endpoints.iter().flatten().next().is_none())
}

fn mismatch_summary(
    id: &'static str,
    subject: &Subject,
    selector: &BTreeMap<String, String>,
) -> Message {
    Message::new(id)
        .with("service", &subject.name)
        .with("selector", show(selector))
}

/// The labels are wrong by a little: the pods it was meant for are there.
fn meant_for_workload(
    case: &Facts<'_>,
    subject: &Subject,
    selector: &BTreeMap<String, String>,
    workload: &Workload<'_>,
) -> Finding {
    let own = carried(workload, selector);
    let summary = mismatch_summary("cause-service-selector-mismatch", subject, selector)
        .with("workload", &workload.subject.name);
    let fact = Message::new("fact-pods-labelled")
        .with("workload", &workload.subject.name)
        .with("labels", show(&own))
        .with("ready", workload.ready());
    let mut finding = Finding::new(
        Cause::ServiceSelectorMismatch,
        subject.clone(),
        0.96,
        summary,
    )
    .hits([workload.subject.clone()])
    .affected(workload.pods.len())
    .evidence(
        fact,
        format!("{} pods", workload.subject.label()),
        Some(case.now),
    );
    finding.fix = selector_fixes(subject, selector, &own);
    finding
}

/// What stands between the values of a label that differs from pod to pod.
const OR: &str = " | ";

/// The labels of a workload, and those of the selector that its pods were given later: who is the leader, by Patroni
/// and its like.
fn carried(
    workload: &Workload<'_>,
    selector: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut own = workload.labels().clone();
    for key in selector.keys() {
        let pods = workload.pods.iter();
        let values = pods.filter_map(|pod| labels_of(&pod.metadata).get(key));
        let values: BTreeSet<&str> = values.map(String::as_str).collect();
        if !own.contains_key(key) && !values.is_empty() {
            let values: Vec<&str> = values.into_iter().collect();
            own.insert(key.clone(), values.join(OR));
        }
    }
    own
}

/// No pod of the namespace looks like what it was meant for.
fn meant_for_nobody(subject: &Subject, selector: &BTreeMap<String, String>) -> Finding {
    let summary = mismatch_summary("cause-service-selector-mismatch-nothing", subject, selector);
    let fix = Fix::new(
        subject.clone(),
        "spec.selector",
        Message::new("why-selector"),
    );
    Finding::new(
        Cause::ServiceSelectorMismatch,
        subject.clone(),
        0.7,
        summary,
    )
    .fix(fix.change(Some(show(selector)), None::<String>))
}

/// How near a workload is to what a Service was meant for: shared labels and the name.
fn nearness(
    workload: &Workload<'_>,
    service: &str,
    selector: &BTreeMap<String, String>,
) -> Option<f64> {
    let own = workload.labels();
    let shared = selector
        .iter()
        .filter(|(key, value)| own.get(*key) == Some(value))
        .count();
    let same_key = selector
        .iter()
        .filter(|(key, value)| {
            own.get(*key)
                .is_some_and(|other| strsim::jaro_winkler(other, value) > 0.85)
        })
        .count();
    let name = strsim::jaro_winkler(&workload.subject.name, service);
    #[expect(clippy::cast_precision_loss, reason = "a handful of labels")]
    let score = shared as f64 + same_key as f64 * 0.5 + name;
    // A shared `part-of` or `tier` label alone makes nobody the target.
    (name > 0.8 || same_key > 0).then_some(score)
}

/// One fix for each selector label that the pods carry otherwise or not at all.
fn selector_fixes(
    subject: &Subject,
    selector: &BTreeMap<String, String>,
    own: &BTreeMap<String, String>,
) -> Vec<Fix> {
    let differing = selector
        .iter()
        .filter(|(key, value)| own.get(*key) != Some(value));
    // A selector that loses all its labels selects nothing at all.
    let empties = !selector.keys().any(|key| own.contains_key(key));
    differing
        .map(|(key, value)| {
            let field = format!("spec.selector.{key}");
            let fix = Fix::new(subject.clone(), field, Message::new("why-selector"))
                .change(Some(value), own.get(key));
            // Which of several pods is meant is for a person to say.
            let several = own.get(key).is_some_and(|right| right.contains(OR));
            if empties || several {
                return fix;
            }
            let patch = match own.get(key) {
                Some(right) => format!(r#"{{"spec":{{"selector":{{"{key}":"{right}"}}}}}}"#),
                None => format!(r#"{{"spec":{{"selector":{{"{key}":null}}}}}}"#),
            };
            let namespace = subject.namespace.as_deref().unwrap_or_default();
            fix.command(format!(
                "kubectl -n {namespace} patch service {} -p '{patch}'",
                subject.name
            ))
        })
        .collect()
}
