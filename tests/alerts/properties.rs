//! What holds for any message, any body and any set of alerts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use vigie::alert::join::join;
use vigie::alert::text::{MAX_LABELS, MAX_VALUE, read};
use vigie::alert::{Alert, webhook};

use super::{CHANNEL, alert, attachment};

/// Turns the direction of text around.
const RTL: char = '\u{202e}';

/// Lines that the grammars know, and what may stand between them.
fn line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "Labels:",
        "Annotations:",
        "*Details:*",
        "**Firing**",
        "**Resolved**",
        "[FIRING:2] a (b c)",
        " - alertname = A",
        " - pod = b",
        "• *alertname:* `A`",
        "• *pod:* `",
        "• node: x",
        "*Namespace:* y",
        "Status: resolved",
        "Resource: Pod/a/b",
        "<https://a.example/silence?matcher=alertname%3DA|x>",
        "Triggered: x on a:b",
        "`Prometheus Alert Firing` *High*",
        "● alertname `A`",
        "",
        "`",
    ]);
    prop_oneof![
        3 => known.prop_map(str::to_owned),
        1 => "\\PC{0,40}",
        1 => "[ -•*`:=<>|&;\\[\\]a-cA-C\"\n\u{202e}]{0,30}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..12).prop_map(|lines| lines.join("\n"))
}

fn message() -> impl Strategy<Value = Value> {
    (text(), text(), text(), text(), any::<bool>()).prop_map(|(title, body, field, top, as_blocks)| {
        if as_blocks {
            json!({"text": top, "blocks": [{"type": "header", "text": {"text": title}},
                {"type": "section", "text": {"text": body}, "fields": [{"text": field}]}]})
        } else {
            json!({"text": top, "attachments": [{"title": title, "text": body, "color": "danger",
                "fields": [{"title": field, "value": body}], "fallback": top}]})
        }
    })
}

/// Few names and values, so that titles are ambiguous often.
fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = prop::sample::select(vec!["namespace", "job", "pod", "severity"]);
    let value = prop::sample::select(vec!["a", "b", "c", "a b", "KubeDown", "x (y)"]);
    let alertname = prop::sample::select(vec!["KubeDown", "KubeSlow", "a", "a b"]);
    (alertname, prop::collection::btree_map(name, value, 0..4)).prop_map(|(alertname, labels)| {
        let mut labels: BTreeMap<String, String> = labels
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect();
        labels.insert("alertname".to_owned(), alertname.to_owned());
        labels
    })
}

fn known() -> impl Strategy<Value = Vec<Alert>> {
    prop::collection::btree_set(labels(), 1..7).prop_map(|sets| {
        sets.iter()
            .map(|set| {
                let pairs: Vec<(&str, &str)> =
                    set.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                alert(&pairs)
            })
            .collect()
    })
}

/// The groups Alertmanager makes of alerts, and the title it gives each (its `__subject` template).
fn groups<'a>(known: &'a [Alert], by: &[&str]) -> Vec<(String, Vec<&'a Alert>)> {
    let mut groups: BTreeMap<Vec<(&str, &str)>, Vec<&Alert>> = BTreeMap::new();
    for alert in known {
        let key = by
            .iter()
            .filter_map(|name| Some((*name, alert.label(name)?)))
            .collect();
        groups.entry(key).or_default().push(alert);
    }
    groups
        .into_iter()
        .map(|(key, alerts)| (title(&key, &alerts), alerts))
        .collect()
}

