//! The alert webhook: Alertmanager's and Grafana's. Its own listener, because it is reached from elsewhere than
//! the probes. A sender shows a token, signs, or has a certificate; what it sends is bounded, read, saved, and
//! only then acknowledged. Alertmanager repeats what was answered with 5xx, and never what was with 4xx.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::guard::bears;
use super::serve::{BOUNDS, serve as bounded};
use super::tls::{Certificates, TlsListener};
use crate::alert::{Group, webhook};
use crate::clock::Clock;
use crate::telemetry::Metrics;

/// Largest body. A group of 5,000 alerts has some 5 MB.
const MAX_BODY: usize = 16 << 20;
/// Largest body of a sender who is known by its signature alone, which cannot be checked before all of it is read:
/// a Grafana notification of some 1,000 alerts.
const MAX_UNKNOWN: usize = 2 << 20;
/// A body that takes longer than this to arrive is given up.
const BODY_WITHIN: Duration = Duration::from_secs(10);
/// Bodies read at the same time: so many times [`MAX_BODY`] is the most memory they take.
const AT_ONCE: usize = 4;
/// Bodies of such senders read at the same time, beside the others: strangers take no turn of who is known.
const UNKNOWN_AT_ONCE: usize = 2;
/// Who waits longer for a turn is told to come back.
const TURN_WITHIN: Duration = Duration::from_secs(5);
/// Larger bodies are read beside the runtime's own threads.
const LARGE: usize = 256 << 10;

/// Saves a group; an error means that it is not saved.
pub type Save = Arc<dyn Fn(Group) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What the webhook is made of.
#[derive(Clone)]
pub struct Webhook {
    /// Bearer token.
    pub token: Option<SecretString>,
    /// Key of Grafana's signature.
    pub hmac: Option<SecretString>,
    /// Whether a client certificate was checked when the connection was made.
    pub by_certificate: bool,
    /// Saves.
    pub save: Save,
    /// Counts.
    pub metrics: Metrics,
    /// The bot's clock, for the age of signatures.
    pub clock: Clock,
}

/// What became of one request: the status, a stable code for the metric, a sentence for the sender's log.
struct Answer(StatusCode, &'static str, String);

#[derive(Clone)]
struct Shared {
    webhook: Webhook,
    reading: Arc<Semaphore>,
    reading_unknown: Arc<Semaphore>,
}

/// How a request was let in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A token or a certificate: before the body is read.
    Known,
    /// A signature that is still to be checked.
    Signature,
}

/// Serves until `stop` turns true; requests under way are finished.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Certificates>,
    webhook: Webhook,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let metrics = webhook.metrics.clone();
    let shared = Shared {
        webhook,
        reading: Arc::new(Semaphore::new(AT_ONCE)),
        reading_unknown: Arc::new(Semaphore::new(UNKNOWN_AT_ONCE)),
    };
    // Senders may be told apart in access logs by their path; the body says which it is.
    let router = Router::new()
        .route("/alerts", post(take))
        .route("/alerts/alertmanager", post(take))
        .route("/alerts/grafana", post(take))
        .with_state(shared);
    let stopped = async move {
        // A sender that is gone means that the process ends as well.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    match tls {
        None => {
            bounded(listener, router, BOUNDS, stopped).await;
        }
        Some(certificates) => {
            let listener = TlsListener::new(listener, Arc::new(certificates), metrics)?;
            bounded(listener, router, BOUNDS, stopped).await;
        }
    }
    Ok(())
}

async fn take(State(shared): State<Shared>, request: Request) -> (StatusCode, String) {
    let Answer(status, code, text) = match shared.answer(request).await {
        Ok(answer) | Err(answer) => answer,
    };
    shared.webhook.metrics.alert_webhook(code);
    if status != StatusCode::OK {
        tracing::warn!(code, why = text, "alerts were not taken");
    }
    (status, text + "\n")
}

