//! Alerts that come steadily, and a storm of them: the released binary as a process, its webhook, its store on the
//! disk, the sandbox workspace with Slack's rate limits in force.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures::future::try_join_all;
use vigie::clients::slack::time_of;
use vigie::sandbox::World;
use vigie::sandbox::slack::Scene;
use vigie::store::{SledStore, Store as _};

use super::alert::{Sender, group, mismatch};
use super::process::Vigie;
use super::sample::Sample;
use super::table::Row;

/// Requests a second, for how many seconds, and alerts in each.
const RATE: u32 = 200;
const SECONDS: u32 = 10;
const ALERTS: u32 = 3;
/// Of the issue on alerts.
const SAVED_MS: f64 = 20.0;
const STORM_MIB: f64 = 96.0;
/// The storm: groups of ten, evenly over ten seconds.
const GROUPS: u32 = 100;
const OF_TEN: u32 = 10;
const STORM: Duration = Duration::from_secs(10);
/// How often there is a storm, each with a process and a store of its own.
const STORMS: usize = 3;
/// Messages that Slack takes at once in one channel; then one a second.
const BURST: usize = 4;
/// The storm is over when nothing was posted or edited for so long.
const QUIET: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_mins(3);

/// Steady, then a storm.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    rows.push(steady().await?);
    let mut storms = Vec::new();
    for _ in 0..STORMS {
        storms.push(Storm::run().await?);
    }
    rows.extend(of_storms(&storms));
    Ok(())
}

/// Sends one group after another, each at its time, whatever became of those before: how long each took from the
/// time it was due.
async fn evenly(
    sender: &Sender,
    bodies: impl IntoIterator<Item = String>,
    every: Duration,
) -> Result<Vec<Duration>> {
    let begun = tokio::time::Instant::now() + Duration::from_millis(10);
    let sends = bodies.into_iter().zip(0_u32..).map(|(body, number)| {
        let sender = sender.clone();
        tokio::spawn(async move {
            let due = begun + every * number;
            tokio::time::sleep_until(due).await;
            sender.send(body).await?;
            anyhow::Ok(due.elapsed())
        })
    });
    let took = try_join_all(sends.collect::<Vec<_>>()).await?;
    took.into_iter().collect()
}

/// A group about workloads of its own.
fn body(number: u32, alerts: u32) -> String {
    let alerts = (0..alerts).map(|n| mismatch(&format!("app-{number}-{n}")));
    group(&format!("group-{number}"), &alerts.collect::<Vec<_>>())
}

async fn steady() -> Result<Row> {
    let world = World::start().await?;
    let data = tempfile::tempdir()?;
    let channel = world.slack.channel("#incidents");
    let mut vigie = Vigie::start(&world, data.path(), &[channel])?;
    vigie.ready().await?;
    vigie.calm().await?;
    world.slack.limit_rates();
    let sender = Sender::to(&vigie)?;
    let bodies: Vec<String> = (0..RATE * SECONDS).map(|n| body(n, ALERTS)).collect();
    let took = evenly(&sender, bodies, Duration::from_secs(1) / RATE).await?;
    let name = format!("webhook to saved, {RATE} requests/s for {SECONDS} s");
    let against = "release binary, its store on the disk, sandbox Slack and cluster";
    let row = Row::new(&name, against, "ms", &Sample::ms(took));
    let note =
        format!("each a group of {ALERTS} new alerts; from the moment it was due to the answer");
    Ok(row.worst_within(SAVED_MS).note(note))
}

/// What one storm took.
struct Storm {
    /// Most memory of the process, in MiB.
    peak: f64,
    /// Threads that the bot opened.
    threads: usize,
    /// Messages in the channel until the last thread was there.
    posts: usize,
    /// From the first alert to the last thread, in seconds.
    last_thread: f64,
    /// From the first alert to the last message or edit.
    settled: f64,
}

