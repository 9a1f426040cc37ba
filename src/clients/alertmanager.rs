//! The Alertmanager API, version 2, by hand: alerts with what silences and inhibits them, silences, status.
//! Every answer has a time-out and a cap, and every failure says how far the request came: after
//! [`AlertmanagerError::leaves_doubt`] a silence may exist although nobody confirmed it.

mod filter;
mod silence;
mod types;

use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use thiserror::Error;

pub use filter::{AlertFilter, Comparison, Matcher};
pub use silence::{NewSilence, SilenceKey};
pub use types::{Alert, AlertState, Cluster, ClusterState, Silence, SilenceState, Status};

use super::bounded::{Answer, Trouble, exchange, is_html};
use crate::text::{cap, clean};

/// Largest answer read: some 8,000 alerts of the usual size.
const MAX_BODY: usize = 8 << 20;
/// Longest error text kept.
const MAX_TEXT: usize = 500;

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AlertmanagerError {
    /// No connection: nothing was asked.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The connection broke before the end of the answer.
    #[error("the connection broke: {0}")]
    Cut(String),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// 401 or 403, from Alertmanager or from a proxy before it.
    #[error("not permitted")]
    Forbidden,
    /// 400 or 422: what is wrong with the request, in Alertmanager's words (cut to 500 characters).
    #[error("bad request: {0}")]
    BadRequest(String),
    /// There is no such silence.
    #[error("no such silence")]
    NotFound,
    /// Something else listens at that address: a page for a browser, a redirect to a login, another API.
    #[error("not an Alertmanager: {0}")]
    NotAlertmanager(String),
    /// More than this many bytes; the rest was not read. Filter what is asked for.
    #[error("too large an answer: more than {0} bytes")]
    TooLarge(usize),
    /// Any other status.
    #[error("status {0}")]
    Server(u16),
}

impl AlertmanagerError {
    /// Whether the request may have been carried out all the same. A silence is then searched for by its key
    /// before it is made again.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        match self {
            Self::Cut(_)
            | Self::TimedOut(_)
            | Self::TooLarge(_)
            | Self::Server(_)
            | Self::NotAlertmanager(_) => true,
            Self::Unreachable(_) | Self::Forbidden | Self::BadRequest(_) | Self::NotFound => false,
        }
    }
}

/// An Alertmanager.
#[derive(Clone)]
pub struct Alertmanager {
    http: reqwest::Client,
    base: String,
    token: Option<SecretString>,
    timeout: Duration,
}

impl std::fmt::Debug for Alertmanager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alertmanager").finish_non_exhaustive()
    }
}

impl Alertmanager {
    /// A client for the server at `base` (`http://alertmanager:9093`, with the route prefix if it has one, with
    /// `user:password@` if it wants them), with a bearer token if it wants one.
    ///
    /// # Errors
    /// When the HTTP client cannot be built (no TLS roots).
    pub fn new(
        base: &str,
        token: Option<SecretString>,
        timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            token,
            timeout,
        })
    }

    /// Its version, and how its cluster is (`GET /api/v2/status`). Its configuration is in the same answer and
    /// is not kept.
    ///
    /// # Errors
    /// [`AlertmanagerError`].
    pub async fn status(&self) -> Result<Status, AlertmanagerError> {
        self.get(&["status"], &[]).await
    }

    /// The alerts it holds (`GET /api/v2/alerts`): firing ones, and those that a silence or another alert mutes.
    ///
    /// # Errors
    /// [`AlertmanagerError`]. An empty list is not an error.
    pub async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<Alert>, AlertmanagerError> {
        self.get(&["alerts"], &filter.query()).await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T, AlertmanagerError> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let body = self.send(self.http.request(Method::GET, url)).await?;
        read(&body)
    }

    /// The address of a path; each segment is escaped.
    fn url(&self, path: &[&str]) -> Result<reqwest::Url, AlertmanagerError> {
        let mut url = reqwest::Url::parse(&format!("{}/api/v2", self.base))
            .map_err(|error| AlertmanagerError::Unreachable(error.to_string()))?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        Ok(url)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Vec<u8>, AlertmanagerError> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        let answer = exchange(request, MAX_BODY).await;
        judge(answer.map_err(|trouble| self.classify(trouble))?)
    }

    fn classify(&self, trouble: Trouble) -> AlertmanagerError {
        match trouble {
            Trouble::Unreachable(why) => AlertmanagerError::Unreachable(why),
            Trouble::Cut(why) => AlertmanagerError::Cut(why),
            Trouble::TimedOut => AlertmanagerError::TimedOut(self.timeout),
            Trouble::TooLarge => AlertmanagerError::TooLarge(MAX_BODY),
        }
    }
}

