//! What Alertmanager answers, as far as it is used. Missing parts are empty, words that are not known are
//! `Unknown`: a newer Alertmanager must not make alerts unreadable.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::Matcher;
use crate::text::Untrusted;

/// The server itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Status {
    /// `0.25.0`.
    #[serde(rename = "versionInfo", deserialize_with = "version")]
    pub version: String,
    /// How its cluster is.
    pub cluster: Cluster,
    /// When it started (UTC).
    #[serde(rename = "uptime", default)]
    pub since: Option<DateTime<Utc>>,
}

/// The gossip between replicas.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Cluster {
    /// Whether it is ready.
    #[serde(rename = "status")]
    pub state: ClusterState,
    /// Replicas it sees, itself included; none where there is no cluster.
    #[serde(default, deserialize_with = "count")]
    pub peers: usize,
}

/// Whether the replicas have found one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClusterState {
    /// They have.
    Ready,
    /// Not yet: notifications may double.
    Settling,
    /// It runs alone.
    Disabled,
    /// A word that is not known here.
    #[serde(other)]
    Unknown,
}

/// Whether an alert notifies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// It does.
    Active,
    /// A silence or another alert mutes it.
    Suppressed,
    /// It came a moment ago.
    Unprocessed,
    /// A word that is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One alert, as Alertmanager holds it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "WireAlert")]
pub struct Alert {
    /// 16 hex digits: what its labels are called over time.
    pub fingerprint: String,
    /// All its labels.
    pub labels: BTreeMap<String, Untrusted>,
    /// Its annotations.
    pub annotations: BTreeMap<String, Untrusted>,
    /// When it began to fire (UTC).
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends if nobody sends it again (UTC); in the past once it is resolved.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was sent last (UTC).
    pub updated_at: Option<DateTime<Utc>>,
    /// Names of the receivers it goes to.
    pub receivers: Vec<String>,
    /// Whether it notifies.
    pub state: AlertState,
    /// Ids of the silences that mute it.
    pub silenced_by: Vec<String>,
    /// Fingerprints of the alerts that mute it.
    pub inhibited_by: Vec<String>,
    /// Names of the time intervals that mute it (0.28 and later).
    pub muted_by: Vec<String>,
    /// Address of the rule's own graph.
    pub generator: Option<Untrusted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAlert {
    #[serde(default)]
    fingerprint: String,
    labels: BTreeMap<String, Untrusted>,
    #[serde(default)]
    annotations: BTreeMap<String, Untrusted>,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    #[serde(default)]
    ends_at: Option<DateTime<Utc>>,
    #[serde(default)]
    updated_at: Option<DateTime<Utc>>,
    #[serde(default)]
    receivers: Vec<Named>,
    #[serde(default)]
    status: WireStatus,
    #[serde(default, rename = "generatorURL")]
    generator: Option<Untrusted>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireStatus {
    state: AlertState,
    silenced_by: Vec<String>,
    inhibited_by: Vec<String>,
    muted_by: Vec<String>,
}

impl From<WireAlert> for Alert {
    fn from(wire: WireAlert) -> Self {
        Self {
            fingerprint: wire.fingerprint,
            labels: wire.labels,
            annotations: wire.annotations,
            starts_at: wire.starts_at,
            ends_at: wire.ends_at,
            updated_at: wire.updated_at,
            receivers: wire.receivers.into_iter().map(|one| one.name).collect(),
            state: wire.status.state,
            silenced_by: wire.status.silenced_by,
            inhibited_by: wire.status.inhibited_by,
            muted_by: wire.status.muted_by,
            generator: wire.generator.filter(|url| !url.is_blank()),
        }
    }
}

/// Whether a silence mutes now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SilenceState {
    /// Its time has not come.
    Pending,
    /// It does.
    Active,
    /// It is over. Alertmanager forgets it after five days, unless told otherwise.
    Expired,
    /// A word that is not known here.
    #[serde(other)]
    Unknown,
}

/// One silence.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// Its id (a UUID).
    pub id: String,
    /// Whether it mutes now.
    #[serde(rename = "status", deserialize_with = "silence_state")]
    pub state: SilenceState,
    /// Which alerts: those that meet all of these.
    pub matchers: Vec<Matcher>,
    /// From then (UTC).
    pub starts_at: DateTime<Utc>,
    /// Until then (UTC).
    pub ends_at: DateTime<Utc>,
    /// Who made it, as they said.
    #[serde(default = "nobody")]
    pub created_by: Untrusted,
    /// Why, with the key of whoever wants to find it again.
    #[serde(default = "nobody")]
    pub comment: Untrusted,
}

fn nobody() -> Untrusted {
    Untrusted::new("")
}

fn version<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    struct Wire {
        version: String,
    }
    Wire::deserialize(from).map(|wire| wire.version)
}

fn silence_state<'de, D: Deserializer<'de>>(from: D) -> Result<SilenceState, D::Error> {
    #[derive(Deserialize)]
    struct Wire {
        state: SilenceState,
    }
    Wire::deserialize(from).map(|wire| wire.state)
}

/// The peers' names and addresses are counted and not kept.
fn count<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    let peers = Option::<Vec<serde::de::IgnoredAny>>::deserialize(from)?;
    Ok(peers.map_or(0, |peers| peers.len()))
}
