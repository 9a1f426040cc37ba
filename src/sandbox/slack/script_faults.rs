//! What tests make go wrong.

use super::fault::{Call, SlackFault, SocketFault};
use super::hub::Out;
use super::rates::Rates;
use super::{Workspace, socket};

impl Workspace {
    /// The next matching call meets this.
    pub fn fault_once(&self, call: Call, fault: SlackFault) {
        self.fault_times(call, fault, 1);
    }

    /// The next so many matching calls meet this.
    pub fn fault_times(&self, call: Call, fault: SlackFault, times: usize) {
        self.inner
            .change(|state| state.faults.plan(call, fault, Some(times)));
    }

    /// Every matching call meets this, until [`Self::clear_faults`].
    pub fn fault(&self, call: Call, fault: SlackFault) {
        self.inner
            .change(|state| state.faults.plan(call, fault, None));
    }

    /// The Web API works again.
    pub fn clear_faults(&self) {
        self.inner.change(|state| state.faults.clear());
    }

    /// From now on, Slack's rate limits hold.
    pub fn limit_rates(&self) {
        self.inner
            .change(|state| state.rates = Some(Rates::default()));
    }

    /// The app was installed with only these scopes.
    pub fn set_scopes(&self, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.inner.change(|state| state.scopes = scopes);
    }

    /// The next envelopes or connections meet this.
    pub fn socket_fault(&self, fault: SocketFault) {
        self.inner.hub.plan(fault);
    }

    /// Every open connection breaks without a word.
    pub fn drop_sockets(&self) {
        self.inner.hub.tell_all(&Out::Drop);
    }

    /// Every open connection stays open and says nothing any more, not even a pong.
    pub fn mute_sockets(&self) {
        self.inner.hub.tell_all(&Out::Mute);
    }

    /// Every open connection is closed properly.
    pub fn close_sockets(&self) {
        self.inner.hub.tell_all(&Out::Close);
    }

    /// Every open connection gets a `disconnect`: `warning` (and stays open for now),
    /// `refresh_requested`, `too_many_websockets`, `link_disabled` (and is closed).
    pub fn disconnect(&self, reason: &str) {
        self.inner
            .hub
            .tell_all(&Out::Text(socket::notice(reason).to_string()));
        if reason != "warning" {
            self.inner.hub.tell_all(&Out::Close);
        }
    }

    /// Puts a text frame on every open connection, whatever is in it.
    pub fn send_text(&self, frame: &str) {
        self.inner.hub.tell_all(&Out::Text(frame.to_owned()));
    }

    /// Puts a binary frame on every open connection.
    pub fn send_binary(&self, frame: &[u8]) {
        self.inner.hub.tell_all(&Out::Binary(frame.to_vec()));
    }

    /// Puts bytes that are no frame on every open connection.
    pub fn send_raw(&self, bytes: &[u8]) {
        self.inner.hub.tell_all(&Out::Raw(bytes.to_vec()));
    }
}
