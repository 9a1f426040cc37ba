//! The rules of a real Prometheus (Debian's, which does not know `rule_name[]` yet), and its alerts at a real
//! Alertmanager.

use std::time::{Duration, Instant};

use serde_json::json;
use vigie::clients::alertmanager::{AlertFilter, Alertmanager, Matcher};
use vigie::clients::prometheus::{Health, Prometheus, RuleState};

use super::Receivers;
use crate::cluster;

/// How long anything may take to come true.
const WITHIN: Duration = Duration::from_mins(2);

#[tokio::test]
async fn a_rule_is_read_with_its_expression_and_its_alert_arrives() {
    let Some(notifier) = Receivers::default().start().await else {
        return;
    };
    let groups = json!([{"name": "g", "rules": [
        {"record": "one:vector", "expr": "vector(1)"},
        {"alert": "OneIsOne", "expr": "vector(1)  ==  1", "labels": {"severity": "warning"},
         "annotations": {"summary": "value {{ $value }}"}},
        {"alert": "Patient", "expr": "vector(2)", "for": "1h30m"},
        {"alert": "Quiet", "expr": "vector(0) > 1"},
    ]}]);
    let server = cluster::Prometheus::start_with(&[], &groups, Some(&notifier)).await;
    let Some(server) = server else { return };
    let client = Prometheus::new(&server.url(), None, Duration::from_mins(1)).unwrap();
    let began = Instant::now();
    let rule = loop {
        let rules = client.alert_rules("OneIsOne").await.unwrap();
        let [rule] = &rules[..] else {
            panic!("{rules:?}")
        };
        if rule.state == RuleState::Firing {
            break rule.clone();
        }
        assert!(began.elapsed() < WITHIN, "in vain");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(rule.expression, "vector(1) == 1");
    assert_eq!((rule.health, rule.last_error.as_str()), (Health::Ok, ""));
    assert_eq!(rule.labels["severity"].raw(), "warning");
    assert_eq!(rule.annotations["summary"].raw(), "value {{ $value }}");
    assert_eq!(rule.alerts[0].value, Some(1.0));
    assert_eq!(rule.alerts[0].annotations["summary"].raw(), "value 1");

    let patient = client.alert_rules("Patient").await.unwrap();
    assert_eq!(patient[0].holds_for, Duration::from_mins(90));
    assert_eq!(patient[0].state, RuleState::Pending);
    assert!(patient[0].alerts[0].active_at.is_some());
    let quiet = client.alert_rules("Quiet").await.unwrap();
    assert_eq!(
        (quiet[0].state, quiet[0].alerts.len()),
        (RuleState::Inactive, 0)
    );
    assert_eq!(client.alert_rules("one:vector").await.unwrap(), []);
    assert_eq!(client.alert_rules("Nobody\"}").await.unwrap(), []);

    let alerts = client.alerts().await.unwrap();
    let firing = alerts.iter().filter(|one| one.state == RuleState::Firing);
    assert!(
        firing
            .clone()
            .any(|one| one.labels["alertname"].raw() == "OneIsOne"),
        "{alerts:?}"
    );

    let notified = Alertmanager::new(&notifier.url(), None, Duration::from_mins(1)).unwrap();
    let ours = AlertFilter::meeting(vec![Matcher::equal("alertname", "OneIsOne")]);
    while notified.alerts(&ours).await.unwrap().is_empty() {
        assert!(began.elapsed() < WITHIN, "in vain");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
