//! That Prometheus scrapes what a test serves and Alertmanager posts its alerts.

use std::net::SocketAddr;

use axum::routing::get;
use serde_json::json;

use crate::cluster::{Alertmanager, DEADLINE, Prometheus};

/// Serves one metric and an endpoint that notes what is posted to it.
async fn exporter(posts: tokio::sync::mpsc::UnboundedSender<String>) -> SocketAddr {
    let note = axum::routing::post(async move |body: String| {
        let _ = posts.send(body);
    });
    let app = axum::Router::new()
        .route("/metrics", get(async || "web_errors_total 7\n"))
        .route("/hook", note);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

#[tokio::test]
async fn an_alert_reaches_its_receiver() {
    let (posts, mut posted) = tokio::sync::mpsc::unbounded_channel();
    let address = exporter(posts).await;
    let hook = json!({"url": format!("http://{address}/hook")});
    let config = json!({
        "route": {"receiver": "hook", "group_wait": "0s"},
        "receivers": [{"name": "hook", "webhook_configs": [hook]}],
    });
    let Some(alertmanager) = Alertmanager::start(&config.to_string()).await else {
        return;
    };
    let rule = json!({"alert": "WebErrors", "expr": "web_errors_total > 5"});
    let groups = json!([{"name": "test", "rules": [rule]}]);
    let Some(_prometheus) = Prometheus::start_with(&[address], &groups, Some(&alertmanager)).await
    else {
        return;
    };
    let alert = tokio::time::timeout(DEADLINE, posted.recv())
        .await
        .unwrap()
        .unwrap();
    assert!(alert.contains("WebErrors"), "{alert}");
}
