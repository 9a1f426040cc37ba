//! For every row of the catalogue: the alert as it looks with kube-prometheus and as it looks with
//! kube-prometheus-stack, where the exporter's labels stand beside its own, and the subject that is chosen.
//! Then the same alerts with labels missing and with labels that are attacks.

use std::collections::BTreeMap;

use super::super::*;
use crate::alert::{About, Alert, State};
use crate::text::Untrusted;

const TABLE: &str = include_str!("../../../tests/fixtures/alerts/subjects.txt");

/// A line of the table.
struct Line {
    name: &'static str,
    exporter: &'static str,
    own: Vec<(&'static str, &'static str)>,
    jsonnet: &'static str,
    stack: &'static str,
}

fn lines() -> Vec<Line> {
    let written = TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = written.map(|line| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let own = cells[2].split(',').filter_map(|pair| pair.split_once('='));
        Line {
            name: cells[0],
            exporter: cells[1],
            own: own.collect(),
            jsonnet: cells[3],
            stack: cells.last().unwrap(),
        }
    });
    read.collect()
}

/// Labels and their values.
type Pairs = Vec<(&'static str, &'static str)>;

/// What the exporter adds, by installation: what `honorLabels` does not overwrite.
fn added(exporter: &str, stack: bool) -> Pairs {
    exporters(exporter, stack)
        .or_else(|| control_plane(exporter, stack))
        .or_else(|| themselves(exporter, stack))
        .or_else(|| applications(exporter, stack))
        .unwrap_or_else(|| panic!("no exporter {exporter}"))
}

/// Exporters that tell of others.
fn exporters(exporter: &str, stack: bool) -> Option<Pairs> {
    Some(match (exporter, stack) {
        ("aggregated", _) => vec![],
        // Relabelling drops pod, service, endpoint and namespace; the container stays.
        ("ksm", false) => vec![
            ("container", "kube-rbac-proxy-main"),
            ("instance", "10.0.3.9:8443"),
            ("job", "kube-state-metrics"),
        ],
        ("ksm", true) => vec![
            ("namespace", "monitoring"),
            ("pod", "kps-kube-state-metrics-7d9c8b6f5-x2x9k"),
            ("container", "kube-state-metrics"),
            ("service", "kps-kube-state-metrics"),
            ("endpoint", "http"),
            ("instance", "10.0.3.9:8080"),
            ("job", "kube-state-metrics"),
        ],
        ("node", false) => vec![
            ("namespace", "monitoring"),
            ("pod", "node-exporter-x2x9k"),
            ("container", "kube-rbac-proxy"),
            ("instance", "worker-1"),
            ("job", "node-exporter"),
        ],
        ("node", true) => vec![
            ("namespace", "monitoring"),
            ("pod", "kps-prometheus-node-exporter-x2x9k"),
            ("container", "node-exporter"),
            ("service", "kps-prometheus-node-exporter"),
            ("instance", "10.0.0.7:9100"),
            ("job", "node-exporter"),
        ],
        _ => return None,
    })
}

/// Kubelets and the control plane.
fn control_plane(exporter: &str, stack: bool) -> Option<Pairs> {
    Some(match (exporter, stack) {
        ("kubelet", _) => vec![
            ("namespace", "kube-system"),
            ("service", if stack { "kps-kubelet" } else { "kubelet" }),
            ("node", "worker-1"),
            ("instance", "10.0.0.7:10250"),
            ("metrics_path", "/metrics"),
            ("job", "kubelet"),
        ],
        ("apiserver", _) => vec![
            ("namespace", "default"),
            ("service", "kubernetes"),
            ("instance", "10.0.0.2:6443"),
            ("job", "apiserver"),
        ],
        ("control-plane", _) => vec![
            ("namespace", "kube-system"),
            ("pod", "kube-scheduler-cp-1"),
            ("service", "kube-scheduler"),
            ("instance", "10.0.0.2:10259"),
        ],
        ("etcd", _) => vec![
            ("namespace", "kube-system"),
            ("pod", "etcd-cp-1"),
            ("service", "kps-kube-etcd"),
            ("instance", "10.0.0.2:2381"),
            ("job", "kube-etcd"),
        ],
        _ => return None,
    })
}

