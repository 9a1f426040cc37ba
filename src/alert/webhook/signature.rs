//! Grafana's signature: HMAC-SHA256 in hex over `timestamp:body`, or over the body alone where no header
//! for the timestamp is configured.

use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;

/// How far a timestamp may be from now, either way.
pub const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unsigned {
    /// No header.
    #[error("the signature is missing")]
    Missing,
    /// Not 64 hex digits.
    #[error("the signature is not 64 hex digits")]
    Malformed,
    /// The timestamp is not a whole number of seconds.
    #[error("the timestamp is not a number of seconds")]
    BadTimestamp,
    /// The timestamp is more than [`WINDOW`] away.
    #[error("the timestamp is more than 5 minutes away from this clock")]
    TooOld,
    /// Another secret, another body or another timestamp.
    #[error("the signature does not fit the body")]
    Wrong,
}

impl Unsigned {
    /// For metrics: kebab-case, stable.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "signature-missing",
            Self::Malformed => "signature-malformed",
            Self::BadTimestamp => "bad-timestamp",
            Self::TooOld => "timestamp-too-old",
            Self::Wrong => "signature-wrong",
        }
    }
}

/// Whether Grafana signed this body with this secret.
///
/// `timestamp` is the value of the configured header; `None` where none is configured. Who configured one
/// must refuse a request without it. A signature made with a timestamp does not pass without it.
pub fn verify_grafana(
    signature: Option<&str>,
    timestamp: Option<&str>,
    body: &[u8],
    secret: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Unsigned> {
    let told = unhex(signature.ok_or(Unsigned::Missing)?.trim()).ok_or(Unsigned::Malformed)?;
    let mut signed = Vec::with_capacity(body.len() + 16);
    if let Some(timestamp) = timestamp {
        in_window(timestamp, now)?;
        signed.extend_from_slice(timestamp.as_bytes());
        signed.push(b':');
    }
    signed.extend_from_slice(body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    // Compares in constant time.
    hmac::verify(&key, &signed, &told).map_err(|_| Unsigned::Wrong)
}

/// Whether a timestamp is near enough to be signed for: asked before a body is read.
pub fn in_window(timestamp: &str, now: DateTime<Utc>) -> Result<(), Unsigned> {
    let seconds: i64 = timestamp.parse().map_err(|_| Unsigned::BadTimestamp)?;
    let at = DateTime::from_timestamp(seconds, 0).ok_or(Unsigned::BadTimestamp)?;
    if (now - at).abs() > WINDOW {
        return Err(Unsigned::TooOld);
    }
    Ok(())
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let text = text.as_bytes();
    if text.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
