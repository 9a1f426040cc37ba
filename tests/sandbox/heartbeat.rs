//! The heartbeat's client: a receiver that hangs costs little, and no error shows the address.

use std::time::Duration;

use axum::Router;
use vigie::clients::heartbeat::{HeartbeatError, HeartbeatReceiver};
use vigie::sandbox::server::Server;

#[tokio::test]
async fn a_receiver_that_hangs_or_is_gone_is_told_without_its_address() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let router = Router::new().fallback(std::future::pending::<()>);
    let server = Server::start(router).unwrap();
    let url = format!("{}/FAKE-token", server.url());
    let receiver = HeartbeatReceiver::with_timeout(url.into(), Duration::from_millis(100)).unwrap();
    assert_eq!(
        receiver.feed().await,
        Err(HeartbeatError::NoAnswer("time-out"))
    );
    server.refuse();
    let error = receiver.feed().await.unwrap_err();
    assert_eq!(error, HeartbeatError::NoAnswer("cannot connect"));
    assert!(!format!("{error} {receiver:?}").contains("FAKE-token"));
}
