//! Who may talk to the page: itself. Another website open in the same browser can reach loopback,
//! under a name of its own (DNS rebinding) or by a form or a socket (CSRF); `Host` and `Origin` tell.

use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Nothing from elsewhere, nothing inline, no frame around it.
const POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; connect-src 'self'";

/// Lets requests of the page through, and puts its policy on every answer.
pub(super) async fn admit(request: Request, next: Next) -> Response {
    let checked = check(&request);
    // Not every browser takes the own origin for that of its sockets too.
    let policy = match &checked {
        Ok(host) => format!("{POLICY} ws://{host}"),
        Err(_) => POLICY.to_owned(),
    };
    let mut response = match checked {
        Ok(_) => next.run(request).await,
        Err(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        let name = HeaderName::from_static(name);
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The name under which the page is served, if the request comes from it.
fn check(request: &Request) -> Result<String, &'static str> {
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
    Ok(host.to_owned())
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
