//! Incidents on the real control plane, diagnosed through the real API by a bot that has exactly
//! the rights of `deploy/kubernetes`. Only what a kubelet reports is made up.
//!
//! Each story lives in a namespace of its own, which its question calls an environment, as
//! `vigie.yaml` does.

pub mod answer;
pub mod app;
pub mod bot;
pub mod crowd;
pub mod kubelet;
pub mod payment;
pub mod proxy;

mod account;
mod alerts;
mod autoscaler;
mod binary;
mod blind;
mod claims;
mod crash;
mod cron;
mod entrance;
mod eviction;
mod jobs;
mod numbers;
mod placement;
mod refused;
mod rights;
mod scale;
mod slack;
mod start;
mod traffic;
mod unplaced;
mod wide;

use answer::Answer;
use app::App;
use bot::Bot;
