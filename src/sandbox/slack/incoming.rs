//! Incoming webhooks, as Alertmanager and others post through them: a channel by its name, no token, `ok`
//! in plain text. What is kept is what Slack shows: colours by number, attachments with an id, `bot_message`.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::state::Draft;
use super::{Inner, Workspace};
use crate::sandbox::fault;

/// The secret part of a webhook's address (not a real one).
const SECRET: &str = "FAKEincomingWebhook";
/// The largest body that is read.
const MOST_BYTES: usize = 4 << 20;
/// Attachment colours that have a name, and what Slack makes of them.
const COLORS: [(&str, &str); 3] = [
    ("good", "2eb886"),
    ("warning", "daa038"),
    ("danger", "a30200"),
];

impl Workspace {
    /// The address that an app of this id posts to.
    #[must_use]
    pub fn webhook_url(&self, bot_id: &str) -> String {
        format!("{}/services/T0SANDBOX/{bot_id}/{SECRET}", self.api.url())
    }
}

/// `POST /services/{team}/{bot}/{secret}`.
pub(super) async fn post(
    Shared(inner): Shared<Arc<Inner>>,
    Path((_team, bot, secret)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let body = to_bytes(request.into_body(), MOST_BYTES).await;
    let result = if secret == SECRET {
        take(&inner, &bot, &body.unwrap_or_default())
    } else {
        Err((StatusCode::FORBIDDEN, "invalid_token"))
    };
    let (status, words) = match result {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(refused) => refused,
    };
    fault::answer(status, "text/html", words.into())
}

/// Keeps the message, or says what Slack says of it.
fn take(inner: &Arc<Inner>, bot: &str, body: &Bytes) -> Result<(), (StatusCode, &'static str)> {
    let refused = |words| (StatusCode::BAD_REQUEST, words);
    let sent: Value = serde_json::from_slice(body).map_err(|_| refused("invalid_payload"))?;
    let text = sent["text"].as_str().unwrap_or_default();
    let list = |name: &str| sent[name].as_array().cloned().unwrap_or_default();
    let (attachments, blocks) = (list("attachments"), list("blocks"));
    if text.is_empty() && attachments.is_empty() && blocks.is_empty() {
        return Err(refused("no_text"));
    }
    let name = sent["channel"].as_str().unwrap_or_default();
    let channel = inner.look(|state| state.channel_id(name));
    let channel = channel.ok_or((StatusCode::NOT_FOUND, "channel_not_found"))?;
    let draft = Draft {
        bot_id: Some(bot.to_owned()),
        subtype: Some("bot_message".to_owned()),
        text: text.to_owned(),
        blocks,
        attachments: (1..).zip(attachments).map(shown).collect(),
        ..Draft::default()
    };
    let now = inner.clock.now();
    let added = inner.change(|state| state.add(&channel, draft, now));
    let message = added.ok_or((StatusCode::NOT_FOUND, "channel_not_found"))?;
    inner.announce(&message);
    Ok(())
}

/// An attachment as Slack gives it back: numbered, its colour a number, without what was sent empty.
pub(super) fn shown((number, mut attachment): (usize, Value)) -> Value {
    attachment["id"] = json!(number);
    let color = attachment["color"].as_str().unwrap_or_default();
    if let Some((_, hex)) = COLORS.iter().find(|(name, _)| *name == color) {
        attachment["color"] = json!(hex);
    }
    if let Some(fields) = attachment.as_object_mut() {
        fields.retain(|_, value| value != "");
    }
    attachment
}
