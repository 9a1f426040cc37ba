//! The built-in playbooks, compiled in. A test compares the lists with the folder.

use super::{Mistake, Playbook, Source, load};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../playbooks/", $name)))),*]
    };
}

/// `(path below playbooks/, text)` of every built-in playbook.
pub const BUILT_IN: &[(&str, &str)] = files![
    "deploy-failed.yaml",
    "errors.yaml",
    "missing-data.yaml",
    "pending.yaml",
    "restarting.yaml",
    "slow.yaml",
    "unavailable.yaml",
];

/// The same of their fixtures.
pub const BUILT_IN_FIXTURES: &[(&str, &str)] = files![
    "tests/deploy-failed/not-seen.yaml",
    "tests/deploy-failed/quiet.yaml",
    "tests/errors/client-errors.yaml",
    "tests/errors/quiet.yaml",
    "tests/missing-data/no-traffic.yaml",
    "tests/missing-data/quiet.yaml",
    "tests/pending/cluster-full.yaml",
    "tests/pending/quiet.yaml",
    "tests/restarting/one-of-many.yaml",
    "tests/restarting/quiet.yaml",
    "tests/restarting/old-restarts.yaml",
    "tests/slow/more-traffic.yaml",
    "tests/slow/near-limit.yaml",
    "tests/slow/quiet.yaml",
    "tests/unavailable/hung.yaml",
    "tests/unavailable/quiet.yaml",
];

/// The built-in playbooks.
///
/// # Errors
/// Never in a build whose tests passed.
pub fn built_in() -> Result<Vec<Playbook>, Vec<Mistake>> {
    let sources: Vec<Source> = BUILT_IN
        .iter()
        .map(|(file, text)| Source {
            file: (*file).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    load(&sources)
}
