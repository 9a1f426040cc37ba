//! Is the cluster there, may the bot read what it needs, and may it do no more?

use std::collections::BTreeMap;

use anyhow::bail;
use kube::Client;
use tokio::time::timeout;

use super::WITHIN;
use super::check::{Area, Check};
use super::rights::{self, Asked};
use crate::clients::kube::KubeClient;
use crate::config::ExcessRights;

/// The manifest that grants what is needed.
const GRANT: &str = "kubectl apply -f deploy/kubernetes/rbac.yaml";

pub(super) async fn checks(
    context: Option<&str>,
    namespaces: &[String],
    mode: ExcessRights,
) -> Vec<Check> {
    let connected = KubeClient::connect(context, WITHIN).await;
    let kube = match connected {
        Ok(kube) => kube,
        Err(error) => {
            return vec![Check::failed(
                Area::Cluster,
                context.unwrap_or("current context"),
                format!("no way to reach it: {error}"),
                "set KUBECONFIG, name the context in vigie.yaml as `kubectl config get-contexts` does, or run in the cluster",
            )];
        }
    };
    of(&kube, namespaces, mode).await
}

/// The checks of a cluster that has an address.
pub(super) async fn of(kube: &KubeClient, namespaces: &[String], mode: ExcessRights) -> Vec<Check> {
    let name = kube.cluster().to_owned();
    let client = kube.inner();
    match timeout(WITHIN, client.apiserver_version()).await {
        Ok(Ok(version)) => {
            let found = format!("Kubernetes {}", version.git_version);
            let mut checks = vec![Check::ok(Area::Cluster, &name, found)];
            checks.push(missing(&name, client, namespaces).await);
            checks.push(excess(&name, client, namespaces, mode).await);
            checks
        }
        Ok(Err(error)) => vec![unreachable(&name, &error.to_string())],
        Err(_) => vec![unreachable(
            &name,
            &format!("no answer within {} s", WITHIN.as_secs()),
        )],
    }
}

fn unreachable(name: &str, why: &str) -> Check {
    let fix =
        "check the address and the network: `kubectl version` with the same kubeconfig must answer";
    Check::failed(Area::Cluster, name, format!("does not answer: {why}"), fix)
}

/// The check at the start: counts the rights that must not be there, and says whether they forbid to
/// start. A cluster that cannot be asked does not keep the bot from starting: it has to say so in Slack.
pub(in crate::cli) async fn self_check(
    kube: &KubeClient,
    namespaces: &[String],
    mode: ExcessRights,
) -> anyhow::Result<usize> {
    let cluster = kube.cluster();
    let excess = match rights::excess(kube.inner(), namespaces).await {
        Ok(excess) => excess,
        Err(why) => {
            tracing::warn!(cluster, why, "the rights could not be checked");
            return Ok(0);
        }
    };
    if excess.is_empty() {
        return Ok(0);
    }
    let rights = said(&excess);
    if mode == ExcessRights::Refuse {
        bail!(
            "in {cluster} this account can {rights}. The bot only reads: use the service account of \
             deploy/kubernetes/rbac.yaml, or set excess_rights: warn in vigie.yaml"
        );
    }
    tracing::warn!(cluster, rights, "the account can do more than read");
    Ok(excess.len())
}

async fn missing(cluster: &str, client: &Client, namespaces: &[String]) -> Check {
    let name = format!("{cluster}: rights needed");
    match rights::missing(client, namespaces).await {
        Ok(missing) if missing.is_empty() => Check::ok(Area::Cluster, &name, "all there"),
        Ok(missing) => {
            // A bot without pods or workloads cannot answer anything; without the rest it says what
            // it could not look at.
            let vital = |(right, _): &Asked| {
                right.group == "apps" || (right.group.is_empty() && right.resource == "pods")
            };
            let detail = format!("missing: {}", said(&missing));
            if missing.iter().any(vital) {
                Check::failed(Area::Cluster, &name, detail, GRANT)
            } else {
                Check::warning(Area::Cluster, &name, detail, GRANT)
            }
        }
        Err(why) => unknown(&name, &why),
    }
}

async fn excess(
    cluster: &str,
    client: &Client,
    namespaces: &[String],
    mode: ExcessRights,
) -> Check {
    let name = format!("{cluster}: rights beyond");
    let fix = "use the service account of deploy/kubernetes/rbac.yaml, or set excess_rights: warn in vigie.yaml";
    match rights::excess(client, namespaces).await {
        Ok(excess) if excess.is_empty() => Check::ok(Area::Cluster, &name, "none"),
        Ok(excess) if mode == ExcessRights::Refuse => {
            let detail = format!("vigie run will not start: it can {}", said(&excess));
            Check::failed(Area::Cluster, &name, detail, fix)
        }
        Ok(excess) => Check::warning(Area::Cluster, &name, format!("can {}", said(&excess)), fix),
        Err(why) => unknown(&name, &why),
    }
}

fn unknown(name: &str, why: &str) -> Check {
    let fix = "every account may create selfsubjectaccessreviews (ClusterRole system:basic-user): restore that binding";
    Check::warning(
        Area::Cluster,
        name,
        format!("could not be checked: {why}"),
        fix,
    )
}

/// The rights, each once, with the namespaces they are about.
pub(super) fn said(rights: &[Asked]) -> String {
    let mut by_right: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (right, namespace) in rights {
        let places = by_right.entry(right.label()).or_default();
        places.extend(namespace.as_deref());
    }
    let words = by_right.into_iter().map(|(right, places)| {
        if places.is_empty() {
            right
        } else {
            format!("{right} (in {})", places.join(", "))
        }
    });
    words.collect::<Vec<_>>().join("; ")
}
