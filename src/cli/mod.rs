//! The command line: one file per command. Answers go to stdout, everything else to stderr.
//! Exit status: 0 done, 1 internal error, 2 wrong usage or configuration; a command may have more.

mod ask;
pub mod bot;
mod capture;
mod causes;
#[cfg(feature = "sandbox")]
pub mod demo;
pub mod desk;
mod doctor;
mod incidents;
pub mod looks;
mod past;
mod plain;
mod playbook;
mod run;
pub mod sources;
pub mod webhook;

pub use doctor::self_check;

use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::{Config, ConfigError};

/// A lookout for your cluster: the first hour of an incident, in the Slack thread.
#[derive(Debug, Parser)]
#[command(name = "vigie", version, arg_required_else_help = true)]
struct Cli {
    /// Path of vigie.yaml (default: `VIGIE_CONFIG`, ./vigie.yaml, /etc/vigie/vigie.yaml).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of your own playbooks (default: `VIGIE_PLAYBOOKS`, playbooks: in vigie.yaml).
    #[arg(long, global = true, value_name = "DIR")]
    playbooks: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Investigate a question in the terminal, without Slack.
    Ask(ask::Args),
    /// Run the bot.
    Run,
    /// Try the bot in the sandbox world: a page like a Slack workspace, or a script.
    #[cfg(feature = "sandbox")]
    Demo(demo::Args),
    /// List the causes the bot can name.
    Causes(causes::Args),
    /// Check everything a deployment needs, and say the fix for what is missing.
    Doctor(doctor::Args),
    /// Work on playbooks: list, show, lint, test.
    Playbook(playbook::Args),
    /// Read incidents from a running bot.
    Incidents(incidents::Args),
}

/// How a command prints its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Parses the command line, runs the command, and says how it went.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // slack-morphism, kube and reqwest must agree on one TLS provider before any of them starts.
    // An error means that one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => report(&error),
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = || Config::load(cli.config.as_deref(), cli.playbooks.as_deref());
    match cli.command {
        Command::Run => block_on(run::run(config()?)),
        #[cfg(feature = "sandbox")]
        Command::Demo(args) => block_on(demo::run(args, cli.playbooks.as_deref())),
        Command::Ask(args) => block_on(ask::run(&args, config()?)),
        Command::Causes(args) => causes::run(&args),
        Command::Doctor(args) => block_on(doctor::run(args, config()?)),
        Command::Playbook(args) => playbook::run(args, cli.playbooks.as_deref(), config),
        Command::Incidents(args) => block_on(incidents::run(args, config()?)),
    }
}

/// Runs an asynchronous command to its end. A few workers are plenty for a bot that waits; more
/// would only cost memory.
fn block_on<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    const WORKERS: usize = 4;
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.min(WORKERS))
        .enable_all()
        .build()?
        .block_on(command)
}

/// Prints an error that ended the command.
fn report(error: &anyhow::Error) -> ExitCode {
    let is_config = error.downcast_ref::<ConfigError>().is_some();
    // A reader that went away (`vigie causes | head`) is no error.
    let closed = error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if closed {
        return ExitCode::SUCCESS;
    }
    // Nothing is left to tell the error to when stderr is closed too.
    let _ = writeln!(io::stderr(), "vigie: {error:#}");
    ExitCode::from(if is_config { 2 } else { 1 })
}

/// Writes the result of a command to stdout.
fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
