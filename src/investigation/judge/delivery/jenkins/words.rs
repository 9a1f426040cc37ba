//! Whose matter a failed stage is, and the lines that say why. Some words decide wherever they stand (no right, a lost
//! agent); others where the stage's name leaves it open: a stage called Build compiles, tests and builds the image.

use std::sync::LazyLock;

use regex::Regex;

use super::excerpt::Excerpt;
use crate::investigation::case::{Level, LogRead, Record};
use crate::text::pattern;

/// Lines quoted.
const LINES: usize = 3;

/// Whose matter a failed stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::investigation::judge::delivery) enum Matter {
    /// The code does not compile, or what it needs is not there.
    Compile,
    /// A test fails.
    Test,
    /// The quality gate of `SonarQube`.
    Gate,
    /// The image cannot be built.
    ImageBuild,
    /// The registry does not take the image.
    ImagePush,
    /// The deployment with Helm.
    Helm,
    /// The tests after the deployment.
    Smoke,
    /// The agent was lost.
    Agent,
    /// Credentials are missing or refused.
    Credentials,
    /// The sources cannot be fetched.
    Checkout,
    /// It took too long.
    Late,
    /// A step failed.
    Other,
}

impl Matter {
    /// Its word in the locale files.
    pub(in crate::investigation::judge::delivery) fn code(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Test => "test",
            Self::Gate => "quality-gate",
            Self::ImageBuild => "image-build",
            Self::ImagePush => "image-push",
            Self::Helm => "helm",
            Self::Smoke => "smoke",
            Self::Agent => "agent",
            Self::Credentials => "credentials",
            Self::Checkout => "checkout",
            Self::Late => "late",
            Self::Other => "other",
        }
    }

    /// Whether the last commit is where to look.
    pub(super) fn is_of_the_code(self) -> bool {
        matches!(
            self,
            Self::Compile | Self::Test | Self::Gate | Self::ImageBuild
        )
    }
}

/// Words of one matter.
struct Words {
    matter: Matter,
    pattern: LazyLock<Option<Regex>>,
}

macro_rules! words {
    ($matter:ident, $pattern:expr) => {
        Words {
            matter: Matter::$matter,
            pattern: LazyLock::new(|| pattern($pattern).ok()),
        }
    };
}

/// What decides whatever the stage is called; the first that is in the log.
static ANYWHERE: [Words; 3] = [
    words!(
        Agent,
        r"(?i)was marked offline|Cannot contact .{1,80}(?:Exception|channel)|Agent was removed|ChannelClosedException|ClosedChannelException: |Unexpected termination of the channel|agent (?:is|went) offline|Timeout waiting for agent|Pod .{1,80} (?:was|has been) (?:deleted|terminated|evicted)|POD_EVICTED|NodeCauseOfInterruption|RemovedNodeListener|Unable to create live FilePath|java\.nio\.channels\.ClosedChannelException"
    ),
    words!(
        Credentials,
        r"(?i)CredentialNotFoundException|Could not find credentials (?:entry|matching)|(?:unauthorized|denied): .{0,60}(?:authentication required|access to the resource|access forbidden|incorrect username or password|not authorized)|no basic auth credentials|Authentication failed for '|could not read (?:Username|Password) for|Permission denied \(publickey|invalid username or password|HTTP Basic: Access denied|Not authorized\. Please check the (?:user token|properties sonar)|\b401 Unauthorized\b|status(?: code)?:? 401\b"
    ),
    words!(
        Gate,
        r"(?i)quality gate (?:failure|failed)|QUALITY GATE STATUS: FAILED|Quality gate is 'ERROR'|status is 'ERROR'.{0,40}quality|aborted due to quality gate"
    ),
];

