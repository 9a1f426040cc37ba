//! One HTTP server of the tests that is a program of its own: Prometheus, Alertmanager, kube-state-metrics.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::folder::Folder;
use super::process::{self, Program};
use super::{DEADLINE, POLL};

/// How often a start is tried anew when somebody took the port in between.
const TRIES: usize = 3;

/// What a program needs to be started.
pub struct Launch<'a> {
    /// The program.
    pub binary: PathBuf,
    /// Files to write into its folder: name and text.
    pub files: Vec<(&'a str, String)>,
    /// Its arguments, from its folder, its port, and a second port if it wants one.
    pub args: &'a (dyn Fn(&Path, u16, u16) -> Vec<String> + Sync),
    /// The path that answers 200 when it is ready.
    pub ready: &'static str,
}

/// A running server with its folder; dropping it ends both.
pub struct Server {
    /// The running program. First, so that it ends before its folder goes.
    program: Program,
    /// Its loopback port.
    port: u16,
    /// Its configuration and data.
    _folder: Folder,
}

impl Server {
    /// Starts a program on free ports and waits until it is ready.
    ///
    /// # Errors
    /// When it ends before that, or takes longer than a minute.
    pub async fn start(launch: &Launch<'_>) -> Result<Self> {
        let mut tries = 1..TRIES;
        loop {
            match Self::once(launch).await {
                Err(error)
                    if format!("{error:#}").contains("address already in use")
                        && tries.next().is_some() => {}
                done => return done,
            }
        }
    }

    async fn once(launch: &Launch<'_>) -> Result<Self> {
        let folder = Folder::create()?;
        let [port, other] = process::free_ports()?;
        for (name, text) in &launch.files {
            std::fs::write(folder.path().join(name), text)?;
        }
        let args = (launch.args)(folder.path(), port, other);
        let program = Program::start(folder.path(), &launch.binary, &args)?;
        let server = Self {
            program,
            port,
            _folder: folder,
        };
        server.ready(launch.ready).await?;
        Ok(server)
    }

    /// Waits until the server says that it is ready.
    async fn ready(&self, path: &str) -> Result<()> {
        let deadline = Instant::now() + DEADLINE;
        while !answers(self.port, path).await.unwrap_or(false) {
            self.program.check()?;
            if Instant::now() > deadline {
                bail!("not ready in time:\n{}", self.program.tail());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Fails, with the end of its output, when the program has ended.
    pub fn check(&self) -> Result<()> {
        self.program.check()
    }

    /// The last lines of its output.
    pub fn tail(&self) -> String {
        self.program.tail()
    }

    /// Its loopback port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it is served.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Whether a GET of this path is answered with 200.
async fn answers(port: u16, path: &str) -> std::io::Result<bool> {
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
    let answer = exchange(port, &request).await?;
    Ok(answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"))
}

/// Sends a request of HTTP/1.0 and reads the whole answer.
///
/// # Errors
/// When nobody listens, or the connection breaks.
pub async fn exchange(port: u16, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// A program of the machine, or the reason why it is missing.
///
/// # Errors
/// When it is not on the PATH.
pub fn installed(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|it| it.is_file());
    found.with_context(|| format!("{name} is not installed"))
}
