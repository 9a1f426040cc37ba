//! What a message did not say, from the alerts the API knows.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use vigie::alert::join::join;
use vigie::alert::text::{Heard, read};
use vigie::alert::{Alert, Group, State};

use crate::stopwatch::Stopwatch;

use super::{CHANNEL, alert, api, attachment, heard};

fn titled(title: &str) -> Heard {
    read(CHANNEL, &attachment(title, "")).unwrap()
}

fn pods(group: &Group) -> BTreeSet<&str> {
    group.alerts.iter().filter_map(|a| a.label("pod")).collect()
}

#[test]
fn a_title_of_values_becomes_the_alerts_it_is_about() {
    let group = join(
        &heard("alertmanager/slack/default-production-firing"),
        &api(),
    );
    assert!(group.sure);
    assert_eq!(group.truncated, 0);
    assert_eq!(
        pods(&group),
        BTreeSet::from(["payment-7c9d8f6b5-abcde", "payment-7c9d8f6b5-fghij"])
    );
    assert_eq!(group.alerts[0].label("namespace"), Some("production"));
    assert!(group.alerts[0].starts_at.is_some());
    assert!(group.alerts[0].annotations.contains_key("summary"));
}

/// A mixed group shows no name at all: only the count and the values tell.
#[test]
fn a_title_without_a_name_is_still_one_group() {
    let group = join(&heard("alertmanager/slack/default-staging-firing"), &api());
    let names: BTreeSet<&str> = group.alerts.iter().map(|a| a.name.raw()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["KubeDeploymentReplicasMismatch", "KubePodNotReady"])
    );
    assert!(group.sure);
}

#[test]
fn values_with_spaces_quotes_and_brackets_are_found_whole() {
    let group = join(&heard("alertmanager/slack/default-odd-firing"), &api());
    assert!(group.sure);
    assert_eq!(group.alerts[0].label("team"), Some("a=b, c=\"d\""));
    let known = [alert(&[
        ("alertname", "Disk (full)"),
        ("path", "/a b (c)"),
        ("severity", "page"),
    ])];
    let group = join(&titled("[FIRING:1] Disk (full) (/a b (c) page)"), &known);
    assert!(group.sure);
    assert_eq!(group.alerts[0].fingerprint, known[0].fingerprint);
}

/// The API no longer knows the alert that is resolved, though it had its part in the title.
#[test]
fn one_of_two_alerts_that_still_fires_is_told_from_the_one_that_does_not() {
    let labels = |pod| {
        [
            ("alertname", "KubePodCrashLooping"),
            ("container", "app"),
            ("job", "kube-state-metrics"),
            ("namespace", "mixed"),
            ("pod", pod),
            ("severity", "warning"),
        ]
    };
    let known = [alert(&labels("payment-7c9d8f6b5-abcde"))];
    let group = join(
        &heard("alertmanager/slack/default-mixed-one-resolved"),
        &known,
    );
    assert!(group.sure);
    assert_eq!(pods(&group), BTreeSet::from(["payment-7c9d8f6b5-abcde"]));
    // A list names both, and does not say which of them is over.
    let listed = heard("alertmanager/slack/details-mixed-one-resolved");
    let group = join(&listed, &known);
    let states: Vec<_> = group
        .alerts
        .iter()
        .map(|a| (a.label("pod").unwrap(), a.state))
        .collect();
    assert_eq!(
        states,
        [
            ("payment-7c9d8f6b5-abcde", State::Firing),
            ("payment-7c9d8f6b5-fghij", State::Resolved)
        ]
    );
    // Without the API both are taken to fire: a look too many costs less.
    assert!(
        join(&listed, &[])
            .alerts
            .iter()
            .all(|a| a.state == State::Firing)
    );
}

