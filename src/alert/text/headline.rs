//! The first line of a message: its state, how many alerts, and the name where the shape has a place for it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::matchers::pairs;
use super::mrkdwn::{cut, unmarked};
use super::pieces::Pieces;
use super::tokens::{Tokens, is_name, is_word};
use crate::alert::{Labels, State};
use crate::text::{Untrusted, pattern};

/// Longest line that is looked at: Alertmanager cuts its titles at 1,024 characters.
const MAX_LINE: usize = 4_200;
/// Longest name, in bytes.
const MAX_NAME: usize = 300;

/// What the first line says.
#[derive(Debug, Default)]
pub struct Headline {
    /// The line, without marks.
    pub title: String,
    /// The state it says.
    pub state: Option<State>,
    /// The state its first emoji hints at.
    pub hint: Option<State>,
    /// How many fire.
    pub firing: Option<u64>,
    /// How many are resolved.
    pub resolved: Option<u64>,
    /// The name, where the shape has a place for it.
    pub name: Option<String>,
    /// Labels the line names: tags, a region, a severity.
    pub labels: Labels,
    /// `k="v"` in the bracket: labels all alerts have in common.
    pub pairs: Labels,
    /// Values without names, as in Alertmanager's default title.
    pub values: Option<Tokens>,
    /// Whether the values are Alertmanager's own default title for sure, whatever title is shown.
    pub is_default: bool,
}

/// `[FIRING:2] …`, `[FIRING:1, RESOLVED:2] …`, `[RESOLVED] …`, `[Firing] …`.
static BRACKET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?is)^\[(firing|resolved)(?:\s*:\s*(\d{1,9}))?(?:\s*,\s*resolved\s*:\s*(\d{1,9}))?\]\s*(.*)$",
    )
    .ok()
});
/// `2 firing, 1 resolved`, a common custom title.
static COUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)^(\d{1,9}) firing(?: alerts?)?(?:, (\d{1,9}) resolved)?\b").ok()
});
/// `KubePodCrashLooping for kube-state-metrics`, in front of the `k="v"` bracket.
static FOR_JOB: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^(\S+) for(?: (\S+))?$").ok());

/// Shapes with a place for the name. A group called `f…` fires, one called `r…` is resolved.
static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let shapes = [
        // Grafana before 8.
        r"(?is)^\[(?:(?<f>alerting|no data)|(?<r>ok))\]\s*(?<name>.+)$",
        // Datadog.
        r"(?is)^(?:\[P\d\]\s*)?\[(?:(?<f>(?:re-?)?triggered|warn|no data)|(?<r>recovered))(?: on \{(?<tags>[^{}]*)\})?\]\s*(?:\[P\d\]\s*)?(?<name>.+)$",
        r"(?is)^(?:\[P\d\]\s*)?(?:(?<f>(?:re-?)?triggered|warn|no data)|(?<r>recovered)): *(?:\[P\d\]\s*)?(?<name>.+?)(?: on (?<tags>[\w.-]+:[^\s]+))?$",
        // CloudWatch.
        r#"(?s)^(?:(?<f>ALARM)|(?<r>OK)): "(?<name>[^"]+)" in (?<region>.+)$"#,
        // Uptime monitors.
        r"(?s)^\[(?<name>[^\]]+)\]\s*\[\W*(?:(?<f>Down)|(?<r>Up))\]",
        r"(?is)^(?:(?<f>down)|(?<r>up)):\s*(?<name>.+)$",
        // `FIRING: NodeDown`, `🔥 FIRING | NodeDown`.
        r"(?is)^(?:(?<f>firing|problem)|(?<r>resolved|recovery)) ?[:|-]\s*(?<name>.+)$",
        // Robusta.
        r"(?is)^`(?<f>Prometheus Alert Firing)`[^\n]*?(?:\*(?<severity>\w+)\*)?\s*\n(?<title>[^\n]+)",
        r"(?is)^\*(?:(?<r>Prometheus resolved)|(?<f>K8s event detected))\*[^\n]*?(?:\*(?<severity>\w+)\*)?\s*\n(?<title>[^\n]+)",
        r"(?is)^`(?:(?<f>firing)|(?<r>resolved))`[^`\n]*`(?<severity>\w+)`\s*(?<title>[^\n]+)",
    ];
    shapes
        .iter()
        .filter_map(|shape| pattern(shape).ok())
        .collect()
});