impl Storm {
    async fn run() -> Result<Self> {
        let world = World::start().await?;
        let data = tempfile::tempdir()?;
        let channel = world.slack.channel("#incidents");
        let mut vigie = Vigie::start(&world, data.path(), std::slice::from_ref(&channel))?;
        vigie.ready().await?;
        vigie.calm().await?;
        world.slack.limit_rates();
        let sender = Sender::to(&vigie)?;
        let bodies: Vec<String> = (0..GROUPS).map(|n| body(n, OF_TEN)).collect();
        let begun = chrono::Utc::now();
        evenly(&sender, bodies, STORM / GROUPS).await?;
        let scene = quiet(&world).await?;
        let peak = vigie.peak()?;
        drop(vigie);
        ensure!(
            kept(data.path()).await? == GROUPS * OF_TEN,
            "alerts were lost"
        );
        let since = |at: chrono::DateTime<chrono::Utc>| (at - begun).as_seconds_f64();
        let own: Vec<_> = scene.messages.iter().filter(|one| one.from_bot()).collect();
        let root = |ts: &str, thread: Option<&str>| thread.is_none_or(|root| root == ts);
        let threads = own
            .iter()
            .filter(|one| root(&one.ts, one.thread_ts.as_deref()));
        let last = threads.clone().map(|one| &one.ts).max();
        let last = last.context("no thread")?;
        let moments = own.iter().flat_map(|one| {
            let edits = one.edits.iter().map(|edit| edit.at);
            time_of(&one.ts).into_iter().chain(edits)
        });
        Ok(Self {
            peak,
            threads: threads.count(),
            posts: own
                .iter()
                .filter(|one| one.channel == channel && one.ts <= *last)
                .count(),
            last_thread: since(time_of(last).context("a time")?),
            settled: moments.map(since).fold(0.0, f64::max),
        })
    }
}

/// Waits until nothing more is posted or edited.
async fn quiet(world: &World) -> Result<Scene> {
    let deadline = Instant::now() + PATIENCE;
    let mut changes = world.slack.changes();
    loop {
        changes.mark_unchanged();
        if tokio::time::timeout(QUIET, changes.changed())
            .await
            .is_err()
        {
            return Ok(world.slack.scene());
        }
        ensure!(Instant::now() < deadline, "the storm does not end");
    }
}

/// How many alerts the records hold, one by one or counted.
async fn kept(data: &std::path::Path) -> Result<u32> {
    let live = SledStore::open(data)?.load_live().await?;
    let of = |one: &vigie::incident::Incident| {
        u32::try_from(one.alerts.len()).unwrap_or(u32::MAX) + one.alerts_beyond
    };
    Ok(live.iter().map(of).sum())
}

fn of_storms(storms: &[Storm]) -> Vec<Row> {
    let sample = |of: fn(&Storm) -> f64| Sample::of(storms.iter().map(of));
    let seconds = |of: fn(&Storm) -> f64| Sample::of(storms.iter().map(|one| of(one) * 1e3));
    let against = "release binary, sandbox Slack with its rate limits, sandbox cluster";
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let threads = sample(|one| one.threads as f64);
    let bound = |one: &Storm| one.posts.saturating_sub(BURST);
    let bounds: Vec<String> = storms
        .iter()
        .map(|one| format!("{} s of {:.1} s", bound(one), one.last_thread))
        .collect();
    let note = format!(
        "one message a second after {BURST} at once is Slack's bound for those in the channel: {}",
        bounds.join(", ")
    );
    let row = |name: &str, unit, sample| {
        let name = format!("1,000 alerts in 10 s: {name}");
        Row::new(&name, against, unit, sample)
    };
    vec![
        row("memory at most", "MiB", &sample(|one| one.peak)).worst_within(STORM_MIB),
        row("threads", "", &threads)
            .note("the last is the storm itself; every alert is in a record"),
        row("last thread", "ms", &seconds(|one| one.last_thread)).note(note),
        row("last edit", "ms", &seconds(|one| one.settled))
            .note("the alerts alone take 9.9 s to come"),
    ]
}
