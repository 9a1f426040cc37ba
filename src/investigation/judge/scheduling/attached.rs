//! Every node already holds as many volumes as its cloud or its driver lets it attach.

use super::Unplaced;
use crate::finding::{Cause, Finding, Fix};
use crate::text::Message;

/// Judges a pod whose volumes no node can take. How many a node takes stands in its `CSINode`, which is not read.
pub(super) fn judge(unplaced: &Unplaced<'_>, strength: f64) -> Finding {
    let summary = Message::new("cause-insufficient-other-volumes");
    let finding = unplaced.finding(Cause::InsufficientOther, strength, summary);
    let why = Message::new("why-volumes-attached");
    let fix = Fix::new(unplaced.workload.subject.clone(), "", why);
    unplaced
        .ruled_out(finding)
        .fix(fix.command("kubectl get csinodes -o yaml"))
}
