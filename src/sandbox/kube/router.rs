//! One request to the API server, answered.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use super::query::{Params, Place};
use super::status::{Access, Failure};
use super::{Inner, KubeFault, discovery, list, log, review};
use crate::sandbox::fault;

/// Answers every path.
pub(crate) async fn handle(Shared(inner): Shared<Arc<Inner>>, request: Request) -> Response {
    inner.note(&request);
    match serve(&inner, request).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

async fn serve(inner: &Inner, request: Request) -> Result<Response, Failure> {
    let path = request.uri().path().to_owned();
    if matches!(path.as_str(), "/livez" | "/readyz" | "/healthz") {
        return Ok(plain(b"ok".to_vec()));
    }
    if !authenticated(&request, &inner.token) {
        return Err(Failure::unauthorized());
    }
    if let Some(answer) = discovery::answer(&inner.lock(), &path) {
        return Ok(fault::json(StatusCode::OK, &answer));
    }
    if request.method() == Method::POST && path.starts_with("/apis/authorization.k8s.io/v1/") {
        return reviewed(inner, &path, request.into_body()).await;
    }
    let place = Place::parse(&path)
        .filter(|place| !inner.lock().absent_groups.contains(place.resource.group))
        .ok_or_else(Failure::no_such_path)?;
    let params = Params::parse(request.uri().query().unwrap_or_default());
    let verb = match *request.method() {
        Method::GET if params.watch() => "watch",
        Method::GET => place.verb(),
        Method::POST => "create",
        Method::DELETE => "delete",
        Method::PATCH => "patch",
        _ => "update",
    };
    if let Some(response) = refuse_or_fail(inner, &place, &params, verb).await? {
        return Ok(response);
    }
    if verb != place.verb() {
        return Err(Failure::method_not_allowed());
    }
    let accept = request.headers().get(header::ACCEPT);
    let metadata = accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("as=PartialObjectMetadata"));
    read(inner, &place, &params, metadata)
}

/// The rights first, as the real server does, then what was scripted.
async fn refuse_or_fail(
    inner: &Inner,
    place: &Place,
    params: &Params,
    verb: &str,
) -> Result<Option<Response>, Failure> {
    let access = Access {
        verb,
        resource: place.resource,
        subresource: place.subresource.as_deref(),
        namespace: place.namespace.as_deref(),
        name: place.name.as_deref(),
    };
    let fault = {
        let mut state = inner.lock();
        let allowed = state.allows(&access);
        let fault = state.faults.take(|target, fault| {
            let wanted = *fault != KubeFault::Expired || params.get("continue").is_some();
            wanted && target.meets(&access)
        });
        if !allowed {
            return Err(Failure::forbidden(&inner.user, &access));
        }
        fault
    };
    match fault {
        None => Ok(None),
        Some(KubeFault::Forbidden) => Err(Failure::forbidden(&inner.user, &access)),
        Some(KubeFault::ServerError) => Err(Failure::internal()),
        Some(KubeFault::Unavailable) => Err(Failure::unavailable()),
        Some(KubeFault::Expired) => Err(Failure::expired()),
        Some(KubeFault::TooManyRequests(seconds)) => Err(Failure::too_many_requests(seconds)),
        Some(KubeFault::Wire(wire)) => Ok(wire.play(&inner.clock).await),
    }
}

fn read(
    inner: &Inner,
    place: &Place,
    params: &Params,
    metadata: bool,
) -> Result<Response, Failure> {
    let state = inner.lock();
    let Some(name) = &place.name else {
        let answer = list::page(&state, place, params)?;
        return Ok(object(&answer, metadata));
    };
    let namespace = place.namespace.as_deref().unwrap_or_default();
    let found = state
        .get(place.resource, namespace, name)
        .ok_or_else(|| Failure::not_found(place.resource, name))?;
    match place.subresource.as_deref() {
        None | Some("status") => Ok(object(&list::shown(place.resource.group, found), metadata)),
        Some("log") if place.resource.kind == "Pod" => {
            let wanted = params.log();
            let container = log::container(found, wanted.container.as_deref())?;
            let key = (namespace.to_owned(), name.clone(), container);
            let lines = state.logs.get(&key);
            log::read(found, &key.2, lines, &wanted, inner.clock.now()).map(plain)
        }
        Some(_) => Err(Failure::no_such_path()),
    }
}

async fn reviewed(inner: &Inner, path: &str, body: Body) -> Result<Response, Failure> {
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let asked: Value = serde_json::from_slice(&body)
        .map_err(|error| Failure::bad_request(format!("invalid object: {error}")))?;
    let state = inner.lock();
    let answer = match path.rsplit('/').next() {
        Some("selfsubjectaccessreviews") => review::access(&state, asked),
        Some("selfsubjectrulesreviews") => review::rules(&state, asked),
        _ => return Err(Failure::no_such_path()),
    };
    Ok(fault::json(StatusCode::CREATED, &answer))
}

fn authenticated(request: &Request, token: &str) -> bool {
    let sent = request.headers().get(header::AUTHORIZATION);
    sent.and_then(|sent| sent.to_str().ok())
        .and_then(|sent| sent.strip_prefix("Bearer "))
        == Some(token)
}

fn object(answer: &Value, metadata: bool) -> Response {
    if metadata {
        fault::json(StatusCode::OK, &list::metadata_only(answer))
    } else {
        fault::json(StatusCode::OK, answer)
    }
}

fn plain(text: Vec<u8>) -> Response {
    fault::answer(StatusCode::OK, "text/plain", text.into())
}
