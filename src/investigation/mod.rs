//! One diagnosis, question to diagnosis: gather (async, the only part that talks to the world),
//! judge (pure), rank (pure), in rounds under one deadline.

pub mod capture;
pub mod case;
pub mod gather;
pub mod judge;
pub mod plain;
pub mod rank;
pub mod run;
