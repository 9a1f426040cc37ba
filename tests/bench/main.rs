//! The benchmark: `cargo bench` measures the promises that have a number, prints a Markdown table, and
//! writes the same as JSON to `target/bench/report.json`. `VIGIE_UPDATE_README=1 cargo bench` also puts
//! the table into docs/benchmark.md, and its key figures into the README. `cargo bench -- start store` runs only these groups.
//!
//! Everything is on loopback. What it needs and does not find is a row that says SKIPPED; what fails is
//! a row that says why. A figure beyond its limit says MISSED and does not fail the run: the table is
//! what people read.

#[path = "../cluster/mod.rs"]
#[allow(
    unused_imports,
    reason = "its tests are left out here, their imports are not"
)]
mod cluster;

mod alert;
mod asker;
mod control_plane;
mod fired;
mod incidents;
mod judges;
mod parts;
mod process;
mod reply;
mod sample;
mod sandbox;
mod start;
mod store;
mod storm;
mod table;
mod webhook;
mod words;

use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use anyhow::{Context as _, Result};
use futures::FutureExt as _;

use table::{Report, Row};

/// The groups that were asked for; all without any.
struct Wanted(Vec<String>);

impl Wanted {
    /// Measures one group, unless others were asked for. What was measured before a failure stays; the
    /// failure (the control plane's harness panics) becomes a row.
    async fn group(
        &self,
        report: &mut Report,
        name: &'static str,
        measure: impl AsyncFnOnce(&mut Vec<Row>) -> Result<()>,
    ) {
        if !self.0.is_empty() && !self.0.iter().any(|wanted| wanted == name) {
            return;
        }
        eprintln!("== {name}");
        let begun = Instant::now();
        let mut rows = Vec::new();
        let measured = AssertUnwindSafe(measure(&mut rows)).catch_unwind().await;
        match measured {
            Ok(Ok(())) => {}
            Ok(Err(error)) => rows.push(Row::failed(name, &format!("{error:#}"))),
            Err(panic) => rows.push(Row::failed(name, words_of(panic.as_ref()))),
        }
        report.add(name, rows);
        eprintln!("== {name}: {:.1} s", begun.elapsed().as_secs_f64());
    }
}

/// What a panic said, without the backtrace that may hang on it.
fn words_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next())
        .unwrap_or("it panicked")
}

async fn measure(wanted: &Wanted) -> Report {
    let mut report = Report::begin();
    let all = &mut report;
    wanted.group(all, "judges", judges::measure).await;
    wanted.group(all, "parts", parts::measure).await;
    wanted.group(all, "store", store::measure).await;
    wanted.group(all, "reply", reply::measure).await;
    wanted.group(all, "sandbox", sandbox::measure).await;
    wanted.group(all, "start", start::measure).await;
    wanted.group(all, "storm", storm::measure).await;
    wanted.group(all, "webhook", webhook::measure).await;
    wanted.group(all, "cluster", control_plane::measure).await;
    report
}

fn main() -> Result<()> {
    // The second provider would be refused; whichever is there is ours.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Cargo's own arguments begin with a dash.
    let names = std::env::args().skip(1).filter(|arg| !arg.starts_with('-'));
    let wanted = Wanted(names.collect());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime")?;
    let report = runtime.block_on(measure(&wanted));
    let path = report.write_json()?;
    eprintln!("{}", path.display());
    if std::env::var_os("VIGIE_UPDATE_README").is_some() && wanted.0.is_empty() {
        report.update_readme()?;
    }
    let mut stdout = std::io::stdout();
    stdout
        .write_all(report.markdown().as_bytes())
        .context("standard output")
}
