//! Every fixture, and what is read in it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;
use vigie::alert::join::join;
use vigie::alert::text::{Heard, read};
use vigie::alert::{Alert, Group, State, webhook};
use vigie::text::Untrusted;

use super::{CHANNEL, all, api, heard, messages, shown};

fn alerts(alerts: &[Alert], out: &mut String) {
    for alert in alerts {
        let labels = shown(&alert.labels);
        writeln!(out, "  {:?} {:?} {labels}", alert.state, alert.name.raw()).unwrap();
        if !alert.annotations.is_empty() {
            writeln!(out, "    {}", shown(&alert.annotations)).unwrap();
        }
    }
}

#[test]
fn every_message_says_what_a_reader_would_say() {
    let mut out = String::new();
    for (name, message) in messages() {
        writeln!(out, "\n{name}").unwrap();
        let Some(heard) = read(CHANNEL, &message) else {
            writeln!(out, "  no alert").unwrap();
            continue;
        };
        let (firing, resolved) = (heard.firing, heard.resolved);
        let counts = [firing, resolved].map(|n| n.map_or("?".to_owned(), |n| n.to_string()));
        let sure = if heard.is_sure { "sure" } else { "guessed" };
        writeln!(
            out,
            "  {:?} {counts:?} {sure} by {}, {:?} | {:?}",
            heard.state,
            heard.grammar.code(),
            heard.tokens.group.raw(),
            heard.tokens.common.raw(),
        )
        .unwrap();
        alerts(&heard.alerts, &mut out);
    }
    insta::assert_snapshot!("messages", out);
}

fn group(group: &Group, out: &mut String) {
    let sure = if group.sure { "sure" } else { "not sure" };
    writeln!(
        out,
        "  {:?} of {:?}, {sure}, {} left out, link {:?}",
        group.state,
        group.sender,
        group.truncated,
        group.link.as_ref().map(Untrusted::raw),
    )
    .unwrap();
    for alert in &group.alerts {
        writeln!(
            out,
            "  {} {:?} {} from {:?} to {:?}",
            alert.fingerprint,
            alert.state,
            shown(&alert.labels),
            alert.starts_at.map(|at| at.to_rfc3339()),
            alert.ends_at.map(|at| at.to_rfc3339()),
        )
        .unwrap();
    }
}

#[test]
fn every_webhook_is_read_whole() {
    let mut out = String::new();
    for (name, body) in all("/webhook/") {
        let notice = webhook::read(body.as_bytes()).unwrap();
        assert!(notice.unread.is_empty() && notice.odd.is_empty(), "{name}");
        writeln!(out, "\n{name}\n  {}", notice.group.key).unwrap();
        group(&notice.group, &mut out);
    }
    insta::assert_snapshot!("webhooks", out);
}

/// The labels and fingerprints a title leaves out are the API's own.
#[test]
fn every_message_of_alertmanager_is_completed_by_its_api() {
    let mut out = String::new();
    for (name, message) in messages() {
        if !name.starts_with("alertmanager/") || name.contains("mixed") {
            continue;
        }
        let heard = read(CHANNEL, &message).unwrap();
        let joined = join(&heard, &api());
        writeln!(out, "{name}").unwrap();
        for alert in &joined.alerts {
            let (name, sure) = (alert.name.raw(), joined.sure);
            writeln!(
                out,
                "  {} {:?} {name:?} sure={sure}",
                alert.fingerprint, alert.state
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!("joined", out);
}

/// Slack delivers `&`, `<` and `>` as entities, links bare addresses and gives colours as hex.
#[test]
fn what_slack_delivers_reads_as_what_was_sent() {
    for (name, message) in messages() {
        if !name.starts_with("alertmanager/") {
            continue;
        }
        let mut delivered = message.clone();
        deliver(&mut delivered);
        assert_ne!(delivered, message, "{name}: nothing to deliver");
        let (sent, got) = (
            read(CHANNEL, &message).unwrap(),
            read(CHANNEL, &delivered).unwrap(),
        );
        assert_eq!(sent.alerts, got.alerts, "{name}");
        assert_eq!(sent.tokens, got.tokens, "{name}");
        assert_eq!(
            (sent.key, sent.state, sent.firing, sent.link),
            (got.key, got.state, got.firing, got.link),
            "{name}"
        );
    }
}

fn deliver(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(deliver),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), &mut *value) {
                    ("title" | "text" | "pretext" | "fallback" | "value", Value::String(text)) => {
                        *text = escaped(text);
                    }
                    ("color", Value::String(colour)) => {
                        *colour = colour.replace("danger", "a30200").replace("good", "2eb886");
                    }
                    (_, value) => deliver(value),
                }
            }
        }
        _ => {}
    }
}

/// Live markup stays, everything else is escaped.
fn escaped(text: &str) -> String {
    let live =
        regex::Regex::new(r"<(?:https?://[^<>|]+(?:\|[^<>]*)?|!channel)>|https?://[^\s<>|]+")
            .unwrap();
    let (mut out, mut from) = (String::new(), 0);
    for found in live.find_iter(text) {
        out += &vigie::text::slack_entities(&text[from..found.start()]);
        let inside = found
            .as_str()
            .trim_matches(['<', '>'])
            .replace('&', "&amp;");
        out.extend(["<", &inside, ">"]);
        from = found.end();
    }
    out + &vigie::text::slack_entities(&text[from..])
}

#[test]
fn a_group_keeps_its_key_and_a_named_alert_its_name_from_firing_to_resolved() {
    let mut pairs: Vec<(String, String)> = [
        ("grafana/slack/legacy-alerting", "grafana/slack/legacy-ok"),
        ("datadog/triggered", "datadog/recovered"),
        ("others/uptime-down", "others/uptime-up"),
    ]
    .map(|(fired, ended)| (fired.to_owned(), ended.to_owned()))
    .to_vec();
    for (name, _) in messages() {
        let firing = name.replace("-resolved.json", "-firing");
        if firing != name && super::root().join(format!("{firing}.json")).exists() {
            pairs.push((firing, name.replace(".json", "")));
        }
    }
    assert!(pairs.len() >= 15, "only {pairs:?}");
    for (fired, ended) in pairs {
        let (fired, name) = (heard(&fired), ended.clone());
        let ended = heard(&ended);
        let states = (fired.state, ended.state);
        assert_eq!(states, (State::Firing, State::Resolved), "{name}");
        assert_eq!(fired.key, ended.key, "{name}");
        let prints = |heard: &Heard| -> BTreeSet<String> {
            heard.alerts.iter().map(|a| a.fingerprint.clone()).collect()
        };
        assert_eq!(prints(&fired), prints(&ended), "{name}");
    }
}

#[test]
fn no_two_groups_of_one_channel_share_a_key() {
    let mut keys = std::collections::BTreeMap::new();
    for (name, message) in messages() {
        // One alert as two versions of Robusta show it.
        if name.contains("mixed") || name.contains("first-versions") {
            continue;
        }
        let heard = read(CHANNEL, &message).filter(|heard| heard.state == State::Firing);
        if let Some(heard) = heard {
            let before = keys.insert(heard.key, name.clone());
            assert_eq!(before, None, "{name}");
        }
    }
    assert!(keys.len() > 20);
}
