//! Round 5, its end: what leads to an object that looks well; names that do not resolve and Services that do not answer although their pods are ready. Then the
//! cluster's own part of the way is looked at: DNS server, proxies, policies of the other namespace.

use std::collections::BTreeSet;

use crate::finding::{Cause, Finding, Kind};
use crate::investigation::case::{Case, is_ready, selects};
use crate::investigation::gather::{self, Reader};
use crate::investigation::judge;

/// A finding this strong makes the way from outside uninteresting.
const ENOUGH: f64 = 0.9;

/// Reads what the complaints make interesting, and nothing where nobody complains.
pub(super) async fn look(reader: &Reader, case: &mut Case) {
    let findings = super::dependencies::found(case);
    let settled = |it: &Finding| it.strength >= ENOUGH && it.blames.is_empty();
    if !findings.iter().any(settled) {
        gather::entrances(reader, case).await;
    }
    ways(reader, case, &findings).await;
}

/// The names and the ways that the complaints are about.
pub(super) async fn ways(reader: &Reader, case: &mut Case, findings: &[Finding]) {
    let unresolved = findings.iter().any(|finding| {
        let doubtful = finding.cause == Cause::ServiceMissing && finding.strength < 0.9;
        finding.cause == Cause::DnsResolutionFailed || doubtful
    });
    let nameless = [Cause::DnsResolutionFailed, Cause::ServiceMissing];
    if findings.iter().any(|it| nameless.contains(&it.cause)) {
        elsewhere(reader, case).await;
    }
    if unresolved {
        gather::names(reader, case).await;
        logs(reader, case).await;
    }
    let unanswered: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.cause == Cause::DependencyUnreachable && serves(case, finding))
        .collect();
    let called: BTreeSet<String> = unanswered
        .iter()
        .flat_map(|finding| finding.blames.iter().chain([&finding.subject]))
        .filter_map(|subject| subject.namespace.clone())
        .collect();
    if !called.is_empty() {
        let namespaces: Vec<String> = called.into_iter().collect();
        gather::policies(reader, case, &namespaces).await;
        gather::proxies(reader, case).await;
        gather::said_of_nodes(reader, case).await;
    }
}

/// The Services of other namespaces that somebody complains about: `pricing.production` is inside or outside of the
/// cluster, and only the namespace tells.
pub(super) async fn elsewhere(reader: &Reader, case: &mut Case) {
    gather::named_elsewhere(reader, case, judge::foreign_services(case)).await;
}

/// After a sweep: what is called outside of it. Where that is well, it is the way that is broken.
pub(super) async fn outward(reader: &Reader, case: &mut Case) {
    elsewhere(reader, case).await;
    if super::dependencies::follow_out(reader, case).await {
        let said = super::dependencies::found(case);
        ways(reader, case, &said).await;
    }
}

/// Why the DNS server's pods are not ready; of those that are, whom they ask in vain.
async fn logs(reader: &Reader, case: &mut Case) {
    let servers = judge::dns_servers(case);
    let of_server =
        |it: &gather::Wanted| it.namespace == "kube-system" && servers.contains(&it.pod);
    let mut wanted = gather::suspicious(case, false);
    wanted.retain(of_server);
    if wanted.is_empty() {
        wanted = gather::suspicious_among(case, of_server);
    }
    wanted.truncate(1);
    gather::logs_of(reader, case, &wanted).await;
}

/// Whether a Service that is blamed has pods that are ready: then the way to it is broken, or they lie.
fn serves(case: &Case, finding: &Finding) -> bool {
    finding
        .blames
        .iter()
        .filter(|it| it.kind == Kind::Service)
        .any(|service| {
            let namespace = service.namespace.as_deref().unwrap_or_default();
            let found = case.services.look(namespace, &service.name).found();
            let selector = found.and_then(|found| found.spec.as_ref()?.selector.as_ref());
            selector.is_some_and(|selector| {
                let mut pods = case.pods.within(namespace);
                pods.any(|pod| {
                    let labels = pod.metadata.labels.clone().unwrap_or_default();
                    is_ready(pod) && selects(selector, &labels)
                })
            })
        })
}
