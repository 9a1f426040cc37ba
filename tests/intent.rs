//! The time a question may take to be understood, however it is made.

use std::time::Duration;

use vigie::finding::Kind;
use vigie::intent::{Candidate, Scope, Vocabulary, parse, resolve};

use crate::stopwatch::Stopwatch;

/// Generous for an unoptimised build on a busy machine; quadratic behaviour takes minutes.
#[test]
fn ten_kilobytes_of_anything_are_read_at_once() {
    let live: Vec<Candidate> = (0..300)
        .map(|n| Candidate::new(Kind::Deployment, "production", format!("part-{n}-service")))
        .collect();
    let vocabulary = Vocabulary::default();
    for unit in [
        "a",
        "<",
        ">",
        "<@",
        "<http://a|",
        "`",
        "```",
        "pas ",
        "n'",
        "ne plus ",
        "a-",
        "é",
        "\u{301}",
        "😀",
        ":a:",
        "zzzzz ",
        "deploiement ",
        "payment ",
        "paymnt et ",
        "met ",
        "what ",
        "not ",
        "1/",
        ". ",
        "x.y",
        "Aa",
        "-la",
    ] {
        let text = unit.repeat(10_240 / unit.len());
        let start = Stopwatch::start();
        let asked = parse(&text, &vocabulary, None);
        let _ = resolve(
            asked.object.as_ref(),
            &live,
            &Scope::of(&asked, &vocabulary),
        );
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{unit:?} took {:?}",
            start.elapsed()
        );
    }
}
