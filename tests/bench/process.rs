//! The released binary as a process of its own, against a sandbox world: `vigie run`, its memory as the
//! kernel counts it, and its readiness as a probe sees it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vigie::sandbox::World;
use vigie::sandbox::slack::{APP_TOKEN, BOT_TOKEN};

use super::cluster::process::free_ports;

/// Longest wait for the process to be ready.
const READY: Duration = Duration::from_mins(1);
/// Between two probes, and two looks at the memory.
const PROBE: Duration = Duration::from_millis(2);
const LOOK: Duration = Duration::from_millis(250);

/// What alerts are sent with.
pub const ALERTS_TOKEN: &str = "FAKE-alerts-of-the-benchmark";

/// What it looks at.
pub struct Place<'a> {
    pub kubeconfig: PathBuf,
    pub prometheus: Option<String>,
    /// The namespace of `production`.
    pub namespace: &'a str,
}

/// A running `vigie run`; dropping it ends it.
pub struct Vigie {
    child: Child,
    port: u16,
    alerts: u16,
    spawned: Instant,
    log: PathBuf,
}

impl Vigie {
    /// Starts it on a store in `data`, listening in these channels; alerts are told in the first. It looks at the
    /// sandbox's cluster.
    pub fn start(world: &World, data: &Path, channels: &[String]) -> Result<Self> {
        let place = Place {
            kubeconfig: world.kubeconfig(),
            prometheus: Some(world.prometheus.url()),
            namespace: "production",
        };
        Self::at(world, &place, data, channels)
    }

    /// The same, looking elsewhere.
    pub fn at(world: &World, place: &Place<'_>, data: &Path, channels: &[String]) -> Result<Self> {
        let [port, alerts] = free_ports()?;
        let config = world.folder().join("vigie.yaml");
        std::fs::write(&config, yaml(channels, place.namespace))?;
        let log = world.folder().join("log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(["run", "--config"]).arg(&config).env_clear();
        command
            .current_dir(world.folder())
            .env("HOME", world.folder())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("KUBECONFIG", &place.kubeconfig)
            .env("VIGIE_ALERTS_ADDR", format!("127.0.0.1:{alerts}"))
            .env("VIGIE_ALERTS_TOKEN", ALERTS_TOKEN)
            .env("VIGIE_SLACK_BOT_TOKEN", BOT_TOKEN)
            .env("VIGIE_SLACK_APP_TOKEN", APP_TOKEN)
            .env("VIGIE_SLACK_API_URL", world.slack.api_url())
            .env("VIGIE_DATA_DIR", data)
            .env("VIGIE_HTTP_ADDR", format!("127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log)?);
        if let Some(url) = &place.prometheus {
            command.env("VIGIE_PROMETHEUS_URL", url);
        }
        let spawned = Instant::now();
        let child = command.spawn().context("vigie run")?;
        Ok(Self {
            child,
            port,
            alerts,
            spawned,
            log,
        })
    }

    /// Waits until `/readyz` answers 200; returns how long after the start that was.
    pub async fn ready(&mut self) -> Result<Duration> {
        while !self.says_ready().await {
            if let Some(status) = self.child.try_wait()? {
                bail!("vigie run ended with {status}:\n{}", self.tail());
            }
            if self.spawned.elapsed() > READY {
                bail!("not ready in {READY:?}:\n{}", self.tail());
            }
            tokio::time::sleep(PROBE).await;
        }
        Ok(self.spawned.elapsed())
    }

    /// Waits until its loop watches the deadlines of all open incidents; returns how long after the
    /// start that was. `/readyz` does not wait for this: questions are taken in meanwhile.
    pub async fn watching(&self) -> Result<Duration> {
        while !self
            .logged()
            .contains("took up where the last process stopped")
        {
            if self.spawned.elapsed() > READY {
                bail!("not watching in {READY:?}:\n{}", self.tail());
            }
            tokio::time::sleep(PROBE).await;
        }
        Ok(self.spawned.elapsed())
    }

    async fn says_ready(&self) -> bool {
        let ask = async {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
            let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            stream.write_all(request).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        ask.await
            .is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
    }

    /// Where alerts are sent to.
    pub fn alerts(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.alerts).into()
    }

    /// Resident memory now, in MiB.
    pub fn resident(&self) -> Result<f64> {
        status(self.child.id(), "VmRSS:")
    }

    /// The most it ever was, in MiB.
    pub fn peak(&self) -> Result<f64> {
        status(self.child.id(), "VmHWM:")
    }

    /// Resident memory once nothing happens any more: unchanged (to half a MiB) for two seconds.
    pub async fn calm(&self) -> Result<f64> {
        let deadline = Instant::now() + Duration::from_secs(20);
        let (mut last, mut same) = (self.resident()?, 0);
        while same < 8 && Instant::now() < deadline {
            tokio::time::sleep(LOOK).await;
            let now = self.resident()?;
            same = if (now - last).abs() < 0.5 {
                same + 1
            } else {
                0
            };
            last = now;
        }
        Ok(last)
    }

    fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The end of what it logged.
    pub fn tail(&self) -> String {
        let text = self.logged();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

/// A figure of `/proc/PID/status`, in MiB.
pub fn status(process: u32, name: &str) -> Result<f64> {
    let path = format!("/proc/{process}/status");
    let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    let line = text.lines().find(|line| line.starts_with(name));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: f64 = kib
        .with_context(|| format!("{path} has no {name}"))?
        .parse()?;
    Ok(kib / 1024.0)
}

impl Drop for Vigie {
    fn drop(&mut self) {
        // Already ended is as good as ended now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn yaml(channels: &[String], namespace: &str) -> String {
    let first = channels.first().map_or("", String::as_str);
    let each = |id: &String| format!("  - id: {id}\n    show: [metrics, events, logs]\n");
    let channels: String = channels.iter().map(each).collect();
    format!(
        "environments:\n  - name: production\n    namespaces: [{namespace}]\nchannels:\n{channels}\
         escalation:\n  leads:\n    - slack_id: U0LEAD\nalerts:\n  post_to: {first}\n"
    )
}
