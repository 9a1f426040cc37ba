//! What real Prometheus and Alertmanager posted: read whole, and about the workload, not about its exporter.

use vigie::alert::text::read;
use vigie::alert::{About, State, webhook};
use vigie::config::Config;

use super::{CHANNEL, all};

#[test]
fn every_webhook_of_a_real_chain_is_read_whole() {
    let posted = all("real/")
        .into_iter()
        .filter(|(name, _)| !name.contains("slack-"));
    let mut count = 0;
    for (name, body) in posted {
        let notice = webhook::read(body.as_bytes()).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(
            notice.unread.is_empty() && notice.odd.is_empty(),
            "{name}: {notice:?}"
        );
        assert!(notice.group.sure, "{name}");
        count += 1;
    }
    assert!(count >= 20, "{count}");
}

/// The two usual installations fill the same alert with different labels: both are about the same thing.
#[test]
fn both_installations_lead_to_the_same_object() {
    let playbooks = Config::default().playbooks;
    for (name, body) in all("real/stack-") {
        let other = name.replace("stack-", "kube-prometheus-");
        let about = |body: &str| -> Vec<About> {
            let group = webhook::read(body.as_bytes()).unwrap().group;
            let of = |alert| playbooks.for_alert(alert, None).unwrap().about(alert);
            group.alerts.iter().map(of).collect()
        };
        let [(_, twin)] = all(&other)
            .try_into()
            .unwrap_or_else(|all| panic!("{other}: {all:?}"));
        let (stack, plain) = (about(&body), about(&twin));
        assert_eq!(stack, plain, "{name}");
        let exporter = format!("{stack:?}").contains("kube-state-metrics");
        assert!(!exporter, "{name}: {stack:?}");
        assert!(
            !stack
                .iter()
                .any(|about| matches!(about, About::Cluster | About::Nothing)),
            "{name}: {stack:?}"
        );
    }
}

#[test]
fn what_a_real_alertmanager_posts_to_slack_is_an_alert_that_fires_and_ends() {
    for (name, body) in all("real/slack-") {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let heard = read(CHANNEL, &body).unwrap_or_else(|| panic!("{name} was not read"));
        let state = if name.contains("resolved") {
            State::Resolved
        } else {
            State::Firing
        };
        assert_eq!(heard.state, state, "{name}: {heard:?}");
    }
}
