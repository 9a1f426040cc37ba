//! The picture at the end: planned from the diagnosis, measured, and added to it. Without one the diagnosis is as it was.

use super::super::case::Case;
use super::super::gather::{self, Reader};
use super::super::judge;
use crate::finding::Diagnosis;

/// The diagnosis, with its picture where a curve says it faster.
pub(super) async fn added(
    reader: &Reader,
    case: &Case,
    mut diagnosis: Box<Diagnosis>,
) -> Box<Diagnosis> {
    let Some(plan) = judge::plan(case, &diagnosis) else {
        return diagnosis;
    };
    let measured = gather::curves(reader, case, &plan).await;
    let chart = measured.and_then(|measured| judge::chart(case, &plan, measured));
    diagnosis.charts = chart.into_iter().collect();
    // The reads for it are reads like any other.
    diagnosis.ledger = reader.ledger.lines();
    diagnosis
}
