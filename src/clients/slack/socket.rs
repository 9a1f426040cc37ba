//! Socket Mode: saved, then acknowledged; reconnects with backoff and jitter; never deaf for long.
//!
//! slack-morphism keeps the connections; its listener trait is ours to implement, and with it the
//! limits of its own listener do not apply: it reconnects without a pause, acknowledges after the
//! work, loses events in its models, and has no time-out on opening a socket. The last one has no
//! hook: [`SocketMode::run`] replaces each connection that does not say hello in time, and builds a new
//! manager when none has for long.

use std::collections::{HashMap, HashSet};
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
use slack_morphism::{
    SlackApiToken, SlackClientSocketModeConfig, SlackSocketModeClientListener,
    SlackSocketModeWssClientId,
};
use tokio::sync::watch;

use super::api::{Observed, Observer, Slack};
use super::frame::Frame;

/// Slack repeats what is not acknowledged within three seconds.
const SAVE_WITHIN: Duration = Duration::from_millis(2500);
/// A connection that lived this long ends the series of failures before it.
const LIVED_LONG: Duration = Duration::from_secs(30);

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

type SocketId = SlackSocketModeWssClientId;

/// What is known of the sockets of one manager. The library gives a socket that is opened again the next id, and
/// begins anew after 64: an id says nothing of the past.
struct Sockets {
    /// Those that have not said hello yet, and when they are given up.
    opening: HashMap<SocketId, Instant>,
    live: HashSet<SocketId>,
    failures: u32,
    hello_at: Option<Instant>,
    silent_since: Option<Instant>,
}

impl Sockets {
    fn new(now: Instant, settings: &SocketSettings) -> Self {
        let begun = |n: u32| {
            let stagger = Duration::from_secs(settings.stagger_s * u64::from(n));
            (
                SocketId::new(n, n, 0),
                now + stagger + settings.hello_within,
            )
        };
        Self {
            opening: (0..settings.connections).map(begun).collect(),
            live: HashSet::new(),
            failures: 0,
            hello_at: None,
            silent_since: Some(now),
        }
    }

    /// Whether it is the first hello of a socket that is ours.
    fn hello(&mut self, id: &SocketId, now: Instant) -> bool {
        if self.opening.remove(id).is_none() {
            return false;
        }
        self.live.insert(id.clone());
        self.hello_at = Some(now);
        self.silent_since = None;
        true
    }

    /// Those that should have said hello by now.
    fn overdue(&self, now: Instant) -> Vec<SocketId> {
        let due = self.opening.iter().filter(|(_, due)| **due <= now);
        due.map(|(id, _)| id.clone()).collect()
    }

    /// How this socket ends; nothing if it has ended before.
    fn end(&mut self, id: &SocketId, now: Instant) -> Option<Ended> {
        let was_live = self.live.remove(id);
        if !was_live && self.opening.remove(id).is_none() {
            return None;
        }
        if self.live.is_empty() {
            self.silent_since.get_or_insert(now);
        }
        let lived_long = self
            .hello_at
            .is_some_and(|at| now.duration_since(at) >= LIVED_LONG);
        self.failures = if lived_long { 0 } else { self.failures + 1 };
        Some(Ended {
            was_live,
            failures: self.failures,
        })
    }

    /// The socket that takes its place has to say hello by then.
    fn follow(&mut self, id: &SocketId, due: Instant) {
        self.opening.insert(id.new_reconnected_id(), due);
    }
}

/// The end of a socket.
#[derive(Debug, PartialEq, Eq)]
struct Ended {
    was_live: bool,
    /// Failures in a row, with this one.
    failures: u32,
}

/// The pause before the next attempt: doubles with each failure, and differs between replicas.
/// `dice` is a random number between 0 and 1.
fn pause_before(failures: u32, settings: &SocketSettings, dice: f64) -> Duration {
    let doubled = settings
        .first_pause
        .saturating_mul(1_u32 << failures.min(16));
    doubled.min(settings.max_pause).mul_f64(0.5 + dice / 2.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn id(reconnected: u64) -> SocketId {
        SocketId::new(0, 0, reconnected)
    }

    #[test]
    fn pauses_double_up_to_the_limit_and_differ() {
        let settings = SocketSettings::new("xapp-FAKE".into());
        assert_eq!(pause_before(0, &settings, 1.0), Duration::from_millis(250));
        assert_eq!(pause_before(3, &settings, 1.0), Duration::from_secs(2));
        assert_eq!(pause_before(3, &settings, 0.0), Duration::from_secs(1));
        assert_eq!(pause_before(40, &settings, 1.0), Duration::from_secs(30));
    }

    fn sockets(start: Instant) -> Sockets {
        let settings = SocketSettings {
            connections: 1,
            ..SocketSettings::new("xapp-FAKE".into())
        };
        Sockets::new(start, &settings)
    }

    #[test]
    fn a_close_right_after_hello_counts_as_a_failure() {
        let start = Instant::now();
        let mut sockets = sockets(start);
        for n in 0..5 {
            assert!(sockets.hello(&id(n), start));
            let failures = u32::try_from(n).unwrap() + 1;
            let was_live = true;
            assert_eq!(
                sockets.end(&id(n), start),
                Some(Ended { was_live, failures })
            );
            sockets.follow(&id(n), start);
        }
        assert!(sockets.hello(&id(5), start));
        let ended = sockets.end(&id(5), start + LIVED_LONG).unwrap();
        assert_eq!(ended.failures, 0);
    }

    #[test]
    fn a_notice_and_the_close_after_it_are_one_restart() {
        let start = Instant::now();
        let mut sockets = sockets(start);
        sockets.hello(&id(0), start);
        assert!(sockets.end(&id(0), start).is_some());
        assert_eq!(sockets.end(&id(0), start), None);
        assert_eq!(sockets.silent_since, Some(start));
    }

    /// The library counts to 64 and begins again: a socket that has been opened that often is opened still.
    #[test]
    fn an_id_that_comes_round_again_is_opened_again() {
        let start = Instant::now();
        let mut sockets = sockets(start);
        let mut own = id(0);
        for round in 0..200 {
            assert!(sockets.hello(&own, start), "{round}");
            assert!(sockets.end(&own, start).is_some(), "{round}");
            assert!(sockets.live.is_empty());
            sockets.follow(&own, start);
            own = own.new_reconnected_id();
        }
    }

    #[test]
    fn what_says_no_hello_is_overdue_and_nobody_else_is() {
        let start = Instant::now();
        let mut sockets = Sockets::new(start, &SocketSettings::new("xapp-FAKE".into()));
        let second = SocketId::new(1, 1, 0);
        assert!(sockets.overdue(start).is_empty());
        sockets.hello(&id(0), start);
        let late = start + Duration::from_secs(40);
        assert_eq!(sockets.overdue(late), std::slice::from_ref(&second));
        sockets.end(&second, late);
        sockets.follow(&second, late + Duration::from_secs(30));
        assert!(sockets.overdue(late).is_empty());
        assert!(!sockets.hello(&second, late), "it was given up");
    }
}
