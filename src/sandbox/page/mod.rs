//! The demo's page: a workspace in the browser, on the sandbox's own Slack, with a drawer to break
//! and repair the cluster, move the clock, and kill the bot. It listens on loopback only, takes
//! requests only from itself, and needs nothing from outside.
//!
//! `GET /` and `/assets/…` are the page, `GET /live?as=alice` is the socket that tells it of every
//! change, `GET /state?as=alice` is the same once, `GET /file/…` is a picture of a thread, `POST /act` is everything one can do.

mod act;
mod alert;
mod assets;
mod file;
mod guard;
mod lab;
mod live;
mod pace;
mod screen;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use self::alert::SENDER;
use self::lab::Lab;
use super::World;
use super::server::Server;

/// The channel where alerts arrive.
pub const ALERTS: &str = "alerts";
/// The largest request: 40,000 characters of four bytes, escaped, and some room.
const MOST_BYTES: usize = 512 * 1024;

/// What the page can do with the bot and with time; the command line knows how.
#[async_trait]
pub trait Backstage: Send + Sync {
    /// Follows whether the bot runs.
    fn bot(&self) -> watch::Receiver<BotState>;
    /// Ends it at once, as `kill -9` would.
    async fn kill_bot(&self);
    /// Starts it on the store it left. The error is for people.
    async fn start_bot(&self) -> Result<(), String>;
    /// Moves the clock, so that the bot does what it would have done had the time passed.
    async fn advance(&self, by: TimeDelta);
}

/// Whether the bot runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BotState {
    /// It does not run.
    Stopped,
    /// It opens its store and connects.
    Starting,
    /// It listens.
    Running,
}

/// How the page is served.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The port; 0: the system's choice.
    pub port: u16,
    /// When the first alert comes, in real time; `None`: never.
    pub alert_after: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            alert_after: Some(Duration::from_mins(1)),
        }
    }
}

/// What every request shares.
pub(crate) struct Shared {
    world: Arc<World>,
    backstage: Arc<dyn Backstage>,
    lab: Lab,
    /// How much faster than real time the sandbox clock goes.
    speed: watch::Sender<u32>,
    /// Changes when something beside the workspace does: clock, bot, cluster.
    changed: watch::Sender<u64>,
    /// One move of the clock at a time.
    moving: tokio::sync::Mutex<()>,
    tasks: Mutex<JoinSet<()>>,
    /// Another demo's page must not take this one's memory for its own.
    name: String,
}

impl Shared {
    fn touch(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    /// Runs until it ends or the page is dropped.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }
}

/// The served page. Dropping it closes the port.
pub struct Page {
    server: Server,
    shared: Arc<Shared>,
}

impl Page {
    /// Serves the page.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start(
        world: Arc<World>,
        backstage: Arc<dyn Backstage>,
        settings: Settings,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            world,
            backstage,
            lab: Lab::default(),
            speed: watch::Sender::new(1),
            changed: watch::Sender::new(0),
            moving: tokio::sync::Mutex::default(),
            tasks: Mutex::default(),
            name: format!("{:016x}", fastrand::u64(..)),
        });
        let server = Server::at(settings.port, router(&shared))?;
        shared.spawn(pace::run(Arc::clone(&shared)));
        shared.spawn(follow_bot(Arc::clone(&shared)));
        if let Some(after) = settings.alert_after {
            shared.spawn(alert::run(Arc::clone(&shared), after));
        }
        Ok(Self { server, shared })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let tasks = &self.shared.tasks;
        let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.abort_all();
    }
}

/// Tells the page when the bot comes and goes.
async fn follow_bot(shared: Arc<Shared>) {
    let mut bot = shared.backstage.bot();
    while bot.changed().await.is_ok() {
        shared.touch();
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(assets::index))
        .route("/assets/{name}", get(assets::asset))
        .route("/file/{id}", get(file::file))
        .route("/state", get(screen::state))
        .route("/live", get(live::live))
        .route("/act", post(act::act))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn(guard::admit))
        .with_state(Arc::clone(shared))
}
