//! The pods of an Ingress controller, as far as they were read.

use k8s_openapi::api::core::v1::Pod;

use crate::investigation::case::{Facts, is_ingress_controller, is_ready};

/// Those that are ready.
pub(super) fn controllers<'a>(case: &'a Facts<'a>) -> impl Iterator<Item = &'a Pod> {
    case.pods
        .iter()
        .filter(|pod| is_ingress_controller(pod) && is_ready(pod))
}
