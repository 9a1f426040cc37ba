//! The PromQL of the built-in playbooks, as Prometheus itself reads it: the loader's own check is
//! structural. Without `promtool` this says SKIPPED; `VIGIE_REQUIRE_CLUSTER=1` makes that a failure.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use vigie::finding::Kind;
use vigie::playbook::{Names, Row, built_in};

/// A rules file with one recording rule per query and per number of an alert, every placeholder filled with
/// what would break out of its string if it could.
fn rules() -> String {
    let odd = "a\"} or up{";
    let mut text = String::from("groups:\n  - name: playbooks\n    rules:\n");
    for playbook in built_in().unwrap() {
        let trusted = playbook.alerts.iter().flat_map(Row::trusted);
        let names = Names {
            namespace: Some(odd.to_owned()),
            workload: Some((Kind::Deployment, "pay.ment\\".to_owned())),
            node: Some(odd.to_owned()),
            labels: trusted
                .map(|label| (label.to_owned(), odd.to_owned()))
                .collect(),
        };
        let queries = playbook
            .queries
            .iter()
            .map(|query| (&query.name, &query.promql));
        let keys = playbook.alerts.iter();
        let keys = keys.filter_map(|row| Some((&row.name, &row.key.as_ref()?.promql)));
        for (name, template) in queries.chain(keys) {
            let expression = template.fill(&names).unwrap();
            let quoted = serde_json::to_string(&expression).unwrap();
            let record = format!("{}_{name}", playbook.name.replace('-', "_"));
            writeln!(text, "      - record: {record}\n        expr: {quoted}").unwrap();
        }
    }
    text
}

#[test]
fn promtool_reads_every_query() {
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
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let rules = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{rules}{text}");
    assert!(rules.contains("rules found"), "{rules}");
}
