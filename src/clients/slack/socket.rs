//! Socket Mode: saved, then acknowledged; reconnects with backoff and jitter; never deaf for long.
//!
//! slack-morphism keeps the connections; its listener trait is ours to implement, and with it the
//! limits of its own listener do not apply: it reconnects without a pause, acknowledges after the
//! work, loses events in its models, and has no time-out on opening a socket. The last one has no
//! hook: [`SocketMode::run`] replaces each connection that does not say hello in time, and builds a new
//! manager when none has for long.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use slack_morphism::clients_manager::{
    SlackSocketModeClientsManager, SlackSocketModeClientsManagerFactory,
};
use slack_morphism::listener::SlackClientEventsListenerEnvironment;
use slack_morphism::{SlackApiToken, SlackClientSocketModeConfig, SlackSocketModeClientListener};
use tokio::sync::watch;

use super::api::{Observed, Observer, Slack};
use super::frame::Frame;
use super::sockets::{SocketId, Sockets, pause_before};

/// Slack repeats what is not acknowledged within three seconds.
const SAVE_WITHIN: Duration = Duration::from_millis(2500);

/// Where envelopes go before they are acknowledged.
pub trait Inbox: Send + Sync {
    /// Saves the envelope so that a crash cannot lose it. An error leaves it unacknowledged: Slack
    /// repeats it.
    fn save(&self, envelope: Value) -> BoxFuture<'_, Result<(), anyhow::Error>>;
}

/// How the connections are kept.
#[derive(Clone, Debug)]
pub struct SocketSettings {
    /// `xapp-…`.
    pub app_token: SecretString,
    /// Parallel connections, so that one may be refreshed while another listens. Slack allows ten per app.
    pub connections: u32,
    /// Between the opening of one and the next, in seconds.
    pub stagger_s: u64,
    /// Pause after an `apps.connections.open` that failed, in seconds.
    pub retry_open_s: u64,
    /// A silent peer is given up after three of these, in seconds.
    pub ping_s: u64,
    /// A connection that has not said hello so long after it was begun is begun again.
    pub hello_within: Duration,
    /// With no connection for this long, everything is built anew.
    pub deaf_after: Duration,
    /// First pause before a reconnect; doubles to [`SocketSettings::max_pause`].
    pub first_pause: Duration,
    /// Longest pause before a reconnect.
    pub max_pause: Duration,
}

impl SocketSettings {
    /// What Slack's limits and two connections suggest.
    #[must_use]
    pub fn new(app_token: SecretString) -> Self {
        Self {
            app_token,
            connections: 2,
            stagger_s: 2,
            // `apps.connections.open` is a slow method; several replicas must not knock in step.
            retry_open_s: 10 + fastrand::u64(0..5),
            ping_s: 10,
            hello_within: Duration::from_secs(30),
            deaf_after: Duration::from_mins(1),
            first_pause: Duration::from_millis(250),
            max_pause: Duration::from_secs(30),
        }
    }
}

/// What the sockets are doing, for `/readyz` and the catch-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SocketState {
    /// Connections that have said hello and not gone since.
    pub live: usize,
    /// How often a connection said hello: each one calls for a catch-up.
    pub hellos: u64,
    /// Frames that could not be read: what they held may be found by a catch-up.
    pub bad_frames: u64,
}

/// The listening half.
pub struct SocketMode {
    slack: Slack,
    settings: SocketSettings,
    inbox: Arc<dyn Inbox>,
    state: watch::Sender<SocketState>,
}

impl SocketMode {
    /// Ready to run; nothing is opened yet.
    #[must_use]
    pub fn new(slack: Slack, settings: SocketSettings, inbox: Arc<dyn Inbox>) -> Self {
        Self {
            slack,
            settings,
            inbox,
            state: watch::Sender::default(),
        }
    }

    /// Follows what the sockets do.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<SocketState> {
        self.state.subscribe()
    }

    /// Listens until `stop` turns true. What was saved is acknowledged before it returns.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let Some((manager, listener)) = self.open().await else {
                return;
            };
            let deaf = tokio::select! {
                () = listener.deaf() => true,
                _ = stop.wait_for(|stop| *stop) => false,
            };
            // Queued acknowledgements leave before the sockets close.
            tokio::task::yield_now().await;
            manager.shutdown().await;
            listener.retire();
            if deaf {
                (self.slack.observer)(Observed::Reconnect("watchdog"));
                tracing::warn!("no Slack connection said hello in time: opening new ones");
            }
        }
    }

    async fn open(
        &self,
    ) -> Option<(
        Arc<dyn SlackSocketModeClientsManager + Send + Sync>,
        Arc<Listener>,
    )> {
        let environment = Arc::new(SlackClientEventsListenerEnvironment::new(Arc::clone(
            &self.slack.client,
        )));
        let manager = self
            .slack
            .client
            .http_api
            .connector
            .new_clients_manager(environment);
        let listener = Arc::new(Listener {
            manager: Arc::downgrade(&manager),
            inbox: Arc::clone(&self.inbox),
            observer: Arc::clone(&self.slack.observer),
            state: self.state.clone(),
            settings: self.settings.clone(),
            sockets: Mutex::new(Sockets::new(Instant::now(), &self.settings)),
        });
        let config = SlackClientSocketModeConfig::new()
            .with_max_connections_count(self.settings.connections)
            .with_initial_backoff_in_seconds(self.settings.stagger_s)
            .with_reconnect_timeout_in_seconds(self.settings.retry_open_s)
            .with_ping_interval_in_seconds(self.settings.ping_s)
            .with_ping_failure_threshold_times(3);
        let token = SlackApiToken::new(self.settings.app_token.expose_secret().to_owned().into());
        let registered = manager
            .register_new_token(&config, token, Arc::clone(&listener) as _)
            .await;
        if registered.is_err() {
            tracing::error!("Socket Mode cannot be set up");
            return None;
        }
        manager.start().await;
        Some((manager, listener))
    }
}

