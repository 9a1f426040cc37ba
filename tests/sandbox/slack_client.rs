//! A small Slack client for these tests: the Web API by HTTP, Socket Mode by a web socket.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use vigie::clock::Clock;
use vigie::sandbox::slack::{APP_TOKEN, BOT_TOKEN, Workspace};

/// A workspace and its clock.
pub async fn workspace() -> (Workspace, Clock) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let clock = Clock::system();
    (Workspace::start(clock.clone()).await.unwrap(), clock)
}

/// A call with the bot's token; the answer's JSON.
pub async fn call(slack: &Workspace, method: &str, args: Value) -> Value {
    respond(slack, method, args)
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

/// A call with the bot's token; the HTTP answer.
pub async fn respond(
    slack: &Workspace,
    method: &str,
    args: Value,
) -> reqwest::Result<reqwest::Response> {
    reqwest::Client::new()
        .post(format!("{}/{method}", slack.api_url()))
        .bearer_auth(BOT_TOKEN)
        .json(&args)
        .send()
        .await
}

/// One open Socket Mode connection.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Asks for a URL and connects; does not wait for `hello`.
    pub async fn connect(slack: &Workspace) -> Self {
        let open: Value = reqwest::Client::new()
            .post(format!("{}/apps.connections.open", slack.api_url()))
            .bearer_auth(APP_TOKEN)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let url = open["url"].as_str().unwrap();
        let host = url
            .strip_prefix("ws://")
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        let stream = TcpStream::connect(host).await.unwrap();
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        Self(socket)
    }

    /// Connects and waits for `hello`.
    pub async fn open(slack: &Workspace) -> Self {
        let mut socket = Self::connect(slack).await;
        assert_eq!(socket.next().await.unwrap()["type"], "hello");
        socket
    }

    /// The next JSON frame; `None` when the connection is over.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).unwrap_or(Value::Null));
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Acknowledges an envelope.
    pub async fn ack(&mut self, envelope: &Value) {
        let answer = json!({ "envelope_id": envelope["envelope_id"] });
        self.0
            .send(Message::text(answer.to_string()))
            .await
            .unwrap();
    }

    /// The next envelope, acknowledged.
    pub async fn take(&mut self) -> Value {
        let envelope = self.next().await.unwrap();
        self.ack(&envelope).await;
        envelope
    }
}
