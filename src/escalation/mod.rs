//! When the lead is called, who that is, and why: `(policy, standing, now) → Wait | Page | Done`.
//! Deadlines are absolute and computed once, when a step is armed; nothing here reads a clock. Pure.

mod class;
mod ladder;
mod people;
mod policy;
mod time;

#[cfg(test)]
mod tests;

pub use class::{Class, Reason, Severity, environment_class};
pub use ladder::{
    CancelReason, Late, Lateness, Next, PRE_LOOK, Page, Rung, Standing, Step, StepState, arm,
    arm_now, decide,
};
pub use people::{Lead, Route, Skip, Skipped, UserId, route};
pub use policy::{Criticality, Maintenance, Policy, Scope, Workload};
pub use time::{Drift, FORWARD_JUMP, Reading, Tick, trusted_now};
