//! Syncs: one that waits, one that failed, one that nobody starts.

use chrono::TimeDelta;
use serde_json::Value;

use super::{NAMED, View, names};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{destination, resource_subject};
use crate::investigation::judge::delivery::{UNDELIVERED, is_asked, time};
use crate::investigation::judge::facts::quote;
use crate::text::{Arg, Message};

use super::words;

/// A sync that waits longer than this for one object is blocked.
const BLOCKED: TimeDelta = TimeDelta::minutes(10);
/// A failed sync of an Application that is well is said for so long, and only to those who ask about deliveries.
const OLD: TimeDelta = TimeDelta::hours(24);
/// An Application that syncs itself is given this long after its last sync.
const SELF: TimeDelta = TimeDelta::minutes(10);

impl View<'_> {
    /// "waiting for healthy state of apps/Deployment/db", "waiting for completion of hook batch/Job/migrate".
    pub(super) fn blocked(&self) -> Option<Finding> {
        let message = self.message();
        let (hook, rest) = words::waits_for(message).filter(|_| self.phase() == "Running")?;
        let since = time(&self.operation["startedAt"])?;
        let lasting = self.case.now - since;
        if lasting < BLOCKED {
            return None;
        }
        let mut parts = rest.split('/').rev();
        let (name, kind) = (parts.next()?, parts.next()?);
        let waited = self
            .resources()
            .find(|one| one["name"] == name && one["kind"] == kind);
        let wave = waited
            .and_then(|one| one["syncWave"].as_i64())
            .unwrap_or_default();
        let blocker = Kind::parse(kind).map(|kind| Subject::new(kind, destination(self.app), name));
        let behind = self.resources().filter(|one| {
            one["syncWave"].as_i64().unwrap_or_default() > wave && one["status"] == "OutOfSync"
        });
        let id = if hook {
            "cause-argocd-hook-blocked"
        } else {
            "cause-argocd-wave-blocked"
        };
        let mut finding = self.named(Cause::ArgocdWaveBlocked, self.sure(0.92), id);
        finding.summary = finding
            .summary
            .with("kind", kind)
            .with("name", name)
            .with("wave", wave)
            .with("span", Arg::Span(lasting.num_seconds()));
        let fact = Message::new("fact-argocd-says").with("line", quote(message));
        let later: Vec<String> = names(behind);
        let mut finding = finding
            .evidence(
                fact,
                self.source("status.operationState.message"),
                Some(since),
            )
            .blames(blocker)
            .explains(UNDELIVERED)
            .since(Some(since));
        if !later.is_empty() {
            let fact = Message::new("fact-argocd-behind").with("names", later);
            finding = finding.evidence(fact, self.source("status.resources"), Some(self.case.now));
        }
        if let Some(said) = waited.and_then(|one| one["health"]["message"].as_str()) {
            let fact = Message::new("fact-argocd-says").with("line", quote(said));
            finding = finding.evidence(fact, self.source("status.resources"), Some(self.case.now));
        }
        let why = Message::new("why-argocd-wave").with("name", name);
        Some(finding.fix(Fix::new(self.subject.clone(), "", why).command(self.command("get"))))
    }

    /// The last sync failed, and nothing brought the Application in line since.
    pub(super) fn failed(&self) -> Option<Finding> {
        if !matches!(self.phase(), "Failed" | "Error") {
            return None;
        }
        let well =
            self.sync == "Synced" && matches!(self.health, "Healthy" | "Progressing" | "Suspended");
        let late = self.ended().is_some_and(|at| self.case.now - at > OLD);
        let strength = match (well, is_asked(self.case)) {
            (false, true) => 0.93,
            (false, false) if !late => 0.75,
            (true, true) if !late => 0.7,
            _ => return None,
        };
        let broken: Vec<&Value> = self
            .results()
            .filter(|one| {
                one["status"] == "SyncFailed"
                    || matches!(one["hookPhase"].as_str(), Some("Failed" | "Error"))
            })
            .collect();
        let blamed: Vec<Subject> = broken
            .iter()
            .filter_map(|one| resource_subject(self.app, one))
            .collect();
        let mut finding = self.named(
            Cause::ArgocdSyncFailed,
            strength,
            "cause-argocd-sync-failed",
        );
        finding.summary = match broken.first() {
            Some(first) => Message::new("cause-argocd-sync-failed-on")
                .with("app", &self.subject.name)
                .with("kind", first["kind"].as_str().unwrap_or_default())
                .with("name", first["name"].as_str().unwrap_or_default()),
            None => finding.summary,
        };
        for one in broken.iter().take(NAMED) {
            let line = quote(one["message"].as_str().unwrap_or_default());
            let fact = Message::new("fact-argocd-result")
                .with("kind", one["kind"].as_str().unwrap_or_default())
                .with("name", one["name"].as_str().unwrap_or_default())
                .with("line", line);
            let source = self.source("status.operationState.syncResult");
            finding = finding.evidence(fact, source, self.ended());
        }
        let fact = Message::new("fact-argocd-says").with("line", quote(self.message()));
        let source = self.source("status.operationState.message");
        let why = Message::new("why-argocd-sync-failed");
        let finding = finding
            .evidence(fact, source, self.ended())
            .blames(blamed)
            .explains(UNDELIVERED)
            .since(self.ended())
            .fix(Fix::new(self.subject.clone(), "", why).command(self.command("get")));
        Some(finding)
    }

    /// Git is ahead, and nobody syncs. That is everyday life where people sync by hand: it is an answer only for who
    /// asks why a delivery does not arrive, or where objects are missing altogether.
    pub(super) fn out_of_sync(&self) -> Option<Finding> {
        if self.sync != "OutOfSync" || self.phase() == "Running" {
            return None;
        }
        let differing: Vec<&Value> = self
            .resources()
            .filter(|one| one["status"] == "OutOfSync")
            .collect();
        let missing: Vec<&Value> = differing
            .iter()
            .copied()
            .filter(|one| one["health"]["status"] == "Missing")
            .collect();
        let automated = self.app.spec["syncPolicy"]["automated"].is_object();
        let fresh = self.ended().is_some_and(|at| self.case.now - at < SELF);
        let strength = match (is_asked(self.case), missing.is_empty()) {
            _ if automated && fresh => return None,
            (true, _) if automated => 0.7,
            (true, _) => 0.91,
            (false, false) => 0.6,
            (false, true) => return None,
        };
        let id = if automated {
            "cause-argocd-out-of-sync-automated"
        } else {
            "cause-argocd-out-of-sync"
        };
        let mut finding = self.named(Cause::ArgocdOutOfSync, strength, id);
        let shown = names(differing.iter().copied());
        finding.summary = finding
            .summary
            .with("count", differing.len())
            .with("names", shown);
        let fact = Message::new("fact-argocd-health")
            .with("health", self.health)
            .with("sync", self.sync);
        let mut finding = finding
            .evidence(
                fact,
                self.source("status.sync"),
                time(&self.app.status["reconciledAt"]),
            )
            .explains(UNDELIVERED)
            .hits(
                differing
                    .iter()
                    .filter_map(|one| resource_subject(self.app, one)),
            );
        if !missing.is_empty() {
            let fact =
                Message::new("fact-argocd-missing").with("names", names(missing.iter().copied()));
            finding = finding.evidence(fact, self.source("status.resources"), Some(self.case.now));
        }
        let (why, command) = if automated {
            ("why-argocd-diff", self.command("diff"))
        } else {
            ("why-argocd-out-of-sync", self.command("sync"))
        };
        Some(finding.fix(Fix::new(self.subject.clone(), "", Message::new(why)).command(command)))
    }
}
