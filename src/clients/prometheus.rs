//! The Prometheus HTTP API, by hand: instant and range queries with a time-out, a series cap and a
//! body cap. Expressions are built from typed selectors, so a name from outside cannot end a string
//! or a matcher.

mod rules;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use thiserror::Error;

pub use rules::{AlertRule, ExpressionAlert, Health, RuleState};

use super::bounded::{Answer, Trouble, exchange, is_html};
use crate::text::promql_string as quote;

/// Largest answer read.
const MAX_BODY: usize = 4 << 20;
/// Most series taken of one answer.
const MAX_SERIES: usize = 2_000;

/// Why a query gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QueryError {
    /// No connection.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// 401 or 403.
    #[error("not permitted")]
    Forbidden,
    /// 400 or 422: Prometheus refuses the expression.
    #[error("bad query: {0}")]
    BadQuery(String),
    /// Any other status.
    #[error("status {0}")]
    Server(u16),
    /// Not the JSON that the API promises.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
    /// More than this many bytes; the rest was not read.
    #[error("too large an answer: more than {0} bytes")]
    TooLarge(usize),
}

/// One series with its labels and points, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Labels, `__name__` included where there is one.
    pub labels: BTreeMap<String, String>,
    /// Unix seconds and value; one point for an instant query.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// The newest value.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        self.points
            .last()
            .map(|(_, value)| *value)
            .filter(|value| value.is_finite())
    }
}

/// A metric selector whose values are escaped: `metric{label="value"}`.
#[derive(Clone, Debug)]
pub struct Selector(String, Vec<String>);

impl Selector {
    /// Selects a metric by name. The name is ours, from the code or a playbook, never from chat.
    #[must_use]
    pub fn metric(name: &'static str) -> Self {
        Self(name.to_owned(), Vec::new())
    }

    /// The label equals the value.
    #[must_use]
    pub fn eq(mut self, label: &'static str, value: &str) -> Self {
        self.1.push(format!("{label}=\"{}\"", quote(value)));
        self
    }

    /// The label differs from the value.
    #[must_use]
    pub fn ne(mut self, label: &'static str, value: &str) -> Self {
        self.1.push(format!("{label}!=\"{}\"", quote(value)));
        self
    }

    /// The label is one of the values, taken literally.
    #[must_use]
    pub fn one_of(mut self, label: &'static str, values: &[String]) -> Self {
        let literal: Vec<String> = values.iter().map(|value| regex::escape(value)).collect();
        let pattern = quote(&literal.join("|"));
        self.1.push(format!("{label}=~\"{pattern}\""));
        self
    }

    /// The label matches a pattern whose parts from outside are escaped.
    #[must_use]
    pub fn pattern(mut self, label: &'static str, pattern: &str) -> Self {
        self.1.push(format!("{label}=~\"{}\"", quote(pattern)));
        self
    }

    /// The label matches a pattern of ours.
    #[must_use]
    pub fn matches(mut self, label: &'static str, pattern: &'static str) -> Self {
        self.1.push(format!("{label}=~\"{}\"", quote(pattern)));
        self
    }

    /// The label does not match a pattern of ours.
    #[must_use]
    pub fn not_matches(mut self, label: &'static str, pattern: &'static str) -> Self {
        self.1.push(format!("{label}!~\"{}\"", quote(pattern)));
        self
    }

    /// The text for an expression.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.0.clone();
        let _ = write!(text, "{{{}}}", self.1.join(","));
        text
    }
}

/// A Prometheus-compatible server.
#[derive(Clone)]
pub struct Prometheus {
    http: reqwest::Client,
    base: String,
    token: Option<SecretString>,
    timeout: Duration,
}

