//! Who may ask, and press: allow-listed channels, full members, no guests, nobody from outside.
//! What Slack does not tell counts against the one who asks. Facts are cached for a short while;
//! the decision itself is made anew for every message and every press.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::turns::Turns;
use crate::clients::slack::{Channel, Priority, Slack, SlackError, User};
use crate::clock::Clock;
use crate::config::{Access, Channels};

/// How long a fact about a person or a channel is believed.
const BELIEVED_FOR: TimeDelta = TimeDelta::minutes(5);
/// More entries than this are never kept.
const MANY: usize = 2_000;
/// Channels asked about at the same time, one by one. `conversations.info` is a Tier 3 method: with
/// fifty new channels at once the last would wait a minute, and the list tells of all in one call.
const ONE_BY_ONE: usize = 4;
/// The list is not read again sooner.
const LIST_AGAIN: TimeDelta = TimeDelta::seconds(10);

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Denied {
    /// The channel is not on the list.
    Channel,
    /// Direct messages are switched off.
    Direct,
    /// The channel is shared with another organisation.
    SharedChannel,
    /// The person is not on the list.
    User,
    /// A guest.
    Guest,
    /// From another workspace or organisation.
    Stranger,
    /// A bot, or a deactivated account.
    NotAPerson,
    /// Slack did not tell who they are, so they may not.
    Unknown,
}

impl Denied {
    /// The word for metrics, logs and locale files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Direct => "direct",
            Self::SharedChannel => "shared-channel",
            Self::User => "user",
            Self::Guest => "guest",
            Self::Stranger => "stranger",
            Self::NotAPerson => "not-a-person",
            Self::Unknown => "unknown",
        }
    }
}

/// What the configuration allows.
#[derive(Clone, Debug)]
pub struct Rules {
    /// People.
    pub access: Access,
    /// Channels.
    pub channels: Channels,
    /// Leads may always.
    pub leads: Vec<String>,
    /// The token's own workspace.
    pub team_id: String,
}

impl Rules {
    /// Whether that person may in that channel.
    pub fn decide(&self, channel: &Channel, user: &User) -> Result<(), Denied> {
        if self.channels.show(&channel.id).is_none() {
            return Err(if channel.is_im {
                Denied::Direct
            } else {
                Denied::Channel
            });
        }
        if channel.is_shared_outside {
            return Err(Denied::SharedChannel);
        }
        self.person(user)
    }

    fn person(&self, user: &User) -> Result<(), Denied> {
        if user.is_bot || user.deleted {
            return Err(Denied::NotAPerson);
        }
        let Some(team) = &user.team_id else {
            return Err(Denied::Unknown);
        };
        let home = *team == self.team_id || self.access.teams.contains(team);
        if user.is_stranger || !home {
            return Err(Denied::Stranger);
        }
        if user.is_guest && !self.access.guests {
            return Err(Denied::Guest);
        }
        let listed = self.access.users.is_empty()
            || self.access.users.contains(&user.id)
            || self.leads.contains(&user.id);
        if listed { Ok(()) } else { Err(Denied::User) }
    }
}

/// Asks Slack who and where, remembers it for a while, and decides.
#[derive(Clone)]
pub struct Doorkeeper {
    slack: Slack,
    clock: Clock,
    rules: Arc<Rules>,
    users: Arc<Mutex<Remembered<User>>>,
    channels: Arc<Mutex<Remembered<Channel>>>,
    /// Whose facts are asked for now: a person who asks ten times at once is looked up once.
    turns: Turns,
    /// Channels that are asked about now.
    asking: Arc<AtomicUsize>,
    /// When the list was read last; held by the one who reads it.
    listed: Arc<tokio::sync::Mutex<Option<DateTime<Utc>>>>,
}

impl Doorkeeper {
    /// A doorkeeper with these rules.
    #[must_use]
    pub fn new(slack: Slack, clock: Clock, rules: Rules) -> Self {
        Self {
            slack,
            clock,
            rules: Arc::new(rules),
            users: Arc::default(),
            channels: Arc::default(),
            turns: Turns::default(),
            asking: Arc::default(),
            listed: Arc::default(),
        }
    }

