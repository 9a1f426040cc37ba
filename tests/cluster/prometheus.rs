//! Debian's Prometheus and Alertmanager on loopback, and a current Alertmanager from its module.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::or_skip;
use super::server::{Launch, Server};

pub use super::server::installed;

/// How Prometheus calls itself in the links of alerts: no link of a test shows where it ran.
const PROMETHEUS: &str = "http://prometheus.example:9090";
/// How Alertmanager calls itself.
const ALERTMANAGER: &str = "http://alertmanager.example:9093";

/// A running Prometheus.
pub struct Prometheus(Server);

/// What Prometheus is to do.
#[derive(Default)]
pub struct Watch<'a> {
    /// Its scrape configurations.
    pub scrapes: Vec<Value>,
    /// Files with rules, as they are read.
    pub rules: Vec<String>,
    /// Where its alerts go.
    pub alertmanagers: Vec<&'a Alertmanager>,
    /// A folder of data that is there already.
    pub data: Option<&'a Path>,
}

impl Prometheus {
    /// Starts Prometheus scraping these addresses each second; `None` when it is
    /// not installed.
    pub async fn start(targets: &[SocketAddr]) -> Option<Self> {
        Self::start_with(targets, &json!([]), None).await
    }

    /// Starts it with rule groups as well, whose alerts go to an Alertmanager.
    ///
    /// # Panics
    /// When it is installed and does not come up.
    pub async fn start_with(
        targets: &[SocketAddr],
        groups: &Value,
        alertmanager: Option<&Alertmanager>,
    ) -> Option<Self> {
        let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
        Self::watching(Watch {
            scrapes: vec![json!({"job_name": "test", "static_configs": [{"targets": targets}]})],
            rules: vec![json!({"groups": groups}).to_string()],
            alertmanagers: alertmanager.into_iter().collect(),
            data: None,
        })
        .await
    }

    /// Starts it with all of this; scrapes and rules come each second.
    ///
    /// # Panics
    /// When it is installed and does not come up.
    pub async fn watching(watch: Watch<'_>) -> Option<Self> {
        let binary = or_skip(installed("prometheus")).expect("Prometheus is needed")?;
        let names: Vec<String> = (0..watch.rules.len())
            .map(|number| format!("rules-{number}.yml"))
            .collect();
        let mut files: Vec<(&str, String)> =
            names.iter().map(String::as_str).zip(watch.rules).collect();
        let to = &watch.alertmanagers;
        let config = prometheus_config(&watch.scrapes, &names, to);
        files.push(("config.yml", config.to_string()));
        let data = watch.data.map(Path::to_owned);
        let args = move |folder: &Path, port: u16, _: u16| {
            let data = data.clone().unwrap_or_else(|| folder.join("data"));
            vec![
                format!("--config.file={}", folder.join("config.yml").display()),
                format!("--web.listen-address=127.0.0.1:{port}"),
                format!("--web.external-url={PROMETHEUS}"),
                format!("--storage.tsdb.path={}", data.display()),
                "--log.level=warn".to_owned(),
                // It finds its Alertmanager seconds after the first alerts, which are sent again after a minute else.
                "--rules.alert.resend-delay=1s".to_owned(),
            ]
        };
        let launch = Launch {
            binary,
            files,
            args: &args,
            ready: "/-/ready",
        };
        let server = Server::start(&launch).await;
        Some(Self(server.expect("Prometheus comes up")))
    }

    /// The base of its API.
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Its `host:port`, to scrape itself.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.0.port()))
    }
}

/// A configuration that scrapes and evaluates each second, as JSON, which is YAML.
fn prometheus_config(scrapes: &[Value], rules: &[String], to: &[&Alertmanager]) -> Value {
    let each = to.iter().map(|it| {
        json!({
            "static_configs": [{"targets": [format!("127.0.0.1:{}", it.0.port())]}],
        })
    });
    let alertmanagers: Vec<Value> = each.collect();
    json!({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": rules,
        "alerting": {"alertmanagers": alertmanagers},
        "scrape_configs": scrapes,
    })
}

/// A running Alertmanager.
pub struct Alertmanager(Server);

impl Alertmanager {
    /// Starts Debian's Alertmanager with this configuration; `None` when it is not
    /// installed.
    ///
    /// # Panics
    /// When it is installed and does not come up.
    pub async fn start(config: &str) -> Option<Self> {
        Self::start_with(config, &[]).await
    }

    /// The same, with more files beside the configuration: tokens, templates.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn start_with(config: &str, files: &[(&str, &str)]) -> Option<Self> {
        let binary =
            or_skip(installed("prometheus-alertmanager")).expect("Alertmanager is needed")?;
        Some(Self::of(binary, config, files).await)
    }

    /// Starts this Alertmanager with this configuration, and more files beside it.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn of(binary: PathBuf, config: &str, files: &[(&str, &str)]) -> Self {
        // Without an empty cluster address it looks for peers on all interfaces.
        let args = |folder: &Path, port: u16, _: u16| {
            vec![
                format!("--config.file={}", folder.join("config.yml").display()),
                format!("--web.listen-address=127.0.0.1:{port}"),
                format!("--web.external-url={ALERTMANAGER}"),
                format!("--storage.path={}", folder.join("data").display()),
                "--cluster.listen-address=".to_owned(),
                "--log.level=warn".to_owned(),
            ]
        };
        let launch = Launch {
            binary,
            files: std::iter::once(&("config.yml", config))
                .chain(files)
                .map(|(name, text)| (*name, (*text).to_owned()))
                .collect(),
            args: &args,
            ready: "/-/ready",
        };
        Self(Server::start(&launch).await.expect("Alertmanager comes up"))
    }

    /// The base of its API.
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Tells it alerts, as Prometheus does (`POST /api/v2/alerts`).
    ///
    /// # Panics
    /// When it does not take them.
    pub async fn tell(&self, alerts: &Value) {
        let body = alerts.to_string();
        let request = format!(
            "POST /api/v2/alerts HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = super::server::exchange(self.0.port(), &request).await;
        let answer = answer.expect("it answers");
        assert!(answer.contains(" 200 "), "{answer}");
    }
}
