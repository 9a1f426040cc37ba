//! `vigie playbook test --report`: cases replayed, and how many answers were right; of a single case the answer too.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{anyhow, bail};

use super::Output;
use crate::cli::{block_on, print};
use crate::evaluation::{Loaded, evaluate, left_out, load_all, replay};
use crate::finding::{Diagnosis, Subject};
use crate::post::{self, TextOptions};
use crate::text::Redactor;

/// Runs it. Exit status: 0 all right, 1 some answer was not.
pub(super) fn run(folder: &Path, output: Output) -> anyhow::Result<ExitCode> {
    let cases = load_all(folder)?;
    if cases.is_empty() {
        bail!("there is no case (*.yaml) below {}", folder.display());
    }
    let report = block_on(async { evaluate(&cases).await.map_err(|why| anyhow!(why)) })?;
    print(&match output {
        Output::Text => answer_of(&cases)? + &report.text(),
        Output::Json => serde_json::to_string_pretty(&report.json())? + "\n",
    })?;
    Ok(if report.failures().is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What a single case is answered, as a person reads it, and every finding behind it; nothing for several.
fn answer_of(cases: &[Loaded]) -> anyhow::Result<String> {
    let [case] = cases else {
        return Ok(String::new());
    };
    let replayed = block_on(async { replay(&case.file).await.map_err(|why| anyhow!(why)) })?;
    let Some(diagnosis) = replayed.diagnosis else {
        return Ok(replayed
            .plain
            .map_or_else(String::new, |text| text + "\n\n"));
    };
    let options = TextOptions {
        width: None,
        color: false,
    };
    let redactor = Redactor::new(Vec::<String>::new());
    let mut shown = post::text(&diagnosis, diagnosis.language, &redactor, options);
    shown.push('\n');
    findings(&diagnosis, &mut shown)?;
    for object in left_out(&case.file) {
        writeln!(shown, "left out {object}: vigie does not read that kind")?;
    }
    Ok(shown + "\n")
}

fn findings(diagnosis: &Diagnosis, into: &mut String) -> std::fmt::Result {
    for finding in &diagnosis.findings {
        let blames: Vec<String> = finding.blames.iter().map(Subject::label).collect();
        let (code, subject) = (finding.cause.code(), finding.subject.label());
        write!(
            into,
            "finding  {code} on {subject} ({:.2})",
            finding.strength
        )?;
        if !blames.is_empty() {
            write!(into, ", blames {}", blames.join(", "))?;
        }
        into.push('\n');
    }
    Ok(())
}
