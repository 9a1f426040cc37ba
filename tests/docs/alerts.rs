//! The alert catalogue in the documentation: a table and a page for each alert, all made from playbooks/.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use vigie::playbook::{Escalation, Playbook, Playbooks, Row, built_in};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/alerts")
}

/// A cell of a table: nothing in it ends the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A text of a playbook without the notation of its variables: `{ $pod }` reads `POD`.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{ $") {
        let (name, behind) = after.split_once(" }").unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&name.to_uppercase());
        rest = behind;
    }
    out + rest
}

fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn about(row: &Row) -> String {
    let ways: Vec<String> = row.about.iter().map(ToString::to_string).collect();
    ways.join(", else ")
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| format!("- {line}\n")).collect();
    if !lines.is_empty() {
        let _ = write!(text, "\n## {title}\n\n{}", lines.concat());
    }
}

fn page(playbook: &Playbook, row: &Row) -> String {
    let mut text = format!("# {}\n\n{}\n", row.name, row.means);
    names(&mut text, row);
    let _ = write!(text, "\n## First\n\n{}\n", plain(&row.first.en));
    subject(&mut text, row);
    number(&mut text, row);
    let looks = playbook.rules.iter().map(|rule| plain(&rule.say.en));
    list(&mut text, "What vigie notes, where it holds", looks);
    // A step whose labels the alert does not bring is not said: it does not stand here either.
    let next = playbook.next.iter().filter(|next| told(row, &next.en));
    let next = next.map(|next| plain(&next.en));
    list(&mut text, "Next", next);
    let harmless = row.harmless.iter().chain(&playbook.harmless);
    let harmless = harmless.map(|words| plain(&words.en));
    list(&mut text, "When it is a false alarm", harmless);
    links(&mut text, playbook, row);
    let escalation = match row.escalation {
        Escalation::ByPolicy => "by environment and severity, as the policy says",
        Escalation::Never => "nobody is called",
        Escalation::AtOnce => "the lead is called at once",
    };
    let name = &playbook.name;
    let _ = write!(
        text,
        "\nPlaybook [{name}](../../playbooks/{name}.yaml). Escalation: {escalation}.\n"
    );
    text
}

/// Whether the alert has every variable of a text.
fn told(row: &Row, text: &str) -> bool {
    let trusted = row.trusted();
    let of_the_object = ["namespace", "workload"];
    let mut names = text
        .split("{ $")
        .skip(1)
        .filter_map(|rest| rest.split(" }").next());
    names.all(|name| of_the_object.contains(&name) || trusted.contains(&name))
}

fn names(text: &mut String, row: &Row) {
    let of = |names: &[String]| code(&names.iter().map(String::as_str).collect::<Vec<_>>());
    if !row.aliases.is_empty() {
        let _ = write!(text, "\nAlso known as {}.\n", of(&row.aliases));
    }
    if !row.with.is_empty() {
        let labels = of(&row.with);
        let _ = write!(
            text,
            "\nKnown by its labels, whatever its name: {labels}.\n"
        );
    }
}

fn subject(text: &mut String, row: &Row) {
    let ways = about(row);
    let _ = write!(text, "\n## About\n\nThe look begins at {ways}.");
    if !ways.ends_with("the cluster") && !ways.ends_with("nothing") {
        text.push_str(" Without these labels: the cluster.");
    }
    let trusted = row.trusted();
    if trusted.is_empty() {
        text.push_str(" None of its labels is trusted.\n");
    } else {
        let _ = writeln!(text, " Trusted labels: {}.", code(&trusted));
    }
}

fn number(text: &mut String, row: &Row) {
    let Some(key) = &row.key else { return };
    let source = key.source.replace("{{ labels.", "$");
    let source = source.replace("{{ ", "$").replace(" }}", "");
    let _ = write!(
        text,
        "\n## The number behind it\n\n```promql\n{source}\n```\n\nvigie shows it beside those of a day and of a week ago.\n"
    );
}

fn links(text: &mut String, playbook: &Playbook, row: &Row) {
    let name = &row.name;
    let own = row.runbook.iter();
    let own = own.map(|url| format!("[Runbook of {name}]({url}) (Prometheus Operator)"));
    let shared = playbook.links.iter();
    let shared = shared.map(|(title, url)| format!("[{}]({url})", title.en));
    list(text, "Links", own.chain(shared));
}

fn index(playbooks: &Playbooks) -> String {
    let led: Vec<&Playbook> = playbooks
        .iter()
        .filter(|one| !one.alerts.is_empty())
        .collect();
    let count: usize = led.iter().map(|one| one.alerts.len()).sum();
    let mut text = format!(
        "# Alerts\n\nThe {count} alerts that vigie knows by name, by playbook: what each is about, which of its \
         labels may be trusted, and what is done first. Other names of the same condition stand on the pages; an \
         alert that is not here is told by the metrics of its rule, as Prometheus gives it, then by its labels, \
         and by the playbook [unknown-alert](../../playbooks/unknown-alert.yaml) last. Words in \
         capitals on the pages are names and numbers that vigie fills in.\n\nMade from the playbooks \
         (`VIGIE_UPDATE_DOCS=1 cargo test --test it docs`); `vigie playbook show ALERT` prints the playbook.\n\n"
    );
    for playbook in &led {
        let title = &playbook.title.en;
        let _ = writeln!(text, "- [{title}](#{})", anchor(title));
    }
    for playbook in led {
        let (title, name) = (&playbook.title.en, &playbook.name);
        let _ = write!(
            text,
            "\n## {title}\n\nPlaybook [{name}](../../playbooks/{name}.yaml).\n\n| alert | about | labels | first |\n| --- | --- | --- | --- |\n"
        );
        for row in &playbook.alerts {
            let (alert, labels) = (&row.name, code(&row.trusted()));
            let first = cell(&plain(&row.first.en));
            let _ = writeln!(
                text,
                "| [{alert}]({alert}.md) | {} | {labels} | {first} |",
                about(row)
            );
        }
    }
    text
}

/// Every file of the folder.
fn wanted() -> BTreeMap<String, String> {
    let playbooks = Playbooks::new(built_in().unwrap());
    let mut files = BTreeMap::from([("README.md".to_owned(), index(&playbooks))]);
    for playbook in playbooks.iter() {
        for row in &playbook.alerts {
            files.insert(format!("{}.md", row.name), page(playbook, row));
        }
    }
    files
}

#[test]
fn the_alerts_pages_are_made_from_the_playbooks() {
    let wanted = wanted();
    if std::env::var_os("VIGIE_UPDATE_DOCS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        for (file, text) in &wanted {
            fs::write(folder().join(file), text).unwrap();
        }
    }
    let mut stale = Vec::new();
    for (file, text) in &wanted {
        let there = fs::read_to_string(folder().join(file)).unwrap_or_default();
        if there != *text {
            stale.push(file.as_str());
        }
    }
    assert_eq!(stale, Vec::<&str>::new(), "run with VIGIE_UPDATE_DOCS=1");
}

#[test]
fn no_page_of_an_alert_is_left_over() {
    let wanted = wanted();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(wanted.contains_key(&name), "{name}");
    }
}

#[test]
fn every_page_says_what_is_done_first_and_when_it_is_nothing() {
    for (file, text) in wanted() {
        if file == "README.md" {
            continue;
        }
        for section in [
            "## First",
            "## About",
            "## The number behind it",
            "## When it is a false alarm",
        ] {
            assert!(text.contains(section), "{file}: no {section}");
        }
        assert!(
            !text.contains("{ $") && !text.contains("{{"),
            "{file}: a variable"
        );
    }
}
