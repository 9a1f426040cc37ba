//! Arrivals that nobody could handle, put aside among the documents: kept for whoever looks for the fault, and told to
//! whoever runs the bot, because nobody was answered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Inbox, Store, StoreError};
use crate::text::{Untrusted, cap};

/// Where they are among the documents.
pub(super) const FOLDER: &str = "aside/";
/// Characters of what was said that are shown.
const SHOWN: usize = 200;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// Its number.
    pub id: String,
    /// What sort of thing it is: `slack-event`, `alertmanager`; empty where an older version kept it.
    pub kind: String,
    /// When it came (UTC); not known where an older version kept it.
    pub received_at: Option<DateTime<Utc>>,
    /// The words of a message or the names of alerts, cut.
    pub said: Untrusted,
}

/// The document that keeps an arrival.
pub(crate) fn document(inbox: &Inbox) -> (String, String) {
    let text = serde_json::to_string(inbox).unwrap_or_else(|_| inbox.payload.clone());
    (format!("{FOLDER}{}", inbox.id.0), text)
}

/// Those that are kept, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn put_aside(store: &dyn Store) -> Result<Vec<Aside>, StoreError> {
    let documents = store.documents(FOLDER).await?;
    let mut all: Vec<Aside> = documents
        .iter()
        .map(|(name, text)| read(name, text))
        .collect();
    all.sort_by_key(|one| (one.received_at, one.id.parse::<u64>().unwrap_or_default()));
    Ok(all)
}

/// When the arrival came that this document keeps.
pub(super) fn received_at(text: &str) -> Option<DateTime<Utc>> {
    Some(serde_json::from_str::<Inbox>(text).ok()?.received_at)
}

fn read(name: &str, text: &str) -> Aside {
    let inbox = serde_json::from_str::<Inbox>(text).ok();
    let payload = inbox.as_ref().map_or(text, |inbox| inbox.payload.as_str());
    Aside {
        id: name.trim_start_matches(FOLDER).to_owned(),
        kind: inbox
            .as_ref()
            .map(|inbox| inbox.kind.clone())
            .unwrap_or_default(),
        received_at: inbox.as_ref().map(|inbox| inbox.received_at),
        said: Untrusted::new(cap(&said(payload), SHOWN)),
    }
}

/// What a person would know it by.
fn said(payload: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(payload) else {
        return payload.to_owned();
    };
    let places = [
        "/payload/event/text",
        "/event/text",
        "/payload/message/text",
        "/payload/text",
    ];
    let text = places.iter().find_map(|at| value.pointer(at)?.as_str());
    let mut names = Vec::new();
    names_in(&value, &mut names);
    match text {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ if !names.is_empty() => names.join(", "),
        _ => payload.to_owned(),
    }
}

/// Names of alerts, wherever they stand in it.
fn names_in(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("alertname").and_then(Value::as_str);
            names.extend(
                name.filter(|name| !names.iter().any(|one| one == name))
                    .map(str::to_owned),
            );
            fields.values().for_each(|value| names_in(value, names));
        }
        Value::Array(values) => values.iter().for_each(|value| names_in(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::InboxId;

    fn kept(kind: &str, payload: &str) -> Aside {
        let inbox = Inbox {
            id: InboxId(7),
            kind: kind.to_owned(),
            payload: payload.to_owned(),
            received_at: "2026-11-25T15:00:00Z".parse().unwrap(),
        };
        let (name, text) = document(&inbox);
        assert_eq!(received_at(&text), Some(inbox.received_at));
        read(&name, &text)
    }

    #[test]
    fn a_message_is_known_by_its_words_and_alerts_by_their_names() {
        let message = kept(
            "slack-event",
            r#"{"payload":{"event":{"text":"payment est lent","channel":"C1"}}}"#,
        );
        assert_eq!(
            (message.id.as_str(), message.said.raw()),
            ("7", "payment est lent")
        );
        let alerts = r#"{"alerts":[{"labels":{"alertname":"A"}},{"labels":{"alertname":"A"}},{"labels":{"alertname":"B"}}]}"#;
        assert_eq!(kept("alertmanager", alerts).said.raw(), "A, B");
        let long = kept("slack-event", &"x".repeat(5_000))
            .said
            .raw()
            .chars()
            .count();
        assert!(long <= SHOWN + 1, "{long}");
    }

    #[test]
    fn what_an_older_version_kept_is_listed_too() {
        let old = read("aside/12", r#"{"payload":{"event":{"text":"hello"}}}"#);
        assert_eq!(
            (old.id.as_str(), old.received_at, old.said.raw()),
            ("12", None, "hello")
        );
    }
}
