//! Which sockets of Socket Mode are on their way, which said hello, and how long to wait before the next attempt.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use slack_morphism::SlackSocketModeWssClientId;

use super::socket::SocketSettings;

/// A connection that lived this long ends the series of failures before it.
const LIVED_LONG: Duration = Duration::from_secs(30);

pub(super) type SocketId = SlackSocketModeWssClientId;

/// What is known of the sockets of one manager. The library gives a socket that is opened again the next id, and
/// begins anew after 64: an id says nothing of the past.
pub(super) struct Sockets {
    /// Those that have not said hello yet, and when they are given up.
    pub(super) opening: HashMap<SocketId, Instant>,
    pub(super) live: HashSet<SocketId>,
    pub(super) failures: u32,
    pub(super) hello_at: Option<Instant>,
    pub(super) silent_since: Option<Instant>,
}

impl Sockets {
    pub(super) fn new(now: Instant, settings: &SocketSettings) -> Self {
        let begun = |n: u32| {
            let stagger = Duration::from_secs(settings.stagger_s * u64::from(n));
            (
                SocketId::new(n, n, 0),
                now + stagger + settings.hello_within,
            )
        };
        Self {
            opening: (0..settings.connections).map(begun).collect(),
            live: HashSet::new(),
            failures: 0,
            hello_at: None,
            silent_since: Some(now),
        }
    }

    /// Whether it is the first hello of a socket that is ours.
    pub(super) fn hello(&mut self, id: &SocketId, now: Instant) -> bool {
        if self.opening.remove(id).is_none() {
            return false;
        }
        self.live.insert(id.clone());
        self.hello_at = Some(now);
        self.silent_since = None;
        true
    }

    /// Those that should have said hello by now.
    pub(super) fn overdue(&self, now: Instant) -> Vec<SocketId> {
        let due = self.opening.iter().filter(|(_, due)| **due <= now);
        due.map(|(id, _)| id.clone()).collect()
    }

    /// How this socket ends; nothing if it has ended before.
    pub(super) fn end(&mut self, id: &SocketId, now: Instant) -> Option<Ended> {
        let was_live = self.live.remove(id);
        if !was_live && self.opening.remove(id).is_none() {
            return None;
        }
        if self.live.is_empty() {
            self.silent_since.get_or_insert(now);
        }
        let lived_long = self
            .hello_at
            .is_some_and(|at| now.duration_since(at) >= LIVED_LONG);
        self.failures = if lived_long { 0 } else { self.failures + 1 };
        Some(Ended {
            was_live,
            failures: self.failures,
        })
    }

    /// The socket that takes its place has to say hello by then.
    pub(super) fn follow(&mut self, id: &SocketId, due: Instant) {
        self.opening.insert(id.new_reconnected_id(), due);
    }
}

/// The end of a socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) was_live: bool,
    /// Failures in a row, with this one.
    pub(super) failures: u32,
}

/// The pause before the next attempt: doubles with each failure, and differs between replicas.
/// `dice` is a random number between 0 and 1.
pub(super) fn pause_before(failures: u32, settings: &SocketSettings, dice: f64) -> Duration {
    let doubled = settings
        .first_pause
        .saturating_mul(1_u32 << failures.min(16));
    doubled.min(settings.max_pause).mul_f64(0.5 + dice / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(reconnected: u64) -> SocketId {
        SocketId::new(0, 0, reconnected)
    }

    #[test]
    fn pauses_double_up_to_the_limit_and_differ() {
        let settings = SocketSettings::new("xapp-FAKE".into());
        assert_eq!(pause_before(0, &settings, 1.0), Duration::from_millis(250));
        assert_eq!(pause_before(3, &settings, 1.0), Duration::from_secs(2));
        assert_eq!(pause_before(3, &settings, 0.0), Duration::from_secs(1));
        assert_eq!(pause_before(40, &settings, 1.0), Duration::from_secs(30));
    }

    fn sockets(start: Instant) -> Sockets {
        let settings = SocketSettings {
            connections: 1,
            ..SocketSettings::new("xapp-FAKE".into())
        };
        Sockets::new(start, &settings)
    }

    #[test]
    fn a_close_right_after_hello_counts_as_a_failure() {
        let start = Instant::now();
        let mut sockets = sockets(start);
        for n in 0..5 {
            assert!(sockets.hello(&id(n), start));
            let failures = u32::try_from(n).unwrap() + 1;
            let was_live = true;
            assert_eq!(
                sockets.end(&id(n), start),
                Some(Ended { was_live, failures })
            );
            sockets.follow(&id(n), start);
        }
        assert!(sockets.hello(&id(5), start));
        let ended = sockets.end(&id(5), start + LIVED_LONG).unwrap();
        assert_eq!(ended.failures, 0);
    }

    #[test]
    fn a_notice_and_the_close_after_it_are_one_restart() {
        let start = Instant::now();
        let mut sockets = sockets(start);
        sockets.hello(&id(0), start);
        assert!(sockets.end(&id(0), start).is_some());
        assert_eq!(sockets.end(&id(0), start), None);
        assert_eq!(sockets.silent_since, Some(start));
    }

    /// The library counts to 64 and begins again: a socket that has been opened that often is opened still.
    #[test]
    fn an_id_that_comes_round_again_is_opened_again() {
        let start = Instant::now();
        let mut sockets = sockets(start);
        let mut own = id(0);
        for round in 0..200 {
            assert!(sockets.hello(&own, start), "{round}");
            assert!(sockets.end(&own, start).is_some(), "{round}");
            assert!(sockets.live.is_empty());
            sockets.follow(&own, start);
            own = own.new_reconnected_id();
        }
    }

    #[test]
    fn what_says_no_hello_is_overdue_and_nobody_else_is() {
        let start = Instant::now();
        let mut sockets = Sockets::new(start, &SocketSettings::new("xapp-FAKE".into()));
        let second = SocketId::new(1, 1, 0);
        assert!(sockets.overdue(start).is_empty());
        sockets.hello(&id(0), start);
        let late = start + Duration::from_secs(40);
        assert_eq!(sockets.overdue(late), std::slice::from_ref(&second));
        sockets.end(&second, late);
        sockets.follow(&second, late + Duration::from_secs(30));
        assert!(sockets.overdue(late).is_empty());
        assert!(!sockets.hello(&second, late), "it was given up");
    }
}
