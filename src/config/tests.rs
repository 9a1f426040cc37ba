//! What is accepted, what stops the start, and with which words.

mod playbooks;
mod secrets;
mod shipped;

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;

use super::*;
use crate::text::Language;

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn sources(variables: &[(&str, &str)], yaml: &str) -> Sources {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Sources {
        variables: variables.iter().map(own).collect(),
        dotenv: None,
        yaml: Some(("vigie.yaml".to_owned(), yaml.to_owned())),
        now: now(),
    }
}

fn yaml(text: &str) -> Result<Config, ConfigError> {
    Config::from_sources(&sources(&[], text))
}

fn env(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_sources(&sources(variables, ""))
}

/// The one problem of a wrong configuration, as it is printed.
fn complaint(result: Result<Config, ConfigError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.problems.len(), 1, "{error}");
    error.problems[0].to_string()
}

#[test]
fn everything_has_a_default_but_the_tokens_and_the_lead() {
    let config = yaml("# nothing but a comment\n").unwrap();
    assert_eq!(config.slack.api_url.as_str(), "https://slack.com/api");
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:8080");
    assert_eq!(config.escalation.timers.standard, Duration::from_hours(1));
    assert_eq!(config.language, Language::En);
    assert!(!config.channels.show("C0ANY").unwrap().logs);
    assert_eq!(config.slack_tokens().unwrap_err().problems.len(), 2);
    let error = config.require_lead().unwrap_err().to_string();
    assert!(error.contains("VIGIE_LEAD: is not set"), "{error}");
}

