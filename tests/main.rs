//! The one integration test binary.

mod cluster;
mod investigation;
#[cfg(feature = "sandbox")]
mod sandbox;
