//! A claim whose storage class does not exist, or that names none where there is no default.

use super::Needed;
use super::unbound::{DEFAULT, Unbound};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::text::Message;

/// Names nearer than this are offered as what may have been meant.
const NEAR: f64 = 0.75;

/// Names the class and those that exist.
pub(super) fn missing(needed: &Needed<'_>, unbound: &Unbound<'_>) -> Finding {
    let case = needed.case;
    let there: Vec<&str> = case
        .storage_classes
        .iter()
        .filter_map(|class| class.metadata.name.as_deref())
        .collect();
    let asked = unbound.spec.storage_class_name.is_some();
    let (id, fact) = match (unbound.class.is_empty(), asked) {
        (false, _) => ("cause-pvc-storage-class-missing", "fact-class-absent"),
        (true, false) => (
            "cause-pvc-storage-class-missing-default",
            "fact-class-no-default",
        ),
        (true, true) => (
            "cause-pvc-storage-class-missing-empty",
            "fact-class-no-volume",
        ),
    };
    // `storageClassName: ""` asks for a volume made by hand: that is rarer than a slip.
    let strength = if unbound.class.is_empty() && asked {
        0.85
    } else {
        0.96
    };
    let summary = Message::new(id).with("class", unbound.class);
    let fact = Message::new(fact)
        .with("class", unbound.class)
        .with("classes", there.clone())
        .with("count", there.len());
    let subject = needed.subject.clone();
    let finding = needed
        .finding(subject, Cause::PvcStorageClassMissing, strength, summary)
        .evidence(fact, "storageclasses", Some(case.now));
    finding.fix(fix(needed, unbound, &there))
}

/// A claim's class cannot be changed: the claim is made anew, or the class is made.
fn fix(needed: &Needed<'_>, unbound: &Unbound<'_>, there: &[&str]) -> Fix {
    let nearness = |other: &&&str| strsim::jaro_winkler(unbound.class, other);
    let near = there
        .iter()
        .max_by(|a, b| nearness(a).total_cmp(&nearness(b)))
        .filter(|best| nearness(best) >= NEAR || there.len() == 1);
    let subject = needed.subject.clone();
    let asked = unbound.spec.storage_class_name.is_some();
    if let (false, Some(only), true) = (asked, there.first(), there.len() == 1) {
        let why = Message::new("why-class-default").with("class", *only);
        let class = Subject::cluster(Kind::StorageClass, *only);
        return Fix::new(class, format!("metadata.annotations.{DEFAULT}"), why)
            .change(None::<String>, Some("true"));
    }
    let why = Message::new("why-class-missing");
    let from = asked.then_some(unbound.class);
    Fix::new(subject, "spec.storageClassName", why).change(from, near.copied())
}
