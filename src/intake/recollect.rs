//! What Slack still holds of our incidents: for a start after which the store knows nothing. Reads
//! the threads of a channel that we answered in, and what our messages there say of themselves
//! ([`crate::incident::Trace`]).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::catch_up::ts_of;
use super::slack::{Inbound, Said, Us, as_event, keys, read};
use crate::clients::slack::{Priority, Slack, SlackError};
use crate::incident::{IncidentId, Stamp, Standing, Trace, Ts};
use crate::text::Untrusted;

/// Pages of one list that are read at most.
const MANY_PAGES: usize = 50;

/// What a channel tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recollection {
    /// Incidents that were not over when their newest message was written.
    pub open: Vec<Found>,
    /// The newest message of ours: what was written before it reached us.
    pub newest: Option<Ts>,
    /// Names, for de-duplication, of the messages that reached us.
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
    let roots = pages(slack, channel, None, Some(&oldest), beat).await?;
    let mut threads = Vec::new();
    for root in roots {
        if !may_hold_ours(&root, us) {
            threads.push(vec![root]);
            continue;
        }
        let ts = root["ts"].as_str().unwrap_or_default();
        threads.push(pages(slack, channel, Some(ts), None, beat).await?);
    }
    Ok(of_threads(&threads, channel, us))
}

