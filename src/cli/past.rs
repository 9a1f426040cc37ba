//! Reads the past of an alert for advice on its rule: the rule and the values of its left side, both from the
//! configured Prometheus. The expression comes from its rules API and never from a message.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::alert::advice::{HISTORY_DAYS, History, Past, Ruled, comparison};
use crate::alert::{Labels, RuleExpr};
use crate::clients::prometheus::{AlertRule, Prometheus, QueryError, Series};
use crate::engine::PastOf;
use crate::text::Message;

/// Nobody waits for advice, but Prometheus is not to be kept busy.
const WITHIN: Duration = Duration::from_secs(10);
/// The distance of two points, in seconds.
const STEP: i64 = 300;

/// Reads it; what could not be read is said in it.
pub(super) async fn read(prometheus: Option<&Prometheus>, of: &PastOf, now: DateTime<Utc>) -> Past {
    let Some(prometheus) = prometheus else {
        return unread(Message::new("unread-not-configured"));
    };
    let reading = ask(prometheus, of, now);
    match tokio::time::timeout(WITHIN, reading).await {
        Ok(past) => past,
        Err(_) => unread(Message::new("unread-late")),
    }
}

/// Nothing was read.
pub(super) fn unread(why: Message) -> Past {
    Past {
        unread: Some(why),
        ..Past::default()
    }
}

/// Why Prometheus gave nothing, in words that are not the client's own.
fn failed(error: QueryError) -> Message {
    match error {
        QueryError::Unreachable(_) => Message::new("unread-unreachable"),
        QueryError::TimedOut(_) => Message::new("unread-late"),
        QueryError::Forbidden => Message::new("unread-forbidden"),
        QueryError::BadQuery(why) => Message::new("unread-refused").with("why", why),
        QueryError::Server(status) => {
            Message::new("unread-status").with("status", status.to_string())
        }
        QueryError::Unreadable(_) => Message::new("unread-nonsense"),
        QueryError::TooLarge(_) => Message::new("unread-large"),
    }
}

async fn ask(prometheus: &Prometheus, of: &PastOf, now: DateTime<Utc>) -> Past {
    let rules = match prometheus.alert_rules(of.name.raw()).await {
        Ok(rules) => rules,
        Err(error) => return unread(Message::new("unread-rule").with("why", failed(error))),
    };
    let Some(rule) = rule_of(rules, &of.labels) else {
        return unread(Message::new("unread-no-rule"));
    };
    let holds_for = i64::try_from(rule.holds_for.as_secs()).unwrap_or(i64::MAX);
    let mut past = Past {
        rule: Some(Ruled {
            expression: RuleExpr::from_rules_api(rule.expression.clone()),
            holds_for,
        }),
        ..Past::default()
    };
    let Some(at) = comparison(&rule.expression) else {
        return past;
    };
    let (from, step) = (
        now - TimeDelta::days(HISTORY_DAYS),
        TimeDelta::seconds(STEP),
    );
    match prometheus.range(&at.left, from, now, step).await {
        Ok(series) => past.history = history(series, &of.labels, &rule),
        Err(error) => past.unread = Some(Message::new("unread-values").with("why", failed(error))),
    }
    past
}

/// The rule that an alert comes from: several may share a name, one for each severity.
fn rule_of(rules: Vec<AlertRule>, labels: &Labels) -> Option<AlertRule> {
    let fits = |rule: &AlertRule| {
        rule.labels.iter().all(|(name, value)| {
            let templated = value.raw().contains("{{");
            templated || labels.get(name).is_none_or(|own| own == value)
        })
    };
    let mut own = rules.into_iter().filter(fits);
    let first = own.next()?;
    own.next().is_none().then_some(first)
}

/// The one series that the alert is about: no label of it says otherwise. The rule's own labels are not the series'.
fn history(series: Vec<Series>, labels: &Labels, rule: &AlertRule) -> Option<History> {
    let fits = |one: &Series| {
        one.labels.iter().all(|(name, value)| {
            name == "__name__"
                || rule.labels.contains_key(name)
                || labels.get(name).is_none_or(|own| own.raw() == value)
        })
    };
    let mut own = series.into_iter().filter(fits);
    let first = own.next()?;
    // Two that cannot be told apart would make one history of two.
    if own.next().is_some() {
        return None;
    }
    let points = first
        .points
        .into_iter()
        .filter(|(_, value)| value.is_finite());
    #[expect(clippy::cast_possible_truncation, reason = "seconds of this century")]
    let points = points.map(|(at, value)| (at as i64, value)).collect();
    Some(History { step: STEP, points })
}
