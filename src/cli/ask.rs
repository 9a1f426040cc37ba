//! `vigie ask`: the same investigation in a terminal, no Slack needed. Progress on stderr, the answer
//! on stdout.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::Local;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use super::sources::Clusters;
use super::{capture, print};
use crate::clock::Clock;
use crate::config::Config;
use crate::finding::{Diagnosis, Shares, Verdict};
use crate::incident::PlainAnswer;
use crate::intent::{self, Ask, Candidate, Want};
use crate::investigation::gather::Sources;
use crate::investigation::plain::{self, Plain};
use crate::investigation::run::{self, Outcome, Progress, Question};
use crate::post::{self, TextOptions, chart, replies};
use crate::text::{Language, Message, Redactor, Untrusted};

/// What to do when no cluster can be asked.
const NO_CLUSTER: &str = "  fix: set KUBECONFIG, or name a context with --context (`kubectl config get-contexts` lists them); \
     `vigie demo` needs no cluster";

/// Arguments of `vigie ask`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The question, as you would write it in Slack: "Service payment est lent en production".
    #[arg(value_name = "QUESTION", required = true)]
    question: Vec<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    /// Look in this namespace only.
    #[arg(long, short = 'n')]
    namespace: Option<String>,
    /// Use this context of the kubeconfig.
    #[arg(long)]
    context: Option<String>,
    /// Write what was read into this folder as a case, redacted: `vigie playbook test --report DIR` replays it.
    #[arg(long, value_name = "DIR")]
    capture: Option<PathBuf>,
    /// Write a picture into this PNG file, where a curve says it faster.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// Answer in this language instead of the question's.
    #[arg(long, value_enum)]
    language: Option<Tongue>,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    /// English.
    En,
    /// French.
    Fr,
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// For a terminal.
    #[default]
    Text,
    /// For a document or a ticket.
    Markdown,
    /// For programs; schema in deploy/report.schema.json.
    Json,
}

/// Runs it. Exit status: 0 answered, 1 internal error, 2 wrong usage or configuration, 3 could not
/// look, 4 unknown, 5 no such object (or several).
pub(super) async fn run(args: &Args, config: Config) -> anyhow::Result<ExitCode> {
    let config = Arc::new(config);
    let clusters = Clusters::new(Arc::clone(&config));
    let ask = ask(args, &config);
    if let Some(code) = without_a_look(args, &ask, &config, &clusters.redactor())? {
        return Ok(code);
    }
    let sources = clusters
        .sources(ask.environment.as_deref(), args.context.as_deref())
        .await;
    let sources = match sources {
        Ok(sources) => sources,
        Err(error) => {
            writeln!(io::stderr(), "vigie: {error:#}\n{NO_CLUSTER}")?;
            return Ok(ExitCode::from(3));
        }
    };
    let question = Question {
        budget: config.investigation.deadline,
        picture: args.picture.is_some(),
        usual: clusters.usual(),
        ..Question::new(ask.clone(), clusters.environments())
    };
    if plain::is_plain(&ask.want) {
        return plain_answer(args, sources, &question, &clusters.redactor()).await;
    }
    let watcher = Watcher::new();
    let now = Clock::system().now();
    let watch = |progress| watcher.say(&progress);
    let (outcome, case) = run::run_keeping(sources, &question, now, &watch).await;
    watcher.done();
    if let (Some(folder), Outcome::Diagnosed(diagnosis, _)) = (&args.capture, &outcome) {
        capture::write(folder, &case, diagnosis, &clusters.redactor())?;
    }
    if let (Some(file), Outcome::Diagnosed(diagnosis, _)) = (&args.picture, &outcome) {
        picture(file, diagnosis, ask.language, &clusters.redactor())?;
    }
    match outcome {
        Outcome::Diagnosed(diagnosis, _) => {
            print(&render(
                args.output,
                &diagnosis,
                ask.language,
                &clusters.redactor(),
            )?)?;
            Ok(ExitCode::from(status(diagnosis.verdict)))
        }
        Outcome::Ambiguous(candidates) => which(&candidates),
    }
}

fn ask(args: &Args, config: &Config) -> Ask {
    let hint = args.language.map(|tongue| match tongue {
        Tongue::En => Language::En,
        Tongue::Fr => Language::Fr,
    });
    let text = args.question.join(" ");
    let mut ask = intent::parse(&text, &config.vocabulary(), hint);
    ask.language = hint.unwrap_or(ask.language);
    ask.namespace = args.namespace.clone().or(ask.namespace);
    ask
}

/// Answers what needs no cluster; `None`: a look is needed.
fn without_a_look(
    args: &Args,
    ask: &Ask,
    config: &Config,
    redactor: &Redactor,
) -> anyhow::Result<Option<ExitCode>> {
    if args.question.iter().all(|word| word.trim().is_empty()) {
        let example = example(ask, config);
        writeln!(
            io::stderr(),
            "vigie: the question is empty; write it as in Slack: {example}"
        )?;
        return Ok(Some(ExitCode::from(2)));
    }
    let Some((answer, code)) = talk(ask, config) else {
        return Ok(None);
    };
    let now = Clock::system().now();
    let (output, language) = (args.output, ask.language);
    print(&super::plain::render(
        &answer, output, language, redactor, now,
    ))?;
    Ok(Some(code))
}

