//! Secrets of the alert webhook, and what is missing for the bot in Slack.

use super::*;

#[test]
fn what_the_bot_lacks_is_told_at_once() {
    let text = env(&[]).unwrap().require_all().unwrap_err().to_string();
    for name in [
        "VIGIE_SLACK_BOT_TOKEN",
        "VIGIE_SLACK_APP_TOKEN",
        "VIGIE_LEAD",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn a_short_secret_of_the_alert_webhook_stops_the_start() {
    let posted = "alerts: { post_to: C0FAKEALERTS }\n";
    let addr = ("VIGIE_ALERTS_ADDR", "127.0.0.1:8081");
    for name in ["VIGIE_ALERTS_TOKEN", "VIGIE_ALERTS_HMAC_KEY"] {
        let short = Config::from_sources(&sources(&[addr, (name, "FAKE-fifteen-ch")], posted));
        let text = complaint(short);
        assert!(text.contains("15 characters, fewer than 16"), "{text}");
        assert!(!text.contains("FAKE-fifteen"), "{text}");
        let long = Config::from_sources(&sources(&[addr, (name, "FAKE-sixteen-cha")], posted));
        assert!(long.unwrap().alerts.webhook.is_some());
    }
}

#[test]
fn a_webhook_without_an_address_is_not_silent() {
    let config = env(&[
        ("VIGIE_ALERTS_TOKEN", "FAKE-long-enough-token"),
        ("VIGIE_ALERTS_TLS_CERT", "/etc/vigie/tls/tls.crt"),
    ])
    .unwrap();
    assert!(config.alerts.webhook.is_none());
    assert_eq!(config.warnings.len(), 2, "{:?}", config.warnings);
    let said = &config.warnings[0];
    assert!(
        said.contains("VIGIE_ALERTS_TOKEN is set and VIGIE_ALERTS_ADDR is not"),
        "{said}"
    );
    assert!(env(&[]).unwrap().warnings.is_empty());
}
