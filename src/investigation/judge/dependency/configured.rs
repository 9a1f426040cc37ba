//! An address in the environment that cannot work, where no log says so yet: weaker, for a workload that
//! is not well or is asked about.

use super::BROKEN;
use super::place::no_service;
use super::right::{address_fix, near_service, show, with_port, wrong_port};
use crate::finding::{Cause, Finding};
use crate::investigation::case::{Address, Facts, Place, Reference, Workload, references};
use crate::text::Message;

/// Words of variables whose addressee may be away without harm: traces, metrics, errors.
const OPTIONAL: [&str; 12] = [
    "OTEL",
    "JAEGER",
    "ZIPKIN",
    "STATSD",
    "SENTRY",
    "DD",
    "DATADOG",
    "TRACING",
    "TELEMETRY",
    "METRICS",
    "LOKI",
    "PROXY",
];

/// What its environment says that nothing offers.
pub(super) fn judge(case: &Facts<'_>, workload: &Workload<'_>) -> Vec<Finding> {
    let all = references(case, workload);
    all.into_iter()
        .filter(|(reference, _)| !is_optional(&reference.variable))
        .filter_map(|(reference, place)| of(case, workload, &reference, &place))
        .collect()
}

fn is_optional(variable: &str) -> bool {
    let upper = variable.to_ascii_uppercase();
    upper.split('_').any(|part| OPTIONAL.contains(&part))
}

fn of(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    reference: &Reference,
    place: &Place<'_>,
) -> Option<Finding> {
    let finding = match place {
        Place::Service(service) => {
            let port = wrong_port(service, &reference.address)?;
            wrong(workload, reference, &with_port(&reference.address, port))
        }
        Place::NoSuchService { namespace, name } => {
            match near_service(case, namespace, name, reference.address.port) {
                Some(near) => wrong(workload, reference, &near),
                None => weak(no_service(case, namespace, name, 0.6, &workload.subject)),
            }
        }
        Place::NotRead { .. } | Place::Outside(_) => return None,
    };
    let fact = Message::new("fact-address-configured")
        .with("variable", &reference.variable)
        .with("address", show(&reference.address));
    let source = format!("{} spec.template", workload.subject.label());
    let mut finding = finding
        .evidence(fact, source, None)
        .explains(BROKEN)
        .affected(workload.pods.len());
    finding.evidence.rotate_right(1);
    Some(finding)
}

/// Nobody says that it suffers: it explains nothing by itself.
fn weak(mut finding: Finding) -> Finding {
    finding.hits.clear();
    finding
}

fn wrong(workload: &Workload<'_>, reference: &Reference, right: &Address) -> Finding {
    let summary = Message::new("cause-dependency-wrong-address")
        .with("workload", &workload.subject.name)
        .with("address", show(&reference.address))
        .with("right", show(right));
    let subject = workload.subject.clone();
    let fix = address_fix(&subject, Some(reference), &reference.address, right);
    Finding::new(Cause::DependencyWrongAddress, subject, 0.7, summary).fix(fix)
}
