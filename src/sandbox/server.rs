//! One HTTP server on loopback: the port is the system's choice, live connections can be cut, the
//! port can refuse and come back, and dropping the handle ends everything.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The runtime lets go of a port within this, once it is told to.
const FREED_WITHIN: Duration = Duration::from_secs(2);

/// A running server. Requests are answered until it is dropped or told to refuse.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    router: Router,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    accepting: JoinHandle<()>,
    /// Dropping it makes every open connection fail.
    cut: watch::Sender<()>,
}

impl Server {
    /// Binds a free loopback port and serves `router` on it.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start(router: Router) -> io::Result<Self> {
        Self::at(0, router)
    }

    /// Binds that loopback port; 0 lets the system choose.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn at(port: u16, router: Router) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
        let addr = listener.local_addr()?;
        let running = serve(listener, router.clone())?;
        Ok(Self {
            addr,
            router,
            running: Mutex::new(Some(running)),
        })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Closes the port and every open connection: new ones are refused until [`Self::restore`].
    pub fn refuse(&self) {
        if let Some(running) = self.lock().take() {
            running.accepting.abort();
        }
    }

    /// Opens the same port again.
    ///
    /// # Errors
    /// When someone else took the port in between.
    pub fn restore(&self) -> io::Result<()> {
        let mut running = self.lock();
        if running.is_none() {
            let listener = bind_again(self.addr)?;
            *running = Some(serve(listener, self.router.clone())?);
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.refuse();
    }
}

/// Binds a port that was ours a moment ago: the task that was told to end may hold it still.
fn bind_again(addr: SocketAddr) -> io::Result<std::net::TcpListener> {
    let until = Instant::now() + FREED_WITHIN;
    loop {
        match std::net::TcpListener::bind(addr) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < until => {
                std::thread::yield_now();
            }
            bound => return bound,
        }
    }
}

fn serve(listener: std::net::TcpListener, router: Router) -> io::Result<Running> {
    listener.set_nonblocking(true)?;
    let inner = TcpListener::from_std(listener)?;
    let (cut, watching) = watch::channel(());
    let accepting = tokio::spawn(async move {
        // Serving on a listener that never fails ends only when this task is aborted.
        let served = axum::serve(Gate { inner, watching }, router).await;
        if let Err(error) = served {
            tracing::warn!(%error, "sandbox server stopped");
        }
    });
    Ok(Running { accepting, cut })
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
        // The sender goes with us; saying so wakes those who look only at changes.
        self.cut.send_replace(());
    }
}

/// A listener whose connections end when the server does.
struct Gate {
    inner: TcpListener,
    watching: watch::Receiver<()>,
}

impl Listener for Gate {
    type Io = Gated;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, addr) = Listener::accept(&mut self.inner).await;
        // Small answers must not wait for the peer's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let mut watching = self.watching.clone();
        let cut = Box::pin(async move {
            // Changed or gone: both mean that the server is no more.
            drop(watching.changed().await);
        });
        (Gated { stream, cut }, addr)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// A connection that breaks when the server is told to refuse.
struct Gated {
    stream: TcpStream,
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Gated {
    fn alive(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(cx) {
            Poll::Ready(()) => {
                self.cut = Box::pin(std::future::ready(()));
                Err(io::ErrorKind::ConnectionReset.into())
            }
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Gated {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.alive(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Gated {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.alive(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
