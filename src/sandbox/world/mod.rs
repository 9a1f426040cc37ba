//! The world itself: one cluster, one workspace, one Prometheus, one clock, and the incidents of
//! the domain in the middle of a living company's noise.

mod app;
mod build;
mod control;
mod images;
mod nodes;
mod noise;
mod payment;
mod pod;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use self::app::App;
pub use self::build::{Build, Note};
pub use self::control::{roll_out, settle, start_waiting};
pub use self::pod::{Death, PodState};
use super::kube::Cluster;
use super::slack::Workspace;
use crate::clock::Clock;

/// The incidents that can be waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// S1: `payment-service` is slow; one of three pods is killed for memory again and again.
    PaymentOutOfMemory,
}

impl Scenario {
    /// Every incident there is.
    pub const ALL: [Self; 1] = [Self::PaymentOutOfMemory];

    fn install(self, build: Build<'_>) {
        match self {
            Self::PaymentOutOfMemory => payment::install(build),
        }
    }

    fn repair(self, build: Build<'_>) {
        match self {
            Self::PaymentOutOfMemory => payment::raise_memory_limit(build, "1Gi"),
        }
    }
}

/// A running world. Dropping it ends its servers and removes its files.
#[derive(Debug)]
pub struct World {
    /// The clock of everything in it.
    pub clock: Clock,
    /// The Kubernetes API server and what it holds.
    pub cluster: Cluster,
    /// The Slack workspace and its people.
    pub slack: Workspace,
    folder: Folder,
}

impl World {
    /// A world with every incident in it.
    ///
    /// # Errors
    /// When a loopback port or the temporary folder cannot be had.
    pub async fn start() -> io::Result<Self> {
        Self::with(&Scenario::ALL).await
    }

    /// A world with only these incidents; the noise and the healthy services are always there.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn with(scenarios: &[Scenario]) -> io::Result<Self> {
        let clock = Clock::system();
        let cluster = Cluster::start(clock.clone())?;
        let slack = Workspace::start(clock.clone()).await?;
        let build = Build::new(&cluster);
        nodes::install(build);
        noise::install(build);
        for scenario in scenarios {
            scenario.install(build);
        }
        let folder = Folder::create()?;
        fs::write(folder.0.join("kubeconfig"), cluster.kubeconfig())?;
        Ok(Self {
            clock,
            cluster,
            slack,
            folder,
        })
    }

    /// Does what the fix of that incident asks for, and what the cluster makes of it.
    pub fn repair(&self, scenario: Scenario) {
        scenario.repair(Build::new(&self.cluster));
    }

    /// A kubeconfig for the cluster, on disk while the world lives.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.0.join("kubeconfig")
    }

    /// A folder of this world's own, gone with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }
}

/// A temporary folder that is removed when dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn create() -> io::Result<Self> {
        let name = format!(
            "vigie-sandbox-{}-{:08x}",
            std::process::id(),
            fastrand::u32(..)
        );
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::debug!(%error, "sandbox folder not removed");
        }
    }
}
