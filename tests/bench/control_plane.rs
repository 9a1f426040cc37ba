//! The investigation on a real control plane: 50 nodes, 1,000 pods, then 5,000.

use anyhow::Result;

use super::asker::{Place, S1, WIDE, rows};
use super::cluster::stories::{app, bot, crowd, payment};
use super::cluster::{ControlPlane, shared};
use super::table::Row;

/// Where all of it lives.
const NAMESPACE: &str = "scale";
/// Nodes of the crowd; the two of payment-service come on top.
const CROWD_NODES: usize = 48;
/// Applications of 50 pods each.
const FIRST: usize = 20;
const ALL: usize = 100;

/// S1 and a wide question, in both sizes; S1 has limits.
pub async fn measure(all: &mut Vec<Row>) -> Result<()> {
    let Some(cluster) = shared().await else {
        let why = "the control plane's programs are not built: tests/cluster/build.sh";
        all.push(Row::skipped("S1 and a wide question, real API", why));
        return Ok(());
    };
    cluster.nodes(2).await;
    cluster.namespace(NAMESPACE).await;
    crowd::nodes(cluster, CROWD_NODES).await;
    crowd::install(cluster, NAMESPACE, 0..FIRST).await;
    payment::payment(cluster, NAMESPACE).await;
    at_size(all, cluster, "1,000 pods", 1_000.0).await?;
    crowd::install(cluster, NAMESPACE, FIRST..ALL).await;
    at_size(all, cluster, "5,000 pods", 1_500.0).await
}

async fn at_size(all: &mut Vec<Row>, cluster: &ControlPlane, size: &str, s1_ms: f64) -> Result<()> {
    app::settled(cluster, NAMESPACE).await;
    let pods = cluster.pods(NAMESPACE, "").await.len();
    eprintln!("{pods} pods");
    let against = format!("kube-apiserver, {size} of one namespace on 50 KWOK nodes");
    let place = Place {
        kubeconfig: bot::installed(cluster).await,
        prometheus: None,
        namespace: NAMESPACE,
        against: &against,
    };
    let s1 = format!("S1 among {size}");
    let wide = format!("\"everything is broken\", {size}");
    rows(all, &place, (&s1, S1), Some((s1_ms, 25.0))).await?;
    rows(all, &place, (&wide, WIDE), None).await
}
