//! The rights the bot needs in a cluster, and those it must not have. `deploy/kubernetes/rbac.yaml`
//! grants exactly the former; a test compares.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::api::PostParams;
use kube::{Api, Client};
use tokio::time::timeout;

use super::WITHIN;

/// Reviews asked for at the same time.
const AT_ONCE: usize = 8;

/// One verb on one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) struct Right {
    pub verb: &'static str,
    pub group: &'static str,
    /// `pods`, or with a subresource `pods/log`.
    pub resource: &'static str,
    /// Whether it is asked for in the cluster as a whole even when only some namespaces are looked at.
    pub cluster_wide: bool,
    /// Namespace it is needed in, when that is always the same one.
    pub only_in: Option<&'static str>,
}

impl Right {
    const fn of(verb: &'static str, group: &'static str, resource: &'static str) -> Self {
        Self {
            verb,
            group,
            resource,
            cluster_wide: false,
            only_in: None,
        }
    }

    /// `list deployments.apps`, as `kubectl auth can-i` takes it.
    pub fn label(&self) -> String {
        let dot = if self.group.is_empty() { "" } else { "." };
        format!("{} {}{dot}{}", self.verb, self.resource, self.group)
    }
}

/// Resources that are read, by API group; `get` and `list` on each.
pub(in crate::cli) const READ: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "pods",
            "services",
            "endpoints",
            "namespaces",
            "nodes",
            "events",
            "persistentvolumeclaims",
            "persistentvolumes",
            "resourcequotas",
            "limitranges",
            "replicationcontrollers",
        ],
    ),
    (
        "apps",
        &[
            "deployments",
            "replicasets",
            "statefulsets",
            "daemonsets",
            "controllerrevisions",
        ],
    ),
    ("batch", &["jobs", "cronjobs"]),
    ("autoscaling", &["horizontalpodautoscalers"]),
    ("policy", &["poddisruptionbudgets"]),
    (
        "networking.k8s.io",
        &["ingresses", "ingressclasses", "networkpolicies"],
    ),
    ("discovery.k8s.io", &["endpointslices"]),
    ("events.k8s.io", &["events"]),
    ("storage.k8s.io", &["storageclasses"]),
    ("gateway.networking.k8s.io", &["gateways", "httproutes"]),
    (
        "admissionregistration.k8s.io",
        &[
            "validatingwebhookconfigurations",
            "mutatingwebhookconfigurations",
        ],
    ),
    ("metrics.k8s.io", &["pods", "nodes"]),
    ("argoproj.io", &["applications"]),
    ("monitoring.coreos.com", &["servicemonitors"]),
];

const CLUSTER_SCOPED: &[&str] = &[
    "namespaces",
    "nodes",
    "persistentvolumes",
    "storageclasses",
    "ingressclasses",
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
];

/// Everything the bot needs.
pub(in crate::cli) fn needed() -> Vec<Right> {
    let mut rights = Vec::new();
    for (group, resources) in READ {
        for resource in *resources {
            for verb in ["get", "list"] {
                rights.push(Right {
                    cluster_wide: CLUSTER_SCOPED.contains(resource),
                    ..Right::of(verb, group, resource)
                });
            }
        }
    }
    rights.push(Right::of("get", "", "pods/log"));
    for namespace in ["kube-node-lease", "kube-system"] {
        for verb in ["get", "list"] {
            rights.push(Right {
                only_in: Some(namespace),
                ..Right::of(verb, "coordination.k8s.io", "leases")
            });
        }
    }
    rights
}

