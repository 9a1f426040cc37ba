//! Slack's rate limits: one message a second and channel, the tiers of the other methods.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

/// Messages that a channel takes at once before one a second holds.
const BURST: f64 = 4.0;

/// A token bucket for each method (and channel, for posting).
#[derive(Debug, Default)]
pub(crate) struct Rates {
    buckets: HashMap<(String, String), Bucket>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
}

impl Rates {
    /// Takes one call. `Err` is the number of seconds to wait.
    pub fn take(&mut self, method: &str, channel: &str, now: DateTime<Utc>) -> Result<(), u64> {
        let Some((size, per_second)) = rate(method) else {
            return Ok(());
        };
        let of_channel = if method == "chat.postMessage" {
            channel
        } else {
            ""
        };
        let key = (method.to_owned(), of_channel.to_owned());
        let bucket = self.buckets.entry(key).or_insert(Bucket {
            tokens: size,
            at: now,
        });
        let passed = (now - bucket.at).as_seconds_f64().max(0.0);
        bucket.tokens = (bucket.tokens + passed * per_second).min(size);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait = ((1.0 - bucket.tokens) / per_second).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between one second and one minute"
        )]
        Err(wait.max(1.0) as u64)
    }
}

/// Size and refill per second of a method's bucket.
fn rate(method: &str) -> Option<(f64, f64)> {
    let per_minute = match method {
        "chat.postMessage" => return Some((BURST, 1.0)),
        "apps.connections.open" => 1.0,
        "usergroups.list"
        | "usergroups.users.list"
        | "users.list"
        | "conversations.list"
        | "reactions.remove" => 20.0,
        "chat.update"
        | "chat.delete"
        | "users.conversations"
        | "conversations.replies"
        | "conversations.history"
        | "conversations.info"
        | "conversations.open"
        | "reactions.add"
        | "dnd.info"
        | "team.info" => 50.0,
        "chat.postEphemeral"
        | "users.info"
        | "views.open"
        | "conversations.members"
        | "files.getUploadURLExternal"
        | "files.completeUploadExternal" => 100.0,
        _ => return None,
    };
    // "1+ per minute": the tiers tolerate bursts; a bucket of one minute's worth, five at least.
    Some((f64::max(per_minute, 5.0), per_minute / 60.0))
}