/// The first line that says a state; else the first line there is.
pub fn find(pieces: &Pieces) -> Headline {
    let summary = [&pieces.summary, &pieces.fallback];
    let lines = pieces.titles.iter().chain(&pieces.bodies).chain(summary);
    let mut read = lines
        .filter(|text| !text.trim().is_empty())
        .map(|text| of(text));
    let mut headline = read.find(|line| line.state.is_some()).unwrap_or_default();
    let shown = pieces.titles.first().or_else(|| pieces.bodies.first());
    if let Some(shown) = shown.filter(|_| headline.title.is_empty() || !pieces.titles.is_empty()) {
        // A title without a state is still the title of what is said below it.
        let first = of(shown);
        headline.hint = first.hint.or(headline.hint);
        headline.title = first.title;
    }
    headline.prefer_default(pieces);
    headline
}

fn of(text: &str) -> Headline {
    let text = cut(text.trim(), MAX_LINE);
    let (hint, rest) = without_emoji(text);
    let line = rest.lines().next().unwrap_or_default();
    let mut headline = Headline {
        title: unmarked(cut(line, MAX_NAME * 4)).to_owned(),
        hint,
        ..Headline::default()
    };
    let bare = line.trim_matches(['*', '_', ' ']);
    if !headline.bracket(bare) && !headline.counts(bare) {
        headline.shapes(rest, bare);
    }
    headline
}

impl Headline {
    fn bracket(&mut self, line: &str) -> bool {
        let Some(found) = BRACKET.as_ref().and_then(|bracket| bracket.captures(line)) else {
            return false;
        };
        let count = |group| found.get(group).and_then(|n| n.as_str().parse().ok());
        let rest = found.get(4).map_or("", |rest| rest.as_str());
        if found[1].eq_ignore_ascii_case("firing") {
            self.state = Some(State::Firing);
            self.firing = count(2);
            self.resolved = count(3);
        } else {
            self.state = Some(State::Resolved);
            self.resolved = count(2);
        }
        self.rest(rest);
        if found[1].ends_with(char::is_lowercase) && is_name(unmarked(rest)) {
            // Robusta's `[Firing]`, with the title of one alert behind it.
            self.name = Some(unmarked(rest).to_owned());
            self.values = None;
        }
        true
    }

    /// What follows the bracket: values, or a name and `k="v"` pairs.
    fn rest(&mut self, rest: &str) {
        let tokens = Tokens::of(unmarked(rest));
        for (name, value) in pairs(tokens.common.raw()) {
            self.pairs.insert(name, Untrusted::from(value));
        }
        if self.pairs.is_empty() {
            self.values = Some(tokens);
            return;
        }
        let group = tokens.group.raw();
        let for_job = FOR_JOB.as_ref().and_then(|shape| shape.captures(group));
        let name = for_job
            .as_ref()
            .map_or(group, |found| found.get(1).map_or(group, |n| n.as_str()));
        if is_word(name) {
            self.name = Some(name.to_owned());
        }
        if let Some(job) = for_job.and_then(|found| found.get(2).map(|job| job.as_str().to_owned()))
        {
            self.pairs.insert("job".to_owned(), Untrusted::from(job));
        }
    }

    fn counts(&mut self, line: &str) -> bool {
        let Some(found) = COUNTS.as_ref().and_then(|counts| counts.captures(line)) else {
            return false;
        };
        self.firing = found[1].parse().ok();
        self.resolved = found.get(2).and_then(|n| n.as_str().parse().ok());
        // The words are counts, and change.
        self.values = Some(Tokens::default());
        self.state = Some(match self.firing {
            Some(0) => State::Resolved,
            _ => State::Firing,
        });
        true
    }

    fn shapes(&mut self, text: &str, line: &str) {
        let found = SHAPES
            .iter()
            .find_map(|shape| shape.captures(line).or_else(|| shape.captures(text)));
        if let Some(found) = found {
            self.shape(&found);
        }
    }

