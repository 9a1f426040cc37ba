//! Which row and playbook an alert is: by name, by another name, by its rule, by its labels, or not at all.

use super::super::alerts::How;
use super::super::*;
use super::source;
use super::subjects::alert;
use crate::alert::{About, RuleExpr};
use crate::text::Untrusted;

fn playbooks() -> Playbooks {
    Playbooks::new(built_in().unwrap())
}

/// `playbook/row how`.
fn chosen(name: &str, labels: &[(&str, &str)], rule: Option<&str>) -> String {
    let playbooks = playbooks();
    let rule = rule.map(RuleExpr::from_rules_api);
    let choice = playbooks
        .for_alert(&alert(name, labels), rule.as_ref())
        .unwrap();
    let row = choice.row.map_or("-", |row| row.name.as_str());
    format!("{}/{row} {:?}", choice.playbook.name, choice.how)
}

#[test]
fn every_name_and_alias_is_its_own_row() {
    let playbooks = playbooks();
    for playbook in playbooks.iter() {
        for row in &playbook.alerts {
            let named = playbooks.for_alert(&alert(&row.name, &[]), None).unwrap();
            assert_eq!(
                (named.row.unwrap().name.as_str(), named.how),
                (row.name.as_str(), How::Name)
            );
            for alias in row.aliases.iter().filter(|alias| !alias.contains('*')) {
                let other = playbooks.for_alert(&alert(alias, &[]), None).unwrap();
                assert_eq!(
                    (other.row.unwrap().name.as_str(), other.how),
                    (row.name.as_str(), How::Alias)
                );
            }
        }
    }
}

/// The rules for Kubernetes of awesome-prometheus-alerts, with their older names.
#[test]
fn the_names_of_awesome_prometheus_alerts_are_known() {
    let pairs = [
        ("KubernetesNodeNotReady", "node-down"),
        ("KubernetesNodeMemoryPressure", "node-pressure"),
        ("KubernetesNodeDiskPressure", "node-pressure"),
        ("KubernetesNodeNetworkUnavailable", "node-down"),
        ("KubernetesNodeOutOfPodCapacity", "capacity"),
        ("KubernetesContainerOomKiller", "pod-crash-loop"),
        ("KubernetesJobFailed", "job-failed"),
        ("KubernetesJobNotStarting", "job-failed"),
        ("KubernetesCronjobFailing", "job-failed"),
        ("KubernetesCronjobSuspended", "job-failed"),
        ("KubernetesCronjobTooLong", "job-failed"),
        ("KubernetesJobSlowCompletion", "job-failed"),
        ("KubernetesPersistentvolumeclaimPending", "volume"),
        ("KubernetesVolumeOutOfDiskSpace", "volume"),
        ("KubernetesVolumeFullInFourDays", "volume"),
        ("KubernetesPersistentvolumeError", "volume"),
        ("KubernetesStatefulsetDown", "rollout-stuck"),
        ("KubernetesHpaScaleInability", "autoscaler"),
        ("KubernetesHpaMetricsUnavailability", "autoscaler"),
        ("KubernetesHpaScaleMaximum", "autoscaler"),
        ("KubernetesHpaUnderutilized", "autoscaler"),
        ("KubernetesPodNotHealthy", "pod-not-ready"),
        ("KubernetesPodCrashLooping", "pod-crash-loop"),
        ("KubernetesReplicasetReplicasMismatch", "rollout-stuck"),
        ("KubernetesDeploymentReplicasMismatch", "rollout-stuck"),
        ("KubernetesStatefulsetReplicasMismatch", "rollout-stuck"),
        ("KubernetesDeploymentGenerationMismatch", "rollout-stuck"),
        ("KubernetesStatefulsetGenerationMismatch", "rollout-stuck"),
        ("KubernetesStatefulsetUpdateNotRolledOut", "rollout-stuck"),
        ("KubernetesDaemonsetRolloutStuck", "rollout-stuck"),
        ("KubernetesDaemonsetMisscheduled", "rollout-stuck"),
        ("KubernetesApiServerErrors", "api-server"),
        ("KubernetesApiClientErrors", "api-server"),
        ("KubernetesApiServerLatency", "api-server"),
        ("KubernetesClientCertificateExpiresNextWeek", "certificates"),
        ("KubernetesClientCertificateExpiresSoon", "certificates"),
        ("KubernetesNodeReady", "node-down"),
    ];
    for (name, playbook) in pairs {
        let found = chosen(name, &[], None);
        assert!(
            found.starts_with(&format!("{playbook}/")),
            "{name}: {found}"
        );
        assert!(
            !found.contains("Labels") && !found.contains("Unknown"),
            "{name}: {found}"
        );
    }
}

