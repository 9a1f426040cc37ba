//! The configuration once it is read, checked and filled with defaults.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::alerts::Alerts;
use crate::playbook::Playbooks;
use crate::text::Language;

/// Everything vigie is told from outside before it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the policy was read from; `None` when there is no `vigie.yaml`.
    pub path: Option<PathBuf>,
    /// Remarks that do not stop the start: an unknown variable, an absence that is over.
    pub warnings: Vec<String>,
    /// Slack's tokens and address.
    pub slack: Slack,
    /// The Prometheus used where an environment names no other; `None`: not configured.
    pub prometheus: Option<Endpoint>,
    /// The Alertmanager used where an environment names no other; `None`: not configured.
    pub alertmanager: Option<Endpoint>,
    /// What is called each minute while all is proven to be well; may hold a token, so it is never printed.
    pub heartbeat: Option<SecretString>,
    /// Jenkins; `None`: not configured.
    pub jenkins: Option<Jenkins>,
    /// `SonarQube`; `None`: not configured.
    pub sonarqube: Option<SonarQube>,
    /// Folder of the store.
    pub data_dir: PathBuf,
    /// The HTTP listener for health, metrics and the local administration.
    pub http: Http,
    /// The bot's own logs.
    pub log: Log,
    /// Language of the answer where the question's language cannot be told.
    pub language: Language,
    /// Environments in the order of the file; empty: the one the kubeconfig points at.
    pub environments: Vec<Environment>,
    /// The environment meant when a question names none.
    pub default_environment: Option<String>,
    /// Workloads whose loss is a page at once.
    pub workloads: Vec<Workload>,
    /// Where the bot answers, and what it may show there.
    pub channels: Channels,
    /// Who may ask.
    pub access: Access,
    /// Whom to call, and when.
    pub escalation: Escalation,
    /// Where alerts come from, and where they are told.
    pub alerts: Alerts,
    /// Limits of one investigation.
    pub investigation: Investigation,
    /// The playbooks in use: the built-in ones, and those of the operator's folder over them.
    pub playbooks: Arc<Playbooks>,
    /// What to do at the start when the service account can do more than it should.
    pub excess_rights: ExcessRights,
}

/// How to reach Slack.
#[derive(Clone, Debug)]
pub struct Slack {
    /// `xoxb-…`; required by `run`.
    pub bot_token: Option<SecretString>,
    /// `xapp-…`; required by `run`.
    pub app_token: Option<SecretString>,
    /// Base address of the Web API, without a trailing slash.
    pub api_url: Url,
}

/// Both tokens, present.
#[derive(Clone, Debug)]
pub struct SlackTokens {
    /// `xoxb-…`: acts in the workspace.
    pub bot: SecretString,
    /// `xapp-…`: opens the Socket Mode connection.
    pub app: SecretString,
}

/// How to reach a Prometheus or an Alertmanager.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Base address without credentials, without a trailing slash in its path.
    pub url: Url,
    /// How to log in.
    pub auth: Login,
}

impl Endpoint {
    /// The address as the client wants it: with user and password when it logs in that way.
    #[must_use]
    pub fn address(&self) -> SecretString {
        let mut url = self.url.clone();
        if let Login::Basic { user, password } = &self.auth {
            // An http(s) address always takes credentials.
            let _ = url.set_username(user);
            let _ = url.set_password(Some(password.expose_secret()));
        }
        SecretString::from(url.as_str().trim_end_matches('/').to_owned())
    }

    /// The bearer token, when it logs in that way.
    #[must_use]
    pub fn token(&self) -> Option<SecretString> {
        match &self.auth {
            Login::Bearer(token) => Some(token.clone()),
            Login::None | Login::Basic { .. } => None,
        }
    }
}

/// How to log in to it.
#[derive(Clone, Debug, Default)]
pub enum Login {
    /// Not at all.
    #[default]
    None,
    /// `Authorization: Bearer …`.
    Bearer(SecretString),
    /// `Authorization: Basic …`, from the user and password in the URL.
    Basic {
        /// User name.
        user: String,
        /// Password.
        password: SecretString,
    },
}

/// How to reach Jenkins.
#[derive(Clone, Debug)]
pub struct Jenkins {
    /// Base address, without credentials.
    pub url: Url,
    /// The user.
    pub user: String,
    /// Its API token.
    pub token: SecretString,
}

/// How to reach `SonarQube`.
#[derive(Clone, Debug)]
pub struct SonarQube {
    /// Base address, without credentials.
    pub url: Url,
    /// The token.
    pub token: SecretString,
}

/// The HTTP listener.
#[derive(Clone, Debug)]
pub struct Http {
    /// Address to listen on.
    pub addr: SocketAddr,
    /// Bearer token of the administration routes; without one they answer on loopback only.
    pub admin_token: Option<SecretString>,
}

/// The bot's own logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// A `tracing` filter: `info`, `vigie=debug,info`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// One environment: a name people use, and the namespaces of a cluster it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// Name: `production`.
    pub name: String,
    /// Other words for it: `prod`, `live`.
    pub aliases: Vec<String>,
    /// Kubeconfig context; `None`: the current one, or the cluster vigie runs in.
    pub context: Option<String>,
    /// Namespaces; empty: every namespace that may be read.
    pub namespaces: Vec<String>,
    /// Whether production's rules hold here (10 minutes, the lead's approval).
    pub production: bool,
    /// Its own Prometheus, when it is not the common one.
    pub prometheus: Option<Url>,
    /// Its own Alertmanager, when it is not the common one.
    pub alertmanager: Option<Url>,
}

/// How bad the loss of a workload is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    /// The usual case.
    #[default]
    Normal,
    /// No ready replica in production calls the lead at once.
    High,
}

