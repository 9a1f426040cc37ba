//! Files of the workspace: announced, sent, shown in a thread, and given to who looks at them.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::fault::SlackFault;
use super::model::BOT_USER;
use super::web::dated;
use super::{Inner, Workspace};
use crate::sandbox::fault::{self, Wire};

/// The largest file taken.
const MOST_BYTES: usize = 4 << 20;

/// A file, from its announcement on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `F0000001`.
    pub id: String,
    /// File name.
    pub name: String,
    /// What stands over it; the name, unless it was given one.
    pub title: String,
    /// Alternative text.
    pub alt: String,
    /// Bytes announced.
    pub length: usize,
    /// What was sent; nothing yet for one that is only announced.
    pub bytes: Option<Vec<u8>>,
    /// Whether it is in a conversation.
    pub shown: bool,
}

impl File {
    /// As messages carry it. Pictures are all that is sent.
    pub(crate) fn json(&self, base: &str) -> Value {
        json!({
            "id": self.id, "name": self.name, "title": self.title, "mimetype": "image/png", "filetype": "png",
            "pretty_type": "PNG", "mode": "hosted", "user": BOT_USER, "size": self.length, "alt_txt": self.alt,
            "is_external": false, "url_private": format!("{base}/files/{}", self.id),
        })
    }
}

impl Workspace {
    /// A file by its id.
    #[must_use]
    pub fn file(&self, id: &str) -> Option<File> {
        self.inner.look(|state| state.files.get(id).cloned())
    }
}

/// Takes the bytes of an announced file: `POST /upload/v1/{id}`. In faults it is called `upload`.
pub(super) async fn upload(
    Shared(inner): Shared<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let body = to_bytes(request.into_body(), MOST_BYTES).await;
    let bytes = body.map(|bytes| bytes.to_vec()).unwrap_or_default();
    let fault = inner.change(|state| state.faults.take(|call, _| call.meets("upload", None)));
    let response = match fault {
        None => take(&inner, &id, bytes),
        Some(SlackFault::RateLimited(_)) => text(StatusCode::TOO_MANY_REQUESTS, "slow down"),
        Some(SlackFault::Status(code)) => text(
            StatusCode::from_u16(code).unwrap_or_default(),
            "upstream error",
        ),
        Some(SlackFault::Error(error)) => text(StatusCode::BAD_REQUEST, &error),
        Some(SlackFault::LostBefore | SlackFault::Late(_)) => std::future::pending().await,
        Some(SlackFault::LostAfter) => {
            drop(take(&inner, &id, bytes));
            std::future::pending().await
        }
        Some(SlackFault::CutAfter) => {
            drop(take(&inner, &id, bytes));
            Wire::Cut.play(&inner.clock).await.unwrap_or_default()
        }
        Some(SlackFault::Wire(wire)) => match wire.play(&inner.clock).await {
            Some(response) => response,
            None => take(&inner, &id, bytes),
        },
    };
    dated(&inner, response)
}

fn take(inner: &Inner, id: &str, bytes: Vec<u8>) -> Response {
    let size = bytes.len();
    inner.change(|state| match state.files.get_mut(id) {
        Some(file) if file.length == size && !file.shown => {
            file.bytes = Some(bytes);
            text(StatusCode::OK, &format!("OK - {size}"))
        }
        Some(_) => text(StatusCode::BAD_REQUEST, "not the file that was announced"),
        None => text(StatusCode::NOT_FOUND, "no such upload"),
    })
}

fn text(status: StatusCode, text: &str) -> Response {
    fault::answer(status, "text/plain", Body::from(text.to_owned()))
}
