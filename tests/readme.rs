//! The README's conversation is what the demo prints: times, names and durations aside.

use std::fs;
use std::path::PathBuf;

use regex::Regex;
use vigie::cli::demo;

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
        // The day stands before the time when the conversation crosses midnight.
        (r"(\d{1,2} [a-zéû]+\.? )?\d{2}:\d{2} UTC", "HH:MM UTC"),
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
    let printed = demo::play_text(&script).await.unwrap();
    if std::env::var_os("VIGIE_UPDATE_README").is_some() {
        let updated = text.replace(block(&text, "output").trim_end(), printed.trim_end());
        fs::write(readme(), updated).unwrap();
        return;
    }
    assert_eq!(steady(&block(&text, "output")), steady(&printed));
}
