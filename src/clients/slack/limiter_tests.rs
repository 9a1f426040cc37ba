//! The limiter decides from `now` alone: these tests never wait.

use super::*;

fn post(channel: &str, priority: Priority) -> Ask {
    Ask {
        method: Method::PostMessage,
        channel: Some(channel.to_owned()),
        priority,
        replaces: None,
    }
}

fn edit(ts: &str, priority: Priority) -> Ask {
    Ask {
        method: Method::Update,
        channel: Some("C1".to_owned()),
        priority,
        replaces: Some(("C1".to_owned(), ts.to_owned())),
    }
}

fn tickets(granted: &[(Ticket, Ask)]) -> Vec<Ticket> {
    granted.iter().map(|(ticket, _)| *ticket).collect()
}

#[test]
fn a_channel_takes_a_burst_then_one_a_second() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for _ in 0..6 {
        limiter.enqueue(post("C1", Priority::Answer));
    }
    let (granted, next) = limiter.grant(start);
    assert_eq!(granted.len(), 3);
    let at = next.unwrap();
    assert!(at > start + Duration::from_millis(490) && at <= start + Duration::from_millis(510));
    assert_eq!(limiter.grant(start + Duration::from_millis(400)).0.len(), 0);
    assert_eq!(limiter.grant(at).0.len(), 1);
    assert_eq!(limiter.grant(at + Duration::from_secs(1)).0.len(), 1);
}

#[test]
fn i20_a_page_overtakes_a_storm_of_findings() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for _ in 0..300 {
        limiter.enqueue(post("C1", Priority::Answer));
    }
    limiter.grant(start);
    let (page, _) = limiter.enqueue(post("C1", Priority::Page));
    let (granted, _) = limiter.grant(start + Duration::from_millis(1001));
    assert_eq!(tickets(&granted), vec![page]);
}

#[test]
fn a_waiting_page_keeps_the_channels_next_token() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for _ in 0..4 {
        limiter.enqueue(post("C1", Priority::Answer));
    }
    limiter.grant(start);
    limiter.enqueue(post("C1", Priority::Page));
    limiter.enqueue(post("C1", Priority::Progress));
    let elsewhere = limiter.enqueue(post("C2", Priority::Progress)).0;
    assert_eq!(tickets(&limiter.grant(start).0), vec![elsewhere]);
}

#[test]
fn the_workspace_has_a_cap_of_its_own() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for n in 0..130 {
        limiter.enqueue(post(&format!("C{n}"), Priority::FirstReply));
    }
    assert_eq!(limiter.grant(start).0.len(), 120);
    assert_eq!(limiter.grant(start + Duration::from_secs(1)).0.len(), 4);
}

#[test]
fn early_answers_leave_the_burst_to_those_who_ask_next() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for n in 0..100 {
        limiter.enqueue(post(&format!("C{n}"), Priority::Answer));
    }
    assert_eq!(limiter.grant(start).0.len(), 20);
    for n in 0..100 {
        limiter.enqueue(post(&format!("C{n}"), Priority::FirstReply));
    }
    assert_eq!(limiter.grant(start).0.len(), 100);
    assert_eq!(limiter.grant(start + Duration::from_secs(1)).0.len(), 4);
}

#[test]
fn edits_stay_under_fifty_in_any_minute() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for n in 0..500 {
        limiter.enqueue(edit(&format!("{n}"), Priority::Progress));
    }
    let sent: usize = (0..60_u64)
        .map(|second| limiter.grant(start + Duration::from_secs(second)).0.len())
        .sum();
    assert!(
        (45..=50).contains(&sent),
        "{sent} edits in the first minute"
    );
}

#[test]
fn a_backlog_is_what_a_newcomer_would_wait() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    let post_in = |limiter: &mut Limiter| {
        limiter.backlog(Method::PostMessage, Some("C1".to_owned()), 0, start)
    };
    assert_eq!(post_in(&mut limiter), Duration::ZERO);
    for n in 0..30 {
        limiter.enqueue(edit(&format!("{n}"), Priority::Answer));
        limiter.enqueue(post("C1", Priority::Answer));
    }
    limiter.grant(start);
    // Twenty edits and the newcomer at forty a minute; twenty-seven messages and the newcomer, one a second.
    let edits = limiter.backlog(Method::Update, Some("C1".to_owned()), 0, start);
    assert_eq!(edits.as_millis().div_ceil(1000), 32);
    assert_eq!(post_in(&mut limiter).as_millis().div_ceil(1000), 28);
    limiter.pause(Method::Update, None, start + Duration::from_mins(1), start);
    let edits = limiter.backlog(Method::Update, Some("C1".to_owned()), 0, start);
    assert_eq!(edits.as_millis().div_ceil(1000), 92);
}

