//! A Slack workspace: the Web API, Socket Mode, and the people in it. Tests speak for the people;
//! the bot is connected as to the real thing.

mod announce;
mod api;
mod company;
mod deliver;
mod desk;
mod events;
mod fault;
mod files;
mod hub;
mod incoming;
mod limits;
mod model;
mod people;
mod press;
pub(crate) mod rates;
mod scene;
mod scopes;
mod script_faults;
mod socket;
mod state;
mod web;

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use self::deliver::{Attempt, Delivery};
pub use self::desk::{Desk, NotThere};
pub use self::fault::{Call, SlackFault, SocketFault};
pub use self::files::File;
use self::hub::Hub;
pub use self::model::{
    APP, BOT, BOT_USER, Button, Channel, Edit, Kind, Message, OTHER_TEAM, Person, TEAM,
};
pub use self::press::NoSuchButton;
pub use self::scene::{Scene, TimedOut};
use self::state::State;
pub use self::state::{Called, Ephemeral, View};
use super::server::Server;
use crate::clock::Clock;

/// The bot token (not a real one).
pub const BOT_TOKEN: &str = "xoxb-FAKE-sandbox-bot-token";
/// The app-level token for Socket Mode (not a real one).
pub const APP_TOKEN: &str = "xapp-FAKE-sandbox-app-token";

#[derive(Debug)]
pub(crate) struct Inner {
    state: Mutex<State>,
    hub: Hub,
    clock: Clock,
    changes: watch::Sender<u64>,
    tasks: Mutex<JoinSet<()>>,
    /// Where `response_url`s lead; set once the server's port is known.
    url: std::sync::OnceLock<String>,
}

impl Inner {
    /// Reads.
    fn look<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock())
    }

    /// Where the API is: `http://127.0.0.1:PORT`.
    fn url(&self) -> &str {
        self.url.get().map_or("", String::as_str)
    }

    /// Changes something, and wakes those who wait for changes.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.touch();
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something changed.
    fn touch(&self) {
        self.changes.send_modify(|version| *version += 1);
    }

    /// Runs until it ends or the workspace is dropped.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }
}

/// The running workspace.
#[derive(Debug)]
pub struct Workspace {
    inner: Arc<Inner>,
    api: Server,
}

impl Workspace {
    /// Starts the workspace of the domain: `#incidents`, `#random`, `#ext`, and the people.
    ///
    /// # Errors
    /// When a loopback port cannot be had.
    pub async fn start(clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (people, channels) = company::everyone();
        let inner = Arc::new(Inner {
            state: Mutex::new(State::new(people, channels)),
            hub: Hub::new(listener.local_addr()?),
            clock,
            changes: watch::Sender::new(0),
            tasks: Mutex::default(),
            url: std::sync::OnceLock::new(),
        });
        let api = Server::start(web::router(Arc::clone(&inner)))?;
        inner.url.get_or_init(|| api.url());
        inner.spawn(socket::accept(Arc::clone(&inner), listener));
        Ok(Self { inner, api })
    }

    /// The base URL of the Web API: `http://127.0.0.1:PORT/api`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/api", self.api.url())
    }

    /// The Web API's port, to refuse connections and to open again.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.api
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let mut tasks = self
            .inner
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        tasks.abort_all();
    }
}
