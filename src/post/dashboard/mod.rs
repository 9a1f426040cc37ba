//! A Grafana dashboard for one workload, as the JSON that Grafana imports: the classic model, schema version 39,
//! <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>. The data source,
//! the namespace and the workload are variables; the panels are those whose metrics the workload has.

mod panels;
mod select;
#[cfg(test)]
mod tests;

use chrono::DateTime;
use serde_json::{Value, json};

use super::{Medium, Words};
use crate::finding::{Dashboard, Kind};
use crate::text::{Language, Message};
use panels::{Panel, Target};
use select::Select;

/// The schema of the classic model that Grafana 11 writes, and later ones read.
const SCHEMA: u32 = 39;
/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;
/// Rows that a panel is high.
const HIGH: u32 = 8;

/// The dashboard, in a language.
#[must_use]
pub fn dashboard(facts: &Dashboard, language: Language) -> Value {
    let words = Words::new(language, DateTime::UNIX_EPOCH);
    json!({
        "id": null,
        "uid": null,
        "title": title(facts, language),
        "description": words.label(described(facts)),
        "tags": tags(facts),
        "timezone": "browser",
        "editable": true,
        "graphTooltip": 1,
        "schemaVersion": SCHEMA,
        "version": 0,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timepicker": {},
        "links": [],
        "annotations": {"list": annotations(facts, &words)},
        "templating": {"list": variables(facts, &words)},
        "panels": placed(&panels::all(facts), &words),
    })
}

/// What stands over it, in Grafana and over the file.
#[must_use]
pub fn title(facts: &Dashboard, language: Language) -> String {
    let id = if facts.verified {
        "dashboard-title"
    } else {
        "dashboard-title-unverified"
    };
    let title = Message::new(id).with("workload", &facts.workload.name);
    Words::new(language, DateTime::UNIX_EPOCH).say(&title, Medium::Text)
}

fn described(facts: &Dashboard) -> &'static str {
    if facts.verified {
        "dashboard-described"
    } else {
        "dashboard-described-unverified"
    }
}

fn tags(facts: &Dashboard) -> Vec<&'static str> {
    let unverified = (!facts.verified).then_some("unverified");
    ["vigie", "kubernetes"]
        .into_iter()
        .chain(unverified)
        .collect()
}

fn source() -> Value {
    json!({"type": "prometheus", "uid": "${datasource}"})
}

/// A choice of data source, and two names to write in: they work whatever metrics there are to ask for names.
fn variables(facts: &Dashboard, words: &Words) -> Vec<Value> {
    let namespace = facts.workload.namespace.as_deref().unwrap_or_default();
    vec![
        json!({"name": "datasource", "label": words.label("dashboard-variable-source"), "type": "datasource",
            "query": "prometheus", "current": {}, "hide": 0, "includeAll": false, "multi": false, "options": [],
            "refresh": 1, "regex": "", "skipUrlSync": false}),
        text_box(
            "namespace",
            &words.label("dashboard-variable-namespace"),
            namespace,
        ),
        text_box(
            "workload",
            &words.label("dashboard-variable-workload"),
            &facts.workload.name,
        ),
    ]
}

fn text_box(name: &str, label: &str, default: &str) -> Value {
    let chosen = json!({"selected": true, "text": default, "value": default});
    json!({"name": name, "label": label, "type": "textbox", "query": default, "current": chosen,
        "options": [chosen], "hide": 0, "skipUrlSync": false})
}

/// Rollouts as marks in every panel, where a metric tells of them.
fn annotations(facts: &Dashboard, words: &Words) -> Vec<Value> {
    let mut all = vec![
        json!({"builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": true,
        "hide": true, "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard"}),
    ];
    let Some((expression, dated)) = rollouts(facts) else {
        return all;
    };
    all.push(
        json!({"datasource": source(), "enable": true, "hide": false, "iconColor": "purple",
        "name": words.label("dashboard-rollouts"), "expr": expression, "step": "60s",
        "titleFormat": words.label("dashboard-rollout"), "textFormat": "", "tagKeys": "",
        "useValueForTime": dated}),
    );
    all
}

/// An expression with a sample for each rollout, and whether its value is the time of it (in milliseconds).
/// A Deployment's generation also changes when it is scaled; a new ReplicaSet comes only with a rollout.
fn rollouts(facts: &Dashboard) -> Option<(String, bool)> {
    let (metric, expression, dated) = match facts.workload.kind {
        Kind::Deployment => {
            let created = Select::revisions("kube_replicaset_created");
            (
                "kube_replicaset_created",
                format!("max by (replicaset) ({created}) * 1000"),
                true,
            )
        }
        Kind::StatefulSet => {
            let revision = Select::owned("kube_statefulset_status_update_revision", "statefulset");
            let new = format!("{revision} unless {revision} offset 2m");
            ("kube_statefulset_status_update_revision", new, false)
        }
        Kind::DaemonSet => {
            let generation = Select::owned("kube_daemonset_metadata_generation", "daemonset");
            let changed = format!("changes({generation}[2m]) > 0");
            ("kube_daemonset_metadata_generation", changed, false)
        }
        _ => return None,
    };
    facts.has(metric).then_some((expression, dated))
}

/// Panels side by side, in rows of the grid.
fn placed(panels: &[Panel], words: &Words) -> Vec<Value> {
    let (mut x, mut y) = (0, 0);
    let mut all = Vec::new();
    for (panel, id) in panels.iter().zip(1_u32..) {
        if x + panel.wide > COLUMNS {
            (x, y) = (0, y + HIGH);
        }
        let place = json!({"x": x, "y": y, "w": panel.wide, "h": HIGH});
        all.push(shown(panel, id, &place, words));
        x += panel.wide;
    }
    all
}

fn shown(panel: &Panel, id: u32, place: &Value, words: &Words) -> Value {
    let targets: Vec<Value> = panel
        .targets
        .iter()
        .zip('A'..='Z')
        .map(|(target, letter)| query(target, letter, words))
        .collect();
    json!({
        "id": id,
        "type": "timeseries",
        "title": words.label(panel.title),
        "description": "",
        "datasource": source(),
        "gridPos": place,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "color": {"mode": "palette-classic"},
            "custom": {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 8, "showPoints": "never",
                "spanNulls": false}}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"}},
    })
}

fn query(target: &Target, letter: char, words: &Words) -> Value {
    let legend = match target.legend.strip_prefix("dashboard-") {
        Some(_) => words.label(target.legend),
        None => target.legend.to_owned(),
    };
    json!({"refId": letter.to_string(), "datasource": source(), "editorMode": "code", "range": true,
        "instant": false, "expr": target.expression, "legendFormat": legend})
}