/// The body of a good answer, or what the status means.
fn judge(answer: Answer) -> Result<Vec<u8>, AlertmanagerError> {
    let Answer { status, body } = answer;
    let other = |what: &str| Err(AlertmanagerError::NotAlertmanager(what.to_owned()));
    match status {
        200..=299 => Ok(body),
        300..=399 => other("a redirect, to a login perhaps"),
        401 | 403 => Err(AlertmanagerError::Forbidden),
        400 | 422 => Err(AlertmanagerError::BadRequest(words(&body))),
        404 if is_html(&body) => other("HTML instead of JSON"),
        // A path that is not there, in the words of the API's own router and of Go's.
        404 if !body.trim_ascii().is_empty() => other("no API of version 2 there"),
        404 => Err(AlertmanagerError::NotFound),
        // 0.25 says so with a 500 when a silence is expired that it does not know.
        500 if words(&body) == "silence not found" => Err(AlertmanagerError::NotFound),
        other => Err(AlertmanagerError::Server(other)),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, AlertmanagerError> {
    serde_json::from_slice(body).map_err(|error| {
        AlertmanagerError::NotAlertmanager(if body.trim_ascii().is_empty() {
            "no content".to_owned()
        } else if is_html(body) {
            "HTML instead of JSON".to_owned()
        } else {
            error.to_string()
        })
    })
}

/// The text of an error: a JSON string (handlers), an object with a `message` (the API's router), or plain.
fn words(body: &[u8]) -> String {
    let text = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(value) => value["message"].as_str().unwrap_or_default().to_owned(),
        Err(_) if is_html(body) => "HTML instead of JSON".to_owned(),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    cap(&clean(text.trim()), MAX_TEXT).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_in_each_of_its_shapes() {
        assert_eq!(
            words(b"\"bad matcher format: nope\"\n"),
            "bad matcher format: nope"
        );
        let routed = br#"{"code":612,"message":"matchers in body should have at least 1 items"}"#;
        assert_eq!(
            words(routed),
            "matchers in body should have at least 1 items"
        );
        assert_eq!(words(b"plain \x1b[31mred"), "plain red");
        assert_eq!(words(b"<html>"), "HTML instead of JSON");
        assert_eq!(words(&[b'x'; 4000]).chars().count(), MAX_TEXT);
    }

    #[test]
    fn each_status_has_its_meaning() {
        let said = |status: u16, body: &str| {
            let body = body.as_bytes().to_vec();
            judge(Answer { status, body }).unwrap_err()
        };
        assert_eq!(said(404, ""), AlertmanagerError::NotFound);
        assert_eq!(
            said(500, "\"silence not found\"\n"),
            AlertmanagerError::NotFound
        );
        assert_eq!(said(500, "\"disk full\""), AlertmanagerError::Server(500));
        assert_eq!(said(403, "<html>"), AlertmanagerError::Forbidden);
        for (status, body) in [(302, ""), (404, "<html>"), (404, "404 page not found")] {
            let error = said(status, body);
            assert!(
                matches!(error, AlertmanagerError::NotAlertmanager(_)),
                "{error}"
            );
        }
    }

    #[test]
    fn only_what_may_have_been_done_leaves_doubt() {
        assert!(AlertmanagerError::Cut(String::new()).leaves_doubt());
        assert!(AlertmanagerError::Server(503).leaves_doubt());
        assert!(!AlertmanagerError::Unreachable(String::new()).leaves_doubt());
        assert!(!AlertmanagerError::BadRequest(String::new()).leaves_doubt());
    }
}
