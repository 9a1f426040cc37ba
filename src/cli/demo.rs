//! `vigie demo`: the bot on the sandbox world. Without arguments it serves a page that looks like a
//! Slack workspace, until ctrl-c; `--script FILE` plays a conversation instead
//! ([`crate::sandbox::script`] has the format) and prints its threads.

mod company;
mod house;
mod play;
mod serve;

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};

pub use self::serve::{Demo, start};
use super::print;
use crate::config::playbooks_with;
use crate::playbook::Playbooks;
use crate::sandbox::script;

/// Arguments of `vigie demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Plays a conversation and prints it, without a browser: a file, `-` for standard input, or
    /// `example` for the one in the README.
    #[arg(long, value_name = "FILE", conflicts_with = "port")]
    script: Option<String>,
    /// Port of the page on 127.0.0.1 (default: the system chooses).
    #[arg(long, value_name = "N")]
    port: Option<u16>,
}

/// The built-in conversation: a slow service in production, from the question to the lead.
pub const EXAMPLE: &str = include_str!("demo/example.txt");

/// Serves the page, or plays the script, with the built-in playbooks and those of a folder over them.
pub(super) async fn run(args: Args, folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    let playbooks = Arc::new(playbooks_with(folder)?);
    let Some(name) = args.script else {
        return serve::run(args.port.unwrap_or_default(), playbooks).await;
    };
    let text = read(&name)?;
    let steps = script::parse(&text).with_context(|| name.clone())?;
    if steps.is_empty() {
        bail!("{name}: no step in it; `vigie demo --script example` plays the one of the README");
    }
    print(&play::play(&steps, playbooks).await.with_context(|| name)?)?;
    Ok(ExitCode::SUCCESS)
}

fn read(name: &str) -> anyhow::Result<String> {
    let read = match name {
        "example" => return Ok(EXAMPLE.to_owned()),
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        path => std::fs::read_to_string(path),
    };
    read.with_context(|| format!("cannot read {name}"))
}

/// Plays a script and returns what it prints; for the test of the README's example.
///
/// # Errors
/// When the script is wrong or the bot does not get anywhere.
pub async fn play_text(text: &str, playbooks: Playbooks) -> anyhow::Result<String> {
    play::play(&script::parse(text)?, Arc::new(playbooks)).await
}
