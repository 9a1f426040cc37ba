//! Who may talk to the page: itself. Another website open in the same browser can reach loopback,
//! under a name of its own (DNS rebinding) or by a form or a socket (CSRF); `Host` and `Origin` tell.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Nothing from elsewhere, nothing inline, no frame around it.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Lets requests of the page through, and puts its policy on every answer.
pub(super) async fn admit(request: Request, next: Next) -> Response {
    let mut response = match check(&request) {
        Ok(()) => next.run(request).await,
        Err(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        let name = HeaderName::from_static(name);
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(request: &Request) -> Result<(), &'static str> {
    let headers = request.headers();
    let host = text(headers, &HOST).unwrap_or_default();
    if !names_loopback(host) {
        return Err("this page is served to this machine only\n");
    }
    let acts = request.method() != Method::GET || headers.contains_key(UPGRADE);
    let own = text(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://"));
    // Browsers name the origin of every such request; without one it is no page of ours.
    if acts && own != Some(host) {
        return Err("this request does not come from the demo's page\n");
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `127.0.0.1`, `localhost` or `[::1]`, with a port or without.
fn names_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
