//! The page itself, compiled in.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Name, type and text of each.
const ASSETS: &[(&str, &str, &str)] = &[
    ("style.css", CSS, include_str!("assets/style.css")),
    ("blocks.css", CSS, include_str!("assets/blocks.css")),
    ("app.js", JS, include_str!("assets/app.js")),
    ("blocks.js", JS, include_str!("assets/blocks.js")),
    ("compose.js", JS, include_str!("assets/compose.js")),
    ("dom.js", JS, include_str!("assets/dom.js")),
    ("emoji.js", JS, include_str!("assets/emoji.js")),
    ("lab.js", JS, include_str!("assets/lab.js")),
    ("messages.js", JS, include_str!("assets/messages.js")),
    ("mrkdwn.js", JS, include_str!("assets/mrkdwn.js")),
    ("state.js", JS, include_str!("assets/state.js")),
    ("wire.js", JS, include_str!("assets/wire.js")),
    ("words.js", JS, include_str!("assets/words.js")),
    ("icon.svg", SVG, include_str!("assets/icon.svg")),
];

/// `GET /`.
pub(super) async fn index() -> impl IntoResponse {
    ([(CONTENT_TYPE, HTML)], include_str!("assets/index.html"))
}

/// `GET /assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => ([(CONTENT_TYPE, *kind)], *text).into_response(),
        None => (StatusCode::NOT_FOUND, "no such asset\n").into_response(),
    }
}
