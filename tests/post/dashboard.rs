//! The PromQL of a dashboard, as Prometheus itself reads it, with Grafana's variables filled in. Without `promtool`
//! this says SKIPPED; `VIGIE_REQUIRE_CLUSTER=1` makes that a failure.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::Value;
use vigie::finding::{Dashboard, Kind, METRICS, Requests, RequestsBy, Subject};
use vigie::post::dashboard::dashboard;
use vigie::text::Language;

fn facts(kind: Kind, by: RequestsBy) -> Dashboard {
    Dashboard {
        workload: Subject::new(kind, "production", "pay.ment"),
        pods: r"pay\.ment-[bcdf]{1,10}-[bcdf]{5}".to_owned(),
        services: vec!["pay\"ment".to_owned(), "api.v1".to_owned()],
        autoscaler: Some("pay\\ment".to_owned()),
        metrics: METRICS.iter().map(ToString::to_string).collect(),
        requests: Some(Requests {
            counter: "http_requests_total".to_owned(),
            buckets: Some("http_request_duration_seconds_bucket".to_owned()),
            status: vec!["status".to_owned(), "code".to_owned()],
            millis: false,
            by,
        }),
        verified: true,
    }
}

fn expressions(file: &Value) -> Vec<String> {
    let panels = file["panels"].as_array().unwrap().iter();
    let queries = panels.flat_map(|panel| panel["targets"].as_array().unwrap());
    let marks = file["annotations"]["list"].as_array().unwrap().iter();
    let all = queries.chain(marks).filter_map(|one| one["expr"].as_str());
    all.map(|text| {
        text.replace("$__rate_interval", "5m")
            .replace("$namespace", "production")
            .replace("$workload", "pay.ment")
    })
    .collect()
}

fn rules() -> String {
    let mut text = String::from("groups:\n  - name: dashboards\n    rules:\n");
    let ways = [
        RequestsBy::Pod,
        RequestsBy::Service,
        RequestsBy::Istio,
        RequestsBy::Ingress,
        RequestsBy::IngressHonoured,
    ];
    let mut number = 0;
    for kind in [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet] {
        for by in ways {
            for expression in expressions(&dashboard(&facts(kind, by), Language::En)) {
                assert!(!expression.contains('$'), "{expression}");
                let quoted = serde_json::to_string(&expression).unwrap();
                writeln!(text, "      - record: r{number}\n        expr: {quoted}").unwrap();
                number += 1;
            }
        }
    }
    assert!(number > 200, "{number}");
    text
}

#[test]
fn promtool_reads_every_query_of_a_dashboard() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.yaml");
    fs::write(&file, rules()).unwrap();
    let output = match Command::new("promtool")
        .args(["check", "rules"])
        .arg(&file)
        .output()
    {
        Ok(output) => output,
        Err(error) => {
            let required = std::env::var_os("VIGIE_REQUIRE_CLUSTER").is_some_and(|it| it == "1");
            assert!(!required, "promtool is required: {error}");
            eprintln!("SKIPPED: no promtool ({error})");
            return;
        }
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}
