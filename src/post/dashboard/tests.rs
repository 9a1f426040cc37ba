//! The file: what Grafana needs is there, nothing from outside breaks out, and what does not exist has no panel.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::dashboard;
use crate::finding::{Dashboard, Kind, METRICS, Requests, RequestsBy, Subject, USUAL};
use crate::text::Language;

fn facts() -> Dashboard {
    Dashboard {
        workload: Subject::new(Kind::Deployment, "production", "payment-service"),
        pods: "payment-service-[bcdf]{1,10}-[bcdf]{5}".to_owned(),
        services: vec!["payment".to_owned()],
        autoscaler: Some("payment-service".to_owned()),
        metrics: METRICS.iter().map(ToString::to_string).collect(),
        requests: Some(Requests {
            counter: "http_requests_total".to_owned(),
            buckets: Some("http_request_duration_seconds_bucket".to_owned()),
            status: vec!["code".to_owned()],
            millis: false,
            by: RequestsBy::Pod,
        }),
        verified: true,
    }
}

fn titles(facts: &Dashboard) -> Vec<String> {
    let file = dashboard(facts, Language::En);
    let panels = file["panels"].as_array().unwrap();
    panels
        .iter()
        .map(|panel| panel["title"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn it_has_what_grafana_imports() {
    let file = dashboard(&facts(), Language::En);
    assert_eq!(file["schemaVersion"], 39);
    assert!(file["id"].is_null() && file["uid"].is_null());
    let variables: Vec<&str> = file["templating"]["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(variables, ["datasource", "namespace", "workload"]);
    assert_eq!(
        file["templating"]["list"][1]["current"]["value"],
        "production"
    );
    let panels = file["panels"].as_array().unwrap();
    let ids: BTreeSet<u64> = panels
        .iter()
        .map(|panel| panel["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids.len(), panels.len());
    for panel in panels {
        let place = &panel["gridPos"];
        assert!(place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap() <= 24);
        assert_eq!(panel["datasource"]["uid"], "${datasource}");
        assert!(!panel["targets"].as_array().unwrap().is_empty());
    }
    let rollouts = &file["annotations"]["list"][1];
    assert_eq!(rollouts["useValueForTime"], true);
    assert!(
        rollouts["expr"]
            .as_str()
            .unwrap()
            .contains("kube_replicaset_created")
    );
}

#[test]
fn no_two_panels_share_a_place() {
    for kind in [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet] {
        let one = Dashboard {
            workload: Subject::new(kind, "production", "payment-service"),
            ..facts()
        };
        let file = dashboard(&one, Language::En);
        let mut cells = BTreeSet::new();
        for panel in file["panels"].as_array().unwrap() {
            let of = |name: &str| panel["gridPos"][name].as_u64().unwrap();
            assert!(of("w") > 0 && of("h") > 0, "{panel}");
            for column in of("x")..of("x") + of("w") {
                for row in of("y")..of("y") + of("h") {
                    assert!(cells.insert((column, row)), "{panel}");
                }
            }
        }
    }
}

/// What Grafana's model asks of the classic schema, beyond what the tests above read.
#[test]
fn every_reference_inside_the_file_leads_somewhere() {
    let name = regex::Regex::new(r"\$\{?(\w+)").unwrap();
    for language in [Language::En, Language::Fr] {
        let file = dashboard(&facts(), language);
        let list = |at: &str| file[at]["list"].as_array().unwrap().clone();
        let variables = list("templating");
        assert_eq!(variables[0]["type"], "datasource");
        assert_eq!(variables[0]["query"], "prometheus");
        let mut known: BTreeSet<String> = variables.iter().map(|one| text(&one["name"])).collect();
        known.insert("__rate_interval".to_owned());
        let panels = file["panels"].as_array().unwrap().iter();
        let mut asks: Vec<Value> = list("annotations").split_off(1);
        for panel in panels {
            assert_eq!(panel["type"], "timeseries");
            assert!(!text(&panel["title"]).is_empty());
            let targets = panel["targets"].as_array().unwrap();
            let letters: BTreeSet<String> = targets.iter().map(|one| text(&one["refId"])).collect();
            assert_eq!(letters.len(), targets.len(), "{panel}");
            asks.extend(targets.iter().cloned());
        }
        for ask in asks {
            assert_eq!(
                ask["datasource"],
                json!({"type": "prometheus", "uid": "${datasource}"})
            );
            for used in name.captures_iter(&text(&ask["expr"])) {
                assert!(known.contains(&used[1]), "{} in {ask}", &used[1]);
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn what_does_not_exist_has_no_panel() {
    let bare = Dashboard {
        metrics: vec!["container_memory_working_set_bytes".to_owned()],
        requests: None,
        ..facts()
    };
    assert_eq!(titles(&bare), ["Memory, request and limit of a pod"]);
    let text = dashboard(&bare, Language::En).to_string();
    // Neither a limit nor a rollout is drawn from a metric that nobody has.
    assert!(
        !text.contains("kube_") && !text.contains("\"limit\""),
        "{text}"
    );
}

#[test]
fn every_metric_of_the_list_is_used_by_some_panel_or_mark() {
    let mut used = String::new();
    for kind in [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet] {
        for left_out in 0..METRICS.len() {
            // Of several ways to tell one thing the first is taken: the others come when it is missing.
            let mut one = facts();
            one.workload.kind = kind;
            one.metrics.drain(..left_out);
            used += &dashboard(&one, Language::En).to_string();
        }
    }
    let unused: Vec<&&str> = METRICS
        .iter()
        .filter(|name| !used.contains(**name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
    assert!(
        METRICS[..USUAL]
            .iter()
            .all(|name| { name.starts_with("container_") || name.starts_with("kube_") })
    );
}

#[test]
fn an_unverified_one_says_so_in_its_title_and_tags() {
    let guessed = Dashboard {
        verified: false,
        ..facts()
    };
    for (language, word) in [(Language::En, "not checked"), (Language::Fr, "non vérifié")] {
        let file = dashboard(&guessed, language);
        assert!(
            file["title"].as_str().unwrap().contains(word),
            "{}",
            file["title"]
        );
        assert!(
            file["tags"]
                .as_array()
                .unwrap()
                .iter()
                .any(|tag| tag == "unverified")
        );
    }
    let sure = dashboard(&facts(), Language::En);
    assert!(!sure.to_string().contains("unverified"));
}

#[test]
fn names_from_the_cluster_stay_inside_their_quotes() {
    let hostile = Dashboard {
        services: vec!["a\"} or up{x=\"$namespace".to_owned()],
        autoscaler: Some("h\"} or vector(1) or x{y=\"".to_owned()),
        requests: Some(Requests {
            by: RequestsBy::Service,
            ..facts().requests.unwrap()
        }),
        ..facts()
    };
    let file = dashboard(&hostile, Language::En);
    let text = file["panels"][0]["targets"][0]["expr"].as_str().unwrap();
    assert!(text.contains("a\\\""), "{text}");
    assert_eq!(text.matches("$namespace").count(), 1, "{text}");
    // Without the escaped quotes, what is left opens and closes in pairs.
    for panel in file["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let bare = target["expr"]
                .as_str()
                .unwrap()
                .replace("\\\\", "")
                .replace("\\\"", "");
            assert_eq!(bare.matches('"').count() % 2, 0, "{bare}");
            let outside: String = bare.split('"').step_by(2).collect();
            assert!(
                !outside.contains("up{") && !outside.contains("vector"),
                "{outside}"
            );
        }
    }
}

#[test]
fn a_long_name_keeps_the_cut_pattern_of_its_pods() {
    let name = "a".repeat(60);
    let long = Dashboard {
        workload: Subject::new(Kind::Deployment, "production", name.clone()),
        pods: format!("{}.*", "a".repeat(58)),
        ..facts()
    };
    let text = dashboard(&long, Language::En).to_string();
    assert!(text.contains(&long.pods), "{text}");
}
