//! A message another bot posted in a channel → what it says about alerts: [`Heard`].
//!
//! Alertmanager with its default template and the common custom ones, Grafana, Robusta, Datadog-style and
//! plain incoming webhooks. Most of them show the values of labels without the names; then [`Heard`] holds
//! the words of the title, and [`join`](super::join::join) completes them with what the API knows. Who sent
//! the message is checked by the caller, before: anyone can type `[FIRING:1]`. Pure.

mod grammar;
mod headline;
mod keys;
mod matchers;
mod mrkdwn;
mod pieces;
mod tokens;

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Alert, State, fingerprint};
use crate::text::Untrusted;

use grammar::Listed;
use headline::Headline;
use pieces::Pieces;

pub use tokens::Tokens;
pub(super) use tokens::fold;

/// Most text of one message that is read, in bytes.
pub const MAX_INPUT: usize = 40_000;
/// Longest value of a label that is kept, in bytes.
pub const MAX_VALUE: usize = 2_048;
/// Most labels of one alert of a message.
pub const MAX_LABELS: usize = 128;

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The channel it is in.
    pub channel: String,
    /// Its title, cleaned: entities and links resolved, NFKC, no invisible characters.
    pub title: Untrusted,
    /// Firing while any of its alerts is.
    pub state: State,
    /// How many fire, where the title says so.
    pub firing: Option<u64>,
    /// How many are resolved, where the title says so.
    pub resolved: Option<u64>,
    /// The alerts that were given names; one that stands for all where only common labels were shown.
    pub alerts: Vec<Alert>,
    /// Which grammar gave the names.
    pub grammar: Grammar,
    /// Whether each alert was told to fire or not; else all share [`Self::state`].
    pub states_told: bool,
    /// The values in the title.
    pub tokens: Tokens,
    /// The page the title links to: shown, never fetched.
    pub link: Option<Untrusted>,
    /// Whether the labels came with their names. False where they are guessed from the order of values.
    pub is_sure: bool,
    /// What the group is called over time, FIRING to RESOLVED.
    pub key: String,
}

impl Heard {
    /// Whether it can be about an alert: the words in the bracket, which all its alerts have in common, are words
    /// of the alert's values. Of one whose labels are not known nobody knows better.
    #[must_use]
    pub fn can_mean(&self, alert: &Alert) -> bool {
        let values: Vec<String> = alert
            .labels
            .values()
            .map(|value| fold(value.raw()))
            .collect();
        let mut common: Vec<&str> = self.tokens.common.raw().split_whitespace().collect();
        if self.tokens.is_cut {
            common.pop();
        }
        let has = |word: &str| {
            values
                .iter()
                .any(|value| value.split(' ').any(|own| own == word))
        };
        values.is_empty() || common.into_iter().all(has)
    }
}

/// How a message named its labels; the first that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grammar {
    /// A list per alert: `• *pod:* …` or ` - pod = …`.
    List,
    /// Names of what all its alerts have in common: fields, `k="v"` in the title, lines like `*Pod:* …`.
    Common,
    /// The address of a silence form, which holds the labels.
    Matchers,
    /// The title, in a shape that has a place for the name.
    Headline,
    /// None: values without names.
    Tokens,
}

impl Grammar {
    /// For metrics: kebab-case, stable.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Common => "common",
            Self::Matchers => "matchers",
            Self::Headline => "headline",
            Self::Tokens => "tokens",
        }
    }
}

/// Reads a message object: an event's, or the `message` of a `message_changed`. `None` when it says nothing
/// of an alert, and while it is still being streamed.
#[must_use]
pub fn read(channel: &str, message: &Value) -> Option<Heard> {
    if message["streaming_state"] == "in_progress" {
        return None;
    }
    let pieces = Pieces::of(message);
    let headline = headline::find(&pieces);
    let body = grammar::read(&pieces);
    let (state, states_told) = state_of(&headline, &body, &pieces)?;
    let tokens = headline.tokens();
    let (grammar, listed) = named(&headline, body, &pieces)
        .unwrap_or_else(|rest| (Grammar::Tokens, vec![guess(rest, &tokens)]));
    let words = (grammar == Grammar::Tokens).then_some(&tokens);
    let alerts: Vec<Alert> = listed
        .into_iter()
        .map(|one| one.into_alert(channel, state, words))
        .collect();
    Some(Heard {
        channel: channel.to_owned(),
        title: Untrusted::from(headline.title.as_str()),
        state,
        firing: headline.firing,
        resolved: headline.resolved,
        key: key(channel, &tokens, &alerts, &headline, &pieces),
        is_sure: grammar != Grammar::Tokens,
        states_told,
        grammar,
        tokens,
        link: pieces.link.map(Untrusted::from),
        alerts,
    })
}

