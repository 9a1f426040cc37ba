//! The parts of an answer as messages, in the order a person reads them. Terminal, Markdown and
//! Slack differ in shape only, so what is said is decided here, once.

use crate::finding::{
    Advice, Certainty, Change, Diagnosis, Evidence, Finding, Fix, LedgerLine, LedgerStatus, Note,
    Origin, RootCause, RunbookLink, Shares,
};
use crate::text::{Arg, Message};

/// A change this many seconds before the trouble was just before it.
const AT_ONCE: i64 = 30;

/// How sure the first cause is.
pub(super) fn confidence(root: &RootCause) -> Message {
    let id = match root.certainty() {
        Certainty::High => "confidence-high",
        Certainty::Medium => "confidence-medium",
        Certainty::Low => "confidence-low",
    };
    Message::new(id).with("percent", Arg::Percent(root.confidence))
}

/// Since when, and how many suffer.
pub(super) fn since(finding: &Finding, now: chrono::DateTime<chrono::Utc>) -> Option<Message> {
    let since = finding.since?;
    Some(
        Message::new("since-affected")
            .with("time", since)
            .with("span", Arg::Span((now - since).num_seconds().max(0)))
            .with("affected", finding.affected),
    )
}

/// One fact with where and when it was read.
pub(super) fn evidence(evidence: &Evidence) -> Message {
    let id = match evidence.observed_at {
        Some(_) => "evidence-source-time",
        None => "evidence-source",
    };
    let message = Message::new(id)
        .with("fact", evidence.fact.clone())
        .with("source", &evidence.source);
    match evidence.observed_at {
        Some(at) => message.with("time", at),
        None => message,
    }
}

/// One change to make: object, field, old value → new value, why.
pub(super) fn fix(fix: &Fix) -> Message {
    let value = |value| Message::new("value").with("value", value);
    let (id, from, to) = match (fix.field.is_empty(), &fix.from, &fix.to) {
        (true, ..) => ("fix-act", None, None),
        (_, Some(from), Some(to)) => ("fix-change", Some(from), Some(to)),
        (_, None, Some(to)) => ("fix-set", None, Some(to)),
        (_, Some(from), None) => ("fix-unset", Some(from), None),
        (_, None, None) => ("fix-field", None, None),
    };
    let mut message = Message::new(id)
        .with("object", fix.object.label())
        .with("why", fix.why.clone());
    if !fix.field.is_empty() {
        message = message.with("field", &fix.field);
    }
    if let Some(from) = from {
        message = message.with("from", value(from));
    }
    if let Some(to) = to {
        message = message.with("to", value(to));
    }
    message
}

/// What changed, when, and how long before the trouble where that is known.
pub(super) fn changed(change: &Change, finding: &Finding) -> Message {
    let message = |id| {
        Message::new(id)
            .with("what", change.what.clone())
            .with("time", change.when)
    };
    match finding.since {
        Some(since) if since >= change.when && (since - change.when).num_seconds() < AT_ONCE => {
            message("changed-just-before")
        }
        Some(since) if since >= change.when => {
            message("changed-before").with("span", Arg::Span((since - change.when).num_seconds()))
        }
        _ => message("changed-at"),
    }
}

/// A further root cause in one line.
pub(super) fn also(root: &RootCause) -> Message {
    Message::new("also-line")
        .with("summary", root.finding.summary.clone())
        .with("percent", Arg::Percent(root.confidence))
}

/// The other root causes by the names of their objects; none where there is only one.
pub(super) fn others(diagnosis: &Diagnosis) -> Option<Message> {
    let (first, rest) = diagnosis.root_causes.split_first()?;
    let mut names = Vec::new();
    for root in rest {
        let name = &root.finding.subject.name;
        if *name != first.finding.subject.name && !names.contains(name) {
            names.push(name.clone());
        }
    }
    let said = |name: &String| self::name(&crate::text::Untrusted::new(name.clone()));
    let names: Vec<Message> = names.iter().map(said).collect();
    let message = Message::new("other-problems").with("count", rest.len());
    match (rest.is_empty(), names.is_empty()) {
        (true, _) => None,
        (false, true) => Some(Message::new("other-problems-bare").with("count", rest.len())),
        (false, false) => Some(message.with("names", names)),
    }
}

