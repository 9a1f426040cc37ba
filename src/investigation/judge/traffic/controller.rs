//! The pods of an Ingress controller, as far as they were read.

use k8s_openapi::api::core::v1::Pod;

use crate::investigation::case::{Case, is_ingress_controller, is_ready};

/// Those that are ready.
pub(super) fn controllers(case: &Case) -> impl Iterator<Item = &Pod> {
    case.pods
        .iter()
        .filter(|pod| is_ingress_controller(pod) && is_ready(pod))
}