/// Whether a link may be shown: an address of the web, on one line, of a length that fits.
pub(super) fn is_link(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.len() <= 2_000
        && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// The state, and whether every alert has its own. Colour is asked last, and only when something was named.
fn state_of(headline: &Headline, body: &grammar::Body, pieces: &Pieces) -> Option<(State, bool)> {
    let own: BTreeSet<bool> = body
        .listed
        .iter()
        .filter_map(|one| one.state)
        .map(|state| state == State::Firing)
        .collect();
    let told = !body.listed.is_empty() && body.listed.iter().all(|one| one.state.is_some());
    let of_body = own
        .contains(&true)
        .then_some(State::Firing)
        .or_else(|| own.contains(&false).then_some(State::Resolved));
    let names_an_alert = body
        .listed
        .iter()
        .any(|one| one.labels.contains_key("alertname"))
        || body.common.contains_key("alertname");
    let hint = headline.hint.or(pieces.colour).filter(|_| names_an_alert);
    let state = headline.state.or(of_body).or(body.state).or(hint)?;
    Some((state, told))
}

/// The alerts that the message named, by the first grammar that did. Else the labels it named all the same.
fn named(
    headline: &Headline,
    body: grammar::Body,
    pieces: &Pieces,
) -> Result<(Grammar, Vec<Listed>), Listed> {
    let mut common = body.common;
    for (name, value) in headline.pairs.iter().chain(&headline.labels) {
        common.entry(name.clone()).or_insert_with(|| value.clone());
    }
    if let Some(name) = &headline.name {
        common
            .entry("alertname".to_owned())
            .or_insert_with(|| Untrusted::from(name.as_str()));
    }
    let mut listed = body.listed;
    lend(&mut listed, common.get("alertname"));
    if listed.iter().any(Listed::has_name) {
        listed.retain(Listed::has_name);
        return Ok((Grammar::List, listed));
    }
    let silences = matchers::of(&pieces.urls);
    if !silences.is_empty() {
        return Ok((Grammar::Matchers, silences));
    }
    let grammar = match common.len() {
        1 => Grammar::Headline,
        _ => Grammar::Common,
    };
    if let [only] = &listed[..] {
        common.extend(only.labels.clone());
    }
    let one = Listed {
        labels: common,
        annotations: body.annotations,
        state: None,
    };
    if one.has_name() {
        Ok((grammar, vec![one]))
    } else {
        Err(one)
    }
}

/// Lists often leave out the name that is in the title. What looks like a list and names nothing that an
/// alert has is a list of something else.
fn lend(listed: &mut [Listed], name: Option<&Untrusted>) {
    let Some(name) = name else {
        return;
    };
    for one in listed {
        if one.labels.keys().any(|label| keys::of(label).is_some()) {
            one.labels
                .entry("alertname".to_owned())
                .or_insert_with(|| name.clone());
        }
    }
}

/// What the order of values lets one guess: the name is the first value of its part of the title.
fn guess(mut rest: Listed, tokens: &Tokens) -> Listed {
    let guessed = [
        ("alertname", tokens.name()),
        ("severity", tokens.severity()),
    ];
    for (label, value) in guessed {
        if let Some(value) = value {
            rest.labels
                .entry(label.to_owned())
                .or_insert_with(|| Untrusted::from(value));
        }
    }
    rest
}

impl Listed {
    fn has_name(&self) -> bool {
        self.labels.contains_key("alertname")
    }

    /// `words`: what tells it from others where it has no names.
    fn into_alert(self, channel: &str, whole: State, words: Option<&Tokens>) -> Alert {
        let name = self.labels.get("alertname").cloned().unwrap_or_default();
        let labels = self.labels.iter();
        let mut parts: Vec<&str> = vec![channel, name.raw()];
        match words {
            Some(tokens) => parts.extend(tokens.words()),
            None => parts.extend(labels.flat_map(|(k, v)| [k.as_str(), v.raw()])),
        }
        Alert {
            generator: None,
            fingerprint: fingerprint::of_parts(parts),
            name,
            state: self.state.unwrap_or(whole),
            labels: self.labels,
            annotations: self.annotations,
            starts_at: None,
            ends_at: None,
        }
    }
}

/// The group's name. Alertmanager puts the values it groups by before the bracket: they stay while alerts
/// come and go, the common ones in the bracket do not. Where only a title somebody made up is shown
/// (`Monitoring Event Notification`), the names and namespaces of its alerts are better.
fn key(
    channel: &str,
    tokens: &Tokens,
    alerts: &[Alert],
    headline: &Headline,
    pieces: &Pieces,
) -> String {
    let receiver = pieces.link.as_deref().and_then(matchers::receiver);
    let mut parts = vec![channel.to_owned(), receiver.unwrap_or_default()];
    let is_named = alerts.iter().any(|alert| alert.labels.len() > 2);
    let values = [&tokens.group, &tokens.common]
        .into_iter()
        .find(|part| !part.is_blank())
        .filter(|_| headline.is_default || (headline.values.is_some() && !is_named));
    if let Some(values) = values {
        parts.push(values.raw().to_owned());
    } else {
        let names: BTreeSet<_> = alerts
            .iter()
            .flat_map(|a| [a.name.raw(), a.label("namespace").unwrap_or_default()])
            .collect();
        parts.extend(names.into_iter().map(str::to_owned));
        if let [only] = alerts {
            parts.push(only.fingerprint.clone());
        }
    }
    fingerprint::of_parts(parts.iter().map(String::as_str))
}
