//! Scripted faults: what a server does wrong, to which requests, how often.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::Response;
use chrono::TimeDelta;

use crate::clock::Clock;

/// Something that goes wrong on the wire, whatever the protocol above it.
#[derive(Clone, Debug, PartialEq)]
pub enum Wire {
    /// Answers rightly, after this much real time.
    Delay(Duration),
    /// Answers rightly, once the sandbox clock has moved this far.
    ClockDelay(TimeDelta),
    /// Never answers; the connection stays open.
    Hang,
    /// Closes the connection in the middle of the answer.
    Cut,
    /// 200 with JSON that ends too early.
    Garbage,
    /// 200 with a proxy's login page.
    Html,
    /// 200 with this many bytes of JSON string.
    Huge(usize),
    /// This status and body, as plain text.
    Status(u16, String),
}

impl Wire {
    /// Plays the fault. `None` means: go on and answer as usual.
    pub(crate) async fn play(&self, clock: &Clock) -> Option<Response> {
        match self {
            Self::Delay(by) => {
                tokio::time::sleep(*by).await;
                None
            }
            Self::ClockDelay(by) => {
                clock.sleep_until(clock.now() + *by).await;
                None
            }
            Self::Hang => std::future::pending().await,
            Self::Cut => Some(cut()),
            Self::Garbage => Some(answer(
                StatusCode::OK,
                "application/json",
                "{\"ok\":true,\"items\":[{\"meta".into(),
            )),
            Self::Html => Some(answer(
                StatusCode::OK,
                "text/html; charset=utf-8",
                "<!doctype html><title>Sign in</title><h1>Sign in to continue</h1>".into(),
            )),
            Self::Huge(bytes) => Some(huge(*bytes)),
            Self::Status(code, body) => Some(answer(
                StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                "text/plain; charset=utf-8",
                body.clone().into(),
            )),
        }
    }
}

/// A response of that status, type and body.
pub(crate) fn answer(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content_type),
    );
    response
}

/// A JSON response.
pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    answer(status, "application/json", body.to_string().into())
}

/// A response whose body breaks: the server closes the connection before its end.
fn cut() -> Response {
    let parts = [
        Ok(Bytes::from_static(b"{")),
        Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe)),
    ];
    answer(
        StatusCode::OK,
        "application/json",
        Body::from_stream(futures::stream::iter(parts)),
    )
}

/// `bytes` bytes of one JSON string, made on the way so that they cost nothing here.
fn huge(bytes: usize) -> Response {
    const CHUNK: usize = 64 * 1024;
    let filler = (0..bytes.div_ceil(CHUNK)).map(move |n| {
        let size = CHUNK.min(bytes - n * CHUNK);
        Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; size]))
    });
    let quote = || std::iter::once(Ok(Bytes::from_static(b"\"")));
    let parts = quote().chain(filler).chain(quote());
    answer(
        StatusCode::OK,
        "application/json",
        Body::from_stream(futures::stream::iter(parts)),
    )
}

/// Faults waiting for the requests they are meant for.
#[derive(Clone, Debug)]
pub(crate) struct Faults<M, F> {
    planned: Vec<Planned<M, F>>,
}

#[derive(Clone, Debug)]
struct Planned<M, F> {
    matcher: M,
    fault: F,
    /// How many matching requests it lets pass first.
    skip: usize,
    /// How many requests it still meets; `None` until cleared.
    left: Option<usize>,
}

impl<M, F> Default for Faults<M, F> {
    fn default() -> Self {
        Self {
            planned: Vec::new(),
        }
    }
}

impl<M, F: Clone> Faults<M, F> {
    /// Adds a fault for the next `times` matching requests, or for all of them.
    pub fn plan(&mut self, matcher: M, fault: F, times: Option<usize>) {
        self.plan_after(0, matcher, fault, times);
    }

    /// The same, after `skip` matching requests went well.
    pub fn plan_after(&mut self, skip: usize, matcher: M, fault: F, times: Option<usize>) {
        self.planned.push(Planned {
            matcher,
            fault,
            skip,
            left: times,
        });
    }

    /// Takes the oldest fault that applies, and uses it up by one.
    pub fn take(&mut self, applies: impl Fn(&M, &F) -> bool) -> Option<F> {
        let at = self.planned.iter_mut().position(|planned| {
            let meant = applies(&planned.matcher, &planned.fault);
            let now = meant && planned.skip == 0;
            planned.skip -= usize::from(meant && !now);
            now
        })?;
        let planned = &mut self.planned[at];
        let fault = planned.fault.clone();
        if let Some(left) = &mut planned.left {
            *left -= 1;
            if *left == 0 {
                self.planned.remove(at);
            }
        }
        Some(fault)
    }

    /// Whether any fault applies, without using it up.
    pub fn any(&self, applies: impl Fn(&M, &F) -> bool) -> bool {
        self.planned
            .iter()
            .any(|planned| planned.skip == 0 && applies(&planned.matcher, &planned.fault))
    }

    /// Forgets all faults.
    pub fn clear(&mut self) {
        self.planned.clear();
    }
}