async fn pages(
    slack: &Slack,
    channel: &str,
    thread: Option<&str>,
    oldest: Option<&str>,
    beat: &(dyn Fn() + Send + Sync),
) -> Result<Vec<Value>, SlackError> {
    let priority = Priority::FirstReply;
    let (mut messages, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..MANY_PAGES {
        beat();
        let from = cursor.as_deref();
        let page = match thread {
            Some(thread) => {
                slack
                    .replies(channel, thread, oldest, from, priority)
                    .await?
            }
            None => slack.history(channel, oldest, from, priority).await?,
        };
        messages.extend(page.messages);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(messages)
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
    let ts = |message: &Value| message["ts"].as_str().map(Ts::new);
    let ours = threads.iter().flatten().filter(|one| us.wrote(one));
    let newest = ours.filter_map(ts).max_by_key(Ts::at);
    let reached = |message: &&Value| {
        newest
            .as_ref()
            .is_some_and(|newest| ts(message).is_some_and(|ts| ts.at() <= newest.at()))
    };
    let event = |message: &Value| as_event(message.clone(), channel, &us.team_id);
    let known = threads.iter().flatten().filter(reached);
    Recollection {
        known: known.map(|message| keys(&event(message))).collect(),
        open: threads
            .iter()
            .flat_map(|thread| open_in(thread, channel, us))
            .collect(),
        newest,
    }
}

/// The incidents of one thread that were not over.
fn open_in(thread: &[Value], channel: &str, us: &Us) -> Vec<Found> {
    let Some(root) = thread.first().and_then(|root| root["ts"].as_str()) else {
        return Vec::new();
    };
    let mut newest: BTreeMap<&str, Word<'_>> = BTreeMap::new();
    for message in thread.iter().filter(|one| us.wrote(one)) {
        for word in words(message) {
            let seen = newest.entry(word.id).or_insert_with(|| word.clone());
            let answers = seen.answers.max(word.answers);
            if word.order() > seen.order() {
                *seen = word;
            }
            seen.answers = answers;
        }
    }
    let open = newest
        .into_values()
        .filter(|word| word.trace.standing != Standing::Over);
    open.map(|word| Found {
        id: IncidentId::new(word.id),
        said: opener(thread, word.id, channel, us),
        thread: Ts::new(root),
        trace: word.trace,
        answers: word.answers,
        text: Untrusted::new(word.text),
    })
    .collect()
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
fn opener(thread: &[Value], id: &str, channel: &str, us: &Us) -> Option<Said> {
    let ts = id.strip_prefix(channel)?.strip_prefix('-')?;
    let message = thread.iter().find(|message| message["ts"] == ts)?;
    match read(&as_event(message.clone(), channel, &us.team_id), us) {
        Inbound::Said(said) => Some(said),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ASKED: &str = "1700000000.000100";

    fn us() -> Us {
        Us {
            team_id: "T1".into(),
            user_id: "UBOT".into(),
            bot_id: Some("BBOT".into()),
        }
    }

    fn question() -> Value {
        json!({"type": "message", "user": "U1", "ts": ASKED, "text": "<@UBOT> payment is slow",
            "reply_count": 2, "reply_users": ["UBOT"], "reply_users_count": 1})
    }

    fn answer(by: &str, ts: &str, what: &str, version: u64, trace: &str) -> Value {
        let id = format!("vigie:C1-{ASKED}/{what}:{version}:{trace}");
        json!({"type": "message", "user": by, "ts": ts, "thread_ts": ASKED, "text": "payment: killed",
            "blocks": [{"type": "section", "block_id": id}]})
    }

    const OPEN: &str = "production.1.1700000000.open.u1-1700000600-7.h2-1700003600-7";

    #[test]
    fn the_newest_word_counts_whatever_message_it_stands_in() {
        let ack = "production.1.1700000000.ack-UBOB-1700000300.h2-1700003600-7";
        let thread = vec![
            question(),
            answer("UBOT", "1700000001.000000", "answer-1", 9, ack),
            answer("UBOT", "1700000302.000000", "line-v5-1", 5, OPEN),
        ];
        let found = of_threads(&[thread], "C1", &us());
        assert_eq!(found.open.len(), 1);
        assert_eq!(found.open[0].trace, Trace::parse(ack).unwrap());
        assert_eq!(found.open[0].answers, 1);
        let said = found.open[0].said.as_ref().unwrap();
        assert_eq!(said.text.raw(), "<@UBOT> payment is slow");
        assert_eq!(found.newest, Some(Ts::new("1700000302.000000")));
        assert_eq!(found.known[0], [format!("message/C1/{ASKED}")]);
    }

    #[test]
    fn what_is_over_stays_over() {
        let thread = vec![
            question(),
            answer("UBOT", "1700000001.000000", "answer-1", 3, OPEN),
            answer(
                "UBOT",
                "1700000900.000000",
                "line-v8-1",
                8,
                "production.1.1700000000.over",
            ),
        ];
        assert_eq!(of_threads(&[thread], "C1", &us()).open, []);
    }

    #[test]
    fn a_later_life_overrules_a_higher_version() {
        let later = "production.1.1700000000.over.l1";
        let thread = vec![
            question(),
            answer("UBOT", "1700000001.000000", "answer-1", 30, OPEN),
            answer("UBOT", "1700000900.000000", "line-l1v2-1", 2, later),
        ];
        assert_eq!(of_threads(&[thread], "C1", &us()).open, []);
    }

    #[test]
    fn nobody_else_can_plant_an_incident() {
        let thread = vec![
            question(),
            answer("UEVIL", "1700000001.000000", "answer-1", 3, OPEN),
        ];
        let found = of_threads(&[thread], "C1", &us());
        assert_eq!((found.open, found.newest), (vec![], None));
    }

    #[test]
    fn a_question_that_was_deleted_leaves_its_promise() {
        let mut gone = question();
        gone["subtype"] = json!("tombstone");
        gone["user"] = json!("USLACKBOT");
        let thread = vec![
            gone,
            answer("UBOT", "1700000001.000000", "answer-1", 3, OPEN),
        ];
        let found = of_threads(&[thread], "C1", &us()).open;
        assert_eq!(found[0].said, None);
        assert_eq!(found[0].text.raw(), "payment: killed");
    }

    #[test]
    fn only_threads_that_may_hold_ours_are_read() {
        let us = us();
        assert!(may_hold_ours(&question(), &us));
        let others = json!({"reply_count": 3, "reply_users": ["U2"], "reply_users_count": 1});
        assert!(!may_hold_ours(&others, &us));
        let many = json!({"reply_count": 9, "reply_users": ["U2"], "reply_users_count": 6});
        assert!(may_hold_ours(&many, &us));
        assert!(!may_hold_ours(&json!({"ts": "1.0"}), &us));
    }
}
