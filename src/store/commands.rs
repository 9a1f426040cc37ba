//! What each method of [`super::Store`] does to the rows.

use aho_corasick::AhoCorasick;
use chrono::{DateTime, TimeDelta, Utc};

use super::rows::{
    LAYOUT, Row, Rows, Written, from_json, name_of, put_incident, read_head, read_incident, text,
    thread_key, to_json, unreadable,
};
use super::{
    Accepted, Arrival, Commit, Inbox, InboxId, Limits, Snapshot, StoreError, Watermark, aside,
};
use crate::incident::{ChannelId, Incident, ThreadRef, Ts};

type Result<T> = std::result::Result<T, StoreError>;

/// Names of arrivals are kept at least this long: Slack delivers an event again for minutes, and
/// the catch-up reads a day back.
const KEYS_AT_LEAST: TimeDelta = TimeDelta::hours(24);

pub(super) fn accept(rows: &mut Rows<'_>, arrival: Arrival) -> Result<Accepted> {
    let mut known = false;
    for key in &arrival.keys {
        known |= rows.get(&format!("k/{key}"))?.is_some();
    }
    let seen = arrival.received_at.timestamp_millis().to_be_bytes();
    for key in &arrival.keys {
        let key = format!("k/{key}");
        // The first sight counts; the other names of a known arrival become known too.
        if rows.get(&key)?.is_none() {
            rows.put(&key, seen);
        }
    }
    if known {
        return Ok(Accepted::Duplicate);
    }
    let id = InboxId(rows.counter("arrivals")? + 1);
    rows.set_counter("arrivals", id.0);
    let Arrival {
        kind,
        payload,
        received_at,
        ..
    } = arrival;
    let waiting = waiting(rows)?;
    rows.set_counter("inbox", waiting + 1);
    put_arrival(
        rows,
        &Inbox {
            id,
            kind,
            payload,
            received_at,
        },
    )?;
    Ok(Accepted::New(id))
}

/// Numbers are written so that the order of the keys is theirs.
fn arrival_key(id: InboxId) -> String {
    format!("a/{:020}", id.0)
}

fn put_arrival(rows: &mut Rows<'_>, inbox: &Inbox) -> Result<()> {
    let key = arrival_key(inbox.id);
    let json = to_json(&key, inbox)?;
    rows.put(&key, json);
    Ok(())
}

/// How many arrivals wait. A store from before they were counted is counted once.
pub(super) fn waiting(rows: &Rows<'_>) -> Result<u64> {
    match rows.get("m/inbox")? {
        Some(_) => rows.counter("inbox"),
        None => Ok(rows.scan("a/")?.len() as u64),
    }
}

/// The rows of the arrivals that wait, for [`arrivals`].
pub(super) fn pending(rows: &Rows<'_>) -> Result<Vec<Row>> {
    rows.scan("a/")
}

pub(super) fn arrivals(rows: &[Row]) -> Result<Vec<Inbox>> {
    rows.iter()
        .map(|(_, value)| from_json("an arrival", value))
        .collect()
}

/// A commit with its records as they will be written.
pub(super) struct Ready {
    incidents: Vec<Written>,
    rest: Commit,
}

impl Ready {
    pub fn of(mut commit: Commit) -> Result<Self> {
        let incidents = std::mem::take(&mut commit.incidents);
        Ok(Self {
            incidents: incidents.iter().map(Written::of).collect::<Result<_>>()?,
            rest: commit,
        })
    }
}

pub(super) fn commit(rows: &mut Rows<'_>, ready: Ready) -> Result<()> {
    let effects = !ready.incidents.is_empty();
    for incident in ready.incidents {
        put_incident(rows, incident)?;
    }
    let commit = ready.rest;
    if consume(rows, commit.consumed)? && effects {
        return Err(StoreError::Consumed);
    }
    for mark in commit.watermarks {
        put_watermark(rows, &mark)?;
    }
    for (name, document) in commit.documents {
        let key = format!("d/{name}");
        match document {
            Some(text) => rows.put(&key, text),
            None => rows.remove(&key),
        }
    }
    Ok(())
}

