//! The part of a build's log that belongs to the stage that failed. A whole log says itself where stages begin
//! (`[Pipeline] { (Test)`), which of them were skipped, and where the steps begin that run whatever happened.

use crate::investigation::case::{Build, Record};

/// How a declarative Pipeline calls what runs at its end.
const POST: &str = "Declarative: Post";

/// What is read of a failed build.
pub(super) struct Excerpt {
    /// The stage that failed.
    pub(super) stage: Option<String>,
    /// Why the step failed, in Jenkins' words; may be empty.
    pub(super) error: String,
    /// The records of its log.
    pub(super) records: Vec<Record>,
    /// Whether the time was over.
    pub(super) late: bool,
}

impl Excerpt {
    pub(super) fn of(build: &Build) -> Self {
        let late = build.ending() == crate::investigation::case::Ending::TimedOut;
        let (found, part) = last_stage(&build.log);
        let part = Build {
            log: part.to_owned(),
            ..Build::default()
        };
        let told = build.stage.as_ref();
        let mut records = part.records();
        if records.is_empty() {
            records = build.records();
        }
        Self {
            stage: told.map(|stage| stage.name.clone()).or(found),
            error: told.map(|stage| stage.error.clone()).unwrap_or_default(),
            records,
            late,
        }
    }

    /// Every line, in order.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.records.iter().flat_map(Record::lines)
    }
}

/// The last stage that began before the first that was skipped, and its part of the log.
fn last_stage(log: &str) -> (Option<String>, &str) {
    let (mut stage, mut start, mut end, mut pending) = (None, 0, log.len(), None);
    let mut at = 0;
    for line in log.split_inclusive('\n') {
        if let Some(name) = begins(line) {
            if name.starts_with(POST) {
                end = at;
                break;
            }
            pending = Some((name.to_owned(), at));
        } else if line.contains("skipped due to earlier failure") {
            end = pending.as_ref().map_or(at, |(_, begun)| *begun);
            pending = None;
            break;
        } else if !line.contains("[Pipeline]")
            && let Some((name, begun)) = pending.take()
        {
            (stage, start) = (Some(name), begun);
        }
        at += line.len();
    }
    if let Some((name, begun)) = pending {
        (stage, start) = (Some(name), begun);
    }
    (stage, log.get(start..end).unwrap_or(log))
}

/// `[Pipeline] { (Test)` → `Test`; with a time before it, too.
fn begins(line: &str) -> Option<&str> {
    let (_, name) = line.split_once("[Pipeline] { (")?;
    name.trim_end().strip_suffix(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "Started by an SCM change\n[Pipeline] Start of Pipeline\n[Pipeline] { (Checkout)\nCloning\n[Pipeline] }\n[Pipeline] stage\n[Pipeline] { (Test)\n[Pipeline] sh\n+ mvn test\nTests run: 3, Failures: 1\n[Pipeline] }\n[Pipeline] stage\n[Pipeline] { (Deploy)\nStage \"Deploy\" skipped due to earlier failure(s)\n[Pipeline] { (Declarative: Post Actions)\nError: no report\n";

    #[test]
    fn the_stage_that_failed_is_the_last_before_the_first_that_was_skipped() {
        let (stage, part) = last_stage(LOG);
        assert_eq!(stage.as_deref(), Some("Test"));
        assert!(part.contains("Failures: 1"), "{part}");
        assert!(!part.contains("no report"), "{part}");
    }

    #[test]
    fn a_log_without_stages_is_taken_whole() {
        assert_eq!(last_stage("make: nothing\n"), (None, "make: nothing\n"));
    }
}
