//! Rows of figures, as Markdown in docs/benchmark.md, as JSON, and the key ones in the README.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::sample::Sample;

/// What stands around the table in docs/benchmark.md, and around the key figures in the README.
const BEGIN: &str = "<!-- bench -->\n";
const END: &str = "<!-- /bench -->";
/// The figures of the README: what each is called there, and its row.
const KEY: [(&str, &str); 6] = [
    ("first reply to a question", "first reply, warm"),
    (
        "answer to the question above, among 60 workloads of a real API server",
        "S1 among 60 workloads, warm",
    ),
    ("memory, connected and idle", "memory, idle"),
    (
        "memory, at the peak of 100 mentions at once",
        "memory, 100 mentions at work",
    ),
    (
        "an alert, from the webhook to the disk, at 200 a second",
        "webhook to saved, 200 requests/s for 10 s",
    ),
    (
        "a storm of 1,000 alerts in 10 s, until its last thread stands",
        "1,000 alerts in 10 s: last thread",
    ),
];

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// What it was measured against.
    pub against: String,
    /// How many times.
    pub runs: usize,
    /// `ms`, `MiB`, `requests`, `1/s`.
    pub unit: &'static str,
    /// In that unit.
    pub median: Option<f64>,
    /// 99th percentile from a hundred runs on, else the largest; absent for a single figure.
    pub worst: Option<f64>,
    /// What the median must not exceed.
    pub median_limit: Option<f64>,
    /// What the worst must not exceed.
    pub worst_limit: Option<f64>,
    /// What explains the figure.
    pub note: String,
    /// `ok`, `MISSED`, `SKIPPED`, `FAILED`, or nothing where there is no limit.
    pub status: &'static str,
}

impl Row {
    /// A sample of one thing.
    pub fn new(name: &str, against: &str, unit: &'static str, sample: &Sample) -> Self {
        let several = sample.runs() > 1;
        Self {
            name: name.to_owned(),
            against: against.to_owned(),
            runs: sample.runs(),
            unit,
            median: Some(sample.median()),
            worst: several.then(|| sample.p99()),
            median_limit: None,
            worst_limit: None,
            note: String::new(),
            status: "",
        }
    }

    /// One number.
    pub fn single(name: &str, against: &str, unit: &'static str, value: f64) -> Self {
        Self::new(name, against, unit, &Sample::of([value]))
    }

    /// What could not be measured here, and why.
    pub fn skipped(name: &str, why: &str) -> Self {
        let nothing = Self::new(name, "—", "", &Sample::default());
        Self {
            median: None,
            note: why.to_owned(),
            status: "SKIPPED",
            ..nothing
        }
    }

    /// What went wrong while measuring.
    pub fn failed(name: &str, why: &str) -> Self {
        Self {
            status: "FAILED",
            ..Self::skipped(name, why)
        }
    }

    /// The median must not exceed this.
    pub fn median_within(mut self, limit: f64) -> Self {
        self.median_limit = Some(limit);
        self.judged()
    }

    /// The worst must not exceed this.
    pub fn worst_within(mut self, limit: f64) -> Self {
        self.worst_limit = Some(limit);
        self.judged()
    }

    /// What explains it.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn judged(mut self) -> Self {
        let within = |value: Option<f64>, limit: Option<f64>| match (value, limit) {
            (Some(value), Some(limit)) => value <= limit,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        let fine = within(self.median, self.median_limit) && within(self.worst, self.worst_limit);
        self.status = if fine { "ok" } else { "MISSED" };
        self
    }

    fn markdown(&self) -> String {
        let shown = |value: Option<f64>| value.map_or(String::new(), |v| figure(v, self.unit));
        let limits = [("", self.median_limit), ("worst ", self.worst_limit)];
        let limits = limits.into_iter().filter_map(|(of, limit)| {
            limit.map(|limit| format!("{of}{}", figure(limit, self.unit)))
        });
        let limits: Vec<String> = limits.collect();
        let cells = [
            &self.name,
            &self.against,
            &self.runs.to_string(),
            &shown(self.median),
            &shown(self.worst),
            &limits.join(", "),
            self.status,
            &self.note,
        ];
        let cells = cells.map(|cell| cell.replace(['|', '\n'], " "));
        format!("| {} |", cells.join(" | "))
    }
}

