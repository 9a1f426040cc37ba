//! An Alertmanager's API, version 2, without its notifications: alerts, silences, status. It mutes by silences
//! and the sandbox clock as the real one does; who inhibits whom is said by the test. What it refuses, it
//! refuses in the words of Alertmanager 0.25.

mod api;
mod hold;
mod matcher;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use self::hold::fingerprint;
use super::fault::{Faults, Wire};
use super::server::Server;
use crate::clock::Clock;
use hold::Hold;

/// What a request meets. A refused connection is [`Notifier::server`]`.refuse()`.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// This instead of the answer; nothing is done.
    Before(Wire),
    /// What was asked is done, and then this comes instead of the answer: the reply is unclear.
    After(Wire),
}

/// A request the server got.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// `POST /api/v2/silences`.
    pub line: String,
    /// What stands behind the `?`, as it came.
    pub query: String,
    /// The `Authorization` header, if there was one.
    pub login: Option<String>,
    /// Its JSON, if it had one.
    pub body: Value,
    /// By the sandbox clock.
    pub at: DateTime<Utc>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    state: Mutex<State>,
    clock: Clock,
}

#[derive(Debug, Default)]
struct State {
    hold: Hold,
    /// When it was restarted; none: it began long ago.
    restarted: Option<DateTime<Utc>>,
    faults: Faults<String, Fault>,
    asked: Vec<Asked>,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running server.
#[derive(Debug)]
pub struct Notifier {
    inner: Arc<Inner>,
    server: Server,
}

impl Notifier {
    /// Starts one that holds nothing yet.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub fn start(clock: Clock) -> io::Result<Self> {
        let inner = Arc::new(Inner {
            state: Mutex::default(),
            clock,
        });
        let server = Server::start(api::router(Arc::clone(&inner)))?;
        Ok(Self { inner, server })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The port itself, to refuse connections and to open again.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Takes alerts as `POST /api/v2/alerts` does, and returns their fingerprints.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn take(&self, alerts: &Value) -> Result<Vec<String>, String> {
        self.inner.lock().hold.take(alerts, self.inner.clock.now())
    }

    /// Forgets every alert, as it does some time after their end.
    pub fn forget(&self) {
        self.inner.lock().hold.forget();
    }

    /// It begins anew: it has no alerts, and says that it started just now.
    pub fn restart(&self) {
        let mut state = self.inner.lock();
        state.hold.forget();
        state.restarted = Some(self.inner.clock.now());
    }

    /// One alert mutes another from now on.
    pub fn inhibit(&self, muted: &str, by: &str) {
        self.inner.lock().hold.inhibit(muted, by);
    }

    /// The silences, as the API shows them.
    #[must_use]
    pub fn silences(&self) -> Vec<Value> {
        self.inner.lock().hold.silences(self.inner.clock.now())
    }

    /// Requests whose line starts so (`POST /api/v2/silences`) meet this, so many times or until
    /// [`Self::clear_faults`].
    pub fn fault(&self, line: &str, fault: Fault, times: Option<usize>) {
        self.inner.lock().faults.plan(line.to_owned(), fault, times);
    }

    /// Everything works again.
    pub fn clear_faults(&self) {
        self.inner.lock().faults.clear();
    }

    /// Every request so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.inner.lock().asked.clone()
    }
}
