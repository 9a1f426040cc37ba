//! What a question speaks of outside the cluster, before anything is read.

use crate::finding::Symptom;
use crate::intent::{Ask, speaks_of_gate, speaks_of_pipeline};

/// Whether a pipeline is what is asked about: it is named, and what is said to be wrong is a delivery or nothing at all.
/// "The build server is slow" is about a server.
#[must_use]
pub fn pipelines_asked(ask: &Ask) -> bool {
    is_about_delivery(ask) && speaks_of_pipeline(&ask.text)
}

/// Whether a quality gate is what is asked about.
#[must_use]
pub fn gates_asked(ask: &Ask) -> bool {
    is_about_delivery(ask) && speaks_of_gate(&ask.text)
}

fn is_about_delivery(ask: &Ask) -> bool {
    let of_delivery = [Symptom::DeployFailed, Symptom::JobFailed];
    ask.symptoms.is_empty() || ask.symptoms.iter().any(|one| of_delivery.contains(one))
}
