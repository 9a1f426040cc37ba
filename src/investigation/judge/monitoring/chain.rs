//! Which link from `ServiceMonitor` to Service does not match, where Prometheus has no target.

mod ignored;

use k8s_openapi::api::core::v1::Service;

use super::UNSEEN;
use super::selector::{is_near, looks_into, mismatch, unknown_ports};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{
    Facts, Scope, ServiceMonitor, Workload, service_subject, services_of,
};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::Message;

/// The first broken link, over the Services of a workload.
pub(super) fn judge(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let services = services_of(case, workload);
    let found = services
        .iter()
        .find_map(|service| link(case, workload, service));
    found.or_else(|| unknown(case, workload)).map(|finding| {
        finding
            .hits([workload.subject.clone()])
            .explains(UNSEEN)
            .affected(workload.pods.len())
    })
}

/// Nobody tells Prometheus of it. A scrape configuration of another sort may be meant, so this is not sure.
fn unknown(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let targets = case.watching.active_targets.as_ref()?;
    let asked = matches!(case.scope, Scope::Object(_));
    if !asked || targets.is_empty() || !case.service_monitors.knows(workload.namespace()) {
        return None;
    }
    let name = &workload.subject.name;
    let summary = Message::new("cause-target-missing-none").with("workload", name);
    let why = Message::new("why-monitor-none");
    let finding = Finding::new(
        Cause::TargetMissing,
        workload.subject.clone(),
        0.55,
        summary,
    )
    .fix(Fix::new(workload.subject.clone(), "", why));
    Some(told(case, finding, workload))
}

fn link(case: &Facts<'_>, workload: &Workload<'_>, service: &Service) -> Option<Finding> {
    let selecting: Vec<&ServiceMonitor> = case
        .service_monitors
        .iter()
        .filter(|one| mismatch(one, service).is_none() && selects_something(one))
        .collect();
    let namespace = workload.namespace();
    let here: Vec<&ServiceMonitor> = selecting
        .iter()
        .copied()
        .filter(|one| looks_into(one, namespace))
        .collect();
    if let Some(monitor) = here.first() {
        let fits = here
            .iter()
            .find(|one| unknown_ports(one, service).is_empty());
        return match fits {
            Some(monitor) => ignored::judge(case, workload, monitor),
            None => Some(port(case, workload, monitor, service)),
        };
    }
    let names = [
        workload.subject.name.as_str(),
        service.metadata.name.as_deref().unwrap_or_default(),
    ];
    let near = |one: &&&ServiceMonitor| is_near(one, &names);
    if let Some(monitor) = selecting.iter().find(near) {
        return Some(elsewhere(case, workload, monitor));
    }
    let mut meant = case.service_monitors.iter().filter(|one| {
        looks_into(one, namespace) && is_near(one, &names) && !selects_another(case, one)
    });
    Some(labels(case, workload, meant.next()?, service))
}

/// An empty selector selects everything: it is meant for nobody.
fn selects_something(monitor: &ServiceMonitor) -> bool {
    let selector = &monitor.spec["selector"];
    selector.as_object().is_some_and(|all| !all.is_empty())
}

/// A monitor that selects some Service works, and is not the one that misses this.
fn selects_another(case: &Facts<'_>, monitor: &ServiceMonitor) -> bool {
    case.services.iter().any(|service| {
        let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
        looks_into(monitor, namespace) && mismatch(monitor, service).is_none()
    })
}

fn subject(monitor: &ServiceMonitor) -> Subject {
    let meta = &monitor.metadata;
    let name = meta.name.clone().unwrap_or_default();
    Subject::new(
        Kind::ServiceMonitor,
        meta.namespace.clone().unwrap_or_default(),
        name,
    )
}

/// Facts read from objects are surer when Prometheus itself says that it has no such target.
fn strength(case: &Facts<'_>) -> f64 {
    if case.watching.active_targets.is_some() {
        0.95
    } else {
        0.88
    }
}

fn told(case: &Facts<'_>, mut finding: Finding, workload: &Workload<'_>) -> Finding {
    if let Some(targets) = &case.watching.active_targets {
        let fact = Message::new("fact-no-target")
            .with("workload", &workload.subject.name)
            .with("targets", targets.len());
        finding = finding.evidence(fact, "Prometheus /api/v1/targets", Some(case.now));
    }
    finding
}

