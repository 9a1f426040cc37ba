//! From a mention to the first sign of life and to the whole answer, as Slack sees it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use vigie::clients::slack::time_of;
use vigie::sandbox::World;
use vigie::sandbox::slack::{Message, Scene};

use super::process::Vigie;
use super::sample::Sample;
use super::table::Row;
use super::words::question;

/// Questions one after the other; each has an edit, of which Slack takes a burst.
const QUESTIONS: usize = 10;
const DEADLINE: Duration = Duration::from_secs(30);
const AGAINST: &str = "release binary, sandbox Slack and cluster, 0 ms latency";

/// A question in Slack.
pub struct Thread {
    pub channel: String,
    pub ts: String,
}

impl Thread {
    /// The first answer in the thread.
    fn first(&self, scene: &Scene) -> Option<Message> {
        scene.answers(&self.channel, &self.ts).into_iter().next()
    }

    /// When the answer was there: the last edit of the first message that is more than a sign of life,
    /// or the message itself when it came whole.
    pub fn full(&self, scene: &Scene) -> Option<Duration> {
        let begun = time_of(&self.ts)?;
        let answers = scene.answers(&self.channel, &self.ts);
        let whole = answers.iter().find(|message| is_whole(message))?;
        let at = whole.edits.last().map(|edit| edit.at);
        let at = at.or_else(|| time_of(&whole.ts))?;
        Some((at - begun).to_std().unwrap_or_default())
    }

    fn soon(&self, scene: &Scene) -> Option<Duration> {
        let message = self.first(scene)?;
        (time_of(&message.ts)? - time_of(&self.ts)?).to_std().ok()
    }
}

/// Whether a message says more than that somebody looks.
fn is_whole(message: &Message) -> bool {
    message.blocks.len() > 1
}

/// First replies and full answers of all threads.
pub fn answers(scene: &Scene, threads: &[Thread]) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let first: Option<Vec<Duration>> = threads.iter().map(|one| one.soon(scene)).collect();
    let full: Option<Vec<Duration>> = threads.iter().map(|one| one.full(scene)).collect();
    Ok((
        first.context("a thread without a reply")?,
        full.context("a thread without an answer")?,
    ))
}

/// Ten questions, one after the other: the first is the cold one.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    let world = World::start().await?;
    let channel = world.slack.channel("#incidents");
    let data = tempfile::tempdir()?;
    let mut vigie = Vigie::start(&world, data.path(), std::slice::from_ref(&channel))?;
    vigie.ready().await?;
    vigie.calm().await?;
    let mut threads = Vec::new();
    for number in 0..QUESTIONS {
        let ts = world.slack.post(&channel, "alice", &question(number));
        let thread = Thread {
            channel: channel.clone(),
            ts,
        };
        let deadline = Instant::now() + DEADLINE;
        while thread.full(&world.slack.scene()).is_none() {
            if Instant::now() > deadline {
                bail!("no answer:\n{}\n{}", world.slack.scene(), vigie.tail());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        threads.push(thread);
        // One message a second in a channel: the limit is measured elsewhere.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    let (first, full) = answers(&world.slack.scene(), &threads)?;
    let row = |name: &str, of: &[Duration]| {
        let sample = Sample::ms(of.iter().copied());
        Row::new(name, AGAINST, "ms", &sample)
    };
    rows.extend([
        row("first reply, cold", &first[..1]).note("the first question of the process"),
        row("first reply, warm", &first[1..]).median_within(300.0),
        row("full answer, cold", &full[..1]),
        row("full answer, warm", &full[1..]),
    ]);
    Ok(())
}
