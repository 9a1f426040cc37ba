//! The HTTP API: requests in, Alertmanager's answers out.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::hold::{NotMade, Wanted};
use super::matcher::Matcher;
use super::{Asked, Fault, Inner};
use crate::sandbox::fault;
use crate::sandbox::kube::percent_decode;

/// 2026-01-01: when one that was not restarted began.
const LONG_AGO: DateTime<Utc> = match DateTime::from_timestamp(1_767_225_600, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};
/// Largest body read.
const MAX_BODY: usize = 4 << 20;

/// All paths.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    Router::new().fallback(handle).with_state(inner)
}

/// A status, and the JSON of its body; none is an empty one.
struct Said(StatusCode, Option<Value>);

impl Said {
    fn ok(body: Value) -> Self {
        Self(StatusCode::OK, Some(body))
    }

    /// A handler's own refusal: a JSON string.
    fn refused(status: StatusCode, why: &str) -> Self {
        Self(status, Some(json!(why)))
    }

    /// The router's refusal: an object.
    fn routed(status: StatusCode, why: &str) -> Self {
        Self(
            status,
            Some(json!({"code": status.as_u16(), "message": why})),
        )
    }

    fn response(self) -> Response {
        match self.1 {
            Some(body) => fault::json(self.0, &body),
            None => fault::answer(self.0, "application/json", Body::empty()),
        }
    }
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let line = format!("{} {}", parts.method, parts.uri.path());
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let login = parts.headers.get(header::AUTHORIZATION);
    let login = login
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let planned = {
        let mut state = inner.lock();
        state.asked.push(Asked {
            line: line.clone(),
            query: query.clone(),
            login,
            body: body.clone(),
            at: inner.clock.now(),
        });
        state
            .faults
            .take(|prefix, _| line.starts_with(prefix.as_str()))
    };
    if let Some(Fault::Before(wire)) = &planned
        && let Some(response) = wire.play(&inner.clock).await
    {
        return response;
    }
    let said = answer(&inner, &parts.method, parts.uri.path(), &query, &body);
    if let Some(Fault::After(wire)) = &planned
        && let Some(response) = wire.play(&inner.clock).await
    {
        return response;
    }
    said.response()
}

fn answer(inner: &Inner, method: &Method, path: &str, query: &str, body: &Value) -> Said {
    let now = inner.clock.now();
    let mut state = inner.lock();
    let since = state.restarted.unwrap_or(LONG_AGO);
    let hold = &mut state.hold;
    let Some(path) = path.strip_prefix("/api/v2/") else {
        return Said::routed(StatusCode::NOT_FOUND, &format!("path {path} was not found"));
    };
    match (method.as_str(), path.split_once('/').unwrap_or((path, ""))) {
        ("GET", ("status", "")) => Said::ok(json!({
            "cluster": {"status": "disabled", "peers": []},
            "versionInfo": {"version": "0.25.0", "revision": "FAKE", "branch": "sandbox"},
            "config": {"original": "route:\n  receiver: vigie\n"},
            "uptime": since.to_rfc3339_opts(SecondsFormat::Millis, true),
        })),
        ("GET", ("receivers", "")) => Said::ok(json!([{"name": "vigie"}])),
        ("GET", ("alerts", "")) => match wanted(query) {
            Ok(wanted) => Said::ok(json!(hold.alerts(&wanted, now))),
            Err(why) => Said::refused(StatusCode::BAD_REQUEST, &why),
        },
        ("POST", ("alerts", "")) => match hold.take(body, now) {
            Ok(_) => Said(StatusCode::OK, None),
            Err(why) => Said::refused(StatusCode::BAD_REQUEST, &why),
        },
        ("GET", ("silences", "")) => Said::ok(json!(hold.silences(now))),
        ("POST", ("silences", "")) => match hold.make(body, now) {
            Ok(id) => Said::ok(json!({"silenceID": id})),
            Err(NotMade::Invalid(why)) => Said::refused(StatusCode::BAD_REQUEST, &why),
            Err(NotMade::Unprocessable(why)) => {
                Said::routed(StatusCode::UNPROCESSABLE_ENTITY, &why)
            }
        },
        ("GET", ("silence", id)) => match hold.silence(id, now) {
            Some(silence) => Said::ok(silence),
            None => Said(StatusCode::NOT_FOUND, None),
        },
        ("DELETE", ("silence", id)) if hold.expire(id, now) => Said(StatusCode::OK, None),
        // So says 0.25, with this status.
        ("DELETE", ("silence", _)) => {
            Said::refused(StatusCode::INTERNAL_SERVER_ERROR, "silence not found")
        }
        _ => Said::routed(
            StatusCode::NOT_FOUND,
            &format!("path /api/v2/{path} was not found"),
        ),
    }
}

fn wanted(query: &str) -> Result<Wanted, String> {
    let decode = |text: &str| percent_decode(&text.replace('+', " "));
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let flag = |name: &str| !pairs.iter().any(|(n, value)| n == name && value == "false");
    let filters = pairs.iter().filter(|(name, _)| name == "filter");
    Ok(Wanted {
        matchers: filters
            .map(|(_, text)| Matcher::read(text))
            .collect::<Result<_, _>>()?,
        active: flag("active"),
        silenced: flag("silenced"),
        inhibited: flag("inhibited"),
    })
}
