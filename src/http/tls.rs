//! TLS for the alert webhook, with client certificates where a CA for them is configured (mutual TLS). A
//! handshake that does not end in time costs its own connection and no other; each that fails is counted.

mod certificates;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::CertificateError as Certificate;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub use certificates::{Certificates, Files};

use crate::telemetry::Metrics;

/// A handshake that takes longer is given up.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Connections that are ready and wait to be taken.
const READY: usize = 64;
/// Handshakes at the same time, those that wait to be taken among them.
const SHAKING: usize = 128;

/// A listener of connections whose handshake is done.
pub(super) struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    pub fn new(
        listener: TcpListener,
        certificates: Arc<Certificates>,
        metrics: Metrics,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (give, ready) = mpsc::channel(READY);
        let accepting = tokio::spawn(accept(listener, certificates, give, metrics));
        Ok(Self {
            ready,
            address,
            accepting,
        })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    mut listener: TcpListener,
    certificates: Arc<Certificates>,
    give: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
    metrics: Metrics,
) {
    let turns = Arc::new(Semaphore::new(SHAKING));
    loop {
        let turn = Arc::clone(&turns).acquire_owned().await;
        // Survives errors of single connections and of a full table of files.
        let (stream, peer) = Listener::accept(&mut listener).await;
        let (certificates, give) = (Arc::clone(&certificates), give.clone());
        let metrics = metrics.clone();
        tokio::spawn(async move {
            let _turn = turn;
            let shaking = async {
                let acceptor = TlsAcceptor::from(certificates.current().await);
                acceptor.accept(stream).await
            };
            let (code, why) = match tokio::time::timeout(HANDSHAKE, shaking).await {
                // The server stopped: nobody takes it.
                Ok(Ok(stream)) => return drop(give.send((stream, peer)).await),
                Ok(Err(error)) => (code(&error), error.to_string()),
                Err(_) => ("handshake-slow", "it did not end in time".to_owned()),
            };
            metrics.alert_webhook(code);
            tracing::warn!(code, why, %peer, "a sender of alerts was not let in");
        });
    }
}

/// Why a handshake failed: a stable code for the metric.
fn code(error: &io::Error) -> &'static str {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::NoCertificatesPresented) => "handshake-no-certificate",
        Some(rustls::Error::InvalidCertificate(why)) => match why {
            Certificate::UnknownIssuer => "handshake-unknown-authority",
            Certificate::Expired | Certificate::ExpiredContext { .. } => "handshake-expired",
            _ => "handshake-bad-certificate",
        },
        // Plain HTTP, or anything else that is not TLS.
        Some(rustls::Error::InvalidMessage(_)) => "handshake-not-tls",
        // TLS 1.1 and older, or no cipher in common.
        Some(rustls::Error::PeerIncompatible(_)) => "handshake-old-tls",
        // The sender does not believe our certificate, as a rule.
        Some(rustls::Error::AlertReceived(_)) => "handshake-refused-by-sender",
        Some(_) => "handshake-failed",
        None => "handshake-cut",
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            None => futures::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
