//! Labels in addresses. The address of a silence form holds one alert's labels with their names: Grafana's
//! as `matcher=k%3Dv`, Alertmanager's as `filter={k="v", …}`.

use super::grammar::Listed;
use super::keys::is_label_name;
use super::{MAX_LABELS, MAX_VALUE};
use crate::alert::Labels;
use crate::text::Untrusted;

/// Most addresses that are looked at, and the longest.
const MAX_URLS: usize = 200;
const MAX_URL: usize = 8_000;

/// One alert for each address that names its labels, `alertname` among them.
pub fn of(urls: &[String]) -> Vec<Listed> {
    let mut found: Vec<Listed> = Vec::new();
    for url in urls.iter().take(MAX_URLS) {
        let labels = labels(url);
        let is_new = !found.iter().any(|known| known.labels == labels);
        if labels.contains_key("alertname") && is_new {
            found.push(Listed {
                labels,
                ..Listed::default()
            });
        }
    }
    found
}

/// The receiver in the address of Alertmanager's page: `…/#/alerts?receiver=team`.
pub fn receiver(url: &str) -> Option<String> {
    query(url)
        .find(|(name, _)| name == "receiver")
        .map(|(_, value)| value)
}

fn labels(url: &str) -> Labels {
    let mut labels = Labels::new();
    if !url.contains("silence") {
        return labels;
    }
    for (name, value) in query(url) {
        match name.as_str() {
            "matcher" => {
                if let Some((name, value)) = equal(&value) {
                    put(&mut labels, name, value.to_owned());
                }
            }
            "filter" => {
                for (name, value) in pairs(&value) {
                    put(&mut labels, &name, value);
                }
            }
            _ => {}
        }
    }
    labels
}

fn put(labels: &mut Labels, name: &str, value: String) {
    // Grafana's own, as `__alert_rule_uid__`, are no labels of the alert.
    if is_label_name(name)
        && !name.starts_with("__")
        && labels.len() < MAX_LABELS
        && !value.is_empty()
    {
        labels.insert(name.to_owned(), Untrusted::from(value));
    }
}

/// What stands behind the `?`, in the fragment too.
fn query(url: &str) -> impl Iterator<Item = (String, String)> {
    let url = super::mrkdwn::cut(url, MAX_URL);
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .take(MAX_LABELS)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
}

/// `k=v`, and none of `!=`, `=~`, `!~`.
fn equal(matcher: &str) -> Option<(&str, &str)> {
    let (name, value) = matcher.split_once('=')?;
    (!name.ends_with('!') && !value.starts_with('~') && value.len() <= MAX_VALUE)
        .then_some((name, value))
}

/// `k="v", k="v"`, with or without braces, as far as it is that. Read once from left to right.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start_matches(['{', '(', ' ']);
    while let Some((name, behind)) = rest.split_once("=\"") {
        let name = name.trim_matches(|c: char| c == ',' || c.is_whitespace());
        let Some((value, behind)) = quoted(behind) else {
            break;
        };
        if !is_label_name(name) || pairs.len() >= MAX_LABELS {
            break;
        }
        if value.len() <= MAX_VALUE {
            pairs.push((name.to_owned(), value));
        }
        rest = behind;
    }
    pairs
}

/// The value up to its closing quote, and what follows. A quote closes where a comma, a closing mark or the
/// end follows: templates print values without escaping them.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let behind = &text[at + c.len_utf8()..];
        match c {
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, c)) => value.push(c),
                None => return None,
            },
            '"' if behind.is_empty() || behind.starts_with([',', ')', '}']) => {
                return Some((value, behind));
            }
            c => value.push(c),
        }
    }
    None
}
