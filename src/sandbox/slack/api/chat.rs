//! `chat.*`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Args, No, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::limits;
use crate::sandbox::slack::model::{BOT, BOT_USER};
use crate::sandbox::slack::state::{Draft, Ephemeral, State};

/// Text and blocks of a message that keeps within the limits.
fn content(args: &Args) -> Result<(String, Vec<Value>, Vec<Value>), No> {
    let text = args.text("text").unwrap_or_default().to_owned();
    let blocks = args.list("blocks", "invalid_blocks_format")?;
    let attachments = args.list("attachments", "invalid_attachments")?;
    limits::check(&text, &blocks, attachments.len())?;
    Ok((text, blocks, attachments))
}

/// The channel that a message goes to: a channel's id, or a person's for the direct one.
pub(super) fn target(state: &mut State, wanted: &str) -> Result<String, No> {
    let id = match state.people.get(wanted) {
        Some(person) if person.deleted => return Err("channel_not_found".into()),
        Some(_) => state.direct(wanted),
        None => wanted.to_owned(),
    };
    let channel = state.channels.get(&id).ok_or("channel_not_found")?;
    if channel.archived {
        return Err("is_archived".into());
    }
    if !channel.members.contains(BOT_USER) {
        return Err("not_in_channel".into());
    }
    Ok(id)
}

/// `chat.postMessage`.
pub(super) fn post(inner: &Arc<Inner>, args: &Args) -> Answer {
    let wanted = args.needed("channel", "channel_not_found")?;
    let (text, blocks, attachments) = content(args)?;
    let now = inner.clock.now();
    let thread_ts = args.text("thread_ts").map(str::to_owned);
    let broadcast = thread_ts.is_some() && args.flag("reply_broadcast");
    let draft = Draft {
        user: BOT_USER.to_owned(),
        bot_id: Some(BOT.to_owned()),
        subtype: broadcast.then(|| "thread_broadcast".to_owned()),
        thread_ts,
        text,
        blocks,
        attachments,
        metadata: args.json("metadata"),
        files: Vec::new(),
    };
    let (message, shown) = inner.change(|state| {
        let channel = target(state, wanted)?;
        let message = state.add(&channel, draft, now).ok_or("channel_not_found")?;
        let shown = message.json(&state.channels[&channel]);
        Ok::<_, No>((message, shown))
    })?;
    inner.announce(&message);
    Ok(ok(
        json!({ "channel": message.channel, "ts": message.ts, "message": shown }),
    ))
}

/// `chat.update`.
pub(super) fn update(inner: &Arc<Inner>, args: &Args) -> Answer {
    let channel = args.needed("channel", "channel_not_found")?;
    let ts = args.needed("ts", "message_not_found")?;
    let (text, blocks, attachments) = content(args)?;
    own(inner, channel, ts, "cant_update_message")?;
    if !inner.edit(channel, ts, &text, (blocks, attachments)) {
        return Err("message_not_found".into());
    }
    let shown = inner.look(|state| {
        let channel = &state.channels[channel];
        channel.live(ts).map(|message| message.json(channel))
    });
    Ok(ok(
        json!({ "channel": channel, "ts": ts, "text": text, "message": shown }),
    ))
}

/// `chat.delete`.
pub(super) fn delete(inner: &Arc<Inner>, args: &Args) -> Answer {
    let channel = args.needed("channel", "channel_not_found")?;
    let ts = args.needed("ts", "message_not_found")?;
    own(inner, channel, ts, "cant_delete_message")?;
    inner.remove(channel, ts);
    Ok(ok(json!({ "channel": channel, "ts": ts })))
}

/// Whether the message is there and the bot's.
fn own(inner: &Inner, channel: &str, ts: &str, error: &'static str) -> Result<(), No> {
    inner.look(|state| {
        let channel = state.channels.get(channel).ok_or("channel_not_found")?;
        let message = channel.live(ts).ok_or("message_not_found")?;
        if message.from_bot() {
            Ok(())
        } else {
            Err(error.into())
        }
    })
}

/// `chat.postEphemeral`.
pub(super) fn ephemeral(inner: &Arc<Inner>, args: &Args) -> Answer {
    let wanted = args.needed("channel", "channel_not_found")?;
    let user = args.needed("user", "user_not_in_channel")?.to_owned();
    let (text, blocks, _) = content(args)?;
    let now = inner.clock.now();
    let ts = inner.change(|state| {
        let channel = target(state, wanted)?;
        if !state.channels[&channel].members.contains(&user) {
            return Err(No::from("user_not_in_channel"));
        }
        let blocks = state.with_ids(blocks);
        let ts = state.ts(now);
        state.ephemerals.push(Ephemeral {
            ts: ts.clone(),
            channel,
            user,
            thread_ts: args.text("thread_ts").map(str::to_owned),
            text,
            blocks,
        });
        Ok(ts)
    })?;
    Ok(ok(json!({ "message_ts": ts })))
}

/// `chat.getPermalink`.
pub(super) fn permalink(inner: &Inner, args: &Args) -> Answer {
    let id = args.needed("channel", "channel_not_found")?;
    let ts = args.needed("message_ts", "message_not_found")?;
    let thread = inner.look(|state| {
        let channel = state.channels.get(id).ok_or("channel_not_found")?;
        let message = channel.live(ts).ok_or("message_not_found")?;
        Ok::<_, No>(message.thread_ts.clone())
    })?;
    let digits = ts.replace('.', "");
    let in_thread = thread
        .map(|thread| format!("?thread_ts={thread}&cid={id}"))
        .unwrap_or_default();
    let link = format!("https://sandbox.slack.example/archives/{id}/p{digits}{in_thread}");
    Ok(ok(json!({ "channel": id, "permalink": link })))
}
