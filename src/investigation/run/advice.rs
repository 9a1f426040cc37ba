//! What the playbooks contribute: which queries to ask in round 3, and, once the case is concluded, what
//! they have to say of it.

use super::super::case::{Case, Scope, containers};
use super::super::gather::Measure;
use super::{asked, workload_of};
use crate::finding::{Advice, Diagnosis, Kind, Subject};
use crate::playbook::{self, Facts, Names, Playbook, Playbooks, Pods, Replicas};

/// The playbooks that apply to the case.
fn chosen<'a>(playbooks: &'a Playbooks, case: &Case) -> Vec<&'a Playbook> {
    let mut kinds: Vec<Kind> = Vec::new();
    if let Scope::Object(subject) = &case.scope {
        kinds.push(subject.kind);
        kinds.extend(asked(case).iter().map(|workload| workload.kind));
    }
    playbooks.chosen(&case.symptoms, &kinds)
}

/// The queries to ask; one whose names are not known is left out.
pub(super) fn measures(playbooks: &Playbooks, case: &Case) -> Vec<Measure> {
    let workload = asked(case).into_iter().next();
    let names = Names {
        namespace: namespace(case, workload.as_ref()),
        workload: workload.map(|workload| (workload.kind, workload.name)),
    };
    let chosen = chosen(playbooks, case);
    let wanted = playbook::queries(&chosen).into_iter();
    let filled = wanted.filter_map(|(playbook, query)| {
        Some(Measure {
            playbook: playbook.name.clone(),
            query: query.name.clone(),
            expression: query.promql.fill(&names)?,
        })
    });
    filled.collect()
}

/// What they say of the concluded case.
pub(super) fn advice(playbooks: &Playbooks, case: &Case, diagnosis: &Diagnosis) -> Vec<Advice> {
    let facts = facts(case, diagnosis);
    playbook::advise(&chosen(playbooks, case), &facts, &case.measured)
}

/// The case as a rule sees it: the workload asked about, or the first one behind the Service asked about.
fn facts(case: &Case, diagnosis: &Diagnosis) -> Facts {
    let subject = asked(case).into_iter().next();
    let workload = subject
        .as_ref()
        .and_then(|subject| workload_of(case, subject));
    // Pods that could not be read are not zero pods.
    let known = workload.filter(|workload| {
        case.pods
            .knows_selected(workload.namespace(), &workload.labels())
    });
    let pods = known.as_ref().map(|workload| {
        let all = workload.pods.iter().flat_map(|pod| containers(pod));
        Pods {
            total: count(workload.pods.len()),
            ready: count(workload.ready()),
            restarts: all.map(|container| i64::from(container.restarts())).sum(),
        }
    });
    let replicas = known.as_ref().filter(|workload| workload.desired.is_some());
    let replicas = replicas.map(|workload| Replicas {
        wanted: count(workload.wanted()),
        ready: count(workload.ready()),
    });
    Facts {
        namespace: namespace(case, subject.as_ref()),
        workload: subject.map(|subject| subject.name),
        kind: diagnosis.target.kind,
        symptoms: case.symptoms.clone(),
        verdict: diagnosis.verdict,
        unsure: diagnosis
            .root_causes
            .first()
            .is_some_and(|root| root.certainty() == crate::finding::Certainty::Low),
        causes: diagnosis
            .root_causes
            .iter()
            .map(|root| root.finding.cause)
            .collect(),
        findings: diagnosis
            .findings
            .iter()
            .map(|finding| finding.cause)
            .collect(),
        pods,
        replicas,
    }
}

/// The namespace asked about, when it is one.
fn namespace(case: &Case, workload: Option<&Subject>) -> Option<String> {
    match (workload, &case.scope) {
        (Some(workload), _) => workload.namespace.clone(),
        (None, Scope::Object(subject)) => subject.namespace.clone(),
        (None, Scope::Namespaces(names)) if names.len() == 1 => names.first().cloned(),
        _ => None,
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