#[derive(Deserialize)]
struct Envelope {
    status: String,
    #[serde(default, rename = "errorType")]
    kind: String,
    #[serde(default)]
    error: String,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Values {
    status: String,
    #[serde(default)]
    error: String,
    data: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    result: Vec<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    value: Option<(f64, String)>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

impl Prometheus {
    /// A client for the server at `base` (`http://prometheus:9090`), with a bearer token if it wants one.
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

    /// The value of an expression at one time.
    ///
    /// # Errors
    /// [`QueryError`]. An empty result is not an error.
    pub async fn instant(
        &self,
        expression: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<Series>, QueryError> {
        let query = [
            ("query", expression.to_owned()),
            ("time", at.timestamp().to_string()),
            self.timeout_parameter(),
        ];
        self.ask("/api/v1/query", &query).await
    }

    /// The values of an expression between two times, one point each `step`.
    ///
    /// # Errors
    /// As [`Self::instant`].
    pub async fn range(
        &self,
        expression: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        step: TimeDelta,
    ) -> Result<Vec<Series>, QueryError> {
        let query = [
            ("query", expression.to_owned()),
            ("start", from.timestamp().to_string()),
            ("end", to.timestamp().to_string()),
            ("step", step.num_seconds().max(1).to_string()),
            self.timeout_parameter(),
        ];
        self.ask("/api/v1/query_range", &query).await
    }

    /// The `data` of an answer of its API that is no query: targets, rules.
    ///
    /// # Errors
    /// [`QueryError`].
    pub async fn data(
        &self,
        path: &'static str,
        query: &[(&str, String)],
    ) -> Result<serde_json::Value, QueryError> {
        let body = self.fetch(path, query).await?;
        let mut value: serde_json::Value = serde_json::from_slice(&body)
            .map_err(|error| QueryError::Unreadable(error.to_string()))?;
        Ok(value["data"].take())
    }

    /// The values of a label in the series that the selectors mean, between two times.
    ///
    /// # Errors
    /// As [`Self::instant`].
    pub async fn label_values(
        &self,
        label: &'static str,
        selectors: &[String],
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<String>, QueryError> {
        let mut query = vec![
            ("start", from.timestamp().to_string()),
            ("end", to.timestamp().to_string()),
        ];
        query.extend(selectors.iter().map(|one| ("match[]", one.clone())));
        let body = self
            .fetch(&format!("/api/v1/label/{label}/values"), &query)
            .await?;
        let values: Values =
            serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
        match values.status.as_str() {
            "success" => Ok(values.data.unwrap_or_default()),
            _ => Err(QueryError::BadQuery(values.error)),
        }
    }

    /// Whether the server answers at all: its build information.
    ///
    /// # Errors
    /// [`QueryError`].
    pub async fn version(&self) -> Result<String, QueryError> {
        let body = self.fetch("/api/v1/status/buildinfo", &[]).await?;
        let value: serde_json::Value = serde_json::from_slice(&body)
            .map_err(|error| QueryError::Unreadable(error.to_string()))?;
        Ok(value["data"]["version"]
            .as_str()
            .unwrap_or("unknown")
            .to_owned())
    }

    fn timeout_parameter(&self) -> (&'static str, String) {
        ("timeout", format!("{}s", self.timeout.as_secs().max(1)))
    }

    async fn ask(&self, path: &str, query: &[(&str, String)]) -> Result<Vec<Series>, QueryError> {
        let body = self.fetch(path, query).await?;
        let envelope: Envelope =
            serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
        match (envelope.status.as_str(), envelope.data) {
            ("success", Some(data)) => Ok(data
                .result
                .into_iter()
                .take(MAX_SERIES)
                .map(series)
                .collect()),
            _ => Err(QueryError::BadQuery(envelope.error)),
        }
    }

    async fn fetch(&self, path: &str, query: &[(&str, String)]) -> Result<Vec<u8>, QueryError> {
        let mut url = reqwest::Url::parse(&format!("{}{path}", self.base))
            .map_err(|error| QueryError::Unreachable(error.to_string()))?;
        url.query_pairs_mut().extend_pairs(query);
        let mut request = self.http.get(url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let Answer { status, body } = exchange(request, MAX_BODY)
            .await
            .map_err(|trouble| self.classify(trouble))?;
        match status {
            200..=299 => Ok(body),
            400 | 422 => Err(QueryError::BadQuery(error_text(&body))),
            401 | 403 => Err(QueryError::Forbidden),
            // 503 with that type: the query ran into the server's own time limit.
            503 if error_type(&body) == "timeout" => Err(QueryError::TimedOut(self.timeout)),
            other => Err(QueryError::Server(other)),
        }
    }

    fn classify(&self, trouble: Trouble) -> QueryError {
        match trouble {
            Trouble::Unreachable(why) | Trouble::Cut(why) => QueryError::Unreachable(why),
            Trouble::TimedOut => QueryError::TimedOut(self.timeout),
            Trouble::TooLarge => QueryError::TooLarge(MAX_BODY),
        }
    }
}

/// What came instead of JSON, in a word: a login page or a proxy's error page is HTML.
fn unreadable(body: &[u8], error: &serde_json::Error) -> QueryError {
    QueryError::Unreadable(if body.trim_ascii().is_empty() {
        "no content".to_owned()
    } else if is_html(body) {
        "HTML instead of JSON".to_owned()
    } else {
        error.to_string()
    })
}

fn error_type(body: &[u8]) -> String {
    serde_json::from_slice::<Envelope>(body)
        .map(|envelope| envelope.kind)
        .unwrap_or_default()
}

fn error_text(body: &[u8]) -> String {
    serde_json::from_slice::<Envelope>(body)
        .map(|envelope| envelope.error)
        .unwrap_or_default()
}

fn series(raw: Raw) -> Series {
    let points = raw.value.into_iter().chain(raw.values);
    let points = points
        .filter_map(|(at, value)| Some((at, value.parse().ok()?)))
        .collect();
    Series {
        labels: raw.metric,
        points,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_named() {
        let said = |body: &[u8]| {
            let error = serde_json::from_slice::<Envelope>(body).err();
            error.map(|error| unreadable(body, &error).to_string())
        };
        assert_eq!(said(b""), Some("unreadable answer: no content".to_owned()));
        let html = said(b"\n<html><body>Sign in</body></html>");
        assert_eq!(
            html,
            Some("unreadable answer: HTML instead of JSON".to_owned())
        );
        assert_eq!(
            error_type(br#"{"status":"error","errorType":"timeout"}"#),
            "timeout"
        );
    }

    #[test]
    fn values_that_are_no_number_are_no_value() {
        for text in ["NaN", "+Inf", "-Inf"] {
            let raw = Raw {
                metric: BTreeMap::new(),
                value: Some((1.0, text.to_owned())),
                values: Vec::new(),
            };
            assert_eq!(series(raw).last(), None, "{text}");
        }
    }
}
