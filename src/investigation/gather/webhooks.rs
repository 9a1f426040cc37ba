//! The webhook configurations, when the API server could not trust a webhook's certificate or found no Service of that
//! name: which one it is stands in them alone.

use futures::join;
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, ValidatingWebhookConfiguration,
};
use kube::api::ListParams;

use super::Reader;
use crate::investigation::case::{Area, Case};

/// Whether an event or a condition speaks of such a certificate or Service.
fn is_spoken_of(case: &Case) -> bool {
    let says = |words: &str| {
        words.contains("failed calling webhook")
            && (words.contains("x509") || words.contains("\" not found"))
    };
    let conditions = case.deployments.iter().filter_map(|it| it.status.as_ref());
    let mut conditions = conditions.flat_map(|status| status.conditions.iter().flatten());
    let mut events = case.events.iter();
    events.any(|it| it.message.as_deref().is_some_and(says))
        || conditions.any(|it| it.message.as_deref().is_some_and(says))
}

/// Reads them where that is so.
pub async fn webhooks(reader: &Reader, case: &mut Case) {
    let known = !case.validating_webhooks.is_empty() || !case.mutating_webhooks.is_empty();
    if known || !is_spoken_of(case) {
        return;
    }
    let all = ListParams::default;
    let (validating, mutating) = join!(
        reader.list::<ValidatingWebhookConfiguration>("webhooks", None, all(), Area::Cluster),
        reader.list::<MutatingWebhookConfiguration>("webhooks", None, all(), Area::Cluster),
    );
    validating.shelve(&mut case.validating_webhooks);
    mutating.shelve(&mut case.mutating_webhooks);
}