#[test]
fn a_name_in_another_style_is_the_same_alert() {
    assert_eq!(
        chosen("kube_pod_crash_looping", &[], None),
        "pod-crash-loop/KubePodCrashLooping Likeness"
    );
    assert_eq!(
        chosen("K8s Node Not Ready", &[], None),
        "node-down/KubeNodeNotReady Likeness"
    );
    assert_eq!(
        chosen("NODE_CLOCK_SKEW_DETECTED", &[], None),
        "node-system/NodeClockSkewDetected Likeness"
    );
}

#[test]
fn families_are_known_by_their_labels_or_patterns() {
    let sloth = [("sloth_service", "payment"), ("sloth_slo", "availability")];
    assert_eq!(
        chosen("PaymentAvailability", &sloth, None),
        "service-slow-or-failing/SlothErrorBudgetBurn Family"
    );
    assert_eq!(
        chosen("ErrorBudgetBurn", &[("slo", "x")], None),
        "service-slow-or-failing/ErrorBudgetBurn Name"
    );
    assert_eq!(
        chosen("HighApiLatency", &[], None),
        "service-slow-or-failing/HighLatency Pattern"
    );
    for name in [
        "Nginx5xxTooHigh",
        "CheckoutErrorRateHigh",
        "high_error_rate",
    ] {
        let found = chosen(name, &[], None);
        assert!(
            found.starts_with("service-slow-or-failing/HighErrorRate"),
            "{name}: {found}"
        );
    }
}

#[test]
fn the_metrics_of_its_rule_tell_what_an_unknown_name_is() {
    let by = |rule: &str| chosen("TeamAlert", &[], Some(rule));
    for (rule, expected) in [
        (
            "increase(kube_pod_container_status_restarts_total{namespace=\"shop\"}[10m]) > 2",
            "pod-crash-loop/KubePodCrashLooping",
        ),
        (
            "kube_pod_container_status_waiting_reason{reason=\"ErrImagePull\"} == 1",
            "pod-not-ready/KubeContainerWaiting",
        ),
        (
            "kube_deployment_spec_replicas - kube_deployment_status_replicas_available > 1",
            "rollout-stuck/KubeDeploymentReplicasMismatch",
        ),
        (
            "kubelet_volume_stats_available_bytes < 1e9",
            "volume/KubePersistentVolumeFillingUp",
        ),
        (
            "node_filesystem_avail_bytes{mountpoint=\"/data\"} / node_filesystem_size_bytes < 0.1",
            "node-disk/NodeFilesystemSpaceFillingUp",
        ),
        ("probe_success == 0", "endpoint-probe/BlackboxProbeFailed"),
        (
            "histogram_quantile(0.9, sum by (le) (rate(checkout_request_duration_seconds_bucket[5m]))) > 2",
            "service-slow-or-failing/-",
        ),
        ("up{job=\"redis\"} == 0", "target-down/TargetDown"),
        ("etcd_server_has_leader == 0", "etcd/etcdNoLeader"),
        (
            "argocd_app_info{sync_status=\"OutOfSync\"} == 1",
            "argocd/ArgoCdAppUnhealthy",
        ),
    ] {
        assert_eq!(by(rule), format!("{expected} Metrics"), "{rule}");
    }
    assert_eq!(by("company_queue_depth > 900"), "unknown-alert/- Unknown");
}

#[test]
fn labels_tell_when_nothing_else_does_and_the_exporters_do_not() {
    let by = |labels: &[(&str, &str)]| chosen("TeamAlert", labels, None);
    let (ns, exporter) = (
        ("namespace", "shop"),
        ("pod", "kps-kube-state-metrics-7d9c-x2x9k"),
    );
    assert_eq!(
        by(&[ns, ("deployment", "payment")]),
        "rollout-stuck/- Labels"
    );
    assert_eq!(
        by(&[ns, ("persistentvolumeclaim", "data")]),
        "volume/- Labels"
    );
    assert_eq!(by(&[("node", "worker-1")]), "node-down/- Labels");
    assert_eq!(by(&[ns, ("job_name", "report-1")]), "job-failed/- Labels");
    assert_eq!(by(&[ns, ("pod", "payment-x")]), "pod-not-ready/- Labels");
    assert_eq!(by(&[ns, exporter]), "unknown-alert/- Unknown");
    assert_eq!(by(&[ns]), "unknown-alert/- Unknown");
    assert_eq!(by(&[]), "unknown-alert/- Unknown");
}

#[test]
fn an_unknown_alert_is_about_what_its_labels_name_and_not_about_the_exporter() {
    let playbooks = playbooks();
    let about = |labels: &[(&str, &str)]| {
        let alert = alert("TeamAlert", labels);
        playbooks.for_alert(&alert, None).unwrap().about(&alert)
    };
    let ns = ("namespace", "monitoring");
    let ksm = ("pod", "kps-kube-state-metrics-7d9c-x2x9k");
    assert_eq!(
        about(&[ns, ksm]),
        About::Cluster,
        "a namespace of the exporter's"
    );
    let node = about(&[ns, ("pod", "node-exporter-x2x9k"), ("node", "worker-1")]);
    assert!(matches!(node, About::Object(subject) if subject.name == "worker-1"));
    let beside = about(&[("namespace", "shop"), ("pod", "postgres-exporter-x2x9k")]);
    assert_eq!(beside, About::Namespace("shop".to_owned()));
    let exported = about(&[
        ns,
        ksm,
        ("exported_namespace", "shop"),
        ("exported_pod", "payment-1"),
    ]);
    assert!(matches!(exported, About::Object(subject) if subject.name == "payment-1"));
    let app = about(&[("namespace", "shop"), ("app", "payment")]);
    let named = About::Named {
        name: "payment".to_owned(),
        namespace: Some("shop".to_owned()),
    };
    assert_eq!(app, named);
}

