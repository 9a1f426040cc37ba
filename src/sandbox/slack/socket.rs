//! One Socket Mode connection: the handshake with its ticket, `hello`, envelopes out,
//! acknowledgements in.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Inner;
use super::fault::SocketFault;
use super::hub::{MOST_SOCKETS, Out};
use super::model::APP;

/// The server pings each socket this often, in real time.
const PING: Duration = Duration::from_secs(5);

/// Accepts connections until it is aborted.
pub(crate) async fn accept(inner: Arc<Inner>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let session = Arc::clone(&inner);
                inner.spawn(async move {
                    if let Err(error) = serve(&session, stream).await {
                        tracing::debug!(%error, "sandbox socket ended");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "sandbox socket not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(inner: &Arc<Inner>, stream: TcpStream) -> Result<(), Error> {
    stream.set_nodelay(true)?;
    if inner.hub.stalls() {
        return never(stream).await;
    }
    #[expect(
        clippy::result_large_err,
        reason = "the handshake callback of tungstenite is shaped so"
    )]
    let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let query = request.uri().query().unwrap_or_default();
        let ticket = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("ticket="));
        if ticket.is_some_and(|ticket| inner.hub.redeem(ticket)) {
            return Ok(response);
        }
        let mut refused = ErrorResponse::new(Some("invalid ticket".to_owned()));
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        Err(refused)
    };
    let mut socket = tokio_tungstenite::accept_hdr_async(stream, check).await?;
    let fault = inner.hub.connection_fault();
    let (out, commands) = mpsc::unbounded_channel();
    let (id, count) = inner.hub.join(out);
    inner.touch();
    let result = match fault {
        Some(SocketFault::Silent(_)) => {
            drain(&mut socket, commands).await;
            Ok(())
        }
        Some(SocketFault::NoHello(_)) => talk(inner, &mut socket, commands).await,
        _ if count > MOST_SOCKETS => {
            let notice = notice("too_many_websockets").to_string();
            match socket.send(Message::text(notice)).await {
                Ok(()) => socket.close(None).await,
                failed => failed,
            }
        }
        _ => greet(inner, &mut socket, fault, count, commands).await,
    };
    inner.hub.leave(id);
    inner.touch();
    result
}

/// Reads until the other side leaves, and says nothing.
async fn never(mut stream: TcpStream) -> Result<(), Error> {
    let mut ignored = [0_u8; 1024];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}

async fn greet(
    inner: &Arc<Inner>,
    socket: &mut WebSocketStream<TcpStream>,
    fault: Option<SocketFault>,
    count: usize,
    commands: mpsc::UnboundedReceiver<Out>,
) -> Result<(), Error> {
    let hello = json!({
        "type": "hello", "num_connections": count, "connection_info": { "app_id": APP },
        "debug_info": {
            "host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060,
        },
    });
    socket.send(Message::text(hello.to_string())).await?;
    if fault.is_some() {
        return socket.close(None).await;
    }
    talk(inner, socket, commands).await
}

async fn talk(
    inner: &Arc<Inner>,
    socket: &mut WebSocketStream<TcpStream>,
    mut commands: mpsc::UnboundedReceiver<Out>,
) -> Result<(), Error> {
    let mut ping = tokio::time::interval(PING);
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Out::Text(text)) => socket.send(Message::text(text)).await?,
                Some(Out::Binary(bytes)) => socket.send(Message::binary(bytes)).await?,
                Some(Out::Raw(bytes)) => socket.get_mut().write_all(&bytes).await?,
                Some(Out::Close) => return socket.close(None).await,
                Some(Out::Mute) => {
                    drain(socket, commands).await;
                    return Ok(());
                }
                Some(Out::Drop) | None => return Ok(()),
            },
            frame = socket.next() => match frame {
                Some(frame) => hear(inner, &frame?),
                None => return Ok(()),
            },
            _ = ping.tick() => {
                socket.send(Message::Ping("Ping from applink-sandbox".into())).await?;
            }
        }
    }
}

fn hear(inner: &Arc<Inner>, frame: &Message) {
    let Message::Text(text) = frame else {
        return;
    };
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    if let Some(envelope) = answer["envelope_id"].as_str() {
        inner.acknowledged(envelope);
    }
}

/// Keeps the connection open without a word, until it is dropped on either side or the other one says goodbye: who
/// would not hear that either would have to be told of each event by another socket for minutes.
async fn drain(
    socket: &mut WebSocketStream<TcpStream>,
    mut commands: mpsc::UnboundedReceiver<Out>,
) {
    let mut ignored = [0_u8; 1024];
    loop {
        tokio::select! {
            command = commands.recv() => if matches!(command, Some(Out::Drop) | None) {
                return;
            },
            read = socket.get_mut().read(&mut ignored) => match read {
                Ok(0) | Err(_) => return,
                Ok(read) if says_goodbye(&ignored[..read]) => return,
                Ok(_) => {}
            },
        }
    }
}

/// Whether one of these small, masked frames closes the connection.
fn says_goodbye(mut frames: &[u8]) -> bool {
    while let [first, length, ..] = *frames {
        if first & 0x0f == 0x08 {
            return true;
        }
        let whole = 2 + 4 + usize::from(length & 0x7f);
        frames = frames.get(whole..).unwrap_or_default();
    }
    false
}

/// A `disconnect` frame.
pub(crate) fn notice(reason: &str) -> Value {
    json!({
        "type": "disconnect", "reason": reason, "debug_info": { "host": "applink-sandbox" },
    })
}
