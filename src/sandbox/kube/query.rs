//! Requests taken apart: the path grammar of the API server and its query parameters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::log::LogQuery;
use super::resource::Resource;

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub resource: &'static Resource,
    pub namespace: Option<String>,
    pub name: Option<String>,
    pub subresource: Option<String>,
}

impl Place {
    /// Reads `/api/v1/namespaces/ns/pods/name/log`, `/apis/apps/v1/deployments` and their kin.
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts: Vec<String> = path
            .trim_start_matches('/')
            .split('/')
            .map(percent_decode)
            .collect();
        let (group, version) = match parts.first()?.as_str() {
            "api" if parts.len() > 2 => (String::new(), parts[1].clone()),
            "apis" if parts.len() > 3 => (parts.remove(1), parts[1].clone()),
            _ => return None,
        };
        let rest: Vec<&str> = parts[2..].iter().map(String::as_str).collect();
        let own = |text: &&str| Some((*text).to_owned());
        let (namespace, rest) = match rest.as_slice() {
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (own(namespace), rest),
            all => (None, all),
        };
        let (plural, name, subresource) = match rest {
            [plural] => (plural, None, None),
            [plural, name] => (plural, own(name), None),
            [plural, name, sub] => (plural, own(name), own(sub)),
            _ => return None,
        };
        let resource = Resource::at(&group, &version, plural)?;
        let misplaced = namespace.is_some() && !resource.namespaced
            || namespace.is_none() && resource.namespaced && name.is_some();
        (!misplaced).then_some(Self {
            resource,
            namespace,
            name,
            subresource,
        })
    }

    /// `get` or `list`, what a GET of this place is to the authorizer.
    pub fn verb(&self) -> &'static str {
        if self.name.is_some() { "get" } else { "list" }
    }
}

/// Query parameters, decoded; the last of a name wins.
#[derive(Debug, Default)]
pub(crate) struct Params(HashMap<String, String>);

impl Params {
    /// Reads `a=b&c=d`.
    pub fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (
                        percent_decode(&name.replace('+', " ")),
                        percent_decode(&value.replace('+', " ")),
                    )
                })
                .collect(),
        )
    }

    /// The value, unless absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "1"))
    }

    /// Whether this is a watch.
    pub fn watch(&self) -> bool {
        self.flag("watch")
    }

    /// How many items a page has; `None` for all.
    pub fn limit(&self) -> Option<usize> {
        self.number("limit").filter(|limit| *limit > 0)
    }

    /// The log options.
    pub fn log(&self) -> LogQuery {
        LogQuery {
            container: self.get("container").map(str::to_owned),
            previous: self.flag("previous"),
            timestamps: self.flag("timestamps"),
            tail_lines: self.number("tailLines"),
            limit_bytes: self.number("limitBytes"),
            since_seconds: self.number("sinceSeconds"),
            since_time: self.number::<DateTime<Utc>>("sinceTime"),
        }
    }
}

/// Decodes `%2F`; what is not an escape stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_places() {
        let place = Place::parse("/api/v1/namespaces/production/pods/a%2Eb/log").unwrap();
        assert_eq!(place.resource.kind, "Pod");
        assert_eq!(place.namespace.as_deref(), Some("production"));
        assert_eq!(place.name.as_deref(), Some("a.b"));
        assert_eq!(place.subresource.as_deref(), Some("log"));
        let all = Place::parse("/apis/apps/v1/deployments").unwrap();
        assert_eq!((all.resource.kind, all.verb()), ("Deployment", "list"));
        let namespace = Place::parse("/api/v1/namespaces/production").unwrap();
        assert_eq!(namespace.resource.kind, "Namespace");
        for nowhere in [
            "/",
            "/api/v1",
            "/api/v2/pods",
            "/api/v1/pods/a",
            "/apis/apps/v1/pods",
            "/api/v1/namespaces/x/nodes",
        ] {
            assert_eq!(Place::parse(nowhere), None, "{nowhere}");
        }
    }
}
