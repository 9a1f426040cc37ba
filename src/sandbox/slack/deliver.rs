//! Deliveries over Socket Mode: an envelope, its acknowledgement, and the retries at once, after
//! one minute and after five.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::Inner;

/// Slack waits this long for an acknowledgement.
const PATIENCE: TimeDelta = TimeDelta::seconds(3);
/// When the retries go out, after the first attempt.
const RETRIES: [TimeDelta; 3] = [
    TimeDelta::zero(),
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
];

/// Something sent to the bot.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// `events_api` or `interactive`.
    pub kind: &'static str,
    /// The `event_id`, or the `trigger_id` of a click.
    pub id: String,
    /// `app_mention`, `message`, `block_actions`.
    pub event: String,
    /// Each time it was sent.
    pub attempts: Vec<Attempt>,
    /// Slack gave up on it.
    pub given_up: bool,
}

impl Delivery {
    /// The real time from sending to the acknowledgement of the attempt that got one.
    #[must_use]
    pub fn acked_after(&self) -> Option<Duration> {
        self.attempts.iter().find_map(|attempt| attempt.acked_after)
    }
}

/// One sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The envelope; empty when no socket was open.
    pub envelope_id: String,
    /// Real time until the acknowledgement came, however late.
    pub acked_after: Option<Duration>,
}

/// An envelope that waits for its acknowledgement.
#[derive(Debug)]
pub(crate) struct Pending {
    delivery: usize,
    attempt: usize,
    sent: Instant,
    heard: Option<oneshot::Sender<()>>,
}

impl Inner {
    /// Sends an event, and again until it is acknowledged. The first attempt is on its way when
    /// this returns, so that events keep their order.
    pub(crate) fn deliver(self: &Arc<Self>, payload: Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (id, event) = (text(&payload["event_id"]), text(&payload["event"]["type"]));
        let delivery = self.record("events_api", id, event);
        let first = self.attempt(delivery, &payload, 0);
        let started = self.clock.now();
        let inner = Arc::clone(self);
        self.spawn(async move {
            let mut waiting = first;
            for (number, after) in RETRIES.into_iter().enumerate() {
                if inner.heard(waiting).await {
                    return;
                }
                inner.clock.sleep_until(started + after).await;
                waiting = inner.attempt(delivery, &payload, number + 1);
            }
            if !inner.heard(waiting).await {
                inner.change(|state| state.deliveries[delivery].given_up = true);
            }
        });
    }

    /// Sends a click, once: Slack does not repeat them. `false` when no socket is open.
    pub(crate) fn deliver_click(&self, id: String, payload: &Value) -> bool {
        let delivery = self.record("interactive", id, "block_actions".to_owned());
        self.attempt(delivery, payload, 0).is_some()
    }

    fn record(&self, kind: &'static str, id: String, event: String) -> usize {
        self.change(|state| {
            state.deliveries.push(Delivery {
                kind,
                id,
                event,
                attempts: Vec::new(),
                given_up: false,
            });
            state.deliveries.len() - 1
        })
    }

    fn attempt(
        &self,
        delivery: usize,
        payload: &Value,
        number: usize,
    ) -> Option<oneshot::Receiver<()>> {
        let envelope_id = uuid();
        let kind = self.look(|state| state.deliveries[delivery].kind);
        let mut envelope = json!({
            "envelope_id": envelope_id, "type": kind, "payload": payload,
            "accepts_response_payload": kind == "interactive",
        });
        if kind == "events_api" {
            envelope["retry_attempt"] = number.into();
            envelope["retry_reason"] = if number == 0 { "" } else { "timeout" }.into();
        }
        let attempt = self.change(|state| {
            let attempts = &mut state.deliveries[delivery].attempts;
            attempts.push(Attempt {
                envelope_id: envelope_id.clone(),
                acked_after: None,
            });
            attempts.len() - 1
        });
        let (heard, waiting) = oneshot::channel();
        let pending = Pending {
            delivery,
            attempt,
            sent: Instant::now(),
            heard: Some(heard),
        };
        if self.hub.send(&envelope_id, pending, envelope.to_string()) {
            return Some(waiting);
        }
        self.change(|state| {
            state.deliveries[delivery].attempts[attempt]
                .envelope_id
                .clear();
        });
        None
    }

    async fn heard(&self, waiting: Option<oneshot::Receiver<()>>) -> bool {
        let Some(waiting) = waiting else {
            return false;
        };
        tokio::select! {
            heard = waiting => heard.is_ok(),
            () = self.clock.sleep_until(self.clock.now() + PATIENCE) => false,
        }
    }

    /// An acknowledgement came.
    pub(crate) fn acknowledged(&self, envelope_id: &str) {
        let Some(mut pending) = self.hub.take_pending(envelope_id) else {
            return;
        };
        let took = pending.sent.elapsed();
        self.change(|state| {
            state.deliveries[pending.delivery].attempts[pending.attempt].acked_after = Some(took);
        });
        if let Some(heard) = pending.heard.take() {
            // The one who waited may have given up already.
            let _: Result<(), ()> = heard.send(());
        }
    }
}

/// A random id in the shape of a UUID.
pub(crate) fn uuid() -> String {
    let (a, b) = (fastrand::u64(..), fastrand::u64(..));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        (b >> 48) & 0xfff,
        b & 0xffff_ffff_ffff
    )
}
