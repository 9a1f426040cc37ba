//! The time the engine decides by: the machine's clock, distrusted. A clock set back delays nothing;
//! one set forward fires nothing before another clock agrees (I12).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::escalation::{Drift, Reading, trusted_now};

/// Another clock's time, when one is asked.
pub type OtherClock =
    Arc<dyn Fn() -> futures::future::BoxFuture<'static, Option<DateTime<Utc>>> + Send + Sync>;

/// A clock that is checked against the monotonic one at every look. Cloning shares it.
#[derive(Clone)]
pub struct TrustedClock {
    clock: Clock,
    started: Instant,
    state: Arc<Mutex<State>>,
}

struct State {
    anchor: Reading,
    doubted_since: Option<Duration>,
    reference: Option<DateTime<Utc>>,
}

impl TrustedClock {
    /// Starts from what the clock says now.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let started = Instant::now();
        let anchor = Reading {
            wall: clock.now(),
            monotonic: Self::moved(&clock),
        };
        let state = State {
            anchor,
            doubted_since: None,
            reference: None,
        };
        Self {
            clock,
            started,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// How far the sandbox has moved its clock: a move it means, so it counts as elapsed time.
    fn moved(clock: &Clock) -> Duration {
        // Far enough from zero that a sandbox may also go back without going below it.
        const ORIGIN: Duration = Duration::from_hours(24 * 365);
        match clock.offset().to_std() {
            Ok(forward) => ORIGIN + forward,
            Err(_) => ORIGIN.saturating_sub((-clock.offset()).to_std().unwrap_or_default()),
        }
    }

    /// The time to decide by (UTC).
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.look().0
    }

    /// Whether a forward jump waits for another clock's word.
    #[must_use]
    pub fn doubts(&self) -> bool {
        matches!(self.look().1, Drift::Unconfirmed(_))
    }

    /// Takes another clock's time, read just now.
    pub fn compare(&self, other: DateTime<Utc>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.reference = Some(other);
    }

    /// The clock that tests move, for waiting.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn look(&self) -> (DateTime<Utc>, Drift) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = Reading {
            wall: self.clock.now(),
            monotonic: Self::moved(&self.clock) + self.started.elapsed(),
        };
        let tick = trusted_now(
            state.anchor,
            reading,
            state.reference.take(),
            state.doubted_since,
        );
        if tick.drift != Drift::Steady && state.doubted_since.is_none() {
            tracing::warn!(drift = ?tick.drift, "the machine's clock jumped");
        }
        state.anchor = tick.anchor;
        state.doubted_since = tick.doubted_since;
        (tick.now, tick.drift)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_sandbox_that_moves_its_clock_is_believed() {
        let clock = Clock::system();
        let trusted = TrustedClock::new(clock.clone());
        let before = trusted.now();
        clock.advance(TimeDelta::minutes(61));
        assert!(trusted.now() >= before + TimeDelta::minutes(61));
        assert!(!trusted.doubts());
    }
}
