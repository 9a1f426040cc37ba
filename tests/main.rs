//! The one integration test binary.

mod cluster;
#[cfg(feature = "sandbox")]
mod sandbox;
