//! vigie: a lookout for a cluster. See ARCHITECTURE.md; the map follows the flow.

pub mod clients;
pub mod clock;
pub mod escalation;
pub mod config;
pub mod finding;
pub mod incident;
pub mod intent;
pub mod investigation;
pub mod post;
pub mod store;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod text;
