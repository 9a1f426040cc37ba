//! One alert of a webhook's body.

use chrono::{DateTime, Datelike as _, Utc};
use serde_json::value::RawValue;

use super::outcome::{Fault, Unread};
use super::wire::{Field, Object, Oddities};
use super::{MAX_ANNOTATION, MAX_LABEL, MAX_LABELS};
use crate::alert::{Alert, Labels, State, fingerprint};
use crate::text::{Untrusted, cap};

/// Reads it. Without labels it is nothing; everything else can be done without.
///
/// `whole` is the group's state, which counts where the alert's own cannot be read. Where that is missing
/// too the alert fires: a look too many costs less than a look too few.
pub fn one(raw: &RawValue, whole: Option<State>, odd: &mut Oddities) -> Result<Alert, Unread> {
    let object = Object::of(raw).ok_or(Unread::NotAnObject)?;
    let all = labels(&object, odd).map_err(Unread::Labels)?;
    let fingerprint = fingerprint(&object, odd).unwrap_or_else(|| fingerprint::of_labels(&all));
    let labels = without_surplus(all, odd);
    let state = status(&object, odd).or(whole).unwrap_or(State::Firing);
    Ok(Alert {
        name: labels.get("alertname").cloned().unwrap_or_default(),
        state,
        annotations: annotations(&object, odd),
        starts_at: time("startsAt", &object, odd),
        ends_at: time("endsAt", &object, odd).filter(|_| state == State::Resolved),
        generator: generator(&object),
        fingerprint,
        labels,
    })
}

/// The address of the rule's graph; an alert without one is as good.
fn generator(object: &Object<'_>) -> Option<Untrusted> {
    match object.text("generatorURL") {
        Field::Is(url) if !url.is_empty() && url.len() <= MAX_ANNOTATION => {
            Some(Untrusted::from(url))
        }
        _ => None,
    }
}

fn fingerprint(object: &Object<'_>, odd: &mut Oddities) -> Option<String> {
    let told = odd.keep("fingerprint", object.text("fingerprint"))?;
    let known = fingerprint::told(&told);
    if known.is_none() {
        odd.note("fingerprint", Fault::Unknown);
    }
    known
}

/// All that are looked at: the fingerprint is made of more than are kept.
fn labels(object: &Object<'_>, odd: &mut Oddities) -> Result<Labels, Fault> {
    let labels = object.object("labels").or_fault()?;
    if labels.count == 0 {
        return Err(Fault::Missing);
    }
    if labels.count > MAX_LABELS {
        odd.note("labels", Fault::TooLong);
    }
    Ok(labels
        .strings()?
        .into_iter()
        .map(|(name, value)| (name, Untrusted::from(value)))
        .collect())
}

/// Without those that are too long and, but for the name, those beyond [`MAX_LABELS`].
fn without_surplus(mut labels: Labels, odd: &mut Oddities) -> Labels {
    let mut left = MAX_LABELS - 1;
    labels.retain(|name, value| {
        let fits = name.len() <= MAX_LABEL && value.raw().len() <= MAX_LABEL;
        if !fits {
            odd.note("labels", Fault::TooLong);
        }
        let own = name == "alertname";
        let kept = fits && (own || left > 0);
        left -= usize::from(kept && !own);
        kept
    });
    labels
}

/// `status`, of an alert and of the whole body.
pub fn status(object: &Object<'_>, odd: &mut Oddities) -> Option<State> {
    match odd.keep("status", object.text("status"))?.as_str() {
        "firing" => Some(State::Firing),
        "resolved" => Some(State::Resolved),
        _ => {
            odd.note("status", Fault::Unknown);
            None
        }
    }
}

fn annotations(object: &Object<'_>, odd: &mut Oddities) -> Labels {
    let Some(told) = odd.keep("annotations", object.object("annotations")) else {
        return Labels::new();
    };
    if told.count > MAX_LABELS {
        odd.note("annotations", Fault::TooLong);
        return Labels::new();
    }
    let strings = match told.strings() {
        Ok(strings) => strings,
        Err(fault) => {
            odd.note("annotations", fault);
            return Labels::new();
        }
    };
    strings
        .into_iter()
        .filter(|(name, _)| name.len() <= MAX_LABEL)
        .map(|(name, value)| (name, Untrusted::from(cap(&value, MAX_ANNOTATION))))
        .collect()
}

/// A point in time (RFC 3339). Alertmanager writes the year 1 for none; a clock that runs ahead is taken as
/// it is.
fn time(name: &'static str, object: &Object<'_>, odd: &mut Oddities) -> Option<DateTime<Utc>> {
    let told = match object.text(name) {
        // Custom bodies leave it out; nothing is lost.
        Field::Absent => return None,
        told => odd.keep(name, told)?,
    };
    let Ok(at) = DateTime::parse_from_rfc3339(&told) else {
        odd.note(name, Fault::Unknown);
        return None;
    };
    Some(at.to_utc()).filter(|at| at.year() > 1)
}
