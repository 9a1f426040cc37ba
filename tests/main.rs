//! The one integration test binary.

mod cluster;
