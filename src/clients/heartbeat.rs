//! The outside that misses us: one GET to `VIGIE_HEARTBEAT_URL` (healthchecks.io, Dead Man's Snitch, Better
//! Stack, Opsgenie heartbeats all take it). The address often holds a token, so it is never printed.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

/// Longest wait. The next beat comes in a minute, so a slow one is better lost.
const WITHIN: Duration = Duration::from_secs(5);

/// A beat that did not arrive, or not for certain.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HeartbeatError {
    /// Any status but 2xx; a redirect is one too, because it is not followed.
    #[error("the heartbeat's receiver answered {0}")]
    Refused(u16),
    /// No answer; never with the address in it.
    #[error("no answer from the heartbeat's receiver: {0}")]
    NoAnswer(&'static str),
}

/// The receiver.
#[derive(Clone)]
pub struct HeartbeatReceiver {
    client: reqwest::Client,
    url: SecretString,
}

impl fmt::Debug for HeartbeatReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeartbeatReceiver").finish_non_exhaustive()
    }
}

impl HeartbeatReceiver {
    /// A receiver at that address.
    ///
    /// # Errors
    /// When the HTTP client cannot be built (no TLS roots).
    pub fn new(url: SecretString) -> Result<Self, reqwest::Error> {
        Self::with_timeout(url, WITHIN)
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_timeout(url: SecretString, within: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(within)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, url })
    }

    /// Says that we live.
    ///
    /// # Errors
    /// [`HeartbeatError`]. The body of the answer is not read.
    pub async fn feed(&self) -> Result<(), HeartbeatError> {
        let sent = self.client.get(self.url.expose_secret()).send().await;
        let status = sent.map_err(|error| HeartbeatError::NoAnswer(kind_of(&error)))?;
        match status.status().as_u16() {
            200..300 => Ok(()),
            code => Err(HeartbeatError::Refused(code)),
        }
    }
}

fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "time-out"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "connection lost"
    }
}