/// The answer to what needs no look; what only the bot in Slack can do is wrong usage here.
fn talk(ask: &Ask, config: &Config) -> Option<(PlainAnswer, ExitCode)> {
    let (headline, lines, code) = match &ask.want {
        Want::Help => {
            let (headline, lines) = replies::help();
            (headline, lines, ExitCode::SUCCESS)
        }
        Want::Talk { .. } | Want::Nothing => {
            let said = Message::new("talk-terminal");
            (said, Vec::new(), ExitCode::SUCCESS)
        }
        want if want.needs_no_look() || *want == Want::TestPage => {
            let said = Message::new("only-in-slack");
            (said, Vec::new(), ExitCode::from(2))
        }
        _ => return None,
    };
    let answer = PlainAnswer {
        headline,
        lines,
        verbatim: None,
        command: Some(Untrusted::new(example(ask, config))),
        dashboard: None,
    };
    Some((answer, code))
}

/// A question to type, in the words of this installation.
fn example(ask: &Ask, config: &Config) -> String {
    let service = config
        .workloads
        .first()
        .map_or("payment", |one| one.name.as_str());
    let own = config.default_environment.as_deref();
    let environment = own.or_else(|| Some(config.environments.first()?.name.as_str()));
    let (is_slow, within) = match ask.language {
        Language::Fr => ("est lent", "en"),
        Language::En => ("is slow", "in"),
    };
    let place = environment.map_or_else(String::new, |name| format!(" {within} {name}"));
    format!("vigie ask \"{service} {is_slow}{place}\"")
}

/// Writes the picture in the time zone of this machine, or says on stderr that there is none.
fn picture(
    file: &Path,
    diagnosis: &Diagnosis,
    language: Language,
    redactor: &Redactor,
) -> anyhow::Result<()> {
    let clean = post::redacted(diagnosis, redactor);
    let view = chart::View {
        language,
        zone: chart::Zone::east(Local::now().offset().local_minus_utc()),
        ..chart::View::default()
    };
    let drawn = clean.charts.first().and_then(|one| chart::draw(one, view));
    match drawn {
        Some(png) => std::fs::write(file, png).with_context(|| format!("{}", file.display())),
        None => Ok(writeln!(
            io::stderr(),
            "vigie: no picture: no curve says it faster"
        )?),
    }
}

fn render(
    output: Output,
    diagnosis: &Diagnosis,
    language: Language,
    redactor: &Redactor,
) -> anyhow::Result<String> {
    Ok(match output {
        Output::Text => {
            let terminal = io::stdout().is_terminal();
            let width = terminal.then(|| console::Term::stdout().size().1.into());
            let color = terminal && std::env::var_os("NO_COLOR").is_none();
            post::text(diagnosis, language, redactor, TextOptions { width, color })
        }
        Output::Markdown => post::markdown(diagnosis, language, redactor),
        Output::Json => {
            let report = post::report(diagnosis, language, redactor);
            serde_json::to_string_pretty(&report).context("the report as JSON")? + "\n"
        }
    })
}

/// A plain question: the answer itself, no diagnosis. In a terminal the asker sees what they may read.
async fn plain_answer(
    args: &Args,
    sources: Sources,
    question: &Question,
    redactor: &Redactor,
) -> anyhow::Result<ExitCode> {
    let now = Clock::system().now();
    match plain::answer(sources, question, Shares::ALL, now).await {
        Plain::Answer(answer) => {
            print(&super::plain::render(
                &answer,
                args.output,
                question.ask.language,
                redactor,
                now,
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Plain::Ambiguous(candidates) => which(&candidates),
        Plain::NotFound(near) => nobody(question, &near),
        Plain::CouldNotLook(why) => {
            writeln!(
                io::stderr(),
                "vigie: could not look: {}",
                redactor.redact(&why)
            )?;
            Ok(ExitCode::from(3))
        }
    }
}

fn status(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::CauseFound | Verdict::Healthy | Verdict::Recovered | Verdict::Expected => 0,
        Verdict::CouldNotLook => 3,
        Verdict::Unknown => 4,
        Verdict::TargetNotFound => 5,
    }
}

/// Several objects bear the name: says which, on stderr, with the words that would choose one.
fn which(candidates: &[Candidate]) -> anyhow::Result<ExitCode> {
    list("several objects match; ask again with one of:", candidates)
}

/// No object bears the name: says which may have been meant.
fn nobody(question: &Question, near: &[Candidate]) -> anyhow::Result<ExitCode> {
    let phrase = question
        .ask
        .object
        .as_ref()
        .and_then(|object| object.phrases.first());
    let name = phrase
        .map(|phrase| phrase.shown.to_plain())
        .unwrap_or_default();
    let end = if near.is_empty() {
        ""
    } else {
        "; did you mean:"
    };
    list(&format!("no object named {name:?} here{end}"), near)
}

fn list(title: &str, candidates: &[Candidate]) -> anyhow::Result<ExitCode> {
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "vigie: {title}")?;
    for candidate in candidates {
        let kind = candidate.kind.as_str();
        writeln!(
            stderr,
            "  {kind} {}/{}",
            candidate.namespace, candidate.name
        )?;
    }
    Ok(ExitCode::from(5))
}

/// Shows progress: a spinner on a terminal, plain lines otherwise.
struct Watcher {
    bar: Option<ProgressBar>,
}

impl Watcher {
    fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
            bar
        });
        Self { bar }
    }

    fn say(&self, progress: &Progress) {
        let target = progress
            .target
            .as_ref()
            .map(|target| format!(" {}", target.label()))
            .unwrap_or_default();
        let line = format!("[{}] {}{target}", progress.round, progress.step);
        match &self.bar {
            Some(bar) => bar.set_message(line),
            // Nobody reads stderr any more: no reason to stop.
            None => drop(writeln!(io::stderr(), "{line}")),
        }
    }

    fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
