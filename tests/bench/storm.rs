//! A hundred mentions at once: over fifty channels, then in one. The released binary as a process, the
//! sandbox workspace with Slack's rate limits in force; its memory before, during and after.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use vigie::sandbox::World;
use vigie::sandbox::slack::Scene;

use super::process::Vigie;
use super::reply::{Thread, answers};
use super::sample::Sample;
use super::table::Row;
use super::words::question;

const MENTIONS: usize = 100;
/// People who ask.
const PEOPLE: usize = 20;
/// Longest wait for all answers.
const DEADLINE: Duration = Duration::from_mins(5);
/// Between two looks at the memory; the workspace is looked at every fourth time.
const LOOK: Duration = Duration::from_millis(250);
/// Messages that Slack takes at once in one channel; then one a second.
const BURST: usize = 4;

/// Both storms.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    rows.extend(Storm::over(50).await?.many());
    rows.extend(Storm::over(1).await?.one());
    Ok(())
}

/// What one storm took.
struct Storm {
    first: Sample,
    full: Sample,
    idle: f64,
    busy: f64,
    after: f64,
    calls: String,
    posts: usize,
}

impl Storm {
    async fn over(channels: usize) -> Result<Self> {
        let world = World::start().await?;
        let people: Vec<String> = (0..PEOPLE).map(|n| format!("dev{n}")).collect();
        for name in &people {
            world.slack.add_person(name, name);
        }
        let members: Vec<&str> = people.iter().map(String::as_str).collect();
        let names: Vec<String> = (0..channels).map(|n| format!("team{n}")).collect();
        let ids: Vec<String> = names
            .iter()
            .map(|name| world.slack.add_channel(name, &members))
            .collect();
        let data = tempfile::tempdir()?;
        let mut vigie = Vigie::start(&world, data.path(), &ids)?;
        vigie.ready().await?;
        let idle = vigie.calm().await?;
        awake(&world, &vigie, &ids[0]).await?;
        world.slack.limit_rates();
        let threads: Vec<Thread> = (0..MENTIONS)
            .map(|n| {
                let channel = ids[n % channels].clone();
                let ts = world
                    .slack
                    .post(&channel, &people[n % PEOPLE], &question(n));
                Thread { channel, ts }
            })
            .collect();
        let busy = answered(&world, &vigie, &threads).await?;
        let scene = world.slack.scene();
        let (first, full) = answers(&scene, &threads)?;
        Ok(Self {
            first: Sample::ms(first),
            full: Sample::ms(full),
            idle,
            busy: busy.max(vigie.peak()?),
            after: vigie.calm().await?,
            calls: calls(&scene),
            posts: scene.calls_of("chat.postMessage"),
        })
    }

    fn many(self) -> Vec<Row> {
        let against = "release binary, sandbox Slack with its rate limits, 0 ms latency";
        let memory = "RSS of that process";
        vec![
            Row::new(
                "100 mentions, 50 channels: first reply",
                against,
                "ms",
                &self.first,
            )
            .median_within(300.0)
            .worst_within(3_000.0)
            .note(format!("20 people; {}", self.calls)),
            Row::new(
                "100 mentions, 50 channels: full answer",
                against,
                "ms",
                &self.full,
            )
            .note("as edits alone, of which Slack takes 50 a minute, it would be two minutes"),
            Row::single("memory, before that", memory, "MiB", self.idle).median_within(40.0),
            Row::single("memory, 100 mentions at work", "its peak", "MiB", self.busy)
                .median_within(64.0),
            Row::single("memory, after that", memory, "MiB", self.after),
        ]
    }

    fn one(self) -> Vec<Row> {
        let against = "the same, all of them in one channel";
        let bound = MENTIONS - BURST;
        let all = self.posts - BURST;
        let first = format!("Slack's bound for the last: {bound} s, one message a second");
        let full = format!("Slack's bound for all messages: {all} s; {}", self.calls);
        let row = |what, sample| {
            let name = format!("100 mentions, one channel: {what}");
            Row::new(&name, against, "ms", sample)
        };
        vec![
            row("first reply", &self.first).note(first),
            row("full answer", &self.full).note(full),
        ]
    }
}

/// Asks something, and waits for the answer: a first start reads all channels back before it listens,
/// which with fifty of them takes a minute of Slack's limits.
async fn awake(world: &World, vigie: &Vigie, channel: &str) -> Result<()> {
    let ts = world.slack.post(channel, "dev0", "@devops aide");
    let replied = |scene: &Scene| (!scene.answers(channel, &ts).is_empty()).then_some(());
    let waited = world.slack.wait_within(DEADLINE, replied).await;
    waited.map_err(|error| anyhow::anyhow!("{error}\n{}", vigie.tail()))
}

/// Waits until every thread has its full answer; returns the most memory that was seen.
async fn answered(world: &World, vigie: &Vigie, threads: &[Thread]) -> Result<f64> {
    let deadline = Instant::now() + DEADLINE;
    let mut most: f64 = 0.0;
    for look in 0_u32.. {
        most = most.max(vigie.resident()?);
        if look.is_multiple_of(4) {
            let scene = world.slack.scene();
            let left = threads.iter().filter(|one| one.full(&scene).is_none());
            let left = left.count();
            if left == 0 {
                break;
            }
            if Instant::now() > deadline {
                bail!(
                    "{left} of {MENTIONS} without an answer:\n{scene}\n{}",
                    vigie.tail()
                );
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(most)
}

/// The Web API calls it took.
fn calls(scene: &Scene) -> String {
    let methods = [
        "chat.postMessage",
        "chat.update",
        "conversations.info",
        "users.info",
    ];
    let counts = methods.map(|method| format!("{} {method}", scene.calls_of(method)));
    counts.join(", ")
}
