//! What a real Alertmanager sends to the receivers that the tests give it.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header;
use axum::{Router, body::Bytes};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use vigie::sandbox::server::Server;

use super::{Receivers, post};

/// A server that hands over what it is sent: path, `Authorization`, body.
fn listener() -> (Server, mpsc::UnboundedReceiver<(String, String, Bytes)>) {
    let (tell, told) = mpsc::unbounded_channel();
    let router = Router::new().fallback(move |request: Request| {
        let tell = tell.clone();
        async move {
            let (parts, body) = request.into_parts();
            let login = parts.headers.get(header::AUTHORIZATION);
            let login = login
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let body = to_bytes(body, 1 << 20).await.unwrap();
            let _ = tell.send((parts.uri.path().to_owned(), login.to_owned(), body));
        }
    });
    (Server::start(router).unwrap(), told)
}

async fn next<T>(told: &mut mpsc::UnboundedReceiver<T>) -> T {
    let within = std::time::Duration::from_mins(1);
    let told = tokio::time::timeout(within, told.recv()).await;
    told.unwrap().unwrap()
}

#[tokio::test]
async fn the_webhook_comes_with_its_token_when_it_fires_and_when_it_is_over() {
    let (server, mut told) = listener();
    let receivers = Receivers {
        webhook: Some((format!("{}/alerts", server.url()), "FAKE-token".into())),
        ..Receivers::default()
    };
    let Some(real) = receivers.start().await else {
        return;
    };
    let labels = json!({"alertname": "KubePodCrashLooping", "namespace": "production"});
    post(&real.url(), &json!([{"labels": labels}])).await;
    let (path, login, body) = next(&mut told).await;
    assert_eq!(
        (path.as_str(), login.as_str()),
        ("/alerts", "Bearer FAKE-token")
    );
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (&body["version"], &body["status"]),
        (&json!("4"), &json!("firing"))
    );
    assert_eq!(body["alerts"][0]["labels"], labels);

    let over = json!([{"labels": labels, "endsAt": chrono::Utc::now()}]);
    post(&real.url(), &over).await;
    let (_, _, body) = next(&mut told).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["status"], "resolved");
}

#[tokio::test]
async fn slack_gets_the_default_template() {
    let (server, mut told) = listener();
    let receivers = Receivers {
        slack: Some(json!({"api_url": format!("{}/hook", server.url()), "channel": "#incidents"})),
        ..Receivers::default()
    };
    let Some(real) = receivers.start().await else {
        return;
    };
    let labels = json!({"alertname": "KubePodCrashLooping", "namespace": "production"});
    post(&real.url(), &json!([{"labels": labels}])).await;
    let (path, _, body) = next(&mut told).await;
    assert_eq!(path, "/hook");
    let body: Value = serde_json::from_slice(&body).unwrap();
    let title = body["attachments"][0]["title"].as_str().unwrap();
    assert!(
        title.contains("FIRING:1") && title.contains("KubePodCrashLooping"),
        "{body}"
    );
}
