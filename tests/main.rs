//! The one integration test binary: stories through the sandbox world and the real control plane.
#![expect(clippy::unwrap_used, reason = "a panic in a test is its report")]

#[cfg(feature = "sandbox")]
mod alertmanager;
mod alerts;
mod architecture;
#[cfg(feature = "sandbox")]
mod browser;
#[cfg(feature = "sandbox")]
mod chain;
mod cluster;
#[cfg(feature = "sandbox")]
mod demo;
mod deploy;
mod docs;
#[cfg(feature = "sandbox")]
mod evaluation;
mod intent;
#[cfg(feature = "sandbox")]
mod investigation;
#[cfg(feature = "sandbox")]
mod judges;
mod playbooks;
mod post;
#[cfg(feature = "sandbox")]
mod readme;
#[cfg(feature = "sandbox")]
mod sandbox;
mod stopwatch;
#[cfg(feature = "sandbox")]
mod stories;
#[cfg(feature = "sandbox")]
mod watch;
