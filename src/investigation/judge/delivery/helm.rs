//! Helm releases by the labels of their Secrets (`owner=helm`, `name`, `status`, `version`; helm.sh/helm
//! pkg/storage/driver/secrets.go): the newest revision decides.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{UNDELIVERED, is_asked, is_meant, workloads_of};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, HelmSecret, utc};
use crate::investigation::judge::facts::kubectl;
use crate::text::{Arg, Message};

/// An operation older than this is no longer one that waits: `--timeout` is five minutes by default, ten in most
/// pipelines.
const STUCK: TimeDelta = TimeDelta::minutes(12);
/// One older than this is stuck whatever the time-out.
const SURELY: TimeDelta = TimeDelta::hours(1);
/// A failure older than this is nobody's trouble unless a failed delivery is what was asked about.
const OLD: TimeDelta = TimeDelta::hours(24);

/// One revision.
#[derive(Clone, Copy)]
struct Revision<'a> {
    secret: &'a HelmSecret,
    number: i64,
    status: &'a str,
    at: Option<DateTime<Utc>>,
}

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut releases: BTreeMap<Subject, Vec<Revision<'_>>> = BTreeMap::new();
    for (release, revision) in case.releases.iter().filter_map(read) {
        releases.entry(release).or_default().push(revision);
    }
    let mut found = Vec::new();
    for (release, mut revisions) in releases {
        revisions.sort_by_key(|revision| -revision.number);
        let meant = is_meant(case, &[release.namespace.as_deref().unwrap_or_default()]);
        let Some((newest, before)) = revisions.split_first().filter(|_| meant) else {
            continue;
        };
        let good = before
            .iter()
            .find(|one| matches!(one.status, "deployed" | "superseded"));
        found.extend(match newest.status {
            "failed" => failed(case, &release, *newest, good),
            pending if pending.starts_with("pending-") => stuck(case, &release, *newest, good),
            _ => None,
        });
    }
    found
}

fn read(secret: &HelmSecret) -> Option<(Subject, Revision<'_>)> {
    let meta = &secret.metadata;
    let labels = meta.labels.as_ref()?;
    let label = |name: &str| labels.get(name).map(String::as_str);
    (label("owner") == Some("helm")).then_some(())?;
    let release = Subject::new(Kind::HelmRelease, meta.namespace.clone()?, label("name")?);
    let at = label("modifiedAt").or_else(|| label("createdAt"));
    let at = at.and_then(|at| DateTime::from_timestamp(at.parse().ok()?, 0));
    let revision = Revision {
        secret,
        number: label("version")?.parse().ok()?,
        status: label("status")?,
        at: at.or_else(|| meta.creation_timestamp.as_ref().map(utc)),
    };
    Some((release, revision))
}

fn failed(
    case: &Facts<'_>,
    release: &Subject,
    newest: Revision<'_>,
    good: Option<&Revision<'_>>,
) -> Option<Finding> {
    let age = newest.at.map(|at| case.now - at);
    let strength = match (is_asked(case), age) {
        (true, _) => 0.92,
        (false, Some(age)) if age <= OLD => 0.62,
        _ => return None,
    };
    let summary = Message::new("cause-helm-release-failed")
        .with("release", &release.name)
        .with(
            "namespace",
            release.namespace.as_deref().unwrap_or_default(),
        )
        .with("revision", newest.number);
    let own = workloads_of(case, release);
    let finding = Finding::new(Cause::HelmReleaseFailed, release.clone(), strength, summary)
        .blames(own)
        .explains(UNDELIVERED)
        .since(newest.at);
    Some(proven(finding, newest, good).fix(rollback(release, good, "why-helm-release-failed")))
}

fn stuck(
    case: &Facts<'_>,
    release: &Subject,
    newest: Revision<'_>,
    good: Option<&Revision<'_>>,
) -> Option<Finding> {
    let age = case.now - newest.at?;
    if age < STUCK {
        return None;
    }
    let strength = if age >= SURELY { 0.95 } else { 0.86 };
    let summary = Message::new("cause-helm-release-pending")
        .with("release", &release.name)
        .with(
            "namespace",
            release.namespace.as_deref().unwrap_or_default(),
        )
        .with("status", newest.status)
        .with("span", Arg::Span(age.num_seconds()));
    let finding = Finding::new(
        Cause::HelmReleasePending,
        release.clone(),
        strength,
        summary,
    )
    .explains([Symptom::DeployFailed])
    .since(newest.at);
    Some(proven(finding, newest, good).fix(rollback(release, good, "why-helm-release-pending")))
}

/// The records themselves, and the last good one.
fn proven(finding: Finding, newest: Revision<'_>, good: Option<&Revision<'_>>) -> Finding {
    let fact = |revision: &Revision<'_>| {
        Message::new("fact-helm-revision")
            .with("revision", revision.number)
            .with("status", revision.status)
    };
    let source = |revision: &Revision<'_>| {
        let name = revision.secret.metadata.name.as_deref().unwrap_or_default();
        format!("secret {name} (labels)")
    };
    let finding = finding.evidence(fact(&newest), source(&newest), newest.at);
    match good {
        Some(good) => finding.evidence(fact(good), source(good), good.at),
        None => finding,
    }
}

/// Back to the last good revision; a first installation has none and is taken away instead.
fn rollback(release: &Subject, good: Option<&Revision<'_>>, why: &'static str) -> Fix {
    let helm = kubectl(release).replacen("kubectl", "helm", 1);
    let name = &release.name;
    match good {
        Some(good) => Fix::new(
            release.clone(),
            "",
            Message::new(why).with("revision", good.number),
        )
        .command(format!("{helm} rollback {name} {}", good.number)),
        None => Fix::new(release.clone(), "", Message::new("why-helm-first"))
            .command(format!("{helm} uninstall {name}")),
    }
}
