//! `${…}` in a case: names that the short forms make up, and times counted from the question.
//!
//! `${payment.0}` is the first pod of the app `payment`, `${payment.rs}` its ReplicaSet, `${payment.old}` the
//! ReplicaSet before, `${staging/payment.0}` where two namespaces have the name; `${-5m}` is five minutes
//! before the question as Kubernetes writes times, `${+1h}` an hour after it.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use super::short::AppSpec;
use crate::sandbox::world::suffix;

/// What the names stand for.
pub(super) type Names = BTreeMap<String, String>;

/// `6d`, `1h30m`, as a span.
///
/// # Errors
/// Why it is none.
pub(super) fn span(text: &str) -> Result<TimeDelta, String> {
    let parsed = crate::config::parse_duration(text);
    let parsed = parsed.map_err(|why| format!("{text:?} {why}"))?;
    TimeDelta::from_std(parsed).map_err(|why| format!("{text:?}: {why}"))
}

/// The hash a revision's `ReplicaSet` is called by: the same in every run.
pub(super) fn hash(app: &AppSpec, old: bool) -> String {
    let seed = format!("{}/{}/{old}", app.namespace, app.name);
    suffix(&seed, 10)
}

/// The pods of an app, in order: of this revision, then of the one before.
pub(super) fn pod_names(app: &AppSpec, workers: &[String]) -> Vec<String> {
    let of_set =
        |set: &str, number: usize| format!("{set}-{}", suffix(&format!("{set}{number}"), 5));
    match app.kind.as_str() {
        "StatefulSet" => (0..app.replicas)
            .map(|n| format!("{}-{n}", app.name))
            .collect(),
        "DaemonSet" => workers
            .iter()
            .map(|node| format!("{}-{}", app.name, suffix(&format!("{}{node}", app.name), 5)))
            .collect(),
        _ => {
            let set = format!("{}-{}", app.name, hash(app, false));
            let old = format!("{}-{}", app.name, hash(app, true));
            let new = (0..app.replicas).map(|n| of_set(&set, n));
            new.chain((0..app.old).map(|n| of_set(&old, n))).collect()
        }
    }
}

/// What every app's names stand for.
pub(super) fn names(apps: &[AppSpec], workers: &[String]) -> Names {
    let mut names = Names::new();
    for app in apps {
        let full = format!("{}/{}", app.namespace, app.name);
        let mut add = |key: &str, value: String| {
            names.insert(format!("{full}.{key}"), value.clone());
            names.entry(format!("{}.{key}", app.name)).or_insert(value);
        };
        for (number, pod) in pod_names(app, workers).into_iter().enumerate() {
            add(&number.to_string(), pod);
        }
        add("rs", format!("{}-{}", app.name, hash(app, false)));
        add("old", format!("{}-{}", app.name, hash(app, true)));
        add("hash", hash(app, false));
    }
    names
}

/// Puts in what the names stand for, everywhere in a value.
///
/// # Errors
/// The first one that stands for nothing.
pub(super) fn expand(value: &mut Value, names: &Names, now: DateTime<Utc>) -> Result<(), String> {
    match value {
        Value::String(text) if text.contains("${") => *text = expanded(text, names, now)?,
        Value::Array(items) => {
            for item in items {
                expand(item, names, now)?;
            }
        }
        Value::Object(fields) => {
            let keys: Vec<String> = fields
                .keys()
                .filter(|key| key.contains("${"))
                .cloned()
                .collect();
            for key in keys {
                if let Some(inner) = fields.remove(&key) {
                    fields.insert(expanded(&key, names, now)?, inner);
                }
            }
            for item in fields.values_mut() {
                expand(item, names, now)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn expanded(text: &str, names: &Names, now: DateTime<Utc>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, tail) = after
            .split_once('}')
            .ok_or_else(|| format!("{text:?}: no closing brace"))?;
        out.push_str(before);
        out.push_str(&one(name, names, now)?);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn one(name: &str, names: &Names, now: DateTime<Utc>) -> Result<String, String> {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    if let Some(back) = name.strip_prefix('-') {
        return Ok(time(now - span(back)?));
    }
    if let Some(on) = name.strip_prefix('+') {
        return Ok(time(now + span(on)?));
    }
    let known = names.get(name).cloned();
    known.ok_or_else(|| format!("${{{name}}} stands for nothing here"))
}
