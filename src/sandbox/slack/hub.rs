//! The open sockets, the tickets for new ones, and what is scripted to go wrong with them.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::deliver::{Pending, uuid};
use super::fault::SocketFault;

/// Slack allows ten sockets for one app.
pub(crate) const MOST_SOCKETS: usize = 10;

/// What a session is told to put on its wire.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    /// A text frame.
    Text(String),
    /// A binary frame.
    Binary(Vec<u8>),
    /// Bytes that are no frame.
    Raw(Vec<u8>),
    /// A closing handshake.
    Close,
    /// The TCP connection ends.
    Drop,
    /// Stays open and says nothing any more.
    Mute,
}

#[derive(Debug)]
pub(crate) struct Hub {
    pub addr: SocketAddr,
    state: Mutex<HubState>,
}

#[derive(Debug, Default)]
struct HubState {
    sessions: Vec<(u64, mpsc::UnboundedSender<Out>)>,
    next: usize,
    tickets: HashSet<String>,
    pending: HashMap<String, Pending>,
    faults: Vec<SocketFault>,
    held: Vec<String>,
    opened: u64,
}

impl Hub {
    pub fn new(addr: SocketAddr) -> Self {
        Self {
            addr,
            state: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HubState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A URL for one new connection.
    pub fn ticket(&self) -> String {
        let ticket = uuid();
        self.lock().tickets.insert(ticket.clone());
        format!(
            "ws://{}/link/?ticket={ticket}&app_id={}",
            self.addr,
            super::model::APP
        )
    }

    /// Uses a ticket up; whether it was good.
    pub fn redeem(&self, ticket: &str) -> bool {
        self.lock().tickets.remove(ticket)
    }

    /// A new session: its number, and how many there are with it.
    pub fn join(&self, out: mpsc::UnboundedSender<Out>) -> (u64, usize) {
        let mut state = self.lock();
        state.opened += 1;
        let id = state.opened;
        state.sessions.push((id, out));
        (id, state.sessions.len())
    }

    /// A session ended.
    pub fn leave(&self, id: u64) {
        self.lock().sessions.retain(|(session, _)| *session != id);
    }

    /// Sockets open now, and opened ever.
    pub fn count(&self) -> (usize, u64) {
        let state = self.lock();
        (state.sessions.len(), state.opened)
    }

    /// Tells every session.
    pub fn tell_all(&self, out: &Out) {
        let state = self.lock();
        for (_, session) in &state.sessions {
            // A session that is just ending does not need it.
            let _: Result<(), _> = session.send(out.clone());
        }
    }

    /// Plans a fault.
    pub fn plan(&self, fault: SocketFault) {
        self.lock().faults.push(fault);
    }

    /// How the next connection goes wrong, if it does.
    pub fn connection_fault(&self) -> Option<SocketFault> {
        let mut state = self.lock();
        take(&mut state.faults, |fault| match fault {
            SocketFault::CloseAfterHello(left)
            | SocketFault::Silent(left)
            | SocketFault::NoHello(left) => Some(left),
            _ => None,
        })
    }

    /// Whether the next connection gets no answer to its handshake.
    pub fn stalls(&self) -> bool {
        let mut state = self.lock();
        let stall = take(&mut state.faults, |fault| match fault {
            SocketFault::Stall(left) => Some(left),
            _ => None,
        });
        stall.is_some()
    }

    /// Sends an envelope over one of the sockets, in turn; `false` when there is none.
    pub fn send(&self, id: &str, pending: Pending, text: String) -> bool {
        let mut state = self.lock();
        if state.sessions.is_empty() {
            return false;
        }
        state.pending.insert(id.to_owned(), pending);
        let fault = take(&mut state.faults, |fault| match fault {
            SocketFault::Duplicate(left) | SocketFault::Reverse(left) | SocketFault::Lose(left) => {
                Some(left)
            }
            _ => None,
        });
        match fault {
            Some(SocketFault::Duplicate(_)) => {
                state.put(text.clone());
                state.put(text);
            }
            Some(SocketFault::Reverse(left)) => {
                state.held.push(text);
                if left == 1 {
                    for text in std::mem::take(&mut state.held).into_iter().rev() {
                        state.put(text);
                    }
                }
            }
            Some(SocketFault::Lose(_)) => {}
            _ => state.put(text),
        }
        true
    }

    /// The envelope of that id, if it still waits.
    pub fn take_pending(&self, envelope_id: &str) -> Option<Pending> {
        self.lock().pending.remove(envelope_id)
    }
}

impl HubState {
    fn put(&mut self, text: String) {
        if self.sessions.is_empty() {
            return;
        }
        self.next = (self.next + 1) % self.sessions.len();
        // A session that is just ending loses it, as a real one would.
        let _: Result<(), _> = self.sessions[self.next].1.send(Out::Text(text));
    }
}

/// Uses up one of the first fault that `counts`; returns it as it was before.
fn take(
    faults: &mut Vec<SocketFault>,
    counts: impl Fn(&mut SocketFault) -> Option<&mut usize>,
) -> Option<SocketFault> {
    let at = (0..faults.len()).find(|at| counts(&mut faults[*at]).is_some())?;
    let before = faults[at];
    if let Some(left) = counts(&mut faults[at]) {
        *left = left.saturating_sub(1);
        if *left == 0 {
            faults.remove(at);
        }
    }
    Some(before)
}
