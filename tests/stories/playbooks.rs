//! A team writes a playbook, points vigie at the folder, and sees it in the thread and in `vigie ask`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use vigie::cli::demo;
use vigie::config::playbooks_with;
use vigie::sandbox::World;

const OWN: &str = r#"
name: slow-answers
title: {en: "Slow answers", fr: "Réponses lentes"}
when: {symptoms: [slow]}
queries:
  - name: p99
    unit: seconds
    promql: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="{{ namespace }}",service=~"{{ workload }}.*"}[5m])))
  - name: nothing
    unit: count
    promql: max(no_such_metric{pod=~"{{ pods }}"})
rules:
  - name: over-a-second
    when: metrics.p99 > 1.0
    say:
      en: "p99 of `{ $workload }` is { $p99 }: warn <!channel> the *shop* team."
      fr: "Le p99 de `{ $workload }` est de { $p99 } : prévenez <!channel> l'équipe *boutique*."
  - name: never
    when: metrics.nothing >= 0.0
    say: {en: "{ $nothing }", fr: "{ $nothing }"}
links:
  - title: {en: "Runbook of slow answers", fr: "Runbook des réponses lentes"}
    url: https://wiki.example.com/slow?team=shop&x=1
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slow-answers.yaml"), OWN).unwrap();
    folder
}

