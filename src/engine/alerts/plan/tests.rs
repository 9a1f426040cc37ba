//! Stories of one batch: what was missed comes all at once, and one alert comes by several ways.

use super::*;
use crate::alert::{Labels, State};

fn item(group: usize, fingerprint: &str, state: State, minute: i64) -> Item {
    let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
    Item {
        group,
        environment: Some("production".to_owned()),
        thread: None,
        news: News {
            fingerprint: fingerprint.to_owned(),
            name: "HighErrorRate".into(),
            severity: Severity::Critical,
            about: About::Cluster,
            labels: Labels::new(),
            said: crate::alert::Said::default(),
            state,
            at,
            received: at,
            group: None,
        },
    }
}

fn planned(items: Vec<Item>) -> Plan {
    let known = Known {
        live: &[],
        ended: &HashMap::new(),
        now: DateTime::UNIX_EPOCH + TimeDelta::hours(1),
    };
    plan(items, &known)
}

/// The alerts of each incident that is opened.
fn opened(plan: &Plan) -> Vec<Vec<&str>> {
    let groups = plan.opened.iter().map(|items| {
        let prints = items.iter().map(|one| one.news.fingerprint.as_str());
        prints.collect()
    });
    groups.collect()
}

#[test]
fn what_began_and_ended_in_one_batch_opens_nothing() {
    let over = planned(vec![
        item(0, "a", State::Firing, 1),
        item(1, "a", State::Resolved, 5),
    ]);
    assert!(over.opened.is_empty(), "{over:?}");
    assert_eq!(over.dropped, 2, "nothing is lost uncounted");
}

#[test]
fn what_still_fires_at_the_end_of_a_batch_is_opened() {
    let back = planned(vec![
        item(0, "a", State::Firing, 1),
        item(0, "b", State::Firing, 1),
        item(1, "a", State::Resolved, 5),
        item(2, "a", State::Firing, 7),
    ]);
    let mut alerts = opened(&back).concat();
    alerts.sort_unstable();
    assert_eq!(alerts, ["a", "b"]);
    let overtaken = planned(vec![
        item(0, "a", State::Firing, 7),
        item(1, "a", State::Resolved, 5),
    ]);
    assert_eq!(opened(&overtaken), [["a"]]);
}

#[test]
fn one_alert_of_two_groups_is_one_incident() {
    let plan = planned(vec![
        item(0, "a", State::Firing, 1),
        item(1, "a", State::Firing, 1),
        item(2, "b", State::Firing, 1),
    ]);
    assert_eq!(opened(&plan), [vec!["a", "a"], vec!["b"]]);
}
