//! The sandbox company's bot: what it is put together from, how it is started, killed and started
//! again on the store it left, and how time passes for it. Scripts and the page both use it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Mutex, watch};

use super::company;
use crate::cli::bot::Bot;
use crate::config::Config;
use crate::escalation::PRE_LOOK;
use crate::incident::{Incident, InvestigationState};
use crate::playbook::Playbooks;
use crate::sandbox::World;
use crate::sandbox::page::BotState;
use crate::store::{SledStore, Store, StoreError};

/// What takes longer than this will not end.
pub(super) const STEP: Duration = Duration::from_mins(1);
/// Between two looks at whether the bot has come to rest.
const AGAIN: Duration = Duration::from_millis(20);
/// How long a store that its last user still holds is waited for.
const HELD: Duration = Duration::from_secs(15);

/// A bot that works in a sandbox world.
pub(super) struct House {
    config: Config,
    folder: PathBuf,
    running: Mutex<Option<Running>>,
    state: watch::Sender<BotState>,
    /// Last: the store's folder is in it, and goes when nothing is written there any more.
    world: Arc<World>,
}

/// A bot on a runtime of its own, as in a process of its own: nothing of it outlives the runtime,
/// whoever spawned it. What is left of the store is closed when it is dropped.
struct Running {
    bot: Option<Bot>,
    store: Arc<dyn Store>,
    runtime: Option<Runtime>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime may not wait for another one on its own threads.
            let ends = std::thread::spawn(|| runtime.shutdown_timeout(STEP));
            // A task that panicked was reported when it did.
            let _ended = ends.join();
        }
    }
}

impl House {
    /// A bot that listens in these channels; not started yet.
    pub fn new(
        world: Arc<World>,
        channels: &[&str],
        playbooks: Arc<Playbooks>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            config: Config {
                playbooks,
                ..company::config(&world, channels)?
            },
            folder: world.folder().join("store"),
            world,
            running: Mutex::default(),
            state: watch::Sender::new(BotState::Stopped),
        })
    }

    /// The world the bot works in.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Follows whether the bot runs.
    pub fn state(&self) -> watch::Receiver<BotState> {
        self.state.subscribe()
    }

    /// Starts the bot on the store it left, and waits until it listens. A bot that runs stays.
    pub async fn start(&self) -> anyhow::Result<()> {
        let mut running = self.running.lock().await;
        if running.is_some() {
            return Ok(());
        }
        self.state.send_replace(BotState::Starting);
        match self.started().await {
            Ok(started) => {
                *running = Some(started);
                self.state.send_replace(BotState::Running);
                Ok(())
            }
            Err(error) => {
                self.state.send_replace(BotState::Stopped);
                Err(error)
            }
        }
    }

    async fn started(&self) -> anyhow::Result<Running> {
        let store: Arc<dyn Store> = Arc::new(self.open().await?);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("bot")
            .enable_all()
            .build()?;
        let mut running = Running {
            bot: None,
            store: Arc::clone(&store),
            runtime: None,
        };
        let (world, config) = (Arc::clone(&self.world), self.config.clone());
        let started = runtime.spawn(async move { connect(&world, config, &store).await });
        running.runtime = Some(runtime);
        running.bot = Some(started.await??);
        Ok(running)
    }

    /// A killed bot gives the store's lock back when its last task is dropped, not before.
    async fn open(&self) -> anyhow::Result<SledStore> {
        let deadline = Instant::now() + HELD;
        loop {
            let folder = self.folder.clone();
            let opened = tokio::task::spawn_blocking(move || SledStore::open(&folder)).await?;
            match opened {
                Err(StoreError::Locked { .. }) if Instant::now() < deadline => {
                    tokio::time::sleep(AGAIN).await;
                }
                opened => return Ok(opened?),
            }
        }
    }

    /// Ends the bot at once: nothing is finished, nothing is said.
    pub async fn kill(&self) {
        if let Some(running) = self.running.lock().await.take() {
            drop(running);
            self.state.send_replace(BotState::Stopped);
        }
    }

    /// Ends the bot in order.
    pub async fn stop(&self) {
        if let Some(mut running) = self.running.lock().await.take() {
            if let Some(bot) = running.bot.take() {
                bot.stop().await;
            }
            drop(running);
            self.state.send_replace(BotState::Stopped);
        }
    }

    /// What is open now; nothing while the bot does not run.
    async fn live(&self) -> anyhow::Result<Vec<Incident>> {
        match self.running.lock().await.as_ref() {
            Some(running) => Ok(running.store.load_live().await?),
            None => Ok(Vec::new()),
        }
    }

    /// Moves the clock, stopping where a call is due and just before it: the bot does then what it
    /// would have done had the time passed. `patience` is for each stop.
    pub async fn advance(&self, by: TimeDelta, patience: Duration) -> anyhow::Result<()> {
        let clock = &self.world.clock;
        let end = clock.now() + by;
        loop {
            let now = clock.now();
            let live = self.live().await?;
            let steps = live.iter().flat_map(|incident| &incident.steps);
            let due = steps.filter(|step| step.is_armed()).map(|step| step.due_at);
            let halts = due.flat_map(|at| [at - PRE_LOOK, at]);
            let stop = halts.filter(|at| *at > now && *at < end).min();
            clock.advance(stop.unwrap_or(end) - now);
            if stop.is_none() {
                return Ok(());
            }
            self.rest(patience).await?;
        }
    }

    /// Waits until everything said was heard, and everything decided is done.
    pub async fn rest(&self, patience: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience;
        let mut calm = 0;
        while calm < 5 {
            if Instant::now() > deadline {
                bail!(
                    "the bot did not come to rest; the workspace:\n{}",
                    self.world.slack.scene()
                );
            }
            tokio::time::sleep(AGAIN).await;
            calm = if self.is_at_rest().await? {
                calm + 1
            } else {
                0
            };
        }
        Ok(())
    }

    async fn is_at_rest(&self) -> anyhow::Result<bool> {
        let running = self.running.lock().await;
        let Some(Running { store, .. }) = running.as_ref() else {
            return Ok(true);
        };
        let scene = self.world.slack.scene();
        let mut deliveries = scene.deliveries.iter();
        let heard = deliveries.all(|delivery| delivery.acked_after().is_some());
        let taken = store.pending().await?.is_empty();
        let live = store.load_live().await?;
        let now = self.world.clock.now();
        let done = live.iter().all(|incident| {
            let running =
                |state: &InvestigationState| matches!(state, InvestigationState::Running { .. });
            let is_due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
            !is_due(incident.settles_at)
                && !is_due(incident.next_page_at())
                && incident.outbox.iter().all(|out| out.state.is_final())
                && !incident
                    .investigations
                    .iter()
                    .any(|one| running(&one.state))
        });
        Ok(heard && taken && done)
    }
}

/// Starts a bot and waits until it listens.
async fn connect(world: &World, config: Config, store: &Arc<dyn Store>) -> anyhow::Result<Bot> {
    let bot = Bot::start(company::wiring(world, config, store).await?).await?;
    let mut sockets = bot.sockets();
    let connected = sockets.wait_for(|state| state.live > 0);
    tokio::time::timeout(STEP, connected)
        .await
        .context("the bot does not connect")??;
    Ok(bot)
}
