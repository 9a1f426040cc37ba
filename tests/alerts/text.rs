//! Messages of other bots: what is an alert, what is none, and what hostile text becomes.

use std::time::Duration;

use serde_json::{Value, json};
use vigie::alert::State;
use vigie::alert::join::join;
use vigie::alert::text::{Grammar, read};

use crate::stopwatch::Stopwatch;

use super::{CHANNEL, attachment, heard, message};

#[test]
fn a_streamed_message_is_read_when_it_is_complete() {
    let half = message("others/streamed-half");
    assert!(read(CHANNEL, &half).is_none());
    let whole = heard("others/streamed-whole");
    assert_eq!((whole.state, whole.firing), (State::Firing, Some(1)));
}

#[test]
fn what_other_bots_say_of_other_things_is_no_alert() {
    for name in ["others/not-an-alert-deploy", "others/not-an-alert-chat"] {
        assert!(read(CHANNEL, &message(name)).is_none(), "{name}");
    }
    for text in [
        "",
        "hello",
        "is payment firing?",
        "we resolved it",
        "[WIP] fix",
        "OK",
        "warning: disk",
    ] {
        assert!(read(CHANNEL, &json!({"text": text})).is_none(), "{text}");
        assert!(read(CHANNEL, &attachment(text, "")).is_none(), "{text}");
    }
    for odd in [
        json!(null),
        json!(7),
        json!([]),
        json!({"attachments": 7, "blocks": "x", "text": []}),
    ] {
        assert!(read(CHANNEL, &odd).is_none());
    }
}

#[test]
fn an_edit_that_resolves_is_the_same_group() {
    let fired = heard("alertmanager/slack/default-production-firing");
    let mut edited = message("alertmanager/slack/default-production-firing");
    let title = edited["attachments"][0]["title"]
        .as_str()
        .unwrap()
        .replace("FIRING:2", "RESOLVED");
    edited["attachments"][0]["title"] = json!(title);
    edited["attachments"][0]["color"] = json!("2eb886");
    let ended = read(CHANNEL, &edited).unwrap();
    assert_eq!(ended.state, State::Resolved);
    assert_eq!(ended.key, fired.key);
    assert_ne!(ended.key, read("C0OTHER", &edited).unwrap().key);
}

/// Alerts come and go in a group; what it is grouped by stays.
#[test]
fn a_group_keeps_its_key_while_its_alerts_change() {
    let two = heard("alertmanager/slack/default-mixed-firing");
    let one = heard("alertmanager/slack/default-mixed-one-resolved");
    assert_eq!(two.key, one.key);
    assert_eq!((two.firing, one.firing), (Some(2), Some(1)));
}

#[test]
fn values_without_names_are_a_guess_and_say_so() {
    let heard = heard("alertmanager/slack/default-production-firing");
    assert!(!heard.is_sure);
    assert_eq!(heard.grammar, Grammar::Tokens);
    let group = join(&heard, &[]);
    assert!(!group.sure);
    assert_eq!(group.alerts.len(), 1);
    assert_eq!(group.truncated, 1, "two fire, one was made of the title");
    assert_eq!(group.alerts[0].name.raw(), "KubePodCrashLooping");
    assert_eq!(
        group.alerts[0].label("namespace"),
        None,
        "`production` could be anything"
    );
    assert_eq!(
        group.link.unwrap().raw(),
        "http://alertmanager.example:9093/#/alerts?receiver=default"
    );
}

#[test]
fn narrow_spaces_entities_and_links_are_read_through() {
    let text = "*Details:*\n • *alertname:* `Latency`\n •\u{a0}*service\u{a0}:* `<http://payment.api|payment.api>`\n • *path:* `a &lt;b&gt; &amp;amp;`\n • *team:* `ｐａｙ`";
    let heard = read(CHANNEL, &attachment("[FIRING:1] x", text)).unwrap();
    let alert = &heard.alerts[0];
    assert_eq!(alert.label("service"), Some("payment.api"));
    assert_eq!(alert.label("path"), Some("a <b> &amp;"));
    assert_eq!(alert.label("team"), Some("pay"));
}

#[test]
fn what_an_attacker_puts_into_a_value_cannot_speak() {
    let text = " • *alertname:* `Latency`\n • *pod:* `\u{202e}txt <!channel> {{ .x }} \"q\"`\n • *note:* `one\ntwo`\n • *end:* `x`";
    let heard = read(
        CHANNEL,
        &attachment("[FIRING:1] <!channel> \u{202e}gnp", text),
    )
    .unwrap();
    let alert = &heard.alerts[0];
    assert_eq!(alert.label("pod"), Some("txt <!channel> {{ .x }} \"q\""));
    assert_eq!(alert.label("note"), Some("one\ntwo"));
    assert_eq!(alert.label("end"), Some("x"));
    assert_eq!(heard.title.raw(), "[FIRING:1] <!channel> gnp");
    assert!(!heard.title.to_slack().contains("<!"));
}

