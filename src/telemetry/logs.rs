//! Where log lines go: stderr, as JSON off a terminal. One span per intent gives its fields to every
//! line inside it.

use std::io::{self, IsTerminal as _, Write};
use std::sync::Mutex;

use chrono::Utc;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Span, Subscriber, field};
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

use super::line::{Fields, Line};
use super::panics;
use crate::config::{Log, LogFormat};
use crate::text::Redactor;

/// Never logged: it prints Socket Mode addresses with their tickets, and whole response bodies, at
/// every level up to `error`. The Slack client logs in its stead.
const SILENT: &str = "slack_morphism";
/// Their lines below a warning are about bytes on a wire: addresses, headers, frames.
const WIRE: [&str; 7] = [
    "hyper",
    "h2",
    "reqwest",
    "rustls",
    "tungstenite",
    "tokio_tungstenite",
    "kube_client",
];

/// Starts logging for the whole process, panics included. Call it once.
pub fn start(log: &Log, redactor: &Redactor) -> anyhow::Result<()> {
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !io::stderr().is_terminal(),
    };
    let lines = Lines {
        json,
        redactor: redactor.clone(),
        out: Mutex::new(io::stderr()),
    };
    let filter = EnvFilter::builder().parse(&log.filter)?;
    tracing_subscriber::registry()
        .with(lines.with_filter(FilterFn::new(is_allowed)))
        .with(filter)
        .try_init()?;
    panics::log_them(redactor.clone());
    Ok(())
}

/// The span of one intent: every line inside carries what is recorded into it. `incident`, `channel`,
/// `language` and `want` are filled in as they become known.
#[must_use]
pub fn intent_span(kind: &'static str) -> Span {
    tracing::info_span!(
        "intent",
        intent = kind,
        incident = field::Empty,
        channel = field::Empty,
        language = field::Empty,
        want = field::Empty,
    )
}

fn is_allowed(metadata: &Metadata<'_>) -> bool {
    let root = metadata.target().split("::").next().unwrap_or_default();
    if root == SILENT {
        return false;
    }
    let wire = WIRE.iter().any(|name| root.starts_with(name));
    !wire || *metadata.level() <= Level::WARN
}

/// Writes each event as one line.
struct Lines<W> {
    json: bool,
    redactor: Redactor,
    out: Mutex<W>,
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Write + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(Scope::from_root)
        {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span);
            }
        }
        let mut own = Fields::default();
        event.record(&mut own);
        fields.extend(&own);
        for value in fields.0.values_mut() {
            self.redactor.redact_json(value);
        }
        let line = Line {
            at: Utc::now(),
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            fields,
        };
        let mut text = if self.json { line.json() } else { line.text() };
        text.push('\n');
        // A log line that cannot be written has nowhere else to go; the work goes on.
        if let Ok(mut out) = self.out.lock() {
            let _ = out.write_all(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::Value;
    use tracing::subscriber::with_default;

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(json: bool, work: impl FnOnce()) -> String {
        let paper = Paper::default();
        let lines = Lines {
            json,
            redactor: Redactor::new(["xoxb-FAKE-own-token"]),
            out: Mutex::new(paper.clone()),
        };
        let filter = FilterFn::new(is_allowed);
        with_default(
            tracing_subscriber::registry().with(lines.with_filter(filter)),
            work,
        );
        let bytes = paper.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_carries_the_fields_of_its_intent() {
        let text = logged(true, || {
            let span = intent_span("mention");
            span.record("incident", "inc-7");
            span.in_scope(|| tracing::warn!(requests = 3, ts = "mine", "slow\ncluster"));
        });
        assert!(text.starts_with("{\"ts\":\""), "{text}");
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["msg"], "slow\ncluster");
        assert_eq!(line["level"], "warn");
        assert_eq!(line["incident"], "inc-7");
        assert_eq!(line["intent"], "mention");
        assert_eq!(line["requests"], 3);
        assert_eq!(line["target"], "vigie::telemetry::logs::tests");
        assert!(line["ts"].as_str().unwrap().ends_with('Z'));
        assert!(
            line.get("channel").is_none(),
            "what is not known is not said"
        );
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn secrets_and_terminal_codes_do_not_reach_the_log() {
        let text = logged(false, || {
            tracing::error!(reply = "\u{1b}[2Jbad", "token xoxb-FAKE-own-token refused");
        });
        assert!(!text.contains("own-token"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.contains("ERROR token [redacted:"), "{text}");
    }

    #[test]
    fn clients_that_log_tickets_and_bodies_are_silent() {
        let text = logged(true, || {
            tracing::error!(target: "slack_morphism::hyper_tokio", "wss://x/?ticket=FAKE");
            tracing::debug!(target: "hyper_util::client", "header");
            tracing::trace!(target: "tungstenite::protocol", "frame");
            tracing::warn!(target: "hyper_util::client", "a warning");
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("a warning"), "{text}");
    }

    #[test]
    fn a_long_value_is_cut() {
        let body = "é".repeat(5000);
        let text = logged(true, || tracing::info!(body, "read"));
        assert!(text.len() < 4200, "{}", text.len());
    }
}