impl Shared {
    async fn answer(&self, request: Request) -> Result<Answer, Answer> {
        let headers = request.headers().clone();
        let by = self.admit(&headers)?;
        let (turns, most) = match by {
            By::Known => (&self.reading, MAX_BODY),
            By::Signature => (&self.reading_unknown, MAX_UNKNOWN),
        };
        let turn = tokio::time::timeout(TURN_WITHIN, turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(Answer(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "too many at once".to_owned(),
            ));
        };
        let body = body(request, most).await?;
        if by == By::Signature {
            self.signed(&headers, &body)?;
        }
        let notice = read(body).await?;
        tell_odd(&notice);
        let group = notice.group;
        match (self.webhook.save)(group).await {
            Ok(()) => Ok(Answer(StatusCode::OK, "saved", "saved".to_owned())),
            Err(why) => {
                let text = format!("not saved: {why}");
                Err(Answer(StatusCode::SERVICE_UNAVAILABLE, "not-saved", text))
            }
        }
    }

    /// Before the body is read: a stranger costs no memory.
    fn admit(&self, headers: &HeaderMap) -> Result<By, Answer> {
        let webhook = &self.webhook;
        let by_token = webhook
            .token
            .as_ref()
            .is_some_and(|token| bears(headers, token.expose_secret()));
        if by_token || webhook.by_certificate {
            return Ok(By::Known);
        }
        if webhook.hmac.is_some() && headers.contains_key(SIGNATURE) {
            let now = webhook.clock.now();
            return webhook::in_window(timestamp(headers)?, now)
                .map(|()| By::Signature)
                .map_err(unsigned);
        }
        let text =
            "a bearer token (VIGIE_ALERTS_TOKEN) or a signature (VIGIE_ALERTS_HMAC_KEY) is wanted";
        Err(Answer(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            text.to_owned(),
        ))
    }

    /// A request that came in by its signature alone has to have the right one.
    fn signed(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Answer> {
        let Some(key) = &self.webhook.hmac else {
            return Err(unsigned(webhook::Unsigned::Missing));
        };
        let signature = text(headers, SIGNATURE);
        let key = key.expose_secret().as_bytes();
        let now = self.webhook.clock.now();
        webhook::verify_grafana(signature, Some(timestamp(headers)?), body, key, now)
            .map_err(unsigned)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn timestamp(headers: &HeaderMap) -> Result<&str, Answer> {
    text(headers, TIMESTAMP).ok_or_else(|| {
        let why = format!("the signature needs the timestamp header {TIMESTAMP}");
        Answer(StatusCode::UNAUTHORIZED, "timestamp-missing", why)
    })
}

fn unsigned(why: webhook::Unsigned) -> Answer {
    Answer(StatusCode::UNAUTHORIZED, why.code(), why.to_string())
}

/// Grafana's default name for its signature.
const SIGNATURE: &str = "x-grafana-alerting-signature";
/// The header that its timestamp has to be configured as; without it a request could be sent again for ever.
const TIMESTAMP: &str = "x-grafana-alerting-timestamp";

async fn body(request: Request, most: usize) -> Result<Bytes, Answer> {
    let reading = to_bytes(request.into_body(), most);
    match tokio::time::timeout(BODY_WITHIN, reading).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if is_too_large(&error) => {
            let text = format!("the body has more than {} MiB: set max_alerts", most >> 20);
            Err(Answer(StatusCode::PAYLOAD_TOO_LARGE, "too-large", text))
        }
        Ok(Err(error)) => Err(Answer(StatusCode::BAD_REQUEST, "cut", error.to_string())),
        Err(_) => {
            let text = "the body did not arrive in time".to_owned();
            // Not 408: Alertmanager repeats what was answered with 5xx only.
            Err(Answer(StatusCode::SERVICE_UNAVAILABLE, "slow", text))
        }
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>)
}

async fn read(body: Bytes) -> Result<webhook::Notice, Answer> {
    let read = if body.len() > LARGE {
        let reading = tokio::task::spawn_blocking(move || webhook::read(&body));
        reading.await.unwrap_or(Err(webhook::Refused::NotJson))
    } else {
        webhook::read(&body)
    };
    read.map_err(|why| Answer(StatusCode::BAD_REQUEST, why.code(), why.to_string()))
}

/// What was done without: for whoever configured the sender.
fn tell_odd(notice: &webhook::Notice) {
    if !notice.unread.is_empty() || !notice.odd.is_empty() {
        tracing::warn!(unread = ?notice.unread, odd = ?notice.odd, "alerts were read in part");
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("by_certificate", &self.by_certificate)
            .finish_non_exhaustive()
    }
}
