//! Which way into the cluster a web address takes: host and path choose the rule of an Ingress, and with it the Service
//! behind it, as the Ingress specification says. Pure.

use k8s_openapi::api::networking::v1::{HTTPIngressPath, Ingress, IngressBackend};

use crate::finding::{Kind, Subject};
use crate::intent::WebAddress;
use crate::investigation::case::{Case, Looked};

/// How closely a rule fits: its host (named, by wildcard, any), the length of its path, whether that is exact. The
/// specification's order: the longest path of the closest host, an exact one before a prefix.
type Fit = (u8, usize, bool);

/// A rule that fits, and where it leads.
struct Way<'a> {
    fit: Fit,
    ingress: &'a Ingress,
    backend: &'a IngressBackend,
}

/// What the address leads to: the Service of the rule; its Ingress where that is not there, so that the break is seen.
/// `None`: no Ingress that was read takes it, or several do.
pub(super) fn leads_to(case: &Case, address: &WebAddress) -> Option<Subject> {
    let mut ways: Vec<Way<'_>> = case
        .ingresses
        .iter()
        .flat_map(|one| ways(one, address))
        .collect();
    let best = ways.iter().map(|way| way.fit).max()?;
    ways.retain(|way| way.fit == best);
    let mut ends = ways.iter().map(|way| end(case, way));
    let first = ends.next()??;
    ends.all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn end(case: &Case, way: &Way<'_>) -> Option<Subject> {
    let meta = &way.ingress.metadata;
    let namespace = meta.namespace.as_deref()?;
    let service = way
        .backend
        .service
        .as_ref()
        .map(|service| service.name.as_str());
    match service {
        // One that could not be read is not missing.
        Some(name) if !matches!(case.services.look(namespace, name), Looked::Absent) => {
            Some(Subject::new(Kind::Service, namespace, name))
        }
        _ => Some(Subject::new(
            Kind::Ingress,
            namespace,
            meta.name.as_deref()?,
        )),
    }
}

fn ways<'a>(ingress: &'a Ingress, address: &WebAddress) -> Vec<Way<'a>> {
    let Some(spec) = &ingress.spec else {
        return Vec::new();
    };
    let mut ways = Vec::new();
    let mut named = false;
    for rule in spec.rules.iter().flatten() {
        let Some(host) = host_fit(rule.host.as_deref(), &address.host) else {
            continue;
        };
        named |= host > 0;
        for path in rule.http.iter().flat_map(|http| &http.paths) {
            if let Some((length, exact)) = path_fit(path, &address.path) {
                let fit = (host, length, exact);
                ways.push(Way {
                    fit,
                    ingress,
                    backend: &path.backend,
                });
            }
        }
    }
    // Where no path of a host that it names fits, its default takes over.
    if let Some(backend) = spec.default_backend.as_ref().filter(|_| named) {
        ways.push(Way {
            fit: (0, 0, false),
            ingress,
            backend,
        });
    }
    ways
}

/// 2 for the very host, 1 for `*.example.com` (one label), 0 for a rule of every host.
fn host_fit(rule: Option<&str>, asked: &str) -> Option<u8> {
    let Some(rule) = rule.filter(|rule| !rule.is_empty()) else {
        return Some(0);
    };
    let rule = rule.to_lowercase();
    if rule == asked {
        return Some(2);
    }
    let (_, parent) = asked.split_once('.')?;
    (rule.strip_prefix("*.") == Some(parent)).then_some(1)
}

