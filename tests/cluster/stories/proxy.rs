//! A long way to the API server: a proxy that delivers everything late.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// A proxy to a loopback port; dropping it closes its connections.
pub struct Lag {
    /// Where it listens.
    pub port: u16,
    _tasks: JoinSet<()>,
}

impl Lag {
    /// Starts one that holds back by `lag` what clients send; answers pass at once. So each call
    /// takes that much longer, however many there are at the same time.
    pub async fn start(to: u16, lag: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(relay(client, to, lag));
            }
        });
        Self {
            port,
            _tasks: tasks,
        }
    }
}

/// Both directions of one connection, until either side ends it.
async fn relay(client: TcpStream, to: u16, lag: Duration) -> io::Result<()> {
    let (from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = TcpStream::connect(("127.0.0.1", to)).await?.into_split();
    tokio::select! {
        done = tokio::io::copy(&mut from_server, &mut to_client) => done.map(drop),
        done = late(from_client, to_server, lag) => done,
    }
}

/// Copies each piece when its time has come; the next pieces travel meanwhile.
async fn late(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, lag: Duration) -> io::Result<()> {
    let (pieces, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let length = from.read(&mut buffer).await?;
            let piece = (Instant::now() + lag, buffer[..length].to_vec());
            if length == 0 || pieces.send(piece).is_err() {
                return io::Result::Ok(());
            }
        }
    };
    let write = async {
        while let Some((at, piece)) = due.recv().await {
            tokio::time::sleep_until(at).await;
            to.write_all(&piece).await?;
        }
        io::Result::Ok(())
    };
    tokio::select! { done = read => done, done = write => done }
}
