//! The judges: one file per family of the catalogue, each `fn(&Facts<'_>) -> Vec<Finding>`. Pure: they
//! see facts and say what the facts prove. They do not rank, and they do not say "missing" where
//! nobody could look.
//!
//! Texts: `cause-<code>` (the sentence), `fact-…` (evidence), `why-…` (reason of a fix) in
//! `src/post/locales/<language>/causes-<family>.ftl`.

mod container;
mod delivery;
mod dependency;
mod facts;
mod monitoring;
mod node;
mod performance;
mod phrase;
mod picture;
mod policy;
mod probe;
mod refused;
mod resources;
mod review;
mod scheduling;
mod start;
mod traffic;
mod workload;

use crate::finding::Finding;
use crate::investigation::case::Facts;

pub(in crate::investigation) use delivery::{misses_agents, registries};
pub(in crate::investigation) use dependency::foreign_services;
pub(in crate::investigation) use facts::quote;
pub(in crate::investigation) use picture::{Line, Measured, Plan, Topic, chart, plan};
pub(in crate::investigation) use traffic::dns_servers;
pub(in crate::investigation) use workload::{
    Load, enough, ignored, lease_of, load_of, unseen, without_resource_metrics,
};
pub use workload::{differences, last_change, told};

/// A judge of one family.
pub type Judge = fn(&Facts<'_>) -> Vec<Finding>;

/// Every judge, in the order of the catalogue.
const JUDGES: &[Judge] = &[
    container::judge,
    dependency::judge,
    probe::judge,
    start::judge,
    scheduling::judge,
    refused::judge,
    workload::judge,
    traffic::judge,
    performance::judge,
    node::judge,
    delivery::judge,
    monitoring::judge,
];

/// What all judges say of a case; of a review, what its own judge says.
#[must_use]
pub fn judge(case: &Facts<'_>) -> Vec<Finding> {
    if case.review {
        return review::judge(case);
    }
    JUDGES.iter().flat_map(|judge| judge(case)).collect()
}
