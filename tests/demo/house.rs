//! One demo, and somebody who talks to its page over HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use vigie::cli::demo::{Demo, start};
use vigie::config::Config;
use vigie::sandbox::page::Settings;
use vigie::sandbox::slack::{Message, Scene};

pub const INCIDENTS: &str = "C0INCIDENTS";
/// How long an answer may take on a machine that builds something else meanwhile.
const PATIENCE: Duration = Duration::from_mins(1);

/// A demo without alerts, on a port of its own.
pub async fn demo() -> Shown {
    with(None).await
}

/// A demo whose first alert comes after that time.
pub async fn with(alert_after: Option<Duration>) -> Shown {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = Settings {
        port: 0,
        alert_after,
    };
    let demo = start(settings, Config::default().playbooks).await.unwrap();
    Shown {
        demo,
        client: reqwest::Client::new(),
    }
}

/// A demo and a way to it.
pub struct Shown {
    pub demo: Demo,
    pub client: reqwest::Client,
}

impl Shown {
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.demo.url())
    }

    /// `127.0.0.1:PORT`.
    pub fn host(&self) -> String {
        self.demo.url().replace("http://", "")
    }

    /// What stands on somebody's screen.
    pub async fn state(&self, viewer: &str) -> Value {
        let answer = self.client.get(self.url(&format!("/state?as={viewer}")));
        answer.send().await.unwrap().json().await.unwrap()
    }

    /// Does something as the page would; the status and what was answered.
    pub async fn act(&self, body: Value) -> (u16, Value) {
        let request = self.client.post(self.url("/act"));
        let request = request.header("origin", self.demo.url()).json(&body);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (
            status,
            serde_json::from_str(&text).unwrap_or_else(|_| text.into()),
        )
    }

    /// Does something that has to work.
    pub async fn done(&self, body: Value) -> Value {
        let (status, answer) = self.act(body.clone()).await;
        assert_eq!(status, 200, "{body}: {answer}");
        answer
    }

    /// Asks in #incidents; returns the question's `ts`.
    pub async fn ask(&self, who: &str, text: &str) -> String {
        let post = json!({ "do": "post", "as": who, "channel": INCIDENTS, "text": text });
        let answer = self.done(post).await;
        answer["ts"].as_str().unwrap().to_owned()
    }

    /// Waits for something in the workspace.
    pub async fn wait<T>(&self, wanted: impl FnMut(&Scene) -> Option<T>) -> T {
        let slack = &self.demo.world.slack;
        match slack.wait_within(PATIENCE, wanted).await {
            Ok(found) => found,
            Err(error) => panic!("{error}"),
        }
    }

    /// Waits for the bot's answer with a verdict: the one with buttons or with these words.
    pub async fn answer(&self, ts: &str, words: &str) -> Message {
        self.wait(|scene| {
            let answers = scene.answers(INCIDENTS, ts);
            answers
                .into_iter()
                .find(|one| one.visible().contains(words))
        })
        .await
    }
}
