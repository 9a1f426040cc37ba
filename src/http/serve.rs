//! Serves connections within bounds: so many at once, and a head of a request that does not come is not waited
//! for. Whoever opens connections and says nothing costs only those, and only for a while.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::serve::Listener;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::Semaphore;

/// What one listener bears.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Connections at the same time; more wait where the system keeps them.
    pub connections: usize,
    /// A head that takes longer to arrive ends its connection, and so does silence between two requests.
    pub head_within: Duration,
}

/// Those of the bot's listeners. Prometheus and Alertmanager keep their connections for some requests, and open
/// another one when theirs is closed.
pub(super) const BOUNDS: Bounds = Bounds {
    connections: 512,
    head_within: Duration::from_secs(20),
};

/// Serves until `stopped`; requests under way are finished.
pub(super) async fn serve<L>(
    mut listener: L,
    router: Router,
    bounds: Bounds,
    stopped: impl Future<Output = ()>,
) where
    L: Listener<Addr = SocketAddr>,
{
    let room = Arc::new(Semaphore::new(bounds.connections));
    let serving = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, (io, peer)) = tokio::select! {
            next = next => next,
            () = &mut stopped => break,
        };
        let service = router.clone().layer(Extension(ConnectInfo(peer)));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(bounds.head_within)
            .serve_connection(TokioIo::new(io), TowerToHyperService::new(service));
        let connection = serving.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            drop(place);
        });
    }
    // Nobody is let in any more.
    drop(listener);
    serving.shutdown().await;
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::oneshot;

    use super::*;

    const HEALTHY: &[u8] = b"GET / HTTP/1.1\r\nhost: vigie\r\n\r\n";

    #[tokio::test]
    async fn who_never_ends_a_request_takes_the_place_of_nobody_for_long() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "well\n"));
        let (stop, stopped) = oneshot::channel::<()>();
        let bounds = Bounds {
            connections: 2,
            head_within: Duration::from_millis(200),
        };
        let server = tokio::spawn(serve(listener, router, bounds, async move {
            drop(stopped.await);
        }));
        let mut slow = Vec::new();
        for said in [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nhost: vi"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(said).await.unwrap();
            slow.push(stream);
        }
        let mut healthy = TcpStream::connect(address).await.unwrap();
        healthy.write_all(HEALTHY).await.unwrap();
        let mut answer = [0; 12];
        let answered = healthy.read_exact(&mut answer);
        let within = Duration::from_secs(20);
        tokio::time::timeout(within, answered)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        for mut stream in slow {
            let mut rest = Vec::new();
            let closed = tokio::time::timeout(within, stream.read_to_end(&mut rest));
            // Closed, or reset: the server does not wait for more.
            let _ = closed.await.unwrap();
        }
        drop(stop);
        tokio::time::timeout(within, server).await.unwrap().unwrap();
    }
}
