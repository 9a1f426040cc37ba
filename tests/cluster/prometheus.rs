//! Debian's Prometheus and Alertmanager on loopback, for tests of alerts.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::folder::Folder;
use super::process::{self, Program};
use super::{DEADLINE, POLL, or_skip};

/// One HTTP server with its folder; dropping it ends both.
struct Server {
    /// The running program. First, so that it ends before its folder goes.
    program: Program,
    /// Its loopback port.
    port: u16,
    /// Its configuration and data.
    _folder: Folder,
}

impl Server {
    /// Writes the files, of which `config.yml` is one, and starts the program on a
    /// free port.
    async fn start(binary: &Path, files: &[(&str, &str)], args: &[&str]) -> Result<Self> {
        let folder = Folder::create()?;
        let [port] = process::free_ports()?;
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text)?;
        }
        let file = folder.path().join("config.yml");
        let mut line = vec![
            format!("--config.file={}", file.display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
        ];
        line.extend(args.iter().map(|&arg| arg.to_owned()));
        let program = Program::start(folder.path(), binary, &line)?;
        let server = Self {
            program,
            port,
            _folder: folder,
        };
        server.ready().await?;
        Ok(server)
    }

    /// Waits until the server says that it is ready.
    async fn ready(&self) -> Result<()> {
        let deadline = Instant::now() + DEADLINE;
        while !answers(self.port, "/-/ready").await.unwrap_or(false) {
            self.program.check()?;
            if Instant::now() > deadline {
                bail!("not ready in time:\n{}", self.program.tail());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Where it is served.
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Whether a GET of this path is answered with 200.
async fn answers(port: u16, path: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"))
}

/// A program of the machine, or the reason why it is missing.
pub fn installed(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|it| it.is_file());
    found.with_context(|| format!("{name} is not installed"))
}

/// A running Prometheus.
pub struct Prometheus(Server);

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
        let binary = or_skip(installed("prometheus")).expect("Prometheus is needed")?;
        let rules = json!({"groups": groups}).to_string();
        let config = prometheus_config(targets, alertmanager);
        let files = [("config.yml", &*config), ("rules.yml", &*rules)];
        // It finds its Alertmanager seconds after the first alerts, which are sent again after a minute else.
        let args = [
            "--storage.tsdb.path=data",
            "--log.level=warn",
            "--rules.alert.resend-delay=1s",
        ];
        let server = Server::start(&binary, &files, &args).await;
        Some(Self(server.expect("Prometheus comes up")))
    }

    /// The base of its API.
    pub fn url(&self) -> String {
        self.0.url()
    }
}

/// A configuration that scrapes and evaluates each second, as JSON, which is YAML.
fn prometheus_config(targets: &[SocketAddr], to: Option<&Alertmanager>) -> String {
    let addresses: Vec<String> = targets.iter().map(ToString::to_string).collect();
    let to: Vec<String> = to
        .iter()
        .map(|it| format!("127.0.0.1:{}", it.0.port))
        .collect();
    json!({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": to}]}]},
        "scrape_configs": [{"job_name": "test", "static_configs": [{"targets": addresses}]}],
    })
    .to_string()
}

/// A running Alertmanager.
pub struct Alertmanager(Server);

impl Alertmanager {
    /// Starts Alertmanager with this configuration; `None` when it is not
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
        // Without an empty cluster address it looks for peers on all interfaces.
        let args = [
            "--storage.path=data",
            "--cluster.listen-address=",
            "--log.level=warn",
        ];
        let files: Vec<(&str, &str)> = [("config.yml", config)]
            .into_iter()
            .chain(files.iter().copied())
            .collect();
        let server = Server::start(&binary, &files, &args).await;
        Some(Self(server.expect("Alertmanager comes up")))
    }

    /// The base of its API.
    pub fn url(&self) -> String {
        self.0.url()
    }
}