/// A label's value may hold what looks like the next label; only the API can tell, and it does.
#[test]
fn a_forged_list_is_overruled_by_the_api() {
    let text = "Labels:\n - alertname = Latency\n - path = /a\n - namespace = production\n - zone = b\nSource: x";
    let forged = read(CHANNEL, &attachment("[FIRING:1] x", text)).unwrap();
    let real = super::alert(&[
        ("alertname", "Latency"),
        ("path", "/a\n - namespace = production"),
        ("zone", "b"),
    ]);
    let group = join(&forged, &[real]);
    assert_eq!(
        group.alerts[0].label("namespace"),
        Some("production"),
        "unknown to the API: as told"
    );
    assert_eq!(group.alerts[0].fingerprint, forged.alerts[0].fingerprint);
}

#[test]
fn only_addresses_of_the_web_become_links() {
    for link in [
        "javascript:alert(1)",
        "ftp://a.example",
        "https://a.example/ b",
        "https://a.example/\u{1b}[31m",
    ] {
        let told = json!({"attachments": [{"title": "[FIRING:1] A (b)", "title_link": link}]});
        assert_eq!(read(CHANNEL, &told).unwrap().link, None, "{link}");
    }
}

#[test]
fn not_more_than_forty_kilobytes_are_read() {
    let text = format!("{} • *alertname:* `TooLate`", "x\n".repeat(20_001));
    let told = read(CHANNEL, &attachment("[FIRING:1] A", &text)).unwrap();
    assert!(!told.is_sure);
    let many: Vec<Value> = (0..5_000)
        .map(|n| json!({"title": format!("[FIRING:1] A{n}"), "text": "• pod: `x`", "fields": [{"title": "a", "value": "b"}]}))
        .collect();
    assert!(read(CHANNEL, &json!({"attachments": many})).is_some());
}

/// Generous for an unoptimised build on a busy machine; quadratic behaviour takes minutes.
#[test]
fn forty_kilobytes_of_anything_are_read_at_once() {
    let units = [
        "a",
        " ",
        "\n",
        "<",
        "<a|",
        "<http://a|",
        "&amp;",
        "&lt;",
        "`",
        "*",
        "[FIRING:1] ",
        "[",
        "(",
        "a (",
        ")",
        "a=\"",
        "a=\"b\", ",
        "a=\"\\",
        " - a = b\n",
        "• a: `\n",
        "• a: `b`\n",
        "a: b\n",
        ":a:",
        ":a",
        "🔥",
        "é",
        "\u{301}",
        "\u{fdfa}",
        "\u{202e}",
        "Labels:\n",
        "**Firing**\n",
        "Alert: x\n",
        "http://a?silence&matcher=a%3Db ",
        "Resource: Pod/a/b\n",
        "x\n - a = b\n",
        "https://",
        "_",
        "~",
        "...",
        "FIRING: a ",
    ];
    for unit in units {
        let text = unit.repeat(60_000 / unit.len());
        for told in [
            json!({"text": text}),
            attachment(&text, ""),
            attachment("[FIRING:1] A (b)", &text),
            attachment(&format!("[FIRING:1] {text}"), &text),
            json!({"blocks": [{"type": "section", "text": {"text": text}, "fields": [{"text": text}]}]}),
            json!({"blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": text}]}]}),
        ] {
            let begun = Stopwatch::start();
            let heard = read(CHANNEL, &told);
            let _ = heard.map(|heard| join(&heard, &super::api()));
            let took = begun.elapsed();
            assert!(took < Duration::from_secs(5), "{unit:?} took {took:?}");
        }
    }
}

#[test]
fn blocks_within_blocks_end_somewhere() {
    let mut block = json!({"type": "section", "text": {"text": "[FIRING:1] A (b)"}});
    let mut rich = json!({"type": "text", "text": "[FIRING:1] A (b)"});
    for _ in 0..60 {
        block = json!({"type": "container", "child_blocks": [block]});
        rich = json!({"type": "rich_text_section", "elements": [rich]});
    }
    assert!(read(CHANNEL, &json!({"blocks": [block]})).is_none());
    assert!(
        read(
            CHANNEL,
            &json!({"blocks": [{"type": "rich_text", "elements": [rich]}]})
        )
        .is_none()
    );
}

#[test]
fn blocks_of_the_future_are_passed_over_and_the_rest_is_read() {
    let told = json!({"blocks": [
        {"type": "hologram", "text": {"text": "[RESOLVED] Other (x)"}, "elements": 7},
        {"type": null}, 4, "text",
        {"type": "section", "text": {"type": "mrkdwn", "text": "[FIRING:1] Latency (production)"}},
    ]});
    let heard = read(CHANNEL, &told).unwrap();
    assert!(heard.alerts.iter().all(|alert| alert.labels.len() < 3));
    let alone =
        json!({"blocks": [{"type": "hologram", "elements": [{"words": "[FIRING:1] A (b)"}]}]});
    assert!(read(CHANNEL, &alone).is_none());
}
