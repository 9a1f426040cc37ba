//! Whom a `NetworkPolicy` means: label selectors, namespaces, blocks of addresses.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::{IPBlock, NetworkPolicyPeer};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::investigation::case::Facts;

/// Label that every namespace carries with its own name (set by the API server since 1.22).
const OWN_NAME: &str = "kubernetes.io/metadata.name";

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
pub(in crate::investigation::judge) enum Other<'a> {
    /// A pod.
    Pod(&'a Pod),
    /// Something outside the cluster, by its address where that is known.
    Outside(Option<Ipv4Addr>),
}

/// Whether a peer of a rule is that one; `None` where that depends on what was not read.
pub(super) fn is(
    case: &Facts<'_>,
    policy_in: &str,
    peer: &NetworkPolicyPeer,
    other: Other<'_>,
) -> Option<bool> {
    if let Some(block) = &peer.ip_block {
        return within(block, other);
    }
    let Other::Pod(pod) = other else {
        return Some(false);
    };
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let labels = pod.metadata.labels.clone().unwrap_or_default();
    if peer
        .pod_selector
        .as_ref()
        .is_some_and(|selector| !matches(selector, &labels))
    {
        return Some(false);
    }
    match &peer.namespace_selector {
        None => Some(namespace == policy_in),
        Some(selector) => in_namespace(case, selector, namespace),
    }
}

fn in_namespace(case: &Facts<'_>, selector: &LabelSelector, namespace: &str) -> Option<bool> {
    if let Some(found) = case.namespaces.look("", namespace).found() {
        let mut labels = found.metadata.labels.clone().unwrap_or_default();
        labels.insert(OWN_NAME.to_owned(), namespace.to_owned());
        return Some(matches(selector, &labels));
    }
    let by_labels = selector.match_labels.iter().flatten().map(|(key, _)| key);
    let expressions = selector.match_expressions.iter().flatten();
    let mut keys = by_labels.chain(expressions.map(|it| &it.key));
    let labels = BTreeMap::from([(OWN_NAME.to_owned(), namespace.to_owned())]);
    keys.all(|key| key == OWN_NAME)
        .then(|| matches(selector, &labels))
}

/// Whether an address is in a block. Network plugins differ in whether blocks mean pods: a pod inside counts as
/// allowed, so that nobody is blamed for it.
fn within(block: &IPBlock, other: Other<'_>) -> Option<bool> {
    let address = match other {
        Other::Pod(pod) => {
            let ip = pod
                .status
                .as_ref()
                .and_then(|status| status.pod_ip.as_deref());
            ip.and_then(|ip| ip.parse().ok())
        }
        Other::Outside(address) => address,
    };
    let inside = contains(&block.cidr, address)?;
    let except = block.except.iter().flatten();
    let excepted: Option<Vec<bool>> = except.map(|cidr| contains(cidr, address)).collect();
    Some(inside && !excepted?.contains(&true))
}

/// Whether a block has an address; everything is in `0.0.0.0/0`.
fn contains(cidr: &str, address: Option<Ipv4Addr>) -> Option<bool> {
    let (base, bits) = cidr.split_once('/')?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    if bits == 0 {
        return Some(true);
    }
    let mask = u32::MAX << (32 - bits);
    let base = u32::from(base.parse::<Ipv4Addr>().ok()?);
    Some(u32::from(address?) & mask == base & mask)
}

/// Whether labels are what a selector asks for; an empty one asks for nothing.
pub(in crate::investigation::judge) fn matches(
    selector: &LabelSelector,
    labels: &BTreeMap<String, String>,
) -> bool {
    let equal = selector
        .match_labels
        .iter()
        .flatten()
        .all(|(key, value)| labels.get(key) == Some(value));
    let expressions = selector.match_expressions.iter().flatten();
    equal
        && expressions.into_iter().all(|it| {
            let value = labels.get(&it.key);
            let listed = value.is_some_and(|value| it.values.iter().flatten().any(|v| v == value));
            match it.operator.as_str() {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => value.is_some(),
                _ => value.is_none(),
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_their_exceptions() {
        let at = |text: &str| Other::Outside(Some(text.parse().unwrap()));
        let block = IPBlock {
            cidr: "10.0.0.0/8".into(),
            except: Some(vec!["10.1.0.0/16".into()]),
        };
        assert_eq!(within(&block, at("10.2.3.4")), Some(true));
        assert_eq!(within(&block, at("10.1.3.4")), Some(false));
        assert_eq!(within(&block, at("192.0.2.1")), Some(false));
        assert_eq!(within(&block, Other::Outside(None)), None);
        assert_eq!(contains("0.0.0.0/0", None), Some(true));
    }
}
