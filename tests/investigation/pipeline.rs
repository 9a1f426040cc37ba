//! S9 through the sandbox: the pipeline is red, and the answer says where, why, since which commit, and whose matter it
//! is. And Jenkins refusing, sending a login page, lacking its plugin, hanging, or holding a log of 200 MB.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use serde_json::{Value, json};
use vigie::clients::jenkins::Jenkins;
use vigie::clients::sonarqube::SonarQube;
use vigie::finding::{Cause, Diagnosis, Kind, LedgerStatus, Verdict};
use vigie::investigation::capture::capture;
use vigie::investigation::case::Case;
use vigie::investigation::gather::{Ci, Sources, Waits};
use vigie::investigation::run::{self, Outcome};
use vigie::sandbox::World;
use vigie::sandbox::fault::Wire;
use vigie::sandbox::jenkins::{self, Controller};
use vigie::sandbox::sonarqube::{self, Sonar};
use vigie::sandbox::world::{App, Build};
use vigie::text::Redactor;

use super::{PATIENCE, asked, question, show, sources};

const S9: &str = "la pipeline de user-service est rouge";
/// How long a tool is waited for that never answers.
const SHORT: Duration = Duration::from_millis(800);

/// A world in which `user-service` is well and its pipeline is red.
struct Story {
    world: World,
    jenkins: Controller,
    sonar: Sonar,
    /// How long each of the two is waited for.
    wait: Duration,
}

fn minutes_ago(world: &World, minutes: i64) -> Value {
    json!(world.clock.now() - chrono::TimeDelta::minutes(minutes))
}

impl Story {
    async fn new(log: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let world = World::start().await.unwrap();
        let build = Build::new(&world.cluster);
        let _ = build.install(&App::new(
            "production",
            "signup-service",
            "registry.example/shop/signup:3",
        ));
        let jobs = json!({ "jobs": [{
            "name": "shop/signup-service/main",
            "builds": [
                {
                    "number": 128, "result": "FAILURE", "started": minutes_ago(&world, 12), "seconds": 180,
                    "commits": [{ "id": "4f1c2d9a0b7e4d1f9a11", "author": "Jane Martin", "message": "Validate the e-mail, password=FAKE-hunter2-hunter2" }],
                    "stage": { "name": "Unit tests", "step": "Shell Script", "error": "script returned exit code 1" },
                    "log": log,
                },
                { "number": 127, "result": "SUCCESS", "started": minutes_ago(&world, 300), "seconds": 400 },
            ],
        }] });
        let jenkins = Controller::start(world.clock.clone(), jobs).unwrap();
        let gates = json!({ "gates": [{
            "project": "shop:signup-service", "branch": "main", "status": "ERROR", "analysed": minutes_ago(&world, 10),
            "conditions": [{ "metric": "new_coverage", "comparator": "LT", "threshold": "80", "actual": "62.5" }],
        }] });
        let sonar = Sonar::start(world.clock.clone(), gates).unwrap();
        Self {
            world,
            jenkins,
            sonar,
            wait: PATIENCE,
        }
    }

    fn ci(&self, token: &str) -> Ci {
        let base = self.jenkins.url().parse().unwrap();
        let jenkins = Jenkins::new(base, jenkins::USER, SecretString::from(token), PATIENCE);
        let base = self.sonar.url().parse().unwrap();
        let sonar = SonarQube::new(base, SecretString::from(sonarqube::TOKEN), PATIENCE);
        Ci {
            jenkins: Some(jenkins.unwrap()),
            sonarqube: Some(sonar.unwrap()),
        }
    }

    async fn ask(&self, text: &str) -> Diagnosis {
        self.ask_with(text, self.ci(jenkins::TOKEN)).await.0
    }

    async fn ask_with(&self, text: &str, ci: Ci) -> (Diagnosis, Case) {
        let sources = Sources {
            ci,
            playbooks: Arc::default(),
            redactor: Arc::new(Redactor::new([jenkins::TOKEN])),
            waits: Waits::each(self.wait),
            ..sources(&self.world).await
        };
        let question = question(asked(text));
        let now = self.world.clock.now();
        match run::run_keeping(sources, &question, now, &|_| {}).await {
            (Outcome::Diagnosed(diagnosis, _), case) => (*diagnosis, case),
            (Outcome::Ambiguous(candidates), _) => panic!("ambiguous: {candidates:?}"),
        }
    }
}

const TESTS_FAIL: &str = "[ERROR] Tests run: 12, Failures: 1, Errors: 0 <<< FAILURE! -- in shop.SignupTest\norg.opentest4j.AssertionFailedError: expected: <400> but was: <500>\n[INFO] BUILD FAILURE\nexport DB_PASSWORD=FAKE-hunter2-hunter2\n";

