//! What Slack can do wrong on request.

use chrono::TimeDelta;

use crate::sandbox::fault::Wire;

/// What a Web API call meets instead of its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum SlackFault {
    /// 429 with this `Retry-After`, in seconds.
    RateLimited(u64),
    /// An HTTP error without a JSON body.
    Status(u16),
    /// 200 with `ok: false` and this error.
    Error(String),
    /// No answer, and nothing happened.
    LostBefore,
    /// It happened, but there is no answer.
    LostAfter,
    /// It happened, and the connection broke before the answer.
    CutAfter,
    /// No answer; it happens this much later, by the sandbox clock.
    Late(TimeDelta),
    /// Anything below the protocol, before anything happened.
    Wire(Wire),
}

/// Which calls a fault is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    method: Option<String>,
    channel: Option<String>,
}

impl Call {
    /// Every call.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Calls of that method: `chat.postMessage`.
    #[must_use]
    pub fn method(name: &str) -> Self {
        Self {
            method: Some(name.to_owned()),
            channel: None,
        }
    }

    /// Only calls about that channel id.
    #[must_use]
    pub fn channel(mut self, id: &str) -> Self {
        self.channel = Some(id.to_owned());
        self
    }

    pub(crate) fn meets(&self, method: &str, channel: Option<&str>) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self
                .channel
                .as_ref()
                .is_none_or(|wanted| Some(wanted.as_str()) == channel)
    }
}

/// What the socket does wrong to the next envelopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketFault {
    /// The next so many envelopes are sent twice.
    Duplicate(usize),
    /// The next so many envelopes are held and then sent in reverse order.
    Reverse(usize),
    /// The next so many connections are closed right after `hello`.
    CloseAfterHello(usize),
    /// The next so many connections get no `hello` and nothing else.
    Silent(usize),
    /// The next so many connections answer pings and never say `hello`.
    NoHello(usize),
    /// The next so many connections are accepted, and nobody answers their handshake.
    Stall(usize),
    /// The next so many envelopes vanish on the way.
    Lose(usize),
}
