//! The company of the stories as its vigie.yaml would have it.

use std::time::Duration;

use vigie::clients::slack::socket::SocketSettings;
use vigie::config::{
    Access, AlertChannel, AlertWebhook, Alerts, Channel, Channels, Config, Environment, Lead, Show,
};
use vigie::sandbox::slack::{APP_TOKEN, BOT_TOKEN};

use super::house::{ALERTMANAGER, ALERTS, INCIDENTS, LEAD, LEAD2};

/// One connection, short pauses.
pub fn sockets() -> SocketSettings {
    SocketSettings {
        connections: 1,
        retry_open_s: 1,
        stagger_s: 1,
        ping_s: 1,
        hello_within: Duration::from_secs(3),
        deaf_after: Duration::from_secs(5),
        first_pause: Duration::from_millis(20),
        max_pause: Duration::from_secs(1),
        ..SocketSettings::new(APP_TOKEN.into())
    }
}

/// The configuration of the stories: one channel, production and staging, two leads.
pub fn config(api_url: &str) -> Config {
    let mut config = Config::default();
    config.slack.api_url = api_url.parse().unwrap();
    config.slack.bot_token = Some(BOT_TOKEN.into());
    config.slack.app_token = Some(APP_TOKEN.into());
    config.environments = vec![
        environment("production", true),
        environment("staging", false),
    ];
    config.channels = Channels {
        listed: vec![Channel {
            id: INCIDENTS.into(),
            name: Some("incidents".into()),
            show: Show {
                metrics: true,
                events: true,
                logs: true,
            },
            environments: Vec::new(),
        }],
        direct: Some(Show::default()),
    };
    config.alerts = Alerts {
        channels: vec![AlertChannel {
            id: ALERTS.into(),
            senders: vec![ALERTMANAGER.into()],
            environment: Some("production".into()),
        }],
        post_to: Some(INCIDENTS.into()),
        webhook: Some(AlertWebhook {
            addr: "127.0.0.1:0".parse().unwrap(),
            token: Some("FAKE-alerts".into()),
            hmac: Some("FAKE-signs".into()),
            tls: None,
        }),
        ..Alerts::default()
    };
    config.access = Access::default();
    config.escalation.leads = vec![lead(LEAD), lead(LEAD2)];
    config
}

fn environment(name: &str, production: bool) -> Environment {
    Environment {
        name: name.into(),
        aliases: Vec::new(),
        context: None,
        namespaces: vec![name.into()],
        production,
        prometheus: None,
        alertmanager: None,
    }
}

fn lead(id: &str) -> Lead {
    Lead {
        slack_id: id.into(),
        name: None,
        environments: Vec::new(),
        services: Vec::new(),
        absent_until: None,
    }
}
