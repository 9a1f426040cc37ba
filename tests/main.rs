//! The one integration test binary.

mod cluster;
mod intent;
mod post;
mod investigation;
#[cfg(feature = "sandbox")]
mod sandbox;
