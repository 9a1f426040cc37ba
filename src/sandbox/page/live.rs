//! The socket that keeps a page up to date: everything when it opens, then what changed. The page
//! only listens; what it wants done goes to `/act`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Shared;
use super::screen::{self, Viewer};
use crate::sandbox::slack::Desk;

/// Changes that come together are sent together.
const GATHER: Duration = Duration::from_millis(25);
/// Finds out that a page is gone, in real time.
const PING: Duration = Duration::from_secs(20);
/// The page has nothing to say on this socket.
const MOST_HEARD: usize = 4 * 1024;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// `GET /live?as=alice`.
pub(super) async fn live(
    State(shared): State<Arc<Shared>>,
    Query(viewer): Query<Viewer>,
    mut request: Request,
) -> Response {
    if let Err(error) = shared.world.slack.desk(&viewer.name) {
        return (StatusCode::NOT_FOUND, format!("{error}\n")).into_response();
    }
    let is = |name: &HeaderName, wanted: &str| {
        let value = request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    let asked = is(&UPGRADE, "websocket") && is(&SEC_WEBSOCKET_VERSION, "13");
    let key = request.headers().get(SEC_WEBSOCKET_KEY).cloned();
    let (true, Some(key)) = (asked, key) else {
        return (StatusCode::UPGRADE_REQUIRED, "a websocket is wanted\n").into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let session = Arc::clone(&shared);
    shared.spawn(async move {
        if let Err(error) = serve(&session, &viewer.name, upgrade).await {
            tracing::debug!(%error, "page socket ended");
        }
    });
    switch(&derive_accept_key(key.as_bytes()))
}

fn switch(accept: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    if let Ok(accept) = HeaderValue::from_str(accept) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

async fn serve(
    shared: &Shared,
    viewer: &str,
    upgrade: hyper::upgrade::OnUpgrade,
) -> anyhow::Result<()> {
    let stream = TokioIo::new(upgrade.await?);
    let config = WebSocketConfig::default()
        .max_message_size(Some(MOST_HEARD))
        .max_frame_size(Some(MOST_HEARD));
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
    follow(shared, viewer, &mut socket).await
}

async fn follow(shared: &Shared, viewer: &str, socket: &mut Socket) -> anyhow::Result<()> {
    let mut said = shared.world.slack.changes();
    let mut done = shared.changed.subscribe();
    let mut ping = tokio::time::interval(PING);
    let mut shown = Desk::default();
    let mut first = true;
    loop {
        said.mark_unchanged();
        done.mark_unchanged();
        let desk = shared.world.slack.desk(viewer)?;
        let news = news(&shown, &desk, &screen::sandbox(shared), first);
        socket.send(Message::text(news.to_string())).await?;
        (shown, first) = (desk, false);
        loop {
            tokio::select! {
                changed = said.changed() => { changed?; break; }
                changed = done.changed() => { changed?; break; }
                frame = socket.next() => match frame {
                    None | Some(Ok(Message::Close(_)) | Err(Error::ConnectionClosed)) => return Ok(()),
                    Some(frame) => drop(frame?),
                },
                _ = ping.tick() => socket.send(Message::Ping("".into())).await?,
            }
        }
        tokio::time::sleep(GATHER).await;
    }
}

/// What the page does not show yet.
fn news(shown: &Desk, desk: &Desk, sandbox: &Value, first: bool) -> Value {
    let changed = |(key, message): (&String, &Value)| {
        (shown.messages.get(key) != Some(message)).then(|| message.clone())
    };
    let messages: Vec<Value> = desk.messages.iter().filter_map(changed).collect();
    let mut news = json!({ "whole": first, "messages": messages, "sandbox": sandbox });
    let gone = gone(&shown.messages, &desk.messages);
    if !gone.is_empty() {
        news["gone"] = gone.into();
    }
    if shown.channels != desk.channels || first {
        news["channels"] = desk.channels.clone().into();
    }
    if shown.people != desk.people || first {
        news["people"] = desk.people.clone().into();
    }
    news
}

/// Keys of messages that were deleted.
fn gone(before: &BTreeMap<String, Value>, now: &BTreeMap<String, Value>) -> Vec<String> {
    let keys = before.keys().filter(|key| !now.contains_key(*key));
    keys.cloned().collect()
}
