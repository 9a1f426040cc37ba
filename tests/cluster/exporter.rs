//! A target of the tests that serves what no program here exports: a kubelet's numbers, an application's.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::routing::get;

/// Serves this text in the exposition format, for as long as the test's runtime.
///
/// # Panics
/// When there is no loopback port.
pub async fn serve(metrics: String) -> SocketAddr {
    serve_each(Arc::new(move || metrics.clone())).await
}

/// Serves what this says at each scrape.
///
/// # Panics
/// As [`serve`].
pub async fn serve_each(metrics: Arc<dyn Fn() -> String + Send + Sync>) -> SocketAddr {
    let app = axum::Router::new().route("/metrics", get(async move || metrics()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}
