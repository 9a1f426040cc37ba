//! What can go wrong with a call to Slack, sorted by what the caller may do next.

use std::time::Duration;

use slack_morphism::errors::SlackClientError;
use thiserror::Error;

/// How long a 429 without `Retry-After` holds a method.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(30);

/// A call that did not succeed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SlackError {
    /// The request may have reached Slack and may still take effect: a time-out, a connection cut
    /// after sending, an answer that is not Slack's. Never repeat it before looking.
    #[error("no clear answer from Slack: {0}")]
    Unclear(String),
    /// Slack read the request and said `ok: false`: nothing happened, and the same call gives the same answer.
    #[error("Slack refused: {error}{}", detail_suffix(.detail))]
    Refused {
        /// Slack's code: `channel_not_found`, `msg_blocks_too_long`.
        error: String,
        /// `response_metadata.messages`, which name the block at fault.
        detail: Vec<String>,
    },
    /// 429: nothing happened, and the method is paused for this long.
    #[error("Slack limits this method for {} s", .retry_after.as_secs())]
    RateLimited {
        /// Slack's `Retry-After`.
        retry_after: Duration,
    },
    /// Slack could not be reached, or answered 5xx: over, and worth trying again after looking.
    #[error("Slack is not available: {0}")]
    Transient(String),
    /// A newer state of the same message was queued before this one was sent: nothing to do.
    #[error("a newer state of the message replaced this one")]
    Superseded,
}

fn detail_suffix(detail: &[String]) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(" ({})", detail.join("; "))
    }
}

impl SlackError {
    /// Slack's refusal code, when it refused.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }

    /// A short word for metrics and logs.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Unclear(_) => "unclear",
            Self::Refused { .. } => "refused",
            Self::RateLimited { .. } => "rate-limited",
            Self::Transient(_) => "transient",
            Self::Superseded => "superseded",
        }
    }

    /// Sorts an `ok: false` code. Slack documents of `fatal_error` and `internal_error` that part
    /// of the operation may have succeeded.
    pub(super) fn from_code(error: &str, body: &serde_json::Value) -> Self {
        match error {
            "ratelimited" | "rate_limited" | "message_limit_exceeded" => Self::RateLimited {
                retry_after: DEFAULT_RETRY_AFTER,
            },
            "fatal_error" | "internal_error" | "request_timeout" => {
                Self::Unclear(format!("Slack answered {error}"))
            }
            "service_unavailable" | "team_added_to_org" | "accesslimited" => {
                Self::Transient(format!("Slack answered {error}"))
            }
            _ => Self::Refused {
                error: error.to_owned(),
                detail: messages_of(body),
            },
        }
    }
}

/// The JSON pointers and reasons of a block refusal; they hold positions, never our text.
fn messages_of(body: &serde_json::Value) -> Vec<String> {
    body["response_metadata"]["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|message| message.as_str())
        .take(5)
        .map(|message| message.chars().take(200).collect())
        .collect()
}

impl From<SlackClientError> for SlackError {
    /// The client's own texts are not used: they print whole response bodies.
    fn from(error: SlackClientError) -> Self {
        match error {
            SlackClientError::ApiError(api) => {
                let body = api
                    .http_response_body
                    .and_then(|body| serde_json::from_str(&body).ok())
                    .unwrap_or_default();
                Self::from_code(&api.code, &body)
            }
            SlackClientError::RateLimitError(limit) => Self::RateLimited {
                retry_after: limit.retry_after.unwrap_or(DEFAULT_RETRY_AFTER),
            },
            SlackClientError::HttpError(http) if http.status_code.is_server_error() => {
                Self::Transient(format!("HTTP {}", http.status_code.as_u16()))
            }
            SlackClientError::HttpError(http) => Self::Refused {
                error: format!("http_{}", http.status_code.as_u16()),
                detail: Vec::new(),
            },
            SlackClientError::HttpProtocolError(protocol) => {
                let never_connected = protocol
                    .cause
                    .as_ref()
                    .and_then(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())
                    .is_some_and(hyper_util::client::legacy::Error::is_connect);
                if never_connected {
                    Self::Transient(format!("cannot connect: {}", root_of(&protocol)))
                } else {
                    Self::Unclear(format!("connection lost: {}", root_of(&protocol)))
                }
            }
            SlackClientError::ProtocolError(_) => {
                Self::Unclear("the answer is not Slack's JSON".to_owned())
            }
            SlackClientError::SystemError(_)
            | SlackClientError::EndOfStream(_)
            | SlackClientError::SocketModeProtocolError(_) => {
                Self::Unclear("the connection broke".to_owned())
            }
        }
    }
}

/// The innermost reason of a transport error: it names an address or a TLS fault, no content.
fn root_of(protocol: &slack_morphism::errors::SlackClientHttpProtocolError) -> String {
    let Some(cause) = &protocol.cause else {
        return "unknown reason".to_owned();
    };
    let mut innermost: &(dyn std::error::Error + 'static) = cause.as_ref();
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
