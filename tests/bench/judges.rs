//! Judges and ranking alone: what is decided once everything was read.

use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::Utc;
use vigie::finding::{Kind, Subject, Symptom};
use vigie::investigation::case::{Case, Facts, Scope, workloads};
use vigie::investigation::gather::{self, Reader};
use vigie::investigation::{judge, rank};
use vigie::sandbox::World;
use vigie::sandbox::world::{App, Build};

use super::asker::Asker;
use super::sample::Sample;
use super::table::Row;

/// Workloads of the namespace.
const WORKLOADS: usize = 60;
const RUNS: usize = 2_000;
/// Of the issue on the judges.
const LIMIT_MS: f64 = 5.0;
const AGAINST: &str = "a case of 60 workloads with seven incidents, gathered from the sandbox";

/// For S1 and for a wide question about the same namespace.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    let world = World::start().await?;
    let mut case = gathered(&world).await?;
    let wide = timed("judge and rank a wide question", &case)?;
    let payment = Subject::new(Kind::Deployment, "production", "payment-service");
    case.scope = Scope::Object(payment);
    case.symptoms = vec![Symptom::Slow];
    rows.push(timed("judge and rank S1", &case)?);
    rows.push(wide);
    Ok(())
}

/// The namespace `production`, filled up with healthy workloads, read as a wide question reads it.
async fn gathered(world: &World) -> Result<Case> {
    let asker = Asker::new(&world.kubeconfig(), None, "production").await?;
    let reader = Reader::new(asker.sources(), Duration::from_secs(15));
    let namespaces = vec!["production".to_owned()];
    let mut there = Case::default();
    gather::sweep(&reader, &mut there, &namespaces).await;
    let build = Build::new(&world.cluster);
    for number in workloads(&there).len()..WORKLOADS {
        let name = format!("steady-{number}");
        let app = App::new("production", &name, &format!("registry.example/{name}:1"));
        let _pods = build.install(&app.replicas(3));
    }
    let mut case = Case {
        now: Utc::now(),
        scope: Scope::Namespaces(namespaces.clone()),
        ..Case::default()
    };
    gather::sweep(&reader, &mut case, &namespaces).await;
    let wanted = gather::suspicious(&case, false);
    gather::logs_of(&reader, &mut case, &wanted).await;
    Ok(case)
}

fn timed(name: &str, case: &Case) -> Result<Row> {
    let conclude = || {
        let facts = Facts::of(case);
        rank::conclude(&facts, &judge::judge(&facts))
    };
    ensure!(!conclude().root_causes.is_empty(), "nothing was found");
    ensure!(workloads(case).len() >= WORKLOADS, "too small a namespace");
    let row = Row::new(name, AGAINST, "ms", &Sample::timed(RUNS, conclude));
    Ok(row.median_within(LIMIT_MS))
}
