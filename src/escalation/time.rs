//! What time it is when the machine's clock cannot be taken at its word: a clock set back must not
//! delay a page, a clock set forward must not fire one early.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A forward jump of more than this is checked against another clock first.
pub const FORWARD_JUMP: TimeDelta = TimeDelta::seconds(30);
/// Two clocks that agree within this tell the same time.
const AGREES: TimeDelta = TimeDelta::seconds(30);
/// A clock that falls behind by less than this is being slewed, not set.
const SLEW: TimeDelta = TimeDelta::milliseconds(500);
/// Without any other clock to ask, a forward jump is believed after this long: better early than never.
const BELIEVE_AFTER: Duration = Duration::from_secs(10);

/// Both clocks of the machine, read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Wall clock, UTC.
    pub wall: DateTime<Utc>,
    /// Monotonic time since some fixed point of this process.
    pub monotonic: Duration,
}

/// How the wall clock moved against the monotonic one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drift {
    /// Together.
    Steady,
    /// The wall clock was set back by this much; the old time keeps counting, so that nothing is late.
    Back(TimeDelta),
    /// It was set back by this much and another clock confirms it: it had been ahead before.
    Corrected(TimeDelta),
    /// It jumped ahead by this much and another clock confirms it (or none answered in time): the
    /// machine slept, or its clock was corrected.
    Forward(TimeDelta),
    /// It jumped ahead and another clock says it is wrong: the old time keeps counting.
    Denied(TimeDelta),
    /// It jumped ahead and no other clock was asked yet: ask one (Slack's `Date`), fire nothing new.
    Unconfirmed(TimeDelta),
}

/// The time to decide by, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Decide by this time.
    pub now: DateTime<Utc>,
    /// What the clocks did.
    pub drift: Drift,
    /// What to pass as `anchor` next time.
    pub anchor: Reading,
    /// When the jump that waits for confirmation was first seen (monotonic).
    pub doubted_since: Option<Duration>,
}

/// Decides what time it is. `anchor` is the last trusted reading; `reference` another clock's time,
/// read just now, when one was asked; `doubted_since` comes from the last [`Tick`].
#[must_use]
pub fn trusted_now(
    anchor: Reading,
    reading: Reading,
    reference: Option<DateTime<Utc>>,
    doubted_since: Option<Duration>,
) -> Tick {
    let elapsed = reading.monotonic.saturating_sub(anchor.monotonic);
    let counted = anchor.wall + TimeDelta::from_std(elapsed).unwrap_or(TimeDelta::MAX);
    let ahead = reading.wall - counted;
    let tick = |now, drift| Tick {
        now,
        drift,
        anchor: Reading {
            wall: now,
            monotonic: reading.monotonic,
        },
        doubted_since: None,
    };
    let confirmed = reference.is_some_and(|other| (other - reading.wall).abs() <= AGREES);
    if ahead < -SLEW {
        // Below the tolerance a reference would confirm either clock: keep the one that is not late.
        return if confirmed && -ahead > AGREES {
            tick(reading.wall, Drift::Corrected(-ahead))
        } else {
            tick(counted, Drift::Back(-ahead))
        };
    }
    if ahead <= FORWARD_JUMP {
        return tick(reading.wall.max(counted), Drift::Steady);
    }
    let since = doubted_since.unwrap_or(reading.monotonic);
    match reference {
        Some(_) if confirmed => tick(reading.wall, Drift::Forward(ahead)),
        Some(_) => tick(counted, Drift::Denied(ahead)),
        None if reading.monotonic.saturating_sub(since) >= BELIEVE_AFTER => {
            tick(reading.wall, Drift::Forward(ahead))
        }
        None => Tick {
            doubted_since: Some(since),
            ..tick(counted, Drift::Unconfirmed(ahead))
        },
    }
}
