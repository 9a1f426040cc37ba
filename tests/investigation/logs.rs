//! Logs as languages and frameworks write them: which line says why, and whom it names
//! (`tests/investigation/logs/*.yaml`). And that nothing a container may write does any harm.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde::Deserialize;
use vigie::investigation::case::{LogRead, addresses_in_text, parse_log, templates};

/// One excerpt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Excerpt {
    /// Language, framework or tool.
    from: String,
    text: String,
    /// Part of the line that says why.
    why: String,
    /// The address it names, `host:port` or `host`; nothing: none.
    #[serde(default)]
    address: Option<String>,
}

fn excerpts() -> Vec<Excerpt> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/investigation/logs");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path| serde_saphyr::from_str::<Vec<Excerpt>>(&fs::read_to_string(path).unwrap());
    paths
        .into_iter()
        .flat_map(|path| read(path).unwrap())
        .collect()
}

fn log(bytes: &[u8]) -> LogRead {
    LogRead {
        namespace: "production".into(),
        pod: "app-1".into(),
        container: "app".into(),
        previous: true,
        records: parse_log(bytes),
    }
}

#[test]
fn the_line_that_says_why_is_found_in_every_language() {
    let all = excerpts();
    let mut wrong = Vec::new();
    for excerpt in &all {
        let log = log(excerpt.text.as_bytes());
        let why = log.reason().map_or("", |record| record.why());
        if !why.contains(&excerpt.why) {
            wrong.push(format!("{}: {why:?}, not {:?}", excerpt.from, excerpt.why));
        }
        let said = addresses_in_text(why).into_iter().next();
        let said = said.map(|it| match it.port {
            Some(port) => format!("{}:{port}", it.host),
            None => it.host,
        });
        if said != excerpt.address {
            wrong.push(format!(
                "{}: {said:?}, not {:?} in {why:?}",
                excerpt.from, excerpt.address
            ));
        }
    }
    assert!(all.len() >= 80, "{} excerpts", all.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

#[test]
fn one_line_of_five_megabytes_is_read_and_cut() {
    let line = vec![b'x'; 5 << 20];
    let records = parse_log(&line);
    assert_eq!(records.len(), 1);
    assert!(records[0].text.len() <= 4096);
    let braces = vec![b'{'; 5 << 20];
    assert_eq!(parse_log(&braces).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn arbitrary_bytes_are_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let log = log(&bytes);
        if let Some(reason) = log.reason() {
            prop_assert!(addresses_in_text(reason.why()).len() <= bytes.len());
        }
        let lines = bytes.split(|byte| *byte == b'\n').count();
        prop_assert!(log.records.len() <= lines);
        prop_assert!(templates(log.records.iter().map(|it| it.text.as_str())).len() <= lines);
    }

    #[test]
    fn lines_made_of_log_words_are_harmless(words in proptest::collection::vec(
        "(ERROR|level=|msg=\"|<3>|\\{\"msg\":|Traceback|panic:|Caused by:|---> |fail: X\\[0\\]|E1126 08:00:00|\\n|\t| |[a-z\"}<>=0-9é]{0,6})", 0..120,
    )) {
        let text = words.concat();
        let log = log(text.as_bytes());
        if let Some(reason) = log.reason() {
            prop_assert!(reason.why().len() <= 4096);
        }
    }
}
