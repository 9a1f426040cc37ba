//! Who may call Slack now: token buckets per method, per channel and for the workspace, pauses
//! after a 429, and a queue in which pages overtake everything. Decisions only: `now` is an
//! argument, and [`super::gate`] performs them.
//!
//! Sources of the numbers: Slack's method pages (Tier 2: 20, Tier 3: 50, Tier 4: 100 a minute;
//! `chat.postMessage`: one a second per channel with short bursts, and an unstated workspace cap).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

/// Who goes first when Slack's limits make some wait. Smaller is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A call to the lead, and whatever it needs.
    Page,
    /// The first sign of life in a thread, refusals, clicks.
    FirstReply,
    /// A conclusion.
    Answer,
    /// A step on the way, and reads that can wait.
    Progress,
}

macro_rules! methods {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $tier:ident;)*) => {
        /// The Web API methods the bot uses.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Method {
            $($(#[doc = $doc])+ $variant,)*
        }
        impl Method {
            /// The name on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            fn tier(self) -> Tier {
                match self { $(Self::$variant => Tier::$tier),* }
            }
        }
    };
}

#[derive(Clone, Copy)]
enum Tier {
    Post,
    Three,
    Four,
    Special,
}

methods! {
    /// Posts a message: one a second per channel.
    PostMessage = "chat.postMessage", Post;
    /// Edits a message.
    Update = "chat.update", Three;
    /// Removes a message of ours.
    Delete = "chat.delete", Three;
    /// Shows a line to one person.
    Ephemeral = "chat.postEphemeral", Four;
    /// Puts an emoji under a message.
    AddReaction = "reactions.add", Three;
    /// The link to a message.
    Permalink = "chat.getPermalink", Special;
    /// Opens the direct conversation with a person.
    OpenDm = "conversations.open", Three;
    /// Top-level messages of a channel.
    History = "conversations.history", Three;
    /// Messages of a thread.
    Replies = "conversations.replies", Three;
    /// Facts of a channel.
    ChannelInfo = "conversations.info", Three;
    /// The conversations we are in.
    MyConversations = "users.conversations", Three;
    /// Facts of a person.
    UserInfo = "users.info", Four;
    /// An address to send a file to.
    UploadUrl = "files.getUploadURLExternal", Four;
    /// Shows a file that was sent.
    CompleteUpload = "files.completeUploadExternal", Four;
    /// Who we are.
    AuthTest = "auth.test", Special;
}

/// A token bucket: up to `burst` at once, then `per_minute`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Calls that may go at once after a rest; of a fraction the rest is waited for.
    pub burst: f64,
    /// Calls a minute after that.
    pub per_minute: u32,
}

/// What the limiter keeps below. The default is what Slack allows, so that burst and rate together
/// stay under the tier in any one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// `chat.postMessage` in one channel.
    pub channel: Rate,
    /// `chat.postMessage` in all channels together.
    pub workspace: Rate,
    /// The part of it that is neither a page nor a first reply: answers that are ready early must not
    /// use up the burst that the next one who asks needs.
    pub unhurried: Rate,
    /// Each Tier 3 method.
    pub tier3: Rate,
    /// Each Tier 4 method.
    pub tier4: Rate,
    /// Methods with limits of their own, far above our use.
    pub special: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        let rate = |burst, per_minute| Rate { burst, per_minute };
        Self {
            // Slack tolerates four at once. Half a message is left: what is sent within a second of the first must
            // not be a 429 because the first was half a second longer on its way. Three go at once, the fourth
            // half a second later.
            channel: rate(3.5, 60),
            // "Several hundred messages a minute" and "generous bursts": a hundred people who ask at
            // once each get a sign of life at once, and no minute has more than 360.
            workspace: rate(120.0, 240),
            unhurried: rate(20.0, 240),
            tier3: rate(10.0, 40),
            tier4: rate(20.0, 80),
            special: rate(20.0, 120),
        }
    }
}

/// What a call needs before it may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub method: Method,
    pub channel: Option<String>,
    pub priority: Priority,
    /// The message (channel, ts) this call replaces the state of: only the newest one survives.
    pub replaces: Option<(String, String)>,
}

/// A place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

