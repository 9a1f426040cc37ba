//! The clock the impure parts read. Decisions take `now` as an argument; only the engine, the
//! clients and the investigation ask this. In the sandbox world it can be moved.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// Wall-clock time in UTC, plus an offset that the sandbox world moves.
#[derive(Clone, Debug)]
pub struct Clock {
    offset: Arc<watch::Sender<TimeDelta>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self {
            offset: Arc::new(watch::Sender::new(TimeDelta::zero())),
        }
    }

    /// Now, in UTC.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + *self.offset.borrow()
    }

    /// How far it was moved from the machine's clock.
    #[must_use]
    pub fn offset(&self) -> TimeDelta {
        *self.offset.borrow()
    }

    /// Moves the clock forward (or back), and wakes everyone who waits for a time.
    pub fn advance(&self, by: TimeDelta) {
        self.offset.send_modify(|offset| *offset += by);
    }

    /// Sets the offset from the machine's clock.
    pub fn set_offset(&self, offset: TimeDelta) {
        self.offset.send_if_modified(|current| {
            let moved = *current != offset;
            *current = offset;
            moved
        });
    }

    /// Returns when `now()` has reached `at`, however the clock got there.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        let mut offset = self.offset.subscribe();
        loop {
            let left = (at - self.now()).to_std().unwrap_or(Duration::ZERO);
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = offset.changed() => {}
            }
        }
    }
}