/// Removes arrivals; whether one of them was gone.
fn consume(rows: &mut Rows<'_>, arrivals: Vec<InboxId>) -> Result<bool> {
    let (mut left, mut gone) = (waiting(rows)?, false);
    for key in arrivals.into_iter().map(arrival_key) {
        if rows.get(&key)?.is_none() {
            gone = true;
            continue;
        }
        rows.remove(&key);
        left = left.saturating_sub(1);
        rows.set_counter("inbox", left);
    }
    Ok(gone)
}

/// A watermark never goes back.
fn put_watermark(rows: &mut Rows<'_>, mark: &Watermark) -> Result<()> {
    let key = format!("w/{}", mark.channel.as_str());
    let old = rows.text(&key)?.map(Ts::new);
    if old.is_none_or(|old| old.at() < mark.ts.at()) {
        rows.put(&key, mark.ts.as_str());
    }
    Ok(())
}

pub(super) fn load_live(rows: &Rows<'_>) -> Result<Vec<Incident>> {
    let mut live = Vec::new();
    for (key, _) in rows.scan("l/")? {
        let id = name_of(&key)?;
        live.push(
            rows.incident(&id)?
                .ok_or_else(|| unreadable(&id, "marked live, not there"))?,
        );
    }
    Ok(live)
}

pub(super) fn load_all(rows: &Rows<'_>) -> Result<Vec<Incident>> {
    let rows = rows.scan("i/")?;
    rows.iter()
        .map(|(key, value)| read_incident(&String::from_utf8_lossy(key), value))
        .collect()
}

