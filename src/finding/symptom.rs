//! What people say is wrong, and what causes explain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A symptom a person reports or an alert implies. The kebab-case code is a public contract.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Symptom {
    /// Answers take too long.
    Slow,
    /// Requests fail, 5xx, exceptions.
    Errors,
    /// Nothing answers at all.
    Unavailable,
    /// Containers restart or crash.
    Restarting,
    /// Pods run but are not Ready.
    NotReady,
    /// Pods are not placed on a node.
    Pending,
    /// A page or a service shows nothing where data should be.
    MissingData,
    /// Metrics or graphs are gone.
    NoMetrics,
    /// A release or a rollout did not go through.
    DeployFailed,
    /// A volume or a disk runs full.
    DiskFilling,
    /// A Job or `CronJob` failed or did not run.
    JobFailed,
    /// An autoscaler does not scale.
    NotScaling,
}

impl Symptom {
    /// Every symptom, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Slow,
        Self::Errors,
        Self::Unavailable,
        Self::Restarting,
        Self::NotReady,
        Self::Pending,
        Self::MissingData,
        Self::NoMetrics,
        Self::DeployFailed,
        Self::DiskFilling,
        Self::JobFailed,
        Self::NotScaling,
    ];

    /// The public code, kebab-case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Errors => "errors",
            Self::Unavailable => "unavailable",
            Self::Restarting => "restarting",
            Self::NotReady => "not-ready",
            Self::Pending => "pending",
            Self::MissingData => "missing-data",
            Self::NoMetrics => "no-metrics",
            Self::DeployFailed => "deploy-failed",
            Self::DiskFilling => "disk-filling",
            Self::JobFailed => "job-failed",
            Self::NotScaling => "not-scaling",
        }
    }
}
