//! An Application whose objects are unhealthy.

use serde_json::Value;

use super::{NAMED, View, names};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{managed, resource_subject};
use crate::investigation::judge::delivery::{UNDELIVERED, time};
use crate::investigation::judge::facts::quote;
use crate::text::Message;

impl View<'_> {
    /// Objects that Argo CD finds unhealthy. Where it keeps no health of each (the default since Argo CD 3.0), any may be.
    pub(super) fn degraded(&self) -> Option<Finding> {
        if self.health != "Degraded" {
            return None;
        }
        let ill: Vec<&Value> = self
            .resources()
            .filter(|one| one["health"]["status"] == "Degraded")
            .collect();
        let blamed = if ill.is_empty() {
            managed(self.app)
        } else {
            ill.iter()
                .filter_map(|one| resource_subject(self.app, one))
                .collect()
        };
        let mut finding = self.named(
            Cause::ArgocdDegraded,
            if ill.is_empty() { 0.65 } else { 0.8 },
            "cause-argocd-degraded",
        );
        let shown = names(ill.iter().copied());
        finding.summary = finding
            .summary
            .with("count", shown.len())
            .with("names", shown);
        let fact = Message::new("fact-argocd-health")
            .with("health", self.health)
            .with("sync", self.sync);
        let at = time(&self.app.status["health"]["lastTransitionTime"]);
        for one in ill.iter().take(NAMED) {
            let line = quote(one["health"]["message"].as_str().unwrap_or_default());
            let fact = Message::new("fact-argocd-result")
                .with("kind", one["kind"].as_str().unwrap_or_default())
                .with("name", one["name"].as_str().unwrap_or_default())
                .with("line", line);
            finding = finding.evidence(fact, self.source("status.resources"), at);
        }
        let why = Message::new("why-argocd-degraded");
        let finding = finding
            .evidence(fact, self.source("status.health"), at)
            .blames(blamed)
            .explains(UNDELIVERED)
            .since(at)
            .fix(Fix::new(self.subject.clone(), "", why).command(self.command("get")));
        Some(finding)
    }
}
