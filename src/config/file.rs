//! `vigie.yaml` as it is written: every value keeps its line, so that a wrong one can be pointed at.
//! The checks are in `check.rs`; the JSON Schema for editors is made from these types.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::alerts::FileAlerts;
use super::model::{Criticality, ExcessRights, WebhookFormat};
use crate::text::Language;

/// A piece of text and its place.
pub(super) type Text = Spanned<String>;

/// The policy of one vigie: environments, channels, people, timers.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "vigie.yaml")]
pub(super) struct File {
    /// Language of the answer where the question's language cannot be told. Default: en.
    #[schemars(with = "Option<Language>")]
    pub language: Option<Text>,
    /// Environments people talk about, in order of importance.
    pub environments: Option<Vec<FileEnvironment>>,
    /// The environment meant when a question names none. Default: none, and an incident whose environment is not known is treated as one of production.
    #[schemars(with = "Option<String>")]
    pub default_environment: Option<Text>,
    /// Workloads of known criticality.
    pub workloads: Option<Vec<FileWorkload>>,
    /// Allow-list of channels. Default: every channel the bot was invited to, without log lines.
    pub channels: Option<Vec<FileChannel>>,
    /// What may be shown in direct messages; `[]` refuses them. Default: [metrics, events].
    #[schemars(with = "Option<Vec<ShowWord>>")]
    pub direct_messages: Option<Vec<Text>>,
    /// Who may ask.
    pub access: Option<FileAccess>,
    /// Whom to call, and when.
    pub escalation: Option<FileEscalation>,
    /// Limits of one investigation.
    pub investigation: Option<FileInvestigation>,
    /// Alerts: which bots are believed in which channel, and where those of the webhook are told.
    pub alerts: Option<FileAlerts>,
    /// Folder of your own playbooks (*.yaml), relative to this file; `VIGIE_PLAYBOOKS` and `--playbooks` win over it. Default: only the built-in ones.
    #[schemars(with = "Option<String>")]
    pub playbooks: Option<Text>,
    /// What to do when the service account can do more than read: refuse to start, or warn.
    /// Default: refuse.
    #[schemars(with = "Option<ExcessRights>")]
    pub excess_rights: Option<Text>,
}

/// One environment: the words people use, and the part of a cluster they mean.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileEnvironment {
    /// Name: production.
    #[schemars(with = "String")]
    pub name: Text,
    /// Other words for it: prod, live.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub aliases: Option<Vec<Text>>,
    /// Context of the kubeconfig. Default: the current one, or the cluster vigie runs in.
    #[schemars(with = "Option<String>")]
    pub context: Option<Text>,
    /// Namespaces. Default: every namespace that may be read.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub namespaces: Option<Vec<Text>>,
    /// Whether production's rules hold. Default: true when it is called production, prod, prd or live.
    pub production: Option<bool>,
    /// Its own Prometheus, without credentials. Default: the common one.
    #[schemars(with = "Option<String>")]
    pub prometheus: Option<Text>,
    /// Its own Alertmanager, without credentials. Default: the common one.
    #[schemars(with = "Option<String>")]
    pub alertmanager: Option<Text>,
}

/// A workload of known criticality.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileWorkload {
    /// Name of the Deployment, `StatefulSet` or `DaemonSet`.
    #[schemars(with = "String")]
    pub name: Text,
    /// Only in this environment. Default: in all.
    #[schemars(with = "Option<String>")]
    pub environment: Option<Text>,
    /// Only in this namespace. Default: in all.
    #[schemars(with = "Option<String>")]
    pub namespace: Option<Text>,
    /// high: no ready replica in production calls the lead at once.
    #[schemars(with = "Criticality")]
    pub criticality: Text,
}

/// A channel the bot answers in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileChannel {
    /// Channel ID: C0123456789 (channel details, at the bottom).
    #[schemars(with = "String")]
    pub id: Text,
    /// Its name, for people who read this file.
    #[schemars(with = "Option<String>")]
    pub name: Option<Text>,
    /// What may be shown to everyone in it. Default: [metrics, events].
    #[serde(default)]
    #[schemars(with = "Option<Vec<ShowWord>>")]
    pub show: Option<Vec<Text>>,
    /// Environments that may be asked about here. Default: all.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub environments: Option<Vec<Text>>,
}

/// Who may ask, and press the buttons.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileAccess {
    /// Workspaces (T…). Default: the one the token belongs to.
    #[schemars(with = "Option<Vec<String>>")]
    pub teams: Option<Vec<Text>>,
    /// People (U…). Default: every full member who can write in an allowed channel.
    #[schemars(with = "Option<Vec<String>>")]
    pub users: Option<Vec<Text>>,
    /// Whether guests may ask too. Default: false.
    pub guests: Option<bool>,
}

/// Whom to call, and when.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileEscalation {
    /// Called in this order; the next one when one cannot be reached.
    pub leads: Option<Vec<FileLead>>,
    /// When the lead is called.
    pub timers: Option<FileTimers>,
    /// The longest maintenance that can be announced at one go, 1h to 30d. Default: 24h.
    #[schemars(with = "Option<String>")]
    pub longest_maintenance: Option<Text>,
    /// Where a page goes when no lead can be reached; its address is `VIGIE_ESCALATION_WEBHOOK_URL`.
    pub webhook: Option<FileWebhook>,
}

/// Someone who is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileLead {
    /// Member ID: U0123456789 (profile, three dots, Copy member ID).
    #[schemars(with = "String")]
    pub slack_id: Text,
    /// Name, for people who read this file.
    #[schemars(with = "Option<String>")]
    pub name: Option<Text>,
    /// Only for these environments. Default: for all.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub environments: Option<Vec<Text>>,
    /// Only for these workloads. Default: for all.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub services: Option<Vec<Text>>,
    /// Not called before this date (2026-12-01, that is 00:00 UTC) or time (RFC 3339).
    #[schemars(with = "Option<String>")]
    pub absent_until: Option<Text>,
}

/// When the lead is called.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileTimers {
    /// Any problem without a resolution, 5m to 24h. Default: 60m.
    #[schemars(with = "Option<String>")]
    pub standard: Option<Text>,
    /// A production problem that nobody acknowledged, 5m to 10m. Default: 10m.
    #[schemars(with = "Option<String>")]
    pub production_unacknowledged: Option<Text>,
}

/// The way out when no lead can be reached in Slack.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileWebhook {
    /// What the receiver understands. Default: json.
    #[schemars(with = "Option<WebhookFormat>")]
    pub format: Option<Text>,
}

/// Limits of one investigation.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileInvestigation {
    /// The whole investigation, 2s to 60s. Default: 15s.
    #[schemars(with = "Option<String>")]
    pub deadline: Option<Text>,
}

/// A thing that may be shown in a channel.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum ShowWord {
    /// Numbers from Prometheus and the metrics API.
    Metrics,
    /// Kubernetes events.
    Events,
    /// Log lines, redacted.
    Logs,
}

/// The JSON Schema of `vigie.yaml`, for editors (`deploy/vigie.schema.json`).
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}
