//! Starts the alert webhook beside a running bot.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use futures::FutureExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::bot::Bot;
use crate::clock::Clock;
use crate::config::Config;
use crate::http::alerts::{self, Save, Webhook};
use crate::http::tls;
use crate::telemetry::Metrics;

/// A listener that runs: its address, and its end.
pub type Listening = (SocketAddr, JoinHandle<std::io::Result<()>>);

/// Listens where the configuration says; `None` when it says nothing.
///
/// # Errors
/// When the address is taken, or a file of the certificate cannot be used.
pub async fn start(
    config: &Config,
    bot: &Bot,
    metrics: &Metrics,
    clock: &Clock,
    stopped: &watch::Receiver<bool>,
) -> anyhow::Result<Option<Listening>> {
    let Some(settings) = &config.alerts.webhook else {
        return Ok(None);
    };
    let certificate = settings.tls.as_ref();
    let tls = certificate
        .map(|files| tls::config(&files.cert, &files.key, files.client_ca.as_deref()))
        .transpose()?;
    let listener = TcpListener::bind(settings.addr).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", settings.addr))?;
    let address = listener.local_addr()?;
    let receiver = bot.receiver();
    let save: Save = Arc::new(move |group| {
        let receiver = receiver.clone();
        let saving = async move { receiver.take_alerts(&group).await };
        saving
            .map(|taken| taken.map(drop).map_err(|error| error.to_string()))
            .boxed()
    });
    let webhook = Webhook {
        token: settings.token.clone(),
        hmac: settings.hmac.clone(),
        by_certificate: certificate.is_some_and(|files| files.client_ca.is_some()),
        save,
        metrics: metrics.clone(),
        clock: clock.clone(),
    };
    let serving = alerts::serve(listener, tls, webhook, stopped.clone());
    tracing::info!(%address, "takes alerts");
    Ok(Some((address, tokio::spawn(serving))))
}