/// What tells in a stage whose name says several things or nothing.
static INSIDE: [Words; 7] = [
    words!(
        Helm,
        r"(?i)UPGRADE FAILED|INSTALLATION FAILED|helm\.go:\d+|another operation \(install/upgrade/rollback\) is in progress|failed (?:pre|post)-(?:install|upgrade)|timed out waiting for the condition|error: deployment .{1,80} exceeded its progress deadline|unable to build kubernetes objects"
    ),
    words!(
        ImagePush,
        r"(?i)failed to push|error pushing|unable to push|pushing .{1,120} (?:failed|denied)|blob upload (?:invalid|unknown)|manifest (?:blob unknown|invalid)|received unexpected HTTP status: 5\d\d|quota.{0,40}exceeded.{0,40}(?:push|upload)|server gave HTTP response to HTTPS client|TOOMANYREQUESTS"
    ),
    words!(
        ImageBuild,
        r"(?i)failed to solve|failed to compute cache key|executor failed running|dockerfile parse error|COPY failed|ADD failed|error building image|returned a non-zero code: \d+|did not complete successfully: exit code|pull access denied for|failed to read dockerfile"
    ),
    words!(
        Compile,
        r"(?i)COMPILATION ERROR|cannot find symbol|Compilation (?:failure|failed)|error TS\d+:|\berror\[E\d+\]|SyntaxError:|\.go:\d+:\d+: (?:undefined|cannot use|syntax error|imported and not used)|Could not resolve dependencies|Could not find artifact|npm (?:ERR!|error) (?:404|ERESOLVE)|ERESOLVE unable to resolve|Module not found|Cannot find module|error CS\d{4}|No matching distribution found|Execution failed for task ':.{0,60}compile|fatal error: .{1,80}: No such file|\.java:\[\d+,\d+\]|\.(?:c|cc|cpp|h|swift|kt|scala):\d+(?::\d+)?: (?:fatal )?error"
    ),
    words!(
        Test,
        r"(?i)There are test failures|Tests run: \d+, (?:Failures: [1-9]|Failures: 0, Errors: [1-9])|<<< (?:FAILURE|ERROR)!|\bAssertion(?:Error|FailedError)\b|^--- FAIL: |^FAILED .+::|^=+ .*\b[1-9]\d* failed|^Tests:\s+[1-9]\d* failed|Test Suites: [1-9]\d* failed|[1-9]\d* examples?, [1-9]\d* failures?|test result: FAILED|^\s+\d+\) .+|There (?:were|was) [1-9]\d* failures?|Failed!\s+- Failed:\s+[1-9]|tests completed, [1-9]\d* failed|^\s*●"
    ),
    words!(
        Checkout,
        r"(?i)Error (?:cloning|fetching) remote repo|Couldn't find any revision to build|fatal: (?:unable to access|couldn't find remote ref|repository .{1,160} not found)|stderr: fatal:|Maximum checkout retry attempts reached|does not appear to be a git repository"
    ),
    words!(
        Smoke,
        r"(?i)smoke test|health ?check (?:failed|did not)|curl: \(\d+\)|expected (?:HTTP )?status.{0,30}(?:200|2xx)|The requested URL returned error: \d+"
    ),
];

/// Words of a stage's name, the narrowest first.
const STAGES: [(Matter, &[&str]); 9] = [
    (Matter::Gate, &["sonar", "quality", "qualité"]),
    (
        Matter::Smoke,
        &[
            "smoke",
            "sanity",
            "e2e",
            "end-to-end",
            "health",
            "verif",
            "acceptance",
        ],
    ),
    (Matter::ImagePush, &["push", "publish"]),
    (
        Matter::Helm,
        &[
            "deploy",
            "déploi",
            "helm",
            "release",
            "rollout",
            "livraison",
        ],
    ),
    (
        Matter::ImageBuild,
        &["docker", "image", "kaniko", "container", "buildah"],
    ),
    (Matter::Test, &["test", "junit", "lint"]),
    (Matter::Checkout, &["checkout", "scm", "clone", "fetch"]),
    (
        Matter::Compile,
        &[
            "compil", "build", "package", "assemble", "install", "maven", "gradle", "npm",
        ],
    ),
    (Matter::Credentials, &["login", "credential"]),
];

/// Whose matter it is.
pub(super) fn matter(excerpt: &Excerpt) -> Matter {
    let said = |all: &[Words]| {
        let found = all
            .iter()
            .find(|words| excerpt.lines().any(|line| words.has(line)));
        let in_error = all.iter().find(|words| words.has(&excerpt.error));
        found.or(in_error).map(|words| words.matter)
    };
    if let Some(matter) = said(&ANYWHERE) {
        return matter;
    }
    let inside = said(&INSIDE);
    match (named(excerpt), inside) {
        // Tests do not run where their code does not compile; "Build" says nothing of what it does.
        (Some(Matter::Test), Some(Matter::Compile)) => Matter::Compile,
        (None | Some(Matter::Compile | Matter::ImageBuild), Some(inside))
        | (Some(Matter::ImagePush), Some(inside @ Matter::ImageBuild)) => inside,
        (_, None) if excerpt.late => Matter::Late,
        (Some(named), _) => named,
        (None, None) => Matter::Other,
    }
}

fn named(excerpt: &Excerpt) -> Option<Matter> {
    let name = excerpt.stage.as_ref()?.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let mut all = STAGES.iter().filter(|(_, words)| has(words));
    all.next().map(|(matter, _)| *matter)
}

/// The lines that say why: those with the words of the matter, the first ones (the first error of a compiler is the
/// one to mend); else the record that says why as in any log; else Jenkins' own words.
pub(super) fn telling(matter: Matter, excerpt: &Excerpt) -> Vec<String> {
    let words = ANYWHERE
        .iter()
        .chain(&INSIDE)
        .find(|words| words.matter == matter);
    let mut lines: Vec<String> = Vec::new();
    let own = excerpt
        .lines()
        .filter(|line| words.is_some_and(|words| words.has(line)));
    for line in own.map(trimmed) {
        let is_new = !lines.iter().any(|known| known == line);
        if is_new && lines.len() < LINES {
            lines.push(line.to_owned());
        }
    }
    let reason = reason(excerpt);
    if lines.len() < LINES
        && let Some(reason) = reason
    {
        let known = lines.iter().any(|line| line == reason);
        if !known {
            lines.push(reason.to_owned());
        }
    }
    if lines.is_empty() && !excerpt.error.is_empty() {
        lines.push(excerpt.error.clone());
    }
    lines
}

