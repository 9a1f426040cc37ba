//! A store as JSON lines: a header, then one thing a line. The way from one engine to another, and
//! the copy taken before an upgrade.

use std::io::{BufRead, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::rows::{from_json, read_head, to_json};
use super::{Inbox, Snapshot, StoreError, Watermark};
use crate::incident::Incident;

/// Version of the lines.
const EXPORT: u32 = 1;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    /// The first one.
    VigieExport(u32),
    Incident(Box<serde_json::value::Value>),
    Arrival(Inbox),
    Key(String, DateTime<Utc>),
    Watermark(Watermark),
    Document(String, String),
}

/// Writes a snapshot.
pub fn export(snapshot: &Snapshot, mut out: impl Write) -> Result<(), StoreError> {
    let mut line = |line: &Line| -> Result<(), StoreError> {
        let mut json = to_json("a line", line)?;
        json.push(b'\n');
        out.write_all(&json)
            .map_err(|error| StoreError::Io(error.to_string()))
    };
    line(&Line::VigieExport(EXPORT))?;
    for incident in &snapshot.incidents {
        let value = serde_json::to_value(incident);
        let value = value.map_err(|error| super::rows::unreadable(incident.id.as_str(), error))?;
        line(&Line::Incident(Box::new(value)))?;
    }
    for arrival in &snapshot.inbox {
        line(&Line::Arrival(arrival.clone()))?;
    }
    for (key, seen) in &snapshot.keys {
        line(&Line::Key(key.clone(), *seen))?;
    }
    for mark in &snapshot.watermarks {
        line(&Line::Watermark(mark.clone()))?;
    }
    for (name, text) in &snapshot.documents {
        line(&Line::Document(name.clone(), text.clone()))?;
    }
    out.flush()
        .map_err(|error| StoreError::Io(error.to_string()))
}

/// Reads a snapshot; a mistake names its line.
pub fn import(input: impl BufRead) -> Result<Snapshot, StoreError> {
    let mut snapshot = Snapshot::default();
    let mut headed = false;
    for (number, text) in input.lines().enumerate() {
        let what = format!("line {}", number + 1);
        let text = text.map_err(|error| StoreError::Io(error.to_string()))?;
        let line: Line = from_json(&what, text.as_bytes())?;
        match line {
            Line::VigieExport(found) if found > EXPORT => {
                return Err(StoreError::NewerFormat {
                    what,
                    found,
                    known: EXPORT,
                });
            }
            Line::VigieExport(_) => headed = true,
            _ if !headed => return Err(super::rows::unreadable(&what, "the header is missing")),
            Line::Incident(value) => {
                let json = to_json(&what, &value)?;
                read_head(&what, &json)?;
                snapshot
                    .incidents
                    .push(from_json::<Incident>(&what, &json)?);
            }
            Line::Arrival(arrival) => snapshot.inbox.push(arrival),
            Line::Key(key, seen) => drop(snapshot.keys.insert(key, seen)),
            Line::Watermark(mark) => snapshot.watermarks.push(mark),
            Line::Document(name, text) => drop(snapshot.documents.insert(name, text)),
        }
    }
    if headed {
        Ok(snapshot)
    } else {
        Err(super::rows::unreadable("the export", "it is empty"))
    }
}
