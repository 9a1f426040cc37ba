//! Durable commits: each answered when it is on disk. Beside them what the disk itself takes to be sure.

use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;
use vigie::incident::Incident;
use vigie::sandbox::World;
use vigie::store::{Commit, SledStore, Store};

use super::asker::{Asker, S1};
use super::incidents::Maker;
use super::sample::Sample;
use super::table::Row;

/// Commits of the single writer, and of each of the many.
const ONE: usize = 500;
const EACH: usize = 30;
const MANY: u32 = 64;
const AGAINST: &str = "the embedded store in a temp folder, records with a diagnosis";

/// One writer, then sixty-four.
pub async fn measure(rows: &mut Vec<Row>) -> Result<()> {
    let world = World::start().await?;
    let asker = Asker::new(&world.kubeconfig(), None, "production").await?;
    let maker = Maker::new(asker.ask(S1).await?.diagnosis);
    let folder = tempfile::tempdir()?;
    let store: Arc<dyn Store> = Arc::new(SledStore::open(&folder.path().join("store"))?);
    let before = fdatasync(folder.path())?.median();
    let took = writer(&store, maker.make(0)?, ONE).await?;
    let after = fdatasync(folder.path())?.median();
    let disk = format!("the disk's fdatasync of 4 KiB: {before:.2} ms before, {after:.2} ms after");
    let sample = Sample::ms(took);
    rows.push(Row::new("durable commit, one writer", AGAINST, "ms", &sample).note(disk));
    many(rows, &store, &maker).await
}

/// Sixty-four writers at the same time: what waits together is written together.
async fn many(rows: &mut Vec<Row>, store: &Arc<dyn Store>, maker: &Maker) -> Result<()> {
    let incidents: Result<Vec<Incident>> = (1..=MANY).map(|n| maker.make(n)).collect();
    let incidents = incidents?;
    let begun = Instant::now();
    let writers = incidents.into_iter().map(|incident| {
        let store = Arc::clone(store);
        tokio::spawn(async move { writer(&store, incident, EACH).await })
    });
    let mut took = Vec::new();
    for times in try_join_all(writers).await? {
        took.extend(times?);
    }
    let per_second = f64::from(u32::try_from(took.len())?) / begun.elapsed().as_secs_f64();
    let sample = Sample::ms(took);
    rows.push(Row::new(
        "durable commit, 64 writers",
        AGAINST,
        "ms",
        &sample,
    ));
    let name = "durable commits per second, 64 writers";
    rows.push(Row::single(name, AGAINST, "/s", per_second));
    Ok(())
}

/// Commits a record again and again, as its life does.
async fn writer(
    store: &Arc<dyn Store>,
    mut incident: Incident,
    commits: usize,
) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(commits);
    for _ in 0..commits {
        let begun = Instant::now();
        store.commit(Commit::of(incident.clone())).await?;
        took.push(begun.elapsed());
        incident.version += 1;
    }
    Ok(took)
}

/// What the file system takes to put 4 KiB on the disk.
fn fdatasync(folder: &Path) -> Result<Sample> {
    let mut file = std::fs::File::create(folder.join("fdatasync"))?;
    let mut took = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        file.rewind()?;
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    Ok(Sample::ms(took))
}
