//! The page: the world, the bot and the server that shows them, until ctrl-c.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use chrono::TimeDelta;
use tokio::sync::watch;

use super::house::House;
use crate::cli::print;
use crate::cli::run::asked_to_stop;
use crate::playbook::Playbooks;
use crate::sandbox::World;
use crate::sandbox::page::{ALERTS, Backstage, BotState, Page, Settings};

/// How long a jump of the clock waits for the bot at each stop; it goes on without it then.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running demo. [`Demo::stop`] ends it in order; dropping it ends it at once.
pub struct Demo {
    page: Page,
    house: Arc<House>,
    /// The world behind the page.
    pub world: Arc<World>,
}

impl Demo {
    /// Where the page is: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.page.url()
    }

    /// Ends the page and the bot.
    pub async fn stop(self) {
        drop(self.page);
        self.house.stop().await;
    }
}

/// Starts world, page and bot.
///
/// # Errors
/// When the port is taken ([`ErrorKind::AddrInUse`]), or the bot does not start.
pub async fn start(settings: Settings, playbooks: Arc<Playbooks>) -> anyhow::Result<Demo> {
    let world = Arc::new(World::start().await.context("the sandbox world")?);
    world.slack.open_channel(ALERTS);
    let house = Arc::new(House::new(
        Arc::clone(&world),
        &["incidents", ALERTS],
        playbooks,
    )?);
    let backstage = Arc::new(Stage(Arc::clone(&house)));
    let page = Page::start(Arc::clone(&world), backstage, settings)?;
    house.start().await?;
    Ok(Demo { page, house, world })
}

/// Serves the page until ctrl-c or SIGTERM.
pub(super) async fn run(port: u16, playbooks: Arc<Playbooks>) -> anyhow::Result<ExitCode> {
    let settings = Settings {
        port,
        ..Settings::default()
    };
    let demo = match start(settings, playbooks).await {
        Ok(demo) => demo,
        Err(error) if is_taken(&error) => {
            let says = format!(
                "vigie: port {port} is taken; choose another with --port, or leave it out\n"
            );
            io::stderr().write_all(says.as_bytes())?;
            return Ok(ExitCode::from(2));
        }
        Err(error) => return Err(error),
    };
    print(&format!(
        "The demo runs at {}\n\
         Open it in a browser, pick a question on the right and send it. Ctrl-c ends the demo.\n\
         No browser here? `vigie demo --script example` plays a conversation in the terminal.\n",
        demo.url()
    ))?;
    asked_to_stop().await?;
    demo.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn is_taken(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == ErrorKind::AddrInUse)
}

/// What the page may do with the bot.
struct Stage(Arc<House>);

#[async_trait]
impl Backstage for Stage {
    fn bot(&self) -> watch::Receiver<BotState> {
        self.0.state()
    }

    async fn kill_bot(&self) {
        self.0.kill().await;
    }

    async fn start_bot(&self) -> Result<(), String> {
        let started = self.0.start().await;
        started.map_err(|error| format!("{error:#}"))
    }

    async fn advance(&self, by: TimeDelta) {
        let clock = &self.0.world().clock;
        let end = clock.now() + by;
        if let Err(error) = self.0.advance(by, PATIENCE).await {
            tracing::debug!(%error, "the clock moves on");
            // What is not done yet is late afterwards, and comes all the same: as after an outage.
            clock.advance((end - clock.now()).max(TimeDelta::zero()));
        }
    }
}