fn signup(text: &str) -> String {
    text.replace("user-service", "signup-service")
}

fn status(diagnosis: &Diagnosis, step: &str) -> Option<LedgerStatus> {
    let line = diagnosis.ledger.iter().find(|line| line.step == step);
    line.map(|line| line.status)
}

/// Nobody looked at the pipeline, and nobody says anything of it.
fn says_that_it_could_not_look(diagnosis: &Diagnosis, status_is: LedgerStatus) {
    let shown = show(diagnosis);
    assert_eq!(diagnosis.verdict, Verdict::CouldNotLook, "{shown}");
    assert_eq!(status(diagnosis, "jenkins"), Some(status_is), "{shown}");
    assert!(diagnosis.root_causes.is_empty(), "{shown}");
    assert!(shown.contains("Jenkins n'a pas pu être lu"), "{shown}");
}

#[tokio::test]
async fn s9_the_pipeline_is_red_because_a_test_fails_since_one_commit() {
    let story = Story::new(TESTS_FAIL).await;
    let diagnosis = story.ask(&signup(S9)).await;
    let shown = show(&diagnosis);
    let root = &diagnosis.root_causes[0];
    assert_eq!(root.finding.cause, Cause::JenkinsStageFailed, "{shown}");
    assert_eq!(root.finding.subject.kind, Kind::JenkinsJob);
    for words in [
        "shop/signup-service/main",
        "#128",
        "Unit tests",
        "un test échoue",
        "expected: <400> but was: <500>",
        "4f1c2d9a0",
        "Jane Martin",
        "git show 4f1c2d9a0",
        "#127",
    ] {
        assert!(shown.contains(words), "does not say {words:?}:\n{shown}");
    }
    assert!(!shown.contains("hunter2"), "{shown}");
    let asked = story.jenkins.asked().len();
    assert!(asked <= 8, "{asked} requests: {:?}", story.jenkins.asked());
}

#[tokio::test]
async fn nothing_secret_of_a_log_is_kept() {
    let story = Story::new(TESTS_FAIL).await;
    let (diagnosis, case) = story.ask_with(&signup(S9), story.ci(jenkins::TOKEN)).await;
    assert!(case.pipelines.jobs[0].builds[0].log.contains("SignupTest"));
    let kept = serde_json::to_string(&case).unwrap();
    assert!(!kept.contains("hunter2"), "{kept}");
    let captured = capture(&case, &diagnosis, &Redactor::default());
    assert_eq!(
        captured["jenkins"]["jobs"][0]["name"],
        "shop/signup-service/main"
    );
}

#[tokio::test]
async fn the_gate_is_the_cause_where_the_gate_stops_it() {
    let log = "ANALYSIS SUCCESSFUL, you can find the results at: https://sonar.example/dashboard?id=shop%3Asignup-service&branch=main\nSonarQube task 'AY' completed. Quality gate is 'ERROR'\n";
    let story = Story::new(log).await;
    story.sonar.make_old();
    let diagnosis = story.ask(&signup(S9)).await;
    let shown = show(&diagnosis);
    let root = &diagnosis.root_causes[0];
    assert_eq!(root.finding.cause, Cause::SonarQualityGateFailed, "{shown}");
    assert_eq!(root.finding.subject.name, "shop:signup-service");
    assert!(shown.contains("62.5") && shown.contains("80"), "{shown}");
    assert!(
        root.explains.contains(&"jenkins-stage-failed".to_owned()),
        "{shown}"
    );
}

#[tokio::test]
async fn a_gate_that_cannot_be_read_leaves_what_jenkins_says() {
    let log = "SonarQube task 'AY' completed. Quality gate is 'ERROR'\n";
    let story = Story::new(log).await;
    story.sonar.fault("/api", Wire::Status(403, String::new()));
    let diagnosis = story.ask(&signup(S9)).await;
    let shown = show(&diagnosis);
    assert_eq!(
        diagnosis.root_causes[0].finding.cause,
        Cause::JenkinsStageFailed,
        "{shown}"
    );
    assert_eq!(
        status(&diagnosis, "sonarqube"),
        Some(LedgerStatus::NotPermitted)
    );
    assert!(shown.contains("quality gate SonarQube"), "{shown}");
}

#[tokio::test]
async fn a_wrong_token_is_not_a_green_pipeline() {
    let story = Story::new(TESTS_FAIL).await;
    let ci = story.ci("FAKE-old-token");
    let (diagnosis, _) = story.ask_with(&signup(S9), ci).await;
    says_that_it_could_not_look(&diagnosis, LedgerStatus::NotPermitted);
    assert!(!show(&diagnosis).contains("FAKE-old-token"));
}

