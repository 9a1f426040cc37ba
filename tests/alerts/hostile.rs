//! Payloads cut at every length, with every field missing, doubled and of the wrong type: never a panic,
//! always an outcome with a name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use vigie::alert::join::join;
use vigie::alert::text::read as hear;
use vigie::alert::webhook::{Refused, read};

use super::{CHANNEL, all, api, messages};

#[test]
fn a_webhook_cut_at_any_length_is_refused_as_cut() {
    for (name, text) in all("/webhook/") {
        let body = text.trim_end().as_bytes();
        for end in 0..body.len() {
            // `7.` is no number any more, wherever the rest is.
            let expected = if end > 0 && body[end - 1] == b'.' && body[end].is_ascii_digit() {
                [Refused::Cut, Refused::NotJson]
            } else {
                [Refused::Cut, Refused::Cut]
            };
            let refused = read(&body[..end]).unwrap_err();
            assert!(
                expected.contains(&refused),
                "{name} cut at {end}: {refused}"
            );
        }
        assert!(read(body).is_ok());
    }
}

/// One step into a document.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(String),
    Item(usize),
}

/// Every place of a document, outermost first.
fn places(value: &Value, at: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let steps: Vec<(Step, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(k, v)| (Step::Field(k.clone()), v))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, v)| (Step::Item(n), v))
            .collect(),
        _ => return,
    };
    for (step, value) in steps {
        at.push(step);
        found.push(at.clone());
        places(value, at, found);
        at.pop();
    }
}

fn path(place: &[Step]) -> String {
    place.iter().fold(String::new(), |mut path, step| {
        match step {
            Step::Field(name) => write!(path, ".{name}").unwrap(),
            Step::Item(n) => write!(path, "[{n}]").unwrap(),
        }
        path
    })
}

fn with(value: &Value, place: &[Step], change: &dyn Fn(&mut Value, &Step)) -> Value {
    let mut changed = value.clone();
    let (last, parents) = place.split_last().unwrap();
    let parent = parents.iter().fold(&mut changed, |at, step| match step {
        Step::Field(name) => &mut at[name.as_str()],
        Step::Item(n) => &mut at[*n],
    });
    change(parent, last);
    changed
}

fn without(value: &Value, place: &[Step]) -> Value {
    with(value, place, &|parent, last| match last {
        Step::Field(name) => drop(parent.as_object_mut().unwrap().remove(name)),
        Step::Item(n) => drop(parent.as_array_mut().unwrap().remove(*n)),
    })
}

fn replaced(value: &Value, place: &[Step], by: &Value) -> Value {
    with(value, place, &|parent, last| match last {
        Step::Field(name) => parent[name.as_str()] = by.clone(),
        Step::Item(n) => parent[*n] = by.clone(),
    })
}

/// The document as text with one field there twice, which no `Value` can hold.
fn doubled(value: &Value, place: &[Step]) -> Option<String> {
    let Step::Field(name) = place.last()? else {
        return None;
    };
    let marked = with(value, place, &|parent, _| {
        let twice = parent[name.as_str()].clone();
        parent["\u{1}twice"] = twice;
    });
    Some(marked.to_string().replace("\\u0001twice", name))
}

fn wrong_types() -> [Value; 7] {
    [
        json!(null),
        json!(true),
        json!(-7),
        json!(1e300),
        json!("x"),
        json!([]),
        json!({}),
    ]
}

/// What became of a body: a code, and what was odd or unread.
fn outcome(body: &[u8]) -> String {
    match read(body) {
        Err(refused) => {
            assert!(refused.to_string().len() > 10);
            format!("refused: {}", refused.code())
        }
        Ok(notice) => {
            let unread = notice
                .unread
                .iter()
                .map(|(why, n)| format!("{n} unread: {}", why.code()));
            let odd = notice
                .odd
                .iter()
                .map(|(odd, n)| format!("{odd}, {n} times"));
            let all: Vec<String> = unread.chain(odd).collect();
            if all.is_empty() {
                "read, nothing odd".to_owned()
            } else {
                all.join("; ")
            }
        }
    }
}

#[test]
fn a_webhook_with_any_field_missing_doubled_or_wrong_has_a_named_outcome() {
    let mut outcomes: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (name, text) in all("/webhook/") {
        let body: Value = serde_json::from_str(&text).unwrap();
        let (mut found, mut at) = (Vec::new(), Vec::new());
        places(&body, &mut at, &mut found);
        for place in found {
            let at = path(&place);
            let mut note = |how: &str, body: &[u8]| {
                let outcome = outcome(body);
                if name.ends_with("webhook/production-firing.json") && !at.contains("[1]") {
                    let places = outcomes.entry(outcome).or_default();
                    places.entry(at.clone()).or_default().push(how.to_owned());
                }
            };
            note("missing", without(&body, &place).to_string().as_bytes());
            for wrong in wrong_types() {
                note(
                    &format!("= {wrong}"),
                    replaced(&body, &place, &wrong).to_string().as_bytes(),
                );
            }
            if let Some(twice) = doubled(&body, &place) {
                note("doubled", twice.as_bytes());
            }
        }
    }
    let mut out = String::new();
    for (outcome, places) in outcomes {
        writeln!(out, "{outcome}").unwrap();
        for (place, how) in places {
            writeln!(out, "  {place}: {}", how.join(", ")).unwrap();
        }
    }
    insta::assert_snapshot!("outcomes", out);
}

#[test]
fn a_message_with_any_field_missing_or_wrong_is_read_or_passed_over() {
    let known = api();
    let mut read = 0;
    for (_, message) in messages() {
        let (mut found, mut at) = (Vec::new(), Vec::new());
        places(&message, &mut at, &mut found);
        for place in found {
            let mut changed = vec![without(&message, &place)];
            changed.extend(
                wrong_types()
                    .iter()
                    .map(|wrong| replaced(&message, &place, wrong)),
            );
            for changed in changed {
                if let Some(heard) = hear(CHANNEL, &changed) {
                    let group = join(&heard, &known);
                    assert!(!group.alerts.is_empty());
                    read += 1;
                }
            }
        }
    }
    assert!(read > 1_000);
}

/// Slack cuts texts, and so do senders.
#[test]
fn a_message_whose_texts_are_cut_anywhere_is_read_or_passed_over() {
    for (name, message) in messages() {
        let (mut found, mut at) = (Vec::new(), Vec::new());
        places(&message, &mut at, &mut found);
        let steps = |text: &str| if text.len() > 600 { 7 } else { 1 };
        for place in found {
            let pointer: String = place
                .iter()
                .map(|step| match step {
                    Step::Field(name) => format!("/{}", name.replace('/', "~1")),
                    Step::Item(n) => format!("/{n}"),
                })
                .collect();
            let Some(text) = message.pointer(&pointer).and_then(Value::as_str) else {
                continue;
            };
            for end in (0..text.len())
                .step_by(steps(text))
                .filter(|end| text.is_char_boundary(*end))
            {
                let cut = replaced(&message, &place, &json!(text[..end]));
                let whole = hear(CHANNEL, &cut);
                for alert in whole.iter().flat_map(|heard| &heard.alerts) {
                    assert!(alert.fingerprint.len() == 32, "{name}");
                }
            }
        }
    }
}
