//! The doctor against the sandbox's servers: what it says of each.

use std::time::Duration;

use super::*;
use crate::cli::doctor::cluster;
use crate::clients::kube::KubeClient;
use crate::clock::Clock;
use crate::config::ExcessRights;
use crate::sandbox::kube::{Cluster, KubeFault, Target};
use crate::sandbox::slack::{APP_TOKEN, BOT_TOKEN, Workspace};

async fn client(cluster: &Cluster) -> KubeClient {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let file = kube::config::Kubeconfig::from_yaml(&cluster.kubeconfig()).unwrap();
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(file, &options)
        .await
        .unwrap();
    let client = kube::Client::try_from(config).unwrap();
    KubeClient::new(client, "sandbox", Duration::from_secs(5))
}

#[tokio::test]
async fn rights_that_are_missing_and_rights_beyond_are_told_apart() {
    let cluster = Cluster::start(Clock::system()).unwrap();
    let kube = client(&cluster).await;
    cluster.fault(Target::resource("pods/log"), KubeFault::Forbidden);
    cluster.grant(Target::resource("secrets").verb("get"));

    let checks = cluster::of(&kube, &[], ExcessRights::Refuse).await;
    assert!(
        checks[0].detail.starts_with("Kubernetes v1."),
        "{:?}",
        checks[0]
    );
    assert_eq!(checks[1].status, Status::Warning);
    assert!(
        checks[1].detail.contains("get pods/log"),
        "{}",
        checks[1].detail
    );
    assert_eq!(checks[2].status, Status::Failed);
    assert!(
        checks[2].detail.contains("it can get secrets"),
        "{}",
        checks[2].detail
    );

    let refusal = cluster::self_check(&kube, &[], ExcessRights::Refuse).await;
    let refusal = refusal.unwrap_err().to_string();
    assert!(
        refusal.contains("this account can get secrets"),
        "{refusal}"
    );
    let warned = cluster::self_check(&kube, &[], ExcessRights::Warn).await;
    assert_eq!(warned.unwrap(), 1);

    cluster.fault(Target::resource("pods").verb("list"), KubeFault::Forbidden);
    let checks = cluster::of(&kube, &["shop".to_owned()], ExcessRights::Warn).await;
    assert_eq!(
        checks[1].status,
        Status::Failed,
        "without pods there is no answer"
    );
    assert!(
        checks[1].detail.contains("list pods (in shop)"),
        "{}",
        checks[1].detail
    );
    assert_eq!(checks[2].status, Status::Warning);
}

#[tokio::test]
async fn channels_and_leads_are_looked_up_in_slack() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let workspace = Workspace::start(Clock::system()).await.unwrap();
    let yaml = "channels: [{id: C0INCIDENTS}, {id: C0EXT}, {id: C0NOWHERE}]
escalation: {leads: [{slack_id: U0LEAD}, {slack_id: U0DEVOPS}]}
";
    let config = config(
        &[
            ("VIGIE_SLACK_API_URL", &workspace.api_url()),
            ("VIGIE_SLACK_BOT_TOKEN", BOT_TOKEN),
            ("VIGIE_SLACK_APP_TOKEN", APP_TOKEN),
        ],
        yaml,
    );
    let checks = slack::checks(&config).await;
    let status = |name: &str| {
        let found = checks.iter().find(|check| check.name == name);
        found.unwrap_or_else(|| panic!("{name}: {checks:?}")).status
    };
    assert_eq!(status("bot"), Status::Ok);
    let shown = config.redactor().redact(&check::text(&checks)).into_owned();
    assert!(
        !shown.contains("[redacted"),
        "the bot's name helps: {shown}"
    );
    assert_eq!(status("Socket Mode"), Status::Ok);
    assert_eq!(status("channel C0INCIDENTS"), Status::Ok);
    assert_eq!(status("channel C0EXT"), Status::Failed);
    assert_eq!(status("channel C0NOWHERE"), Status::Failed);
    assert_eq!(status("lead U0LEAD"), Status::Ok);
    assert_eq!(status("lead U0DEVOPS"), Status::Failed);
}

#[tokio::test]
async fn each_alertmanager_is_asked_once_and_its_silence_is_explained() {
    use crate::cli::doctor::alertmanager::checks;
    use crate::sandbox::alertmanager::{Fault, Notifier};
    use crate::sandbox::fault::Wire;

    let _ = rustls::crypto::ring::default_provider().install_default();
    assert_eq!(checks(&Config::default()).await[0].status, Status::Skipped);
    let server = Notifier::start(Clock::system()).unwrap();
    let url = server.url();
    let yaml = format!("environments: [{{name: a, alertmanager: '{url}'}}, {{name: b}}]\n");
    let config = config(&[("VIGIE_ALERTMANAGER_URL", &url)], &yaml);
    let found = checks(&config).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        (found[0].status, found[0].detail.as_str()),
        (Status::Ok, "version 0.25.0, alone")
    );
    assert_eq!(found[1].status, Status::Skipped);
    assert!(found[1].detail.contains("cannot be known"), "{found:?}");

    for (wire, expected) in [
        (Wire::Html, "route prefix"),
        (Wire::Status(401, String::new()), "VIGIE_ALERTMANAGER_TOKEN"),
        (Wire::Status(503, String::new()), "NetworkPolicy"),
    ] {
        server.fault("GET /api/v2/status", Fault::Before(wire), Some(1));
        let found = checks(&config).await;
        assert_eq!(found[0].status, Status::Failed);
        assert!(
            found[0].fix.as_ref().unwrap().contains(expected),
            "{found:?}"
        );
    }
    let settling =
        r#"{"versionInfo":{"version":"0.28.1"},"cluster":{"status":"settling","peers":[{}]}}"#;
    let settling = Wire::Status(200, settling.to_owned());
    server.fault("GET /api/v2/status", Fault::Before(settling), Some(1));
    assert_eq!(checks(&config).await[0].status, Status::Warning);
}

#[tokio::test]
async fn jenkins_and_sonarqube_say_whether_they_know_us() {
    use crate::cli::doctor::delivery;
    use crate::sandbox::{jenkins, sonarqube};
    let _ = rustls::crypto::ring::default_provider().install_default();
    let told = serde_json::json!({ "jobs": [{ "name": "shop/web/main" }] });
    let controller = jenkins::Controller::start(Clock::system(), told).unwrap();
    let sonar = sonarqube::Sonar::start(Clock::system(), serde_json::json!({})).unwrap();
    sonar.make_old();
    let with = |token: &str, sonar_token: &str| {
        config(
            &[
                ("VIGIE_JENKINS_URL", &controller.url()),
                ("VIGIE_JENKINS_USER", jenkins::USER),
                ("VIGIE_JENKINS_TOKEN", token),
                ("VIGIE_SONARQUBE_URL", &sonar.url()),
                ("VIGIE_SONARQUBE_TOKEN", sonar_token),
            ],
            "",
        )
    };
    let checks = delivery::checks(&with(jenkins::TOKEN, sonarqube::TOKEN)).await;
    assert!(
        checks.iter().all(|check| check.status == Status::Ok),
        "{checks:?}"
    );
    assert!(
        checks[0].detail.contains("cannot be seen from here"),
        "{checks:?}"
    );
    let checks = delivery::checks(&with("FAKE-wrong", "squ_FAKE-wrong")).await;
    assert!(
        checks.iter().all(|check| check.status == Status::Failed),
        "{checks:?}"
    );
    let checks = delivery::checks(&config(&[], "")).await;
    assert!(
        checks.iter().all(|check| check.status == Status::Skipped),
        "{checks:?}"
    );
}
