//! One text frame of a Socket Mode connection, sorted. Pure: what the frame is, not what to do.

use serde::Deserialize;
use serde_json::Value;

/// Larger frames are not read: Slack's own stay far below.
pub(super) const MAX_FRAME_BYTES: usize = 1 << 20;

/// What a frame is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Frame {
    /// The connection is ready.
    Hello,
    /// Slack will close, or has closed, this connection.
    Disconnect(String),
    /// Something to save and acknowledge.
    Envelope(String, Value),
    /// Well-formed, and nothing to acknowledge: a kind of frame that is not known.
    Other,
    /// Not readable. It is acknowledged if it says its id, so that Slack does not repeat it.
    Bad {
        id: Option<String>,
        why: &'static str,
    },
}

#[derive(Deserialize)]
struct Head {
    envelope_id: Option<String>,
}

impl Frame {
    /// Sorts the text of a frame. Retries (`retry_attempt`) are envelopes like any other: an event
    /// that came while no socket was open is delivered only as a retry.
    pub fn read(text: &str) -> Self {
        if text.len() > MAX_FRAME_BYTES {
            let id = serde_json::from_str::<Head>(text)
                .ok()
                .and_then(|head| head.envelope_id);
            return Self::Bad {
                id,
                why: "oversized",
            };
        }
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return Self::Bad {
                id: scan_for_id(text),
                why: "not-json",
            };
        };
        let id = value["envelope_id"].as_str().map(str::to_owned);
        match (value["type"].as_str(), id) {
            (Some("hello"), _) => Self::Hello,
            (Some("disconnect"), _) => {
                let reason = value["reason"].as_str().unwrap_or("unknown");
                Self::Disconnect(reason.chars().take(64).collect())
            }
            (Some(_), Some(id)) if value["payload"].is_object() => Self::Envelope(id, value),
            (_, Some(id)) => Self::Bad {
                id: Some(id),
                why: "no-payload",
            },
            (Some(_), None) => Self::Other,
            (None, None) => Self::Bad {
                id: None,
                why: "no-type",
            },
        }
    }
}

/// The id in a frame that was cut: Slack writes it first. Only the characters of a UUID count.
fn scan_for_id(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("\"envelope_id\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let (id, _) = rest.strip_prefix('"')?.split_once('"')?;
    let plausible = !id.is_empty()
        && id.len() <= 64
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    plausible.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bad(id: Option<&str>, why: &'static str) -> Frame {
        Frame::Bad {
            id: id.map(str::to_owned),
            why,
        }
    }

    #[test]
    fn frames_are_sorted() {
        let cases = [
            (r#"{"type":"hello"}"#, Frame::Hello),
            (
                r#"{"type":"disconnect","reason":"refresh_requested"}"#,
                Frame::Disconnect("refresh_requested".into()),
            ),
            (
                r#"{"type":"disconnect"}"#,
                Frame::Disconnect("unknown".into()),
            ),
            (r#"{"type":"news"}"#, Frame::Other),
            ("", bad(None, "not-json")),
            ("null", bad(None, "no-type")),
            ("[1,2]", bad(None, "no-type")),
            (r#"{"envelope_id":"e-1"}"#, bad(Some("e-1"), "no-payload")),
            (
                r#"{"type":"events_api","envelope_id":"e-1","payload":7}"#,
                bad(Some("e-1"), "no-payload"),
            ),
            (
                r#"{"envelope_id":"e-1","type":"events_api","payl"#,
                bad(Some("e-1"), "not-json"),
            ),
            (r#"{"envelope_id":"e<1>","#, bad(None, "not-json")),
        ];
        for (text, expected) in cases {
            assert_eq!(Frame::read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_retry_is_an_envelope_like_any_other() {
        let envelope = json!({"type": "events_api", "envelope_id": "e-1", "retry_attempt": 2,
            "retry_reason": "timeout", "payload": {"event_id": "Ev1"}});
        let frame = Frame::read(&envelope.to_string());
        assert_eq!(frame, Frame::Envelope("e-1".into(), envelope));
    }

    #[test]
    fn oversized_and_nested_frames_are_bad_and_say_their_id() {
        let big = json!({"type": "events_api", "envelope_id": "e-2",
            "payload": {"text": "x".repeat(MAX_FRAME_BYTES)}});
        assert_eq!(Frame::read(&big.to_string()), bad(Some("e-2"), "oversized"));
        let deep = format!(
            r#"{{"envelope_id":"e-3","payload":{}{}}}"#,
            "[".repeat(5000),
            "]".repeat(5000)
        );
        assert_eq!(Frame::read(&deep), bad(Some("e-3"), "not-json"));
    }
}
