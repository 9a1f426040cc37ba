//! A real control plane for the tests: etcd, kube-apiserver,
//! kube-controller-manager and kube-scheduler on loopback, with KWOK standing in
//! for nodes and kubelets.
//!
//! So pods are really refused by quotas, really fail to be scheduled, and are
//! really rolled out; only what a container does is made up by the test
//! ([`ControlPlane::pod_status`], [`ControlPlane::logs`]). `build.sh` finds or
//! builds the programs. A test that needs them begins with
//!
//! ```ignore
//! let Some(cluster) = cluster::shared().await else { return };
//! ```
//!
//! and works in namespaces of its own.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a panic is how a test reports"
)]
#![allow(
    dead_code,
    reason = "not every kind of test uses every part of the control plane"
)]

mod binaries;
mod components;
pub mod door;
pub mod exporter;
mod folder;
pub mod hook;
mod kubelet;
mod launch;
pub mod monitoring;
mod objects;
pub mod past;
pub mod process;
pub mod prometheus;
mod reads;
mod server;
mod state_metrics;
pub mod stories;
mod tests;
pub mod tls;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::sync::OnceCell;

use folder::Folder;
use process::Program;

#[allow(unused_imports, reason = "for the tests of alert handling")]
pub use prometheus::{Alertmanager, Prometheus, installed};

/// How long anything may take to come true.
const DEADLINE: Duration = Duration::from_mins(3);

/// How often it is looked at.
const POLL: Duration = Duration::from_millis(100);

/// A running control plane; dropping it ends its programs and removes its folder.
pub struct ControlPlane {
    /// The running programs. First, so that they end before their folder goes.
    programs: Vec<Program>,
    /// How to call the API server as an administrator.
    config: kube::Config,
    /// Keys, data, logs and kubeconfig files.
    folder: Folder,
    /// Where the programs are.
    binaries: PathBuf,
}

/// Whether a missing control plane fails the tests instead of skipping them.
pub fn required() -> bool {
    std::env::var("VIGIE_REQUIRE_CLUSTER").is_ok_and(|value| value == "1")
}

/// What was looked for; nothing, with a message, when it is missing; a failure
/// where it must not be.
pub fn or_skip<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(reason) if required() => Err(reason.context("VIGIE_REQUIRE_CLUSTER=1")),
        Err(reason) => {
            // Not a macro: the test runner hides what those print in a test that
            // passes, and a skip must be seen.
            let _ = writeln!(std::io::stderr(), "skipped: {reason:#}");
            Ok(None)
        }
    }
}

/// The control plane that all tests of this process share, started by the first.
/// It ends with the process. A failed start is remembered too, so that it costs
/// its time once and not once a test.
///
/// # Panics
/// As [`ControlPlane::start`].
pub async fn shared() -> Option<&'static ControlPlane> {
    static SHARED: OnceCell<Result<Option<ControlPlane>>> = OnceCell::const_new();
    let started = SHARED.get_or_init(ControlPlane::try_start).await;
    started
        .as_ref()
        .expect("the control plane comes up")
        .as_ref()
}

impl ControlPlane {
    /// Starts a control plane of its own; `None` when the programs are missing.
    ///
    /// # Panics
    /// When the programs are there and do not come up, and when they are missing
    /// although `VIGIE_REQUIRE_CLUSTER=1`.
    pub async fn start() -> Option<Self> {
        Self::try_start().await.expect("the control plane comes up")
    }

    /// [`Self::start`] with the failure left to the caller.
    async fn try_start() -> Result<Option<Self>> {
        let found = tokio::task::spawn_blocking(binaries::folder).await?;
        match or_skip(found)? {
            Some(binaries) => Self::launch_anew(&binaries).await.map(Some),
            None => Ok(None),
        }
    }

    /// A client with an administrator's rights. Each test needs its own, since
    /// its connections belong to the test's runtime.
    pub fn admin(&self) -> kube::Client {
        kube::Client::try_from(self.config.clone()).expect("the configuration is complete")
    }

    /// The same, which gives up at the first "too many requests" instead of waiting.
    pub fn impatient(&self) -> kube::Client {
        let mut config = self.config.clone();
        config.default_retry = false;
        kube::Client::try_from(config).expect("the configuration is complete")
    }

    /// A kubeconfig with an administrator's rights.
    pub fn admin_kubeconfig(&self) -> PathBuf {
        self.folder.path().join("admin.kubeconfig")
    }

    /// A program that `build.sh` builds beside the control plane's.
    pub fn program(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// A file of the control plane: `ca.crt`, `admin.key` …
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The port of the API server on loopback.
    pub fn api_port(&self) -> u16 {
        let port = self.config.cluster_url.port_u16();
        port.expect("a port of its own")
    }

    /// The process ids of the running programs.
    pub fn pids(&self) -> Vec<u32> {
        self.programs.iter().map(Program::pid).collect()
    }

    /// Waits until `holds` says so.
    ///
    /// # Panics
    /// When that takes more than three minutes, or a program ends meanwhile.
    pub async fn until(&self, what: &str, holds: impl AsyncFnMut() -> bool) {
        self.wait(what, holds).await.expect("it comes true in time");
    }

    /// [`Self::until`] for the inside: the failure is the caller's to report.
    async fn wait(&self, what: &str, holds: impl AsyncFnMut() -> bool) -> Result<()> {
        self.wait_within(DEADLINE, what, holds).await
    }

    /// The same for what takes long on a busy machine.
    pub async fn wait_within(
        &self,
        within: Duration,
        what: &str,
        mut holds: impl AsyncFnMut() -> bool,
    ) -> Result<()> {
        let deadline = Instant::now() + within;
        while !holds().await {
            self.programs.iter().try_for_each(Program::check)?;
            if Instant::now() > deadline {
                bail!("waited {} s in vain for {what}", within.as_secs());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }
}
