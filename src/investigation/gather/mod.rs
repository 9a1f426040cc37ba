//! Gather: the only part of an investigation that talks to the world, and only to read. Every read
//! leaves a ledger line, whether it worked or not; a failed read is a gap, never "missing".

mod cluster;
mod ledger;
mod logs;
mod playbooks;
mod prometheus;
mod reader;
mod usage;

pub(super) use cluster::fetch;
pub use cluster::{
    candidates, claims, namespaces_of, nodes, object, pods_and_revisions, revisions, sweep,
};
pub use ledger::Ledger;
pub use logs::{Wanted, logs_of, suspicious};
pub use playbooks::{Measure, measures};
pub use prometheus::{indicators, overview};
pub use reader::{Reader, Sources};
pub use usage::usage_of;