async fn played(question: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = folder();
    let playbooks = playbooks_with(Some(folder.path())).unwrap();
    let script = format!("#incidents @alice: @devops {question}\n");
    let text = demo::play_text(&script, playbooks).await.unwrap();
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teams_playbook_is_seen_in_the_thread() {
    let text = played("Service payment est lent en production").await;
    for words in [
        "À savoir",
        "Le p99 de `payment-service` est de 2,4 s : prévenez <!channel> l'équipe boutique. — playbook slow-answers",
        "Runbook des réponses lentes",
    ] {
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }
    let (cause, note) = (text.find("OOMKilled"), text.find("À savoir"));
    assert!(cause < note, "the note stands above the proof:\n{text}");
    assert!(
        !text.contains("— playbook slow\n"),
        "the built-in one has nothing to say:\n{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_healthy_service_it_stays_quiet() {
    let text = played("Service catalog-service est lent en production").await;
    assert!(text.contains("catalog-service"), "{text}");
    for words in ["À savoir", "Runbook", "Où regarder"] {
        assert!(!text.contains(words), "{words:?} in\n{text}");
    }
}

/// Runs the real binary on the world, with the folder in its environment.
async fn vigie(world: &World, playbooks: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .args(args)
        .env_clear()
        .current_dir(world.folder())
        .env("KUBECONFIG", world.kubeconfig())
        .env("VIGIE_PROMETHEUS_URL", world.prometheus.url())
        .env("VIGIE_PLAYBOOKS", playbooks);
    let run = move || command.output();
    tokio::task::spawn_blocking(run).await.unwrap().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn ask_prints_it_in_its_report() {
    let (world, own) = (World::start().await.unwrap(), folder());
    let question = "why is payment slow in production?";
    let output = vigie(&world, own.path(), &["ask", question, "--output", "json"]).await;
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
    let schema = include_str!("../../deploy/report.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    assert!(schema.is_valid(&report), "{report:#}");
    assert_eq!(report["verdict"], "cause-found");
    let advice = json!([{
        "playbook": "slow-answers",
        "title": "Slow answers",
        "notes": [{
            "rule": "over-a-second",
            "says": "p99 of payment-service is 2.4\u{202f}s: warn <!channel> the shop team.",
        }],
        "next": [],
        "links": [{
            "title": "Runbook of slow answers",
            "url": "https://wiki.example.com/slow?team=shop&x=1",
        }],
    }]);
    assert_eq!(report["advice"], advice);
    let ledger = report["ledger"].as_array().unwrap();
    let line = ledger.iter().find(|line| line["step"] == "playbooks");
    let line = line.unwrap_or_else(|| panic!("no ledger line in {report:#}"));
    assert_eq!(line["status"], "ok", "{report:#}");
    let asked = world.prometheus.asked();
    let pods = asked
        .iter()
        .filter(|one| one.query.starts_with("max(no_such_metric"));
    let pods: Vec<&str> = pods.map(|one| one.query.as_str()).collect();
    assert_eq!(
        pods,
        [
            "max(no_such_metric{pod=~\"payment\\\\-service-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\"})"
        ]
    );
    let markdown = vigie(
        &world,
        own.path(),
        &["ask", question, "--output", "markdown"],
    )
    .await;
    let markdown = said(&markdown);
    let runbook = "[Runbook of slow answers](https://wiki.example.com/slow?team=shop&x=1)";
    assert!(markdown.contains(runbook), "{markdown}");
    assert!(markdown.contains("&lt;!channel&gt;"), "{markdown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prometheus_that_refuses_is_a_line_and_not_a_zero() {
    use vigie::sandbox::prometheus::PromFault;
    let (world, own) = (World::start().await.unwrap(), folder());
    world
        .prometheus
        .fault("/api/v1/query", PromFault::TimedOut, None);
    let question = "why is payment slow in production?";
    let output = vigie(&world, own.path(), &["ask", question, "--output", "json"]).await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let ledger = report["ledger"].as_array().unwrap();
    let line = ledger
        .iter()
        .find(|line| line["step"] == "playbooks")
        .unwrap();
    assert_eq!(line["status"], "timed-out", "{line:#}");
    assert_eq!(report["verdict"], "cause-found");
    assert_eq!(report["advice"][0]["notes"], Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_stops_the_start_with_its_place() {
    let (world, own) = (World::start().await.unwrap(), folder());
    let broken = OWN.replace("metrics.p99 > 1.0", "metrics.p98 > 1.0");
    let broken = broken.replace("slow-answers\n", "broken\n");
    fs::write(own.path().join("broken.yaml"), broken).unwrap();
    let output = vigie(&world, own.path(), &["ask", "pourquoi payment est lent ?"]).await;
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    let place = format!(
        "{}/broken.yaml:14:11: `metrics.p98` is not known",
        own.path().display()
    );
    assert!(text.contains(&place), "{text}");
    assert!(
        text.contains("fix: add a query of that name, or use: p99, nothing"),
        "{text}"
    );
    let lint = vigie(
        &world,
        own.path(),
        &["playbook", "lint", own.path().to_str().unwrap()],
    )
    .await;
    assert_eq!(lint.status.code(), Some(1), "{}", said(&lint));
    assert!(said(&lint).contains(&place), "{}", said(&lint));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_work_on_a_folder() {
    let (world, own) = (World::with(&[]).await.unwrap(), folder());
    let dir = own.path().to_str().unwrap();
    let run = async |args: &[&str], status: i32| {
        let output = vigie(&world, own.path(), args).await;
        let text = said(&output);
        assert_eq!(output.status.code(), Some(status), "{args:?}: {text}");
        text.replace(dir, "DIR")
    };
    let list = run(&["playbook", "list"], 0).await;
    assert!(
        list.contains("\nslow-answers ") && list.contains(" Slow answers\n"),
        "{list}"
    );
    assert!(
        list.contains("DIR/slow-answers.yaml") && list.contains("built in"),
        "{list}"
    );
    assert_eq!(run(&["playbook", "show", "slow-answers"], 0).await, OWN);
    let unknown = run(&["playbook", "show", "slow-answer"], 1).await;
    assert!(unknown.contains("did you mean slow-answers?"), "{unknown}");
    assert_eq!(
        run(&["playbook", "lint"], 0).await,
        "35 playbooks, no mistake\n"
    );
    let untested = run(&["playbook", "test", dir], 1).await;
    assert!(
        untested.contains("no fixture fires the rule over-a-second"),
        "{untested}"
    );
    let fixtures = own.path().join("tests/slow-answers");
    fs::create_dir_all(&fixtures).unwrap();
    let case = "case: {namespace: shop, workload: cart, verdict: unknown}\n";
    let fires = format!("{case}metrics: {{p99: 2.4, nothing: 1}}\nnotes: [over-a-second, never]\n");
    let quiet = format!("{case}metrics: {{p99: 0.1}}\nquiet: [over-a-second, never]\n");
    fs::write(fixtures.join("fires.yaml"), fires).unwrap();
    fs::write(fixtures.join("quiet.yaml"), quiet).unwrap();
    let passed = run(&["playbook", "test", dir], 0).await;
    assert_eq!(passed, "slow-answers: 2 fixtures, passed\n");
    let built_in = run(&["playbook", "test"], 0).await;
    assert!(built_in.contains("slow: 3 fixtures, passed"), "{built_in}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_finds_nothing_is_told_where_to_look_next() {
    let (world, own) = (World::with(&[]).await.unwrap(), folder());
    let nobody = "apiVersion: v1\nkind: Config\nclusters: [{name: x, cluster: {server: 'http://127.0.0.1:1'}}]\n\
        contexts: [{name: x, context: {cluster: x, user: u}}]\nusers: [{name: u, user: {}}]\ncurrent-context: x\n";
    fs::write(world.kubeconfig(), nobody).unwrap();
    let output = vigie(&world, own.path(), &["ask", "pourquoi payment est lent ?"]).await;
    let text = said(&output).replace('\u{a0}', " ");
    assert_eq!(output.status.code(), Some(3), "{text}");
    let built_in = "Sa base de données : requêtes longues, verrous, connexions ouvertes.";
    for words in [
        "Où regarder ensuite",
        built_in,
        "Runbook des réponses lentes",
    ] {
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }
    let (_, next) = text.split_once("Où regarder ensuite").unwrap();
    assert!(
        !next.contains("$namespace") && !next.contains("kubectl"),
        "a sentence with a hole:\n{text}"
    );
}
