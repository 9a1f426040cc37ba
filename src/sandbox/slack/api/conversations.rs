//! `conversations.*` but for what is in them.

use serde_json::{Value, json};

use super::{Answer, Args, No, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::model::{BOT_USER, Channel, Kind};

/// `conversations.open`: the direct channel with one person.
pub(super) fn open(inner: &Inner, args: &Args) -> Answer {
    let users = args.needed("users", "users_list_not_supplied")?;
    if users.contains(',') {
        return Err("not_enough_users".into());
    }
    let id = inner.change(|state| {
        let person = state.people.get(users).ok_or("user_not_found")?;
        if person.deleted {
            return Err(No::from("user_disabled"));
        }
        if person.is_bot {
            return Err(No::from("cannot_dm_bot"));
        }
        Ok(state.direct(users))
    })?;
    Ok(ok(json!({ "channel": { "id": id } })))
}

/// `conversations.info`.
pub(super) fn info(inner: &Inner, args: &Args) -> Answer {
    let id = args.needed("channel", "channel_not_found")?;
    inner.look(|state| {
        let channel = state.channels.get(id).ok_or("channel_not_found")?;
        Ok(ok(json!({ "channel": channel.json() })))
    })
}

/// `conversations.list`.
pub(super) fn list(inner: &Inner, args: &Args) -> Value {
    channels(inner, args, |_| true)
}

/// `users.conversations`: those the bot is in.
pub(super) fn mine(inner: &Inner, args: &Args) -> Value {
    channels(inner, args, |channel| channel.members.contains(BOT_USER))
}

fn channels(inner: &Inner, args: &Args, wanted: impl Fn(&Channel) -> bool) -> Value {
    let archived = !args.flag("exclude_archived");
    let types = args.text("types").unwrap_or("public_channel");
    let channels: Vec<Value> = inner.look(|state| {
        let all = state.channels.values();
        all.filter(|c| is_of(c.kind, types) && (archived || !c.archived) && wanted(c))
            .map(Channel::json)
            .collect()
    });
    ok(json!({ "channels": channels, "response_metadata": { "next_cursor": "" } }))
}

/// Whether a kind is among the `types` asked for.
fn is_of(kind: Kind, types: &str) -> bool {
    let name = match kind {
        Kind::Public => "public_channel",
        Kind::Private => "private_channel",
        Kind::Direct => "im",
    };
    types.split(',').any(|one| one.trim() == name)
}

/// `conversations.members`.
pub(super) fn members(inner: &Inner, args: &Args) -> Answer {
    let id = args.needed("channel", "channel_not_found")?;
    inner.look(|state| {
        let channel = state.channels.get(id).ok_or("channel_not_found")?;
        Ok(ok(json!({
            "members": channel.members, "response_metadata": { "next_cursor": "" },
        })))
    })
}
