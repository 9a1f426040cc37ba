//! Where a test has alerts sent to: an HTTP server that keeps what is posted to it, and answers as a
//! webhook or as Slack's Web API does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::DEADLINE;

/// Largest body that is kept.
const MOST: usize = 16 << 20;

/// One request.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its path.
    pub path: String,
    /// Its `Authorization` header.
    pub authorization: Option<String>,
    /// Its `User-Agent` header.
    pub agent: Option<String>,
    /// Its body; null when that is no JSON.
    pub body: Value,
    /// When it came.
    pub at: Instant,
}

impl Post {
    /// The alerts of this name in an Alertmanager's webhook body.
    pub fn alerts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        let all = self.body["alerts"].as_array().into_iter().flatten();
        all.filter(move |alert| alert["labels"]["alertname"] == name)
    }
}

/// What came, and the news that something came.
struct Kept {
    posts: Mutex<Vec<Post>>,
    count: watch::Sender<usize>,
}

/// A running receiver, for as long as the test's runtime.
pub struct Hook {
    port: u16,
    kept: Arc<Kept>,
}

impl Hook {
    /// Starts it.
    ///
    /// # Panics
    /// When there is no loopback port.
    pub async fn start() -> Self {
        let kept = Arc::new(Kept {
            posts: Mutex::default(),
            count: watch::Sender::new(0),
        });
        let app = axum::Router::new()
            .fallback(keep)
            .with_state(Arc::clone(&kept));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { port, kept }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its loopback address.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Everything that came to a path, oldest first.
    pub fn posts(&self, path: &str) -> Vec<Post> {
        let all = self.kept.posts.lock();
        let all = all.unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .filter(|post| post.path == path)
            .cloned()
            .collect()
    }

    /// Waits for the first post to a path that is meant.
    ///
    /// # Panics
    /// With everything that came instead, when it does not come within a minute.
    pub async fn wait(&self, what: &str, path: &str, meant: impl Fn(&Post) -> bool) -> Post {
        let mut count = self.kept.count.subscribe();
        let found = async {
            loop {
                let found = self.posts(path).into_iter().find(|post| meant(post));
                match found {
                    Some(post) => return post,
                    None => count.changed().await.unwrap(),
                }
            }
        };
        let Ok(post) = tokio::time::timeout(DEADLINE, found).await else {
            let came = self
                .posts(path)
                .into_iter()
                .map(|post| post.body.to_string());
            let came: Vec<String> = came.collect();
            panic!(
                "{what} did not come to {path}; what came:\n{}",
                came.join("\n")
            );
        };
        post
    }
}

async fn keep(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let bytes = axum::body::to_bytes(body, MOST).await.unwrap_or_default();
    let post = Post {
        path: parts.uri.path().to_owned(),
        authorization: header("authorization"),
        agent: header("user-agent"),
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        at: Instant::now(),
    };
    let of_slack = post.path.starts_with("/api/");
    kept.posts
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(post);
    kept.count.send_modify(|count| *count += 1);
    if of_slack {
        let answer = json!({"ok": true, "channel": "C0ALERTS", "ts": "1795653855.109451"});
        return Json(answer).into_response();
    }
    "ok".into_response()
}