type BucketKey = (Method, Option<String>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

/// The queue and the buckets.
#[derive(Debug)]
pub(super) struct Limiter {
    limits: Limits,
    buckets: HashMap<BucketKey, Bucket>,
    paused: HashMap<BucketKey, Instant>,
    waiting: BTreeMap<(Priority, Ticket), Ask>,
    issued: u64,
}

impl Limiter {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            buckets: HashMap::new(),
            paused: HashMap::new(),
            waiting: BTreeMap::new(),
            issued: 0,
        }
    }

    /// Takes a place in the queue; an older state of the same message loses its place to this one.
    pub fn enqueue(&mut self, mut ask: Ask) -> (Ticket, Option<Ticket>) {
        self.issued += 1;
        let ticket = Ticket(self.issued);
        let older = ask.replaces.as_ref().and_then(|message| {
            self.waiting
                .iter()
                .find(|(_, other)| other.replaces.as_ref() == Some(message))
                .map(|(place, _)| *place)
        });
        if let Some(place) = older {
            self.waiting.remove(&place);
            ask.priority = ask.priority.min(place.0);
        }
        self.waiting.insert((ask.priority, ticket), ask);
        (ticket, older.map(|(_, ticket)| ticket))
    }

    /// Everyone who may go now, most urgent first, and when to ask again if some still wait.
    pub fn grant(&mut self, now: Instant) -> (Vec<(Ticket, Ask)>, Option<Instant>) {
        let mut granted = Vec::new();
        let mut next: Option<Instant> = None;
        // A bucket someone more urgent waits for is not drained by those behind.
        let mut held: HashSet<BucketKey> = HashSet::new();
        let places: Vec<_> = self.waiting.keys().copied().collect();
        for place in places {
            let Some(keys) = self.waiting.get(&place).map(Self::keys) else {
                continue;
            };
            if keys.iter().any(|key| held.contains(key)) {
                continue;
            }
            let wait = keys.iter().filter_map(|key| self.free_at(key, now)).max();
            if let Some(at) = wait {
                next = Some(next.map_or(at, |earlier| earlier.min(at)));
                held.extend(
                    keys.into_iter()
                        .filter(|key| self.free_at(key, now).is_some()),
                );
            } else if let Some(ask) = self.waiting.remove(&place) {
                for key in &keys {
                    self.bucket(key, now).tokens -= 1.0;
                }
                granted.push((place.1, ask));
            }
        }
        (granted, next)
    }

    /// How long a call would wait behind those that are queued already and `ahead` others that will be.
    pub fn backlog(
        &mut self,
        method: Method,
        channel: Option<String>,
        ahead: usize,
        now: Instant,
    ) -> Duration {
        let ask = Ask {
            method,
            channel,
            priority: Priority::Progress,
            replaces: None,
        };
        let waits = Self::keys(&ask)
            .into_iter()
            .map(|key| self.backlog_of(&key, ahead, now));
        waits.max().unwrap_or_default()
    }

    fn backlog_of(&mut self, key: &BucketKey, ahead: usize, now: Instant) -> Duration {
        let queued = self.waiting.values().map(Self::keys);
        let queued = queued.filter(|keys| keys.contains(key)).count() + ahead;
        let queued = f64::from(u32::try_from(queued).unwrap_or(u32::MAX));
        let per_second = f64::from(self.rate(key).per_minute.max(1)) / 60.0;
        let missing = (queued + 1.0 - self.bucket(key, now).tokens).max(0.0);
        let paused = self.paused.get(key).copied();
        let paused = paused.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        paused + Duration::from_secs_f64(missing / per_second)
    }

    /// Gives back what a call that never went had taken.
    pub fn refund(&mut self, ask: &Ask, now: Instant) {
        for key in Self::keys(ask) {
            self.bucket(&key, now).tokens += 1.0;
        }
    }

    /// Slack said 429: nobody uses this method in this channel before `until`. A second channel
    /// refused meanwhile shows that the limit is the workspace's.
    pub fn pause(&mut self, method: Method, channel: Option<String>, until: Instant, now: Instant) {
        self.paused.retain(|_, until| *until > now);
        let others = self
            .paused
            .keys()
            .any(|(paused, other)| *paused == method && other.is_some() && *other != channel);
        let key = match method.tier() {
            Tier::Post if !others => (method, channel),
            _ => (method, None),
        };
        let end = self.paused.entry(key).or_insert(until);
        *end = (*end).max(until);
    }

    fn keys(ask: &Ask) -> Vec<BucketKey> {
        match ask.method.tier() {
            Tier::Post => {
                let mut keys = vec![(ask.method, ask.channel.clone()), (ask.method, None)];
                if ask.priority > Priority::FirstReply {
                    keys.push((ask.method, Some(UNHURRIED.to_owned())));
                }
                keys
            }
            _ => vec![(ask.method, None)],
        }
    }

    fn rate(&self, key: &BucketKey) -> Rate {
        match (key.0.tier(), key.1.as_deref()) {
            (Tier::Post, Some(UNHURRIED)) => self.limits.unhurried,
            (Tier::Post, Some(_)) => self.limits.channel,
            (Tier::Post, None) => self.limits.workspace,
            (Tier::Three, _) => self.limits.tier3,
            (Tier::Four, _) => self.limits.tier4,
            (Tier::Special, _) => self.limits.special,
        }
    }

    /// When this bucket lets one more through; nothing if it does so now.
    fn free_at(&mut self, key: &BucketKey, now: Instant) -> Option<Instant> {
        let paused = self.paused.get(key).copied().filter(|until| *until > now);
        let per_second = f64::from(self.rate(key).per_minute.max(1)) / 60.0;
        let missing = 1.0 - self.bucket(key, now).tokens;
        let refilled =
            (missing > 1e-6).then(|| now + Duration::from_secs_f64(missing / per_second));
        paused.max(refilled)
    }

    fn bucket(&mut self, key: &BucketKey, now: Instant) -> &mut Bucket {
        let rate = self.rate(key);
        let full = rate.burst.max(1.0);
        if self.buckets.len() > MANY_BUCKETS {
            self.buckets
                .retain(|_, bucket| now.duration_since(bucket.filled_at) < FULL_AGAIN);
        }
        let bucket = self.buckets.entry(key.clone()).or_insert(Bucket {
            tokens: full,
            filled_at: now,
        });
        let rested = now
            .saturating_duration_since(bucket.filled_at)
            .as_secs_f64();
        bucket.tokens =
            (bucket.tokens + rested * f64::from(rate.per_minute.max(1)) / 60.0).min(full);
        bucket.filled_at = now;
        bucket
    }
}

/// Stands where a channel's id would, for the bucket of [`Limits::unhurried`].
const UNHURRIED: &str = "";
/// Above this many buckets (one a channel) the rested ones are forgotten.
const MANY_BUCKETS: usize = 4096;
/// After this long without a call every bucket is full again.
const FULL_AGAIN: Duration = Duration::from_mins(2);

#[cfg(test)]
#[path = "limiter_tests.rs"]
mod tests;
