//! The webhook over TLS with client certificates: who has one is let in without anything else, everybody else
//! is refused under a name of their own, and the listener goes on.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vigie::config::AlertTls;

use super::house::{INCIDENTS, Scripted, Sees, Stage};
use crate::cluster::Alertmanager;
use crate::cluster::tls::Authority;

/// An authority, and the folder with what it issued: `ca.crt`, `server.*`, `sender.*`.
struct Papers {
    authority: Authority,
    folder: TempDir,
}

impl Papers {
    fn new() -> Self {
        Self::of("our authority")
    }

    fn of(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::named(name, folder.path()).unwrap();
        for name in ["server", "sender"] {
            authority.issue(name, name, None).unwrap();
        }
        Self { authority, folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn tls(&self) -> AlertTls {
        AlertTls {
            cert: self.path("server.crt"),
            key: self.path("server.key"),
            client_ca: Some(self.path("ca.crt")),
        }
    }

    /// A new connection of somebody with this certificate, who believes the server's authority.
    fn sender(&self, own: Option<(&Papers, &str)>) -> reqwest::Client {
        let ca = reqwest::Certificate::from_pem(self.text("ca.crt").as_bytes()).unwrap();
        let builder = reqwest::Client::builder().timeout(Duration::from_mins(1));
        let mut builder = builder.tls_certs_only([ca]);
        if let Some((papers, name)) = own {
            let pem = papers.text(&format!("{name}.crt")) + &papers.text(&format!("{name}.key"));
            builder = builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap());
        }
        builder.build().unwrap()
    }
}

/// A bot whose webhook wants a client certificate and nothing else.
async fn stage(papers: &Papers) -> Stage {
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    let settings = stage.config.alerts.webhook.as_mut().unwrap();
    (settings.token, settings.hmac) = (None, None);
    settings.tls = Some(papers.tls());
    stage.start().await;
    stage
}

fn firing(stage: &Stage) -> Value {
    let alert = json!({"status": "firing", "fingerprint": "00000000000000aa",
        "startsAt": stage.clock.now().to_rfc3339(), "endsAt": "0001-01-01T00:00:00Z",
        "labels": {"alertname": "KubeDeploymentReplicasMismatch", "namespace": "production",
            "deployment": "payment-service", "severity": "warning"}, "annotations": {}});
    json!({"version": "4", "groupKey": "g1", "truncatedAlerts": 0, "receiver": "vigie",
        "status": "firing", "groupLabels": {}, "alerts": [alert]})
}

async fn send(client: &reqwest::Client, stage: &Stage) -> Result<u16, reqwest::Error> {
    let url = format!("https://{}/alerts", stage.webhook());
    let sent = client.post(url).body(firing(stage).to_string()).send();
    Ok(sent.await?.status().as_u16())
}

/// Waits until so many requests or connections ended like that.
async fn counted(stage: &Stage, code: &str, count: usize) {
    let line = format!("vigie_alert_webhook_requests_total{{outcome=\"{code}\"}} {count}\n");
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let all = stage.metrics.encode().unwrap();
        if all.contains(&line) {
            return;
        }
        assert!(Instant::now() < until, "no {line}\n{all}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Sends bytes that are no handshake, and waits until the server hangs up.
async fn talk(address: SocketAddr, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    hangs_up(stream).await;
}

async fn hangs_up(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut rest));
    // A reset is an end too.
    let _ = ended.await.unwrap();
    let text = String::from_utf8_lossy(&rest);
    assert!(!text.contains("HTTP/1.1 200"), "{text}");
}

/// The greeting of a client that knows TLS 1.1 and nothing newer.
fn old_hello() -> Vec<u8> {
    let mut body = vec![3, 2];
    body.extend([7; 32]);
    // No session; one cipher suite, one compression, no extensions.
    body.extend([0, 0, 2, 0xc0, 0x13, 1, 0]);
    let length = u8::try_from(body.len()).unwrap();
    let mut hello = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    hello.extend(body);
    hello
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_the_right_authority_is_all_a_sender_needs() {
    let papers = Papers::new();
    let mut stage = stage(&papers).await;
    let client = papers.sender(Some((&papers, "sender")));
    assert_eq!(send(&client, &stage).await.unwrap(), 200);
    stage
        .wait(|scene| {
            let mut own = scene.messages.iter();
            own.find(|one| one.channel == INCIDENTS && one.visible().contains("payment-service"))
                .map(|one| one.ts.clone())
        })
        .await;
    assert_eq!(stage.store().load_live().await.unwrap().len(), 1);
    counted(&stage, "saved", 1).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_else_is_refused_under_a_name_and_costs_nobody_else_anything() {
    let (papers, others) = (Papers::new(), Papers::of("another authority"));
    papers.authority.issue_expired("late", "late").unwrap();
    let mut stage = stage(&papers).await;
    let address = stage.webhook();
    // These two hold their connections open and never get to the end of a handshake.
    let silent = TcpStream::connect(address).await.unwrap();
    let mut begun = TcpStream::connect(address).await.unwrap();
    begun.write_all(&old_hello()[..20]).await.unwrap();

    let stranger = papers.sender(None);
    send(&stranger, &stage).await.unwrap_err();
    counted(&stage, "handshake-no-certificate", 1).await;
    let of_another = papers.sender(Some((&others, "sender")));
    send(&of_another, &stage).await.unwrap_err();
    counted(&stage, "handshake-unknown-authority", 1).await;
    // An authority that calls itself like ours signs with another key.
    let namesake = Papers::new();
    let of_a_namesake = papers.sender(Some((&namesake, "sender")));
    send(&of_a_namesake, &stage).await.unwrap_err();
    counted(&stage, "handshake-bad-certificate", 1).await;
    let late = papers.sender(Some((&papers, "late")));
    send(&late, &stage).await.unwrap_err();
    counted(&stage, "handshake-expired", 1).await;
    let disbelieving = others.sender(Some((&papers, "sender")));
    send(&disbelieving, &stage).await.unwrap_err();
    counted(&stage, "handshake-refused-by-sender", 1).await;

    let plain = b"POST /alerts HTTP/1.1\r\nHost: vigie\r\nContent-Length: 0\r\n\r\n";
    talk(address, plain).await;
    talk(address, &[0xff; 512]).await;
    counted(&stage, "handshake-not-tls", 2).await;
    talk(address, &old_hello()).await;
    counted(&stage, "handshake-old-tls", 1).await;
    drop(TcpStream::connect(address).await.unwrap());
    counted(&stage, "handshake-cut", 1).await;

    assert!(stage.store().pending().await.unwrap().is_empty());
    assert!(stage.store().load_live().await.unwrap().is_empty());
    let client = papers.sender(Some((&papers, "sender")));
    assert_eq!(send(&client, &stage).await.unwrap(), 200, "it still serves");
    hangs_up(silent).await;
    hangs_up(begun).await;
    counted(&stage, "handshake-slow", 2).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_taken_without_a_restart_and_a_broken_one_is_not() {
    let (papers, renewed) = (Papers::new(), Papers::new());
    let mut stage = stage(&papers).await;
    let old = || papers.sender(Some((&papers, "sender")));
    let first = old();
    assert_eq!(send(&first, &stage).await.unwrap(), 200);
    // Half of a renewal: the key is another's.
    let before = papers.text("ca.crt");
    let write = |name: &str| std::fs::copy(renewed.path(name), papers.path(name)).unwrap();
    write("server.key");
    stage.advance(TimeDelta::seconds(61));
    assert_eq!(send(&old(), &stage).await.unwrap(), 200);
    let old = old();
    write("server.crt");
    write("ca.crt");
    assert_ne!(before, papers.text("ca.crt"));
    stage.advance(TimeDelta::seconds(61));
    let new = renewed.sender(Some((&renewed, "sender")));
    assert_eq!(send(&new, &stage).await.unwrap(), 200);
    send(&old, &stage).await.unwrap_err();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_alertmanager_sends_with_its_certificate() {
    let papers = Papers::new();
    let mut stage = stage(&papers).await;
    let url = format!("https://{}/alerts/alertmanager", stage.webhook());
    let tls = json!({"ca_file": "ca.crt", "cert_file": "sender.crt", "key_file": "sender.key"});
    let config = json!({
        "route": {"receiver": "vigie", "group_wait": "0s", "group_interval": "1s"},
        "receivers": [{"name": "vigie", "webhook_configs": [
            {"url": url, "send_resolved": true, "http_config": {"tls_config": tls}}]}],
    });
    let files = ["ca.crt", "sender.crt", "sender.key"].map(|name| (name, papers.text(name)));
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let Some(real) = Alertmanager::start_with(&config.to_string(), &files).await else {
        return;
    };
    let alert = firing(&stage)["alerts"][0].clone();
    real.tell(&json!([{"labels": alert["labels"]}])).await;
    counted(&stage, "saved", 1).await;
    stage
        .wait(|scene| {
            let mut own = scene.messages.iter();
            own.find(|one| one.channel == INCIDENTS && one.visible().contains("payment-service"))
                .map(|one| one.ts.clone())
        })
        .await;
    stage.stop().await;
}

/// What the program says, started with these files.
fn says(command: &str, folder: &Path, tls: &AlertTls) -> (bool, String) {
    let file = folder.join("vigie.yaml");
    std::fs::write(&file, "alerts:\n  post_to: C0FAKEALERTS\n").unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["--config", file.to_str().unwrap(), command])
        .current_dir(folder)
        .env_clear()
        .env("VIGIE_SLACK_BOT_TOKEN", "xoxb-FAKE-1")
        .env("VIGIE_SLACK_APP_TOKEN", "xapp-FAKE-1")
        .env("VIGIE_SLACK_API_URL", "http://127.0.0.1:9/api")
        .env("KUBECONFIG", folder.join("none"))
        .env("VIGIE_LEAD", "U0FAKELEAD")
        .env("VIGIE_DATA_DIR", folder.join("data"))
        .env("VIGIE_HTTP_ADDR", "127.0.0.1:0")
        .env("VIGIE_ALERTS_ADDR", "127.0.0.1:0")
        .env("VIGIE_ALERTS_TLS_CERT", &tls.cert)
        .env("VIGIE_ALERTS_TLS_KEY", &tls.key)
        .env("VIGIE_ALERTS_CLIENT_CA", tls.client_ca.as_ref().unwrap())
        .output()
        .unwrap();
    let text = [said.stdout, said.stderr].concat();
    (said.status.success(), String::from_utf8(text).unwrap())
}

/// Files that cannot serve: the variable that names one, and a word of what is said.
fn broken(
    folder: &Path,
    good: &AlertTls,
    other_key: &Path,
) -> [(&'static str, &'static str, AlertTls); 6] {
    let with = |change: &dyn Fn(&mut AlertTls)| {
        let mut tls = good.clone();
        change(&mut tls);
        tls
    };
    [
        (
            "VIGIE_ALERTS_TLS_CERT",
            "missing.crt",
            with(&|tls| tls.cert = folder.join("missing.crt")),
        ),
        (
            "VIGIE_ALERTS_TLS_CERT",
            "empty.crt",
            with(&|tls| tls.cert = folder.join("empty.crt")),
        ),
        // A folder can be read by nobody, not even by root.
        (
            "VIGIE_ALERTS_TLS_KEY",
            "cannot be used",
            with(&|tls| folder.clone_into(&mut tls.key)),
        ),
        (
            "VIGIE_ALERTS_TLS_KEY",
            "ca.crt",
            with(&|tls| tls.key = folder.join("ca.crt")),
        ),
        (
            "VIGIE_ALERTS_TLS_KEY",
            "is not the key of",
            with(&|tls| other_key.clone_into(&mut tls.key)),
        ),
        (
            "VIGIE_ALERTS_CLIENT_CA",
            "empty.crt",
            with(&|tls| tls.client_ca = Some(folder.join("empty.crt"))),
        ),
    ]
}

#[test]
fn files_that_cannot_serve_stop_the_start_and_are_named_with_their_variable() {
    let (papers, others) = (Papers::new(), Papers::new());
    let folder = papers.folder.path();
    std::fs::write(folder.join("empty.crt"), "").unwrap();
    let good = papers.tls();
    let cases = broken(folder, &good, &others.path("server.key"));
    for (variable, word, tls) in &cases {
        let (ok, text) = says("run", folder, tls);
        assert!(
            !ok && text.contains(variable) && text.contains(word),
            "{variable} {word}: {text}"
        );
        assert!(!folder.join("data").exists(), "the store was opened");
        let key = papers.text("server.key");
        let secret = key.lines().nth(1).unwrap();
        assert!(!text.contains(secret), "the key is shown");
    }
    let (variable, _, tls) = &cases[4];
    let (ok, text) = says("doctor", folder, tls);
    assert!(!ok, "{text}");
    assert!(
        text.contains(&format!("FAILED   VIGIE_ALERTS_ADDR: {variable}")),
        "{text}"
    );
    let (_, text) = says("doctor", folder, &good);
    let fine =
        "ok       VIGIE_ALERTS_ADDR: https on 127.0.0.1:0, senders show a client certificate";
    assert!(text.contains(fine), "{text}");
}