#[tokio::test]
async fn a_login_page_is_not_a_green_pipeline() {
    let story = Story::new(TESTS_FAIL).await;
    story.jenkins.fault("/api/json", Wire::Html);
    let diagnosis = story.ask(&signup(S9)).await;
    says_that_it_could_not_look(&diagnosis, LedgerStatus::NotPermitted);
}

#[tokio::test]
async fn a_controller_that_is_down_or_hangs_is_not_a_green_pipeline() {
    let mut story = Story::new(TESTS_FAIL).await;
    story.wait = SHORT;
    story.jenkins.fault("/", Wire::Hang);
    let began = Instant::now();
    let diagnosis = story.ask(&signup(S9)).await;
    says_that_it_could_not_look(&diagnosis, LedgerStatus::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(30));
    story.wait = PATIENCE;
    story.jenkins.server().refuse();
    let diagnosis = story.ask(&signup(S9)).await;
    says_that_it_could_not_look(&diagnosis, LedgerStatus::TimedOut);
}

#[tokio::test]
async fn a_name_that_only_jenkins_could_know_is_not_said_to_be_missing() {
    let story = Story::new(TESTS_FAIL).await;
    story
        .jenkins
        .fault("/", Wire::Status(503, "Please wait".into()));
    let diagnosis = story.ask("le job Jenkins mail-templates échoue").await;
    says_that_it_could_not_look(&diagnosis, LedgerStatus::TimedOut);
    story.jenkins.clear_faults();
    let diagnosis = story.ask("le job Jenkins mail-templates échoue").await;
    assert_eq!(
        diagnosis.verdict,
        Verdict::TargetNotFound,
        "{}",
        show(&diagnosis)
    );
}

#[tokio::test]
async fn without_the_stage_view_plugin_the_console_tells() {
    let log = format!("[Pipeline] stage\n[Pipeline] {{ (Tests)\n[Pipeline] sh\n{TESTS_FAIL}");
    let story = Story::new(&log).await;
    story.jenkins.without_stage_view();
    let diagnosis = story.ask(&signup(S9)).await;
    let shown = show(&diagnosis);
    assert_eq!(
        status(&diagnosis, "jenkins"),
        Some(LedgerStatus::Ok),
        "{shown}"
    );
    for words in ["Tests", "SignupTest"] {
        assert!(shown.contains(words), "does not say {words:?}:\n{shown}");
    }
}

#[tokio::test]
async fn of_a_log_of_200_mb_the_end_is_read() {
    let story = Story::new(TESTS_FAIL).await;
    story.jenkins.without_stage_view();
    story.jenkins.pad_logs(200 << 20);
    let began = Instant::now();
    let diagnosis = story.ask(&signup(S9)).await;
    let shown = show(&diagnosis);
    assert!(shown.contains("SignupTest"), "{shown}");
    assert!(began.elapsed() < Duration::from_secs(30));
    let line = diagnosis.ledger.iter().find(|line| line.step == "jenkins");
    assert!(line.unwrap().bytes < 200 << 10, "{line:?}");
}

#[tokio::test]
async fn an_error_after_the_job_was_read_is_told_beside_what_is_known() {
    let story = Story::new(TESTS_FAIL).await;
    story
        .jenkins
        .fault("wfapi", Wire::Status(500, String::new()));
    story
        .jenkins
        .fault("progressiveText", Wire::Status(500, String::new()));
    let diagnosis = story.ask(&signup(S9)).await;
    let shown = show(&diagnosis);
    assert_eq!(
        diagnosis.root_causes[0].finding.cause,
        Cause::JenkinsStageFailed,
        "{shown}"
    );
    assert_eq!(
        status(&diagnosis, "jenkins"),
        Some(LedgerStatus::TimedOut),
        "{shown}"
    );
}

#[tokio::test]
async fn jenkins_is_not_asked_about_what_is_no_delivery() {
    let story = Story::new(TESTS_FAIL).await;
    let diagnosis = story.ask("Service payment est lent en production").await;
    assert_eq!(diagnosis.root_causes[0].finding.cause, Cause::OomKilled);
    assert_eq!(status(&diagnosis, "jenkins"), None);
    assert_eq!(story.jenkins.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_set_up_is_said_and_nothing_else_changes() {
    let story = Story::new(TESTS_FAIL).await;
    let (diagnosis, _) = story.ask_with(&signup(S9), Ci::default()).await;
    assert_eq!(
        status(&diagnosis, "jenkins"),
        Some(LedgerStatus::NotConfigured)
    );
    assert_eq!(diagnosis.verdict, Verdict::Healthy, "{}", show(&diagnosis));
}
