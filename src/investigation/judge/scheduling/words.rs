//! The scheduler's sentence: `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated
//! taint {dedicated: gpu}. preemption: …` (`FitError` in `pkg/scheduler/framework/types.go`; each
//! reason is a constant of the plugin that says it).

use std::sync::LazyLock;

use regex::Regex;

/// How many nodes each reason rules out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons {
    /// Nodes there are.
    pub(super) nodes: i64,
    /// Too little CPU free.
    pub(super) cpu: i64,
    /// Too little memory free.
    pub(super) memory: i64,
    /// The node's labels are not those the pod selects.
    pub(super) selector: i64,
    /// A taint that the pod does not tolerate, whatever it says.
    pub(super) taint: i64,
    /// The taints by key, where this version of the scheduler names them.
    pub(super) taints: Vec<String>,
    /// Anything else.
    pub(super) other: i64,
}

static HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)^0/(\d+) nodes are available: (.*)$").ok());
/// A reason and its count. Taints before the general form: their braces may hold a comma.
static REASON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<count>\d+) (?:",
        r"Insufficient (?P<resource>[a-z0-9./-]*[a-z0-9])",
        r"|node\(s\) had (?:untolerated )?taint (?:\{(?P<taint>[^}]*)\})(?P<old>, that the pod didn't tolerate)?",
        r"|(?P<taints>node\(s\) had (?:untolerated taint\(s\)|taints that the pod didn't tolerate))",
        r"|(?P<selector>node\(s\) didn't match (?:Pod's node affinity(?:/selector)?|node selector))",
        r"|(?P<other>node\(s\) [^,.]*|Too many pods)",
        r")"
    ))
    .ok()
});
static CLAIM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"persistentvolumeclaim "([^"]+)" not found"#).ok());

/// Reads the sentence; `None` when it counts no nodes (a claim that is not bound, say).
pub(super) fn read(words: &str) -> Option<Reasons> {
    let head = HEAD.as_ref()?.captures(words)?;
    let mut reasons = Reasons {
        nodes: head.get(1)?.as_str().parse().ok()?,
        ..Reasons::default()
    };
    let said = head.get(2)?.as_str();
    let said = said.split(". preemption:").next().unwrap_or(said);
    for found in REASON.as_ref()?.captures_iter(said) {
        let count: i64 = found["count"].parse().unwrap_or_default();
        match found.name("resource").map(|resource| resource.as_str()) {
            Some("cpu") => reasons.cpu += count,
            Some("memory") => reasons.memory += count,
            Some(_) => reasons.other += count,
            None if found.name("selector").is_some() => reasons.selector += count,
            None if found.name("taints").is_some() => reasons.taint += count,
            None => match found.name("taint") {
                Some(taint) => {
                    reasons.taint += count;
                    reasons.taints.push(key(taint.as_str()));
                }
                None => reasons.other += count,
            },
        }
    }
    (reasons
        != Reasons {
            nodes: reasons.nodes,
            ..Reasons::default()
        })
    .then_some(reasons)
}

/// `node-role.kubernetes.io/control-plane: ` → its key.
fn key(taint: &str) -> String {
    taint
        .split(':')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The claims that the scheduler says do not exist.
pub(super) fn missing_claims(words: &str) -> Vec<&str> {
    let Some(pattern) = CLAIM.as_ref() else {
        return Vec::new();
    };
    let name = |found: regex::Captures<'_>| found.get(1).map(|name| name.range());
    pattern
        .captures_iter(words)
        .filter_map(name)
        .map(|range| &words[range])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedulers_sentence_of_several_versions() {
        let read = |words: &str| read(words).unwrap();
        let new = read(
            "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint(s). preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
        );
        assert_eq!((new.nodes, new.cpu, new.taint, new.other), (5, 2, 3, 0));
        let named = read(
            "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 node(s) had untolerated taint {dedicated: gpu}. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
        );
        assert_eq!(named.taint, 4);
        assert_eq!(
            named.taints,
            ["node-role.kubernetes.io/control-plane", "dedicated"]
        );
        let old = read(
            "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 Insufficient memory.",
        );
        assert_eq!((old.taint, old.memory, old.other), (1, 2, 0));
        let labels = read(
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector.",
        );
        assert_eq!((labels.selector, labels.other), (2, 1));
        let gpu = read("0/3 nodes are available: 3 Insufficient nvidia.com/gpu.");
        assert_eq!((gpu.cpu, gpu.other), (0, 3));
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