    /// Whether that person may, in that channel, now. `team` is what the event said of the person.
    pub async fn admit(
        &self,
        channel: &str,
        user: &str,
        team: Option<&str>,
    ) -> Result<User, Denied> {
        if self.rules.channels.show(channel).is_none() {
            let direct = channel.starts_with('D');
            return Err(if direct {
                Denied::Direct
            } else {
                Denied::Channel
            });
        }
        let said_elsewhere = team.is_some_and(|team| {
            team != self.rules.team_id && !self.rules.access.teams.iter().any(|known| known == team)
        });
        if said_elsewhere {
            return Err(Denied::Stranger);
        }
        let (channel, user) = futures::try_join!(self.channel(channel), self.user(user))
            .map_err(|error| unknown(&error))?;
        self.rules.decide(&channel, &user)?;
        Ok(user)
    }

    /// Whether that person may press a button, now. A message that is in a direct conversation was
    /// sent there by the bot: only the person counts.
    pub async fn admit_press(
        &self,
        channel: &str,
        user: &str,
        team: Option<&str>,
    ) -> Result<User, Denied> {
        if !channel.starts_with('D') {
            return self.admit(channel, user, team).await;
        }
        let user = self.user(user).await.map_err(|error| unknown(&error))?;
        self.rules.person(&user)?;
        Ok(user)
    }

    /// A person, from memory or from Slack.
    pub async fn user(&self, id: &str) -> Result<User, SlackError> {
        if let Some(user) = recall(&self.users, id, self.clock.now()) {
            return Ok(user);
        }
        let _turn = self.turns.take(id).await;
        if let Some(user) = recall(&self.users, id, self.clock.now()) {
            return Ok(user);
        }
        let user = self.slack.user(id, Priority::FirstReply).await?;
        remember(&self.users, id, user.clone(), self.clock.now());
        Ok(user)
    }

    async fn channel(&self, id: &str) -> Result<Channel, SlackError> {
        if id.starts_with('D') {
            // A direct conversation with the bot has exactly one other person: there is nothing to ask.
            return Ok(Channel {
                id: id.to_owned(),
                name: None,
                is_shared_outside: false,
                is_member: true,
                is_im: true,
                is_archived: false,
            });
        }
        if let Some(channel) = recall(&self.channels, id, self.clock.now()) {
            return Ok(channel);
        }
        let _turn = self.turns.take(id).await;
        if let Some(channel) = recall(&self.channels, id, self.clock.now()) {
            return Ok(channel);
        }
        let crowd = Asking::begin(&self.asking);
        if crowd.of > ONE_BY_ONE || self.slack.would_wait_for_a_channel().await {
            self.list_channels(id).await;
            if let Some(channel) = recall(&self.channels, id, self.clock.now()) {
                return Ok(channel);
            }
        }
        let channel = self.slack.channel(id, Priority::FirstReply).await?;
        remember(&self.channels, id, channel.clone(), self.clock.now());
        Ok(channel)
    }

