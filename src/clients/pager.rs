//! The way out of Slack when no lead can be reached there: one POST to `escalation.webhook`, in our
//! own JSON or as `PagerDuty` and Opsgenie take it. The address comes from the configuration only,
//! redirects are not followed, and the key makes a repeat harmless at the receiver.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use thiserror::Error;

/// How the receiver wants to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own flat object; `Authorization: Bearer`.
    Json,
    /// `PagerDuty` Events API v2; the token is the routing key.
    PagerDuty,
    /// Opsgenie Alert API; the token is the API key.
    Opsgenie,
}

/// What a call says.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Idempotency key: the receiver's dedup key.
    pub key: String,
    /// One sentence, redacted.
    pub summary: String,
    /// Why the lead is called, redacted.
    pub because: Vec<String>,
    /// Id of the incident.
    pub incident: String,
    /// Environment, when known.
    pub environment: Option<String>,
    /// When it began (UTC).
    pub opened_at: DateTime<Utc>,
    /// Link to the thread.
    pub link: Option<String>,
}

/// A call that did not go through.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PagerError {
    /// 4xx other than 408 and 429: the same call gets the same answer.
    #[error("the webhook answered {0}")]
    Refused(u16),
    /// No answer, 5xx, 408 or 429: try again, the key makes it harmless.
    #[error("no clear answer from the webhook: {0}")]
    Unclear(String),
}

/// The webhook.
#[derive(Clone)]
pub struct Pager {
    client: reqwest::Client,
    url: SecretString,
    token: Option<SecretString>,
    format: Format,
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl Pager {
    /// A webhook at that address. An error means that the HTTP client cannot be built.
    pub fn new(
        url: SecretString,
        token: Option<SecretString>,
        format: Format,
    ) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            url,
            token,
            format,
        })
    }

    /// Makes the call.
    pub async fn call(&self, call: &Call) -> Result<(), PagerError> {
        let token = self.token.as_ref().map(ExposeSecret::expose_secret);
        let request = self.client.post(self.url.expose_secret());
        let request = match (self.format, token) {
            (Format::Json, Some(token)) => request.bearer_auth(token),
            (Format::Opsgenie, Some(token)) => {
                request.header("Authorization", format!("GenieKey {token}"))
            }
            _ => request,
        };
        // The error's own text holds the address, which may be a secret.
        let answer = request.json(&body(self.format, call, token)).send().await;
        let status = answer
            .map_err(|error| PagerError::Unclear(kind_of(&error).to_owned()))?
            .status();
        match status.as_u16() {
            200..300 => Ok(()),
            408 | 429 | 500.. => Err(PagerError::Unclear(format!("HTTP {status}"))),
            code => Err(PagerError::Refused(code)),
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

fn body(format: Format, call: &Call, token: Option<&str>) -> Value {
    let details = json!({
        "incident": call.incident,
        "environment": call.environment,
        "opened_at": call.opened_at,
        "because": call.because,
        "thread": call.link,
    });
    let cut = |text: &str, max| text.chars().take(max).collect::<String>();
    match format {
        Format::Json => json!({
            "key": call.key,
            "summary": call.summary,
            "incident": call.incident,
            "environment": call.environment,
            "opened_at": call.opened_at,
            "because": call.because,
            "thread": call.link,
        }),
        Format::PagerDuty => {
            let links: Vec<Value> = call
                .link
                .iter()
                .map(|link| json!({"href": link, "text": "Slack"}))
                .collect();
            json!({
                "routing_key": token,
                "event_action": "trigger",
                "dedup_key": cut(&call.key, 255),
                "payload": {
                    "summary": cut(&call.summary, 1024),
                    "source": call.environment.as_deref().unwrap_or("vigie"),
                    "severity": "critical",
                    "timestamp": call.opened_at,
                    "custom_details": details,
                },
                "links": links,
            })
        }
        Format::Opsgenie => json!({
            "message": cut(&call.summary, 130),
            "alias": cut(&call.key, 512),
            "description": cut(&call.because.join("\n"), 15_000),
            "priority": "P1",
            "source": "vigie",
            "details": {
                "incident": call.incident,
                "environment": call.environment.clone().unwrap_or_default(),
                "thread": call.link.clone().unwrap_or_default(),
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            key: "C1-1.0/webhook-1".into(),
            summary: "payment-service is killed for memory ".repeat(20),
            because: vec!["Not resolved after 1 h.".into()],
            incident: "C1-1.0".into(),
            environment: Some("production".into()),
            opened_at: DateTime::UNIX_EPOCH,
            link: Some("https://example.slack.com/archives/C1/p10".into()),
        }
    }

    #[test]
    fn each_receiver_gets_its_shape_and_its_limits() {
        let ours = body(Format::Json, &call(), None);
        assert_eq!(ours["key"], "C1-1.0/webhook-1");
        assert_eq!(ours["because"][0], "Not resolved after 1 h.");
        let pagerduty = body(Format::PagerDuty, &call(), Some("FAKE-routing-key"));
        assert_eq!(pagerduty["routing_key"], "FAKE-routing-key");
        assert_eq!(pagerduty["dedup_key"], "C1-1.0/webhook-1");
        assert_eq!(pagerduty["payload"]["severity"], "critical");
        let opsgenie = body(Format::Opsgenie, &call(), None);
        assert_eq!(opsgenie["alias"], "C1-1.0/webhook-1");
        assert_eq!(opsgenie["message"].as_str().unwrap().chars().count(), 130);
    }
}
