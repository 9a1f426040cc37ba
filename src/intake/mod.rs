//! What reaches the bot: read, checked for loops, saved, and only then acknowledged. Nothing is
//! decided here; the engine takes the saved arrivals.

pub mod access;
pub mod catch_up;
mod pages;
pub mod receive;
pub mod recollect;
pub mod slack;
pub(crate) mod turns;
