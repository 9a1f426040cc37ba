//! What a `ServiceMonitor` selects, as the Prometheus Operator reads it (api.md, `ServiceMonitorSpec`).

use k8s_openapi::api::core::v1::Service;
use serde_json::Value;

use crate::investigation::case::ServiceMonitor;

/// A label of a Service.
fn label<'a>(service: &'a Service, name: &str) -> Option<&'a str> {
    service
        .metadata
        .labels
        .as_ref()?
        .get(name)
        .map(String::as_str)
}

/// Whether a monitor looks into a namespace: its own, unless it says otherwise.
pub(super) fn looks_into(monitor: &ServiceMonitor, namespace: &str) -> bool {
    let selector = &monitor.spec["namespaceSelector"];
    if selector["any"] == true {
        return true;
    }
    match selector["matchNames"].as_array() {
        Some(names) if !names.is_empty() => names.iter().any(|name| name == namespace),
        _ => monitor.metadata.namespace.as_deref() == Some(namespace),
    }
}

/// The first label of the selector that a Service does not carry: name, wanted value.
pub(super) fn mismatch<'a>(
    monitor: &'a ServiceMonitor,
    service: &Service,
) -> Option<(&'a str, &'a str)> {
    let wanted = monitor.spec["selector"]["matchLabels"]
        .as_object()
        .into_iter()
        .flatten();
    let mut wanted = wanted.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    wanted
        .find(|(name, value)| label(service, name) != Some(value))
        .or_else(|| unmet(monitor, service))
}

/// The first expression that a Service does not meet.
fn unmet<'a>(monitor: &'a ServiceMonitor, service: &Service) -> Option<(&'a str, &'a str)> {
    let all = monitor.spec["selector"]["matchExpressions"]
        .as_array()
        .into_iter()
        .flatten();
    all.filter_map(|one| Some((one, one["key"].as_str()?)))
        .find_map(|(one, key)| {
            let has = label(service, key);
            let values: Vec<&str> = one["values"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let met = match one["operator"].as_str() {
                Some("In") => has.is_some_and(|has| values.contains(&has)),
                Some("NotIn") => has.is_none_or(|has| !values.contains(&has)),
                Some("Exists") => has.is_some(),
                Some("DoesNotExist") => has.is_none(),
                _ => true,
            };
            (!met).then(|| (key, values.first().copied().unwrap_or_default()))
        })
}

/// The names of ports that a monitor asks for and a Service does not have; empty when one fits.
pub(super) fn unknown_ports<'a>(monitor: &'a ServiceMonitor, service: &Service) -> Vec<&'a str> {
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
    let named = |name: &str| {
        ports
            .into_iter()
            .flatten()
            .any(|port| port.name.as_deref() == Some(name))
    };
    let endpoints: Vec<&Value> = monitor.spec["endpoints"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let asked: Option<Vec<&str>> = endpoints.iter().map(|one| one["port"].as_str()).collect();
    // An endpoint by `targetPort`, or without a port, asks for no name.
    let asked = asked.unwrap_or_default();
    if asked.iter().any(|name| named(name)) {
        return Vec::new();
    }
    asked
}

/// Whether a monitor is meant for a Service: by its name, or by a value it selects.
pub(super) fn is_near(monitor: &ServiceMonitor, names: &[&str]) -> bool {
    let own = monitor.metadata.name.as_deref().unwrap_or_default();
    let values = monitor.spec["selector"]["matchLabels"]
        .as_object()
        .into_iter()
        .flatten();
    let values = values.filter_map(|(_, value)| value.as_str());
    let alike = |text: &str, name: &str| {
        let short = |text: &str| {
            let text = text
                .trim_end_matches("-monitor")
                .trim_end_matches("-metrics");
            text.trim_end_matches("-servicemonitor").to_owned()
        };
        short(text) == short(name) || strsim::jaro_winkler(&short(text), &short(name)) >= 0.93
    };
    let mut all = values.chain([own]);
    all.any(|text| names.iter().any(|name| alike(text, name)))
}
