//! Selectors of a dashboard: PromQL in which the namespace and the workload are Grafana's variables. What is not a
//! variable comes from the cluster and is quoted.

use crate::finding::{Dashboard, RequestsBy};

/// The namespace, as a variable.
const NAMESPACE: &str = "namespace=\"$namespace\"";

/// Makes selectors for the workload of these facts.
#[derive(Clone, Copy)]
pub(super) struct Select<'a>(pub &'a Dashboard);

impl Select<'_> {
    /// Series of the workload's pods.
    pub fn pods(self, metric: &str) -> String {
        format!("{metric}{{{NAMESPACE},pod=~\"{}\"}}", self.pattern())
    }

    /// Series of its containers: neither the pod's sum nor its sandbox.
    pub fn containers(self, metric: &str) -> String {
        let pods = self.pattern();
        format!("{metric}{{{NAMESPACE},pod=~\"{pods}\",container!=\"\",container!=\"POD\"}}")
    }

    /// A resource of its containers, as kube-state-metrics tells it.
    pub fn resource(self, metric: &str, resource: &str) -> String {
        let pods = self.pattern();
        format!("{metric}{{{NAMESPACE},pod=~\"{pods}\",resource=\"{resource}\"}}")
    }

    /// Series of the workload itself: kube-state-metrics names it by its kind.
    pub fn owned(metric: &str, kind: &str) -> String {
        format!("{metric}{{{NAMESPACE},{kind}=\"$workload\"}}")
    }

    /// Series of a Deployment's `ReplicaSet`s.
    pub fn revisions(metric: &str) -> String {
        format!("{metric}{{{NAMESPACE},replicaset=~\"$workload-[a-z0-9]+\"}}")
    }

    /// Series of its autoscaler.
    pub fn scaler(self, metric: &str) -> Option<String> {
        let name = quoted(self.0.autoscaler.as_deref()?);
        Some(format!(
            "{metric}{{{NAMESPACE},horizontalpodautoscaler=\"{name}\"}}"
        ))
    }

    /// Series of requests to it, with one more condition or none.
    pub fn requests(self, metric: &str, by: RequestsBy, condition: &str) -> String {
        let services = || {
            let names = self.0.services.iter();
            let names: Vec<String> = names.map(|name| regex::escape(name)).collect();
            quoted(&names.join("|"))
        };
        let own = match by {
            RequestsBy::Pod => format!("{NAMESPACE},pod=~\"{}\"", self.pattern()),
            RequestsBy::Service | RequestsBy::IngressHonoured => {
                format!("{NAMESPACE},service=~\"{}\"", services())
            }
            RequestsBy::Istio => {
                "reporter=\"destination\",destination_workload_namespace=\"$namespace\",\
                 destination_workload=\"$workload\""
                    .to_owned()
            }
            RequestsBy::Ingress => format!(
                "exported_namespace=\"$namespace\",exported_service=~\"{}\"",
                services()
            ),
        };
        format!("{metric}{{{own}{condition}}}")
    }

    /// The names of its pods, with the variable in the place of its name.
    fn pattern(self) -> String {
        let name = regex::escape(&self.0.workload.name);
        match self.0.pods.strip_prefix(&name) {
            Some(rest) => format!("$workload{}", quoted(rest)),
            // A long name is cut in the names of pods.
            None => quoted(&self.0.pods),
        }
    }
}

/// Inside a double-quoted PromQL string. A dollar would begin a variable of Grafana.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', " ").replace('$', "")
}