/// A number with its unit, as people write it.
fn figure(value: f64, unit: &str) -> String {
    match unit {
        "ms" if value >= 10_000.0 => format!("{:.0} s", value / 1e3),
        "ms" if value >= 1_000.0 => format!("{:.2} s", value / 1e3),
        "ms" if value < 10.0 => format!("{value:.2} ms"),
        "MiB" if value < 10.0 => format!("{value:.1} MiB"),
        "" => format!("{value:.0}"),
        unit => format!("{value:.0} {unit}"),
    }
}

/// All groups of figures.
#[derive(Debug, Serialize)]
pub struct Report {
    date: String,
    machine: String,
    load: String,
    groups: Vec<(&'static str, Vec<Row>)>,
}

impl Report {
    /// Nothing measured yet; notes the machine and what it is busy with.
    pub fn begin() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let gib = memory_kib().unwrap_or_default().div_ceil(1 << 20);
        Self {
            date: chrono::Utc::now().format("%Y-%m-%d").to_string(),
            machine: format!("{cores} cores, {gib} GiB, {}", std::env::consts::OS),
            load: load(),
            groups: Vec::new(),
        }
    }

    /// Adds a group; says on standard error what it found.
    pub fn add(&mut self, group: &'static str, rows: Vec<Row>) {
        for row in &rows {
            eprintln!("{}", row.markdown());
        }
        self.groups.push((group, rows));
    }

    /// The table, with the day and the machine.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "Measured on {}: {}; load when it began {}.\n\n\
             | what | measured against | runs | median | p99 or worst | limit | | |\n\
             | --- | --- | ---: | ---: | ---: | --- | --- | --- |\n",
            self.date, self.machine, self.load
        );
        for row in self.groups.iter().flat_map(|(_, rows)| rows) {
            let _ = writeln!(text, "{}", row.markdown());
        }
        text
    }

    /// Writes the figures as JSON; returns where.
    pub fn write_json(&self) -> Result<PathBuf> {
        let folder = target();
        std::fs::create_dir_all(&folder)?;
        let path = folder.join("report.json");
        std::fs::write(&path, serde_json::to_string_pretty(self)?)?;
        Ok(path)
    }

    /// Replaces the table of docs/benchmark.md, and the README's key figures.
    pub fn update_readme(&self) -> Result<()> {
        let table = self.markdown();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (file, inside) in [
            ("docs/benchmark.md", &table),
            ("README.md", &key_figures(&table)),
        ] {
            let path = root.join(file);
            let text = std::fs::read_to_string(&path).context(file)?;
            std::fs::write(&path, placed(&text, inside).context(file)?).context(file)?;
        }
        Ok(())
    }
}

/// The text with something else between its marks.
pub fn placed(text: &str, inside: &str) -> Result<String> {
    let (before, rest) = text.split_once(BEGIN).context("no place for figures")?;
    let (_, after) = rest.split_once(END).context("no end of the figures")?;
    Ok(format!("{before}{BEGIN}{inside}{END}{after}"))
}

/// The rows that matter most, out of the table, one a line.
pub fn key_figures(table: &str) -> String {
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let mut text = String::new();
    for (label, name) in KEY {
        let row = rows.iter().find(|cells| cells[0] == name);
        let _ = writeln!(
            text,
            "- {label}: {}",
            row.map_or_else(absent, |row| told(row))
        );
    }
    text
}

fn absent() -> String {
    "not measured".to_owned()
}

/// Median, worst, limit and status of a row of the table.
fn told(cells: &[&str]) -> String {
    let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
    let (median, worst, limit, status) = (cell(3), cell(4), cell(5), cell(6));
    if median.is_empty() {
        return absent();
    }
    let mut text = median.to_owned();
    if !worst.is_empty() {
        let _ = write!(text, ", p99 or worst {worst}");
    }
    if !status.is_empty() {
        let _ = write!(text, " (limit {limit}: {status})");
    }
    text
}

/// `target/bench`, wherever cargo keeps its target folder.
fn target() -> PathBuf {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    own.unwrap_or_else(|| Path::new("target")).join("bench")
}

/// Memory of the machine in KiB.
fn memory_kib() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemTotal"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The load averages.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first: Vec<&str> = text.split_whitespace().take(3).collect();
    first.join(" ")
}
