//! A Jenkins controller: jobs in folders, builds, the stages of the Stage View plugin, logs, agents. It is told what
//! there is in the words of a case (`jenkins:`), and answers the remote access API as Jenkins does: Basic with an API
//! token, 401 without, HTML in step logs, `X-Text-Size` on the console.

mod api;
mod model;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use self::model::Model;
use super::fault::{Faults, Wire};
use super::server::Server;
use crate::clock::Clock;

/// The user that may read.
pub const USER: &str = "vigie";
/// Its API token.
pub const TOKEN: &str = "FAKE-jenkins-api-token";

#[derive(Debug)]
pub(crate) struct Inner {
    state: Mutex<State>,
    clock: Clock,
}

#[derive(Debug, Default)]
struct State {
    model: Model,
    /// Bytes of noise before each console log.
    padding: u64,
    /// Whether the Stage View plugin is installed.
    stage_view: bool,
    faults: Faults<String, Wire>,
    asked: Vec<String>,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running controller.
#[derive(Debug)]
pub struct Controller {
    inner: Arc<Inner>,
    server: Server,
}

impl Controller {
    /// Starts one that holds what a case says: `jobs`, `queue`, `agents`.
    ///
    /// # Errors
    /// When the value is no such thing, or no loopback port can be bound.
    pub fn start(clock: Clock, told: Value) -> io::Result<Self> {
        let model = serde_json::from_value(told).map_err(io::Error::other)?;
        let inner = Arc::new(Inner {
            state: Mutex::new(State {
                model,
                stage_view: true,
                ..State::default()
            }),
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

    /// The port itself, to refuse connections.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Takes the Stage View plugin away: its paths are 404 from now on.
    pub fn without_stage_view(&self) {
        self.inner.lock().stage_view = false;
    }

    /// Puts so many bytes of noise before every console log.
    pub fn pad_logs(&self, bytes: u64) {
        self.inner.lock().padding = bytes;
    }

    /// Requests whose path contains `part` meet this, until [`Self::clear_faults`].
    pub fn fault(&self, part: &str, fault: Wire) {
        self.inner.lock().faults.plan(part.to_owned(), fault, None);
    }

    /// Everything works again.
    pub fn clear_faults(&self) {
        self.inner.lock().faults.clear();
    }

    /// The paths of every request so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.inner.lock().asked.clone()
    }
}
