//! What Jenkins writes around a log, and what build tools say after every failure: it says that something failed, and
//! never what.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// What a Pipeline writes when it waits for an agent (`ExecutorStepExecution`).
const WAITING: &str = "Still waiting to schedule task";

/// The Timestamper plugin's prefix: `[2026-11-23T09:12:33.123Z] `, or the time of day.
static STAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"^(?:\[\d{4}-\d{2}-\d{2}T[\d:.]+Z?\]\s?|\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\s{1,2})").ok()
});

static WRAPPING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"^\s*(?:\[Pipeline\]|\[withMaven\]|Finished: [A-Z_]+|Post stage|Failed in branch |Sending interrupts|Terminated$|",
        r"Stage .+ skipped due to earlier failure|Archiving artifacts|Recording test results|\[Checks API\]|\[JUnit|\[Bitbucket\]|\[Slack\]|Email was triggered|",
        r"ERROR: script returned exit code|hudson\.AbortException: script returned exit code|Also:\s|org\.jenkinsci\.plugins\.workflow\.actions\.ErrorAction|",
        r"GitHub has been notified|Notifying (?:Bitbucket|GitHub|GitLab)|Setting status of |Could not update commit status|",
        r"\+ |set [+-]x)",
        r"|^\[(?:ERROR|INFO)\]\s*(?:BUILD FAILURE|-> \[Help|To see the full stack trace|Re-run Maven|For more information about the errors|\[Help \d+\]|After correcting the problems|  mvn <|-+|Total time|Finished at|See .*surefire-reports|See dump files|$)",
        r"|^npm (?:ERR!|error) (?:code|path|command|errno|signal|syscall|workspace|location|lifecycle|A complete log|\s*$)|^npm (?:ERR!|error)\s*$|^error Command failed with exit code|^info Visit https://yarnpkg",
        r"|^make(?:\[\d+\])?: \*\*\* .* Error \d+|^\* (?:Try|Get more help)|^> (?:Run with|Get more help)|^BUILD FAILED in|^FAILURE: Build failed with an exception",
        r"|^(?:FAIL|exit status \d+|Error: Process completed|ERROR: Job failed)\s*$"
    ))
    .ok()
});

/// The line without the time that a plugin wrote before it.
pub(super) fn without_stamp(line: &str) -> &str {
    let found = STAMP.as_ref().and_then(|stamp| stamp.find(line));
    found.map_or(line, |stamp| line.get(stamp.end()..).unwrap_or_default())
}

/// Whether the line only stands around what happened.
pub(super) fn is_wrapping(line: &str) -> bool {
    line.trim().is_empty() || WRAPPING.as_ref().is_some_and(|it| it.is_match(line))
}

/// Why a running build waits, where its log ends with that. Agents in pods tell of their pod after it.
#[must_use]
pub fn waits_for(log: &str) -> Option<&str> {
    let at = log.rfind(WAITING)?;
    let after = log.get(at + WAITING.len()..)?.lines();
    let after = after.map(|line| without_stamp(line).trim());
    let said: Vec<&str> = after.filter(|line| !line.is_empty()).collect();
    let goes_on = |line: &&str| line.starts_with("Running on ") || line.starts_with("[Pipeline]");
    if said.iter().any(goes_on) {
        return None;
    }
    let says = |line: &&&str| {
        let words = ["offline", "label", "executor"];
        words.iter().any(|word| line.contains(word))
    };
    let why = said.iter().find(says).or(said.last());
    Some(why.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_failure_is_known() {
        for line in [
            "[Pipeline] }",
            "ERROR: script returned exit code 1",
            "Finished: FAILURE",
            "[ERROR] -> [Help 1]",
            "+ mvn -B verify",
            "[INFO] ------------------------------------------------------------------------",
            "make: *** [Makefile:12: test] Error 2",
        ] {
            assert!(is_wrapping(line), "{line}");
        }
        for line in [
            "[ERROR] Tests run: 12, Failures: 1",
            "Error: UPGRADE FAILED: timed out waiting for the condition",
            "--- FAIL: TestLogin (0.00s)",
        ] {
            assert!(!is_wrapping(line), "{line}");
        }
    }

    #[test]
    fn the_time_before_a_line_is_taken_off() {
        assert_eq!(
            without_stamp("[2026-11-23T09:12:33.123Z] Error: x"),
            "Error: x"
        );
        assert_eq!(without_stamp("09:12:33  Error: x"), "Error: x");
        assert_eq!(without_stamp("Error: x"), "Error: x");
    }

    #[test]
    fn a_build_that_waits_for_an_agent_says_so_at_the_end_of_its_log() {
        let waits = "[Pipeline] node\nStill waiting to schedule task\n‘linux-1’ is offline\n";
        assert_eq!(waits_for(waits), Some("‘linux-1’ is offline"));
        let goes_on = format!("{waits}Running on linux-1 in /home/x\n[Pipeline] {{\n");
        assert_eq!(waits_for(&goes_on), None);
        let stamped = "[2026-11-23T09:12:33.123Z] Still waiting to schedule task\n[2026-11-23T09:12:33.123Z] ‘linux-1’ is offline\n[2026-11-23T09:13:00.000Z] Running on linux-1 in /home/x\n";
        assert_eq!(waits_for(stamped), None);
        let pod = format!(
            "{waits}Created Pod: kubernetes ci/linux-1\n[Warning][ci/linux-1][FailedScheduling] 0/3 nodes\n"
        );
        assert_eq!(waits_for(&pod), Some("‘linux-1’ is offline"));
        assert_eq!(waits_for("building\n"), None);
    }
}
