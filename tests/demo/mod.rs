//! The demo's page without a browser: what it serves, what it takes, what it refuses.

pub mod house;

mod incidents;
mod input;
mod program;
mod restart;
mod socket;
mod strangers;
