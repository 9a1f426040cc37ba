//! Who is at the other end of an address, and whether a proxy's own complaint counts.

use crate::finding::{Kind, Subject};
use crate::investigation::case::{
    Address, Container, Facts, Place, containers, resolve, service_subject,
};

/// Who should answer at an address: the Service and the workloads behind it, or a host outside.
pub(in crate::investigation::judge) fn answering(
    case: &Facts<'_>,
    namespace: &str,
    address: &Address,
) -> Vec<Subject> {
    match resolve(case, namespace, address) {
        Place::Service(service) => {
            let mut all = vec![service_subject(service)];
            all.extend(case.behind(service));
            all
        }
        Place::NoSuchService { namespace, name } | Place::NotRead { namespace, name } => {
            vec![Subject::new(Kind::Service, namespace, name)]
        }
        Place::Outside(host) => vec![Subject::cluster(Kind::External, host)],
    }
}

/// Whether a proxy is the one that does not come up: else it repeats what its application has.
pub(super) fn is_at_fault(proxy: &Container<'_>) -> bool {
    let mut others = containers(proxy.pod)
        .into_iter()
        .filter(|other| !other.is_step() && other.name() != proxy.name());
    !proxy.ready() && others.all(|other| other.ready())
}
