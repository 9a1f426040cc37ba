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
use crate::http::tls::{Certificates, Files};
use crate::telemetry::Metrics;

/// A listener that runs: its address, and its end.
pub type Listening = (SocketAddr, JoinHandle<std::io::Result<()>>);

/// Reads the certificate that the webhook serves, if it serves one.
///
/// # Errors
/// Names the variable and the file that cannot be used.
pub fn certificates(config: &Config, clock: &Clock) -> anyhow::Result<Option<Certificates>> {
    let settings = config.alerts.webhook.as_ref();
    let Some(tls) = settings.and_then(|settings| settings.tls.as_ref()) else {
        return Ok(None);
    };
    let files = Files {
        cert: tls.cert.clone(),
        key: tls.key.clone(),
        client_ca: tls.client_ca.clone(),
    };
    Certificates::read(files, clock.clone()).map(Some)
}

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
    let tls = certificates(config, clock)?;
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
        by_certificate: (settings.tls.as_ref()).is_some_and(|files| files.client_ca.is_some()),
        save,
        metrics: metrics.clone(),
        clock: clock.clone(),
    };
    let serving = alerts::serve(listener, tls, webhook, stopped.clone());
    tracing::info!(%address, "takes alerts");
    Ok(Some((address, tokio::spawn(serving))))
}