/// What a message says of its rule is no rule: neither chosen by, nor asked.
#[test]
fn an_expression_in_a_message_is_never_looked_at() {
    let mut alert = alert(
        "TeamAlert",
        &[("expr", "kubelet_volume_stats_available_bytes < 1")],
    );
    for key in ["expr", "query", "generatorURL", "description"] {
        let text = Untrusted::new("probe_success == 0 or kube_deployment_spec_replicas");
        alert.annotations.insert(key.to_owned(), text);
    }
    let playbooks = playbooks();
    let choice = playbooks.for_alert(&alert, None).unwrap();
    assert_eq!(
        (choice.playbook.name.as_str(), choice.how),
        ("unknown-alert", How::Unknown)
    );
}

#[test]
fn a_teams_own_row_goes_before_the_built_in_one() {
    let text = "name: ours\ntitle: {en: a, fr: b}\nalerts:\n  - name: KubePodCrashLooping\n    about: [namespace]\n    first: {en: Call Ada., fr: Appelez Ada.}\n";
    let mut all = built_in().unwrap();
    all.extend(load(&[source("ours", text)]).unwrap());
    let playbooks = Playbooks::new(all);
    let choice = playbooks
        .for_alert(&alert("KubePodCrashLooping", &[]), None)
        .unwrap();
    assert_eq!(choice.playbook.name, "ours");
}

#[test]
fn plumbing_calls_nobody_and_a_lost_quorum_does_at_once() {
    let of = |name: &str| playbooks().row(name).unwrap().escalation();
    assert_eq!(of("Watchdog"), Escalation::Never);
    assert_eq!(of("InfoInhibitor"), Escalation::Never);
    assert_eq!(of("CPUThrottlingHigh"), Escalation::Never);
    assert_eq!(of("etcdInsufficientMembers"), Escalation::AtOnce);
    assert_eq!(of("KubePodCrashLooping"), Escalation::ByPolicy);
}

#[test]
fn an_alert_says_first_what_is_done_first_and_its_number_beside_its_normal() {
    let playbooks = playbooks();
    let playbook = playbooks.get("pod-crash-loop").unwrap();
    let facts = Facts {
        alert: Some("KubePodCrashLooping".to_owned()),
        ..super::facts()
    };
    let numbers = [("key", 5.0), ("key_yesterday", 0.0), ("key_last_week", 1.0)];
    let numbers = numbers.map(|(name, value)| (name.to_owned(), value));
    let values = Values::from([(playbook.name.clone(), numbers.into())]);
    let with = |verdict| {
        let facts = Facts {
            verdict,
            ..facts.clone()
        };
        advise(&[playbook], &facts, &values).remove(0)
    };
    let lost = with(crate::finding::Verdict::Unknown);
    assert_eq!(lost.next[0].en, playbook.alerts[0].first.en);
    assert_eq!(lost.notes[0].rule, "key");
    assert!(lost.links[0].url.ends_with("/kubepodcrashlooping"));
    let calm = with(crate::finding::Verdict::Healthy);
    assert!(calm.next.is_empty() && calm.links[0].url.contains("kubernetes.io"));
    assert!(calm.notes.iter().any(|note| note.rule == "harmless"));
    let found = with(crate::finding::Verdict::CauseFound);
    assert!(found.next.is_empty(), "the cause is named");
}

#[test]
fn an_alerts_playbook_comes_with_no_question() {
    let playbooks = playbooks();
    let chosen = playbooks.chosen(&[Symptom::Slow, Symptom::Restarting], &[Kind::Deployment]);
    let names: Vec<&str> = chosen.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["slow", "restarting"]);
}

#[test]
fn every_row_has_its_page_and_its_number() {
    for playbook in playbooks().iter() {
        for row in &playbook.alerts {
            assert!(row.means.chars().count() > 30, "{}: means", row.name);
            assert!(row.key.is_some(), "{}: promql", row.name);
            assert!(
                row.first.en.len() > 20 && row.first.fr.len() > 20,
                "{}",
                row.name
            );
            if let Some(harmless) = &row.harmless {
                assert!(!harmless.en.is_empty() && !harmless.fr.is_empty());
            }
        }
        assert!(
            !playbook.for_alerts || !playbook.harmless.is_empty(),
            "{}",
            playbook.name
        );
    }
}