/// How many letters of the path the rule fits, and whether it is exact. A prefix fits element by element; what is
/// specific to the implementation is read as the beginning of the path, up to the first sign of a regular expression.
fn path_fit(rule: &HTTPIngressPath, asked: &str) -> Option<(usize, bool)> {
    let path = rule.path.as_deref().unwrap_or("/");
    let length = path.trim_end_matches('/').len();
    match rule.path_type.as_str() {
        "Exact" => (path == asked).then_some((path.len(), true)),
        "Prefix" => {
            let elements = |path: &str| -> Vec<String> {
                let all = path.split('/').filter(|element| !element.is_empty());
                all.map(str::to_owned).collect()
            };
            elements(asked)
                .starts_with(&elements(path))
                .then_some((length, false))
        }
        _ => {
            let literal = path
                .split(['(', '[', '.', '*', '?', '$', '^', '|', '+', '\\'])
                .next();
            let literal = literal.unwrap_or_default().trim_end_matches('/');
            asked.starts_with(literal).then_some((literal.len(), false))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::investigation::case::Area;
    use serde_json::json;

    /// Ingress `shop` with these rules: host, path, type of path, Service. Every Service is there but `gone`.
    fn case(rules: &[(&str, &str, &str, &str)]) -> Case {
        let mut case = Case::default();
        let rules: Vec<_> = rules
            .iter()
            .map(|(host, path, kind, service)| {
                if *service != "gone" {
                    let it = json!({"metadata": {"namespace": "shop", "name": service}});
                    case.services.put(serde_json::from_value(it).unwrap());
                }
                let backend = json!({"service": {"name": service, "port": {"number": 80}}});
                let paths = json!([{"path": path, "pathType": kind, "backend": backend}]);
                json!({"host": host, "http": {"paths": paths}})
            })
            .collect();
        let it =
            json!({"metadata": {"namespace": "shop", "name": "shop"}, "spec": {"rules": rules}});
        case.services
            .add(Area::Namespace("shop".to_owned()), Vec::new());
        case.ingresses.put(serde_json::from_value(it).unwrap());
        case
    }

    fn led(case: &Case, host: &str, path: &str) -> Option<String> {
        let (host, path) = (host.to_owned(), path.to_owned());
        let end = leads_to(case, &WebAddress { host, path })?;
        Some(format!("{} {}", end.kind.as_str(), end.name))
    }

    #[test]
    fn the_longest_prefix_of_whole_elements_wins_and_an_exact_path_before_it() {
        let case = case(&[
            ("shop.example.com", "/", "Prefix", "front"),
            ("shop.example.com", "/api", "Prefix", "api"),
            ("shop.example.com", "/api/pay/", "Prefix", "pay"),
            ("shop.example.com", "/api/pay", "Exact", "exact"),
            (
                "shop.example.com",
                "/old(/|$)(.*)",
                "ImplementationSpecific",
                "old",
            ),
        ]);
        for (path, service) in [
            ("/", "front"),
            ("/cart", "front"),
            ("/api", "api"),
            ("/api/payments", "api"),
            ("/api/pay", "exact"),
            ("/api/pay/42", "pay"),
            ("/API/pay", "front"),
            ("/old/things", "old"),
        ] {
            let expected = Some(format!("Service {service}"));
            assert_eq!(led(&case, "shop.example.com", path), expected, "{path}");
        }
    }

    #[test]
    fn the_very_host_before_a_wildcard_and_no_other_host() {
        let case = case(&[
            ("*.example.com", "/api/pay", "Prefix", "any"),
            ("shop.example.com", "/", "Prefix", "shop"),
        ]);
        assert_eq!(
            led(&case, "shop.example.com", "/api/pay").as_deref(),
            Some("Service shop")
        );
        assert_eq!(
            led(&case, "x.example.com", "/api/pay").as_deref(),
            Some("Service any")
        );
        assert_eq!(led(&case, "a.x.example.com", "/api/pay"), None);
        assert_eq!(led(&case, "example.com", "/api/pay"), None);
    }

    #[test]
    fn a_service_that_is_not_there_leaves_the_ingress_to_look_at() {
        let case = case(&[("shop.example.com", "/", "Prefix", "gone")]);
        assert_eq!(
            led(&case, "shop.example.com", "/x").as_deref(),
            Some("Ingress shop")
        );
    }
}
