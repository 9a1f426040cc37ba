//! `vigie causes`: the catalogue of what can be named as a root cause.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use serde_json::{Value, json};

use super::{Output, print};
use crate::config::nearest;
use crate::finding::{Cause, Family};

/// Arguments of `vigie causes`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The page of this cause: symptom, evidence, how to confirm by hand, fix.
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let causes = match &args.code {
        None => Cause::ALL.to_vec(),
        Some(code) => vec![find(code)?],
    };
    print(&match args.output {
        Output::Text if args.code.is_some() => causes.iter().map(|cause| cause.page()).collect(),
        Output::Text => text(&causes),
        Output::Json => serde_json::to_string_pretty(&json(&causes))? + "\n",
    })?;
    Ok(ExitCode::SUCCESS)
}

fn find(code: &str) -> anyhow::Result<Cause> {
    let code = code.trim();
    if let Some(cause) = Cause::ALL.iter().find(|cause| cause.code() == code) {
        return Ok(*cause);
    }
    match nearest(code, Cause::ALL.iter().map(|cause| cause.code())) {
        Some(near) => bail!("there is no cause {code:?}; did you mean {near}?"),
        None => bail!("there is no cause {code:?}; `vigie causes` lists them"),
    }
}

fn text(causes: &[Cause]) -> String {
    let width = causes.iter().map(|cause| cause.code().len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for family in Family::ALL {
        let members: Vec<&Cause> = causes.iter().filter(|c| c.family() == family).collect();
        if members.is_empty() {
            continue;
        }
        let gap = if text.is_empty() { "" } else { "\n" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{gap}{}", family.title());
        for cause in members {
            let (code, tier) = (cause.code(), cause.tier().as_str());
            let _ = writeln!(text, "  {code:<width$}  {tier:<11}  {}", cause.about());
        }
    }
    text
}

fn json(causes: &[Cause]) -> Value {
    let rows = causes.iter().map(|cause| {
        json!({
            "code": cause.code(),
            "family": cause.family(),
            "tier": cause.tier(),
            "about": cause.about(),
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_listed_once_under_its_family() {
        let text = text(Cause::ALL);
        for cause in Cause::ALL {
            let lines = text.lines().filter(|line| {
                line.split_whitespace().next() == Some(cause.code()) && line.starts_with("  ")
            });
            assert_eq!(lines.count(), 1, "{}", cause.code());
            assert!(cause.about().ends_with('.'), "{}", cause.about());
        }
        let headings = text
            .lines()
            .filter(|l| !l.starts_with(' ') && !l.is_empty());
        assert_eq!(headings.count(), Family::ALL.len());
    }

    #[test]
    fn json_names_every_cause() {
        let rows = json(Cause::ALL);
        assert_eq!(rows.as_array().unwrap().len(), Cause::ALL.len());
        assert_eq!(rows[0]["code"], "oom-killed");
        assert_eq!(rows[0]["family"], "container");
        assert_eq!(rows[0]["tier"], "mechanism");
    }

    #[test]
    fn a_wrong_code_gets_the_nearest() {
        let error = find("oom-kiled").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no cause \"oom-kiled\"; did you mean oom-killed?"
        );
        assert_eq!(find("oom-killed").unwrap(), Cause::OomKilled);
    }
}