fn trimmed(line: &str) -> &str {
    line.trim()
}

/// The line that says why, in a record that is loud at all.
fn reason(excerpt: &Excerpt) -> Option<&str> {
    let log = LogRead {
        namespace: String::new(),
        pod: String::new(),
        container: String::new(),
        previous: false,
        records: excerpt.records.clone(),
    };
    let chosen = log.reason()?;
    let own = excerpt
        .records
        .iter()
        .rev()
        .find(|record| *record == chosen)?;
    let alone = excerpt
        .records
        .iter()
        .all(|record| record.level < Level::Error);
    (own.level >= Level::Error || alone).then(|| Record::why(own))
}

impl Words {
    fn has(&self, line: &str) -> bool {
        self.pattern.as_ref().is_some_and(|it| it.is_match(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::investigation::case::{Build, Stage};

    fn of(stage: &str, log: &str) -> (Matter, Vec<String>) {
        let build = Build {
            result: Some("FAILURE".into()),
            stage: (!stage.is_empty()).then(|| Stage {
                name: stage.into(),
                ..Stage::default()
            }),
            log: log.into(),
            ..Build::default()
        };
        let excerpt = Excerpt::of(&build);
        let matter = matter(&excerpt);
        (matter, telling(matter, &excerpt))
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of what logs say")]
    fn each_matter_is_told_from_the_others() {
        let cases = [
            (
                "Build",
                "[ERROR] COMPILATION ERROR :\n[ERROR] /w/src/A.java:[12,9] cannot find symbol\n",
                Matter::Compile,
            ),
            (
                "Build",
                "[ERROR] Tests run: 41, Failures: 1, Errors: 0\n[ERROR] There are test failures.\n",
                Matter::Test,
            ),
            (
                "Test",
                "src/a.go:7:2: undefined: x\nFAIL\n",
                Matter::Compile,
            ),
            (
                "Unit tests",
                "--- FAIL: TestLogin (0.00s)\n    login_test.go:12: want 200, got 500\n",
                Matter::Test,
            ),
            (
                "Quality Gate",
                "SonarQube task 'AY' completed. Quality gate is 'ERROR'\n",
                Matter::Gate,
            ),
            (
                "Build & push image",
                "ERROR: failed to solve: process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 1\n",
                Matter::ImageBuild,
            ),
            (
                "Build & push image",
                "error pushing image: received unexpected HTTP status: 503 Service Unavailable\n",
                Matter::ImagePush,
            ),
            (
                "Push",
                "denied: requested access to the resource is denied\n",
                Matter::Credentials,
            ),
            (
                "Deploy",
                "Error: UPGRADE FAILED: timed out waiting for the condition\n",
                Matter::Helm,
            ),
            (
                "Smoke tests",
                "curl: (22) The requested URL returned error: 503\n",
                Matter::Smoke,
            ),
            (
                "Test",
                "Cannot contact linux-2: hudson.remoting.ChannelClosedException: gone\n",
                Matter::Agent,
            ),
            (
                "Checkout",
                "ERROR: Could not find credentials entry with ID 'git-deploy'\n",
                Matter::Credentials,
            ),
            (
                "Checkout",
                "stderr: fatal: couldn't find remote ref refs/heads/main\n",
                Matter::Checkout,
            ),
            ("", "something odd\n", Matter::Other),
        ];
        for (stage, log, matter) in cases {
            let (found, lines) = of(stage, log);
            assert_eq!(found, matter, "{stage}: {log}");
            assert!(!lines.is_empty(), "{stage}: {log}");
        }
    }

    #[test]
    fn the_line_that_says_why_is_chosen_over_the_one_that_is_loud() {
        let log = "[INFO] Running shop.UserTest\n[ERROR] Tests run: 12, Failures: 1, Errors: 0, Skipped: 0 <<< FAILURE! - in shop.UserTest\n[ERROR] UserTest.rejectsBlankMail:41 expected: <400> but was: <500>\n[INFO] BUILD FAILURE\n[ERROR] -> [Help 1]\nERROR: script returned exit code 1\n";
        let (_, lines) = of("Test", log);
        assert!(lines[0].contains("shop.UserTest"), "{lines:?}");
        assert!(
            lines.iter().any(|line| line.contains("expected: <400>")),
            "{lines:?}"
        );
        assert!(
            !lines.iter().any(|line| line.contains("exit code")),
            "{lines:?}"
        );
    }
}
