//! The paths of the remote access API that a reader needs.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Inner, TOKEN, USER};
use crate::sandbox::fault;
use crate::sandbox::kube::percent_decode;

/// What the plugin gives of a step's log.
const STEP_LOG: usize = 10 << 10;
/// One line of noise.
const NOISE: &[u8] =
    b"[INFO] Downloading a file that nobody will ever look at again, byte by byte ..\n";

/// All paths.
pub(super) fn router(inner: Arc<Inner>) -> Router {
    Router::new().fallback(handle).with_state(inner)
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    inner.lock().asked.push(path.clone());
    let planned = inner
        .lock()
        .faults
        .take(|part, _| path.contains(part.as_str()));
    if let Some(wire) = planned
        && let Some(response) = wire.play(&inner.clock).await
    {
        return response;
    }
    if !is_known(request.headers()) {
        let body = "<html><body><h2>HTTP ERROR 401 Unauthorized</h2></body></html>";
        return fault::answer(StatusCode::UNAUTHORIZED, "text/html", body.into());
    }
    let segments: Vec<String> = path
        .trim_matches('/')
        .split('/')
        .map(percent_decode)
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let start = request
        .uri()
        .query()
        .and_then(|query| query.strip_prefix("start="));
    answer(&inner, &segments, start).unwrap_or_else(|| {
        let body = "<html><body><h2>HTTP ERROR 404 Not Found</h2></body></html>";
        fault::answer(StatusCode::NOT_FOUND, "text/html", body.into())
    })
}

fn is_known(headers: &HeaderMap) -> bool {
    let wanted = format!("Basic {}", STANDARD.encode(format!("{USER}:{TOKEN}")));
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|sent| sent == wanted.as_str())
}

fn answer(inner: &Inner, path: &[&str], start: Option<&str>) -> Option<Response> {
    match path {
        ["whoAmI", "api", "json"] => Some(ok(&json!({ "name": USER, "anonymous": false }))),
        ["api", "json"] => Some(ok(&inner.lock().model.tree())),
        ["computer", "api", "json"] => Some(ok(&inner.lock().model.computers())),
        ["job", ..] => of_job(inner, path, start),
        _ => None,
    }
}

fn ok(value: &Value) -> Response {
    fault::json(StatusCode::OK, value)
}

fn of_job(inner: &Inner, path: &[&str], start: Option<&str>) -> Option<Response> {
    let depth = path.chunks(2).take_while(|pair| pair[0] == "job").count();
    let (names, rest) = path.split_at_checked(depth * 2)?;
    let name: Vec<&str> = names.iter().skip(1).step_by(2).copied().collect();
    let state = inner.lock();
    let job = state.model.job(&name.join("/"))?;
    if rest == ["api", "json"] {
        return Some(ok(&state.model.show(job)));
    }
    let (number, rest) = rest.split_first()?;
    let build = job
        .builds
        .iter()
        .find(|one| one.number.to_string() == *number)?;
    match rest {
        ["wfapi", "describe"] if state.stage_view => Some(ok(&build.stages())),
        ["execution", "node", id, "wfapi", "describe"] if state.stage_view => {
            Some(ok(&build.steps(id)))
        }
        ["execution", "node", "14", "wfapi", "log"] if state.stage_view => Some(ok(
            &json!({ "nodeId": "14", "nodeStatus": "FAILED", "text": html(&build.log) }),
        )),
        ["logText", "progressiveText"] => {
            let text = state.model.console(job, build);
            Some(console(&text, state.padding, start?.parse().ok()?))
        }
        _ => None,
    }
}

/// The end of a log as the plugin shows it.
fn html(log: &str) -> String {
    let start = log.ceil_char_boundary(log.len().saturating_sub(STEP_LOG));
    let log = log.get(start..).unwrap_or_default();
    log.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The console from a byte on; beyond its end it begins anew (`LargeText.doProgressText`).
fn console(text: &str, padding: u64, start: u64) -> Response {
    let size = padding + text.len() as u64;
    let start = if start > size { 0 } else { start };
    let skip = usize::try_from(start.saturating_sub(padding)).unwrap_or(usize::MAX);
    let end = Bytes::copy_from_slice(text.as_bytes().get(skip..).unwrap_or_default());
    let line = NOISE.len() as u64;
    let lines = padding.saturating_sub(start) / line;
    let rest = padding.saturating_sub(start) % line;
    let rest = Bytes::from_static(&NOISE[..usize::try_from(rest).unwrap_or_default()]);
    // In pieces of a thousand lines, so that they cost nothing before they are read.
    let thousand = Bytes::from(NOISE.repeat(1000));
    let single = (0..lines % 1000).map(|_| Bytes::from_static(NOISE));
    let noise = (0..lines / 1000)
        .map(move |_| thousand.clone())
        .chain(single);
    let parts = std::iter::once(rest).chain(noise).chain([end]);
    let parts: Vec<Result<Bytes, std::io::Error>> = parts.map(Ok).collect();
    let body = Body::from_stream(futures::stream::iter(parts));
    let mut response = fault::answer(StatusCode::OK, "text/plain;charset=UTF-8", body);
    response
        .headers_mut()
        .insert("x-text-size", HeaderValue::from(size));
    response
}
