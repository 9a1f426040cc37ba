//! The Web API over HTTP: tokens, arguments in every form Slack takes them, faults, rate limits,
//! the `Date` header from the sandbox clock.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State as Shared};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, post};
use serde_json::{Map, Value, json};

use super::api::{self, Args, No};
use super::fault::SlackFault;
use super::state::Called;
use super::{APP_TOKEN, BOT_TOKEN, Inner, files, scopes};
use crate::sandbox::fault::{self, Wire};
use crate::sandbox::kube::percent_decode;

/// The largest body Slack's API reads.
const MOST_BYTES: usize = 4 << 20;

/// All paths of the Web API.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/api/{method}", any(method))
        .route("/response/{click}", any(response_url))
        .route("/upload/v1/{id}", post(files::upload))
        .route(
            "/services/{team}/{bot}/{secret}",
            post(super::incoming::post),
        )
        .with_state(inner)
}

async fn method(
    Shared(inner): Shared<Arc<Inner>>,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    let token = bearer(&request);
    let args = arguments(request).await;
    let token = token.or_else(|| args.text("token").map(str::to_owned));
    let response = answer(&inner, &method, token.as_deref(), args).await;
    dated(&inner, response)
}

async fn answer(inner: &Arc<Inner>, method: &str, token: Option<&str>, args: Args) -> Response {
    let channel = args.text("channel").or_else(|| args.text("channel_id"));
    let channel = channel.map(str::to_owned);
    let received = inner.clock.now();
    let called = Called {
        method: method.to_owned(),
        args: args.without_token(),
        at: received,
    };
    let fault = inner.change(|state| {
        state.called.push(called);
        state
            .faults
            .take(|call, _| call.meets(method, channel.as_deref()))
    });
    match fault {
        None => {}
        Some(SlackFault::RateLimited(seconds)) => return rate_limited(seconds),
        Some(SlackFault::Status(code)) => return status(inner, code).await,
        Some(SlackFault::Error(error)) => return reply(&json!({ "ok": false, "error": error })),
        Some(SlackFault::LostBefore) => return std::future::pending().await,
        Some(SlackFault::LostAfter) => {
            drop(checked(inner, method, token, &args));
            return std::future::pending().await;
        }
        Some(SlackFault::CutAfter) => {
            drop(checked(inner, method, token, &args));
            return Wire::Cut.play(&inner.clock).await.unwrap_or_default();
        }
        Some(SlackFault::Late(by)) => {
            late(inner, method, token, args, received + by);
            return std::future::pending().await;
        }
        Some(SlackFault::Wire(wire)) => {
            if let Some(response) = wire.play(&inner.clock).await {
                return response;
            }
        }
    }
    let limited = inner.change(|state| {
        let rates = state.rates.as_mut()?;
        let channel = channel.as_deref().unwrap_or_default();
        rates.take(method, channel, inner.clock.now()).err()
    });
    match limited {
        Some(seconds) => rate_limited(seconds),
        None => reply(&checked(inner, method, token, &args)),
    }
}

fn late(
    inner: &Arc<Inner>,
    method: &str,
    token: Option<&str>,
    args: Args,
    at: chrono::DateTime<chrono::Utc>,
) {
    let (method, token) = (method.to_owned(), token.map(str::to_owned));
    let later = Arc::clone(inner);
    inner.spawn(async move {
        later.clock.sleep_until(at).await;
        drop(checked(&later, &method, token.as_deref(), &args));
    });
}

/// Checks token and scope, and does what the method does.
fn checked(inner: &Arc<Inner>, method: &str, token: Option<&str>, args: &Args) -> Value {
    let app = token.and_then(|token| inner.look(|state| state.apps.get(token).cloned()));
    if let Some(bot) = app {
        return told(inner, api::call_of_app(inner, &bot, method, args));
    }
    let wants_app = method == "apps.connections.open";
    let refused = match token {
        None => Some("not_authed"),
        Some(APP_TOKEN) if !wants_app => Some("not_allowed_token_type"),
        Some(BOT_TOKEN) if wants_app => Some("not_allowed_token_type"),
        Some(BOT_TOKEN | APP_TOKEN) => None,
        Some(_) => Some("invalid_auth"),
    };
    if let Some(error) = refused {
        return json!({ "ok": false, "error": error });
    }
    let needed = scopes::needed(method);
    let granted = inner.look(|state| state.scopes.clone());
    if !needed.is_empty() && !needed.iter().any(|n| granted.iter().any(|g| g == n)) {
        return json!({
            "ok": false, "error": "missing_scope", "needed": needed.join(","),
            "provided": granted.join(","),
        });
    }
    told(inner, api::call(inner, method, args))
}

/// What came of a call, as Slack answers it.
fn told(inner: &Inner, result: api::Answer) -> Value {
    inner.touch();
    match result {
        Ok(answer) => answer,
        Err(No { error, messages }) => {
            let mut answer = json!({ "ok": false, "error": error });
            if !messages.is_empty() {
                answer["errors"] = messages.clone().into();
                answer["response_metadata"] = json!({ "messages": messages });
            }
            answer
        }
    }
}

async fn response_url(
    Shared(inner): Shared<Arc<Inner>>,
    Path(click): Path<String>,
    request: Request,
) -> Response {
    let args = arguments(request).await;
    let result = api::respond(&inner, &click, &args);
    inner.touch();
    let response = match result {
        Ok(()) => fault::answer(StatusCode::OK, "text/plain", "ok".into()),
        Err(error) => fault::answer(StatusCode::NOT_FOUND, "text/plain", error.into()),
    };
    dated(&inner, response)
}

fn bearer(request: &Request) -> Option<String> {
    let sent = request.headers().get(header::AUTHORIZATION)?;
    sent.to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .map(str::to_owned)
}

/// Arguments from the query, a form, or a JSON body.
async fn arguments(request: Request) -> Args {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_json = kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    let body = to_bytes(request.into_body(), MOST_BYTES)
        .await
        .unwrap_or_default();
    let mut args = form(&query);
    if is_json {
        if let Ok(Value::Object(fields)) = serde_json::from_slice(&body) {
            args.extend(fields);
        }
    } else {
        args.extend(form(&String::from_utf8_lossy(&body)));
    }
    Args(args)
}

fn form(text: &str) -> Map<String, Value> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| {
            let decode = |text: &str| percent_decode(&text.replace('+', " "));
            (decode(name), Value::String(decode(value)))
        })
        .collect()
}

fn reply(answer: &Value) -> Response {
    let text = answer.to_string();
    fault::answer(
        StatusCode::OK,
        "application/json; charset=utf-8",
        Body::from(text),
    )
}

fn rate_limited(seconds: u64) -> Response {
    let body = json!({ "ok": false, "error": "ratelimited" });
    let mut response = fault::json(StatusCode::TOO_MANY_REQUESTS, &body);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

async fn status(inner: &Inner, code: u16) -> Response {
    let wire = Wire::Status(
        code,
        "upstream connect error or disconnect/reset".to_owned(),
    );
    wire.play(&inner.clock).await.unwrap_or_default()
}

/// Slack's own headers: its time, and the scopes of the token.
pub(super) fn dated(inner: &Inner, mut response: Response) -> Response {
    let date = inner
        .clock
        .now()
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    let scopes = inner.look(|state| state.scopes.join(","));
    for (name, value) in [
        (header::DATE, date),
        (HeaderName::from_static("x-oauth-scopes"), scopes),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
