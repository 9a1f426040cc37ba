//! What Slack still holds of our incidents: for a start after which the store knows nothing. Reads
//! the threads of a channel that we answered in, and what our messages there say of themselves
//! ([`crate::incident::Trace`]).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::catch_up::ts_of;
use super::slack::{Address, Inbound, Said, Us, as_event, keys, read};
use crate::clients::slack::{Priority, Slack, SlackError};
use crate::incident::{IncidentId, Stamp, Standing, Trace, Ts};
use crate::text::Untrusted;

/// Pages of one list that are read at most.
const MANY_PAGES: usize = 50;
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
    let ts = word.id.strip_prefix(channel)?.strip_prefix('-')?;
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
        assert_eq!(found.from, Some(Ts::new("1700000302.000000")));
        // The question is older than the catch-up reads again; our own line is not.
        assert_eq!(found.known, [["message/C1/1700000302.000000"]]);
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
        assert_eq!((found.open, found.from), (vec![], None));
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
    fn a_line_in_another_thread_does_not_move_the_incident_there() {
        let other = |ts: &str| json!({"type": "message", "user": "U2", "ts": ts, "text": "<@UBOT> all is down"});
        let mut told = answer("UBOT", "1700000009.000000", "handled-in-v2-1", 2, OPEN);
        told["thread_ts"] = json!("1700000005.000000");
        let there = vec![other("1700000005.000000"), told];
        let here = |trace: &str| {
            vec![
                question(),
                answer("UBOT", "1700000001.000000", "answer-1", 9, trace),
            ]
        };
        let found = of_threads(&[there.clone(), here(OPEN)], "C1", &us()).open;
        assert_eq!((found.len(), &found[0].thread), (1, &Ts::new(ASKED)));
        let over = here("production.1.1700000000.over");
        assert_eq!(of_threads(&[there.clone(), over], "C1", &us()).open, []);
        // Its own thread is in another channel: it is taken up there.
        assert_eq!(of_threads(&[there], "C1", &us()).open, []);
    }

    #[test]
    fn what_was_being_looked_at_when_the_store_was_lost_is_asked_again() {
        let ask = |ts: &str| {
            let text = "<@UBOT> payment is down";
            json!({"type": "message", "user": "U2", "ts": ts, "text": text})
        };
        let talk =
            json!({"type": "message", "user": "U2", "ts": "1699999990.000000", "text": "hi"});
        let old = ask("1699990000.000000");
        let lost = ask("1700000000.900000");
        let answered = vec![
            question(),
            answer("UBOT", "1700000001.000000", "answer-1", 3, OPEN),
        ];
        let threads = [vec![old], vec![talk], vec![lost], answered];
        let found = of_threads(&threads, "C1", &us());
        assert_eq!(found.from, Some(Ts::new("1700000000.900000")));
        let answered = [format!("message/C1/{ASKED}")];
        assert!(
            found.known.contains(&answered.to_vec()),
            "{:?}",
            found.known
        );
        assert_eq!(found.known.len(), 2, "the lost one is not known");
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
