//! Advice on an alert that fires without a cause: another threshold or a longer `for`, from its own history, with the
//! arithmetic. Pure: what was read is an argument, and so is what could not be read.

mod comparison;
mod given;
mod history;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::RuleExpr;
use crate::text::{Message, Untrusted};
pub use comparison::{Comparison, Direction, comparison};
pub use given::Given;
pub use history::History;

/// So many firings without a cause are worth a word.
pub const FIRINGS: u32 = 10;
/// Firings are counted this far back, in days.
pub const DAYS: i64 = 30;
/// How far back the measured values are read, in days.
pub const HISTORY_DAYS: i64 = 7;

/// Fewer known lengths say nothing.
const LENGTHS: usize = 5;
/// A longer `for` is worth it when it would have kept so much back.
const KEPT_BACK: f64 = 0.6;
/// The lengths people write, in seconds. More than an hour hides what lasts an hour.
const WRITTEN: [i64; 11] = [
    60, 120, 180, 300, 600, 900, 1_200, 1_800, 2_400, 2_700, 3_600,
];

/// What is known of an alert's firings.
#[derive(Clone, Debug, PartialEq)]
pub struct Firings {
    /// `alertname`.
    pub name: Untrusted,
    /// How often it fired without a cause.
    pub times: u32,
    /// How long its firings lasted, in seconds, as far as that is known.
    pub lasted: Vec<i64>,
    /// Whether it is critical.
    pub critical: bool,
}

/// Its rule, as Prometheus evaluates it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruled {
    /// Its expression.
    pub expression: RuleExpr,
    /// Its `for`, in seconds.
    pub holds_for: i64,
}

/// What was read of an alert.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// Its rule; `None` when it could not be read, or there is none of that name.
    pub rule: Option<Ruled>,
    /// What the left side of its comparison was in the last days.
    pub history: Option<History>,
    /// What could not be read, and why.
    pub unread: Option<Message>,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleAdvice {
    /// `alertname`.
    pub name: Untrusted,
    /// How often it fired without a cause in the last [`DAYS`].
    pub times: u32,
    /// Another threshold.
    #[serde(default)]
    pub threshold: Option<NewThreshold>,
    /// A longer `for`.
    #[serde(default)]
    pub hold: Option<LongerHold>,
    /// Whether it is critical: then nobody should loosen it lightly.
    #[serde(default)]
    pub critical: bool,
    /// What could not be read, and why.
    #[serde(default)]
    pub not_read: Option<Message>,
}

/// Another threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewThreshold {
    /// The present one.
    pub from: f64,
    /// The advised one.
    pub to: f64,
    /// What the value usually does not pass: its 99th percentile, or its first where the rule asks for "less than".
    pub usual: f64,
    /// How often the present one was passed in the last [`HISTORY_DAYS`], for as long as the rule asks.
    pub fired: usize,
    /// How often the advised one was.
    pub would_fire: usize,
}

/// A longer `for`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongerHold {
    /// The present one, in seconds; absent when it could not be read.
    pub from: Option<i64>,
    /// The advised one, in seconds; where the present one is not known, so much more than that.
    pub to: i64,
    /// So many firings were over before.
    pub under: usize,
    /// Of so many whose length is known.
    pub of: usize,
    /// They lasted less than this, in seconds.
    pub lasted: i64,
}

/// The one suggestion for an alert, if its history allows one.
#[must_use]
pub fn advise(firings: &Firings, past: &Past) -> Option<RuleAdvice> {
    if firings.times < FIRINGS || is_vital(firings.name.raw(), past.rule.as_ref()) {
        return None;
    }
    let threshold = past.rule.as_ref().and_then(|rule| threshold(rule, past));
    let hold = hold(&firings.lasted, past.rule.as_ref());
    if threshold.is_none() && hold.is_none() {
        return None;
    }
    Some(RuleAdvice {
        name: firings.name.clone(),
        times: firings.times,
        threshold,
        hold,
        critical: firings.critical,
        not_read: past.unread.clone(),
    })
}

/// Whether an alert only says that something is there or not: its threshold is no matter of taste. A rule that
/// nobody could read is judged by its name.
fn is_vital(name: &str, rule: Option<&Ruled>) -> bool {
    if ["Watchdog", "InfoInhibitor", "DeadMansSwitch"].contains(&name) {
        return true;
    }
    match rule {
        Some(rule) => comparison::asks_for_presence(rule.expression.expression()),
        None => ["Down", "Absent", "Missing", "Disappeared"]
            .iter()
            .any(|end| name.ends_with(end)),
    }
}

/// A threshold that would have fired about once a week and still catches the highest tenth.
fn threshold(rule: &Ruled, past: &Past) -> Option<NewThreshold> {
    let at = comparison(rule.expression.expression())?;
    past.history.as_ref()?.threshold(&at, rule.holds_for)
}

/// The shortest written length that would have kept enough firings back; the longest tenth still fires.
fn hold(lasted: &[i64], rule: Option<&Ruled>) -> Option<LongerHold> {
    let mut lasted: Vec<i64> = lasted.iter().copied().filter(|one| *one >= 0).collect();
    lasted.sort_unstable();
    let of = lasted.len();
    if of < LENGTHS {
        return None;
    }
    let from = rule.map(|rule| rule.holds_for);
    let before = from.unwrap_or_default();
    let tenth = lasted[of - of.div_ceil(10)];
    let enough = |to: &i64| {
        let more = to - before;
        let under = lasted.iter().filter(|one| **one < more).count();
        // Counts of firings: far below what a float holds.
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let share = under as f64 / of as f64;
        (more > 0 && more <= tenth && share >= KEPT_BACK).then_some((*to, under))
    };
    let (to, under) = WRITTEN.iter().find_map(enough)?;
    Some(LongerHold {
        from,
        to,
        under,
        of,
        lasted: to - before,
    })
}