fn labels(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    monitor: &ServiceMonitor,
    service: &Service,
) -> Finding {
    let (key, wanted) = mismatch(monitor, service).unwrap_or_default();
    let all = service.metadata.labels.clone().unwrap_or_default();
    let has = all.get(key).cloned();
    // The value under another key, or another value: the selector is wrong. No such label at all: the Service is.
    let other = all.iter().find(|(_, value)| value.as_str() == wanted);
    let (monitor_subject, service_subject) = (subject(monitor), service_subject(service));
    let at_monitor = has.is_some() || other.is_some();
    let whose = if at_monitor {
        monitor_subject.clone()
    } else {
        service_subject.clone()
    };
    let label = format!("{key}={wanted}");
    let summary = Message::new("cause-target-missing-labels")
        .with("workload", &workload.subject.name)
        .with("monitor", &monitor_subject.name)
        .with("service", &service_subject.name)
        .with("label", label.as_str());
    let shown: Vec<String> = all
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let fact = Message::new("fact-monitor-selects")
        .with("label", label)
        .with("labels", shown);
    let fix = if at_monitor {
        let better = match (&has, other) {
            (Some(has), _) => format!("{key}: {has}"),
            (None, Some((name, value))) => format!("{name}: {value}"),
            (None, None) => String::new(),
        };
        Fix::new(
            whose.clone(),
            "spec.selector.matchLabels",
            Message::new("why-monitor-selector"),
        )
        .change(Some(format!("{key}: {wanted}")), Some(better))
    } else {
        let command = format!(
            "{} label {} {key}={wanted}",
            kubectl(&whose),
            argument(&whose)
        );
        Fix::new(
            whose.clone(),
            "metadata.labels",
            Message::new("why-service-labels"),
        )
        .change(None::<String>, Some(format!("{key}: {wanted}")))
        .command(command)
    };
    let source = format!("{} spec.selector", monitor_subject.label());
    let finding = Finding::new(Cause::TargetMissing, whose, strength(case), summary);
    told(
        case,
        finding.evidence(fact, source, Some(case.now)).fix(fix),
        workload,
    )
}

fn elsewhere(case: &Facts<'_>, workload: &Workload<'_>, monitor: &ServiceMonitor) -> Finding {
    let own = subject(monitor);
    let summary = Message::new("cause-target-missing-namespace")
        .with("workload", &workload.subject.name)
        .with("monitor", &own.name)
        .with("namespace", workload.namespace());
    let names = monitor.spec["namespaceSelector"]["matchNames"]
        .as_array()
        .into_iter()
        .flatten();
    let mut names: Vec<String> = names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    if names.is_empty() {
        names.extend(own.namespace.clone());
    }
    let fact = Message::new("fact-monitor-namespaces").with("namespaces", names);
    let source = format!("{} spec.namespaceSelector", own.label());
    let fix = Fix::new(
        own.clone(),
        "spec.namespaceSelector.matchNames",
        Message::new("why-monitor-namespace"),
    )
    .change(None::<String>, Some(format!("[{}]", workload.namespace())));
    let finding = Finding::new(Cause::TargetMissing, own, strength(case), summary);
    told(
        case,
        finding.evidence(fact, source, Some(case.now)).fix(fix),
        workload,
    )
}

fn port(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    monitor: &ServiceMonitor,
    service: &Service,
) -> Finding {
    let (own, service_subject) = (subject(monitor), service_subject(service));
    let asked = unknown_ports(monitor, service)
        .first()
        .map_or(String::new(), ToString::to_string);
    let ports: Vec<&_> = service
        .spec
        .iter()
        .flat_map(|spec| spec.ports.iter().flatten())
        .collect();
    let named: Vec<String> = ports.iter().filter_map(|port| port.name.clone()).collect();
    // A port without a name can be asked for by none: the Service has to name it.
    let whose = if named.is_empty() {
        service_subject.clone()
    } else {
        own.clone()
    };
    let summary = Message::new("cause-target-missing-port")
        .with("workload", &workload.subject.name)
        .with("monitor", &own.name)
        .with("service", &service_subject.name)
        .with("port", asked.as_str());
    let shown: Vec<String> = ports
        .iter()
        .map(|port| format!("{} ({})", port.name.as_deref().unwrap_or("-"), port.port))
        .collect();
    let fact = Message::new("fact-service-ports")
        .with("service", &service_subject.name)
        .with("ports", shown);
    let source = format!("{} spec.ports", service_subject.label());
    let fix = if named.is_empty() {
        Fix::new(
            whose.clone(),
            "spec.ports.name",
            Message::new("why-service-port-name"),
        )
        .change(None::<String>, Some(asked))
    } else {
        let best = named.iter().max_by(|a, b| {
            let score = |name: &str| strsim::jaro_winkler(name, &asked);
            score(a).total_cmp(&score(b))
        });
        Fix::new(
            whose.clone(),
            "spec.endpoints.port",
            Message::new("why-monitor-port"),
        )
        .change(Some(asked), best.cloned())
    };
    let finding = Finding::new(Cause::TargetMissing, whose, strength(case), summary);
    told(
        case,
        finding.evidence(fact, source, Some(case.now)).fix(fix),
        workload,
    )
}