/// Monitoring that tells of itself.
fn themselves(exporter: &str, stack: bool) -> Option<Pairs> {
    Some(match (exporter, stack) {
        ("prometheus", false) => own("prometheus-k8s-0", "prometheus-k8s"),
        ("prometheus", true) => own("prometheus-kps-prometheus-0", "kps-prometheus"),
        ("alertmanager", false) => own("alertmanager-main-0", "alertmanager-main"),
        ("alertmanager", true) => own("alertmanager-kps-alertmanager-0", "kps-alertmanager"),
        ("operator", false) => own("prometheus-operator-5d8f7c9b4-x2x9k", "prometheus-operator"),
        ("operator", true) => own("kps-operator-5d8f7c9b4-x2x9k", "kps-operator"),
        _ => return None,
    })
}

/// Everything else.
fn applications(exporter: &str, stack: bool) -> Option<Pairs> {
    Some(match (exporter, stack) {
        ("argocd", _) => vec![
            ("namespace", "argocd"),
            ("pod", "argocd-application-controller-0"),
            ("service", "argocd-metrics"),
            ("instance", "10.0.6.2:8082"),
            ("job", "argocd-metrics"),
        ],
        ("cert-manager", _) => vec![
            ("namespace", "cert-manager"),
            ("pod", "cert-manager-6b8d-x2x9k"),
            ("container", "cert-manager-controller"),
            ("service", "cert-manager"),
            ("instance", "10.0.7.2:9402"),
            ("job", "cert-manager"),
        ],
        ("jenkins", _) => vec![
            ("namespace", "ci"),
            ("pod", "jenkins-0"),
            ("service", "jenkins"),
            ("instance", "10.0.5.5:8080"),
            ("job", "jenkins"),
        ],
        ("blackbox", _) => vec![
            ("namespace", "monitoring"),
            ("pod", "kps-blackbox-exporter-5c7d-x2x9k"),
            ("instance", "https://shop.example.com/health"),
            ("job", "probe/monitoring/shop"),
        ],
        ("application", _) => vec![
            ("namespace", "shop"),
            ("pod", "payment-6d4cf56db6-x2x9k"),
            ("service", "payment"),
            ("container", "app"),
            ("instance", "10.0.8.8:8080"),
            ("job", "payment"),
        ],
        _ => return None,
    })
}

/// Labels of a target of the monitoring namespace that tells of itself.
fn own(pod: &'static str, service: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("namespace", "monitoring"),
        ("pod", pod),
        ("service", service),
        ("job", service),
        ("instance", "10.0.4.4:9090"),
    ]
}

pub(super) fn alert(name: &str, labels: &[(&str, &str)]) -> Alert {
    let labels = labels.iter().copied().chain([("alertname", name)]);
    let labels: BTreeMap<String, Untrusted> = labels
        .map(|(name, value)| (name.to_owned(), Untrusted::new(value)))
        .collect();
    Alert {
        generator: None,
        name: Untrusted::new(name),
        state: State::Firing,
        labels,
        annotations: BTreeMap::new(),
        starts_at: None,
        ends_at: None,
        fingerprint: "0000000000000000".to_owned(),
    }
}

/// The alert of a line as an installation sends it.
fn sent(line: &Line, stack: bool) -> Alert {
    let mut labels = added(line.exporter, stack);
    labels.extend(&line.own);
    alert(line.name, &labels)
}

fn told(about: &About) -> String {
    match about {
        About::Object(subject) => subject.label(),
        About::Named { name, namespace } => match namespace {
            Some(namespace) => format!("Named {name} in {namespace}"),
            None => format!("Named {name}"),
        },
        About::Namespace(name) => format!("Namespace {name}"),
        About::Instance(at) => format!("Instance {at}"),
        About::Address(at) => format!("Address {at}"),
        About::Cluster => "Cluster".to_owned(),
        About::Nothing => "Nothing".to_owned(),
    }
}

fn playbooks() -> Playbooks {
    Playbooks::new(built_in().unwrap_or_else(|mistakes| panic!("{mistakes:#?}")))
}

fn about(playbooks: &Playbooks, alert: &Alert) -> About {
    playbooks.for_alert(alert, None).unwrap().about(alert)
}

