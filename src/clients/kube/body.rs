//! The bodies of the API server's answers. A small one is read whole. A large one (a list of a namespace of 2,000
//! pods has ten megabytes) is read while it arrives, so that it is never in memory beside what is made of it.

use std::io::{self, Cursor, Read};
use std::pin::Pin;

use futures::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::ReadError;

/// A body, as it arrives.
pub(super) type Stream = Pin<Box<dyn AsyncBufRead + Send>>;

/// What is more than this is read while it arrives.
const WHOLE: u64 = 256 << 10;
/// Pieces that wait for the reader. One is what the connection gave at once: 16 KiB as a rule.
const PIECES: usize = 4;

/// The body as bytes, at most `cap` of them.
pub(super) async fn whole(stream: Stream, cap: u64) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    let read = stream.take(cap + 1).read_to_end(&mut body).await;
    read.map_err(broken)?;
    if body.len() as u64 > cap {
        return Err(too_large(cap));
    }
    Ok(body)
}

/// What the JSON of a body says, and how many bytes it had; at most `cap` of them, which is more than [`WHOLE`].
pub(super) async fn json<T>(mut stream: Stream, cap: u64) -> Result<(T, u64), ReadError>
where
    T: DeserializeOwned + Send + 'static,
{
    let mut head = Vec::new();
    let read = (&mut stream).take(WHOLE).read_to_end(&mut head).await;
    let bytes = read.map_err(broken)? as u64;
    if bytes < WHOLE {
        return parse(head.as_slice()).map(|value| (value, bytes));
    }
    let (pieces, arriving) = mpsc::channel(PIECES);
    let rest = Arriving {
        pieces: arriving,
        piece: Cursor::default(),
    };
    let parsing = tokio::task::spawn_blocking(move || parse(Cursor::new(head).chain(rest)));
    let more = pass_on(&mut stream, &pieces, cap.saturating_sub(bytes), cap).await?;
    drop(pieces);
    let value = parsing.await.map_err(|error| unreadable(&error))??;
    Ok((value, bytes + more))
}

/// Hands over what arrives, until it ends or the reader has given up; how many bytes it was. When it fails the reader
/// comes to an end that is none, and what it says is dropped.
async fn pass_on(
    stream: &mut Stream,
    pieces: &mpsc::Sender<Vec<u8>>,
    left: u64,
    cap: u64,
) -> Result<u64, ReadError> {
    let mut passed = 0;
    loop {
        let piece = stream.fill_buf().await.map_err(broken)?.to_vec();
        let length = piece.len();
        passed += length as u64;
        if passed > left {
            return Err(too_large(cap));
        }
        if length == 0 || pieces.send(piece).await.is_err() {
            return Ok(passed);
        }
        stream.as_mut().consume(length);
    }
}

/// The rest of a body, for a reader on a thread of its own.
struct Arriving {
    pieces: mpsc::Receiver<Vec<u8>>,
    piece: Cursor<Vec<u8>>,
}

impl Read for Arriving {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.piece.read(into)?;
        if read > 0 || into.is_empty() {
            return Ok(read);
        }
        match self.pieces.blocking_recv() {
            Some(piece) => self.piece = Cursor::new(piece),
            None => return Ok(0),
        }
        self.piece.read(into)
    }
}

/// Reads JSON. One way for all: each kind of object is read by code of its own, and there are a hundred of them.
pub(super) fn parse<'a, T: DeserializeOwned>(from: impl Read + 'a) -> Result<T, ReadError> {
    let from: Box<dyn Read + 'a> = Box::new(io::BufReader::new(from));
    serde_json::from_reader(from).map_err(|error| unreadable(&error))
}

fn unreadable(error: &dyn std::error::Error) -> ReadError {
    ReadError::Unreadable(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn broken(error: io::Error) -> ReadError {
    ReadError::Unreachable(error.to_string())
}

fn too_large(cap: u64) -> ReadError {
    ReadError::Unreadable(format!("more than {cap} bytes"))
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;
    use serde_json::Value;

    use super::*;

    /// A body of some pieces, which may break.
    fn body(pieces: Vec<io::Result<Vec<u8>>>) -> Stream {
        Box::pin(futures::stream::iter(pieces).into_async_read())
    }

    /// A list of `count` objects of a hundred bytes, in pieces of 1,000.
    fn list(count: usize) -> Vec<io::Result<Vec<u8>>> {
        let item = format!(r#"{{"name":"{}"}}"#, "é".repeat(44));
        let json = format!("[{}]", vec![item; count].join(","));
        json.as_bytes()
            .chunks(1000)
            .map(|piece| Ok(piece.to_vec()))
            .collect()
    }

    async fn read(pieces: Vec<io::Result<Vec<u8>>>, cap: u64) -> Result<(Value, u64), ReadError> {
        json(body(pieces), cap).await
    }

    #[tokio::test]
    async fn small_and_large_bodies_give_every_object() {
        for count in [1, 10_000] {
            let (value, bytes) = read(list(count), 2_000_000).await.unwrap();
            assert_eq!(value.as_array().unwrap().len(), count);
            assert_eq!(bytes, count as u64 * 100 + 1);
        }
    }

    #[tokio::test]
    async fn a_body_beyond_the_cap_is_refused_while_it_arrives() {
        let all = 1_000_001;
        assert!(read(list(10_000), all).await.is_ok());
        let refused = read(list(10_000), all - 1).await;
        let why = ReadError::Unreadable("more than 1000000 bytes".into());
        assert_eq!(refused, Err(why));
    }

    #[tokio::test]
    async fn a_broken_connection_is_no_unreadable_answer() {
        for count in [1, 10_000] {
            let mut pieces = list(count);
            let _end = pieces.pop();
            pieces.push(Err(io::Error::other("reset by peer")));
            let broken = read(pieces, 2_000_000).await;
            assert_eq!(broken, Err(ReadError::Unreachable("reset by peer".into())));
        }
    }

    #[tokio::test]
    async fn a_cut_body_and_one_that_is_no_json_are_unreadable() {
        let mut cut = list(10_000);
        let _end = cut.pop();
        let html = vec![Ok(b"<html>".repeat(100_000))];
        for pieces in [cut, html] {
            let refused = read(pieces, 2_000_000).await;
            assert!(
                matches!(refused, Err(ReadError::Unreadable(_))),
                "{refused:?}"
            );
        }
    }
}
