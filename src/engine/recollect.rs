//! A start after which the store knows nothing: a new volume, a lost one, a damaged one. Before
//! anything else the incidents that are still open in Slack are taken up again, and if there were
//! any, or the store is known to have held some, the lead is told.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Shared;
use crate::alert::{About, Labels, Said, State};
use crate::clients::slack::SlackError;
use crate::escalation::{Reason, Severity};
use crate::incident::{
    Asked, ChannelId, Incident, IncidentId, News, Origin, Remembered, ThreadRef, Topic, notice,
    remember,
};
use crate::intake::catch_up::watched;
use crate::intake::receive::SLACK;
use crate::intake::recollect::{Found, Recollection, recollect};
use crate::intent::{Ask, parse};
use crate::store::{Accepted, Arrival, Commit, Store, StoreError, Watermark};
use crate::text::Language;

/// Name of the document that says whether the memory is whole.
const DOCUMENT: &str = "memory";
/// How far back Slack is read: an incident older than this has called the lead long ago.
const BACK: TimeDelta = TimeDelta::hours(48);
/// Between attempts to read a channel. Without Slack there is nothing else to do.
const AGAIN: Duration = Duration::from_secs(5);

/// What the store says about its own completeness.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// When a loss was noticed; none for a store that is simply new.
    #[serde(default)]
    lost_at: Option<DateTime<Utc>>,
    /// Slack was read since.
    #[serde(default)]
    whole: bool,
}

/// Notes that the store lost what it held, for the start that follows: also for one after a crash.
///
/// # Errors
/// When the note cannot be written.
pub async fn note_loss(store: &dyn Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    let memory = Memory {
        lost_at: Some(now),
        whole: false,
    };
    store.commit(memory.commit()?).await
}

impl Memory {
    fn commit(self) -> Result<Commit, StoreError> {
        let text = serde_json::to_string(&self).map_err(|error| StoreError::Unreadable {
            what: DOCUMENT.to_owned(),
            detail: error.to_string(),
        })?;
        Ok(Commit {
            documents: vec![(DOCUMENT.to_owned(), Some(text))],
            ..Commit::default()
        })
    }
}

