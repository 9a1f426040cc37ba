//! What deploy/ ships agrees with the code, with itself, and with the `restricted` pod security standard.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use vigie::clients::slack::Observed;
use vigie::config::{Config, Sources};
use vigie::telemetry::{Metrics, Trigger};
use vigie::text::{Language, Redactor};

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(path)
}

fn documents(path: &str) -> Vec<Value> {
    let text = fs::read_to_string(deploy(path)).unwrap();
    serde_saphyr::from_multiple(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_config_map_is_a_valid_configuration() {
    let map = &documents("kubernetes/config.yaml")[0];
    let text = map["data"]["vigie.yaml"].as_str().unwrap();
    let config = Config::from_sources(&Sources {
        yaml: Some(("vigie.yaml".to_owned(), text.to_owned())),
        ..Sources::default()
    })
    .unwrap();
    config.require_lead().unwrap();
    assert!(config.environments[0].production);
}

#[test]
fn the_deployment_reads_what_is_mounted() {
    let deployment = &documents("kubernetes/deployment.yaml")[0];
    let secret = &documents("kubernetes/secret.example.yaml")[0];
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    let known: BTreeSet<String> = vigie::config::VARIABLES
        .iter()
        .flat_map(|v| [v.name.to_owned(), format!("{}_FILE", v.name)])
        .collect();
    for variable in container["env"].as_array().unwrap() {
        let name = variable["name"].as_str().unwrap();
        assert!(known.contains(name), "{name} is not a variable of vigie");
        let value = variable["value"]
            .as_str()
            .expect("secrets are mounted, not put into the environment");
        if let Some(key) = value.strip_prefix("/run/secrets/vigie/") {
            let example = secret["stringData"][key].as_str().unwrap();
            assert!(example.contains("FAKE"), "{key} looks like a real secret");
        }
    }
    let listed = documents("kubernetes/kustomization.yaml")[0]["resources"].clone();
    for file in listed.as_array().unwrap() {
        assert!(
            deploy("kubernetes").join(file.as_str().unwrap()).is_file(),
            "{file}"
        );
    }
}

#[test]
fn one_writer_and_a_restricted_pod() {
    let deployment = &documents("kubernetes/deployment.yaml")[0];
    assert_eq!(deployment["spec"]["replicas"], 1);
    assert_eq!(deployment["spec"]["strategy"]["type"], "Recreate");
    let pod = &deployment["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["runAsUser"], 65532);
    assert_eq!(
        pod["securityContext"]["seccompProfile"]["type"],
        "RuntimeDefault"
    );
    let container = &pod["containers"][0]["securityContext"];
    assert_eq!(container["allowPrivilegeEscalation"], false);
    assert_eq!(container["readOnlyRootFilesystem"], true);
    assert_eq!(
        container["capabilities"]["drop"],
        serde_json::json!(["ALL"])
    );
    let dockerfile = fs::read_to_string(deploy("Dockerfile")).unwrap();
    assert!(dockerfile.contains("\nUSER 65532:65532\n"));
    assert!(
        dockerfile.contains("--no-default-features"),
        "no sandbox in the image"
    );
}

/// Metrics that have something to show, so that every family is in the text.
fn exercised() -> String {
    let redactor = Redactor::new(["xoxb-FAKE-own"]);
    let metrics = Metrics::new(redactor.clone());
    let slack = metrics.slack_observer();
    slack(Observed::Call("chat.postMessage", "rate-limited"));
    slack(Observed::Socket(true));
    slack(Observed::Reconnect("closed"));
    slack(Observed::Frame("event", "saved", Duration::from_millis(1)));
    metrics.question(Language::En, "problem", "opened");
    metrics.denied("guest");
    metrics.escalation("sent");
    metrics.watchdog("eu-1", chrono::Utc::now());
    metrics.alerts_parsed("slack", "unparsed");
    metrics.put_aside();
    let diagnosis = serde_json::from_value(serde_json::json!({
        "question": "?", "language": "en", "target": {}, "verdict": "healthy", "headline": {"id": "x"},
        "root_causes": [], "findings": [], "ruled_out": [], "suggestions": [],
        "ledger": [{"step": "pods", "status": "ok", "detail": {"id": "x"}, "ms": 1, "requests": 1, "bytes": 1}],
        "started_at": "2026-11-23T09:00:00Z", "elapsed_ms": 1,
    }));
    metrics.investigated(Trigger::Question, &diagnosis.unwrap());
    let _ = redactor.redact("xoxb-FAKE-own");
    metrics.encode().unwrap()
}

#[test]
fn the_alert_rules_ask_for_metrics_that_exist() {
    let text = exercised();
    let families: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    let rules = &documents("prometheus-rules.yaml")[0];
    let mut asked = 0;
    for rule in rules["groups"][0]["rules"].as_array().unwrap() {
        let expression = rule["expr"].as_str().unwrap();
        assert!(
            rule["annotations"]["summary"].is_string()
                && rule["annotations"]["description"].is_string()
        );
        for name in expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if name.starts_with("vigie_") {
                let family = ["_total", "_bucket", "_count", "_sum"]
                    .iter()
                    .find_map(|suffix| name.strip_suffix(suffix))
                    .unwrap_or(name);
                assert!(
                    families.contains(family),
                    "{name} is not a metric of vigie: {families:?}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked >= 12, "{asked}");
}
