//! The sending protocol, explored exhaustively: two processes, crashes, lost replies, refusals, late
//! deliveries, expired claims, and an acknowledgement at any moment. Each weaker protocol must fail
//! here, so that the one in use is shown to be needed.

use std::collections::{HashSet, VecDeque};

/// What a process does after the HTTP reply was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Protocol {
    /// Sends again at once.
    Naive,
    /// Gives the message up.
    FailOnExpiry,
    /// Looks for the key and sends again at once.
    ReconcileNow,
    /// Lets the claim expire; the next claim looks first. The one in use.
    ReconcileAtExpiry,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Row {
    Due,
    Claimed,
    Sent,
    Failed,
    /// Stopped by the acknowledgement, unsent as far as the record knows.
    Cancelled,
}

/// Where a process is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum At {
    Idle,
    Look,
    Claimed,
    InFlight,
    Ok,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct State {
    posted: u8,
    orphans: u8,
    row: Row,
    generation: u8,
    owner: usize,
    expired: bool,
    acked: bool,
    /// The acknowledgement came while the message was claimed: it must not be sent again.
    unwanted: bool,
    at: [(At, u8); 2],
    crashes: u8,
    losses: u8,
    refusals: u8,
    expiries: u8,
}

#[derive(Default, Debug)]
struct Seen {
    lost: bool,
    doubled: bool,
    most: u8,
    /// A claim to send was taken for a message that an acknowledgement had cancelled.
    ack_ignored: bool,
    states: usize,
}

fn explore(protocol: Protocol, bounded: bool, late: bool) -> Seen {
    let start = State {
        posted: 0,
        orphans: 0,
        row: Row::Due,
        generation: 0,
        owner: 0,
        expired: false,
        acked: false,
        unwanted: false,
        at: [(At::Idle, 0); 2],
        crashes: 2,
        losses: 1,
        refusals: 1,
        expiries: 2,
    };
    let mut known = HashSet::from([start.clone()]);
    let mut queue = VecDeque::from([start]);
    let mut seen = Seen::default();
    while let Some(state) = queue.pop_front() {
        seen.states += 1;
        seen.most = seen.most.max(state.posted);
        seen.doubled |= state.posted > 1;
        let rest = state.orphans == 0 && state.at.iter().all(|(at, _)| *at == At::Idle);
        let over = matches!(state.row, Row::Sent | Row::Failed);
        seen.lost |= rest && over && state.posted == 0 && !state.acked;
        for (next, ignored) in successors(&state, protocol, bounded, late) {
            seen.ack_ignored |= ignored;
            if known.insert(next.clone()) {
                queue.push_back(next);
            }
        }
    }
    seen
}

/// Every state one move away.
fn successors(s: &State, protocol: Protocol, bounded: bool, late: bool) -> Vec<Move> {
    let mut next = Vec::new();
    let mut to = |change: &dyn Fn(&mut State)| {
        let mut state = s.clone();
        change(&mut state);
        state.posted = state.posted.min(4);
        next.push(state);
    };
    if s.orphans > 0 {
        to(&|n| (n.posted, n.orphans) = (n.posted + 1, n.orphans - 1));
    }
    if !s.acked {
        to(&|n| {
            n.acked = true;
            n.unwanted = n.row == Row::Claimed;
            if n.row == Row::Due {
                n.row = Row::Cancelled;
            }
        });
    }
    let (owner_at, owner_generation) = s.at[s.owner];
    let busy = owner_at != At::Idle && owner_generation == s.generation;
    if s.row == Row::Claimed
        && !s.expired
        && s.expiries > 0
        && !(bounded && (busy || s.orphans > 0))
    {
        to(&|n| (n.expired, n.expiries) = (true, n.expiries - 1));
    }
    for i in 0..2 {
        if s.at[i].0 != At::Idle && s.crashes > 0 {
            crash(s, i, late, &mut to);
        }
    }
    let moved = next.into_iter().map(|state| (state, false));
    let stepped = (0..2).flat_map(|i| process(s, i, protocol, bounded, late));
    moved.chain(stepped).collect()
}

/// Takes a change that leads to the next state.
type Moves<'a> = dyn FnMut(&dyn Fn(&mut State)) + 'a;

/// kill -9. A request in flight may have arrived, be lost, or arrive later.
fn crash(s: &State, i: usize, late: bool, to: &mut Moves<'_>) {
    let down = |n: &mut State| {
        n.at[i] = (At::Idle, 0);
        n.crashes -= 1;
    };
    to(&down);
    if s.at[i].0 == At::InFlight {
        to(&|n| {
            down(n);
            n.posted += 1;
        });
        if late {
            to(&|n| {
                down(n);
                n.orphans += 1;
            });
        }
    }
}

