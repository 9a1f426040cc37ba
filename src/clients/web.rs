//! Bounded, read-only requests to a tool's web API: a time-out, a body cap, no redirects, and errors that tell
//! "not logged in" from "does not answer". Paths are built from segments, so that a name from outside stays one.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Largest answer read.
pub const MAX_BODY: usize = 4 << 20;

/// Why a request gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WebError {
    /// No connection, or it broke.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// 401 or 403.
    #[error("not permitted (status {0})")]
    Forbidden(u16),
    /// A page for people instead of the API: a login form, or another program at that address.
    #[error("a web page instead of the API: a login page, or the wrong address")]
    Page,
    /// 404.
    #[error("not found")]
    NotFound,
    /// Any other status.
    #[error("status {0}")]
    Server(u16),
    /// Not the JSON that the API promises, or too much of it.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

/// How to log in.
#[derive(Clone)]
pub enum Login {
    /// Not at all.
    None,
    /// `Authorization: Basic`.
    Basic(String, SecretString),
    /// `Authorization: Bearer`.
    Bearer(SecretString),
}

/// A body, and what was sent with it.
#[derive(Clone, Debug)]
pub struct Body {
    /// The bytes, at most as many as were asked for.
    pub bytes: Vec<u8>,
    /// Whether there was more.
    pub cut: bool,
    /// Headers of the answer.
    pub headers: HeaderMap,
}

/// A server and how to log in to it.
#[derive(Clone)]
pub struct Web {
    http: reqwest::Client,
    base: reqwest::Url,
    timeout: Duration,
}

impl Web {
    /// A client for the server at `base` (`https://jenkins.example/ci`).
    ///
    /// # Errors
    /// When the HTTP client cannot be built (no TLS roots).
    pub fn new(base: reqwest::Url, timeout: Duration) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(timeout)
            // A redirect leads to a login page, or to wherever the answer says.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            base,
            timeout,
        })
    }

    /// The JSON at a path; each segment is escaped.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn json<T: DeserializeOwned>(
        &self,
        login: &Login,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, WebError> {
        let body = self.body(login, path, query, MAX_BODY).await?;
        if body.cut {
            return Err(WebError::Unreadable(format!("more than {MAX_BODY} bytes")));
        }
        serde_json::from_slice(&body.bytes).map_err(|error| {
            if is_page(&body) {
                WebError::Page
            } else {
                WebError::Unreadable(error.to_string())
            }
        })
    }

    /// The body at a path, cut after `most` bytes.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn body(
        &self,
        login: &Login,
        path: &[&str],
        query: &[(&str, &str)],
        most: usize,
    ) -> Result<Body, WebError> {
        let request = self.http.get(self.url(path, query)?);
        let request = match login {
            Login::None => request,
            Login::Basic(user, secret) => request.basic_auth(user, Some(secret.expose_secret())),
            Login::Bearer(token) => request.bearer_auth(token.expose_secret()),
        };
        let answer = request.send().await;
        let mut answer = answer.map_err(|error| self.classify(&error))?;
        refused(answer.status().as_u16())?;
        let mut body = Body {
            bytes: Vec::new(),
            cut: false,
            headers: answer.headers().clone(),
        };
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| self.classify(&error))?
        {
            let room = most.saturating_sub(body.bytes.len());
            body.cut = chunk.len() > room;
            body.bytes
                .extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.cut {
                break;
            }
        }
        Ok(body)
    }

    fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Result<reqwest::Url, WebError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| WebError::Unreachable("not an http address".to_owned()))?
            .pop_if_empty()
            .extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// The error without the URL, which may hold what the configuration calls secret.
    fn classify(&self, error: &reqwest::Error) -> WebError {
        if error.is_timeout() {
            return WebError::TimedOut(self.timeout);
        }
        let mut current: &dyn std::error::Error = error;
        while let Some(source) = current.source() {
            current = source;
        }
        WebError::Unreachable(current.to_string())
    }
}

fn refused(status: u16) -> Result<(), WebError> {
    match status {
        200..=299 => Ok(()),
        // Single sign-on sends to its login page.
        300..=399 => Err(WebError::Page),
        401 | 403 => Err(WebError::Forbidden(status)),
        404 => Err(WebError::NotFound),
        other => Err(WebError::Server(other)),
    }
}

fn is_page(body: &Body) -> bool {
    let kind = body.headers.get(CONTENT_TYPE);
    let html = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    html || body.bytes.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_segment_below_the_base() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = "https://jenkins.example/ci/".parse().unwrap();
        let web = Web::new(base, Duration::from_secs(1)).unwrap();
        let path = ["job", "a/../b?c#d", "job", "feature%2Fx"];
        let url = web.url(&path, &[("tree", "a&b")]).unwrap();
        assert_eq!(
            url.as_str(),
            "https://jenkins.example/ci/job/a%2F..%2Fb%3Fc%23d/job/feature%252Fx?tree=a%26b"
        );
    }
}
