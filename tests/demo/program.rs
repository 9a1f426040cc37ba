//! The real program: its port, its words, its end.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::house::{INCIDENTS, demo};

/// `vigie demo` with these arguments, and nothing of this machine's configuration.
fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .arg("demo")
        .args(args)
        .env_clear()
        .stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A demo of its own process; dropping it ends the process.
struct Running(Child);

impl Running {
    /// Asks it to end, as ctrl-c does.
    fn interrupt(&self) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.0.try_wait().unwrap().is_none() {
            // In order, so that it takes its folder with it.
            self.interrupt();
            self.0.wait().unwrap();
        }
        // Ended already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn running() -> (Running, BufReader<ChildStdout>, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut child = command(&[]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    let url = first.split_whitespace().last().unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{first}");
    (Running(child), out, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_where_it_is_and_ends_in_order() {
    let (mut program, mut out, url) = running();
    let page = reqwest::get(&url).await.unwrap().text().await.unwrap();
    assert!(page.contains("<title>vigie</title>"));
    program.interrupt();
    assert_eq!(program.0.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("Ctrl-c ends the demo"), "{rest}");
    assert!(rest.contains("--script example"), "{rest}");
    assert!(reqwest::get(&url).await.is_err());
}

#[test]
fn a_port_that_is_taken_is_one_clear_line() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = command(&["--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        says,
        format!("vigie: port {port} is taken; choose another with --port, or leave it out\n")
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn the_built_in_conversation_needs_no_browser() {
    let output = command(&["--script", "example"]).output().unwrap();
    let says = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(says.contains("📟 @lead"), "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_demos_on_one_machine_do_not_meet() {
    let (first, second) = (demo().await, demo().await);
    let (_program, _out, third) = running();
    assert_ne!(first.demo.url(), second.demo.url());
    let ts = first
        .ask("alice", "@devops Service payment est lent en production")
        .await;
    first.answer(&ts, "512Mi").await;
    assert!(second.demo.world.slack.scene().messages.is_empty());
    let other = reqwest::get(format!("{third}/state?as=alice"))
        .await
        .unwrap();
    let other: serde_json::Value = other.json().await.unwrap();
    assert_eq!(other["messages"], serde_json::json!([]));
    assert_ne!(
        other["sandbox"]["name"],
        first.state("alice").await["sandbox"]["name"]
    );
    second.ask("alice", "hello").await;
    let thread = first.demo.world.slack.scene().thread(INCIDENTS, &ts);
    let said = thread.iter().filter(|one| one.files.is_empty());
    assert_eq!(said.count(), 2);
}