#[test]
fn a_whole_file_is_read() {
    let config = yaml(
        "language: fr
environments:
  - name: prod-eu
    aliases: [live, \"en prod\"]
    context: eu
    namespaces: [shop, payments]
    prometheus: http://prometheus.eu:9090/
    alertmanager: http://alertmanager.eu:9093/am/
  - name: staging
channels:
  - id: C0INCIDENTS
    show: [metrics, logs]
    environments: [prod-eu]
direct_messages: []
escalation:
  leads:
    - slack_id: U0LEAD
      services: [payment-service]
      absent_until: 2026-12-01
  timers: { production_unacknowledged: 5m, standard: 1h30m }
workloads:
  - { name: payment-service, environment: prod-eu, criticality: high }
access: { users: [U0ALICE], guests: true }
investigation: { deadline: 8s }
excess_rights: warn
",
    )
    .unwrap();
    let production = &config.environments[0];
    assert!(production.production, "live is a word of production");
    assert!(!config.environments[1].production);
    assert_eq!(production.namespaces, ["shop", "payments"]);
    let own = config.prometheus_of(Some("prod-eu")).unwrap();
    assert_eq!(own.url.as_str(), "http://prometheus.eu:9090/");
    assert!(config.prometheus_of(Some("staging")).is_none());
    let own = config.alertmanager_of(Some("prod-eu")).unwrap();
    assert_eq!(own.url.as_str(), "http://alertmanager.eu:9093/am");
    assert!(config.alertmanager_of(None).is_none());
    let show = config.channels.show("C0INCIDENTS").unwrap();
    assert!(show.logs && show.metrics && !show.events);
    assert!(config.channels.show("C0OTHER").is_none());
    assert!(config.channels.show("D0DIRECT").is_none());
    let lead = &config.escalation.leads[0];
    assert_eq!(
        lead.absent_until,
        Some("2026-12-01T00:00:00Z".parse().unwrap())
    );
    assert_eq!(config.escalation.timers.standard, Duration::from_mins(90));
    assert_eq!(config.excess_rights, ExcessRights::Warn);
    assert!(config.require_lead().is_ok());
}

#[test]
fn empty_sections_mean_the_default() {
    let config = yaml("channels:\nescalation:\n  timers:\n  leads:\n").unwrap();
    assert!(config.channels.listed.is_empty());
    assert_eq!(config.escalation.timers, Timers::default());
}

#[test]
fn a_slip_in_a_key_is_told_with_its_line_and_the_right_word() {
    insta::assert_snapshot!(complaint(yaml("language: en\nenviroments: []\n")), @r#"
    vigie.yaml:2:1: this key is not known here: "enviroments"
        fix: did you mean "environments"? Allowed: language, environments, default_environment, workloads, channels, direct_messages, access, escalation, investigation, alerts, playbooks, excess_rights
    "#);
    insta::assert_snapshot!(complaint(yaml("escalation:\n  leads:\n    - slack: U0LEAD\n")), @r#"
    vigie.yaml:3:7: this key is not known here: "slack"
        fix: did you mean "slack_id"? Allowed: slack_id, name, environments, services, absent_until
    "#);
    insta::assert_snapshot!(complaint(yaml("workloads:\n  - name: payment\n")), @r"
    vigie.yaml:2:5: the key criticality is missing
        fix: add criticality: to this entry
    ");
    insta::assert_snapshot!(complaint(yaml("language: en\nlanguage: fr\n")), @r#"
    vigie.yaml:2:1: this key stands here twice: "language"
        fix: keep one of the two
    "#);
}

#[test]
fn several_slips_are_told_at_once() {
    let text = "alerts:\n  post_two: C0A\n  rootes:\n  - a: 1\n    b: 2\n\nlangage: en\n\
                escalation:\n  timers:\n    standard: 60\n";
    let told = yaml(text).unwrap_err().problems;
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.place.as_str(), one.value.as_deref()))
        .collect();
    let expected = [
        ("vigie.yaml:2:3", Some("post_two")),
        ("vigie.yaml:3:3", Some("rootes")),
        ("vigie.yaml:7:1", Some("langage")),
        ("vigie.yaml:10:15", Some("60")),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_wrong_value_is_told_with_its_line_and_what_to_write() {
    insta::assert_snapshot!(complaint(yaml("escalation:\n  timers:\n    production_unacknowledged: 20m\n")), @r#"
    vigie.yaml:3:32: escalation.timers.production_unacknowledged is out of range: "20m"
        fix: write a length of time from 5m to 10m with its unit, or remove the line for the default (10m)
    "#);
    insta::assert_snapshot!(complaint(yaml("escalation:\n  timers:\n    standard: 60\n")), @r#"
    vigie.yaml:3:15: escalation.timers.standard has no unit: "60"
        fix: write a length of time from 5m to 24h with its unit, or remove the line for the default (1h)
    "#);
    insta::assert_snapshot!(complaint(yaml("channels:\n  - id: \"#incidents\"\n")), @r##"
    vigie.yaml:2:9: channels.id is not a Slack ID: "#incidents"
        fix: write the ID (C… or G…): in Slack, open the channel's details, the ID is at the bottom
    "##);
    insta::assert_snapshot!(complaint(yaml("environments:\n  - {name: staging}\nchannels:\n  - {id: C0A, environments: [stagging]}\n")), @r#"
    vigie.yaml:4:30: channels.environments names no environment of this file: "stagging"
        fix: did you mean "staging"? Allowed: staging
    "#);
    insta::assert_snapshot!(complaint(yaml("channels:\n  - {id: C0A, show: [metric]}\n")), @r#"
    vigie.yaml:2:22: channels.show has a value that is not known: "metric"
        fix: did you mean "metrics"? Allowed: metrics, events, logs
    "#);
    insta::assert_snapshot!(complaint(yaml("environments:\n  - name: a\n    aliases: [prod]\n  - name: Prod\n")), @r#"
    vigie.yaml:4:11: this word already means the environment of line 3: "Prod"
        fix: give each environment its own words
    "#);
    insta::assert_snapshot!(complaint(yaml("environments:\n  - name: a\n    namespaces: [../../x]\n")), @r#"
    vigie.yaml:3:18: environments.namespaces is not a Kubernetes name: "../../x"
        fix: write it as kubectl shows it: lower-case letters, digits and dashes
    "#);
    insta::assert_snapshot!(complaint(yaml("escalation:\n  leads: [{slack_id: U0LEAD, absent_until: monday}]\n")), @r#"
    vigie.yaml:2:44: escalation.leads.absent_until is not a date: "monday"
        fix: write 2026-12-01, or 2026-12-01T08:00:00+01:00
    "#);
}

#[test]
fn a_file_that_is_not_yaml_is_told_with_its_line() {
    let text = complaint(yaml("channels:\n  - id: C0A\n\tname: a\n"));
    assert!(text.starts_with("vigie.yaml:2:9: "), "{text}");
    assert!(text.contains("found a tab"), "{text}");
    let text = complaint(yaml("channels: hello\n"));
    assert!(text.starts_with("vigie.yaml:1:11: "), "{text}");
}

#[test]
fn all_problems_are_told_at_once() {
    let text = "language: de\nexcess_rights: maybe\n";
    let error = Config::from_sources(&sources(&[("VIGIE_HTTP_ADDR", "8080")], text)).unwrap_err();
    assert_eq!(error.problems.len(), 3, "{error}");
    assert!(
        error
            .to_string()
            .starts_with("the configuration has 3 problems:\n  vigie.yaml:1:11: ")
    );
}

#[test]
fn a_wrong_variable_is_told_with_its_name_and_what_to_write() {
    insta::assert_snapshot!(complaint(env(&[("VIGIE_HTTP_ADDR", "localhost")])), @r#"
    VIGIE_HTTP_ADDR: is not an address to listen on: "localhost"
        fix: write an IP address and a port: 127.0.0.1:8080, 0.0.0.0:8080, [::]:8080
    "#);
    insta::assert_snapshot!(complaint(env(&[("VIGIE_PROMETEUS_URL", "http://a")])), @r"
    VIGIE_PROMETEUS_URL: VIGIE_PROMETEUS_URL is not a variable of vigie
        fix: did you mean VIGIE_PROMETHEUS_URL?
    ");
    insta::assert_snapshot!(complaint(env(&[("VIGIE_LEAD", "@claire")])), @r#"
    VIGIE_LEAD: is not a Slack member ID: "@claire"
        fix: write the member ID (U…): in Slack, open the person's profile, three dots, Copy member ID
    "#);
    insta::assert_snapshot!(complaint(env(&[("VIGIE_LOG", "vigie=loud")])), @r#"
    VIGIE_LOG: is not a log filter: "vigie=loud"
        fix: write error, warn, info, debug or trace, or target=level pairs
    "#);
    insta::assert_snapshot!(complaint(env(&[("VIGIE_SLACK_API_URL", "http://slack.example/api")])), @r#"
    VIGIE_SLACK_API_URL: would send the tokens in clear text: "http://slack.example/api"
        fix: use https, or an address of this machine
    "#);
}

#[test]
fn swapped_tokens_are_recognised_and_no_secret_is_printed() {
    let swapped = env(&[("VIGIE_SLACK_BOT_TOKEN", "xapp-FAKE-very-secret")]);
    let text = complaint(swapped);
    assert!(
        text.contains("is a xapp- token, not a xoxb- token"),
        "{text}"
    );
    assert!(!text.contains("very-secret"), "{text}");
    let config = env(&[
        ("SLACK_BOT_TOKEN", "xoxb-FAKE-very-secret"),
        ("VIGIE_SLACK_APP_TOKEN", "xapp-FAKE-very-secret"),
        (
            "VIGIE_PROMETHEUS_URL",
            "https://me:very%40secret@prom.example:9090/base/",
        ),
        (
            "VIGIE_ESCALATION_WEBHOOK_URL",
            "https://hooks.example/very-secret",
        ),
    ])
    .unwrap();
    assert!(config.slack_tokens().is_ok());
    let prometheus = config.prometheus.as_ref().unwrap();
    assert_eq!(prometheus.url.as_str(), "https://prom.example:9090/base");
    let Login::Basic { user, password } = &prometheus.auth else {
        panic!("{:?}", prometheus.auth);
    };
    assert_eq!(
        (user.as_str(), password.expose_secret()),
        ("me", "very@secret")
    );
    let printed = format!("{config:?}");
    // The texts of the playbooks may say "very".
    let leaks = ["very-secret", "very@secret", "very%40secret"];
    assert!(
        !leaks.iter().any(|leak| printed.contains(leak)),
        "{printed}"
    );
    let quoted =
        "tried https://hooks.example/very-secret with very@secret and xapp-FAKE-very-secret";
    let clean = config.redactor().redact(quoted).into_owned();
    assert!(!clean.contains("very"), "{clean}");
}

#[test]
fn alertmanager_and_heartbeat_are_read_and_kept_secret() {
    let config = env(&[
        ("VIGIE_ALERTMANAGER_URL", "http://alertmanager:9093/prefix/"),
        ("VIGIE_ALERTMANAGER_TOKEN", "FAKE-very-secret-token"),
        (
            "VIGIE_HEARTBEAT_URL",
            "https://hc-ping.example/FAKE-very-secret-uuid?x=1",
        ),
    ])
    .unwrap();
    let alertmanager = config.alertmanager_of(Some("production")).unwrap();
    assert_eq!(alertmanager.url.as_str(), "http://alertmanager:9093/prefix");
    assert!(alertmanager.token().is_some());
    assert!(!format!("{config:?}").contains("very-secret"));
    let said = "GET https://hc-ping.example/FAKE-very-secret-uuid?x=1 with FAKE-very-secret-token";
    let clean = config.redactor().redact(said).into_owned();
    assert!(!clean.contains("very-secret"), "{clean}");

    assert!(env(&[("VIGIE_HEARTBEAT_URL", "http://127.0.0.1:9/beat")]).is_ok());
    insta::assert_snapshot!(complaint(env(&[("VIGIE_HEARTBEAT_URL", "http://hc.example/FAKE-very-secret")])), @r"
    VIGIE_HEARTBEAT_URL: would send its token in clear text
        fix: use https, or an address of this machine
    ");
    insta::assert_snapshot!(complaint(env(&[("VIGIE_HEARTBEAT_URL", "FAKE-very-secret")])), @r"
    VIGIE_HEARTBEAT_URL: is not an http or https address
        fix: write the address that the receiver gave, such as https://hc-ping.com/…
    ");
    insta::assert_snapshot!(complaint(env(&[("VIGIE_ALERTMANAGER_TOKEN", "FAKE-very-secret")])), @r"
    VIGIE_ALERTMANAGER_TOKEN: is set without an address
        fix: set VIGIE_ALERTMANAGER_URL too, or remove it
    ");
    let inside = "environments:\n  - {name: a, alertmanager: 'http://me:very-secret@am:9093'}\n";
    insta::assert_snapshot!(complaint(yaml(inside)), @r"
    vigie.yaml:2: environments.alertmanager holds credentials
        fix: put the address with its credentials into VIGIE_ALERTMANAGER_URL
    ");
}

#[test]
fn secrets_come_from_mounted_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "xoxb-FAKE-from-file\n").unwrap();
    let path = path.to_str().unwrap();
    let config = env(&[("VIGIE_SLACK_BOT_TOKEN_FILE", path)]).unwrap();
    let token = config.slack.bot_token.unwrap();
    assert_eq!(token.expose_secret(), "xoxb-FAKE-from-file");

    let both = [
        ("VIGIE_SLACK_BOT_TOKEN_FILE", path),
        ("VIGIE_SLACK_BOT_TOKEN", "xoxb-FAKE"),
    ];
    assert!(complaint(env(&both)).contains("are both set"));
    let gone = complaint(env(&[("VIGIE_SLACK_APP_TOKEN_FILE", "/nonexistent/token")]));
    assert!(gone.contains("the file it names cannot be read"), "{gone}");
}

#[test]
fn dotenv_is_read_below_the_environment_and_keeps_its_lines() {
    let mut sources = sources(&[("VIGIE_LOG", "warn")], "");
    let text = "# comment\nVIGIE_LOG=debug\nVIGIE_LEAD=U0LEAD\nVIGIE_HTTP_ADDR=nowhere\n";
    sources.dotenv = Some((".env".to_owned(), text.to_owned()));
    let text = complaint(Config::from_sources(&sources));
    assert!(
        text.starts_with(".env:4 VIGIE_HTTP_ADDR: is not an address"),
        "{text}"
    );

    let text = "VIGIE_LOG=debug\nVIGIE_LEAD='U0LEAD, U0SECOND'\n";
    sources.dotenv = Some((".env".to_owned(), text.to_owned()));
    let config = Config::from_sources(&sources).unwrap();
    assert_eq!(config.log.filter, "warn");
    assert_eq!(config.escalation.leads.len(), 2);

    let text = "VIGIE_LEAD=U0LEAD\nVIGIE_SLACK_BOT_TOKEN='xoxb-FAKE-secret\n";
    sources.dotenv = Some((".env".to_owned(), text.to_owned()));
    let text = complaint(Config::from_sources(&sources));
    assert!(
        text.starts_with(".env:2: is not a line of the form"),
        "{text}"
    );
    assert!(!text.contains("FAKE-secret"), "{text}");
}

#[test]
fn variables_of_others_are_left_alone() {
    let config = env(&[
        ("VIGIE_PORT", "tcp://10.0.0.1:8080"),
        ("VIGIE_SERVICE_HOST", "10.0.0.1"),
        ("VIGIE_METRICS_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("VIGIE_REQUIRE_CLUSTER", "1"),
        ("PATH", "/bin"),
        ("VIGIE_HTTP_ADDR", ""),
    ])
    .unwrap();
    assert_eq!(config.warnings.len(), 1, "{:?}", config.warnings);
    assert!(config.warnings[0].contains("VIGIE_REQUIRE_CLUSTER"));
}

#[test]
fn a_webhook_needs_its_address_and_its_key() {
    let pager = "escalation: { webhook: { format: pagerduty } }\n";
    let address = ("VIGIE_ESCALATION_WEBHOOK_URL", "https://events.example/v2");
    let key = ("VIGIE_ESCALATION_WEBHOOK_TOKEN", "FAKE");
    assert!(complaint(yaml(pager)).contains("VIGIE_ESCALATION_WEBHOOK_URL: is not set"));
    let without_key = Config::from_sources(&sources(&[address], pager));
    assert!(complaint(without_key).contains("VIGIE_ESCALATION_WEBHOOK_TOKEN: is not set"));
    let config = Config::from_sources(&sources(&[address, key], pager)).unwrap();
    let format = config.escalation.webhook.unwrap().format;
    assert_eq!(format, WebhookFormat::Pagerduty);
}

#[test]
fn durations_are_read_as_people_write_them() {
    for (text, seconds) in [
        ("10s", 10),
        ("60m", 3600),
        ("1h30m", 5400),
        ("1h 30 min", 0),
        ("2d", 172_800),
    ] {
        match parse_duration(text) {
            Ok(read) => assert_eq!(read.as_secs(), seconds, "{text}"),
            Err(why) => assert_eq!((why, seconds), ("has no unit", 0), "{text}"),
        }
    }
    for text in [
        "",
        "m",
        "-5m",
        "5 parsecs",
        "99999999999999999999s",
        "18446744073709551615d",
    ] {
        assert!(parse_duration(text).is_err(), "{text}");
    }
}

#[test]
fn the_policies_of_the_pure_modules_are_filled() {
    let text = "environments: [{name: production, aliases: [live]}, {name: staging}]
default_environment: staging
workloads: [{name: payment, environment: production, criticality: high}, {name: mail, criticality: normal}]
escalation: {leads: [{slack_id: U0LEAD, services: [payment]}], timers: {standard: 30m}}
";
    let config = yaml(text).unwrap();
    let policy = config.escalation_policy();
    assert_eq!(policy.unresolved_after, chrono::TimeDelta::minutes(30));
    assert_eq!(policy.default_environment.as_deref(), Some("staging"));
    let production = policy.criticality(Some("production"));
    assert_eq!(production, crate::escalation::Criticality::Production);
    assert_eq!(policy.high_criticality.len(), 1);
    assert_eq!(policy.leads[0].user.as_str(), "U0LEAD");
    assert_eq!(config.vocabulary().environments[0].aliases, ["live"]);

    let again = yaml(text).unwrap().escalation_policy();
    assert_eq!(policy.version, again.version);
    let other = yaml(&text.replace("30m", "45m")).unwrap();
    assert_ne!(policy.version, other.escalation_policy().version);
}

#[test]
fn jenkins_and_sonarqube_are_set_up_whole_or_not_at_all() {
    let config = env(&[
        ("VIGIE_JENKINS_URL", "https://jenkins.example/ci/"),
        ("VIGIE_JENKINS_USER", "vigie"),
        ("VIGIE_JENKINS_TOKEN", "FAKE-jenkins-token"),
        ("VIGIE_SONARQUBE_URL", "http://sonarqube.tools:9000"),
        ("VIGIE_SONARQUBE_TOKEN", "squ_FAKE-sonar-token"),
    ])
    .unwrap();
    let jenkins = config.jenkins.as_ref().unwrap();
    assert_eq!(jenkins.url.as_str(), "https://jenkins.example/ci");
    assert_eq!(jenkins.user, "vigie");
    assert!(config.sonarqube.is_some());
    let redacted = config.redactor();
    let redacted = redacted.redact("FAKE-jenkins-token and squ_FAKE-sonar-token");
    assert!(!redacted.contains("FAKE"), "{redacted}");
    assert!(!format!("{config:?}").contains("FAKE-jenkins-token"));

    let said = |variables: &[(&str, &str)]| complaint(env(variables));
    let half = said(&[
        ("VIGIE_JENKINS_URL", "https://jenkins.example"),
        ("VIGIE_JENKINS_USER", "vigie"),
    ]);
    assert!(half.contains("VIGIE_JENKINS_TOKEN"), "{half}");
    let nowhere = said(&[("VIGIE_SONARQUBE_TOKEN", "squ_FAKE")]);
    assert!(nowhere.contains("VIGIE_SONARQUBE_URL"), "{nowhere}");
    let inside = said(&[
        ("VIGIE_SONARQUBE_URL", "https://me:FAKE-pass@sonar.example"),
        ("VIGIE_SONARQUBE_TOKEN", "squ_FAKE"),
    ]);
    assert!(inside.contains("holds a login"), "{inside}");
    assert!(!inside.contains("FAKE-pass"), "{inside}");
}
