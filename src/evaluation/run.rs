//! All cases, a few at a time.

use futures::StreamExt as _;

use super::{Loaded, Report, replay, score};

/// Cases at the same time; each has its own API server.
const AT_ONCE: usize = 4;

/// Replays and scores them.
///
/// # Errors
/// The first case that cannot be built.
pub async fn evaluate(cases: &[Loaded]) -> Result<Report, String> {
    let replays = futures::stream::iter(cases).map(|case| async move {
        let replayed = replay(&case.file).await;
        replayed
            .map(|replayed| (case, replayed))
            .map_err(|why| format!("{}: {why}", case.name))
    });
    let mut report = Report::default();
    let mut replays = replays.buffered(AT_ONCE);
    while let Some(replayed) = replays.next().await {
        let (case, replayed) = replayed?;
        let score = score(&case.file.expect, &replayed);
        report.add(
            &case.name,
            &case.file,
            score,
            replayed.requests,
            replayed.took,
        );
    }
    Ok(report)
}
