//! `files.getUploadURLExternal` and `files.completeUploadExternal`; the bytes between them go to
//! [`crate::sandbox::slack`]'s upload address.

use std::sync::Arc;

use serde_json::{Value, json};

use super::chat::target;
use super::{Answer, Args, No, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::files::File;
use crate::sandbox::slack::model::{BOT, BOT_USER};
use crate::sandbox::slack::state::{Draft, State};

/// Longest alternative text.
const ALT_MAX: usize = 1_000;

/// `files.getUploadURLExternal`.
pub(super) fn announce(inner: &Inner, args: &Args) -> Answer {
    let name = args.needed("filename", "missing_argument")?.to_owned();
    // It takes no JSON: the number comes as text.
    let length = args.text("length").and_then(|text| text.parse().ok());
    let length = length.filter(|length: &usize| *length > 0);
    let length = length.ok_or("missing_argument")?;
    let alt = args.text("alt_txt").unwrap_or_default().to_owned();
    if alt.chars().count() > ALT_MAX {
        return Err("alt_txt_too_large".into());
    }
    let id = inner.change(|state| {
        let id = format!("F0{:06}", state.serial());
        let file = File {
            id: id.clone(),
            title: name.clone(),
            name,
            alt,
            length,
            bytes: None,
            shown: false,
        };
        state.files.insert(id.clone(), file);
        id
    });
    let address = format!("{}/upload/v1/{id}", inner.url());
    Ok(ok(json!({ "upload_url": address, "file_id": id })))
}

/// `files.completeUploadExternal`.
pub(super) fn complete(inner: &Arc<Inner>, args: &Args) -> Answer {
    let wanted = args.list("files", "invalid_arguments")?;
    let channel = args.needed("channel_id", "invalid_channel")?;
    let now = inner.clock.now();
    let (message, files) = inner.change(|state| {
        let channel = target(state, channel)?;
        let files = shown(state, &wanted, inner.url())?;
        let draft = Draft {
            user: BOT_USER.to_owned(),
            bot_id: Some(BOT.to_owned()),
            subtype: Some("file_share".to_owned()),
            thread_ts: args.text("thread_ts").map(str::to_owned),
            text: args.text("initial_comment").unwrap_or_default().to_owned(),
            files: files.clone(),
            ..Draft::default()
        };
        let message = state.add(&channel, draft, now).ok_or("channel_not_found")?;
        Ok::<_, No>((message, files))
    })?;
    inner.announce(&message);
    Ok(ok(json!({ "files": files })))
}

/// Marks the files shown; all of them, or none.
fn shown(state: &mut State, wanted: &[Value], base: &str) -> Result<Vec<Value>, No> {
    if wanted.is_empty() {
        return Err("invalid_arguments".into());
    }
    for one in wanted {
        let file = state.files.get(one["id"].as_str().unwrap_or_default());
        let file = file.filter(|file| file.bytes.is_some() && !file.shown);
        file.ok_or("file_not_found")?;
    }
    let mut files = Vec::new();
    for one in wanted {
        let file = state.files.get_mut(one["id"].as_str().unwrap_or_default());
        let file = file.ok_or("file_not_found")?;
        file.shown = true;
        if let Some(title) = one["title"].as_str() {
            title.clone_into(&mut file.title);
        }
        files.push(file.json(base));
    }
    Ok(files)
}
