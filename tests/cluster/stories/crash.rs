//! Containers that run and die.

use super::Bot;
use super::payment::{killed_for_memory, payment};
use crate::cluster::shared;

#[tokio::test]
async fn s1_payment_is_slow_because_it_is_killed_for_memory() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("s1").await;
    payment(cluster, "s1").await;
    let bot = Bot::shipped(cluster, "production", "s1").await;
    let answer = bot.ask("Service payment est lent en production").await;
    eprintln!("{answer}");
    killed_for_memory(&answer);
    answer.read_within(30);
}
