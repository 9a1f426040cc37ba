//! HTTP routes of the Gateway API: the Gateway they hang on, the Services they send to, and what the controller says of
//! them in their status.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{BROKEN, behind};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Address, Facts, HttpRoute, Looked, http_backends};
use crate::investigation::judge::dependency::near_service;
use crate::investigation::judge::facts::{kubectl, quote};
use crate::text::Message;

/// A controller needs some seconds for a new route.
const SETTLED: TimeDelta = TimeDelta::minutes(2);

/// One finding each route: the first thing wrong with it.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let gone = |it: &HttpRoute| it.metadata.deletion_timestamp.is_some();
    let all = case.http_routes.iter().filter(|it| !gone(it));
    all.filter_map(|route| {
        let found = backend(case, route)
            .or_else(|| parent(case, route))
            .or_else(|| condition(case, route))?;
        Some(finish(case, route, found))
    })
    .collect()
}

/// What is wrong with a route.
struct Wrong {
    summary: Message,
    fact: Message,
    source: String,
    at: Option<DateTime<Utc>>,
    strength: f64,
    fix: Fix,
    /// The Service that was meant, where one of a near name is there.
    meant: Option<Subject>,
}

fn subject(route: &HttpRoute) -> Subject {
    let meta = &route.metadata;
    Subject::new(
        Kind::HttpRoute,
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    )
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A backend Service that is not there, or has no such port.
fn backend(case: &Facts<'_>, route: &HttpRoute) -> Option<Wrong> {
    let own = subject(route);
    http_backends(route)
        .into_iter()
        .find_map(|(service, port)| {
            let namespace = service.namespace.clone().unwrap_or_default();
            match case.services.look(&namespace, &service.name) {
                Looked::Absent => Some(no_service(case, &own, &service, port)),
                Looked::Found(found) => {
                    let offered = found.spec.as_ref()?.ports.as_ref()?;
                    let wanted = port
                        .filter(|port| !offered.iter().any(|one| one.port == i32::from(*port)))?;
                    let all: Vec<String> = offered.iter().map(|one| one.port.to_string()).collect();
                    Some(no_port(&own, &service, wanted, &all))
                }
                Looked::Unknown => None,
            }
        })
}

fn no_service(case: &Facts<'_>, own: &Subject, service: &Subject, port: Option<u16>) -> Wrong {
    let namespace = service.namespace.clone().unwrap_or_default();
    let near = near_service(case, &namespace, &service.name, port)
        .map(|Address { host, .. }| host)
        .filter(|host| !host.contains('.'));
    let fact = Message::new("fact-service-absent")
        .with("service", &service.name)
        .with("namespace", &namespace)
        .with("services", case.services.within(&namespace).count());
    let field = "spec.rules.backendRefs.name";
    Wrong {
        summary: Message::new("cause-gateway-route-misrouted-service")
            .with("route", &own.name)
            .with("service", &service.name),
        fact,
        source: format!("services in {namespace}"),
        at: None,
        strength: 0.95,
        fix: Fix::new(own.clone(), field, Message::new("why-gateway-service"))
            .change(Some(&service.name), near.clone()),
        meant: near.map(|name| Subject::new(Kind::Service, namespace, name)),
    }
}

fn no_port(own: &Subject, service: &Subject, wanted: u16, all: &[String]) -> Wrong {
    let ports = all.join(", ");
    let only = match all {
        [only] => Some(only.clone()),
        _ => None,
    };
    Wrong {
        summary: Message::new("cause-gateway-route-misrouted-port")
            .with("route", &own.name)
            .with("service", &service.name)
            .with("port", wanted.to_string())
            .with("ports", &ports),
        fact: Message::new("fact-service-ports")
            .with("service", &service.name)
            .with("ports", &ports),
        source: format!("{} spec.ports", service.label()),
        at: None,
        strength: 0.95,
        fix: Fix::new(
            own.clone(),
            "spec.rules.backendRefs.port",
            Message::new("why-ingress-port"),
        )
        .change(Some(wanted.to_string()), only),
        meant: None,
    }
}

/// The Gateways a route hangs on: none of them there, or without the listener named.
fn parent(case: &Facts<'_>, route: &HttpRoute) -> Option<Wrong> {
    let own = subject(route);
    let parents: Vec<&Value> = list(&route.spec, "parentRefs")
        .filter(|parent| matches!(text(parent, "kind"), "" | "Gateway"))
        .collect();
    let broken: Option<Vec<Wrong>> = parents
        .iter()
        .map(|parent| of_parent(case, &own, parent))
        .collect();
    broken?.into_iter().next()
}

fn of_parent(case: &Facts<'_>, own: &Subject, parent: &Value) -> Option<Wrong> {
    let namespace = match text(parent, "namespace") {
        "" => own.namespace.clone().unwrap_or_default(),
        other => other.to_owned(),
    };
    let (name, section) = (text(parent, "name"), text(parent, "sectionName"));
    let source = format!("gateways in {namespace}");
    let wrong = |id: &'static str, field: &str, from: &str, there: Vec<String>| Wrong {
        summary: Message::new(id)
            .with("route", &own.name)
            .with("gateway", name)
            .with("section", section)
            .with("namespace", &namespace),
        fact: Message::new("fact-gateway-has")
            .with("what", from)
            .with("count", there.len())
            .with("there", there.join(", ")),
        source: source.clone(),
        at: None,
        strength: 0.94,
        fix: Fix::new(own.clone(), field, Message::new("why-gateway-parent")).change(
            Some(from),
            match there.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        ),
        meant: None,
    };
    match case.gateways.look(&namespace, name) {
        Looked::Absent => {
            let all = case.gateways.within(&namespace);
            let there = all.filter_map(|it| it.metadata.name.clone()).collect();
            let id = "cause-gateway-route-misrouted-gateway";
            Some(wrong(id, "spec.parentRefs.name", name, there))
        }
        Looked::Found(gateway) if !section.is_empty() => {
            let listeners = list(&gateway.spec, "listeners").map(|it| text(it, "name").to_owned());
            let there: Vec<String> = listeners.collect();
            let id = "cause-gateway-route-misrouted-listener";
            let missing = !there.iter().any(|it| it == section);
            missing.then(|| wrong(id, "spec.parentRefs.sectionName", section, there))
        }
        _ => None,
    }
}

