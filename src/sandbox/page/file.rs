//! Files of the workspace, to be looked at on the page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::Shared;

/// What every PNG file begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// `GET /file/F0000001`: a picture that is in a conversation, and nothing else.
pub(super) async fn file(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let file = shared.world.slack.file(&id).filter(|file| file.shown);
    let bytes = file.and_then(|file| file.bytes);
    match bytes.filter(|bytes| bytes.starts_with(PNG)) {
        Some(bytes) => ([(CONTENT_TYPE, "image/png")], bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "no such picture\n").into_response(),
    }
}
