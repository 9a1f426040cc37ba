//! TLS for the alert webhook, with client certificates where a CA for them is configured (mutual TLS). A
//! handshake that does not end in time costs its own connection and no other.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A handshake that takes longer is given up.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Connections that are ready and wait to be taken.
const READY: usize = 64;
/// Handshakes at the same time, those that wait to be taken among them.
const SHAKING: usize = 128;

/// Reads the certificate, its key and the CA of the clients.
///
/// # Errors
/// When a file cannot be read, holds something else, or certificate and key do not fit.
pub fn config(
    cert: &Path,
    key: &Path,
    client_ca: Option<&Path>,
) -> anyhow::Result<Arc<ServerConfig>> {
    use anyhow::Context as _;
    let named = |path: &Path| format!("{} cannot be used", path.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .with_context(|| named(cert))?;
    let private = PrivateKeyDer::from_pem_file(key).with_context(|| named(key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match client_ca {
        None => builder.with_no_client_auth(),
        Some(ca) => {
            let mut roots = RootCertStore::empty();
            for one in CertificateDer::pem_file_iter(ca).with_context(|| named(ca))? {
                roots.add(one.with_context(|| named(ca))?)?;
            }
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.with_context(|| named(ca))?)
        }
    };
    Ok(Arc::new(builder.with_single_cert(chain, private)?))
}

/// A listener of connections whose handshake is done.
pub(super) struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    pub fn new(listener: TcpListener, config: Arc<ServerConfig>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (give, ready) = mpsc::channel(READY);
        let acceptor = TlsAcceptor::from(config);
        let accepting = tokio::spawn(accept(listener, acceptor, give));
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
    acceptor: TlsAcceptor,
    give: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let turns = Arc::new(Semaphore::new(SHAKING));
    loop {
        let turn = Arc::clone(&turns).acquire_owned().await;
        // Survives errors of single connections and of a full table of files.
        let (stream, peer) = Listener::accept(&mut listener).await;
        let (acceptor, give) = (acceptor.clone(), give.clone());
        tokio::spawn(async move {
            let _turn = turn;
            match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                // The server stopped: nobody takes it.
                Ok(Ok(stream)) => drop(give.send((stream, peer)).await),
                Ok(Err(error)) => {
                    tracing::warn!(%error, %peer, "a sender of alerts was not let in");
                }
                Err(_) => tracing::debug!(%peer, "a handshake did not end in time"),
            }
        });
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