fn title(key: &[(&str, &str)], alerts: &[&Alert]) -> String {
    let sorted = |mut pairs: Vec<(&str, &str)>| {
        pairs.sort_by_key(|(name, _)| (*name != "alertname", *name));
        pairs
            .iter()
            .map(|(_, value)| *value)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let common: Vec<(&str, &str)> = alerts[0]
        .labels
        .iter()
        .map(|(name, value)| (name.as_str(), value.raw()))
        .filter(|(name, value)| alerts.iter().all(|a| a.label(name) == Some(value)))
        .filter(|pair| !key.contains(pair))
        .collect();
    let bracket = if common.is_empty() {
        String::new()
    } else {
        format!("({})", sorted(common))
    };
    format!(
        "[FIRING:{}] {} {bracket}",
        alerts.len(),
        sorted(key.to_vec())
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_message_is_read_within_its_bounds(message in message(), known in known()) {
        if let Some(heard) = read(CHANNEL, &message) {
            let again = read(CHANNEL, &message).unwrap();
            prop_assert_eq!(&again, &heard);
            prop_assert!(!heard.alerts.is_empty());
            for alert in &heard.alerts {
                prop_assert!(alert.labels.len() <= MAX_LABELS + 2);
                for (name, value) in &alert.labels {
                    prop_assert!(!name.is_empty() && value.raw().len() <= MAX_VALUE);
                    prop_assert!(!value.raw().chars().any(|c| c == RTL));
                }
            }
            prop_assert_eq!(heard.is_sure, heard.alerts.iter().all(|a| a.labels.contains_key("alertname"))
                && heard.grammar.code() != "tokens");
            let group = join(&heard, &known);
            prop_assert_eq!(&group.key, &heard.key);
            // Nothing is made up: what a group says was in the message or in the API's answer.
            let told: BTreeSet<_> = heard.alerts.iter().chain(&known)
                .flat_map(|a| a.labels.iter()).collect();
            for pair in group.alerts.iter().flat_map(|a| a.labels.iter()) {
                prop_assert!(told.contains(&pair));
            }
        }
    }

    /// Whenever a title is said to be about certain alerts, it is about those.
    #[test]
    fn a_sure_answer_is_the_right_one(known in known(), by in prop::sample::subsequence(vec!["alertname", "job", "namespace"], 0..3)) {
        for (title, alerts) in groups(&known, &by) {
            let heard = read(CHANNEL, &attachment(&title, "")).unwrap();
            let group = join(&heard, &known);
            if group.sure {
                let found: BTreeSet<_> = group.alerts.iter().map(|a| &a.fingerprint).collect();
                let truth: BTreeSet<_> = alerts.iter().map(|a| &a.fingerprint).collect();
                prop_assert_eq!(found, truth, "{}", title);
            }
        }
    }

    #[test]
    fn any_bytes_are_a_body_with_an_outcome(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(webhook::read(&bytes).is_err());
    }

    #[test]
    fn any_alert_of_a_webhook_keeps_its_labels(set in labels(), junk in "\\PC{0,30}") {
        let body = json!({"alerts": [{"labels": set, "status": junk, "annotations": {"a": junk}}], "x": junk});
        let notice = webhook::read(body.to_string().as_bytes()).unwrap();
        let got: BTreeMap<String, String> = notice.group.alerts[0].labels.iter()
            .map(|(k, v)| (k.clone(), v.raw().to_owned())).collect();
        prop_assert_eq!(got, set);
    }
}

/// Sure answers are the rule, or being right when sure would be worth little.
#[test]
fn most_titles_of_a_real_cluster_are_completed() {
    let names = [
        "KubePodCrashLooping",
        "KubePodNotReady",
        "KubeDeploymentReplicasMismatch",
        "TargetDown",
    ];
    let mut known = Vec::new();
    for (n, namespace) in ["production", "staging", "payments", "monitoring"]
        .iter()
        .enumerate()
    {
        for (m, name) in names.iter().enumerate().take(n + 1) {
            for pod in 0..=m {
                let pod = format!("app-{n}-{pod}");
                known.push(alert(&[
                    ("alertname", name),
                    ("namespace", namespace),
                    ("pod", &pod),
                    ("severity", if m % 2 == 0 { "warning" } else { "critical" }),
                    ("prometheus", "monitoring/k8s"),
                ]));
            }
        }
    }
    let (mut sure, mut all) = (0, 0);
    for by in [
        vec!["namespace"],
        vec!["alertname"],
        vec!["alertname", "namespace"],
        vec!["alertname", "namespace", "pod"],
        vec![],
    ] {
        for (title, _) in groups(&known, &by) {
            let group = join(&read(CHANNEL, &attachment(&title, "")).unwrap(), &known);
            all += 1;
            sure += u32::from(group.sure);
        }
    }
    assert_eq!(sure, all);
}
