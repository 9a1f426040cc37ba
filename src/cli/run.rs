//! `vigie run`: the bot, until SIGTERM or ctrl-c.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::bot::{Bot, Wiring};
use super::desk::ClusterDesk;
use super::looks::ClusterLooks;
use super::sources::Clusters;
use super::webhook;
use crate::clock::Clock;
use crate::config::Config;
use crate::engine::{self, Happened};
use crate::http::{self, Heartbeat, Shown};
use crate::incident::Purpose;
use crate::store::{Loss, SledStore, Store, StoreError, hangs};
use crate::telemetry::{self, Metrics, Trigger};

/// A store that takes this long for one thing hangs; as long as the engine's loop has (`/livez`).
const HANGS_AFTER: Duration = Duration::from_mins(1);

/// Runs the bot. An error stops the start; afterwards everything is survived.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    // Told before anything is opened: a bot that cannot call anyone must not look as if it could.
    config.require_all()?;
    let clock = Clock::system();
    let config = Arc::new(config);
    let clusters = Arc::new(Clusters::new(Arc::clone(&config)));
    let redactor = clusters.redactor();
    telemetry::start(&config.log, &redactor)?;
    for warning in &config.warnings {
        tracing::warn!(warning, "the configuration can be better");
    }
    // The store and the calls in it are left alone by a bot that could not hear the alerts.
    webhook::certificates(&config, &clock)?;
    follow_sandbox_clock(&clock);
    let excess = check_rights(&config).await?;
    let store = open_store(&config.data_dir, clock.now()).await?;
    let listener = TcpListener::bind(config.http.addr).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.http.addr))?;
    let metrics = Metrics::new(redactor.as_ref().clone());
    metrics.rbac_excess(excess);
    let heartbeat = Heartbeat::default();
    let wiring = wiring(&config, clusters, &clock, &store, &metrics, &heartbeat);
    let mut bot = Bot::start(wiring).await?;
    let shown = Shown {
        store,
        heartbeat,
        slack: Some(bot.sockets()),
        metrics,
        admin_token: config.http.admin_token.clone(),
        clock,
    };
    let watched = Arc::clone(&shown.store);
    let (stop, stopped) = watch::channel(false);
    let alerts = webhook::start(&config, &bot, &shown.metrics, &shown.clock, &stopped).await?;
    let listening = tokio::spawn(http::serve(listener, shown, stopped));
    tracing::info!(address = %config.http.addr, "vigie runs");
    let broken = tokio::select! {
        signal = asked_to_stop() => {
            tracing::info!(signal = signal?, "stopping");
            None
        }
        part = bot.broken() => Some(format!("the {part} ended on its own")),
        problem = hangs(watched.as_ref(), HANGS_AFTER) => Some(format!("the store hangs ({problem})")),
    };
    stop.send_replace(true);
    if let Some(why) = broken {
        anyhow::bail!("{why}: restart the bot");
    }
    bot.stop().await;
    if let Some((_, alerts)) = alerts {
        alerts.await??;
    }
    listening.await??;
    Ok(ExitCode::SUCCESS)
}

/// Opens the store. One that lost what it held is opened with what is left and noted as such: the
/// engine then takes up from Slack what is still open there and tells the lead. A store that belongs
/// to somebody else stays refused.
async fn open_store(folder: &Path, now: DateTime<Utc>) -> anyhow::Result<Arc<dyn Store>> {
    // On disk before the sentinel is set back: a crash in between must not hide the loss.
    let marker = folder.join("memory-lost");
    let opened = match SledStore::open(folder) {
        Err(error) if is_loss(&error) => {
            tracing::error!(%error, "the store lost its memory");
            mark(&marker, &error.to_string())?;
            SledStore::open_after_loss(folder)
        }
        opened => opened,
    };
    let store: Arc<dyn Store> = Arc::new(opened.context("the store cannot be opened")?);
    if marker.exists() {
        engine::note_loss(store.as_ref(), now).await?;
        std::fs::remove_file(&marker)?;
    }
    Ok(store)
}

fn mark(marker: &Path, why: &str) -> std::io::Result<()> {
    let mut file = std::fs::File::create(marker)?;
    file.write_all(why.as_bytes())?;
    file.sync_all()
}