/// What the playbooks note, each with the playbook it comes from.
pub(super) fn notes(diagnosis: &Diagnosis) -> Vec<Message> {
    noted(diagnosis, |note| note.rule != Note::HARMLESS)
}

/// What may make the alert fire although nothing is wrong. Nobody checked it, so it is told apart.
pub(super) fn harmless(diagnosis: &Diagnosis) -> Vec<Message> {
    noted(diagnosis, |note| note.rule == Note::HARMLESS)
}

fn noted(diagnosis: &Diagnosis, wanted: impl Fn(&&Note) -> bool) -> Vec<Message> {
    let of = |advice: &Advice| {
        let note = |note: &Note| {
            Message::new("advice-note")
                .with("note", Message::from(note.says.clone()))
                .with("playbook", &advice.playbook)
        };
        advice
            .notes
            .iter()
            .filter(&wanted)
            .map(note)
            .collect::<Vec<_>>()
    };
    diagnosis.advice.iter().flat_map(of).collect()
}

/// Where to look next, and what several playbooks say only once.
pub(super) fn look_next(diagnosis: &Diagnosis) -> Vec<Message> {
    let all = diagnosis.advice.iter().flat_map(|advice| &advice.next);
    once(all.map(|next| next.clone().into()))
}

/// Runbooks, each once.
pub(super) fn runbooks(diagnosis: &Diagnosis) -> Vec<Message> {
    let all = diagnosis.advice.iter().flat_map(|advice| &advice.links);
    once(all.map(RunbookLink::message))
}

fn once(all: impl Iterator<Item = Message>) -> Vec<Message> {
    let mut kept = Vec::new();
    for message in all {
        if !kept.contains(&message) {
            kept.push(message);
        }
    }
    kept
}

/// What could not be looked at, and why; what nobody set up comes last.
pub(super) fn not_looked(diagnosis: &Diagnosis) -> Vec<Message> {
    let unmeasured = unmeasured(diagnosis).into_iter();
    unmeasured.chain(blind_spots(&diagnosis.ledger)).collect()
}

/// Steps that failed alike are one line: a cluster that is out of reach has one reason, not twenty.
fn blind_spots(ledger: &[LedgerLine]) -> Vec<Message> {
    let mut alike: Vec<Vec<&LedgerLine>> = Vec::new();
    for line in ledger {
        let same = |group: &&mut Vec<&LedgerLine>| {
            let first = group.first();
            first.is_some_and(|one| (one.status, &one.detail) == (line.status, &line.detail))
        };
        match alike.iter_mut().find(same) {
            Some(group) => group.push(line),
            None => alike.push(vec![line]),
        }
    }
    let unset = |group: &Vec<&LedgerLine>| group[0].status == LedgerStatus::NotConfigured;
    alike.sort_by_key(unset);
    alike.iter().filter_map(|group| blind_spot(group)).collect()
}

/// What was asked and not measured, as the conclusion names it.
fn unmeasured(diagnosis: &Diagnosis) -> Vec<Message> {
    let what = diagnosis.headline.args.get("what");
    let (true, Some(Arg::List(all))) = (is_unmeasured(diagnosis), what) else {
        return Vec::new();
    };
    let id = |arg: &Arg| match arg {
        Arg::Message(one) if one.id == "measure-latency" => Some("not-measured-latency"),
        Arg::Message(one) if one.id == "measure-errors" => Some("not-measured-errors"),
        _ => None,
    };
    all.iter().filter_map(id).map(Message::new).collect()
}

/// Whether the objects are well, and what was asked was not measured.
pub(super) fn is_unmeasured(diagnosis: &Diagnosis) -> bool {
    diagnosis.headline.id == "headline-unmeasured"
}