/// Two listed, one fires, and the API has two that the other one may be: nobody can tell which is over.
#[test]
fn an_alert_that_several_active_ones_fit_is_not_over() {
    let listed = heard("alertmanager/slack/details-mixed-one-resolved");
    let twin = |endpoint: &str| {
        let mut labels = listed.alerts[1].labels.clone();
        labels.insert("endpoint".to_owned(), endpoint.into());
        Alert {
            fingerprint: endpoint.to_owned(),
            labels,
            ..listed.alerts[1].clone()
        }
    };
    let group = join(&listed, &[listed.alerts[0].clone(), twin("a"), twin("b")]);
    let firing = group.alerts.iter().filter(|a| a.state == State::Firing);
    assert_eq!(firing.count(), 2, "{:#?}", group.alerts);
}

#[test]
fn resolved_finds_the_alerts_that_were_remembered() {
    let remembered = join(
        &heard("alertmanager/slack/default-production-firing"),
        &api(),
    )
    .alerts;
    let ended = heard("alertmanager/slack/default-production-resolved");
    let group = join(&ended, &remembered);
    assert!(group.sure);
    assert_eq!(group.state, State::Resolved);
    assert!(group.alerts.iter().all(|a| a.state == State::Resolved));
    let prints = |alerts: &[Alert]| {
        alerts
            .iter()
            .map(|a| a.fingerprint.clone())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(prints(&group.alerts), prints(&remembered));
    // Nobody remembers: nothing is claimed of alerts that are still on.
    let forgotten = join(
        &ended,
        &[alert(&[
            ("alertname", "KubePodCrashLooping"),
            ("namespace", "other"),
        ])],
    );
    assert!(!forgotten.sure);
}

#[test]
fn what_several_alerts_could_mean_means_none_of_them() {
    let known = [
        alert(&[
            ("alertname", "A"),
            ("namespace", "production"),
            ("severity", "page"),
        ]),
        alert(&[
            ("alertname", "A"),
            ("exported_namespace", "production"),
            ("severity", "page"),
        ]),
    ];
    let heard = titled("[FIRING:1] production (A page)");
    let group = join(&heard, &known);
    assert!(!group.sure);
    assert_eq!(group.alerts, heard.alerts);
}

#[test]
fn an_alert_the_api_does_not_know_is_not_taken_for_a_neighbour() {
    let known = [alert(&[
        ("alertname", "KubePodCrashLooping"),
        ("namespace", "production"),
        ("pod", "orders-0"),
    ])];
    for title in [
        "[FIRING:1] KubePodCrashLooping production (payment-0)",
        "[FIRING:1] KubePodCrashLooping for payment",
        "[FIRING:2] KubePodCrashLooping production",
        "[FIRING:1] staging (KubePodCrashLooping orders-0)",
    ] {
        let group = join(&titled(title), &known);
        assert!(!group.sure, "{title}");
        assert!(
            group.alerts.iter().all(|a| a.label("pod").is_none()),
            "{title}"
        );
    }
    // An alert that is over cannot be the one that fires.
    let mut over = known[0].clone();
    over.state = State::Resolved;
    let group = join(
        &titled("[FIRING:1] KubePodCrashLooping production (orders-0)"),
        &[over],
    );
    assert!(!group.sure);
}

#[test]
fn a_named_alert_gets_the_rest_of_its_labels() {
    let text = "*Severity:* warning\n*Namespace:* production";
    let told = read(CHANNEL, &attachment("FIRING: KubePodCrashLooping", text)).unwrap();
    assert!(told.is_sure);
    let one = alert(&[
        ("alertname", "KubePodCrashLooping"),
        ("namespace", "production"),
        ("severity", "warning"),
        ("pod", "payment-0"),
    ]);
    let other = alert(&[
        ("alertname", "KubePodCrashLooping"),
        ("namespace", "staging"),
        ("severity", "warning"),
        ("pod", "orders-0"),
    ]);
    let group = join(&told, &[one.clone(), other]);
    assert_eq!(pods(&group), BTreeSet::from(["payment-0"]));
    // Two that fit: its own labels stay true, nothing is added.
    let mut twin = alert(&[
        ("alertname", "KubePodCrashLooping"),
        ("namespace", "production"),
        ("severity", "warning"),
        ("pod", "payment-1"),
    ]);
    twin.state = State::Firing;
    let group = join(&told, &[one, twin]);
    assert_eq!(group.alerts, told.alerts);
    assert!(group.sure);
}

#[test]
fn labels_all_have_in_common_stand_for_as_many_as_are_counted() {
    let title = "[FIRING:2] Latency for payment (namespace=\"production\", severity=\"page\")";
    let told = titled(title);
    assert!(told.is_sure);
    assert_eq!(join(&told, &[]).truncated, 1);
    let labels = |pod| {
        [
            ("alertname", "Latency"),
            ("job", "payment"),
            ("namespace", "production"),
            ("severity", "page"),
            ("pod", pod),
        ]
    };
    let group = join(&told, &[alert(&labels("a")), alert(&labels("b"))]);
    assert_eq!(pods(&group), BTreeSet::from(["a", "b"]));
    assert_eq!(group.truncated, 0);
}

/// What a silent API costs is names, never the alert.
#[test]
fn without_the_api_every_message_is_still_a_group() {
    for (name, message) in super::messages() {
        if let Some(heard) = read(CHANNEL, &message) {
            let group = join(&heard, &[]);
            assert_eq!(group.alerts, heard.alerts, "{name}");
            assert_eq!(group.sure, heard.is_sure, "{name}");
        }
    }
}

#[test]
fn a_title_cut_at_its_longest_is_still_found() {
    let long = "x".repeat(1_200);
    let known = [alert(&[
        ("alertname", "Long"),
        ("namespace", "production"),
        ("query", &long),
    ])];
    let whole = format!("[FIRING:1] production (Long {long})");
    let cut: String = whole.chars().take(1_023).chain(['…']).collect();
    let group = join(&titled(&cut), &known);
    assert!(group.sure);
    assert_eq!(group.alerts[0].fingerprint, known[0].fingerprint);
}

/// Generous for an unoptimised build; trying all sets of labels would take for ever.
#[test]
fn values_that_are_all_alike_are_read_at_once() {
    let labels: Vec<(String, &str)> = (0..64).map(|n| (format!("l{n:02}"), "x")).collect();
    let mut labels: Vec<(&str, &str)> = labels.iter().map(|(k, v)| (k.as_str(), *v)).collect();
    labels.push(("alertname", "x"));
    let known: Vec<Alert> = (0..40)
        .map(|n| {
            let mut a = alert(&labels);
            a.fingerprint = format!("{n:016x}");
            a
        })
        .collect();
    let begun = Stopwatch::start();
    for n in [1, 30, 32, 64, 65, 66] {
        let words = vec!["x"; n].join(" ");
        let _ = join(&titled(&format!("[FIRING:40] {words}")), &known);
        let _ = join(&titled(&format!("[FIRING:40] {words} (x x)")), &known);
    }
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn five_thousand_known_alerts_are_looked_through_at_once() {
    let names: Vec<String> = (0..5_000).map(|n| format!("payment-{n}")).collect();
    let known: Vec<Alert> = names
        .iter()
        .map(|pod| {
            alert(&[
                ("alertname", "KubePodCrashLooping"),
                ("namespace", "production"),
                ("pod", pod),
            ])
        })
        .collect();
    let begun = Stopwatch::start();
    let all = join(
        &titled("[FIRING:5000] production (KubePodCrashLooping)"),
        &known,
    );
    assert!(all.sure);
    assert_eq!(all.alerts.len(), 5_000);
    let one = join(
        &titled("[FIRING:1] KubePodCrashLooping production (payment-77)"),
        &known,
    );
    assert_eq!(pods(&one), BTreeSet::from(["payment-77"]));
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn the_fallback_tells_what_a_made_up_title_does_not() {
    let told = json!({"attachments": [{
        "title": ":fire: something is wrong", "text": "see the dashboard", "color": "danger",
        "fallback": "[FIRING:2] production (KubePodCrashLooping app kube-state-metrics monitoring/k8s CrashLoopBackOff warning b1946ac9-2d3e-4f5a-8b6c-0123456789ab) | http://alertmanager.example:9093/#/alerts?receiver=x"}]});
    let group = join(&read(CHANNEL, &told).unwrap(), &api());
    assert!(group.sure);
    assert_eq!(group.alerts.len(), 2);
}
