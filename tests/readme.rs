//! The README's conversation is what the demo prints: times, names and durations aside. Its figures are
//! those of docs/benchmark.md.

#[path = "bench/sample.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod sample;
#[path = "bench/table.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod table;

use std::fs;
use std::path::PathBuf;

use regex::Regex;
use vigie::cli::demo;
use vigie::config::playbooks_with;

fn readme() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The fenced block after a marker.
fn block(text: &str, marker: &str) -> String {
    let after = text
        .split(&format!("<!-- {marker} -->\n```text\n"))
        .nth(1)
        .unwrap_or_else(|| panic!("no block {marker:?}"));
    after.split("\n```").next().unwrap().to_owned() + "\n"
}

/// What differs from run to run, replaced: clock times, pod suffixes, incident numbers, durations.
fn steady(text: &str) -> String {
    let changes = [
        // Another day than today's is named, so a conversation over midnight has dates in it.
        (r"(\d{1,2} \p{L}+\.? )?\d{2}:\d{2} UTC", "HH:MM UTC"),
        (
            r"payment-service-[a-z0-9]{8,10}-[a-z0-9]{5}",
            "payment-service-POD",
        ),
        (r"C0INCIDENTS-[0-9.]+", "INCIDENT"),
        (r"\d+(,\d+)?\s(ms|s|min|h)( \d+\s(s|min))?", "DURATION"),
        (r"\d+ requêtes", "N requêtes"),
    ];
    let replace = |text: String, (pattern, with): &(&str, &str)| {
        Regex::new(pattern)
            .unwrap()
            .replace_all(&text, *with)
            .into_owned()
    };
    // Trailing blanks are lost in editors; no-break spaces are typography.
    let text = text.replace(['\u{a0}', '\u{202f}'], " ");
    changes.iter().fold(text, replace).trim_end().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_shows_what_the_demo_prints() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let text = fs::read_to_string(readme()).unwrap();
    let script = block(&text, "script");
    assert_eq!(
        script.trim_end(),
        demo::EXAMPLE.trim_end(),
        "the built-in conversation"
    );
    let printed = demo::play_text(&script, playbooks_with(None).unwrap())
        .await
        .unwrap();
    if std::env::var_os("VIGIE_UPDATE_README").is_some() {
        let updated = text.replace(block(&text, "output").trim_end(), printed.trim_end());
        fs::write(readme(), updated).unwrap();
        return;
    }
    assert_eq!(steady(&block(&text, "output")), steady(&printed));
}

/// What stands between the marks.
fn figures(text: &str) -> &str {
    let (_, rest) = text.split_once("<!-- bench -->\n").unwrap();
    rest.split_once("<!-- /bench -->").unwrap().0
}

#[test]
fn the_readme_has_the_key_figures_of_the_benchmark() {
    let text = fs::read_to_string(readme()).unwrap();
    let page = readme().with_file_name("docs/benchmark.md");
    let table = fs::read_to_string(page).unwrap();
    assert_eq!(figures(&text), table::key_figures(figures(&table)));
}

#[test]
fn a_run_of_the_benchmark_replaces_what_stands_between_the_marks() {
    use table::{Report, Row, key_figures, placed};
    let sample = sample::Sample::of([8.0, 9.0, 34.0]);
    let mut report = Report::begin();
    report.add(
        "reply",
        vec![
            Row::new("first reply, warm", "a | sandbox", "ms", &sample).median_within(300.0),
            Row::single("memory, idle", "RSS", "MiB", 52.0).median_within(40.0),
            Row::skipped("S1 among 60 workloads, warm", "no control plane"),
        ],
    );
    let (table, page) = (
        report.markdown(),
        "before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n",
    );
    let written = placed(page, &table).unwrap();
    assert_eq!(figures(&written), table);
    assert!(written.starts_with("before\n") && written.ends_with("-->\nafter\n"));
    let found = key_figures(&table);
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(
        lines[0],
        "- first reply to a question: 9.00 ms, p99 or worst 34 ms (limit 300 ms: ok)"
    );
    assert!(lines[1].ends_with(": not measured"), "skipped: {found}");
    assert_eq!(
        lines[2],
        "- memory, connected and idle: 52 MiB (limit 40 MiB: MISSED)"
    );
    assert!(lines[3].ends_with(": not measured"), "no such row: {found}");
    assert!(placed("no marks", &table).is_err());
}
