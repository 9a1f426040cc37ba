//! From the start to ready, and the memory of a process that waits: with nothing open, and with ten
//! thousand incidents.

use std::path::Path;

use anyhow::{Context as _, Result};
use vigie::incident::Incident;
use vigie::sandbox::World;
use vigie::store::{Commit, SledStore, Store as _};

use super::asker::{Asker, S1};
use super::incidents::{CHANNEL, Maker};
use super::process::Vigie;
use super::sample::Sample;
use super::table::Row;

const RUNS: usize = 5;
const MANY: u32 = 10_000;
/// Records written in one commit while preparing.
const CHUNK: usize = 250;
const AGAINST: &str = "the release binary as a process; /readyz; sandbox";

/// Both sizes.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    let world = World::start().await?;
    let memory = "RSS of that process, connected and calm";
    let empty = tempfile::tempdir()?;
    let few = Starts::of(&world, empty.path()).await?;
    rows.extend([
        Row::new("start to ready, no incident", AGAINST, "ms", &few.ready),
        Row::single("memory, idle", memory, "MiB", few.idle).median_within(40.0),
    ]);
    let many = tempfile::tempdir()?;
    let bytes = prepare(&world, many.path()).await?;
    let note = format!("each with its diagnosis: {} KiB of JSON", bytes >> 10);
    let many = Starts::of(&world, many.path()).await?;
    let row = |name: &str, sample| Row::new(name, AGAINST, "ms", sample).median_within(2_000.0);
    rows.extend([
        row("start to ready, 10,000 open incidents", &many.ready).note(note),
        row("start to their deadlines watched", &many.watching),
        Row::single("memory, 10,000 open incidents", memory, "MiB", many.idle),
    ]);
    Ok(())
}

/// Several starts on one store.
struct Starts {
    /// Until `/readyz` said so.
    ready: Sample,
    /// Until the loop knew every deadline.
    watching: Sample,
    /// Memory of the last.
    idle: f64,
}

impl Starts {
    async fn of(world: &World, data: &Path) -> Result<Self> {
        let (mut ready, mut watching) = (Vec::new(), Vec::new());
        let mut idle = 0.0;
        for run in 0..RUNS {
            let mut vigie = Vigie::start(world, data, &[CHANNEL.to_owned()])?;
            ready.push(vigie.ready().await?);
            watching.push(vigie.watching().await?);
            if run + 1 == RUNS {
                idle = vigie.calm().await?;
            }
        }
        Ok(Self {
            ready: Sample::ms(ready),
            watching: Sample::ms(watching),
            idle,
        })
    }
}

/// Fills a store; returns the size of one record.
async fn prepare(world: &World, data: &Path) -> Result<usize> {
    let asker = Asker::new(&world.kubeconfig(), None, "production").await?;
    let maker = Maker::new(asker.ask(S1).await?.diagnosis);
    let store = SledStore::open(data)?;
    let numbers: Vec<u32> = (0..MANY).collect();
    for chunk in numbers.chunks(CHUNK) {
        let incidents: Result<Vec<Incident>> = chunk.iter().map(|n| maker.make(*n)).collect();
        store
            .commit(Commit {
                incidents: incidents?,
                ..Commit::default()
            })
            .await?;
    }
    let open = store.load_live().await?;
    let first = open.first().context("no incident is open")?;
    anyhow::ensure!(open.len() == numbers.len(), "{} are open", open.len());
    Ok(serde_json::to_vec(first)?.len())
}
