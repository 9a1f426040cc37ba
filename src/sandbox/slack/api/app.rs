//! What other apps than ours do with a token of theirs: Alertmanager posts and edits its alerts. Channels may be named,
//! as Slack allows it, and a message is changed by whose it is.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, Args, ok};
use crate::sandbox::slack::state::Draft;
use crate::sandbox::slack::{Inner, Workspace, incoming};

impl Workspace {
    /// Installs another app: whoever has this token writes as this bot.
    pub fn add_app(&self, token: &str, bot_id: &str) {
        let (token, bot) = (token.to_owned(), bot_id.to_owned());
        self.inner.change(|state| state.apps.insert(token, bot));
    }
}

/// Does what the method does, as the bot of that id.
pub(crate) fn call(inner: &Arc<Inner>, bot: &str, method: &str, args: &Args) -> Answer {
    match method {
        "chat.postMessage" => post(inner, bot, args),
        "chat.update" => update(inner, bot, args),
        _ => Err("missing_scope".into()),
    }
}

fn content(bot: &str, args: &Args) -> Result<Draft, super::No> {
    let attachments = args.list("attachments", "invalid_attachments")?;
    Ok(Draft {
        bot_id: Some(bot.to_owned()),
        subtype: Some("bot_message".to_owned()),
        text: args.text("text").unwrap_or_default().to_owned(),
        blocks: args.list("blocks", "invalid_blocks_format")?,
        attachments: (1..).zip(attachments).map(incoming::shown).collect(),
        ..Draft::default()
    })
}

fn post(inner: &Arc<Inner>, bot: &str, args: &Args) -> Answer {
    let wanted = args.needed("channel", "channel_not_found")?;
    let channel = inner.look(|state| state.channel_id(wanted));
    let channel = channel.ok_or("channel_not_found")?;
    let draft = content(bot, args)?;
    let now = inner.clock.now();
    let added = inner.change(|state| state.add(&channel, draft, now));
    let message = added.ok_or("channel_not_found")?;
    inner.announce(&message);
    Ok(ok(json!({ "channel": message.channel, "ts": message.ts })))
}

fn update(inner: &Arc<Inner>, bot: &str, args: &Args) -> Answer {
    let channel = args.needed("channel", "channel_not_found")?;
    let ts = args.needed("ts", "message_not_found")?;
    let draft = content(bot, args)?;
    inner.look(|state| {
        let channel = state.channels.get(channel).ok_or("channel_not_found")?;
        let message = channel.live(ts).ok_or("message_not_found")?;
        let own = message.bot_id.as_deref() == Some(bot);
        own.then_some(()).ok_or("cant_update_message")
    })?;
    let shown = (draft.blocks, draft.attachments);
    inner.edit(channel, ts, &draft.text, shown);
    Ok(ok(json!({ "channel": channel, "ts": ts })))
}
