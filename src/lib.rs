//! vigie: a lookout for a cluster. See ARCHITECTURE.md; the map follows the flow.

pub mod alert;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod config;
pub mod crash;
pub mod engine;
pub mod escalation;
#[cfg(feature = "sandbox")]
pub mod evaluation;
pub mod finding;
pub mod http;
pub mod incident;
pub mod intake;
pub mod intent;
pub mod investigation;
pub mod playbook;
pub mod post;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod store;
pub mod telemetry;
pub mod text;
