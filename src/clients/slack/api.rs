//! The Web API connection: our own connector (time-outs, HTTP/1 and 2, a base URL of choice), the
//! redactor in front of every payload, and one place where answers are judged.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use slack_morphism::hyper_tokio::SlackClientHyperConnector;
use slack_morphism::{SlackApiToken, SlackClient};
use thiserror::Error;

use super::error::SlackError;
use super::gate::{Gate, Permit};
use super::limiter::{Ask, Limits, Method, Priority};

/// The connector every request goes through.
pub(super) type Connector =
    SlackClientHyperConnector<TimeoutConnector<HttpsConnector<HttpConnector>>>;

/// Takes secrets out of a payload, in place, before it leaves the process.
pub type Scrub = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// Something the metrics want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed {
    /// One Web API call ended: its method and a word for how (`ok`, `refused`, `rate-limited`, …).
    Call(&'static str, &'static str),
    /// A socket said hello (true) or went away (false).
    Socket(bool),
    /// A socket is opened again, and why.
    Reconnect(&'static str),
    /// One frame of the socket: its kind, what became of it, and how long the answer took.
    Frame(&'static str, &'static str, Duration),
}

/// Receives what happens at the wire.
pub type Observer = Arc<dyn Fn(Observed) + Send + Sync>;

/// How to reach Slack.
#[derive(Clone, Debug)]
pub struct SlackSettings {
    /// `https://slack.com/api`, or the sandbox's.
    pub base_url: String,
    /// `xoxb-…`.
    pub bot_token: SecretString,
    /// A call that has no answer after this long is unclear.
    pub timeout: Duration,
    /// What the limiter keeps below.
    pub limits: Limits,
}

impl SlackSettings {
    /// Slack itself, with this token.
    #[must_use]
    pub fn new(bot_token: SecretString) -> Self {
        Self {
            base_url: "https://slack.com/api".to_owned(),
            bot_token,
            timeout: Duration::from_secs(10),
            limits: Limits::default(),
        }
    }
}

/// The client cannot be built.
#[derive(Debug, Error)]
pub enum SlackSetupError {
    /// The system has no CA certificates: install ca-certificates or set `SSL_CERT_FILE`.
    #[error("no TLS root certificates (install ca-certificates or set SSL_CERT_FILE): {0}")]
    Roots(std::io::Error),
}

/// The Web API. Cloning shares the connection pool and the limiter.
#[derive(Clone)]
pub struct Slack {
    pub(super) client: Arc<SlackClient<Connector>>,
    token: SlackApiToken,
    gate: Gate,
    pub(super) scrub: Scrub,
    pub(super) observer: Observer,
    pub(super) timeout: Duration,
    pub(super) base_url: String,
}

impl fmt::Debug for Slack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slack").finish_non_exhaustive()
    }
}

impl Slack {
    /// Builds the client; nothing is sent yet. Must be called inside a Tokio runtime.
    pub fn new(
        settings: &SlackSettings,
        scrub: Scrub,
        observer: Observer,
    ) -> Result<Self, SlackSetupError> {
        let token = settings.bot_token.expose_secret().to_owned();
        Ok(Self {
            client: Arc::new(SlackClient::new(connector(settings)?)),
            token: SlackApiToken::new(token.into()),
            gate: Gate::start(settings.limits),
            scrub,
            observer,
            timeout: settings.timeout,
            base_url: settings.base_url.clone(),
        })
    }

    /// Waits until a post in this channel may go. Get it before claiming what is to be posted.
    pub async fn permit_post(
        &self,
        channel: &str,
        priority: Priority,
    ) -> Result<Permit, SlackError> {
        self.permit(Method::PostMessage, Some(channel), priority, None)
            .await
    }

    /// Waits for a turn; `replaces` is the message whose state the call sets.
    pub(super) async fn permit(
        &self,
        method: Method,
        channel: Option<&str>,
        priority: Priority,
        replaces: Option<(String, String)>,
    ) -> Result<Permit, SlackError> {
        let channel = channel.map(str::to_owned);
        self.gate
            .permit(Ask {
                method,
                channel,
                priority,
                replaces,
            })
            .await
    }

    /// How long a call of that method in that channel would wait for its turn now, behind `ahead` others too.
    pub(super) async fn backlog(&self, method: Method, channel: &str, ahead: usize) -> Duration {
        self.gate
            .backlog(method, Some(channel.to_owned()), ahead)
            .await
    }

    /// Sends a payload, redacted, as JSON.
    pub(super) async fn post_json(
        &self,
        permit: Permit,
        mut payload: Value,
    ) -> Result<Value, SlackError> {
        (self.scrub)(&mut payload);
        let session = self.client.open_session(&self.token);
        let call = session.http_session_api.http_post::<Value, Value>(
            permit.method.as_str(),
            &payload,
            None,
        );
        let answer = tokio::time::timeout(self.timeout, call).await;
        self.judge(permit, answer)
    }

    /// Reads with query parameters: Slack's reading methods do not take JSON.
    pub(super) async fn get(
        &self,
        permit: Permit,
        params: &[(&str, Option<String>)],
    ) -> Result<Value, SlackError> {
        let params = params.to_vec();
        let session = self.client.open_session(&self.token);
        let call =
            session
                .http_session_api
                .http_get::<Value, _, _>(permit.method.as_str(), &params, None);
        let answer = tokio::time::timeout(self.timeout, call).await;
        self.judge(permit, answer)
    }

    fn judge<E: Into<SlackError>>(
        &self,
        permit: Permit,
        answer: Result<Result<Value, E>, tokio::time::error::Elapsed>,
    ) -> Result<Value, SlackError> {
        let result = match answer {
            Ok(Ok(body)) if body["ok"] == true => Ok(body),
            // A 200 that is not JSON reaches us as `{}`: whoever sent it, it was not Slack's API.
            Ok(Ok(body)) => Err(body["error"].as_str().map_or_else(
                || SlackError::Unclear("the answer is not Slack's".to_owned()),
                |code| SlackError::from_code(code, &body),
            )),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(SlackError::Unclear(format!(
                "no answer within {} s",
                self.timeout.as_secs()
            ))),
        };
        let outcome = result.as_ref().map_or_else(SlackError::outcome, |_| "ok");
        (self.observer)(Observed::Call(permit.method.as_str(), outcome));
        if let Err(SlackError::RateLimited { retry_after }) = &result {
            self.gate.pause(permit.method, permit.channel, *retry_after);
        }
        result
    }
}

/// TLS from the system's roots, HTTP/1.1 and 2 (slack-morphism's own offers HTTP/2 only), plain
/// HTTP for the sandbox, and time-outs on each step.
fn connector(settings: &SlackSettings) -> Result<Connector, SlackSetupError> {
    let https = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(SlackSetupError::Roots)?
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .build();
    let mut timed = TimeoutConnector::new(https);
    timed.set_connect_timeout(Some(settings.timeout.min(Duration::from_secs(5))));
    timed.set_read_timeout(Some(settings.timeout));
    timed.set_write_timeout(Some(settings.timeout));
    timed.set_reset_reader_on_write(true);
    Ok(SlackClientHyperConnector::with_connector(timed)
        .with_slack_api_url(settings.base_url.trim_end_matches('/')))
}
