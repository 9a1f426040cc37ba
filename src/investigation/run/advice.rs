//! What the playbooks contribute: which queries to ask in round 3, and, once the case is concluded, what
//! they have to say of it.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::super::case::{Case, Scope, containers};
use super::super::gather::Measure;
use super::{asked, workload_of};
use crate::finding::{Advice, Diagnosis, Kind, Subject, Symptom};
use crate::playbook::{self, Choice, Facts, KEY, Names, Playbook, Playbooks, Pods, Replicas};

/// What the alert is, when one asks.
fn alerted<'a>(playbooks: &'a Playbooks, case: &Case) -> Option<Choice<'a>> {
    let alerted = case.alert.as_ref()?;
    playbooks.for_alert(&alerted.alert, alerted.rule.as_ref())
}

/// What a person would have said of the alert.
pub(super) fn symptoms(playbooks: &Playbooks, case: &Case) -> Vec<Symptom> {
    let choice = alerted(playbooks, case);
    choice.map_or_else(Vec::new, |choice| choice.symptoms().to_vec())
}

/// The playbooks that apply to the case: the alert's first.
fn chosen<'a>(playbooks: &'a Playbooks, case: &Case) -> Vec<&'a Playbook> {
    let first = alerted(playbooks, case).map(|choice| choice.playbook);
    let others = by_symptoms(playbooks, case).into_iter();
    let others = others.filter(|one| first.is_none_or(|first| first.name != one.name));
    first.into_iter().chain(others).collect()
}

fn by_symptoms<'a>(playbooks: &'a Playbooks, case: &Case) -> Vec<&'a Playbook> {
    let mut kinds: Vec<Kind> = Vec::new();
    if let Scope::Object(subject) = &case.scope {
        kinds.push(subject.kind);
        kinds.extend(asked(case).iter().map(|workload| workload.kind));
    }
    playbooks.chosen(&case.symptoms, &kinds)
}

/// The queries to ask; one whose names are not known is left out.
pub(super) fn measures(playbooks: &Playbooks, case: &Case) -> Vec<Measure> {
    let names = names(playbooks, case);
    let chosen = chosen(playbooks, case);
    let wanted = playbook::queries(&chosen).into_iter();
    let filled = wanted.filter_map(|(playbook, query)| {
        Some(Measure {
            playbook: playbook.name.clone(),
            query: query.name.clone(),
            expression: query.promql.fill(&names)?,
            ago: TimeDelta::zero(),
        })
    });
    filled
        .chain(behind_alert(playbooks, case, &names))
        .collect()
}

fn names(playbooks: &Playbooks, case: &Case) -> Names {
    let workload = asked(case).into_iter().next();
    let node = match &case.scope {
        Scope::Object(subject) if subject.kind == Kind::Node => Some(subject.name.clone()),
        _ => None,
    };
    Names {
        namespace: namespace(case, workload.as_ref()),
        workload: workload.map(|workload| (workload.kind, workload.name)),
        node,
        labels: labels(playbooks, case),
    }
}

/// The labels of the alert that may be trusted.
fn labels(playbooks: &Playbooks, case: &Case) -> BTreeMap<String, String> {
    let known = alerted(playbooks, case).zip(case.alert.as_ref());
    known.map_or_else(BTreeMap::new, |(choice, alerted)| {
        choice.trusted(&alerted.alert)
    })
}

/// The number behind the alert, now and at its normal: the row's expression, or, where no row says what the
/// alert is, that of its rule. It is asked at another time and never rewritten.
fn behind_alert(playbooks: &Playbooks, case: &Case, names: &Names) -> Vec<Measure> {
    let Some((choice, alerted)) = alerted(playbooks, case).zip(case.alert.as_ref()) else {
        return Vec::new();
    };
    let expression = match choice.row {
        Some(row) => row.key.as_ref().and_then(|key| key.promql.fill(names)),
        None => alerted
            .rule
            .as_ref()
            .map(|rule| rule.expression().to_owned()),
    };
    let Some(expression) = expression else {
        return Vec::new();
    };
    let times = KEY.into_iter().zip([0, 1, 7]);
    let all = times.map(|(query, days)| Measure {
        playbook: choice.playbook.name.clone(),
        query: query.to_owned(),
        expression: expression.clone(),
        ago: TimeDelta::days(days),
    });
    all.collect()
}

/// The name of the row that the alert is, else its own.
fn alert_name(playbooks: &Playbooks, case: &Case) -> Option<String> {
    let row = alerted(playbooks, case).and_then(|choice| choice.row);
    let own = case.alert.as_ref().map(|alerted| alerted.alert.name.raw());
    row.map(|row| row.name.as_str()).or(own).map(str::to_owned)
}

/// What they say of the concluded case.
pub(super) fn advice(playbooks: &Playbooks, case: &Case, diagnosis: &Diagnosis) -> Vec<Advice> {
    let facts = Facts {
        alert: alert_name(playbooks, case),
        labels: labels(playbooks, case),
        ..facts(case, diagnosis)
    };
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
            .knows_selected(workload.namespace(), workload.labels())
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
        alert: None,
        labels: BTreeMap::new(),
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
