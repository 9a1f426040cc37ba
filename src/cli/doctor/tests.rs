//! The rights agree with the manifests, and the doctor finds what is wrong in the sandbox world.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{TimeDelta, Utc};
use serde_json::Value;

use super::check::{Area, Check, Status};
use super::{check, contexts, local, rights, slack};
use crate::config::{Config, Sources};

#[cfg(feature = "sandbox")]
#[path = "sandbox_tests.rs"]
mod sandbox;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents(path: &str) -> Vec<Value> {
    let text = fs::read_to_string(repository().join(path)).unwrap();
    serde_saphyr::from_multiple(&text).unwrap()
}

/// `verb resource.group`, of every rule of every role in the manifest.
fn granted() -> BTreeSet<String> {
    let mut granted = BTreeSet::new();
    let texts = |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap() };
    for document in documents("deploy/kubernetes/rbac.yaml") {
        for rule in document["rules"].as_array().into_iter().flatten() {
            assert!(rule.get("resourceNames").is_none() && rule.get("nonResourceURLs").is_none());
            for group in texts(&rule["apiGroups"]) {
                for resource in texts(&rule["resources"]) {
                    for verb in texts(&rule["verbs"]) {
                        let dot = if group.is_empty() { "" } else { "." };
                        granted.insert(format!("{verb} {resource}{dot}{group}"));
                    }
                }
            }
        }
    }
    granted
}

#[test]
fn somebody_can_be_called_also_when_the_first_cannot() {
    use crate::config::Lead;
    let now = Utc::now();
    let lead = |id: &str, absent: bool| Lead {
        slack_id: id.into(),
        name: None,
        environments: Vec::new(),
        services: Vec::new(),
        absent_until: absent.then(|| now + TimeDelta::days(1)),
    };
    let status = |leads: Vec<Lead>| {
        let mut config = Config::default();
        config.escalation.leads = leads;
        local::leads(&config, now).status
    };
    assert_eq!(status(vec![]), Status::Failed);
    for example in local::PLACEHOLDERS {
        let leads = vec![lead("U1", false), lead(example, false)];
        assert_eq!(status(leads), Status::Failed, "{example}");
    }
    assert_eq!(status(vec![lead("U1", true)]), Status::Failed);
    assert_eq!(status(vec![lead("U1", false)]), Status::Warning);
    assert_eq!(
        status(vec![lead("U1", false), lead("U2", true)]),
        Status::Warning
    );
    assert_eq!(
        status(vec![lead("U1", false), lead("U2", false)]),
        Status::Ok
    );
}

#[test]
fn the_manifest_grants_what_is_needed_and_nothing_else() {
    let needed: BTreeSet<String> = rights::needed().iter().map(rights::Right::label).collect();
    assert_eq!(granted(), needed);
    for right in rights::NEVER {
        assert!(!granted().contains(&right.label()), "{}", right.label());
    }
    for right in granted() {
        assert!(
            right.starts_with("get ") || right.starts_with("list "),
            "{right}"
        );
        assert!(
            !right.contains('*') && !right.contains("secrets"),
            "{right}"
        );
    }
}

#[test]
fn everything_the_gatherers_read_is_granted() {
    let mut read = BTreeSet::new();
    for path in rust_files(&repository().join("src/investigation")) {
        let text = fs::read_to_string(path).unwrap();
        for import in text.split("k8s_openapi::api::").skip(1) {
            let statement = import.split(';').next().unwrap_or_default();
            let mut parts = statement.splitn(3, "::");
            let (module, _version) = (parts.next().unwrap(), parts.next().unwrap());
            let names = parts.next().unwrap_or_default();
            for kind in names
                .split(|c: char| !c.is_alphanumeric())
                .filter(|k| is_object(k))
            {
                read.insert((module.to_owned(), kind.to_owned()));
            }
        }
    }
    assert!(read.len() > 10, "{read:?}");
    for (module, kind) in &read {
        let group = match module.as_str() {
            "core" => "",
            "networking" => "networking.k8s.io",
            "discovery" => "discovery.k8s.io",
            "storage" => "storage.k8s.io",
            "events" => "events.k8s.io",
            "admissionregistration" => "admissionregistration.k8s.io",
            "coordination" => "coordination.k8s.io",
            same => same,
        };
        let dot = if group.is_empty() { "" } else { "." };
        let right = format!("list {}{dot}{group}", plural(kind));
        assert!(
            granted().contains(&right),
            "{kind} is read, and `{right}` is not granted"
        );
    }
}

/// Objects have a plural and rights; the parts of them (`Container`, `PodSpec`) do not.
fn is_object(name: &str) -> bool {
    const OBJECTS: &[&str] = &[
        "Pod",
        "Service",
        "Endpoints",
        "Namespace",
        "Node",
        "Event",
        "PersistentVolumeClaim",
        "PersistentVolume",
        "ResourceQuota",
        "LimitRange",
        "ReplicationController",
        "ConfigMap",
        "Secret",
        "ServiceAccount",
        "Deployment",
        "ReplicaSet",
        "StatefulSet",
        "DaemonSet",
        "ControllerRevision",
        "Job",
        "CronJob",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "Ingress",
        "IngressClass",
        "NetworkPolicy",
        "EndpointSlice",
        "StorageClass",
        "Lease",
        "Role",
        "RoleBinding",
        "ClusterRole",
        "ClusterRoleBinding",
        "PriorityClass",
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
    ];
    OBJECTS.contains(&name)
}

fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    match kind.as_str() {
        "endpoints" => kind,
        _ if kind.ends_with('s') => kind + "es",
        _ if kind.ends_with('y') => kind.trim_end_matches('y').to_owned() + "ies",
        _ => kind + "s",
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                rust_files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
        .collect()
}

#[test]
fn the_slack_manifest_asks_for_the_scopes_that_are_used() {
    let manifest = &documents("deploy/slack-manifest.yaml")[0];
    let scopes: Vec<String> =
        serde_json::from_value(manifest["oauth_config"]["scopes"]["bot"].clone()).unwrap();
    assert_eq!(scopes, slack::SCOPES);
    assert_eq!(manifest["settings"]["socket_mode_enabled"], true);
    assert_eq!(manifest["settings"]["interactivity"]["is_enabled"], true);
}

#[test]
fn scopes_are_compared_both_ways() {
    let mut granted: Vec<String> = slack::SCOPES.iter().map(|s| (*s).to_owned()).collect();
    assert_eq!(slack::scopes(Some(&granted))[0].status, Status::Ok);
    granted.retain(|scope| scope != "im:write");
    granted.push("admin".to_owned());
    let checks = slack::scopes(Some(&granted));
    assert_eq!(checks[0].status, Status::Failed);
    assert_eq!(checks[0].detail, "missing: im:write");
    assert_eq!(checks[1].status, Status::Warning);
    assert_eq!(checks[1].detail, "not used: admin");
    assert_eq!(slack::scopes(None)[0].status, Status::Skipped);
}

#[test]
fn a_clock_that_is_off_is_told_with_its_direction() {
    let now = Utc::now();
    assert_eq!(
        slack::clock(now, now + TimeDelta::seconds(29)).status,
        Status::Ok
    );
    let check = slack::clock(now, now - TimeDelta::minutes(3));
    assert_eq!(check.status, Status::Failed);
    assert_eq!(check.detail, "180 s behind Slack's");
}

fn config(variables: &[(&str, &str)], yaml: &str) -> Config {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Config::from_sources(&Sources {
        variables: variables.iter().map(own).collect(),
        yaml: Some(("vigie.yaml".to_owned(), yaml.to_owned())),
        ..Sources::default()
    })
    .unwrap()
}

#[test]
fn each_context_is_looked_at_once_with_all_its_namespaces() {
    let yaml = "environments:
  - {name: production, context: eu, namespaces: [shop]}
  - {name: staging, context: eu, namespaces: [shop-staging]}
  - {name: dev}
";
    let config = config(&[], yaml);
    let found = contexts(&config, None);
    let eu = vec!["shop".to_owned(), "shop-staging".to_owned()];
    assert_eq!(found, [(Some("eu".to_owned()), eu), (None, Vec::new())]);
    assert_eq!(
        contexts(&config, Some("us")),
        [(Some("us".to_owned()), Vec::new())]
    );
    assert_eq!(contexts(&Config::default(), None), [(None, Vec::new())]);
}

#[test]
fn every_failed_line_has_its_fix_under_it() {
    let checks = [
        Check::ok(Area::Store, "folder", "can be written"),
        Check::failed(Area::Slack, "scopes", "missing: \u{1b}[31mx", "reinstall"),
    ];
    insta::assert_snapshot!(check::text(&checks), @r"
    Store
      ok       folder: can be written
    Slack
      FAILED   scopes: missing: x
               fix: reinstall

    1 ok, 0 warnings, 1 failed, 0 skipped
    ");
}

#[test]
fn one_warning_is_not_several() {
    let warned =
        |count| vec![Check::warning(Area::Store, "folder", "nearly full", "grow it"); count];
    let ends = |count, end: &str| check::text(&warned(count)).ends_with(end);
    assert!(ends(1, "0 ok, 1 warning, 0 failed, 0 skipped\n"));
    assert!(ends(2, "0 ok, 2 warnings, 0 failed, 0 skipped\n"));
}

#[test]
fn the_placeholders_are_those_of_the_examples() {
    let files = [
        ".env.example",
        "deploy/vigie.example.yaml",
        "deploy/kubernetes/config.yaml",
    ];
    let all: String = files
        .iter()
        .map(|path| fs::read_to_string(repository().join(path)).unwrap())
        .collect();
    let words = all.split(|c: char| !c.is_ascii_alphanumeric());
    let found: BTreeSet<&str> = words.filter(|word| word.starts_with("U0FAKE")).collect();
    assert_eq!(found, local::PLACEHOLDERS.into_iter().collect());
}

#[tokio::test]
async fn without_anything_the_doctor_says_what_to_do_first() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = config(
        &[
            ("VIGIE_DATA_DIR", data.to_str().unwrap()),
            ("VIGIE_HTTP_ADDR", "127.0.0.1:0"),
        ],
        "",
    );
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut checks = super::local::checks(&config).await;
    checks.extend(slack::checks(&config).await);
    let failed: Vec<&str> = checks
        .iter()
        .filter(|check| check.status == Status::Failed)
        .map(|check| check.name.as_str())
        .collect();
    assert_eq!(
        failed,
        ["leads", "VIGIE_SLACK_BOT_TOKEN", "VIGIE_SLACK_APP_TOKEN"]
    );
    assert!(
        checks
            .iter()
            .all(|check| check.status != Status::Failed || check.fix.is_some())
    );
    let left: Vec<_> = fs::read_dir(&data).unwrap().collect();
    assert!(
        left.is_empty(),
        "the doctor leaves nothing behind: {left:?}"
    );
}