/// When a record was opened and changed (UTC): read first, because most records are old.
#[derive(serde::Deserialize)]
struct Times {
    opened_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

pub(super) fn load_since(rows: &Rows<'_>, since: DateTime<Utc>) -> Result<Vec<Incident>> {
    load_where(rows, since, |_| true)
}

/// A record is read only if its text has one of the names: reading is what costs, and nobody else is served
/// meanwhile.
pub(super) fn load_naming(
    rows: &Rows<'_>,
    names: &[String],
    since: DateTime<Utc>,
) -> Result<Vec<Incident>> {
    let written = names.iter().map(|name| to_json("a name", name));
    let written = written.collect::<Result<Vec<_>>>()?;
    let any = AhoCorasick::new(written).map_err(|error| unreadable("names", error))?;
    load_where(rows, since, |value| any.is_match(value))
}

fn load_where(
    rows: &Rows<'_>,
    since: DateTime<Utc>,
    wanted: impl Fn(&[u8]) -> bool,
) -> Result<Vec<Incident>> {
    let mut found = Vec::new();
    for (key, value) in rows.scan("i/")? {
        if !wanted(&value) {
            continue;
        }
        let what = String::from_utf8_lossy(&key);
        // A record of a newer vigie is refused, however old it is.
        read_head(&what, &value)?;
        let times: Times = from_json(&what, &value)?;
        if times.updated_at >= since || times.opened_at >= since {
            found.push(read_incident(&what, &value)?);
        }
    }
    found.sort_by_key(|incident| incident.opened_at);
    Ok(found)
}

pub(super) fn find_by_thread(rows: &Rows<'_>, thread: &ThreadRef) -> Result<Option<Incident>> {
    let Some(key) = thread_key(thread) else {
        return Ok(None);
    };
    match rows.text(&key)? {
        Some(id) => rows.incident(&id),
        None => Ok(None),
    }
}

pub(super) fn watermarks(rows: &Rows<'_>) -> Result<Vec<Watermark>> {
    let mark = |(key, value): (Vec<u8>, Vec<u8>)| -> Result<Watermark> {
        let channel = ChannelId::new(name_of(&key)?);
        Ok(Watermark {
            channel,
            ts: Ts::new(text("a watermark", value)?),
        })
    };
    rows.scan("w/")?.into_iter().map(mark).collect()
}

pub(super) fn documents(rows: &Rows<'_>, prefix: &str) -> Result<Vec<(String, String)>> {
    let found = rows.scan(&format!("d/{prefix}"))?.into_iter();
    found
        .map(|(key, value)| Ok((name_of(&key)?, text("a document", value)?)))
        .collect()
}

pub(super) fn prune(rows: &mut Rows<'_>, limits: Limits, now: DateTime<Utc>) -> Result<u64> {
    let mut forgotten = 0;
    let oldest = now - limits.keys.max(KEYS_AT_LEAST);
    for (key, value) in rows.scan("k/")? {
        if seen_at(&value)? < oldest {
            rows.remove(&text("key", key)?);
            forgotten += 1;
        }
    }
    for (name, document) in documents(rows, aside::FOLDER)? {
        if aside::received_at(&document).is_some_and(|at| at < now - limits.incidents) {
            rows.remove(&format!("d/{name}"));
            forgotten += 1;
        }
    }
    let mut ids = Vec::new();
    for incident in load_all(rows)? {
        if !incident.is_live() && incident.updated_at < now - limits.incidents {
            ids.push(incident.id.as_str().to_owned());
        }
    }
    for id in &ids {
        for prefix in ["i", "l", "o"] {
            rows.remove(&format!("{prefix}/{id}"));
        }
    }
    let threads = if ids.is_empty() {
        Vec::new()
    } else {
        rows.scan("t/")?
    };
    for (key, value) in threads {
        if ids.contains(&text("a thread", value)?) {
            rows.remove(&text("key", key)?);
        }
    }
    Ok(forgotten + ids.len() as u64)
}

fn seen_at(value: &[u8]) -> Result<DateTime<Utc>> {
    let bytes = value
        .try_into()
        .map_err(|_| unreadable("a key", "no time"))?;
    DateTime::from_timestamp_millis(i64::from_be_bytes(bytes))
        .ok_or_else(|| unreadable("a key", "no time"))
}

pub(super) fn snapshot(rows: &Rows<'_>) -> Result<Snapshot> {
    let mut snapshot = Snapshot {
        incidents: load_all(rows)?,
        inbox: arrivals(&pending(rows)?)?,
        watermarks: watermarks(rows)?,
        ..Snapshot::default()
    };
    for (key, value) in rows.scan("k/")? {
        snapshot.keys.insert(name_of(&key)?, seen_at(&value)?);
    }
    for (key, value) in rows.scan("d/")? {
        snapshot
            .documents
            .insert(name_of(&key)?, text("a document", value)?);
    }
    Ok(snapshot)
}

pub(super) fn restore(rows: &mut Rows<'_>, snapshot: Snapshot) -> Result<()> {
    if !rows.scan("i/")?.is_empty() || !rows.scan("a/")?.is_empty() {
        return Err(StoreError::NotEmpty);
    }
    for incident in &snapshot.incidents {
        // The version before its own, so that it goes through the same door as every other.
        let mut before = incident.clone();
        before.version = incident.version.max(1);
        let key = format!("i/{}", incident.id.as_str());
        if before.version > 1 {
            let mut previous = before.clone();
            previous.version -= 1;
            let json = to_json(&key, &previous)?;
            rows.put(&key, json);
        }
        put_incident(rows, Written::of(&before)?)?;
    }
    let mut last = 0;
    for inbox in &snapshot.inbox {
        last = last.max(inbox.id.0);
        put_arrival(rows, inbox)?;
    }
    rows.set_counter("arrivals", last);
    rows.set_counter("inbox", snapshot.inbox.len() as u64);
    for (key, seen) in &snapshot.keys {
        rows.put(&format!("k/{key}"), seen.timestamp_millis().to_be_bytes());
    }
    let Snapshot {
        watermarks,
        documents,
        ..
    } = snapshot;
    let documents = documents
        .into_iter()
        .map(|(name, text)| (name, Some(text)))
        .collect();
    let rest = Commit {
        watermarks,
        documents,
        ..Commit::default()
    };
    commit(rows, Ready::of(rest)?)
}

/// Writes what makes an empty engine a store.
pub(super) fn found(rows: &mut Rows<'_>, id: &str) {
    rows.put("m/id", id);
    rows.set_counter("layout", LAYOUT.into());
}