    fn shape(&mut self, found: &Captures<'_>) {
        let part = |name| found.name(name).map(|part| unmarked(part.as_str()));
        self.state = found
            .name("f")
            .map(|_| State::Firing)
            .or_else(|| found.name("r").map(|_| State::Resolved));
        if let Some(title) = part("title") {
            title.clone_into(&mut self.title);
            self.name = Some(title.to_owned()).filter(|title| is_name(title));
        }
        if let Some(name) = part("name") {
            self.name = Some(named(name).to_owned());
        }
        for (label, value) in [("severity", part("severity")), ("region", part("region"))] {
            if let Some(value) = value {
                self.labels.insert(label.to_owned(), Untrusted::from(value));
            }
        }
        self.labels.extend(tags(part("tags").unwrap_or_default()));
    }

    /// Alertmanager's fallback is its default title, whatever title is shown: `title | link`.
    fn prefer_default(&mut self, pieces: &Pieces) {
        let Some((title, _)) = pieces.fallback.split_once(" | http") else {
            return;
        };
        let read = of(title);
        let Some(values) = read.values else {
            return;
        };
        self.state = self.state.or(read.state);
        self.firing = self.firing.or(read.firing);
        self.values = Some(values);
        self.is_default = true;
    }

    /// The values of the title; where it has none, its words.
    pub fn tokens(&self) -> Tokens {
        self.values
            .clone()
            .unwrap_or_else(|| Tokens::of(&self.title))
    }
}

/// A name of one word where it looks like an alert's; else the line.
fn named(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default().trim();
    let (first, behind) = line.split_once(' ').unwrap_or((line, ""));
    let next = behind.split(' ').next().unwrap_or_default();
    if is_name(first) && ["on", "for", "in", "-", "at"].contains(&next) {
        first
    } else {
        unmarked(cut(line, MAX_NAME))
    }
}

/// `host:web-1,service:payment`.
fn tags(text: &str) -> Labels {
    text.split(',')
        .filter_map(|tag| tag.trim().split_once(':'))
        .filter(|(name, value)| super::keys::is_label_name(name) && !value.is_empty())
        .take(super::MAX_LABELS)
        .map(|(name, value)| (name.to_owned(), Untrusted::from(value)))
        .collect()
}

/// The line behind its emoji, and the state the first of them hints at.
fn without_emoji(text: &str) -> (Option<State>, &str) {
    let (mut hint, mut rest) = (None, text);
    loop {
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || !is_text(c));
        let skipped = &rest[..rest.len() - trimmed.len()];
        hint = hint.or_else(|| skipped.chars().find_map(of_emoji));
        rest = trimmed;
        let Some((code, behind)) = code(rest) else {
            return (hint, rest);
        };
        hint = hint.or_else(|| of_code(code));
        rest = behind;
    }
}

/// Letters, digits and the marks a title may begin with.
fn is_text(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '[' | '(' | '*' | '`' | '_' | '"' | '{' | '<' | ':' | '/' | '#' | '@' | '~'
        )
}

/// `:fire:` at the start.
fn code(text: &str) -> Option<(&str, &str)> {
    let (code, behind) = text.strip_prefix(':')?.split_once(':')?;
    let is_code = !code.is_empty()
        && code.len() <= 60
        && code
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'));
    is_code.then_some((code, behind))
}

fn of_code(code: &str) -> Option<State> {
    match code {
        "fire" | "rotating_light" | "red_circle" | "warning" | "x" | "exclamation" | "bell"
        | "boom" | "alert" | "large_red_square" | "small_red_triangle" => Some(State::Firing),
        "white_check_mark" | "heavy_check_mark" | "large_green_circle" | "green_heart" | "tada"
        | "large_green_square" | "ok" | "green_circle" => Some(State::Resolved),
        _ => None,
    }
}

fn of_emoji(c: char) -> Option<State> {
    match c {
        '🔥' | '🚨' | '🔴' | '⚠' | '❌' | '❗' | '🟥' => Some(State::Firing),
        '✅' | '✔' | '🟢' | '💚' | '🟩' => Some(State::Resolved),
        _ => None,
    }
}
