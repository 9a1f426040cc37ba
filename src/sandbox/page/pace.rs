//! The sandbox clock faster than the real one, and its jumps.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::Shared;

/// How often a fast clock moves, in real time.
const TICK: Duration = Duration::from_millis(250);

/// Moves the clock while its speed is not that of real time.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut speed = shared.speed.subscribe();
    loop {
        let times = *speed.borrow_and_update();
        if times <= 1 {
            if speed.changed().await.is_err() {
                return;
            }
            continue;
        }
        tokio::time::sleep(TICK).await;
        let extra = TICK * (times - 1);
        jump(&shared, TimeDelta::from_std(extra).unwrap_or_default()).await;
    }
}

/// Moves the clock once, after whoever moves it now.
pub(super) async fn jump(shared: &Shared, by: TimeDelta) {
    let _one_at_a_time = shared.moving.lock().await;
    shared.backstage.advance(by).await;
    shared.touch();
}
