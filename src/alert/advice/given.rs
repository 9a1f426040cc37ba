//! Which rules were advised on already: each of them once, and an alert again only when somebody changed its rule.
//! The saved document; pure.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{DAYS, Ruled};
use crate::alert::fingerprint;

/// Alerts kept in the document; the oldest go first.
const MOST: usize = 500;
/// Rules kept of one alert: several share a name, one for each severity.
const MOST_RULES: usize = 10;

/// Every alert that got advice: the saved document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Given(Vec<One>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct One {
    environment: Option<String>,
    name: String,
    /// When the last advice was given (UTC).
    at: DateTime<Utc>,
    /// The rules that were advised on, as hashes; none where the rule could not be read.
    rules: Vec<String>,
}

impl Given {
    /// Name of the document in the store.
    pub const DOCUMENT: &str = "rule-advice";

    /// Reads the document; one that cannot be read is as good as none.
    #[must_use]
    pub fn read(document: Option<&str>) -> Self {
        let read = document.and_then(|text| serde_json::from_str(text).ok());
        read.unwrap_or_default()
    }

    /// The document to save.
    #[must_use]
    pub fn document(&self) -> String {
        // Strings and times always have a JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// When an alert got advice last (UTC): what fired before is no reason for more.
    #[must_use]
    pub fn at(&self, environment: Option<&str>, name: &str) -> Option<DateTime<Utc>> {
        self.find(environment, name).map(|one| one.at)
    }

    /// Whether an alert may get advice on this rule. One that cannot be read cannot be seen to have changed.
    #[must_use]
    pub fn allows(
        &self,
        environment: Option<&str>,
        name: &str,
        rule: Option<&Ruled>,
        now: DateTime<Utc>,
    ) -> bool {
        let Some(one) = self.find(environment, name) else {
            return true;
        };
        let Some(rule) = rule.map(mark) else {
            return false;
        };
        let compared = !one.rules.is_empty();
        !one.rules.contains(&rule) && (compared || now - one.at >= TimeDelta::days(DAYS))
    }

    /// Advice was given.
    pub fn note(
        &mut self,
        environment: Option<&str>,
        name: &str,
        rule: Option<&Ruled>,
        now: DateTime<Utc>,
    ) {
        let known = self.find(environment, name);
        let mut rules = known.map(|one| one.rules.clone()).unwrap_or_default();
        rules.extend(rule.map(mark));
        rules.drain(..rules.len().saturating_sub(MOST_RULES));
        self.0.retain(|one| !one.is(environment, name));
        self.0.push(One {
            environment: environment.map(str::to_owned),
            name: name.to_owned(),
            at: now,
            rules,
        });
        self.0.drain(..self.0.len().saturating_sub(MOST));
    }

    fn find(&self, environment: Option<&str>, name: &str) -> Option<&One> {
        self.0.iter().find(|one| one.is(environment, name))
    }
}

impl One {
    fn is(&self, environment: Option<&str>, name: &str) -> bool {
        self.environment.as_deref() == environment && self.name == name
    }
}

/// A rule in few characters: its expression and its `for`.
fn mark(rule: &Ruled) -> String {
    let holds_for = rule.holds_for.to_string();
    fingerprint::of_parts([rule.expression.expression(), holds_for.as_str()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::RuleExpr;

    fn rule(expression: &str, holds_for: i64) -> Ruled {
        Ruled {
            expression: RuleExpr::from_rules_api(expression),
            holds_for,
        }
    }

    fn day(number: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(number)
    }

    #[test]
    fn a_rule_is_advised_on_once_and_again_when_it_changed() {
        let (old, longer) = (rule("usage > 0.9", 300), rule("usage > 0.9", 600));
        let mut given = Given::default();
        assert!(given.allows(None, "CPUHigh", Some(&old), day(1)));
        given.note(None, "CPUHigh", Some(&old), day(1));
        given = Given::read(Some(&given.document()));
        assert_eq!(given.at(None, "CPUHigh"), Some(day(1)));
        // Not after a year either.
        assert!(!given.allows(None, "CPUHigh", Some(&old), day(400)));
        assert!(given.allows(None, "CPUHigh", Some(&longer), day(2)));
        given.note(None, "CPUHigh", Some(&longer), day(2));
        // Two rules of one name (one for each severity) do not make each other new.
        assert!(!given.allows(None, "CPUHigh", Some(&old), day(3)));
        assert!(!given.allows(None, "CPUHigh", Some(&longer), day(3)));
        // Another alert, and the same one elsewhere, have had none.
        assert!(given.allows(None, "DiskFull", Some(&old), day(3)));
        assert!(given.allows(Some("staging"), "CPUHigh", Some(&old), day(3)));
    }

    #[test]
    fn a_rule_that_cannot_be_read_has_not_changed() {
        let old = rule("usage > 0.9", 300);
        let mut given = Given::default();
        given.note(None, "CPUHigh", Some(&old), day(1));
        assert!(!given.allows(None, "CPUHigh", None, day(400)));
        // Advised on without its rule, it is compared with nothing: a month has to pass.
        given = Given::default();
        given.note(None, "CPUHigh", None, day(1));
        assert!(!given.allows(None, "CPUHigh", Some(&old), day(30)));
        assert!(given.allows(None, "CPUHigh", Some(&old), day(31)));
    }

    #[test]
    fn names_that_somebody_invents_do_not_fill_the_store() {
        let mut given = Given::default();
        for number in 0..2_000 {
            given.note(None, &format!("Alert{number}"), None, day(1));
        }
        assert!(given.document().len() < 100_000);
        assert!(given.at(None, "Alert1999").is_some());
        assert_eq!(Given::read(Some("{not json")), Given::default());
    }
}
