//! Thin, typed clients, one file each, no domain in them. Every call is bounded in time and size,
//! and every failure says whether the thing is absent or could not be looked at.

pub mod alertmanager;
mod bounded;
pub mod heartbeat;
pub mod kube;
pub mod pager;
pub mod prometheus;
pub mod slack;
