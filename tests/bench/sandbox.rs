//! The investigation alone, on the sandbox's servers: what our own code takes, the network being nothing.

use anyhow::Result;
use vigie::sandbox::World;

use super::asker::{Place, S1, WIDE, rows};
use super::table::Row;

/// S1 and a wide question.
pub async fn measure(all: &mut Vec<Row>) -> Result<()> {
    let world = World::start().await?;
    let kubeconfig = world.kubeconfig();
    let prometheus = world.prometheus.url();
    let place = Place {
        kubeconfig: &kubeconfig,
        prometheus: Some(&prometheus),
        namespace: "production",
        against: "sandbox API server and Prometheus, in this process",
    };
    rows(all, &place, ("S1", S1), None).await?;
    rows(all, &place, ("\"everything is broken\"", WIDE), None).await
}
