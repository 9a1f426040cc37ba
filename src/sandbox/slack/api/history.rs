//! `conversations.history` and `conversations.replies`: pages of messages.

use serde_json::{Value, json};

use super::{Answer, Args, No, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::model::{BOT_USER, Channel, Message};

/// `conversations.history`: top-level messages and broadcasts, newest first.
pub(super) fn history(inner: &Inner, args: &Args) -> Answer {
    inner.look(|state| {
        let channel = readable(state.channels.get(args.text("channel").unwrap_or_default()))?;
        let messages = channel
            .messages
            .values()
            .rev()
            .filter(|m| !m.deleted)
            .filter(|m| m.thread_ts.is_none() || m.subtype.as_deref() == Some("thread_broadcast"));
        Ok(page(channel, messages.collect(), args))
    })
}

/// `conversations.replies`: a root and its replies, oldest first.
pub(super) fn replies(inner: &Inner, args: &Args) -> Answer {
    let ts = args.needed("ts", "thread_not_found")?;
    inner.look(|state| {
        let channel = readable(state.channels.get(args.text("channel").unwrap_or_default()))?;
        let asked = channel.messages.get(ts);
        let root = asked
            .and_then(|message| message.thread_ts.as_deref())
            .unwrap_or(ts);
        let found: Vec<&Message> = channel
            .live(root)
            .into_iter()
            .chain(channel.replies(root))
            .collect();
        if found.is_empty() {
            return Err("thread_not_found".into());
        }
        Ok(page(channel, found, args))
    })
}

fn readable(channel: Option<&Channel>) -> Result<&Channel, No> {
    let channel = channel.ok_or("channel_not_found")?;
    if channel.members.contains(BOT_USER) {
        Ok(channel)
    } else {
        Err("not_in_channel".into())
    }
}

/// The part of the messages that `oldest`, `latest`, `inclusive`, `cursor` and `limit` ask for.
fn page(channel: &Channel, messages: Vec<&Message>, args: &Args) -> Value {
    let inclusive = args.flag("inclusive");
    let after = |ts: &str| match args.text("oldest") {
        Some(oldest) => compare(ts, oldest).is_gt() || inclusive && compare(ts, oldest).is_eq(),
        None => true,
    };
    let before = |ts: &str| match args.text("latest") {
        Some(latest) => compare(ts, latest).is_lt() || inclusive && compare(ts, latest).is_eq(),
        None => true,
    };
    // The root of a thread comes with every page of it, whatever the times.
    let root = |m: &Message| args.text("ts") == Some(m.ts.as_str());
    let wanted: Vec<&Message> = messages
        .into_iter()
        .filter(|m| root(m) || after(&m.ts) && before(&m.ts))
        .collect();
    let start = args
        .text("cursor")
        .and_then(|cursor| cursor.strip_prefix("next:"))
        .and_then(|ts| wanted.iter().position(|m| m.ts == ts))
        .unwrap_or(0);
    let limit = args
        .number("limit")
        .filter(|n| *n > 0)
        .unwrap_or(100)
        .min(999);
    let shown: Vec<Value> = wanted
        .iter()
        .skip(start)
        .take(limit)
        .map(|message| message.json(channel))
        .collect();
    let next = wanted.get(start + limit).map(|m| format!("next:{}", m.ts));
    let mut answer = json!({ "messages": shown, "has_more": next.is_some(), "pin_count": 0 });
    answer["response_metadata"] = json!({ "next_cursor": next.unwrap_or_default() });
    ok(answer)
}

/// Timestamps compare as numbers: `1.5` and `1.500000` are the same.
fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    let micros = |ts: &str| {
        let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, ""));
        let fraction = format!("{fraction:0<6}");
        let whole = seconds.parse::<i128>().unwrap_or_default() * 1_000_000;
        whole + fraction[..6].parse::<i128>().unwrap_or_default()
    };
    micros(a).cmp(&micros(b))
}
