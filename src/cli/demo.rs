//! `vigie demo [--script FILE]`: the bot on the sandbox world, a conversation played from a file
//! ([`crate::sandbox::script`] has the format), the threads printed as text.

mod play;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;

use super::print;
use crate::config::playbooks_with;
use crate::playbook::Playbooks;
use crate::sandbox::script;

/// Arguments of `vigie demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Plays this conversation instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
}

/// The built-in conversation: a slow service in production, from the question to the lead.
pub const EXAMPLE: &str = include_str!("demo/example.txt");

/// Plays the script with the built-in playbooks, and those of a folder over them.
pub(super) async fn run(args: Args, folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    let (name, text) = match args.script {
        Some(path) => {
            let name = path.display().to_string();
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
            (name, text)
        }
        None => ("the built-in conversation".to_owned(), EXAMPLE.to_owned()),
    };
    let steps = script::parse(&text).with_context(|| name.clone())?;
    let playbooks = Arc::new(playbooks_with(folder)?);
    print(&play::play(&steps, playbooks).await.with_context(|| name)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Plays a script and returns what it prints; for the test of the README's example.
///
/// # Errors
/// When the script is wrong or the bot does not get anywhere.
pub async fn play_text(text: &str, playbooks: Playbooks) -> anyhow::Result<String> {
    play::play(&script::parse(text)?, Arc::new(playbooks)).await
}