#[test]
fn every_row_finds_its_subject_in_both_installations() {
    let playbooks = playbooks();
    let mut wrong = Vec::new();
    for line in lines() {
        for (stack, expected) in [(false, line.jsonnet), (true, line.stack)] {
            let alert = sent(&line, stack);
            let choice = playbooks.for_alert(&alert, None).unwrap();
            let row = choice.row.map(|row| row.name.as_str());
            let found = told(&choice.about(&alert));
            if found != expected || row != Some(line.name) {
                let (name, expected) = (line.name, expected);
                wrong.push(format!("{name} ({stack}): {row:?} {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_is_the_catalogue() {
    let playbooks = playbooks();
    let rows = playbooks.iter().flat_map(|playbook| &playbook.alerts);
    let mut rows: Vec<&str> = rows.map(|row| row.name.as_str()).collect();
    let mut table: Vec<&str> = lines().iter().map(|line| line.name).collect();
    rows.sort_unstable();
    table.sort_unstable();
    assert_eq!(rows, table);
    assert_eq!(rows.len(), 180);
    let alert_led = playbooks.iter().filter(|playbook| playbook.for_alerts);
    assert_eq!(alert_led.count(), 27);
}

#[test]
fn a_missing_label_leads_wide_and_never_to_another_object() {
    let playbooks = playbooks();
    for line in lines() {
        let bare = about(&playbooks, &alert(line.name, &[]));
        let wide = matches!(bare, About::Cluster | About::Nothing);
        assert!(wide, "{}: {bare:?}", line.name);
        for left_out in line.own.iter().map(|(name, _)| *name) {
            // A family is known by its labels.
            if left_out.starts_with("sloth_") {
                continue;
            }
            let mut alert = sent(&line, false);
            alert.labels.remove(left_out);
            let found = about(&playbooks, &alert);
            let same = line.jsonnet.starts_with(&told(&found));
            let honest = !matches!(found, About::Object(_) | About::Named { .. });
            let jenkins = line.exporter == "jenkins";
            let what = (line.name, left_out, &found);
            assert!(same || honest || jenkins, "{what:?}");
        }
    }
}

#[test]
fn a_label_that_is_an_attack_names_nothing() {
    let playbooks = playbooks();
    let long = "a".repeat(600);
    let odd = [
        "x\"} or up{a=\"",
        "a\nb",
        "<!channel>",
        "{{ $labels.pod }}",
        "\u{202e}daolyap",
        "`id`",
        "a|b",
        "<https://evil.example.com|payment>",
        long.as_str(),
    ];
    for line in lines() {
        for value in odd {
            for (label, _) in &line.own {
                let mut alert = sent(&line, true);
                alert
                    .labels
                    .insert((*label).to_owned(), Untrusted::new(value));
                let found = told(&about(&playbooks, &alert));
                assert!(!found.contains(value), "{} {label}: {found}", line.name);
            }
        }
    }
}

/// The number of an alert is asked with whatever its labels hold, and stays one expression.
#[test]
fn no_label_leaves_its_string_in_an_expression() {
    let playbooks = playbooks();
    let odd = "a\"} or vector(1) or up{b=\"\\";
    for row in playbooks.iter().flat_map(|playbook| &playbook.alerts) {
        let Some(key) = &row.key else { continue };
        let labels = row
            .trusted()
            .into_iter()
            .map(|label| (label.to_owned(), odd.to_owned()));
        let names = Names {
            namespace: Some(odd.to_owned()),
            workload: Some((Kind::Deployment, odd.to_owned())),
            labels: labels.collect(),
            ..Names::default()
        };
        let filled = key
            .promql
            .fill(&names)
            .unwrap_or_else(|| panic!("{}", row.name));
        let (around, _) = super::attack::read(&filled);
        assert!(
            !around.contains("vector(1)") || row.name == "Watchdog",
            "{filled}"
        );
    }
}

/// Alerts about alerts and exporters themselves: the object is the exporter.
#[test]
fn an_exporter_that_crashes_is_the_subject_itself() {
    let playbooks = playbooks();
    let crash = alert(
        "KubePodCrashLooping",
        &[
            ("namespace", "monitoring"),
            ("pod", "kps-kube-state-metrics-7d9c8b6f5-x2x9k"),
            ("container", "kube-state-metrics"),
        ],
    );
    let found = told(&about(&playbooks, &crash));
    assert_eq!(
        found,
        "Pod monitoring/kps-kube-state-metrics-7d9c8b6f5-x2x9k"
    );
}