/// `Accepted` or `ResolvedRefs` is False with every parent that says anything (Gateway API, `RouteParentStatus`).
fn condition(case: &Facts<'_>, route: &HttpRoute) -> Option<Wrong> {
    let own = subject(route);
    let created = route
        .metadata
        .creation_timestamp
        .as_ref()
        .map(crate::investigation::case::utc);
    if created.is_some_and(|at| case.now - at < SETTLED) {
        return None;
    }
    let refused = |parent: &'_ Value| -> Option<Value> {
        let mut all = list(parent, "conditions");
        let is_bad = |it: &&Value| {
            matches!(text(it, "type"), "Accepted" | "ResolvedRefs") && text(it, "status") == "False"
        };
        all.find(is_bad).cloned()
    };
    let parents: Vec<&Value> = list(&route.status, "parents").collect();
    let all: Option<Vec<Value>> = parents.iter().map(|parent| refused(parent)).collect();
    let worst = all?.into_iter().next()?;
    let at = text(&worst, "lastTransitionTime")
        .parse::<DateTime<Utc>>()
        .ok();
    let command = format!("{} get httproute {} -o yaml", kubectl(&own), own.name);
    Some(Wrong {
        summary: Message::new("cause-gateway-route-misrouted-refused")
            .with("route", &own.name)
            .with("condition", text(&worst, "type"))
            .with("reason", text(&worst, "reason")),
        fact: Message::new("fact-traffic-controller-says")
            .with("line", quote(text(&worst, "message"))),
        source: format!("{} status.parents.conditions", own.label()),
        at,
        strength: 0.92,
        fix: Fix::new(own, "spec", Message::new("why-gateway-refused")).command(command),
        meant: None,
    })
}

fn finish(case: &Facts<'_>, route: &HttpRoute, wrong: Wrong) -> Finding {
    let named = http_backends(route).into_iter().map(|(service, _)| service);
    let services = named.chain(wrong.meant);
    let hits: Vec<Subject> = services
        .flat_map(|service| {
            let namespace = service.namespace.clone().unwrap_or_default();
            let found = case.services.look(&namespace, &service.name).found();
            found.map_or_else(|| vec![service.clone()], |found| behind(case, found))
        })
        .collect();
    Finding::new(
        Cause::GatewayRouteMisrouted,
        subject(route),
        wrong.strength,
        wrong.summary,
    )
    .evidence(wrong.fact, wrong.source, wrong.at.or(Some(case.now)))
    .hits(hits)
    .explains(BROKEN)
    .since(wrong.at)
    .fix(wrong.fix)
}
