//! Who may use the administration routes: whoever has the token; without a token, this machine only.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;

use super::Shown;

/// Lets the request through, or answers 401 (a token is wanted) or 403 (not from this machine).
pub(super) async fn admit(
    State(shown): State<Shown>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let allowed = match &shown.admin_token {
        Some(token) if bears(request.headers(), token.expose_secret()) => Ok(()),
        Some(_) => Err((
            StatusCode::UNAUTHORIZED,
            "a bearer token is wanted: VIGIE_ADMIN_TOKEN\n",
        )),
        None if peer.ip().is_loopback() && names_this_machine(request.headers()) => Ok(()),
        None => {
            let text = "set VIGIE_ADMIN_TOKEN to use these routes from another machine\n";
            Err((StatusCode::FORBIDDEN, text))
        }
    };
    match allowed {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

pub(super) fn bears(headers: &HeaderMap, token: &str) -> bool {
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    given.is_some_and(|given| same(given.trim().as_bytes(), token.as_bytes()))
}

/// Compares without stopping at the first difference, so that timing tells nothing but the length.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |seen, (x, y)| seen | (x ^ y));
    a.len() == b.len() && differences == 0
}

/// A page in a browser on this machine can reach loopback under a name of its own (DNS rebinding);
/// its `Host` then is not ours.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    if host == "localhost" || host.starts_with("localhost:") {
        return true;
    }
    let bare = host.trim_matches(['[', ']']);
    let address = host.parse::<SocketAddr>().map(|address| address.ip());
    let address = address.or_else(|_| bare.parse::<IpAddr>());
    address.is_ok_and(|ip| ip.is_loopback())
}
