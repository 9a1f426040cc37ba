//! From an alert to its diagnosis in the thread, on a real control plane: the released binary as a process.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use vigie::sandbox::World;
use vigie::sandbox::slack::{Message, Scene};

use super::alert::{Sender, firing, group};
use super::cluster::ControlPlane;
use super::process::{Place, Vigie};
use super::sample::Sample;
use super::table::Row;

/// Each with a process, a store and a workspace of its own: the same alert again would only be counted.
const RUNS: usize = 5;
/// What the row is called.
pub const NAME: &str = "alert to its diagnosis in the thread";
/// Of the issue on alerts.
const LIMIT_MS: f64 = 2_000.0;
const DEADLINE: Duration = Duration::from_secs(20);

/// `KubePodCrashLooping` of the pod of payment-service that its memory limit kills.
pub async fn measure(
    cluster: &ControlPlane,
    kubeconfig: &Path,
    namespace: &str,
    against: &str,
) -> Result<Row> {
    let mut took = Vec::new();
    for _ in 0..RUNS {
        took.push(once(cluster, kubeconfig, namespace).await?);
    }
    let row = Row::new(NAME, against, "ms", &Sample::ms(took));
    let note =
        "webhook to the message with the cause and its fix; each a process that just started";
    Ok(row.worst_within(LIMIT_MS).note(note))
}

async fn once(cluster: &ControlPlane, kubeconfig: &Path, namespace: &str) -> Result<Duration> {
    let world = World::start().await?;
    let data = tempfile::tempdir()?;
    let channel = world.slack.channel("#incidents");
    let place = Place {
        kubeconfig: kubeconfig.to_owned(),
        prometheus: None,
        namespace,
    };
    let mut vigie = Vigie::at(&world, &place, data.path(), &[channel])?;
    vigie.ready().await?;
    vigie.calm().await?;
    let sick = sick(cluster, namespace).await?;
    let labels = [
        ("namespace", namespace),
        ("pod", &sick),
        ("container", "app"),
    ];
    let body = group("crash", &[firing("KubePodCrashLooping", &labels)]);
    let sender = Sender::to(&vigie)?;
    let begun = Instant::now();
    sender.send(body).await?;
    // The limit that is proposed stands in no text but that of the diagnosis.
    let told = |scene: &Scene| {
        let mut own = scene.messages.iter().filter(|one| one.from_bot());
        own.any(|one| one.visible().contains("1Gi")).then_some(())
    };
    let waited = world.slack.wait_within(DEADLINE, told).await;
    let took = begun.elapsed();
    if waited.is_err() {
        let scene = world.slack.scene();
        let own = scene.messages.iter().filter(|one| one.from_bot());
        let said: Vec<String> = own.map(Message::visible).collect();
        bail!("no diagnosis in {DEADLINE:?}, but {said:?}");
    }
    Ok(took)
}

/// The pod that was killed.
async fn sick(cluster: &ControlPlane, namespace: &str) -> Result<String> {
    let pods = cluster.pods(namespace, "").await;
    let restarted = pods.into_iter().find(|pod| {
        let statuses = pod
            .status
            .as_ref()
            .and_then(|it| it.container_statuses.as_ref());
        let mut statuses = statuses.into_iter().flatten();
        statuses.any(|one| one.restart_count > 0)
    });
    let name = restarted.and_then(|pod| pod.metadata.name);
    name.ok_or_else(|| anyhow::anyhow!("no pod of {namespace} was restarted"))
}