/// A state one move away; the flag says that the move began a send after an acknowledgement.
type Move = (State, bool);

impl State {
    fn moved(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut state = self.clone();
        change(&mut state);
        state.posted = state.posted.min(4);
        state
    }

    fn claim(&mut self, i: usize, at: At) {
        self.row = Row::Claimed;
        self.generation += 1;
        self.owner = i;
        self.expired = false;
        self.at[i] = (at, self.generation);
    }

    /// Marks the row, unless the claim was lost, and rests.
    fn mark(&mut self, i: usize, row: Row) {
        if self.generation == self.at[i].1 && self.row == Row::Claimed {
            self.row = row;
        }
        self.at[i] = (At::Idle, 0);
    }
}

/// The moves of one process.
fn process(s: &State, i: usize, protocol: Protocol, bounded: bool, late: bool) -> Vec<Move> {
    let (at, generation) = s.at[i];
    let to = |at: At| vec![(s.moved(|n| n.at[i] = (at, generation)), false)];
    let claim = |at: At, ignored: bool| vec![(s.moved(|n| n.claim(i, at)), ignored)];
    match at {
        At::Idle if s.row == Row::Due => claim(At::Claimed, s.acked),
        At::Idle if s.row == Row::Claimed && s.expired => match protocol {
            Protocol::Naive if s.unwanted => vec![(s.moved(|n| n.row = Row::Cancelled), false)],
            Protocol::Naive => claim(At::Claimed, s.acked),
            Protocol::FailOnExpiry => vec![(s.moved(|n| n.row = Row::Failed), false)],
            Protocol::ReconcileNow | Protocol::ReconcileAtExpiry => claim(At::Look, false),
        },
        At::Idle => Vec::new(),
        At::Look if s.posted > 0 => to(At::Ok),
        At::Look if s.unwanted => vec![(s.moved(|n| n.mark(i, Row::Cancelled)), false)],
        At::Look => to(At::Claimed),
        // The check of the own claim; a zombie may pass it and pause, so an unbounded one skips it.
        At::Claimed if bounded && (s.generation != generation || s.expired) => to(At::Idle),
        At::Claimed => to(At::InFlight),
        At::InFlight => in_flight(s, i, protocol, late),
        At::Ok => vec![(s.moved(|n| n.mark(i, Row::Sent)), false)],
    }
}

/// A request that left: taken, refused, or its reply lost.
fn in_flight(s: &State, i: usize, protocol: Protocol, late: bool) -> Vec<Move> {
    let generation = s.at[i].1;
    let mut next = vec![s.moved(|n| {
        n.posted += 1;
        n.at[i] = (At::Ok, generation);
    })];
    if s.refusals > 0 {
        next.push(s.moved(|n| {
            n.refusals -= 1;
            if n.unwanted {
                n.mark(i, Row::Cancelled);
            } else {
                n.at[i] = (At::Claimed, generation);
            }
        }));
    }
    // Delivered, never delivered, delivered later.
    let fates = [(1, 0), (0, 0), (0, u8::from(late))];
    for (posted, orphans) in fates.into_iter().filter(|_| s.losses > 0) {
        next.push(s.moved(|n| {
            n.losses -= 1;
            n.posted += posted;
            n.orphans += orphans;
            match protocol {
                Protocol::Naive => n.at[i] = (At::Claimed, generation),
                Protocol::FailOnExpiry => n.mark(i, Row::Failed),
                Protocol::ReconcileNow => n.at[i] = (At::Look, generation),
                Protocol::ReconcileAtExpiry => n.at[i] = (At::Idle, 0),
            }
        }));
    }
    next.into_iter().map(|state| (state, false)).collect()
}

#[test]
fn i02_i03_i06_the_protocol_neither_loses_nor_doubles_a_page_within_its_bound() {
    for late in [false, true] {
        let seen = explore(Protocol::ReconcileAtExpiry, true, late);
        assert!(
            !seen.lost && !seen.doubled && !seen.ack_ignored,
            "late={late}: {seen:?}"
        );
        assert_eq!(seen.most, 1);
        assert!(seen.states > 400, "explored {} states only", seen.states);
    }
}

#[test]
fn i03_beyond_its_bound_it_doubles_and_still_never_loses() {
    let seen = explore(Protocol::ReconcileAtExpiry, false, true);
    assert!(seen.doubled && !seen.lost, "{seen:?}");
}

#[test]
fn each_weaker_protocol_fails_so_the_model_can_fail() {
    assert!(
        explore(Protocol::Naive, true, false).doubled,
        "retrying blindly doubles"
    );
    assert!(
        explore(Protocol::FailOnExpiry, true, false).lost,
        "giving up loses"
    );
    assert!(
        explore(Protocol::ReconcileNow, true, true).doubled,
        "retrying at once doubles"
    );
}
