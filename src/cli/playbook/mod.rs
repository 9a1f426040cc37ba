//! `vigie playbook`: work on playbooks offline. `lint` tells every mistake of every file with its place,
//! `test` replays the fixtures.

mod fixtures;
#[cfg(feature = "sandbox")]
mod report;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use serde_json::{Value, json};

use super::{Output, print};
use crate::config::{Config, ConfigError, nearest, playbook_files};
use crate::playbook::{self, Playbook, Playbooks};

/// Arguments of `vigie playbook`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The playbooks in use: the built-in ones and your own.
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
    },
    /// One playbook, as it is written: a start for your own.
    Show {
        /// Its name, as `list` prints it, or that of an alert.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Check a folder of playbooks; every mistake with file, line, column and the fix. Status 1 if there is one.
    Lint {
        /// The folder, or one file in it (default: --playbooks, else the playbooks in use).
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Replay the fixtures in DIR/tests/NAME/*.yaml. Status 1 if one fails or a rule has none.
    Test {
        /// The folder, or one file in it (default: --playbooks, else the built-in playbooks).
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// Replay the cases below this folder (or this one case) through whole investigations instead, and
        /// print how many answers were right. Status 1 if one was not.
        #[cfg(feature = "sandbox")]
        #[arg(long, value_name = "CASES", conflicts_with = "folder")]
        report: Option<PathBuf>,
        /// How to print the report.
        #[cfg(feature = "sandbox")]
        #[arg(long, value_enum, default_value_t, requires = "report")]
        output: Output,
    },
}

/// Runs it. Exit status: 0 fine, 1 mistakes or failures, 2 wrong usage or configuration.
pub(super) fn run(
    args: Args,
    given: Option<&Path>,
    config: impl FnOnce() -> Result<Config, ConfigError>,
) -> anyhow::Result<ExitCode> {
    match args.what {
        What::List { output } => {
            let playbooks = config()?.playbooks;
            print(&match output {
                Output::Text => list(&playbooks),
                Output::Json => serde_json::to_string_pretty(&rows(&playbooks))? + "\n",
            })?;
            Ok(ExitCode::SUCCESS)
        }
        What::Show { name } => {
            let playbooks = config()?.playbooks;
            print(&find(&playbooks, &name)?.text)?;
            Ok(ExitCode::SUCCESS)
        }
        What::Lint { folder } => match folder.as_deref().or(given) {
            Some(folder) => lint(folder),
            // The configuration does not load with a mistake in one of them.
            None => fine(config()?.playbooks.iter().count()),
        },
        #[cfg(feature = "sandbox")]
        What::Test {
            report: Some(cases),
            output,
            ..
        } => report::run(&cases, output),
        What::Test { folder, .. } => test(folder.as_deref().or(given)),
    }
}

fn plural(count: usize, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {word}{ending}")
}

fn fine(count: usize) -> anyhow::Result<ExitCode> {
    print(&format!("{}, no mistake\n", plural(count, "playbook")))?;
    Ok(ExitCode::SUCCESS)
}

fn lint(folder: &Path) -> anyhow::Result<ExitCode> {
    let sources = playbook_files(folder)?;
    if sources.is_empty() {
        bail!("there is no *.yaml in {}", folder.display());
    }
    let Err(mistakes) = playbook::load(&sources) else {
        return fine(sources.len());
    };
    let mut text = String::new();
    for mistake in &mistakes {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{mistake}");
    }
    let (found, of) = (mistakes.len(), sources.len());
    let (found, of) = (plural(found, "mistake"), plural(of, "playbook"));
    let _ = writeln!(text, "{found} in {of}");
    print(&text)?;
    Ok(ExitCode::FAILURE)
}

fn test(folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    let playbooks = match folder {
        None => playbook::built_in(),
        Some(folder) => playbook::load(&playbook_files(folder)?),
    };
    let Ok(playbooks) = playbooks else {
        bail!("the playbooks have mistakes; `vigie playbook lint` tells them");
    };
    let mut text = String::new();
    let (mut failed, mut bare) = (false, None);
    for playbook in &playbooks {
        let fixtures = match folder {
            None => fixtures::built_in(&playbook.name),
            Some(folder) => fixtures::of(folder, &playbook.name)?,
        };
        let replayed = playbook::replay(playbook, &fixtures);
        let (count, failures) = (replayed.fixtures, &replayed.failures);
        let how = if failures.is_empty() {
            "passed"
        } else {
            "FAILED"
        };
        let _ = writeln!(
            text,
            "{}: {}, {how}",
            playbook.name,
            plural(count, "fixture")
        );
        for failure in failures {
            let _ = writeln!(text, "  {failure}");
        }
        failed |= !failures.is_empty();
        bare = bare.or((count == 0).then_some(playbook));
    }
    if let (Some(playbook), Some(folder)) = (bare, folder) {
        text += &fixtures::how_to(folder, playbook);
    }
    print(&text)?;
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn find<'a>(playbooks: &'a Playbooks, name: &str) -> anyhow::Result<&'a Playbook> {
    let alert = || Some(playbooks.row(name.trim())?.playbook);
    if let Some(playbook) = playbooks.get(name.trim()).or_else(alert) {
        return Ok(playbook);
    }
    let rows = playbooks.iter().flat_map(|one| &one.alerts);
    let rows = rows.map(|row| row.name.as_str());
    match nearest(
        name,
        playbooks.iter().map(|one| one.name.as_str()).chain(rows),
    ) {
        Some(near) => bail!("there is no playbook {name:?}; did you mean {near}?"),
        None => bail!("there is no playbook {name:?}; `vigie playbook list` lists them"),
    }
}

fn list(playbooks: &Playbooks) -> String {
    let width = playbooks.iter().map(|one| one.name.len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for one in playbooks.iter() {
        let title = &one.title.en;
        let _ = writeln!(text, "{:<width$}  {title}", one.name);
        let parts = [
            ("queries", one.queries.len()),
            ("rules", one.rules.len()),
            ("next", one.next.len()),
            ("links", one.links.len()),
        ];
        let counts: Vec<String> = parts
            .iter()
            .map(|(part, count)| format!("{part} {count}"))
            .collect();
        let counts = counts.join(", ");
        let _ = writeln!(
            text,
            "{:<width$}  for {} · {counts} · {}",
            "",
            applies(one),
            origin(one)
        );
        let alerts: Vec<&str> = one.alerts.iter().map(|row| row.name.as_str()).collect();
        if !alerts.is_empty() {
            let _ = writeln!(text, "{:<width$}  alerts: {}", "", alerts.join(", "));
        }
    }
    text
}

/// When a playbook applies, in one line.
fn applies(playbook: &Playbook) -> String {
    let symptoms: Vec<&str> = playbook.symptoms.iter().map(|one| one.code()).collect();
    let kinds: Vec<&str> = playbook.kinds.iter().map(|one| one.as_str()).collect();
    match (symptoms.is_empty(), kinds.is_empty()) {
        (true, true) if playbook.for_alerts && playbook.alerts.is_empty() => {
            "alerts that nothing else knows".to_owned()
        }
        (true, true) if playbook.for_alerts => plural(playbook.alerts.len(), "alert"),
        (true, true) => "everything".to_owned(),
        (false, true) => symptoms.join(", "),
        (true, false) => kinds.join(", "),
        (false, false) => format!("{} of {}", symptoms.join(", "), kinds.join(", ")),
    }
}

fn origin(playbook: &Playbook) -> &str {
    let own = |(file, text): &(&str, &str)| *file == playbook.file && *text == playbook.text;
    if playbook::BUILT_IN.iter().any(own) {
        "built in"
    } else {
        &playbook.file
    }
}

fn rows(playbooks: &Playbooks) -> Value {
    let row = |one: &Playbook| {
        json!({
            "name": one.name,
            "title": {"en": one.title.en, "fr": one.title.fr},
            "symptoms": one.symptoms,
            "kinds": one.kinds,
            "alerts": one.alerts.iter().map(|row| &row.name).collect::<Vec<_>>(),
            "queries": one.queries.iter().map(|query| &query.name).collect::<Vec<_>>(),
            "rules": one.rules.iter().map(|rule| &rule.name).collect::<Vec<_>>(),
            "source": origin(one),
        })
    };
    playbooks.iter().map(row).collect()
}
