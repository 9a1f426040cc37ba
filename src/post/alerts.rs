//! The alerts of an incident as lines of its answer: one for each name, however many there are of it.

use crate::alert::Sender;
use crate::incident::{Cut, Held, Incident, Told};
use crate::text::Message;

/// Names with a line of their own; the others are counted.
const NAMES: usize = 4;

/// The lines: what fires first.
#[must_use]
pub fn lines(incident: &Incident) -> Vec<Message> {
    let mut names: Vec<(&str, Vec<&Told>)> = Vec::new();
    let firing = incident.alerts.iter().filter(|told| told.is_firing());
    let over = incident.alerts.iter().filter(|told| !told.is_firing());
    for told in firing.chain(over) {
        match names.iter_mut().find(|(name, _)| *name == told.name.raw()) {
            Some((_, all)) => all.push(told),
            None => names.push((told.name.raw(), vec![told])),
        }
    }
    let mut lines: Vec<Message> = names.iter().take(NAMES).map(|(_, all)| line(all)).collect();
    let others = names
        .iter()
        .skip(NAMES)
        .map(|(_, all)| all.len())
        .sum::<usize>();
    let more = others + usize::try_from(incident.alerts_beyond).unwrap_or_default();
    if more > 0 {
        lines.push(Message::new("alerts-more").with("count", more));
    }
    lines.extend(left_out(incident));
    lines
}

/// What senders left out of their messages: first what could be asked for, then what nobody knows.
fn left_out(incident: &Incident) -> Vec<Message> {
    let (asked, unknown): (Vec<&Cut>, Vec<&Cut>) =
        incident.cut.iter().partition(|cut| cut.found.is_some());
    let count = |cuts: &[&Cut]| cuts.iter().map(|cut| cut.count).sum::<u64>();
    let mut lines = Vec::new();
    if !asked.is_empty() {
        let found: u64 = asked.iter().filter_map(|cut| cut.found).sum();
        let said = Message::new("alerts-cut-asked").with("count", number(count(&asked)));
        lines.push(said.with("found", number(found)));
    }
    for sender in [Sender::Alertmanager, Sender::Grafana] {
        let of_it = unknown.iter().filter(|cut| cut.sender == sender);
        let of_it: Vec<&Cut> = of_it.copied().collect();
        if !of_it.is_empty() {
            let is_grafana = sender == Sender::Grafana;
            let sender = if is_grafana {
                "grafana"
            } else {
                "alertmanager"
            };
            let said = Message::new("alerts-cut-unknown").with("count", number(count(&of_it)));
            lines.push(said.with("sender", sender));
        }
    }
    lines
}

/// As the words count.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// One name; `all` has at least one.
fn line(all: &[&Told]) -> Message {
    let firing: Vec<&&Told> = all.iter().filter(|told| told.is_firing()).collect();
    let name = &all[0].name;
    if firing.is_empty() {
        let last = all.iter().filter_map(|told| told.ends.last()).max();
        return Message::new("alert-over")
            .with("count", all.len())
            .with("name", name)
            .with("since", last.copied().unwrap_or(all[0].since));
    }
    if let Some(held) = firing.iter().find_map(|told| told.held.as_ref())
        && firing.iter().all(|told| told.held.is_some())
    {
        return self::held(name, held);
    }
    let again = firing.iter().any(|told| told.fired > 1);
    let times: u32 = firing.iter().map(|told| told.fired).sum();
    let since = firing.iter().map(|told| told.since);
    let since = if again { since.max() } else { since.min() };
    let id = if again {
        "alert-firing-again"
    } else {
        "alert-firing"
    };
    Message::new(id)
        .with("count", firing.len())
        .with("name", name)
        .with("times", i64::from(times))
        .with("since", since.unwrap_or(all[0].since))
}

fn held(name: &crate::text::Untrusted, held: &Held) -> Message {
    match held {
        Held::Muted => Message::new("alert-muted").with("name", name),
        Held::Inhibited => Message::new("alert-inhibited").with("name", name),
        Held::Silenced { by, until } => {
            let said = Message::new("alert-silenced")
                .with("name", name)
                .with("by", by);
            match until {
                Some(until) => said.with("until", *until),
                None => said.with("until", "none"),
            }
        }
    }
}
