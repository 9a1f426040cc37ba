//! The only reader of the environment and of `vigie.yaml`. Secrets and endpoints come from the
//! environment (or `.env`, or a mounted file through `*_FILE`), policy from the YAML file. A wrong
//! value stops the start with its line, the value and the fix; all wrong values are told at once.
//! Everything has a default but the Slack tokens and the lead. No logic of others lives here.

mod check;
mod dotenv;
mod duration;
mod environment;
mod file;
mod fill;
mod load;
mod model;
mod playbooks;
mod policy;
mod problem;
mod suggest;
mod vars;
mod yaml;

#[cfg(test)]
mod tests;

pub use duration::parse as parse_duration;
pub use file::schema;
pub use load::Sources;
pub use model::{
    Access, Channel, Channels, Config, Criticality, Endpoint, Environment, Escalation,
    ExcessRights, Http, Investigation, Lead, Log, LogFormat, Login, Show, Slack, SlackTokens,
    Timers, Webhook, WebhookFormat, Workload,
};
pub use playbooks::{playbook_files, with_own as playbooks_with};
pub use problem::{ConfigError, Problem};
pub use suggest::nearest;
pub use vars::{VARIABLES, Variable};
