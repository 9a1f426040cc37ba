//! The alert of an incident in its own words, before anything else is said; and what "all is well" means while it
//! fires: nothing abnormal was found, and the alert still says that something is.

use super::{Medium, Words, parts, report};
use crate::finding::{Diagnosis, Note, Shares, Verdict};
use crate::incident::{Incident, Told};
use crate::text::{Arg, Message, Redactor, Untrusted, cap};

/// Runbooks and graphs shown at most: those of the first alerts.
const LINKS: usize = 2;
/// Characters of a label's value.
const MAX_LABEL: usize = 40;

/// The alert that speaks for an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Front {
    /// Its name.
    pub name: Untrusted,
    /// Name, severity and words, as one line.
    pub line: Message,
    /// Whether it, or another one of the incident, fires now.
    pub firing: bool,
    /// The team's own runbooks, as links.
    pub runbooks: Vec<Message>,
    /// The graphs of the rules that fire, as links.
    pub graphs: Vec<Message>,
}

impl Front {
    /// The worst alert that fires, else the worst that did; `None` where no alert has a name.
    #[must_use]
    pub fn of(incident: &Incident) -> Option<Self> {
        let rank = |told: &&Told| (told.is_firing(), told.severity, !told.said.words.is_blank());
        let named = incident.alerts.iter().filter(|told| !told.name.is_blank());
        // `max_by_key` gives the last of equals; the first that came is the one that people know.
        let told = named.rev().max_by_key(rank)?;
        let others = incident.firing().filter(|one| one.name != told.name);
        let more = others.count() + usize::try_from(incident.alerts_beyond).unwrap_or_default();
        Some(Self {
            name: told.name.clone(),
            line: line(told, if told.is_firing() { more } else { 0 }),
            firing: told.is_firing(),
            runbooks: links(incident, runbook),
            graphs: links(incident, graph),
        })
    }

    /// The same without secrets; before anything is escaped.
    pub(super) fn redacted(&self, redactor: &Redactor) -> Self {
        let clean = |links: &[Message]| {
            let links = links.iter().map(|link| report::clean(link, redactor));
            links.collect()
        };
        Self {
            name: Untrusted::new(redactor.redact(self.name.raw())),
            line: report::clean(&self.line, redactor),
            firing: self.firing,
            runbooks: clean(&self.runbooks),
            graphs: clean(&self.graphs),
        }
    }

    /// The line with its sign, for Slack.
    pub(super) fn say(&self, words: &Words) -> String {
        let sign = if self.firing { "🚨" } else { "✅" };
        format!("{sign} {}", words.say(&self.line, Medium::Slack))
    }
}

/// The team's own runbooks before the public ones.
pub(super) fn runbooks(front: Option<&Front>, diagnosis: Option<&Diagnosis>) -> Vec<Message> {
    let own = front
        .map(|front| front.runbooks.clone())
        .unwrap_or_default();
    let public = diagnosis.map(parts::runbooks).unwrap_or_default();
    own.into_iter().chain(public).collect()
}

/// The graphs of the rules that fire.
pub(super) fn graphs(front: Option<&Front>) -> &[Message] {
    front.map_or(&[], |front| &front.graphs)
}

fn line(told: &Told, more: usize) -> Message {
    let own = told.labels.get("severity").filter(|text| !text.is_blank());
    let severity = match own {
        Some(text) => Untrusted::new(cap(text.raw(), MAX_LABEL)),
        None => told.severity.code().into(),
    };
    let blank = told.said.words.is_blank();
    let id = if blank {
        "alert-front-bare"
    } else {
        "alert-front"
    };
    let message = Message::new(id)
        .with("name", &told.name)
        .with("severity", severity)
        .with("more", more);
    if blank {
        message
    } else {
        message.with("words", &told.said.words)
    }
}

/// The links of the alerts that fire, each once.
fn links(incident: &Incident, of: fn(&Told) -> Option<Arg>) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    for link in incident.firing().filter_map(of) {
        let link = Message::new("literal").with("text", link);
        if !all.contains(&link) && all.len() < LINKS {
            all.push(link);
        }
    }
    all
}

fn runbook(told: &Told) -> Option<Arg> {
    let label = Message::new("runbook-own").with("host", told.said.host()?);
    Some(Arg::Link {
        url: told.said.runbook.clone()?,
        label: Box::new(label),
    })
}

fn graph(told: &Told) -> Option<Arg> {
    let label = Message::new("graph-own").with("host", told.said.graph_host()?);
    Some(Arg::Link {
        url: told.said.graph.as_ref()?.raw().to_owned(),
        label: Box::new(label),
    })
}

/// While an alert fires nothing is "well": the conclusion says what was found in order, and whether what the alert
/// says was measured. Where numbers may not be shown it says neither.
pub(super) fn while_firing(diagnosis: &mut Diagnosis, front: Option<&Front>, shares: Shares) {
    let Some(front) = front.filter(|front| front.firing) else {
        return;
    };
    if !matches!(diagnosis.verdict, Verdict::Healthy | Verdict::Recovered) {
        return;
    }
    let found = &diagnosis.headline;
    let id = match found.id.as_ref() {
        "headline-healthy" => Some("firing-object"),
        "headline-several-healthy" => Some("firing-objects"),
        "headline-wide-healthy" => Some("firing-place"),
        _ => None,
    };
    let firing = match id {
        Some(id) => {
            let mut well = Message::new(id);
            well.args.clone_from(&found.args);
            well.with("alert", &front.name)
        }
        None => Message::new("firing-still")
            .with("alert", &front.name)
            .with("summary", found.clone()),
    };
    let untied = found.id == "headline-untied-well";
    diagnosis.headline = match (number(diagnosis), id.is_some()) {
        // It says what it has to already.
        (_, false) if untied => found.clone(),
        (_, false) => firing,
        _ if !shares.metrics => Message::new("headline-firing").with("firing", firing),
        (Some(said), _) => Message::new("headline-firing-measured")
            .with("firing", firing)
            .with("number", Message::from(said.says.clone())),
        (None, _) => Message::new("headline-firing-unmeasured").with("firing", firing),
    };
    diagnosis.verdict = Verdict::Unknown;
}

/// The number behind the alert, where it was read.
fn number(diagnosis: &Diagnosis) -> Option<&Note> {
    let mut notes = diagnosis.advice.iter().flat_map(|advice| &advice.notes);
    notes.find(|note| note.rule == Note::KEY)
}

#[cfg(test)]
mod tests;
