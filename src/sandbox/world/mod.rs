//! The world itself: one cluster, one workspace, one Prometheus, one clock, and the incidents of
//! the domain in the middle of a living company's noise.

mod app;
mod build;
mod clear;
mod control;
mod endpoints;
mod event;
mod pod;
mod rollout;

mod images;
mod nodes;
mod noise;
mod series;

mod billing;
mod notification;
mod orders;
mod payment;
mod redis;
mod reports;
mod user;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use self::app::App;
pub(crate) use self::app::suffix;
pub use self::build::Build;
pub use self::control::settle;
pub use self::event::Note;
pub use self::pod::{Death, PodState};
pub use self::rollout::{roll_out, start_waiting};
use super::alertmanager::Notifier;
use super::kube::Cluster;
use super::prometheus::Metrics;
use super::slack::Workspace;
use crate::clock::Clock;

/// The incidents that can be waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// S1: `payment-service` is slow; one of three pods is killed for memory again and again.
    PaymentOutOfMemory,
    /// S2: `dashboard` shows no orders; the Service `orders-service` selects no pod.
    OrdersSelector,
    /// S4: `billing-service` cannot reach its database, which lacks a Secret.
    BillingDatabase,
    /// S5: `user-service` lacks its ConfigMap.
    UserConfig,
    /// S6: `redis-master` has too many connections.
    RedisConnections,
    /// S12: the new tag of `notification-service` does not exist.
    NotificationTag,
    /// S15: `report-generator` fits on no node.
    ReportsPending,
}

impl Scenario {
    /// Every incident there is.
    pub const ALL: [Self; 7] = [
        Self::PaymentOutOfMemory,
        Self::OrdersSelector,
        Self::BillingDatabase,
        Self::UserConfig,
        Self::RedisConnections,
        Self::NotificationTag,
        Self::ReportsPending,
    ];

    /// The workload one would ask about.
    #[must_use]
    pub fn workload(self) -> &'static str {
        match self {
            Self::PaymentOutOfMemory => "payment-service",
            Self::OrdersSelector => "dashboard",
            Self::BillingDatabase => "billing-service",
            Self::UserConfig => "user-service",
            Self::RedisConnections => "redis-master",
            Self::NotificationTag => "notification-service",
            Self::ReportsPending => "report-generator",
        }
    }

    /// The incident of that workload, as scripts name it.
    #[must_use]
    pub fn named(workload: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.workload() == workload)
    }

    fn install(self, build: Build<'_>) {
        match self {
            Self::PaymentOutOfMemory => payment::install(build),
            Self::OrdersSelector => orders::install(build),
            Self::BillingDatabase => billing::install(build),
            Self::UserConfig => user::install(build),
            Self::RedisConnections => redis::install(build),
            Self::NotificationTag => notification::install(build),
            Self::ReportsPending => reports::install(build),
        }
    }

    fn repair(self, build: Build<'_>) {
        match self {
            Self::PaymentOutOfMemory => payment::raise_memory_limit(build, "1Gi"),
            Self::OrdersSelector => orders::repair(build),
            Self::BillingDatabase => billing::repair(build),
            Self::UserConfig => user::repair(build),
            Self::RedisConnections => redis::repair(build),
            Self::NotificationTag => notification::repair(build),
            Self::ReportsPending => reports::repair(build),
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
    /// The Prometheus server and its values.
    pub prometheus: Metrics,
    /// The Alertmanager and its silences.
    pub alertmanager: Notifier,
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
        let prometheus = Metrics::start(clock.clone())?;
        let alertmanager = Notifier::start(clock.clone())?;
        let build = Build::new(&cluster);
        nodes::install(build);
        noise::install(build);
        for scenario in scenarios {
            scenario.install(build);
        }
        series::install(build, &prometheus);
        for scenario in scenarios {
            series::show(*scenario, build.now, &prometheus);
        }
        let folder = Folder::create()?;
        fs::write(folder.0.join("kubeconfig"), cluster.kubeconfig())?;
        Ok(Self {
            clock,
            cluster,
            slack,
            prometheus,
            alertmanager,
            folder,
        })
    }

    /// Does what the fix of that incident asks for, and what the cluster makes of it.
    pub fn repair(&self, scenario: Scenario) {
        let build = Build::new(&self.cluster);
        scenario.repair(build);
        series::end(scenario, build.now, &self.prometheus);
    }

    /// Brings that incident back, as if it had just begun to show; once or again.
    pub fn break_down(&self, scenario: Scenario) {
        let build = Build::new(&self.cluster);
        clear::remains(build, scenario);
        scenario.install(build);
        series::show(scenario, build.now, &self.prometheus);
        series::now(scenario, build.now, &self.prometheus);
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
