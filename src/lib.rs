//! vigie: a lookout for a cluster. See ARCHITECTURE.md; the map follows the flow.

pub mod finding;
pub mod text;