/// A workload of known criticality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Name of the Deployment, `StatefulSet` or `DaemonSet`.
    pub name: String,
    /// Only in this environment; `None`: in all.
    pub environment: Option<String>,
    /// Only in this namespace; `None`: in all.
    pub namespace: Option<String>,
    /// How bad its loss is.
    pub criticality: Criticality,
}

/// Where the bot answers, and what it may show there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channels {
    /// Allow-list; empty: every channel of the workspace the bot was invited to, with [`Show::default`].
    pub listed: Vec<Channel>,
    /// What may be shown in a direct message; `None`: direct messages are refused.
    pub direct: Option<Show>,
}

impl Channels {
    /// What may be shown in that channel; `None`: the bot does not answer there. Direct messages
    /// (`D…`) follow [`Channels::direct`].
    #[must_use]
    pub fn show(&self, id: &str) -> Option<Show> {
        if id.starts_with('D') {
            return self.direct;
        }
        match self.listed.iter().find(|channel| channel.id == id) {
            Some(channel) => Some(channel.show),
            None if self.listed.is_empty() => Some(Show::default()),
            None => None,
        }
    }
}

/// A channel the bot answers in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Slack id: `C…`, or `G…` for older private channels.
    pub id: String,
    /// Name, for people who read the file.
    pub name: Option<String>,
    /// What may be shown to everyone in it.
    pub show: Show,
    /// Environments that may be asked about here; empty: all.
    pub environments: Vec<String>,
}

/// What may be shown to the people of a channel. The state of objects always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show {
    /// Numbers from Prometheus and the metrics API.
    pub metrics: bool,
    /// Kubernetes events.
    pub events: bool,
    /// Log lines, redacted.
    pub logs: bool,
}

/// Numbers and events; log lines only where they are granted, because they can hold personal data.
impl Default for Show {
    fn default() -> Self {
        Self {
            metrics: true,
            events: true,
            logs: false,
        }
    }
}

/// Who may ask, and press the buttons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Workspaces (`T…`); empty: the one the token belongs to.
    pub teams: Vec<String>,
    /// People (`U…`); empty: every full member who can write in an allowed channel. Leads always may.
    pub users: Vec<String>,
    /// Whether guests may ask too. People of other workspaces never may.
    pub guests: bool,
}

/// Whom to call, and when.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// The ladder, in the order of the file.
    pub leads: Vec<Lead>,
    /// When to call.
    pub timers: Timers,
    /// The longest maintenance that can be announced at one go.
    pub longest_maintenance: Duration,
    /// The way out when no lead can be reached.
    pub webhook: Option<Webhook>,
}

impl Default for Escalation {
    fn default() -> Self {
        Self {
            leads: Vec::new(),
            timers: Timers::default(),
            longest_maintenance: Duration::from_hours(24),
            webhook: None,
        }
    }
}

/// Someone who is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Slack user id: `U…` or `W…`.
    pub slack_id: String,
    /// Name, for people who read the file.
    pub name: Option<String>,
    /// Only for these environments; empty: for all.
    pub environments: Vec<String>,
    /// Only for these workloads; empty: for all.
    pub services: Vec<String>,
    /// Not called before this time.
    pub absent_until: Option<DateTime<Utc>>,
}

/// When the lead is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// Any problem without a resolution.
    pub standard: Duration,
    /// A production problem that nobody acknowledged; 5 to 10 minutes.
    pub production_unacknowledged: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            standard: Duration::from_hours(1),
            production_unacknowledged: Duration::from_mins(10),
        }
    }
}

/// Where a page goes when no lead can be reached in Slack.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Address; may hold a secret, so it is never printed.
    pub url: SecretString,
    /// What the receiver understands.
    pub format: WebhookFormat,
    /// Routing key (`PagerDuty`), API key (Opsgenie) or bearer token (JSON).
    pub token: Option<SecretString>,
}

/// What the receiver of a page understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookFormat {
    /// Our own flat JSON object, `Authorization: Bearer` when a token is set.
    #[default]
    Json,
    /// `PagerDuty` Events API v2; the token is the routing key.
    Pagerduty,
    /// Opsgenie Alert API; the token is the API key.
    Opsgenie,
}

/// Limits of one investigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Investigation {
    /// The whole investigation; what is not read by then is said to be missing.
    pub deadline: Duration,
}

impl Default for Investigation {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(15),
        }
    }
}

/// What to do when the service account can do more than it should (read Secrets, exec, impersonate).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExcessRights {
    /// Do not start.
    #[default]
    Refuse,
    /// Say so in the log, on every start.
    Warn,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: None,
            warnings: Vec::new(),
            slack: Slack {
                bot_token: None,
                app_token: None,
                api_url: slack_api(),
            },
            prometheus: None,
            alertmanager: None,
            heartbeat: None,
            jenkins: None,
            sonarqube: None,
            data_dir: PathBuf::from("vigie-data"),
            http: Http {
                addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
                admin_token: None,
            },
            log: Log {
                filter: "info".to_owned(),
                format: LogFormat::Auto,
            },
            language: Language::En,
            environments: Vec::new(),
            default_environment: None,
            workloads: Vec::new(),
            channels: Channels {
                listed: Vec::new(),
                direct: Some(Show::default()),
            },
            access: Access::default(),
            escalation: Escalation::default(),
            alerts: Alerts::default(),
            investigation: Investigation::default(),
            playbooks: Arc::new(super::playbooks::with_own(None).unwrap_or_default()),
            excess_rights: ExcessRights::default(),
        }
    }
}

#[expect(clippy::expect_used, reason = "a constant, parsed by a test")]
fn slack_api() -> Url {
    Url::parse("https://slack.com/api").expect("a constant")
}
