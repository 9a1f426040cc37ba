//! A Prometheus HTTP API without a PromQL engine. The world scripts values for indicators: a
//! metric, a shape (raw, rate, ratio, quantile …) and labels. A query is answered by the selectors
//! found in its text, its shape, its outermost aggregation and a comparison at its end; what goes
//! beyond that gets an empty result and a warning that says so.

mod api;
mod query;
mod selector;
mod series;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use self::query::Shape;
pub use self::series::Scripted;
use super::fault::{Faults, Wire};
use super::server::Server;
use crate::clock::Clock;

/// What a request meets instead of its answer. A refused connection is
/// [`Metrics::server`]`.refuse()`.
#[derive(Clone, Debug, PartialEq)]
pub enum PromFault {
    /// 422: too many samples.
    Unprocessable,
    /// 503: the query timed out.
    TimedOut,
    /// Anything below the protocol.
    Wire(Wire),
}

/// A request the server got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `/api/v1/query`.
    pub path: String,
    /// The expression; empty for other paths.
    pub query: String,
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
    scripted: Vec<Scripted>,
    rules: Vec<Value>,
    alerts: Vec<Value>,
    targets: Vec<Value>,
    faults: Faults<String, PromFault>,
    asked: Vec<Asked>,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running server and its table of values.
#[derive(Debug)]
pub struct Metrics {
    inner: Arc<Inner>,
    server: Server,
}

impl Metrics {
    /// Starts one that knows nothing yet.
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

    /// Adds a value.
    pub fn script(&self, scripted: Scripted) {
        self.inner.lock().scripted.push(scripted);
    }

    /// Changes the values that a function picks by metric, shape and labels, from that time on.
    pub fn step(
        &self,
        metric: &str,
        shape: Shape,
        (label, wanted): (&str, &str),
        from: DateTime<Utc>,
        value: f64,
    ) {
        for series in &mut self.inner.lock().scripted {
            let meant = series.metric == metric && series.shape == shape;
            if meant && series.labels.get(label).is_some_and(|v| v == wanted) {
                series.step(from, value);
            }
        }
    }

    /// Forgets a metric in all its shapes, as if it were not collected.
    pub fn forget(&self, metric: &str) {
        self.inner
            .lock()
            .scripted
            .retain(|series| series.metric != metric);
    }

    /// Sets the rule groups, alerts and active targets, as the API shows them.
    pub fn set_rules(&self, rules: Vec<Value>, alerts: Vec<Value>, targets: Vec<Value>) {
        let mut state = self.inner.lock();
        state.rules = rules;
        state.alerts = alerts;
        state.targets = targets;
    }

    /// Requests whose path starts with `path` meet this, so many times or until
    /// [`Self::clear_faults`].
    pub fn fault(&self, path: &str, fault: PromFault, times: Option<usize>) {
        self.inner.lock().faults.plan(path.to_owned(), fault, times);
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
