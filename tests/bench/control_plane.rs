//! The investigation on a real control plane: a namespace of sixty workloads, and one of 1,000 pods, then 2,000, then
//! 5,000, on 50 nodes.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::asker::{Place, S1, WIDE, rows};
use super::cluster::stories::{app, bot, crowd, payment};
use super::cluster::{ControlPlane, shared};
use super::fired;
use super::process::status;
use super::sample::Sample;
use super::table::Row;

/// Where the crowd lives.
const NAMESPACE: &str = "scale";
/// A namespace of usual size: 59 workloads and payment-service.
const USUAL: &str = "usual";
const OTHERS: usize = 59;
/// Nodes of the crowd; the two of payment-service come on top.
const CROWD_NODES: usize = 48;
/// Applications of 50 pods each, by size of the namespace.
const FIRST: usize = 20;
const SECOND: usize = 40;
const ALL: usize = 100;
/// How often the process that is asked is looked at, and how often it is asked.
const LOOK: Duration = Duration::from_millis(1);
const RUNS: usize = 5;

/// What a size promises: milliseconds of S1 and of a wide question, requests of both.
struct Limits {
    s1: (f64, f64),
    wide: Option<(f64, f64)>,
}

/// S1 and a wide question, in each size.
pub async fn measure(all: &mut Vec<Row>) -> Result<()> {
    let Some(cluster) = shared().await else {
        let why = "the control plane's programs are not built: tests/cluster/build.sh";
        all.push(Row::skipped("S1 and a wide question, real API", why));
        return Ok(());
    };
    cluster.nodes(2).await;
    crowd::nodes(cluster, CROWD_NODES).await;
    for namespace in [USUAL, NAMESPACE] {
        cluster.namespace(namespace).await;
        payment::payment(cluster, namespace).await;
    }
    crowd::install(cluster, USUAL, 0..OTHERS, 2).await;
    let promised = Limits {
        s1: (500.0, 35.0),
        wide: Some((1_000.0, 40.0)),
    };
    at_size(all, cluster, (USUAL, "60 workloads"), &promised).await?;
    let against = "kube-apiserver, 60 workloads in one namespace; sandbox Slack";
    let kubeconfig = bot::installed(cluster).await;
    let fired = fired::measure(cluster, kubeconfig, USUAL, against).await;
    // The larger namespaces are measured all the same.
    all.push(fired.unwrap_or_else(|error| Row::failed(fired::NAME, &format!("{error:#}"))));
    crowd::install(cluster, NAMESPACE, 0..FIRST, crowd::REPLICAS).await;
    let promised = Limits {
        s1: (1_000.0, 35.0),
        wide: None,
    };
    at_size(all, cluster, (NAMESPACE, "1,000 pods"), &promised).await?;
    crowd::install(cluster, NAMESPACE, FIRST..SECOND, crowd::REPLICAS).await;
    let promised = Limits {
        s1: (1_000.0, 35.0),
        wide: Some((3_000.0, 40.0)),
    };
    at_size(all, cluster, (NAMESPACE, "2,000 pods"), &promised).await?;
    all.push(
        memory(bot::installed(cluster).await)
            .await?
            .worst_within(64.0),
    );
    crowd::install(cluster, NAMESPACE, SECOND..ALL, crowd::REPLICAS).await;
    let promised = Limits {
        s1: (1_500.0, 35.0),
        wide: None,
    };
    at_size(all, cluster, (NAMESPACE, "5,000 pods"), &promised).await
}

async fn at_size(
    all: &mut Vec<Row>,
    cluster: &ControlPlane,
    (namespace, size): (&str, &str),
    limits: &Limits,
) -> Result<()> {
    app::settled(cluster, namespace).await;
    let pods = cluster.pods(namespace, "").await.len();
    eprintln!("{pods} pods");
    let against = format!("kube-apiserver, {size} in one namespace, 50 KWOK nodes");
    let place = Place {
        kubeconfig: bot::installed(cluster).await,
        prometheus: None,
        namespace,
        against: &against,
    };
    let s1 = format!("S1 among {size}");
    let wide = format!("\"everything is broken\", {size}");
    rows(all, &place, (&s1, S1), Some(limits.s1)).await?;
    rows(all, &place, (&wide, WIDE), limits.wide).await
}

/// The most memory of a process that answers a wide question among 2,000 pods.
async fn memory(kubeconfig: &Path) -> Result<Row> {
    let mut peaks = Vec::new();
    for _ in 0..RUNS {
        peaks.push(peak(&mut ask(kubeconfig)?).await?);
    }
    let against = "`vigie ask` as a process, kube-apiserver; resident, as the kernel counts it";
    let name = "memory at most, \"everything is broken\", 2,000 pods";
    Ok(Row::new(name, against, "MiB", &Sample::of(peaks)))
}

fn ask(kubeconfig: &Path) -> Result<Child> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .args(["ask", "--namespace", NAMESPACE, WIDE])
        .env("KUBECONFIG", kubeconfig)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().context("vigie ask")
}

/// The high-water mark of its memory, in MiB, as last seen before it ended.
async fn peak(child: &mut Child) -> Result<f64> {
    let mut peak = 0.0;
    while child.try_wait()?.is_none() {
        // Gone between the two looks: the mark before counts.
        peak = status(child.id(), "VmHWM:").unwrap_or(peak);
        tokio::time::sleep(LOOK).await;
    }
    ensure!(peak > 0.0, "it ended before it was seen");
    Ok(peak)
}
