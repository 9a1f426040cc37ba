//! What becomes of answers, and what is asked.

use super::Answer;
use super::names::{DIALECTS, Known};
use super::queries::{Names, Query, of_workload};
use super::read::{node_of, readings};
use crate::clients::prometheus::Series;
use crate::finding::{Kind, Subject};
use crate::investigation::case::{Indicator, Reading};

fn series(labels: &[(&str, &str)], value: f64) -> Series {
    let own = labels
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Series {
        labels: own.collect(),
        points: vec![(1.0, value)],
    }
}

fn queries() -> Vec<Query> {
    let subject = Subject::new(Kind::Deployment, "shop", "cart");
    let names = Names {
        namespace: "shop",
        workload: &subject,
        services: &["cart".to_owned()],
    };
    of_workload(&names, &Known::default())
}

fn read(rate: Answer, errors: Answer) -> Vec<Reading> {
    let all = queries();
    let at = |indicator| {
        all.iter()
            .find(|query| query.indicator == indicator)
            .cloned()
    };
    let two: Vec<Query> = [at(Indicator::RequestRate), at(Indicator::ErrorRate)]
        .into_iter()
        .flatten()
        .collect();
    readings(&two, &[rate, errors], ("shop", "cart"), &[])
}

#[test]
fn the_first_failure_ever_has_a_usual_value_of_none() {
    let rate = || Answer {
        now: Some(vec![
            series(&[("pod", "cart-1")], 4.0),
            series(&[("pod", "cart-2")], 6.0),
        ]),
        yesterday: Some(vec![series(&[("pod", "cart-old")], 9.0)]),
        ..Answer::default()
    };
    let errors = |yesterday| Answer {
        now: Some(vec![series(&[], 0.4)]),
        yesterday,
        ..Answer::default()
    };
    let all = read(rate(), errors(Some(Vec::new())));
    let find = |indicator| {
        all.iter()
            .find(|r| r.indicator == indicator && r.pod.is_none())
    };
    assert_eq!(find(Indicator::ErrorRate).map(|r| r.usual), Some(Some(0.0)));
    let total = find(Indicator::RequestRate).map(|r| (r.now, r.usual));
    assert_eq!(total, Some((10.0, Some(9.0))));
    assert_eq!(all.iter().filter(|r| r.pod.is_some()).count(), 2);
    // Not answered is not zero.
    let all = read(rate(), errors(None));
    let errors = all.iter().find(|r| r.indicator == Indicator::ErrorRate);
    assert_eq!(errors.map(|r| r.usual), Some(None));
}

#[test]
fn every_status_label_counts() {
    let errors = queries()
        .into_iter()
        .find(|query| query.indicator == Indicator::ErrorRate);
    let text = errors.map(|query| query.expression).unwrap_or_default();
    for label in DIALECTS[0].status {
        assert!(
            text.contains(&format!("{label}=~\"5..\"")),
            "{label}: {text}"
        );
    }
}

#[test]
fn a_node_is_known_by_name_or_address() {
    let nodes = [("worker-1".to_owned(), Some("10.0.0.11".to_owned()))];
    let of = |label: &str, text: &str| node_of(&series(&[(label, text)], 1.0), &nodes);
    assert_eq!(
        of("instance", "10.0.0.11:9100").as_deref(),
        Some("worker-1")
    );
    assert_eq!(of("instance", "worker-1").as_deref(), Some("worker-1"));
    assert_eq!(of("instance", "10.0.0.12:9100"), None);
}
