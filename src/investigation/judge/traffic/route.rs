//! The ways an Ingress sends requests: host and path, and the Service and port behind them.

use k8s_openapi::api::networking::v1::{Ingress, IngressBackend, ServiceBackendPort};

use crate::finding::{Kind, Subject};

/// One way.
#[derive(Clone, Copy, Debug)]
pub(in crate::investigation::judge) struct Route<'a> {
    pub ingress: &'a Ingress,
    /// Empty: every host.
    pub host: &'a str,
    pub path: &'a str,
    /// Name of the Service.
    pub service: &'a str,
    pub port: Option<&'a ServiceBackendPort>,
}

impl Route<'_> {
    /// Host and path as in an address bar.
    pub fn shown(&self) -> String {
        let host = if self.host.is_empty() { "*" } else { self.host };
        format!("{host}{}", self.path)
    }

    /// The port as it is written: a number or a name.
    pub fn port_shown(&self) -> String {
        let Some(port) = self.port else {
            return String::new();
        };
        let number = port.number.map(|number| number.to_string());
        number.or_else(|| port.name.clone()).unwrap_or_default()
    }

    /// The port's number, where it is written as one.
    pub fn number(&self) -> Option<u16> {
        u16::try_from(self.port?.number?).ok()
    }
}

/// The Ingress as a subject.
pub(in crate::investigation::judge) fn ingress_subject(ingress: &Ingress) -> Subject {
    let meta = &ingress.metadata;
    Subject::new(
        Kind::Ingress,
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    )
}

/// Every way of an Ingress that leads to a Service. `use-annotation` is no port: the AWS controller takes the whole
/// backend from an annotation then.
pub(in crate::investigation::judge) fn routes(ingress: &Ingress) -> Vec<Route<'_>> {
    let Some(spec) = &ingress.spec else {
        return Vec::new();
    };
    let mut all: Vec<Route<'_>> = Vec::new();
    if let Some(backend) = &spec.default_backend {
        all.extend(to_route(ingress, "", "", backend));
    }
    for rule in spec.rules.iter().flatten() {
        let host = rule.host.as_deref().unwrap_or_default();
        for path in rule.http.iter().flat_map(|http| &http.paths) {
            let shown = path.path.as_deref().unwrap_or("/");
            all.extend(to_route(ingress, host, shown, &path.backend));
        }
    }
    all.retain(|route| route.port.and_then(|port| port.name.as_deref()) != Some("use-annotation"));
    all
}

fn to_route<'a>(
    ingress: &'a Ingress,
    host: &'a str,
    path: &'a str,
    backend: &'a IngressBackend,
) -> Option<Route<'a>> {
    let service = backend.service.as_ref()?;
    Some(Route {
        ingress,
        host,
        path,
        service: &service.name,
        port: service.port.as_ref(),
    })
}

/// An annotation of an Ingress.
pub(super) fn annotation<'a>(ingress: &'a Ingress, key: &str) -> Option<&'a str> {
    let all = ingress.metadata.annotations.as_ref()?;
    all.get(key).map(String::as_str)
}

/// Whether a controller has taken the Ingress and published its address.
pub(super) fn is_published(ingress: &Ingress) -> bool {
    let status = ingress
        .status
        .as_ref()
        .and_then(|status| status.load_balancer.as_ref());
    status.is_some_and(|it| it.ingress.iter().flatten().next().is_some())
}
