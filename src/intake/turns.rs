//! One at a time for the same name: of several tasks that miss the same fact, one asks Slack and the
//! others find what it learned.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// More names than this are not kept once nobody waits for them.
const MANY: usize = 256;

/// The names that are asked about.
#[derive(Clone, Default)]
pub(crate) struct Turns {
    names: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Turns {
    /// Waits until nobody else is busy with that name; the turn ends when the guard is dropped.
    pub async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            if names.len() >= MANY {
                names.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            Arc::clone(names.entry(name.to_owned()).or_default())
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_name_is_for_one_task_and_another_name_for_another() {
        let turns = Turns::default();
        let first = turns.take("U1").await;
        let other = turns.take("U2").await;
        let second = turns.take("U1");
        tokio::pin!(second);
        assert!(futures::poll!(&mut second).is_pending());
        drop((first, other));
        let _second = second.await;
    }

    #[tokio::test]
    async fn names_that_nobody_waits_for_are_forgotten() {
        let turns = Turns::default();
        let kept = turns.take("kept").await;
        for n in 0..2 * MANY {
            drop(turns.take(&n.to_string()).await);
        }
        assert!(turns.names.lock().unwrap().len() <= MANY);
        assert!(futures::poll!(std::pin::pin!(turns.take("kept"))).is_pending());
        drop(kept);
    }
}
