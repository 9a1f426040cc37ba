//! Events as the Events API words them.

use serde_json::{Value, json};

use super::model::{APP, BOT_USER, Channel, Message, OTHER_TEAM, TEAM};

/// A `message` event for a new message.
pub(crate) fn message(channel: &Channel, message: &Message) -> Value {
    let mut event = message.json(channel);
    event["channel"] = channel.id.as_str().into();
    event["channel_type"] = channel.kind.event_type().into();
    event["event_ts"] = message.ts.as_str().into();
    if message.subtype.as_deref() == Some("thread_broadcast")
        && let Some(root) = message
            .thread_ts
            .as_ref()
            .and_then(|ts| channel.messages.get(ts))
    {
        event["root"] = root.json(channel);
    }
    event
}

/// An `app_mention` event.
pub(crate) fn mention(channel: &Channel, message: &Message) -> Value {
    let mut event = json!({
        "type": "app_mention", "user": message.user, "text": message.text, "ts": message.ts,
        "team": TEAM, "blocks": message.blocks, "channel": channel.id, "event_ts": message.ts,
    });
    if let Some(thread) = &message.thread_ts {
        event["thread_ts"] = thread.as_str().into();
    }
    event
}

/// A `message` event for an edit; `ts` is the event's own.
pub(crate) fn changed(channel: &Channel, before: &Value, after: &Message, ts: &str) -> Value {
    json!({
        "type": "message", "subtype": "message_changed", "hidden": true, "channel": channel.id,
        "channel_type": channel.kind.event_type(), "ts": ts, "event_ts": ts,
        "message": after.json(channel), "previous_message": before,
    })
}

/// A `message` event for a deletion.
pub(crate) fn deleted(channel: &Channel, before: &Value, ts: &str) -> Value {
    json!({
        "type": "message", "subtype": "message_deleted", "hidden": true, "channel": channel.id,
        "channel_type": channel.kind.event_type(), "ts": ts, "event_ts": ts,
        "deleted_ts": before["ts"], "previous_message": before,
    })
}

/// The outer payload of an event.
pub(crate) fn callback(event: &Value, id: &str, time: i64, shared: bool) -> Value {
    json!({
        "token": "FAKE-verification-token", "team_id": TEAM, "api_app_id": APP, "event": event,
        "type": "event_callback", "event_id": id, "event_time": time,
        "is_ext_shared_channel": shared,
        "authorizations": [{
            "enterprise_id": null, "team_id": TEAM, "user_id": BOT_USER, "is_bot": true,
            "is_enterprise_install": false,
        }],
        "event_context": format!("FAKE-context-{id}"),
    })
}

/// Marks the event of someone from another workspace, as Slack does in shared channels.
pub(crate) fn mark_stranger(event: &mut Value) {
    event["user_team"] = OTHER_TEAM.into();
    event["source_team"] = OTHER_TEAM.into();
    event["team"] = OTHER_TEAM.into();
}
