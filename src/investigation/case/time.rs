//! Kubernetes times (jiff) in our own (chrono).

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// The same instant as chrono has it.
#[must_use]
pub fn utc(time: &Time) -> DateTime<Utc> {
    DateTime::from_timestamp(
        time.0.as_second(),
        u32::try_from(time.0.subsec_nanosecond()).unwrap_or_default(),
    )
    .unwrap_or_default()
}

/// How long ago it was at `now`; zero for a time in the future.
#[must_use]
pub fn since(now: DateTime<Utc>, then: DateTime<Utc>) -> TimeDelta {
    (now - then).max(TimeDelta::zero())
}
