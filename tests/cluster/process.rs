//! Starts the programs that the tests run against and makes sure that none
//! outlives the tests.
//!
//! A shared control plane lives in a static, and statics are never dropped, so
//! `Drop` alone cannot end the programs. They are started through
//! `setpriv --pdeathsig KILL`: the kernel ends them with their parent. What
//! counts as the parent is the *thread* that started them, and the test runner
//! ends each test's thread, so all of them are started by one thread that stays.

use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError, mpsc};
use std::thread;

use anyhow::{Context, Result, bail};

/// A command to start, and where its child goes.
type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// The thread that is every program's parent.
static KEEPER: LazyLock<mpsc::Sender<Order>> = LazyLock::new(|| {
    let (orders, inbox) = mpsc::channel::<Order>();
    thread::spawn(move || {
        for (mut command, reply) in inbox {
            // A caller that went away drops the child's handle; the program then
            // ends with this process.
            let _ = reply.send(command.spawn());
        }
    });
    orders
});

/// Whether this machine can tie a child's life to its parent's.
static TIED: LazyLock<bool> = LazyLock::new(|| {
    let probe = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "true"])
        .status();
    probe.is_ok_and(|status| status.success())
});

/// One running program; dropping it ends the program.
#[derive(Debug)]
pub struct Program {
    /// The program's file name, for messages.
    name: String,
    /// Its child handle, behind a lock because looking at a child changes it.
    child: Mutex<Child>,
    /// Where its output goes.
    log: std::path::PathBuf,
}

impl Program {
    /// Starts `binary` with `args`, its output in `folder/<name>.log` and its
    /// process id noted in `folder/pids`.
    pub fn start(folder: &Path, binary: &Path, args: &[String]) -> Result<Self> {
        let name = binary
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let log = folder.join(format!("{name}.log"));
        let child = spawn(command(folder, binary, args, &log)?)
            .with_context(|| format!("{name} did not start"))?;
        let mut pids = File::options()
            .create(true)
            .append(true)
            .open(folder.join("pids"))?;
        writeln!(pids, "{}", child.id())?;
        Ok(Self {
            name,
            child: Mutex::new(child),
            log,
        })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .id()
    }

    /// Fails with the end of its output when the program is no longer running.
    pub fn check(&self) -> Result<()> {
        let ended = self
            .child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_wait()?;
        if let Some(status) = ended {
            bail!("{} ended with {status}:\n{}", self.name, self.tail());
        }
        Ok(())
    }

    /// The last lines of the program's output.
    pub fn tail(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Already ended is as good as ended now.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// The command line, tied to its parent's life where the machine can do that.
fn command(folder: &Path, binary: &Path, args: &[String], log: &Path) -> Result<Command> {
    let mut command = if *TIED {
        let mut tied = Command::new("setpriv");
        tied.args(["--pdeathsig", "KILL", "--"]).arg(binary);
        tied
    } else {
        Command::new(binary)
    };
    let log = File::options().create(true).append(true).open(log)?;
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.stdout(log.try_clone()?).stderr(log);
    // A user's own kubeconfig, proxy or Go settings must not reach the programs.
    command
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Ok(command)
}

/// Has the keeper start a command.
fn spawn(command: Command) -> Result<Child> {
    let (reply, child) = mpsc::channel();
    KEEPER
        .send((command, reply))
        .context("the keeper thread is gone")?;
    Ok(child.recv().context("the keeper thread is gone")??)
}

/// `N` different loopback ports that were free a moment ago. Somebody else may
/// take one before its program does, so callers try again with new ones.
pub fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}
