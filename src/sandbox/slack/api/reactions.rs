//! `reactions.*`.

use super::{Answer, Args, No, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::model::BOT_USER;
use crate::sandbox::slack::state::State;

/// Changes the bot's reactions to a message.
fn react(
    inner: &Inner,
    args: &Args,
    change: impl FnOnce(&mut Vec<(String, String)>, (String, String)) -> Result<(), No>,
) -> Answer {
    let id = args.needed("channel", "channel_not_found")?;
    let ts = args.needed("timestamp", "bad_timestamp")?;
    let name = args
        .needed("name", "invalid_name")?
        .trim_matches(':')
        .to_owned();
    if !name.chars().all(is_of_a_name) {
        return Err("invalid_name".into());
    }
    inner.change(|state: &mut State| {
        let channel = state.channels.get_mut(id).ok_or("channel_not_found")?;
        if channel.archived {
            return Err("is_archived".into());
        }
        if !channel.members.contains(BOT_USER) {
            return Err("not_in_channel".into());
        }
        let message = channel.messages.get_mut(ts).filter(|m| !m.deleted);
        let message = message.ok_or("message_not_found")?;
        change(&mut message.reactions, (name, BOT_USER.to_owned()))?;
        Ok(ok(serde_json::json!({})))
    })
}

/// What the name of an emoji is made of; a skin tone comes behind `::`.
fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() && !c.is_uppercase() || matches!(c, '_' | '-' | '+' | '\'' | ':')
}

/// `reactions.add`.
pub(super) fn add(inner: &Inner, args: &Args) -> Answer {
    react(inner, args, |all, mine| {
        if all.contains(&mine) {
            return Err("already_reacted".into());
        }
        all.push(mine);
        Ok(())
    })
}

/// `reactions.remove`.
pub(super) fn remove(inner: &Inner, args: &Args) -> Answer {
    react(inner, args, |all, mine| {
        let before = all.len();
        all.retain(|reaction| *reaction != mine);
        if all.len() == before {
            return Err("no_reaction".into());
        }
        Ok(())
    })
}
