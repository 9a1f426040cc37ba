//! What Argo CD refuses or cannot read before it deploys anything: project, repository, manifests.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::View;
use super::words::{Complaint, complaint};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::judge::delivery::{UNDELIVERED, time};
use crate::investigation::judge::facts::quote_end;
use crate::text::Message;

impl<'a> View<'a> {
    /// What Argo CD itself complains about now: its conditions, and why the last operation failed.
    fn complaints(&self) -> Vec<(&'a str, Option<DateTime<Utc>>, &'static str)> {
        let conditions = self.app.status["conditions"]
            .as_array()
            .into_iter()
            .flatten();
        let errors = conditions.filter(|one| {
            matches!(
                one["type"].as_str(),
                Some("ComparisonError" | "InvalidSpecError" | "SyncError" | "UnknownError")
            )
        });
        let said = |one: &'a Value| {
            let message = one["message"].as_str().unwrap_or_default();
            (
                message,
                time(&one["lastTransitionTime"]),
                "status.conditions",
            )
        };
        let mut all: Vec<_> = errors.map(said).collect();
        if matches!(self.phase(), "Failed" | "Error") && self.sync != "Synced" {
            all.push((self.message(), self.ended(), "status.operationState"));
            let results = self.results().filter(|one| one["status"] == "SyncFailed");
            let field = "status.operationState.syncResult";
            all.extend(results.map(|one| {
                (
                    one["message"].as_str().unwrap_or_default(),
                    self.ended(),
                    field,
                )
            }));
        }
        all
    }

    /// The project does not allow it, or the repository cannot be read, or rendered.
    pub(super) fn refused(&self) -> Option<Finding> {
        let all = self.complaints();
        let told = all
            .iter()
            .find_map(|(words, at, field)| Some((complaint(words)?, *words, *at, *field)));
        let (what, words, at, field) = told?;
        let (cause, id, why) = match what {
            Complaint::Project => (
                Cause::ArgocdProjectDenied,
                "cause-argocd-project-denied",
                "why-argocd-project",
            ),
            Complaint::Access => (
                Cause::ArgocdRepoError,
                "cause-argocd-repo-error",
                "why-argocd-repo-access",
            ),
            Complaint::Revision => (
                Cause::ArgocdRepoError,
                "cause-argocd-repo-revision",
                "why-argocd-repo-revision",
            ),
            Complaint::Network => (
                Cause::ArgocdRepoError,
                "cause-argocd-repo-network",
                "why-argocd-repo-network",
            ),
            Complaint::Rendering => (
                Cause::ArgocdSyncFailed,
                "cause-argocd-rendering",
                "why-argocd-rendering",
            ),
        };
        let text = |field: &'a str| self.source_text(field);
        let mut finding = self.named(cause, self.sure(0.95), id);
        finding.summary = finding
            .summary
            .with("repository", text("repoURL"))
            .with("revision", text("targetRevision"))
            .with(
                "project",
                self.app.spec["project"].as_str().unwrap_or("default"),
            );
        let fact = Message::new("fact-argocd-says").with("line", quote_end(words));
        let command = match what {
            Complaint::Project => {
                let project = self.app.spec["project"].as_str().unwrap_or("default");
                format!("argocd proj get {project}")
            }
            _ => self.command("get --hard-refresh"),
        };
        let finding = finding
            .evidence(fact, self.source(field), at)
            .explains(UNDELIVERED)
            .since(at)
            .fix(Fix::new(self.subject.clone(), "", Message::new(why)).command(command));
        Some(finding)
    }

    /// A field of the source; of the first, where there are several.
    fn source_text(&self, field: &str) -> &'a str {
        let spec = &self.app.spec;
        let one = spec["source"][field].as_str();
        one.or_else(|| spec["sources"][0][field].as_str())
            .unwrap_or("HEAD")
    }
}