fn is_loss(error: &StoreError) -> bool {
    match error {
        StoreError::Lost { loss, .. } => !matches!(loss, Loss::Foreign { .. }),
        // Records that cannot be read count as corrupt; what is unreadable is the sentinel itself.
        StoreError::Corrupt { .. } | StoreError::Unreadable { .. } => true,
        _ => false,
    }
}

/// Refuses to start with rights beyond reading, and counts them where the configuration lets them be.
/// A cluster that does not answer soon must not hold up a pager that has pages to send.
async fn check_rights(config: &Config) -> anyhow::Result<usize> {
    const WITHIN: Duration = Duration::from_secs(5);
    let checked = tokio::time::timeout(WITHIN, super::self_check(config)).await;
    checked.unwrap_or_else(|_| {
        tracing::warn!("no answer in time about the rights; `vigie doctor` checks them");
        Ok(0)
    })
}

fn wiring(
    config: &Config,
    clusters: Arc<Clusters>,
    clock: &Clock,
    store: &Arc<dyn Store>,
    metrics: &Metrics,
    heartbeat: &Heartbeat,
) -> Wiring {
    let (counted, beaten) = (metrics.clone(), metrics.clone());
    let (heartbeat, now) = (heartbeat.clone(), clock.clone());
    Wiring {
        redactor: clusters.redactor().as_ref().clone(),
        desk: Arc::new(ClusterDesk::of(&clusters, &config.playbooks, clock)),
        looks: Arc::new(ClusterLooks::new(clusters, clock.clone())),
        config: config.clone(),
        clock: clock.clone(),
        store: Arc::clone(store),
        wire: metrics.slack_observer(),
        happened: Arc::new(move |happened| count(&counted, &happened)),
        received: Arc::new(|outcome| tracing::debug!(outcome, "received")),
        beat: Arc::new(move || {
            heartbeat.beat();
            beaten.beat(now.now());
        }),
        sockets: None,
    }
}

/// The engine's news as metrics.
fn count(metrics: &Metrics, happened: &Happened) {
    match happened {
        Happened::Question(language, want, outcome) => metrics.question(*language, want, outcome),
        Happened::Denied(why) => metrics.denied(why),
        Happened::FirstReply(after) => metrics.first_reply(*after),
        Happened::Investigated(purpose, diagnosis) => {
            let trigger = match purpose {
                Purpose::First | Purpose::Question => Trigger::Question,
                Purpose::Again => Trigger::Again,
                Purpose::BeforePage => Trigger::Page,
            };
            metrics.investigated(trigger, diagnosis);
        }
        Happened::Alerts(outcome, count) => metrics.alerts(outcome, *count),
        Happened::Parsed(source, outcome) => metrics.alerts_parsed(source, outcome),
        Happened::PutAside => metrics.put_aside(),
        Happened::Page(outcome) => metrics.escalation(outcome),
        Happened::Audited { at, failed } => metrics.audited(*at, failed),
        Happened::Heartbeat(outcome) => metrics.heartbeat(outcome),
        Happened::Watchdog(source, at) => metrics.watchdog(source, *at),
    }
}

/// Returns when SIGTERM or ctrl-c comes, and says which.
pub(super) async fn asked_to_stop() -> anyhow::Result<&'static str> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => Ok("SIGTERM"),
            interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| "ctrl-c").map_err(Into::into),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await?;
        Ok("ctrl-c")
    }
}

/// In sandbox builds a test may move the clock of the real binary: `VIGIE_SANDBOX_CLOCK` names a
/// file that holds the offset in milliseconds.
#[cfg(feature = "sandbox")]
fn follow_sandbox_clock(clock: &Clock) {
    const AGAIN: Duration = Duration::from_millis(10);
    let Some(path) = std::env::var_os("VIGIE_SANDBOX_CLOCK") else {
        return;
    };
    let clock = clock.clone();
    let read = move |clock: &Clock| {
        let text = std::fs::read_to_string(&path).ok()?;
        let offset = chrono::TimeDelta::try_milliseconds(text.trim().parse().ok()?)?;
        clock.set_offset(offset);
        Some(())
    };
    // The first reading counts before anything asks for the time.
    read(&clock);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(AGAIN).await;
            read(&clock);
        }
    });
}

#[cfg(not(feature = "sandbox"))]
fn follow_sandbox_clock(_clock: &Clock) {}
