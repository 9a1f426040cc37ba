//! When a store hangs. What a disk failed half-way sled waits for without an end, and only a new
//! process opens such a store again: the bot ends itself and leaves the rest to whoever restarts it.

use std::time::Duration;

use super::Store;

/// Between two looks, as a share of how long is waited.
const LOOKS: u32 = 12;

/// Returns once the store has been at one thing for this long, with what it says about it.
pub async fn hangs(store: &dyn Store, after: Duration) -> String {
    loop {
        // A store that cannot even say how it is says so to the probes; it need not hang.
        if let Ok(health) = store.health().await
            && health.busy >= after
        {
            return health.problem.unwrap_or_default();
        }
        tokio::time::sleep(after / LOOKS).await;
    }
}