/// What the bot must not be able to do: read secrets, run things, become someone else, change things.
pub(in crate::cli) const NEVER: &[Right] = &[
    Right::of("*", "*", "*"),
    Right::of("get", "", "secrets"),
    Right::of("list", "", "secrets"),
    Right::of("watch", "", "secrets"),
    Right::of("create", "", "pods/exec"),
    Right::of("get", "", "pods/exec"),
    Right::of("create", "", "pods/attach"),
    Right::of("create", "", "pods/portforward"),
    Right::of("patch", "", "pods/ephemeralcontainers"),
    Right::of("get", "", "pods/proxy"),
    Right::of("get", "", "services/proxy"),
    Right::of("get", "", "nodes/proxy"),
    Right::of("create", "", "serviceaccounts/token"),
    Right::of("impersonate", "", "users"),
    Right::of("impersonate", "", "groups"),
    Right::of("impersonate", "", "serviceaccounts"),
    Right::of("bind", "rbac.authorization.k8s.io", "clusterroles"),
    Right::of("escalate", "rbac.authorization.k8s.io", "clusterroles"),
    Right::of("create", "", "pods"),
    Right::of("delete", "", "pods"),
    Right::of("patch", "apps", "deployments"),
];

/// A right, and the namespace it was asked for in (`None`: the whole cluster).
pub(in crate::cli) type Asked = (Right, Option<String>);

/// The needed rights that are missing. `namespaces` empty: for the whole cluster.
pub(in crate::cli) async fn missing(
    client: &Client,
    namespaces: &[String],
) -> Result<Vec<Asked>, String> {
    let asked = spread(&needed(), namespaces);
    let answers = ask(client, asked).await?;
    let missing = answers.into_iter().filter(|(_, allowed)| !allowed);
    Ok(missing.map(|(asked, _)| asked).collect())
}

/// The rights that are there and must not be; in the whole cluster, or in one of the namespaces.
pub(in crate::cli) async fn excess(
    client: &Client,
    namespaces: &[String],
) -> Result<Vec<Asked>, String> {
    let mut asked: Vec<Asked> = NEVER.iter().map(|right| (*right, None)).collect();
    for namespace in namespaces {
        asked.extend(NEVER.iter().map(|right| (*right, Some(namespace.clone()))));
    }
    let answers = ask(client, asked).await?;
    let there: Vec<Asked> = answers
        .into_iter()
        .filter_map(|(asked, allowed)| allowed.then_some(asked))
        .collect();
    // What holds everywhere needs no line for each namespace.
    let everywhere = |right: &Right| there.iter().any(|(r, n)| r == right && n.is_none());
    let kept = there
        .iter()
        .filter(|(right, namespace)| namespace.is_none() || !everywhere(right));
    Ok(kept.cloned().collect())
}

fn spread(rights: &[Right], namespaces: &[String]) -> Vec<Asked> {
    let mut asked = Vec::new();
    for right in rights {
        match right.only_in {
            Some(only) => asked.push((*right, Some(only.to_owned()))),
            None if right.cluster_wide || namespaces.is_empty() => asked.push((*right, None)),
            None => asked.extend(namespaces.iter().map(|n| (*right, Some(n.clone())))),
        }
    }
    asked
}

/// Asks the API server about each.
async fn ask(client: &Client, asked: Vec<Asked>) -> Result<Vec<(Asked, bool)>, String> {
    let api: Api<SelfSubjectAccessReview> = Api::all(client.clone());
    stream::iter(asked)
        .map(|asked| {
            let api = api.clone();
            async move {
                let review = review(&asked);
                let params = PostParams::default();
                let answer = timeout(WITHIN, api.create(&params, &review))
                    .await
                    .map_err(|_| format!("no answer within {} s", WITHIN.as_secs()))?
                    .map_err(|error| error.to_string())?;
                let allowed = answer.status.is_some_and(|status| status.allowed);
                Ok((asked, allowed))
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

fn review((right, namespace): &Asked) -> SelfSubjectAccessReview {
    let (resource, subresource) = match right.resource.split_once('/') {
        Some((resource, sub)) => (resource, Some(sub.to_owned())),
        None => (right.resource, None),
    };
    SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                verb: Some(right.verb.to_owned()),
                group: Some(right.group.to_owned()),
                resource: Some(resource.to_owned()),
                subresource,
                namespace: namespace.clone(),
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    }
}