struct Listener {
    manager: Weak<dyn SlackSocketModeClientsManager + Send + Sync>,
    inbox: Arc<dyn Inbox>,
    observer: Observer,
    state: watch::Sender<SocketState>,
    settings: SocketSettings,
    sockets: Mutex<Sockets>,
}

impl Listener {
    fn sockets(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces what does not say hello in time; returns once no socket has been open for too long.
    async fn deaf(&self) {
        let mut state = self.state.subscribe();
        loop {
            let now = Instant::now();
            let overdue = self.sockets().overdue(now);
            for id in overdue {
                self.restart(&id, "no-hello");
            }
            let (silent, next) = {
                let sockets = self.sockets();
                let silent = sockets.silent_since.map(|at| at + self.settings.deaf_after);
                (
                    silent,
                    sockets.opening.values().copied().chain(silent).min(),
                )
            };
            if silent.is_some_and(|at| at <= now) {
                return;
            }
            // The state changes with every hello and every restart.
            let changed = state.changed();
            match next {
                Some(at) => drop(tokio::time::timeout_at(at.into(), changed).await),
                None => drop(changed.await),
            }
        }
    }

    /// Its sockets no longer count.
    fn retire(&self) {
        let gone = std::mem::take(&mut self.sockets().live).len();
        self.state
            .send_modify(|state| state.live -= gone.min(state.live));
    }

    fn hello(&self, id: &SocketId) {
        if !self.sockets().hello(id, Instant::now()) {
            return;
        }
        self.state.send_modify(|state| {
            state.live += 1;
            state.hellos += 1;
        });
        (self.observer)(Observed::Socket(true));
        tracing::info!("connected to Slack");
    }

    /// Opens a new socket in place of this one, after a pause.
    fn restart(&self, id: &SocketId, reason: &'static str) {
        let now = Instant::now();
        let (was_live, pause) = {
            let mut sockets = self.sockets();
            let Some(ended) = sockets.end(id, now) else {
                return;
            };
            let pause = if reason == "no-hello" {
                // It has waited long enough.
                self.settings.first_pause
            } else {
                pause_before(ended.failures, &self.settings, fastrand::f64())
            };
            sockets.follow(id, now + pause + self.settings.hello_within);
            (ended.was_live, pause)
        };
        self.state
            .send_modify(|state| state.live -= usize::from(was_live && state.live > 0));
        (self.observer)(Observed::Socket(false));
        (self.observer)(Observed::Reconnect(reason));
        tracing::info!(
            reason,
            pause_ms = pause.as_millis(),
            "reconnecting to Slack"
        );
        let (manager, id) = (self.manager.clone(), id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            if let Some(manager) = manager.upgrade() {
                manager.restart_client(&id).await;
            }
        });
    }

    /// Saves an envelope; the answer acknowledges it. A save that fails, hangs or panics leaves it
    /// unacknowledged, and costs nobody else anything.
    async fn take(&self, id: &str, envelope: Value) -> Option<String> {
        let saving = AssertUnwindSafe(self.inbox.save(envelope)).catch_unwind();
        match tokio::time::timeout(SAVE_WITHIN, saving).await {
            Ok(Ok(Ok(()))) => Some(acknowledge(id)),
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "an event could not be saved: Slack will repeat it");
                None
            }
            Ok(Err(_)) => {
                tracing::error!("saving an event panicked: Slack will repeat it");
                None
            }
            Err(_) => {
                tracing::error!("saving an event took too long: Slack will repeat it");
                None
            }
        }
    }
}

fn acknowledge(envelope_id: &str) -> String {
    json!({ "envelope_id": envelope_id }).to_string()
}

#[async_trait]
impl SlackSocketModeClientListener for Listener {
    async fn on_message(&self, client_id: &SocketId, message_body: String) -> Option<String> {
        let received = Instant::now();
        let observe =
            |kind, outcome| (self.observer)(Observed::Frame(kind, outcome, received.elapsed()));
        match Frame::read(&message_body) {
            Frame::Hello => {
                self.hello(client_id);
                None
            }
            Frame::Disconnect(reason) => {
                tracing::info!(reason, "Slack closes a connection");
                self.restart(client_id, "disconnect");
                None
            }
            Frame::Envelope(id, envelope) => {
                let reply = self.take(&id, envelope).await;
                observe(
                    "envelope",
                    if reply.is_some() {
                        "saved"
                    } else {
                        "not-saved"
                    },
                );
                reply
            }
            Frame::Other => {
                observe("other", "ignored");
                None
            }
            Frame::Bad { id, why } => {
                tracing::warn!(
                    why,
                    bytes = message_body.len(),
                    "a frame from Slack cannot be read"
                );
                observe("bad", why);
                self.state.send_modify(|state| state.bad_frames += 1);
                id.as_deref().map(acknowledge)
            }
        }
    }

    async fn on_error(&self, _error: Box<dyn std::error::Error + Send + Sync + 'static>) {
        // The error's text may hold a frame; `on_disconnect` follows where the connection is lost.
        (self.observer)(Observed::Frame("error", "connection", Duration::ZERO));
    }

    async fn on_disconnect(&self, client_id: &SocketId) {
        self.restart(client_id, "closed");
    }
}
