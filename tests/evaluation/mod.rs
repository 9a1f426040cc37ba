//! Every case of the repository replayed, from the words of the question to the ranked answer.

mod faults;
mod listened;
mod unusual;

use std::path::Path;

use vigie::evaluation::{evaluate, load_all};

/// The share of right first answers below which nothing lands; the same for the sure ones.
const ENOUGH: f64 = 0.95;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_answer_is_right_and_nobody_is_woken_for_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let cases = load_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    let report = evaluate(&cases).await.unwrap_or_else(|why| panic!("{why}"));
    let text = report.text();
    assert!(report.first_right() >= ENOUGH, "\n{text}");
    assert!(report.false_alarms().is_empty(), "\n{text}");
    // What is named beside the cause and must not be: rarely.
    assert!(report.forbidden().len() * 25 <= report.len(), "\n{text}");
    let (sure, answers) = report.calibration();
    assert!(answers > 0 && sure >= ENOUGH, "\n{text}");
}
