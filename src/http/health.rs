//! `/livez`: the engine's loop goes round. `/readyz`: the store takes writes and Slack is connected.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Shown;

/// The loop goes round about every second; after this long it hangs. Longer than a look before a
/// page and a slow disk together, so that only a real hang restarts the pod.
const SILENT_FOR: Duration = Duration::from_mins(1);
/// The store answers in milliseconds or is in trouble.
const STORE_WITHIN: Duration = Duration::from_secs(2);

/// When the engine's loop last went round, by the monotonic clock: a clock that is set back or
/// forward neither kills the bot nor hides a hang.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    born: Instant,
    last: Arc<AtomicU64>,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self {
            born: Instant::now(),
            last: Arc::default(),
        }
    }
}

impl Heartbeat {
    /// The loop went round.
    pub fn beat(&self) {
        self.last.store(self.millis(), Ordering::Relaxed);
    }

    /// How long ago the loop last went round; from the start if it never did.
    #[must_use]
    pub fn age(&self) -> Duration {
        let last = self.last.load(Ordering::Relaxed);
        Duration::from_millis(self.millis().saturating_sub(last))
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Answers 200 while the loop goes round, else 503.
pub(super) async fn livez(State(shown): State<Shown>) -> (StatusCode, String) {
    liveness(shown.heartbeat.age())
}

pub(super) fn liveness(age: Duration) -> (StatusCode, String) {
    if age < SILENT_FOR {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        let text = format!("the loop has been silent for {} s\n", age.as_secs());
        (StatusCode::SERVICE_UNAVAILABLE, text)
    }
}

/// Answers 200 when questions are heard and can be saved, else 503 with what is missing.
pub(super) async fn readyz(State(shown): State<Shown>) -> (StatusCode, Json<Value>) {
    let store = match timeout(STORE_WITHIN, shown.store.health()).await {
        Ok(Ok(health)) if health.writable => Ok("ok".to_owned()),
        Ok(Ok(health)) => Err(health.problem.unwrap_or_else(|| "not writable".to_owned())),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    };
    let slack = match &shown.slack {
        None => Ok("standby".to_owned()),
        Some(state) if state.borrow().live > 0 => Ok("ok".to_owned()),
        Some(_) => Err("no Socket Mode connection".to_owned()),
    };
    let ready = store.is_ok() && slack.is_ok();
    let word = |check: Result<String, String>| check.unwrap_or_else(|problem| problem);
    let body = json!({"ready": ready, "store": word(store), "slack": word(slack)});
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(body))
}