#[test]
fn edits_that_are_on_their_way_to_the_queue_count_as_queued() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    let mut edit_in = |ahead| limiter.backlog(Method::Update, Some("C1".to_owned()), ahead, start);
    assert_eq!(edit_in(0), Duration::ZERO);
    assert_eq!(edit_in(9), Duration::ZERO, "the burst is theirs");
    assert_eq!(edit_in(29).as_millis().div_ceil(1000), 30);
}

#[test]
fn only_the_newest_state_of_a_message_survives() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for n in 0..10 {
        limiter.enqueue(edit(&format!("other-{n}"), Priority::Answer));
    }
    limiter.grant(start);
    let (first, none) = limiter.enqueue(edit("1.0", Priority::Progress));
    assert_eq!(none, None);
    let (second, replaced) = limiter.enqueue(edit("1.0", Priority::Answer));
    assert_eq!(replaced, Some(first));
    let granted = limiter.grant(start + Duration::from_secs(2)).0;
    assert_eq!(tickets(&granted), vec![second]);
}

#[test]
fn a_429_pauses_its_channel_and_loses_nothing() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    limiter.pause(
        Method::PostMessage,
        Some("C1".to_owned()),
        start + Duration::from_mins(1),
        start,
    );
    let (held, _) = limiter.enqueue(post("C1", Priority::Page));
    let (free, _) = limiter.enqueue(post("C2", Priority::Answer));
    let (granted, next) = limiter.grant(start);
    assert_eq!(tickets(&granted), vec![free]);
    assert_eq!(next, Some(start + Duration::from_mins(1)));
    let later = limiter.grant(start + Duration::from_mins(1)).0;
    assert_eq!(tickets(&later), vec![held]);
}

#[test]
fn a_second_channel_refused_pauses_the_whole_method() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for (channel, seconds) in [("C1", 10), ("C2", 20)] {
        let until = start + Duration::from_secs(seconds);
        limiter.pause(Method::PostMessage, Some(channel.to_owned()), until, start);
    }
    limiter.enqueue(post("C3", Priority::Page));
    let (granted, next) = limiter.grant(start);
    assert!(granted.is_empty());
    assert_eq!(next, Some(start + Duration::from_secs(20)));
}

#[test]
fn what_never_went_is_given_back() {
    let start = Instant::now();
    let mut limiter = Limiter::new(Limits::default());
    for _ in 0..4 {
        limiter.enqueue(post("C1", Priority::Answer));
    }
    let granted = limiter.grant(start).0;
    limiter.refund(&granted[0].1, start);
    limiter.enqueue(post("C1", Priority::Answer));
    assert_eq!(limiter.grant(start).0.len(), 1);
}

/// What the sandbox's Slack says to the order in which they arrive.
#[cfg(feature = "sandbox")]
mod burst {
    use super::*;
    use crate::sandbox::slack::rates::Rates;

    /// When each of so many messages of one channel goes, after a rest.
    fn departures(channel: Rate, count: usize) -> Vec<Duration> {
        let start = Instant::now();
        let mut limiter = Limiter::new(Limits {
            channel,
            ..Limits::default()
        });
        for _ in 0..count {
            limiter.enqueue(post("C1", Priority::FirstReply));
        }
        let (mut all, mut now) = (Vec::new(), start);
        loop {
            let (granted, next) = limiter.grant(now);
            all.extend(granted.iter().map(|_| now - start));
            match next {
                Some(at) => now = at,
                None => return all,
            }
        }
    }

    /// How many of them Slack refuses when each is up to `jitter` on its way.
    fn refused(channel: Rate, jitter: Duration, seed: u64) -> usize {
        let mut random = fastrand::Rng::with_seed(seed);
        let delay = |random: &mut fastrand::Rng| match random.u8(..4) {
            0 => jitter,
            1 => jitter.mul_f64(random.f64()),
            _ => Duration::ZERO,
        };
        let mut arrivals: Vec<Duration> = departures(channel, 12)
            .into_iter()
            .map(|at| at + delay(&mut random))
            .collect();
        arrivals.sort();
        let mut slack = Rates::default();
        let epoch = chrono::DateTime::UNIX_EPOCH;
        let taken = |at: &Duration| {
            let at = epoch + chrono::TimeDelta::from_std(*at).unwrap();
            slack.take(Method::PostMessage.as_str(), "C1", at)
        };
        arrivals.iter().map(taken).filter(Result::is_err).count()
    }

    #[test]
    fn a_burst_is_never_a_429_while_no_message_is_half_a_second_slower_than_another() {
        let channel = Limits::default().channel;
        let jitter = Duration::from_millis(490);
        let late: usize = (0..500).map(|seed| refused(channel, jitter, seed)).sum();
        assert_eq!(late, 0);
        // All four at once leave nothing for the way there.
        let four = Rate {
            burst: 4.0,
            ..channel
        };
        let jitter = Duration::from_millis(20);
        let late: usize = (0..500).map(|seed| refused(four, jitter, seed)).sum();
        assert!(late > 100, "{late}");
        let ninth = departures(channel, 9)[8];
        assert!(ninth <= Duration::from_millis(5_510), "{ninth:?}");
    }
}
