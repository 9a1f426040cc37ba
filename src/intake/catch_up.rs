//! What Slack did not deliver: reads the watched channels and the threads of open incidents from
//! the stored watermark, after every connect, after a frame that could not be read, and every five
//! minutes. What is found takes the same road as an event and is de-duplicated with it (I17). A known message that
//! was edited meanwhile is found as the first of its thread: `FIRING` may have become `RESOLVED`.
//!
//! Only a catch-up moves the watermark. A live event must not: the one lost before it would be
//! skipped for ever.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::sync::watch;

use super::pages::pages;
use super::receive::{Receiver, Taken};
use super::slack::{as_edit, as_event};
use crate::clients::slack::socket::SocketState;
use crate::clients::slack::{Priority, Slack, SlackError, time_of};
use crate::clock::Clock;
use crate::incident::{ChannelId, Incident, Origin, ThreadRef, Ts};
use crate::store::{Commit, Store, StoreError, Watermark};

/// Between two rounds without a cause.
const EVERY: TimeDelta = TimeDelta::minutes(5);
/// After a round that failed.
const AFTER_FAILURE: TimeDelta = TimeDelta::seconds(30);
/// Read again on each round: history may lag behind events by seconds, and nothing is taken twice.
const OVERLAP: TimeDelta = TimeDelta::minutes(2);
/// Several sockets that connect together call for one round.
const SETTLE: Duration = Duration::from_millis(200);

/// Reads what was missed.
pub struct CatchUp {
    slack: Slack,
    store: Arc<dyn Store>,
    receiver: Receiver,
    clock: Clock,
    listed: Vec<String>,
}

