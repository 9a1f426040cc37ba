//! The part of the configuration about alerts: which bots are believed in which channel, where alerts of the
//! webhook are told, and the webhook's own listener.

use std::net::SocketAddr;
use std::time::Duration;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use super::check::Checker;
use super::file::Text;

const CHANNEL_ID: &str = "in Slack, open the channel's details, the ID is at the bottom";
const SENDER_ID: &str =
    "in Slack, the bot's profile; `vigie doctor` lists those that posted lately";

/// Where alerts come from, and where they are told.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    /// Channels in which other bots post alerts.
    pub channels: Vec<AlertChannel>,
    /// Where alerts of the webhook are told; `None`: nowhere, and the webhook cannot be used.
    pub post_to: Option<String>,
    /// Other channels for alerts of some environments.
    pub routes: Vec<AlertRoute>,
    /// How long the Watchdog alert may be silent before that is told; `None`: learned from its rhythm.
    pub watchdog: Option<Duration>,
    /// The webhook's listener; `None`: there is none.
    pub webhook: Option<AlertWebhook>,
}

/// A channel in which bots post alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertChannel {
    /// Slack id.
    pub id: String,
    /// Bots (`B…`) and apps (`A…`) whose messages are alerts here. Nobody else's are, whatever they look like.
    pub senders: Vec<String>,
    /// The environment of alerts that do not tell theirs.
    pub environment: Option<String>,
}

/// Where alerts of an environment are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRoute {
    /// The environment.
    pub environment: String,
    /// Slack id of the channel.
    pub channel: String,
}

/// The listener of the alert webhook.
#[derive(Clone, Debug)]
pub struct AlertWebhook {
    /// Address to listen on.
    pub addr: SocketAddr,
    /// Bearer token that senders show.
    pub token: Option<SecretString>,
    /// Key of Grafana's signature (HMAC-SHA256).
    pub hmac: Option<SecretString>,
    /// TLS, when it is served here and not by a proxy.
    pub tls: Option<AlertTls>,
}

/// Files of the webhook's TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertTls {
    /// Certificate chain, PEM.
    pub cert: std::path::PathBuf,
    /// Private key, PEM.
    pub key: std::path::PathBuf,
    /// CA that client certificates have to come from (mTLS), PEM.
    pub client_ca: Option<std::path::PathBuf>,
}

impl Alerts {
    /// Where an alert of the webhook is told.
    #[must_use]
    pub fn channel_of(&self, environment: Option<&str>) -> Option<&str> {
        let route = self
            .routes
            .iter()
            .find(|route| Some(route.environment.as_str()) == environment);
        route
            .map(|route| route.channel.as_str())
            .or(self.post_to.as_deref())
    }
}

/// Alerts: which bots are believed in which channel, and where those of the webhook are told.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileAlerts {
    /// Channels in which other bots post alerts. The bot has to be a member there.
    pub channels: Option<Vec<FileAlertChannel>>,
    /// Channel where alerts of the webhook (`VIGIE_ALERTS_ADDR`) are told.
    #[schemars(with = "Option<String>")]
    pub post_to: Option<Text>,
    /// Other channels for alerts of some environments.
    pub routes: Option<Vec<FileAlertRoute>>,
    /// How long the Watchdog alert may be silent before that is told, 1m to 24h. Default: twice its usual rhythm.
    #[schemars(with = "Option<String>")]
    pub watchdog: Option<Text>,
}

/// A channel in which bots post alerts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileAlertChannel {
    /// Channel ID: C0123456789.
    #[schemars(with = "String")]
    pub id: Text,
    /// Bots (B…) or apps (A…) whose messages are alerts. Anyone else's are not, whatever they look like.
    #[schemars(with = "Vec<String>")]
    pub senders: Vec<Text>,
    /// The environment of alerts that do not tell theirs (labels environment, env, cluster).
    #[schemars(with = "Option<String>")]
    pub environment: Option<Text>,
}

/// Where alerts of an environment are told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileAlertRoute {
    /// The environment.
    #[schemars(with = "String")]
    pub environment: Text,
    /// Channel ID: C0123456789.
    #[schemars(with = "String")]
    pub channel: Text,
}

/// Checks what the file says.
pub(super) fn read(file: &FileAlerts, known: &[&str], check: &mut Checker<'_>) -> Alerts {
    let channels = file.channels.iter().flatten();
    let routes = file.routes.iter().flatten();
    Alerts {
        channels: channels.map(|one| channel(one, known, check)).collect(),
        post_to: file
            .post_to
            .as_ref()
            .map(|at| check.slack_id(at, "alerts.post_to", "CG", CHANNEL_ID)),
        routes: routes
            .map(|one| AlertRoute {
                environment: check.environment(&one.environment, "environment", known),
                channel: check.slack_id(&one.channel, "channel", "CG", CHANNEL_ID),
            })
            .collect(),
        watchdog: file.watchdog.as_ref().map(|at| {
            let range = Duration::from_mins(1)..=Duration::from_hours(24);
            check.duration(Some(at), "alerts.watchdog", range, Duration::from_mins(15))
        }),
        webhook: None,
    }
}

fn channel(file: &FileAlertChannel, known: &[&str], check: &mut Checker<'_>) -> AlertChannel {
    let senders = file.senders.iter();
    AlertChannel {
        id: check.slack_id(&file.id, "channel", "CG", CHANNEL_ID),
        senders: senders
            .map(|at| check.slack_id(at, "sender", "BA", SENDER_ID))
            .collect(),
        environment: file
            .environment
            .as_ref()
            .map(|at| check.environment(at, "environment", known)),
    }
}
