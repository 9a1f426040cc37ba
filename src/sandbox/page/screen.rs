//! What stands on one person's screen: their desk in the workspace, and the drawer of the sandbox.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::Shared;
use crate::sandbox::fault;
use crate::sandbox::slack::NotThere;

/// Whose screen it is.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Viewer {
    /// A name: `alice`.
    #[serde(rename = "as", default = "first")]
    pub name: String,
}

fn first() -> String {
    "alice".to_owned()
}

/// `GET /state?as=alice`: everything, once.
pub(super) async fn state(
    State(shared): State<Arc<Shared>>,
    Query(viewer): Query<Viewer>,
) -> Response {
    match whole(&shared, &viewer.name) {
        Ok(state) => fault::json(StatusCode::OK, &state),
        Err(error) => (StatusCode::NOT_FOUND, format!("{error}\n")).into_response(),
    }
}

/// Everything on the screen.
pub(super) fn whole(shared: &Shared, viewer: &str) -> Result<Value, NotThere> {
    let desk = shared.world.slack.desk(viewer)?;
    let messages: Vec<Value> = desk.messages.into_values().collect();
    Ok(json!({
        "people": desk.people, "channels": desk.channels, "messages": messages,
        "sandbox": sandbox(shared),
    }))
}

/// The drawer: the world's time, the bot, the incidents.
pub(super) fn sandbox(shared: &Shared) -> Value {
    json!({
        "name": shared.name,
        "now": shared.world.clock.now().timestamp_millis(),
        "speed": *shared.speed.borrow(),
        "bot": *shared.backstage.bot().borrow(),
        "incidents": shared.lab.json(),
    })
}
