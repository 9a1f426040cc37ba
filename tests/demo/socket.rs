//! The socket that keeps a page up to date.

use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::house::{INCIDENTS, Shown, demo};

type Socket = WebSocketStream<TcpStream>;

async fn connect(house: &Shown, viewer: &str, origin: &str) -> Result<Socket, Error> {
    let url = format!("ws://{}/live?as={viewer}", house.host());
    let mut request = url.into_client_request()?;
    let origin = HeaderValue::from_str(origin).unwrap();
    request.headers_mut().insert("origin", origin);
    let stream = TcpStream::connect(house.host()).await?;
    Ok(client_async(request, stream).await?.0)
}

/// The next news.
async fn news(socket: &mut Socket) -> Value {
    let next = async {
        loop {
            if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), next)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sees_the_thread_grow_and_a_reload_shows_the_same() {
    let house = demo().await;
    let mut socket = connect(&house, "bob", &house.demo.url()).await.unwrap();
    let first = news(&mut socket).await;
    assert_eq!(first["whole"], true);
    assert_eq!(first["sandbox"]["bot"], "running");
    let ts = house
        .ask("alice", "@devops payment is slow in production")
        .await;
    // The answer is edited in place: one message, told more than once.
    let mut seen: Vec<Value> = Vec::new();
    while !seen.iter().any(|one| one.to_string().contains("512Mi")) {
        let news = news(&mut socket).await;
        assert_eq!(news["whole"], false);
        seen.extend(news["messages"].as_array().unwrap().iter().cloned());
    }
    let answers: Vec<&Value> = seen
        .iter()
        .filter(|one| one["thread_ts"] == ts.as_str())
        .collect();
    assert!(
        answers.iter().all(|one| one["ts"] == answers[0]["ts"]),
        "{answers:#?}"
    );
    assert!(answers.last().unwrap()["edited"].is_object());
    house.answer(&ts, "512Mi").await;
    // A reload in the middle, and what was there comes again.
    let mut again = connect(&house, "bob", &house.demo.url()).await.unwrap();
    let whole = news(&mut again).await;
    let state = house.state("bob").await;
    assert_eq!(whole["messages"], state["messages"]);
    assert_eq!(whole["channels"], state["channels"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_messages_are_their_owners() {
    let house = demo().await;
    let opened = house.done(json!({ "do": "message", "as": "lead" })).await;
    let channel = opened["ts"].as_str().unwrap();
    let post = json!({ "do": "post", "as": "lead", "channel": channel, "text": "aide" });
    house.done(post).await;
    house
        .wait(|scene| {
            scene
                .messages
                .iter()
                .find(|m| m.from_bot() && m.channel == channel)
                .cloned()
        })
        .await;
    let mut lead = connect(&house, "lead", &house.demo.url()).await.unwrap();
    let own = news(&mut lead).await;
    assert_eq!(own["messages"].as_array().unwrap().len(), 2);
    let mut alice = connect(&house, "alice", &house.demo.url()).await.unwrap();
    let hers = news(&mut alice).await;
    assert!(hers["messages"].as_array().unwrap().is_empty());
    assert!(!hers["channels"].to_string().contains(channel));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_from_elsewhere_is_refused() {
    let house = demo().await;
    for (viewer, origin, status) in [
        ("alice", "https://evil.example", 403),
        ("alice", "null", 403),
        ("nobody", house.demo.url().as_str(), 404),
    ] {
        match connect(&house, viewer, origin).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), status, "{viewer} {origin}"),
            other => panic!("{viewer} {origin}: {other:?}"),
        }
    }
    let plain = house
        .client
        .get(house.url("/live?as=alice"))
        .send()
        .await
        .unwrap();
    assert_eq!(plain.status(), 426);
    // Whoever talks too much is cut off, and the others stay.
    let mut loud = connect(&house, "alice", &house.demo.url()).await.unwrap();
    let mut quiet = connect(&house, "alice", &house.demo.url()).await.unwrap();
    news(&mut quiet).await;
    let flood = Message::text("x".repeat(100_000));
    // It may be closed while it is still sending.
    let _ = futures::SinkExt::send(&mut loud, flood).await;
    let ended = async { while let Some(Ok(_)) = loud.next().await {} };
    tokio::time::timeout(Duration::from_mins(1), ended)
        .await
        .unwrap();
    let post = json!({ "do": "post", "as": "alice", "channel": INCIDENTS, "text": "hello" });
    house.done(post).await;
    assert_eq!(news(&mut quiet).await["messages"][0]["text"], "hello");
}
