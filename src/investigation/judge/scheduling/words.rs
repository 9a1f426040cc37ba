//! The scheduler's sentence: `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated
//! taint {dedicated: gpu}. preemption: …` (`FitError` in `pkg/scheduler/framework/types.go`; each
//! reason is a constant of the plugin that says it).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// Why the scheduler rules a node out: one for each filter, in the order in which it asks them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// Cordoned.
    Cordoned,
    /// A taint that the pod does not tolerate.
    Taint,
    /// Labels other than those the pod selects or requires.
    Labels,
    /// A host port that is taken.
    Ports,
    /// Too little of a resource; `pods` is how many a node takes.
    Lacks(String),
    /// As many volumes attached as the node takes.
    Attached,
    /// A volume that cannot be reached from the node.
    VolumeNode,
    /// No volume to bind there.
    VolumeBind,
    /// Skew between zones or nodes.
    Spread,
    /// Pods it has to be near are not there.
    Affinity,
    /// Pods it has to be away from are there.
    AntiAffinity,
    /// Pods are there that have to be away from it.
    OthersAntiAffinity,
    /// Anything else.
    Other,
}

/// How many nodes each reason rules out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons {
    /// Nodes there are.
    pub(super) nodes: i64,
    /// By reason. A node may lack several resources; everything else is counted once.
    pub(super) counts: BTreeMap<Reason, i64>,
    /// The taints by key, where this version of the scheduler names them.
    pub(super) taints: Vec<String>,
}

impl Reasons {
    /// Nodes that a reason rules out.
    pub(super) fn count(&self, reason: &Reason) -> i64 {
        self.counts.get(reason).copied().unwrap_or_default()
    }

    /// Whether it is among the reasons.
    pub(super) fn has(&self, reason: &Reason) -> bool {
        self.count(reason) > 0
    }

    /// The resources nodes lack, and how many do.
    pub(super) fn lacking(&self) -> impl Iterator<Item = (&str, i64)> {
        self.counts
            .iter()
            .filter_map(|(reason, count)| match reason {
                Reason::Lacks(resource) => Some((resource.as_str(), *count)),
                _ => None,
            })
    }
}

static HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?s)^0/(\d+) nodes are available: (.*)$").ok());
static CLAIM: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"persistentvolumeclaim "([^"]+)" not found"#).ok());

/// Where the reasons end: the remarks of the plugins that came after.
const REMARKS: [&str; 2] = [" preemption:", " no new claims to deallocate"];

/// The sentence without those remarks.
pub(super) fn without_remarks(words: &str) -> &str {
    let cut = REMARKS.iter().filter_map(|mark| words.find(mark)).min();
    cut.and_then(|at| words.get(..at)).unwrap_or(words)
}

/// Reads the sentence; `None` when it counts no nodes (a claim that is not bound, say).
pub(super) fn read(words: &str) -> Option<Reasons> {
    let head = HEAD.as_ref()?.captures(without_remarks(words))?;
    let mut reasons = Reasons {
        nodes: head.get(1)?.as_str().parse().ok()?,
        ..Reasons::default()
    };
    let said = head.get(2)?.as_str().trim().trim_end_matches('.');
    for part in said.split(", ") {
        // A part without a number belongs to the one before: `…}, that the pod didn't tolerate`.
        let Some((count, text)) = numbered(part) else {
            continue;
        };
        let reason = reason(text);
        if reason == Reason::Taint {
            reasons.taints.extend(key(text));
        }
        *reasons.counts.entry(reason).or_default() += count;
    }
    (!reasons.counts.is_empty()).then_some(reasons)
}

/// `2 Insufficient cpu` in two.
fn numbered(part: &str) -> Option<(i64, &str)> {
    let (count, text) = part.trim().split_once(' ')?;
    Some((count.parse().ok()?, text))
}

/// The reason in its words, those of 1.18 to 1.35: taints first, whose keys may hold anything.
fn reason(text: &str) -> Reason {
    const SAID: [(&str, Reason); 21] = [
        (" taint", Reason::Taint),
        ("were unschedulable", Reason::Cordoned),
        ("didn't match Pod's node affinity", Reason::Labels),
        ("didn't match node selector", Reason::Labels),
        ("didn't match the requested node name", Reason::Labels),
        ("plugin(s) [NodeAffinity]", Reason::Labels),
        ("plugin(s) [VolumeBinding]", Reason::VolumeNode),
        ("plugins [NodeAffinity VolumeBinding]", Reason::VolumeNode),
        ("have free ports", Reason::Ports),
        ("volume node affinity conflict", Reason::VolumeNode),
        ("PersistentVolume's node affinity", Reason::VolumeNode),
        ("no available volume zone", Reason::VolumeNode),
        ("available persistent volumes to bind", Reason::VolumeBind),
        ("enough free storage", Reason::VolumeBind),
        ("topology spread constraints", Reason::Spread),
        ("existing pods anti-affinity", Reason::OthersAntiAffinity),
        ("didn't match pod affinity/anti-affinity", Reason::Other),
        ("pod anti-affinity", Reason::AntiAffinity),
        ("pod affinity rules", Reason::Affinity),
        ("pod affinity", Reason::Affinity),
        ("max volume count", Reason::Attached),
    ];
    if let Some(resource) = text.strip_prefix("Insufficient ") {
        return Reason::Lacks(resource.to_owned());
    }
    if text == "Too many pods" {
        return Reason::Lacks("pods".to_owned());
    }
    let found = SAID.into_iter().find(|(words, _)| text.contains(words));
    found.map_or(Reason::Other, |(_, reason)| reason)
}

/// `node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }` → the taint's key.
fn key(text: &str) -> Option<String> {
    let (_, taint) = text.split_once('{')?;
    let key = taint.split([':', '}']).next().unwrap_or_default().trim();
    (!key.is_empty()).then(|| key.to_owned())
}

/// The claims that the scheduler says do not exist.
pub(super) fn missing_claims(words: &str) -> Vec<&str> {
    let Some(pattern) = CLAIM.as_ref() else {
        return Vec::new();
    };
    let all = pattern.captures_iter(words);
    all.filter_map(|found| Some(found.get(1)?.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(resource: &str) -> Reason {
        Reason::Lacks(resource.into())
    }

    #[test]
    fn the_schedulers_sentence_of_several_versions() {
        let read = |words: &str| read(words).unwrap();
        let new = read(
            "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint(s). preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
        );
        assert_eq!((new.nodes, new.count(&lacks("cpu"))), (5, 2));
        assert_eq!(new.count(&Reason::Taint), 3);
        let named = read(
            "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 node(s) had untolerated taint {dedicated: gpu}. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
        );
        assert_eq!(named.count(&Reason::Taint), 4);
        assert_eq!(
            named.taints,
            ["node-role.kubernetes.io/control-plane", "dedicated"]
        );
        let old = read(
            "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 Insufficient memory.",
        );
        assert_eq!(old.counts.len(), 2);
        assert_eq!(old.count(&lacks("memory")), 2);
        let labels = read(
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector.",
        );
        assert_eq!(labels.count(&Reason::Labels), 2);
        assert_eq!(labels.count(&Reason::Cordoned), 1);
    }

    #[test]
    fn every_filter_has_its_reason() {
        let read = |words: &str| {
            let read = read(&format!("0/3 nodes are available: 3 {words}.")).unwrap();
            read.counts.into_keys().next().unwrap()
        };
        assert_eq!(read("Insufficient nvidia.com/gpu"), lacks("nvidia.com/gpu"));
        assert_eq!(read("Too many pods"), lacks("pods"));
        assert_eq!(
            read("node(s) didn't have free ports for the requested pod ports"),
            Reason::Ports
        );
        assert_eq!(read("node(s) exceed max volume count"), Reason::Attached);
        assert_eq!(
            read("node(s) had volume node affinity conflict"),
            Reason::VolumeNode
        );
        assert_eq!(
            read("node(s) didn't match PersistentVolume's node affinity"),
            Reason::VolumeNode
        );
        assert_eq!(
            read("node(s) didn't find available persistent volumes to bind"),
            Reason::VolumeBind
        );
        assert_eq!(
            read(
                "node(s) didn't match pod topology spread constraints. no new claims to deallocate"
            ),
            Reason::Spread
        );
        assert_eq!(
            read("node(s) didn't match pod affinity rules"),
            Reason::Affinity
        );
        assert_eq!(
            read("node(s) didn't match pod anti-affinity rules"),
            Reason::AntiAffinity
        );
        assert_eq!(
            read("node(s) didn't satisfy existing pods anti-affinity rules"),
            Reason::OthersAntiAffinity
        );
        assert_eq!(
            read("node(s) didn't satisfy plugin(s) [NodeAffinity]"),
            Reason::Labels
        );
    }

    #[test]
    fn sentences_that_count_no_nodes() {
        assert_eq!(
            read("running PreFilter plugin \"VolumeBinding\": error"),
            None
        );
        let claim = "0/3 nodes are available: persistentvolumeclaim \"data-orders\" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
        assert_eq!(read(claim), None);
        assert_eq!(missing_claims(claim), ["data-orders"]);
        assert_eq!(
            missing_claims("pod has unbound immediate PersistentVolumeClaims"),
            Vec::<&str>::new()
        );
    }
}
