//! What Slack still holds of our incidents: for a start after which the store knows nothing. Reads
//! the threads of a channel that we answered in, and what our messages there say of themselves
//! ([`crate::incident::Trace`]).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::catch_up::ts_of;
use super::pages::pages;
use super::slack::{Address, Inbound, Said, Us, as_event, keys, read};
use crate::clients::slack::{Priority, Slack, SlackError};
use crate::incident::{IncidentId, Stamp, Standing, Trace, Ts};
use crate::text::Untrusted;

/// Nothing else can be done before.
const PRIORITY: Priority = Priority::FirstReply;
/// A question without an answer that is older than this, before our newest message, was none for us.
const LATELY: TimeDelta = TimeDelta::hours(1);
/// The catch-up reads a little back from where it goes on; more than it does.
const AROUND: TimeDelta = TimeDelta::minutes(5);

/// What a channel tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recollection {
    /// Incidents that were not over when their newest message was written.
    pub open: Vec<Found>,
    /// Where the catch-up has to go on: our newest message, or what asked us before it and has no answer.
    /// None where we never wrote.
    pub from: Option<Ts>,
    /// Names, for de-duplication, of the messages from there on that are answered.
    pub known: Vec<Vec<String>>,
}

/// One incident as its thread tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its name.
    pub id: IncidentId,
    /// How it stood.
    pub trace: Trace,
    /// The highest number among its answers.
    pub answers: u32,
    /// The thread's first message.
    pub thread: Ts,
    /// The message that opened it; none if that is gone.
    pub said: Option<Said>,
    /// What we said last, for want of the question.
    pub text: Untrusted,
}

/// Reads one channel back to `since`; `beat` is called between the requests.
///
/// # Errors
/// When Slack does not let it be read, or not now.
pub async fn recollect(
    slack: &Slack,
    us: &Us,
    channel: &str,
    since: DateTime<Utc>,
    beat: &(dyn Fn() + Send + Sync),
) -> Result<Recollection, SlackError> {
    let oldest = ts_of(since);
    let roots = pages(slack, channel, (None, Some(&oldest)), PRIORITY, beat).await?;
    let mut threads = Vec::new();
    for root in roots {
        if !may_hold_ours(&root, us) {
            threads.push(vec![root]);
            continue;
        }
        let ts = root["ts"].as_str().unwrap_or_default();
        threads.push(pages(slack, channel, (Some(ts), None), PRIORITY, beat).await?);
    }
    Ok(of_threads(&threads, channel, us))
}

