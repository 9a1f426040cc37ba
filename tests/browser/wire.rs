//! The remote debugging protocol of Chromium: commands with their answers, and what pages reported meanwhile.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures::stream::SplitSink;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

type Sink = SplitSink<WebSocketStream<TcpStream>, Message>;
type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// One connection to a browser.
pub struct Wire {
    sink: tokio::sync::Mutex<Sink>,
    waiting: Waiting,
    events: Arc<Mutex<Vec<Value>>>,
    next: AtomicU64,
}

impl Wire {
    /// Connects to `ws://127.0.0.1:PORT/devtools/browser/…`.
    pub async fn connect(port: u16, path: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let (socket, _) = client_async(format!("ws://127.0.0.1:{port}{path}"), stream).await?;
        let (sink, mut source) = socket.split();
        let (waiting, events): (Waiting, Arc<Mutex<Vec<Value>>>) = Default::default();
        let (answers, reports) = (Arc::clone(&waiting), Arc::clone(&events));
        tokio::spawn(async move {
            while let Some(Ok(Message::Text(text))) = source.next().await {
                let said: Value = serde_json::from_str(&text).unwrap_or_default();
                let waits = said["id"]
                    .as_u64()
                    .and_then(|id| answers.lock().unwrap().remove(&id));
                match waits {
                    // Whoever gave up waiting does not need it.
                    Some(waits) => drop(waits.send(said)),
                    None => reports.lock().unwrap().push(said),
                }
            }
        });
        Ok(Self {
            sink: tokio::sync::Mutex::new(sink),
            waiting,
            events,
            next: AtomicU64::new(1),
        })
    }

    /// Sends a command, to a tab if one is named, and returns its result.
    pub async fn call(&self, session: Option<&str>, method: &str, params: Value) -> Result<Value> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id, reply);
        let mut command = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        let sent = Message::text(command.to_string());
        self.sink.lock().await.send(sent).await?;
        let answer = tokio::time::timeout(Duration::from_mins(1), answer).await;
        let answer = answer.with_context(|| format!("no answer to {method}"))??;
        if let Some(error) = answer.get("error") {
            bail!("{method}: {error}");
        }
        Ok(answer["result"].clone())
    }

    /// Uncaught errors, policy violations and failed requests that pages reported.
    pub fn complaints(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let bad = events.iter().filter(|event| {
            event["method"] == "Runtime.exceptionThrown"
                || event["method"] == "Page.javascriptDialogOpening"
                || (event["method"] == "Log.entryAdded"
                    && event["params"]["entry"]["level"] == "error")
        });
        bad.map(|event| event["params"].to_string()).collect()
    }
}
