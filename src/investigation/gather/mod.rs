//! Gather: the only part of an investigation that talks to the world, and only to read. Every read
//! leaves a ledger line, whether it worked or not; a failed read is a gap, never "missing".

mod cluster;
mod control_plane;
mod delivery;
mod ledger;
mod logs;
mod pipelines;
mod placement;
mod playbooks;
mod prometheus;
mod reader;
mod routes;
mod system;
mod usage;
mod watching;
mod webhooks;

pub(super) use cluster::fetch;
pub use cluster::{
    all_nodes, candidates, claims, crons, namespaces_of, nodes, object, pods_and_revisions,
    pods_on, revisions, rules, sweep, warnings, workloads_in,
};
pub use control_plane::{behind, jobs_of};
pub use delivery::{application, applications, delivery, delivery_of_all};
pub use ledger::Ledger;
pub use logs::{Wanted, logs_of, suspicious, suspicious_among, unheard};
pub use pipelines::{Ci, job_named, pipelines};
pub use placement::placement;
pub use playbooks::{Measure, measures};
pub(in crate::investigation) use prometheus::curves;
pub use prometheus::{Checked, board, indicators, overview};
pub use reader::{Reader, Recorded, Sources, Waits};
pub use routes::{entrances, policies, route_candidates};
pub use system::{jenkins_controllers, named_elsewhere, names, proxies, said_of_nodes};
pub use usage::{rescales, usage_of};
pub use watching::watching;
pub use webhooks::webhooks;
