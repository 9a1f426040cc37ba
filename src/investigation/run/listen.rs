//! The end of a sweep: what do those say that look well? Where nothing looks wrong and somebody says that something is,
//! all of them are heard; beside what does look wrong, the first few, for a second fault shows in a log alone.

use super::{dependencies, network};
use crate::investigation::case::Case;
use crate::investigation::gather::{self, Reader};

/// Rounds of logs; a namespace has more workloads than one round reads.
const ROUNDS: usize = 3;
/// Workloads that all rounds together hear, eight in each.
const ALL: usize = 24;
/// Requests to the API server after which no further round begins where it would not hear all anyway: a sweep of a
/// large namespace has forty, and a round takes eight.
const ENOUGH: u32 = 32;

/// Reads the logs of what looks well until one of them tells.
pub(super) async fn to_all(reader: &Reader, case: &mut Case) {
    let mut wanted = gather::suspicious(case, true);
    for round in 0..ROUNDS {
        let enough = || is_large(case) && reader.ledger.requests_of_the_cluster() > ENOUGH;
        let done = round > 0 && (dependencies::is_told(case) || enough());
        if done || wanted.is_empty() || reader.left().is_zero() {
            return;
        }
        gather::logs_of(reader, case, &wanted).await;
        let said = dependencies::found(case);
        network::ways(reader, case, &said).await;
        wanted = gather::unheard(case);
    }
}

fn is_large(case: &Case) -> bool {
    let sets = case.stateful_sets.iter().count() + case.daemon_sets.iter().count();
    case.deployments.iter().count() + sets > ALL
}
