//! One HTTP exchange with a limit on everything: the client's time-out, a cap on the body after
//! decompression, and errors that say how far it came. What an API means by its answer is the caller's.

use std::error::Error as _;

/// A whole answer.
pub(super) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body, at most as long as allowed.
    pub body: Vec<u8>,
}

/// Why there is no whole answer. The texts hold no address, which may hold a password.
pub(super) enum Trouble {
    /// No connection: nothing was asked.
    Unreachable(String),
    /// The connection broke before the end of the answer.
    Cut(String),
    /// No answer in time.
    TimedOut,
    /// More than the allowed bytes; the rest was not read.
    TooLarge,
}

/// Sends the request and reads at most `max` bytes of the answer.
pub(super) async fn exchange(
    request: reqwest::RequestBuilder,
    max: usize,
) -> Result<Answer, Trouble> {
    let mut response = request.send().await.map_err(|error| trouble(&error))?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| trouble(&error))? {
        if body.len() + chunk.len() > max {
            return Err(Trouble::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

/// Whether the body is a page for a browser: a login, or a proxy's error.
pub(super) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

fn trouble(error: &reqwest::Error) -> Trouble {
    if error.is_timeout() {
        return Trouble::TimedOut;
    }
    // The error's own text holds the address; its innermost cause does not.
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    let text = cause.map_or_else(|| "no answer".to_owned(), ToString::to_string);
    if error.is_connect() || error.is_builder() {
        Trouble::Unreachable(text)
    } else {
        Trouble::Cut(text)
    }
}
