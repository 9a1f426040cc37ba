//! What a reader sees of what Slack would show.

use serde_json::json;

use super::*;

fn name(id: &str) -> Option<String> {
    (id == "U012AB3CD").then(|| "alice".to_owned())
}

#[test]
fn markup_is_read_and_entities_come_back() {
    let text = "*bold* `co*de` _more_ my_name <@U012AB3CD> <@U9> <https://x.example|thread> &lt;!here&gt; <!date^1795442520^{time}|14:02 UTC> <#C1|incidents>";
    assert_eq!(
        transcript(&json!({"text": text}), &name),
        "bold `co*de` more my_name @alice @U9 thread <!here> 14:02 UTC #incidents"
    );
}

#[test]
fn every_block_we_write_is_seen() {
    let payload = json!({"text": "hidden", "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*One*\n• two"}, "fields": [{"type": "mrkdwn", "text": "a"}]},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "see "}, {"type": "link", "url": "https://x.example"}, {"type": "user", "user_id": "U012AB3CD"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a <b>\nc"}]}
        ]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}, {"type": "button", "text": {"type": "plain_text", "text": "Resolve"}}]},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "`inc_1` · read-only"}]},
        {"type": "image", "image_url": "https://x.example/a.png"}
    ]});
    assert_eq!(
        transcript(&payload, &name),
        "One\n• two\na\nsee https://x.example@alice\n    a <b>\n    c\n[Acknowledge] [Resolve]\n---\n`inc_1` · read-only"
    );
}

#[test]
fn garbage_is_shown_and_never_a_panic() {
    for payload in [
        json!(null),
        json!({"blocks": "x"}),
        json!({"text": "a < b"}),
        json!({"blocks": [{"type": 3}, null]}),
    ] {
        let _ = transcript(&payload, &name);
    }
    assert_eq!(
        transcript(&json!({"text": "a &lt; b <unclosed"}), &name),
        "a < b <unclosed"
    );
}