impl Shared {
    /// Reads Slack until all of it was read, unless the memory is whole.
    pub(super) async fn recollect(&self) {
        loop {
            match self.try_recollect().await {
                Ok(true) => {
                    self.parts.recollected.send_replace(true);
                    return;
                }
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "what Slack holds cannot be saved"),
            }
            (self.parts.beat)();
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Whether the memory is whole by now.
    async fn try_recollect(&self) -> Result<bool, StoreError> {
        let document = self.records.store().document(DOCUMENT).await?;
        let memory: Memory = document
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        if memory.whole {
            return Ok(true);
        }
        let channels = match self.conversations().await {
            Ok(channels) => channels,
            Err(error) => return Ok(refuses("a list of channels", &error)),
        };
        let (mut found, mut most, mut place) = (0, 0, None);
        for channel in &channels {
            match self.recollect_channel(channel).await? {
                Ok(open) => {
                    found += open;
                    // Told where most of it happens; in a channel, for the team to see.
                    if !channel.starts_with('D') && (place.is_none() || open > most) {
                        (most, place) = (open, Some(channel.clone()));
                    }
                }
                Err(error) if refuses(channel, &error) => {}
                Err(_) => return Ok(false),
            }
        }
        self.whole(memory, found, place).await?;
        Ok(true)
    }

    /// Everything the bot may have answered in.
    async fn conversations(&self) -> Result<BTreeSet<String>, SlackError> {
        let listed = &self.parts.channels.listed;
        let listed: Vec<String> = listed.iter().map(|one| one.id.clone()).collect();
        let mut all = watched(&self.parts.slack, &listed).await?;
        if self.parts.channels.direct.is_some() {
            match self.parts.slack.my_direct_messages().await {
                Ok(direct) => all.extend(direct),
                // Without the scope the channels are read all the same.
                Err(error) if refuses("direct messages", &error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// Takes up what is open in one channel; how many there are.
    async fn recollect_channel(
        &self,
        channel: &str,
    ) -> Result<Result<usize, SlackError>, StoreError> {
        let since = self.now() - BACK;
        let beat = self.parts.beat.as_ref();
        let read = recollect(&self.parts.slack, &self.parts.us, channel, since, beat).await;
        let recollection = match read {
            Ok(recollection) => recollection,
            Err(error) => return Ok(Err(error)),
        };
        for found in &recollection.open {
            self.take_up_again(channel, found).await?;
        }
        let open = recollection.open.len();
        if open > 0 {
            tracing::warn!(channel, open, "took up incidents from Slack");
        }
        self.mark(channel, recollection).await?;
        Ok(Ok(open))
    }

    async fn take_up_again(&self, channel: &str, found: &Found) -> Result<(), StoreError> {
        let remembered = Remembered {
            asked: self.asked_again(channel, found),
            trace: found.trace.clone(),
            answers: found.answers,
        };
        let decision = self.records.decide(|context| remember(remembered, context));
        let Some(decision) = decision else {
            return Ok(());
        };
        match self.records.save(Commit::of(decision.incident)).await {
            // An attempt before this one took it up.
            Err(StoreError::Conflict { .. }) => Ok(()),
            other => other,
        }
    }

    fn asked_again(&self, channel: &str, found: &Found) -> Asked {
        let text = found.said.as_ref().map_or(&found.text, |said| &said.text);
        let mut ask = self.understand(text.raw(), None);
        // A channel that may no longer ask about that environment keeps its promise all the same.
        self.place(&mut ask, channel);
        let thread = ThreadRef::under(ChannelId::new(channel), found.thread.clone());
        let alert = alert_of(found);
        Asked {
            id: found.id.clone(),
            topic: Topic::Problem,
            at: found
                .said
                .as_ref()
                .and_then(crate::intake::slack::Said::at)
                .unwrap_or(found.trace.since),
            thread,
            origin: match (&found.said, &alert) {
                (Some(said), _) => Origin::Person(said.user.clone()),
                (None, Some(news)) => Origin::Alert {
                    name: news.name.clone(),
                    fingerprint: news.fingerprint.clone(),
                    severity: news.severity,
                },
                (None, None) => Origin::Bot,
            },
            environment: ask.environment.clone(),
            object: None,
            alerts: alert.into_iter().collect(),
            ask,
        }
    }

    /// Words as a question, in the language they are in.
    pub(super) fn understand(&self, text: &str, hint: Option<Language>) -> Ask {
        let hint = hint.unwrap_or(self.parts.language);
        parse(text, &self.parts.vocabulary, Some(hint))
    }

    /// The catch-up goes on from what was answered last: what is older reached us before the loss.
    async fn mark(&self, channel: &str, recollection: Recollection) -> Result<(), StoreError> {
        let Some(from) = recollection.from else {
            return Ok(());
        };
        let mut commit = Commit::default();
        for keys in recollection.known {
            let arrival = Arrival {
                keys,
                kind: SLACK.to_owned(),
                payload: "{}".to_owned(),
                received_at: self.now(),
            };
            (self.parts.beat)();
            if let Accepted::New(id) = self.records.store().accept(arrival).await? {
                commit.consumed.push(id);
            }
        }
        commit.watermarks.push(Watermark {
            channel: ChannelId::new(channel),
            ts: from,
        });
        self.records.save(commit).await
    }

    /// Notes that Slack was read, and tells the lead if something was lost, in one commit.
    async fn whole(
        &self,
        memory: Memory,
        found: usize,
        channel: Option<String>,
    ) -> Result<(), StoreError> {
        let mut commit = Memory {
            whole: true,
            ..memory
        }
        .commit()?;
        let at = memory.lost_at.unwrap_or_else(|| self.now());
        let tells = memory.lost_at.is_some() || found > 0;
        if let Some(channel) = channel.filter(|_| tells) {
            commit.incidents.push(self.tell_loss(channel, found, at));
        }
        self.records.save(commit).await
    }

    fn tell_loss(&self, channel: String, found: usize, at: DateTime<Utc>) -> Incident {
        let asked = Asked {
            id: IncidentId::new(format!("memory-{}", at.timestamp_millis())),
            topic: Topic::Notice,
            at,
            thread: ThreadRef {
                channel: ChannelId::new(channel),
                ts: None,
            },
            origin: Origin::Bot,
            ask: self.understand("", None),
            environment: None,
            object: None,
            alerts: Vec::new(),
        };
        let because = Reason::MemoryLost { found };
        let decided = self
            .records
            .decide(|context| notice(asked, because, context));
        decided.incident
    }
}

/// The alert that opened it, as far as our own messages tell: its sender completes it with its next word.
fn alert_of(found: &Found) -> Option<News> {
    let (fingerprint, name) = found.trace.alert.clone()?;
    let object = found.trace.object.clone();
    Some(News {
        fingerprint,
        name: name.into(),
        severity: Severity::Warning,
        about: object.map_or(About::Cluster, About::Object),
        labels: Labels::new(),
        said: Said::default(),
        state: State::Firing,
        at: found.trace.since,
        received: found.trace.since,
        group: None,
    })
}

/// Whether an error means never: what Slack refuses today it refuses in five seconds too.
fn refuses(what: &str, error: &SlackError) -> bool {
    tracing::warn!(what, %error, "cannot be read to take up what the store lost");
    matches!(error, SlackError::Refused { .. })
}
