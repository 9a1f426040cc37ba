//! `exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=1900m, limited:
//! requests.cpu=2`: the sentence of the quota admission plugin, in whatever sentence quotes it.

use std::sync::LazyLock;

use regex::Regex;

use super::number;
use crate::investigation::case::{show_bytes, show_millicores};
use crate::text::pattern;

/// What a quota line measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Cpu,
    Memory,
    Pods,
    Services,
    Storage,
    Objects,
}

/// One line of a quota that a request went over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exceeded {
    /// Name of the `ResourceQuota`.
    pub(super) quota: String,
    /// The line: `requests.cpu`.
    pub(super) resource: String,
    /// What the refused object asked for.
    pub(super) requested: String,
    /// What was in use.
    pub(super) used: String,
    /// The quota.
    pub(super) limited: String,
}

static EXCEEDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"exceeded quota: ([a-z0-9.-]+), requested: (\S+), used: (\S+), limited: (\S+)").ok()
});

/// The quota lines a sentence says were exceeded; none for a sentence about something else, such as
/// a request that names no amount ("must specify limits.cpu").
pub(super) fn exceeded(words: &str) -> Vec<Exceeded> {
    let Some(found) = EXCEEDED.as_ref().and_then(|it| it.captures(words)) else {
        return Vec::new();
    };
    let used = pairs(&found[3]);
    let limited = pairs(&found[4]);
    let value = |of: &[(String, String)], key: &str| {
        let pair = of.iter().find(|(name, _)| name == key);
        pair.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let line = |(resource, requested): (String, String)| Exceeded {
        quota: found[1].to_owned(),
        used: value(&used, &resource),
        limited: value(&limited, &resource),
        resource,
        requested,
    };
    pairs(&found[2]).into_iter().map(line).collect()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let text = text.trim_end_matches([',', '.', ';', ')', '"']);
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=')?;
        Some((key.to_owned(), value.to_owned()))
    };
    text.split(',').filter_map(pair).collect()
}

impl Exceeded {
    /// What the line measures; `None` for extended resources (GPUs).
    pub(super) fn measure(&self) -> Option<Measure> {
        let name = self.resource.as_str();
        let bare = name
            .strip_prefix("requests.")
            .or_else(|| name.strip_prefix("limits."));
        let bare = bare.unwrap_or(name);
        let bare = bare.strip_prefix("count/").unwrap_or(bare);
        Some(match bare {
            "cpu" => Measure::Cpu,
            "memory" => Measure::Memory,
            "pods" => Measure::Pods,
            "services" | "services.loadbalancers" | "services.nodeports" => Measure::Services,
            "storage" | "ephemeral-storage" | "persistentvolumeclaims" => Measure::Storage,
            _ if bare.contains(".storageclass.storage.k8s.io/") => Measure::Storage,
            "configmaps" | "secrets" | "replicationcontrollers" | "resourcequotas" => {
                Measure::Objects
            }
            _ if name.starts_with("count/") => Measure::Objects,
            _ => return None,
        })
    }

    /// A quantity of this line as a whole number.
    pub(super) fn number(&self, quantity: &str) -> Option<u64> {
        number(quantity, self.measure()?)
    }

    /// The quota that would let `missing` such requests in, as Kubernetes writes it.
    pub(super) fn wanted(&self, missing: usize) -> Option<String> {
        let missing = u64::try_from(missing).unwrap_or(1).max(1);
        let wanted = self.number(&self.used)? + self.number(&self.requested)? * missing;
        let is_bytes = self.measure() == Some(Measure::Memory)
            || self.resource.ends_with("storage")
            || self.resource.ends_with("/requests.storage");
        Some(match self.measure()? {
            Measure::Cpu => show_millicores(wanted.div_ceil(500) * 500),
            _ if is_bytes => show_bytes(wanted.div_ceil(256 << 20) * (256 << 20)),
            _ => wanted.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_admission_plugins_sentence_wherever_it_is_quoted() {
        let event = r#"Error creating: pods "payment-service-6c9f7d5b8-x2x9k" is forbidden: exceeded quota: compute, requested: limits.cpu=1,requests.cpu=500m, used: limits.cpu=4,requests.cpu=1900m, limited: limits.cpu=4,requests.cpu=2"#;
        let lines = exceeded(event);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].quota, "compute");
        assert_eq!(lines[1].resource, "requests.cpu");
        assert_eq!(
            (lines[1].used.as_str(), lines[1].limited.as_str()),
            ("1900m", "2")
        );
        assert_eq!(lines[1].measure(), Some(Measure::Cpu));
        assert_eq!(lines[1].wanted(2).as_deref(), Some("3"));
        let claim = r#"create Claim data-web-2 for Pod web-2 in StatefulSet web failed error: persistentvolumeclaims "data-web-2" is forbidden: exceeded quota: storage, requested: requests.storage=10Gi, used: requests.storage=95Gi, limited: requests.storage=100Gi"#;
        assert_eq!(exceeded(claim)[0].measure(), Some(Measure::Storage));
        assert_eq!(exceeded(claim)[0].wanted(1).as_deref(), Some("105Gi"));
        let none =
            r#"pods "x" is forbidden: failed quota: compute: must specify limits.cpu for: app"#;
        assert_eq!(exceeded(none), []);
    }

    #[test]
    fn what_a_line_measures() {
        let measure = |resource: &str| {
            let words = format!(
                "exceeded quota: q, requested: {resource}=1, used: {resource}=1, limited: {resource}=1"
            );
            exceeded(&words)[0].measure()
        };
        assert_eq!(measure("pods"), Some(Measure::Pods));
        assert_eq!(measure("services.loadbalancers"), Some(Measure::Services));
        assert_eq!(measure("limits.memory"), Some(Measure::Memory));
        assert_eq!(
            measure("gold.storageclass.storage.k8s.io/requests.storage"),
            Some(Measure::Storage)
        );
        assert_eq!(measure("count/jobs.batch"), Some(Measure::Objects));
        assert_eq!(measure("configmaps"), Some(Measure::Objects));
        assert_eq!(measure("requests.nvidia.com/gpu"), None);
    }
}
