//! Cases: an incident as a file (objects, logs, numbers, the question, what must come out), replayed through
//! the whole investigation against our own API server, and scored. The format is in
//! `tests/fixtures/README.md`; `vigie ask --capture` writes the same format from a live cluster.

mod apps;
mod ci;
mod facts;
mod file;
mod load;
mod macros;
mod pods;
mod replay;
mod report;
mod run;
mod score;
mod short;
mod world;

pub use facts::case;
pub use file::{CaseFile, Expect, Root};
pub use load::{LoadError, Loaded, load, load_all};
pub use replay::{Replayed, replay, replay_on};
pub use report::Report;
pub use run::evaluate;
pub use score::{Score, score};
pub use world::{build, left_out};
