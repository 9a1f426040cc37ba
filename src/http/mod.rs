//! The bot's own listener: `/livez`, `/readyz`, `/metrics`, and the read-only administration routes
//! behind `vigie incidents`. It never depends on Prometheus or on a cluster.

mod admin;
pub mod alerts;
mod guard;
mod health;
mod serve;
#[cfg(test)]
mod tests;
pub mod tls;

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use admin::Row;
pub use health::Heartbeat;

use crate::clients::slack::socket::SocketState;
use crate::clock::Clock;
use crate::store::Store;
use crate::telemetry::Metrics;

/// What the routes show.
#[derive(Clone)]
pub struct Shown {
    /// Where incidents live.
    pub store: Arc<dyn Store>,
    /// Whether the engine's loop goes round.
    pub heartbeat: Heartbeat,
    /// Whether Slack is connected; `None` where the bot runs without (standby).
    pub slack: Option<watch::Receiver<SocketState>>,
    /// The metrics.
    pub metrics: Metrics,
    /// Bearer token of the administration routes; without one they answer to this machine only.
    pub admin_token: Option<SecretString>,
    /// The bot's clock.
    pub clock: Clock,
}

/// Serves until `stop` turns true; requests under way are finished.
pub async fn serve(
    listener: TcpListener,
    shown: Shown,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let stopped = async move {
        // A sender that is gone means that the process ends as well.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    serve::serve(listener, router(shown), serve::BOUNDS, stopped).await;
    Ok(())
}

fn router(shown: Shown) -> Router {
    let admin = Router::new()
        .route("/incidents", get(admin::list))
        .route("/incidents/{id}", get(admin::show))
        .route("/aside", get(admin::aside))
        .route("/export", get(admin::export))
        .route_layer(axum::middleware::from_fn_with_state(
            shown.clone(),
            guard::admit,
        ));
    Router::new()
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics))
        .nest("/admin", admin)
        .with_state(shown)
}

async fn metrics(State(shown): State<Shown>) -> Response {
    if let Ok(health) = shown.store.health().await {
        shown.metrics.store(&health);
    }
    match shown.metrics.encode() {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