fn blind_spot(alike: &[&LedgerLine]) -> Option<Message> {
    let first = alike.first()?;
    let id = match first.status {
        LedgerStatus::NotPermitted => "not-permitted",
        LedgerStatus::TimedOut => "timed-out",
        LedgerStatus::NotConfigured => "not-configured",
        LedgerStatus::Ok | LedgerStatus::Problem | LedgerStatus::Skipped => return None,
    };
    let steps: Vec<&str> = alike.iter().map(|line| line.step.as_str()).collect();
    let message = Message::new(id).with("step", steps);
    Some(match first.status {
        LedgerStatus::NotConfigured => message,
        _ => message.with("detail", first.detail.clone()),
    })
}

/// How long it took and how many requests it cost.
pub(super) fn cost(diagnosis: &Diagnosis) -> Message {
    let requests: u32 = diagnosis.ledger.iter().map(|line| line.requests).sum();
    Message::new("footer-elapsed")
        .with("elapsed", elapsed(diagnosis.elapsed_ms))
        .with("requests", requests)
}

/// Seconds with one decimal below ten seconds, else a span.
fn elapsed(ms: u64) -> Arg {
    #[expect(clippy::cast_precision_loss, reason = "below ten thousand")]
    if ms < 10_000 {
        let seconds = (ms as f64 / 100.0).round() / 10.0;
        return Message::new("seconds").with("seconds", seconds).into();
    }
    Arg::Span(i64::try_from(ms / 1000).unwrap_or(i64::MAX))
}

/// A name from the cluster, as code.
pub(super) fn name(name: &crate::text::Untrusted) -> Message {
    Message::new("value").with("value", name)
}

/// What stands under every answer: cost, cluster, and that nothing was touched.
pub(super) fn footer(diagnosis: &Diagnosis) -> Vec<Message> {
    let mut footer = vec![cost(diagnosis)];
    if let Some(cluster) = &diagnosis.target.cluster {
        footer.push(Message::new("footer-cluster").with("cluster", cluster));
    }
    footer.push(Message::new("footer-read-only"));
    footer
}

/// Argument that holds a line of a log, by convention of the judges.
const LOG_LINE: &str = "line";

/// Replaces what may not be shown, and says that it was there: every quoted log line, and the facts
/// that are events or numbers.
pub(super) fn withhold_from(diagnosis: &mut Diagnosis, shares: Shares) {
    let findings = diagnosis.findings.iter_mut();
    let roots = diagnosis.root_causes.iter_mut();
    for finding in findings.chain(roots.map(|root| &mut root.finding)) {
        for evidence in &mut finding.evidence {
            withhold_fact(evidence, shares);
        }
        if !shares.logs {
            withhold_in(finding);
        }
    }
    if !shares.metrics {
        // A note is there because of a number, and says it.
        diagnosis
            .advice
            .iter_mut()
            .for_each(|one| one.notes.clear());
    }
    if !shares.logs {
        withhold(&mut diagnosis.headline);
        diagnosis.ruled_out.iter_mut().for_each(withhold);
    }
}

fn withhold_fact(evidence: &mut Evidence, shares: Shares) {
    let (shown, id) = match evidence.origin() {
        Origin::State => return,
        Origin::Event => (shares.events, "event-withheld"),
        Origin::Metric => (shares.metrics, "metric-withheld"),
    };
    if !shown {
        evidence.fact = Message::new(id);
    }
}

fn withhold_in(finding: &mut Finding) {
    withhold(&mut finding.summary);
    for evidence in &mut finding.evidence {
        withhold(&mut evidence.fact);
    }
    for fix in &mut finding.fix {
        withhold(&mut fix.why);
    }
    if let Some(change) = &mut finding.changed {
        withhold(&mut change.what);
    }
}

fn withhold(message: &mut Message) {
    for (name, arg) in &mut message.args {
        if name == LOG_LINE {
            *arg = Message::new("log-withheld").into();
        } else {
            withhold_arg(arg);
        }
    }
}

fn withhold_arg(arg: &mut Arg) {
    match arg {
        Arg::Message(message) => withhold(message),
        Arg::List(items) => items.iter_mut().for_each(withhold_arg),
        _ => {}
    }
}
