//! Leases: who is alive, by when he last said so.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::{Case, Looked, utc};

/// How old a renewal may be before its holder counts as silent: the control plane renews every two seconds, a
/// kubelet every ten, and our read may come from a cache.
const SILENT: TimeDelta = TimeDelta::seconds(90);

/// What a lease tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Renewed lately.
    Alive(DateTime<Utc>),
    /// Not renewed since.
    Silent(DateTime<Utc>),
    /// There is no such lease, or it could not be read.
    Unknown,
}

/// The heartbeat in a lease of that namespace and name.
#[must_use]
pub fn beat(case: &Case, namespace: &str, name: &str) -> Beat {
    let Looked::Found(lease) = case.leases.look(namespace, name) else {
        return Beat::Unknown;
    };
    let renewed = lease
        .spec
        .as_ref()
        .and_then(|spec| spec.renew_time.as_ref());
    match renewed.map(|time| utc(&Time(time.0))) {
        Some(at) if case.now - at > SILENT => Beat::Silent(at),
        Some(at) => Beat::Alive(at),
        None => Beat::Unknown,
    }
}
