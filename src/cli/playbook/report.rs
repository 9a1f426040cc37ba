//! `vigie playbook test --report`: cases replayed, and how many answers were right.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{anyhow, bail};

use super::Output;
use crate::cli::{block_on, print};
use crate::evaluation::{evaluate, load_all};

/// Runs it. Exit status: 0 all right, 1 some answer was not.
pub(super) fn run(folder: &Path, output: Output) -> anyhow::Result<ExitCode> {
    let cases = load_all(folder)?;
    if cases.is_empty() {
        bail!("there is no case (*.yaml) below {}", folder.display());
    }
    let report = block_on(async { evaluate(&cases).await.map_err(|why| anyhow!(why)) })?;
    print(&match output {
        Output::Text => report.text(),
        Output::Json => serde_json::to_string_pretty(&report.json())? + "\n",
    })?;
    Ok(if report.failures().is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
