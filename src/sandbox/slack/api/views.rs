//! Modals, and answers to a `response_url`.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;

use super::{Answer, Args, No, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::limits;
use crate::sandbox::slack::model::{BOT, BOT_USER};
use crate::sandbox::slack::state::{Click, Draft, Ephemeral, View};

/// A `trigger_id` is good for three seconds.
const TRIGGER_LIFE: TimeDelta = TimeDelta::seconds(3);
/// A `response_url` is good for half an hour, five times.
const RESPONSE_LIFE: TimeDelta = TimeDelta::minutes(30);
const RESPONSE_USES: u32 = 5;

/// `views.open`.
pub(super) fn open(inner: &Inner, args: &Args) -> Answer {
    let trigger = args.needed("trigger_id", "invalid_arguments")?;
    let view = args.json("view").ok_or("invalid_arguments")?;
    let title = view["title"]["text"].as_str().unwrap_or_default();
    let blocks = view["blocks"].as_array().map_or(101, Vec::len);
    if view["type"] != "modal" || title.is_empty() || title.chars().count() > 24 || blocks > 100 {
        return Err("invalid_arguments".into());
    }
    let now = inner.clock.now();
    inner.change(|state| {
        let click = state.clicks.get_mut(trigger).ok_or("invalid_trigger_id")?;
        if click.exchanged {
            return Err(No::from("exchanged_trigger_id"));
        }
        if now - click.at > TRIGGER_LIFE {
            return Err(No::from("expired_trigger_id"));
        }
        click.exchanged = true;
        let user = click.user.clone();
        state.views.push(View {
            user,
            view: view.clone(),
        });
        let mut shown = view;
        shown["id"] = format!("V{:08}", state.serial()).into();
        Ok(ok(json!({ "view": shown })))
    })
}

/// A post to a `response_url`. `Err` is the text of the 404.
pub(crate) fn respond(inner: &Arc<Inner>, click: &str, args: &Args) -> Result<(), String> {
    let now = inner.clock.now();
    let click = inner.change(|state| {
        let click = state.clicks.get_mut(click).ok_or("no_such_url")?;
        if now - click.at > RESPONSE_LIFE {
            return Err("expired_url");
        }
        if click.uses >= RESPONSE_USES {
            return Err("used_url");
        }
        click.uses += 1;
        Ok(click.clone())
    })?;
    if args.flag("delete_original") {
        inner.remove(&click.channel, &click.ts);
        return Ok(());
    }
    let text = args.text("text").unwrap_or_default().to_owned();
    let blocks = args
        .list("blocks", "invalid_blocks")
        .map_err(|no| no.error)?;
    limits::check(&text, &blocks, 0).map_err(|refusal| refusal.error)?;
    if args.flag("replace_original") {
        inner.edit(&click.channel, &click.ts, &text, (blocks, Vec::new()));
    } else if args.text("response_type") == Some("in_channel") {
        speak(inner, &click, args, text, blocks);
    } else {
        inner.change(|state| {
            let blocks = state.with_ids(blocks);
            let ts = state.ts(now);
            state.ephemerals.push(Ephemeral {
                ts,
                channel: click.channel,
                user: click.user,
                thread_ts: args.text("thread_ts").map(str::to_owned),
                text,
                blocks,
            });
        });
    }
    Ok(())
}

fn speak(
    inner: &Arc<Inner>,
    click: &Click,
    args: &Args,
    text: String,
    blocks: Vec<serde_json::Value>,
) {
    let draft = Draft {
        user: BOT_USER.to_owned(),
        bot_id: Some(BOT.to_owned()),
        thread_ts: args.text("thread_ts").map(str::to_owned),
        text,
        blocks,
        ..Draft::default()
    };
    let now = inner.clock.now();
    if let Some(message) = inner.change(|state| state.add(&click.channel, draft, now)) {
        inner.announce(&message);
    }
}