/// Why a round did not finish.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error(transparent)]
    Slack(#[from] SlackError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CatchUp {
    /// Watches the channels of `listed`, or, if that is empty, every channel the bot is in.
    #[must_use]
    pub fn new(
        slack: Slack,
        store: Arc<dyn Store>,
        receiver: Receiver,
        clock: Clock,
        listed: Vec<String>,
    ) -> Self {
        Self {
            slack,
            store,
            receiver,
            clock,
            listed,
        }
    }

    /// Runs rounds until `stop` turns true, from when `start` does: a round before the watermarks of
    /// a lost store are back would skip what came since.
    pub async fn run(
        self,
        mut start: watch::Receiver<bool>,
        mut sockets: watch::Receiver<SocketState>,
        mut stop: watch::Receiver<bool>,
    ) {
        tokio::select! {
            () = turned_true(&mut stop) => return,
            () = turned_true(&mut start) => {}
        }
        let mut next = self.clock.now();
        loop {
            let seen = *sockets.borrow_and_update();
            tokio::select! {
                () = turned_true(&mut stop) => return,
                () = self.clock.sleep_until(next) => {}
                alive = news(&mut sockets, seen) => {
                    if !alive {
                        return;
                    }
                    tokio::time::sleep(SETTLE).await;
                }
            }
            let complete = tokio::select! {
                () = turned_true(&mut stop) => return,
                complete = self.round() => complete,
            };
            next = self.clock.now() + if complete { EVERY } else { AFTER_FAILURE };
        }
    }

    /// One round over everything watched; whether all of it could be read.
    pub async fn round(&self) -> bool {
        let mut complete = true;
        let channels = match self.channels().await {
            Ok(channels) => channels,
            Err(error) => {
                tracing::warn!(%error, "the catch-up cannot list its channels");
                return false;
            }
        };
        let threads = self.threads().await;
        for (channel, since) in channels {
            match self.channel(&channel, since.as_ref(), &threads).await {
                Ok(0) => {}
                Ok(found) => tracing::info!(channel, found, "the catch-up found missed messages"),
                Err(error) => {
                    tracing::warn!(channel, %error, "the catch-up cannot read a channel");
                    complete = false;
                }
            }
        }
        complete
    }

    async fn channels(&self) -> Result<Vec<(String, Option<Ts>)>, Unfinished> {
        let marks = self.store.watermarks().await?;
        let mut names = watched(&self.slack, &self.listed).await?;
        // Direct conversations are known by their watermarks.
        let direct = marks.iter().map(|mark| mark.channel.as_str());
        names.extend(direct.filter(|id| id.starts_with('D')).map(str::to_owned));
        let mark = |name: &str| marks.iter().find(|mark| mark.channel.as_str() == name);
        Ok(names
            .into_iter()
            .map(|name| {
                let since = mark(&name).map(|mark| mark.ts.clone());
                (name, since)
            })
            .collect())
    }

    /// Threads of open incidents, by channel: their own, and those under messages that told their alerts.
    async fn threads(&self) -> Vec<(String, String)> {
        let live = self.store.load_live().await.unwrap_or_default();
        let open = live.iter().filter(|incident| incident.is_open());
        let threads = open.flat_map(|incident| [&incident.root].into_iter().chain(told(incident)));
        let places = threads.filter_map(|thread| {
            let ts = thread.ts.as_ref()?;
            Some((thread.channel.as_str().to_owned(), ts.as_str().to_owned()))
        });
        places.collect()
    }

    /// Reads one channel from its watermark, then moves the watermark; returns how many were new.
    async fn channel(
        &self,
        channel: &str,
        since: Option<&Ts>,
        threads: &[(String, String)],
    ) -> Result<usize, Unfinished> {
        let Some(since) = since else {
            return self.first_sight(channel, threads).await;
        };
        let oldest = time_of(since.as_str()).map(|at| ts_of(at - OVERLAP));
        let mut messages = Vec::new();
        let oldest = oldest.as_deref();
        self.read(channel, None, oldest, &mut messages).await?;
        let newest = messages.iter().filter_map(ts_in).max().map(str::to_owned);
        for (_, thread) in threads.iter().filter(|(place, _)| place == channel) {
            self.read(channel, Some(thread), oldest, &mut messages)
                .await?;
        }
        let found = self.take(channel, messages).await?;
        if let Some(newest) = newest.filter(|newest| newest.as_str() > since.as_str()) {
            self.mark(channel, newest).await?;
        }
        Ok(found)
    }

    /// What was said before is not for us to answer. What told of an open incident is known, and may have been
    /// edited since.
    async fn first_sight(
        &self,
        channel: &str,
        threads: &[(String, String)],
    ) -> Result<usize, Unfinished> {
        let now = ts_of(self.clock.now());
        let mut messages = Vec::new();
        for (_, thread) in threads.iter().filter(|(place, _)| place == channel) {
            self.read(channel, Some(thread), Some(&now), &mut messages)
                .await?;
        }
        let found = self.take(channel, messages).await?;
        self.mark(channel, now).await?;
        Ok(found)
    }

    async fn read(
        &self,
        channel: &str,
        thread: Option<&str>,
        oldest: Option<&str>,
        into: &mut Vec<Value>,
    ) -> Result<(), SlackError> {
        let place = (thread, oldest);
        into.extend(pages(&self.slack, channel, place, Priority::Progress, &|| ()).await?);
        Ok(())
    }

    async fn take(&self, channel: &str, mut messages: Vec<Value>) -> Result<usize, StoreError> {
        messages.sort_by(|a, b| ts_in(a).cmp(&ts_in(b)));
        let mut found = 0;
        for message in messages {
            let team = &self.receiver.us().team_id;
            let edit = as_edit(&message, channel, team);
            let event = as_event(message, channel, team);
            let mut taken = self.receiver.take(&event).await?;
            if let (Taken::Duplicate, Some(edit)) = (taken, edit) {
                taken = self.receiver.take(&edit).await?;
            }
            found += usize::from(taken == Taken::New);
        }
        Ok(found)
    }

    async fn mark(&self, channel: &str, ts: String) -> Result<(), StoreError> {
        let watermarks = vec![Watermark {
            channel: ChannelId::new(channel),
            ts: Ts::new(ts),
        }];
        let commit = Commit {
            watermarks,
            ..Commit::default()
        };
        self.store.commit(commit).await
    }
}

/// Threads under messages that told alerts of an incident.
fn told(incident: &Incident) -> impl Iterator<Item = &ThreadRef> {
    let joined = incident.joined.iter();
    let by_alerts = joined.filter(|joined| matches!(joined.by, Origin::Alert { .. }));
    by_alerts.map(|joined| &joined.thread)
}

/// The channels that are watched: those listed, or, if none is, every channel the bot is in.
///
/// # Errors
/// When Slack does not tell.
pub async fn watched(slack: &Slack, listed: &[String]) -> Result<BTreeSet<String>, SlackError> {
    if listed.is_empty() {
        return Ok(slack.my_channels().await?.into_iter().collect());
    }
    Ok(listed.iter().cloned().collect())
}

async fn turned_true(turning: &mut watch::Receiver<bool>) {
    // A sender that is gone means that the process ends as well.
    let _ = turning.wait_for(|is| *is).await;
}

/// Returns once a connection said hello or a frame could not be read; false: there are no sockets any more.
async fn news(sockets: &mut watch::Receiver<SocketState>, seen: SocketState) -> bool {
    let news = |now: &SocketState| now.hellos != seen.hellos || now.bad_frames != seen.bad_frames;
    sockets.wait_for(news).await.is_ok()
}

fn ts_in(message: &Value) -> Option<&str> {
    message["ts"].as_str()
}

/// A time as Slack writes it.
pub(super) fn ts_of(at: DateTime<Utc>) -> String {
    format!("{}.{:06}", at.timestamp(), at.timestamp_subsec_micros())
}
