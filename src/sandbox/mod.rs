//! The sandbox world: our own servers on loopback, speaking the wires of Slack, Kubernetes,
//! Prometheus and Alertmanager, with incidents waiting in them. The bot is connected to it by the same clients as
//! in production. Tests tell their stories in it; `vigie demo` shows it.

pub mod alertmanager;
pub mod fault;
pub mod kube;
pub mod page;
pub mod prometheus;
pub mod script;
pub mod server;
pub mod slack;
pub mod world;

pub use self::world::{Scenario, World};