    /// Learns of all channels the bot is in, once for everyone who waits for one of them. What the
    /// list does not tell is asked for by itself.
    async fn list_channels(&self, wanted: &str) {
        let mut listed = self.listed.lock().await;
        let now = self.clock.now();
        let lately = listed.is_some_and(|at| (now - at).abs() < LIST_AGAIN);
        if lately || recall(&self.channels, wanted, now).is_some() {
            return;
        }
        match self.slack.conversations(Priority::FirstReply).await {
            Ok(all) => {
                for (id, channel) in all {
                    if let Some(channel) = channel {
                        remember(&self.channels, &id, channel, now);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the list of channels cannot be read"),
        }
        *listed = Some(now);
    }
}

/// One of those who ask about a channel now, until it is dropped.
struct Asking<'a> {
    asking: &'a AtomicUsize,
    /// How many there are with it.
    of: usize,
}

impl<'a> Asking<'a> {
    fn begin(asking: &'a AtomicUsize) -> Self {
        let before = asking.fetch_add(1, Ordering::Relaxed);
        Self {
            asking,
            of: before + 1,
        }
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.asking.fetch_sub(1, Ordering::Relaxed);
    }
}

fn unknown(error: &SlackError) -> Denied {
    tracing::warn!(%error, "Slack does not say who is asking: refused");
    Denied::Unknown
}

type Remembered<T> = HashMap<String, (DateTime<Utc>, T)>;

fn recall<T: Clone>(memory: &Mutex<Remembered<T>>, id: &str, now: DateTime<Utc>) -> Option<T> {
    let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    let (at, fact) = memory.get(id)?;
    ((now - *at).abs() < BELIEVED_FOR).then(|| fact.clone())
}

fn remember<T>(memory: &Mutex<Remembered<T>>, id: &str, fact: T, now: DateTime<Utc>) {
    let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    if memory.len() >= MANY {
        memory.retain(|_, (at, _)| (now - *at).abs() < BELIEVED_FOR);
        if memory.len() >= MANY {
            memory.clear();
        }
    }
    memory.insert(id.to_owned(), (now, fact));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Show};

    fn rules() -> Rules {
        Rules {
            access: Access::default(),
            channels: Channels {
                listed: vec![config::Channel {
                    id: "C1".into(),
                    name: None,
                    show: Show::default(),
                    environments: Vec::new(),
                }],
                direct: Some(Show::default()),
            },
            leads: vec!["ULEAD".into()],
            team_id: "T1".into(),
        }
    }

    fn channel(id: &str) -> Channel {
        Channel {
            id: id.into(),
            name: None,
            is_shared_outside: false,
            is_member: true,
            is_im: id.starts_with('D'),
            is_archived: false,
        }
    }

    fn user(id: &str) -> User {
        User {
            id: id.into(),
            team_id: Some("T1".into()),
            deleted: false,
            is_bot: false,
            is_guest: false,
            is_stranger: false,
            locale: None,
            name: String::new(),
            tz_offset: None,
        }
    }

    #[test]
    fn a_member_in_a_listed_channel_may() {
        assert_eq!(rules().decide(&channel("C1"), &user("U1")), Ok(()));
        assert_eq!(rules().decide(&channel("D1"), &user("U1")), Ok(()));
    }

    #[test]
    fn everybody_else_may_not() {
        let with = |change: fn(&mut User)| {
            let mut user = user("U1");
            change(&mut user);
            rules().decide(&channel("C1"), &user)
        };
        assert_eq!(with(|u| u.is_guest = true), Err(Denied::Guest));
        assert_eq!(with(|u| u.is_stranger = true), Err(Denied::Stranger));
        assert_eq!(
            with(|u| u.team_id = Some("T9".into())),
            Err(Denied::Stranger)
        );
        assert_eq!(with(|u| u.team_id = None), Err(Denied::Unknown));
        assert_eq!(with(|u| u.deleted = true), Err(Denied::NotAPerson));
        assert_eq!(with(|u| u.is_bot = true), Err(Denied::NotAPerson));
        assert_eq!(
            rules().decide(&channel("C2"), &user("U1")),
            Err(Denied::Channel)
        );
        let shared = Channel {
            is_shared_outside: true,
            ..channel("C1")
        };
        assert_eq!(
            rules().decide(&shared, &user("U1")),
            Err(Denied::SharedChannel)
        );
        let mut quiet = rules();
        quiet.channels.direct = None;
        assert_eq!(
            quiet.decide(&channel("D1"), &user("U1")),
            Err(Denied::Direct)
        );
    }

    #[test]
    fn a_list_of_people_excludes_the_others_but_never_a_lead() {
        let mut rules = rules();
        rules.access.users = vec!["U1".into()];
        assert_eq!(rules.decide(&channel("C1"), &user("U1")), Ok(()));
        assert_eq!(rules.decide(&channel("C1"), &user("U2")), Err(Denied::User));
        assert_eq!(rules.decide(&channel("C1"), &user("ULEAD")), Ok(()));
    }
}
