//! Parts that have a promise of their own: a picture, the built-in playbooks, and commands that need neither.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use vigie::finding::{Chart, Curve, CurveRole, Level, Mark, Unit};
use vigie::playbook::{BUILT_IN, Source, load};
use vigie::post::chart::{View, draw};
use vigie::text::{Arg, Message};

use super::sample::Sample;
use super::table::Row;

const RUNS: usize = 100;
/// Of the issue on alerts.
const PICTURE_MS: f64 = 150.0;
const PLAYBOOKS_MS: f64 = 30.0;
const MIB: f64 = 1_048_576.0;

/// All of them.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    let chart = fullest(Utc::now());
    let png = draw(&chart, View::default()).context("no picture")?;
    let note = format!(
        "{} curves of {} points, {} KiB of PNG",
        Chart::MAX_SERIES,
        Chart::MAX_POINTS,
        png.len() >> 10
    );
    let drawn = Sample::timed(RUNS, || draw(&chart, View::default()));
    let against = "the fullest chart there is, 1200 by 640 pixels";
    let row = Row::new("a picture, drawn", against, "ms", &drawn).worst_within(PICTURE_MS);
    rows.push(row.note(note));
    let sources = sources();
    ensure!(load(&sources).is_ok(), "a built-in playbook has a mistake");
    let read = Sample::timed(RUNS, || load(&sources));
    let name = format!("{} built-in playbooks, read", sources.len());
    let row = Row::new(
        &name,
        "YAML, conditions, queries, texts; once a start",
        "ms",
        &read,
    );
    rows.push(row.median_within(PLAYBOOKS_MS));
    for argument in ["--version", "causes"] {
        let took = Sample::timed(RUNS, || run(argument));
        run(argument)?;
        let name = format!("`vigie {argument}`");
        let row = Row::new(
            &name,
            "the release binary as a process, start to end",
            "ms",
            &took,
        );
        rows.push(row.note("reads no playbook"));
    }
    Ok(())
}

fn sources() -> Vec<Source> {
    let source = |(file, text): &(&str, &str)| Source {
        file: (*file).to_owned(),
        text: (*text).to_owned(),
    };
    BUILT_IN.iter().map(source).collect()
}

fn run(argument: &str) -> Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let status = command.arg(argument).stdout(Stdio::null()).status()?;
    ensure!(status.success(), "vigie {argument}: {status}");
    Ok(())
}

/// As many curves, points, lines and moments as a chart holds.
fn fullest(now: DateTime<Utc>) -> Chart {
    let minutes = i64::try_from(Chart::MAX_POINTS).unwrap_or(150) - 1;
    let ago = |minutes| now - TimeDelta::minutes(minutes);
    let curve = |(number, role): (f64, CurveRole)| {
        let point = |left: i64| {
            let wave = f64::from(i32::try_from(left).unwrap_or(0)) / 7.0 + number;
            (ago(left).timestamp(), (300.0 + 100.0 * wave.sin()) * MIB)
        };
        Curve {
            label: Message::new("chart-other-pods"),
            role,
            points: (0..=minutes).rev().map(point).collect(),
        }
    };
    let level = |(id, value, bound)| Level {
        label: Message::new(id),
        value: value * MIB,
        bound,
    };
    let mark = |(id, at, trouble)| Mark {
        label: Message::new(id),
        at: ago(at),
        trouble,
    };
    let curves = [
        (0.0, CurveRole::Main),
        (1.0, CurveRole::Usual),
        (2.0, CurveRole::Other),
        (3.0, CurveRole::Other),
    ];
    Chart {
        title: Message::new("chart-title-memory").with("object", "payment-service"),
        conclusion: Message::new("chart-memory-killed")
            .with("limit", Arg::Bytes(512 << 20))
            .with("times", 3),
        unit: Unit::Bytes,
        from: ago(minutes),
        to: now,
        step: 60,
        series: curves.into_iter().map(curve).collect(),
        levels: [
            ("chart-limit", 512.0, true),
            ("chart-request", 256.0, false),
        ]
        .into_iter()
        .map(level)
        .collect(),
        marks: [
            ("chart-mark-deploy", 100, false),
            ("chart-mark-killed", 20, true),
        ]
        .into_iter()
        .map(mark)
        .collect(),
    }
}
