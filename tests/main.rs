//! The one integration test binary.

mod cluster;
mod intent;
mod investigation;
#[cfg(feature = "sandbox")]
mod sandbox;