/// Whether we may have written in the thread under a message. Slack names only the first few
/// authors of replies.
fn may_hold_ours(root: &Value, us: &Us) -> bool {
    let named = root["reply_users"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let all = root["reply_users_count"].as_u64().unwrap_or_default();
    let replied = root["reply_count"].as_u64().unwrap_or_default() > 0;
    let unnamed = u64::try_from(named.len()).unwrap_or(u64::MAX) < all;
    replied && (unnamed || named.iter().any(|user| *user == us.user_id.as_str()))
}

/// What the threads of a channel tell. Pure.
fn of_threads(threads: &[Vec<Value>], channel: &str, us: &Us) -> Recollection {
    let all = || threads.iter().flatten();
    let newest = all().filter(|one| us.wrote(one)).filter_map(ts_of_message);
    let Some(newest) = newest.max_by_key(Ts::at) else {
        return Recollection::default();
    };
    let event = |message: &Value| as_event(message.clone(), channel, &us.team_id);
    let answered = threads
        .iter()
        .filter(|thread| thread.iter().any(|one| us.wrote(one)));
    let from = unanswered(threads, channel, us, &newest).unwrap_or_else(|| newest.clone());
    let reached = |message: &&Value| {
        ts_of_message(message).is_some_and(|ts| {
            ts.at() <= newest.at() && from.at().is_none_or(|from| ts.at() >= Some(from - AROUND))
        })
    };
    let known = answered.flatten().filter(reached);
    Recollection {
        known: known.map(|message| keys(&event(message))).collect(),
        open: open_in(threads, channel, us),
        from: Some(from),
    }
}

fn ts_of_message(message: &Value) -> Option<Ts> {
    message["ts"].as_str().map(Ts::new)
}

/// The oldest message shortly before our newest one that asks us and that we did not answer: it was
/// being looked at when the store was lost.
fn unanswered(threads: &[Vec<Value>], channel: &str, us: &Us, newest: &Ts) -> Option<Ts> {
    let asks = |message: &Value| {
        let event = as_event(message.clone(), channel, &us.team_id);
        matches!(read(&event, us), Inbound::Said(said) if said.address != Address::Reply)
    };
    let alone = threads
        .iter()
        .filter(|thread| !thread.iter().any(|one| us.wrote(one)));
    let asked = alone.flatten().filter(|message| asks(message));
    let lately = |ts: &Ts| ts.at() <= newest.at() && ts.at() >= newest.at().map(|at| at - LATELY);
    asked
        .filter_map(ts_of_message)
        .filter(lately)
        .min_by_key(Ts::at)
}

/// The incidents of this channel that were not over. What is said of one in another thread (that it is
/// handled here) counts, and opens nothing there.
fn open_in(threads: &[Vec<Value>], channel: &str, us: &Us) -> Vec<Found> {
    let mut newest: BTreeMap<&str, Word<'_>> = BTreeMap::new();
    let ours = threads.iter().flatten().filter(|one| us.wrote(one));
    for word in ours.flat_map(words) {
        let seen = newest.entry(word.id).or_insert_with(|| word.clone());
        let answers = seen.answers.max(word.answers);
        if word.order() > seen.order() {
            *seen = word;
        }
        seen.answers = answers;
    }
    let open = newest.into_values();
    let open = open.filter(|word| word.trace.standing != Standing::Over);
    open.filter_map(|word| found(word, threads, channel, us))
        .collect()
}

/// An incident with its thread: the one its question is in.
fn found(word: Word<'_>, threads: &[Vec<Value>], channel: &str, us: &Us) -> Option<Found> {
    // An alert of the webhook has no message of its own: the thread is the one that we opened for it.
    let opened = word
        .id
        .strip_prefix(channel)
        .and_then(|rest| rest.strip_prefix('-'));
    let ts = match (opened, &word.trace.alert) {
        (Some(ts), _) => ts,
        (None, Some(_)) => "",
        (None, None) => return None,
    };
    let holds = |thread: &&Vec<Value>| thread.iter().any(|one| one["ts"] == ts);
    // A question that was deleted leaves the thread that our answer is in.
    let answers = |thread: &&Vec<Value>| {
        let ours = thread.iter().filter(|one| us.wrote(one));
        ours.flat_map(words)
            .any(|one| one.id == word.id && one.answers > 0)
    };
    let thread = threads
        .iter()
        .find(holds)
        .or_else(|| threads.iter().find(answers))?;
    Some(Found {
        id: IncidentId::new(word.id),
        said: opener(thread, ts, channel, us),
        thread: ts_of_message(thread.first()?)?,
        trace: word.trace,
        answers: word.answers,
        text: Untrusted::new(word.text),
    })
}

/// What one message of ours says of its incident.
#[derive(Clone)]
struct Word<'a> {
    id: &'a str,
    version: u64,
    trace: Trace,
    answers: u32,
    text: &'a str,
}

impl Word<'_> {
    fn order(&self) -> (u32, u64) {
        (self.trace.life, self.version)
    }
}

fn words(message: &Value) -> impl Iterator<Item = Word<'_>> {
    let blocks = message["blocks"].as_array().into_iter().flatten();
    blocks.filter_map(|block| {
        let stamp = Stamp::parse(block["block_id"].as_str()?)?;
        let (id, what) = stamp.key.split_once('/')?;
        let number = what.strip_prefix("answer-").and_then(|n| n.parse().ok());
        Some(Word {
            id,
            version: stamp.version,
            trace: Trace::parse(stamp.trace?)?,
            answers: number.unwrap_or(0),
            text: message["text"].as_str().unwrap_or_default(),
        })
    })
}

/// The message that opened an incident, read as when it came.
fn opener(thread: &[Value], ts: &str, channel: &str, us: &Us) -> Option<Said> {
    let message = thread.iter().find(|message| message["ts"] == ts)?;
    match read(&as_event(message.clone(), channel, &us.team_id), us) {
        Inbound::Said(said) => Some(said),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
