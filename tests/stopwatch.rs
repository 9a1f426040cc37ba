//! How long a test's own work takes, whatever else the machine does meanwhile.

use std::time::{Duration, Instant};

/// Runs on this thread only.
pub struct Stopwatch {
    began: Instant,
    busy: Option<Duration>,
}

impl Stopwatch {
    /// Starts it.
    pub fn start() -> Self {
        Self {
            began: Instant::now(),
            busy: busy(),
        }
    }

    /// Time that the thread was on a processor since; where the system does not tell that, time that passed.
    pub fn elapsed(&self) -> Duration {
        match (busy(), self.busy) {
            (Some(now), Some(before)) => now.saturating_sub(before),
            _ => self.began.elapsed(),
        }
    }
}

/// Linux only: the first number of `schedstat` is nanoseconds on a processor.
fn busy() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}
