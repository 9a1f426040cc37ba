//! The metrics of `/metrics`: Prometheus names, base units, few labels (never a user or a channel).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::labels::{
    Build, Call, Event, Investigated, Method, Outcome, Question, Read, Reason, RedactionCounts,
    Source,
};
use crate::clients::slack::{Observed, Observer};
use crate::finding::{Diagnosis, LedgerStatus, Verdict};
use crate::store;
use crate::text::{Language, Redactor};

/// What started an investigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// Someone asked.
    Question,
    /// Someone pressed "Run again".
    Again,
    /// A page is about to be sent.
    Page,
}

impl Trigger {
    fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Again => "again",
            Self::Page => "page",
        }
    }
}

/// Counters and gauges of the whole process. Cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    inner: Arc<Inner>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

type Durations = fn() -> Histogram;

struct Inner {
    socket_connected: Gauge,
    socket_reconnects: Family<Reason, Counter>,
    slack_events: Family<Event, Counter>,
    ack_duration: Histogram,
    slack_requests: Family<Call, Counter>,
    slack_rate_limited: Family<Method, Counter>,
    questions: Family<Question, Counter>,
    investigations: Family<Investigated, Counter>,
    investigation_duration: Histogram,
    first_reply: Histogram,
    data_source_requests: Family<Read, Counter>,
    data_source_duration: Family<Source, Histogram, Durations>,
    authz_denied: Family<Reason, Counter>,
    escalations: Family<Outcome, Counter>,
    alert_webhook: Family<Outcome, Counter>,
    alerts: Family<Outcome, Counter>,
    alerts_parsed: Family<Read, Counter>,
    put_aside: Counter,
    rbac_excess: Gauge,
    store_writable: Gauge,
    incidents_open: Gauge,
    inbox_pending: Gauge,
    last_beat: Gauge<f64, AtomicU64>,
    last_proven: Gauge<f64, AtomicU64>,
    heartbeat_failures: Family<Reason, Counter>,
    heartbeats: Family<Outcome, Counter>,
    watchdogs: Family<Source, Gauge<f64, AtomicU64>>,
}

/// From a millisecond to a minute: a save, an acknowledgement, an API call, an investigation.
fn durations() -> Histogram {
    Histogram::new([
        0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0,
    ])
}

impl Metrics {
    /// New metrics, all at zero. The redactor's counts are read at each scrape.
    #[must_use]
    pub fn new(redactor: Redactor) -> Self {
        let inner = Inner {
            socket_connected: Gauge::default(),
            socket_reconnects: Family::default(),
            slack_events: Family::default(),
            ack_duration: durations(),
            slack_requests: Family::default(),
            slack_rate_limited: Family::default(),
            questions: Family::default(),
            investigations: Family::default(),
            investigation_duration: durations(),
            first_reply: durations(),
            data_source_requests: Family::default(),
            data_source_duration: Family::new_with_constructor(durations),
            authz_denied: Family::default(),
            escalations: Family::default(),
            alert_webhook: Family::default(),
            alerts: Family::default(),
            alerts_parsed: Family::default(),
            put_aside: Counter::default(),
            rbac_excess: Gauge::default(),
            store_writable: Gauge::default(),
            incidents_open: Gauge::default(),
            inbox_pending: Gauge::default(),
            last_beat: Gauge::default(),
            last_proven: Gauge::default(),
            heartbeat_failures: Family::default(),
            heartbeats: Family::default(),
            watchdogs: Family::default(),
        };
        let mut registry = Registry::with_prefix("vigie");
        inner.register_slack(&mut registry);
        inner.register_work(&mut registry);
        inner.register_state(&mut registry);
        inner.register_audit(&mut registry);
        registry.register_collector(Box::new(RedactionCounts(redactor)));
        Self {
            registry: Arc::new(registry),
            inner: Arc::new(inner),
        }
    }

    /// Everything in the `OpenMetrics` text format.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// What the Slack client reports to.
    #[must_use]
    pub fn slack_observer(&self) -> Observer {
        let inner = self.inner.clone();
        Arc::new(move |observed| inner.slack(&observed))
    }

    /// A message was understood; `outcome` is a word of the engine (`opened`, `joined`, `answered`, …).
    pub fn question(&self, lang: Language, want: &str, outcome: &'static str) {
        let (lang, want) = (lang.code(), want.to_owned());
        let labels = Question {
            lang,
            want,
            outcome,
        };
        self.inner.questions.get_or_create(&labels).inc();
    }

    /// A request to the alert webhook ended: `saved`, or why not.
    pub fn alert_webhook(&self, outcome: &'static str) {
        let labels = Outcome { outcome };
        self.inner.alert_webhook.get_or_create(&labels).inc();
    }

    /// Alerts were placed: `opened` an incident, `joined` one, were `dropped`.
    pub fn alerts(&self, outcome: &'static str, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.inner
            .alerts
            .get_or_create(&Outcome { outcome })
            .inc_by(count);
    }

    /// Alerts of a trusted sender were read: from `slack` or the `webhook`, `parsed` or `unparsed`.
    pub fn alerts_parsed(&self, source: &'static str, outcome: &'static str) {
        let labels = Read {
            source: source.to_owned(),
            outcome,
        };
        self.inner.alerts_parsed.get_or_create(&labels).inc();
    }

    /// An arrival that could not be handled was put aside.
    pub fn put_aside(&self) {
        self.inner.put_aside.inc();
    }

    /// An investigation gave a diagnosis.
    pub fn investigated(&self, trigger: Trigger, diagnosis: &Diagnosis) {
        let labels = Investigated {
            trigger: trigger.as_str(),
            outcome: verdict_word(diagnosis.verdict),
        };
        self.inner.investigations.get_or_create(&labels).inc();
        let elapsed = Duration::from_millis(diagnosis.elapsed_ms);
        self.inner
            .investigation_duration
            .observe(elapsed.as_secs_f64());
        for line in &diagnosis.ledger {
            let source = line.step.clone();
            let outcome = match line.status {
                LedgerStatus::Ok | LedgerStatus::Problem => "ok",
                LedgerStatus::NotPermitted => "not-permitted",
                LedgerStatus::TimedOut => "error",
                LedgerStatus::NotConfigured | LedgerStatus::Skipped => continue,
            };
            let requests = u64::from(line.requests.max(1));
            let duration = self
                .inner
                .data_source_duration
                .get_or_create_owned(&Source {
                    source: source.clone(),
                });
            duration.observe(Duration::from_millis(line.ms).as_secs_f64());
            let read = Read { source, outcome };
            self.inner
                .data_source_requests
                .get_or_create(&read)
                .inc_by(requests);
        }
    }

    /// From the arrival of a question to the first thing posted about it.
    pub fn first_reply(&self, after: Duration) {
        self.inner.first_reply.observe(after.as_secs_f64());
    }

    /// Somebody was refused; the reason is a word of the access rules.
    pub fn denied(&self, reason: &'static str) {
        self.inner
            .authz_denied
            .get_or_create(&Reason { reason })
            .inc();
    }

    /// An attempt to send a page ended: `sent`, `refused`, `unclear`, `webhook-refused`.
    pub fn escalation(&self, outcome: &'static str) {
        self.inner
            .escalations
            .get_or_create(&Outcome { outcome })
            .inc();
    }

    /// How many rights the service account has that it should not have.
    pub fn rbac_excess(&self, rights: usize) {
        self.inner
            .rbac_excess
            .set(i64::try_from(rights).unwrap_or(i64::MAX));
    }

    /// The engine's loop went round.
    pub fn beat(&self, now: DateTime<Utc>) {
        self.inner.last_beat.set(seconds(now));
    }

    /// The auditor looked; `failed` are the codes of the proofs that failed.
    pub fn audited(&self, at: DateTime<Utc>, failed: &[&'static str]) {
        for reason in failed {
            let failures = &self.inner.heartbeat_failures;
            failures.get_or_create(&Reason { reason }).inc();
        }
        if failed.is_empty() {
            self.inner.last_proven.set(seconds(at));
        }
    }

    /// The heartbeat's receiver was called: `sent`, `refused`, `no-answer`.
    pub fn heartbeat(&self, outcome: &'static str) {
        self.inner
            .heartbeats
            .get_or_create(&Outcome { outcome })
            .inc();
    }

    /// The Watchdog alert of that cluster was heard last at `at`.
    pub fn watchdog(&self, source: &str, at: DateTime<Utc>) {
        let source = source.to_owned();
        let heard = self.inner.watchdogs.get_or_create_owned(&Source { source });
        heard.set(seconds(at));
    }

    /// What the store says about itself.
    pub fn store(&self, health: &store::Health) {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.inner.store_writable.set(i64::from(health.writable));
        self.inner.incidents_open.set(whole(health.open_incidents));
        self.inner.inbox_pending.set(whole(health.inbox));
    }
}

/// Whole seconds since 1970, which fit a double exactly for longer than anybody will run this.
#[expect(
    clippy::cast_precision_loss,
    reason = "seconds since 1970 are far below 2^52"
)]
fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp() as f64
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::CauseFound => "cause-found",
        Verdict::Healthy => "healthy",
        Verdict::Recovered => "recovered",
        Verdict::Expected => "expected",
        Verdict::Unknown => "unknown",
        Verdict::TargetNotFound => "target-not-found",
        Verdict::CouldNotLook => "could-not-look",
    }
}

impl Inner {
    fn slack(&self, observed: &Observed) {
        match *observed {
            Observed::Call(method, outcome) => {
                let call = Call { method, outcome };
                self.slack_requests.get_or_create(&call).inc();
                if outcome == "rate-limited" {
                    self.slack_rate_limited
                        .get_or_create(&Method { method })
                        .inc();
                }
            }
            Observed::Socket(true) => drop(self.socket_connected.inc()),
            Observed::Socket(false) => drop(self.socket_connected.dec()),
            Observed::Reconnect(reason) => {
                self.socket_reconnects
                    .get_or_create(&Reason { reason })
                    .inc();
            }
            Observed::Frame(kind, outcome, took) => {
                let event = Event {
                    r#type: kind,
                    outcome,
                };
                self.slack_events.get_or_create(&event).inc();
                self.ack_duration.observe(took.as_secs_f64());
            }
        }
    }

    fn register_slack(&self, to: &mut Registry) {
        to.register(
            "slack_socket_connected",
            "Socket Mode connections that are live",
            self.socket_connected.clone(),
        );
        to.register(
            "slack_socket_reconnects",
            "Socket Mode connections opened again",
            self.socket_reconnects.clone(),
        );
        to.register(
            "slack_events",
            "Frames received from Slack",
            self.slack_events.clone(),
        );
        to.register(
            "slack_ack_duration_seconds",
            "From a frame to its acknowledgement, saving included",
            self.ack_duration.clone(),
        );
        to.register(
            "slack_api_requests",
            "Calls of Slack's Web API",
            self.slack_requests.clone(),
        );
        to.register(
            "slack_rate_limited",
            "Calls that Slack answered with 429",
            self.slack_rate_limited.clone(),
        );
    }

    fn register_work(&self, to: &mut Registry) {
        to.register("questions", "Messages understood", self.questions.clone());
        to.register(
            "investigations",
            "Investigations that ended",
            self.investigations.clone(),
        );
        to.register(
            "investigation_duration_seconds",
            "Duration of an investigation",
            self.investigation_duration.clone(),
        );
        to.register(
            "first_reply_seconds",
            "From a question to the first reply",
            self.first_reply.clone(),
        );
        to.register(
            "data_source_requests",
            "Requests to data sources",
            self.data_source_requests.clone(),
        );
        to.register(
            "data_source_duration_seconds",
            "Duration of one step of reading",
            self.data_source_duration.clone(),
        );
        to.register(
            "authz_denied",
            "Requests refused for want of rights",
            self.authz_denied.clone(),
        );
        to.register(
            "escalations",
            "Attempts to call a lead, by how they ended",
            self.escalations.clone(),
        );
        to.register(
            "alert_webhook_requests",
            "Requests to the alert webhook, by how they ended",
            self.alert_webhook.clone(),
        );
        to.register(
            "alerts",
            "Alerts that opened an incident, joined one or were dropped",
            self.alerts.clone(),
        );
        to.register(
            "alerts_parsed",
            "Messages and bodies of trusted senders of alerts, by whether they could be read",
            self.alerts_parsed.clone(),
        );
        to.register(
            "arrivals_put_aside",
            "Messages and alerts that could not be handled and that nobody answers",
            self.put_aside.clone(),
        );
    }

    fn register_audit(&self, to: &mut Registry) {
        to.register(
            "heartbeat_last_proven_timestamp_seconds",
            "When it was last proven that pages go out",
            self.last_proven.clone(),
        );
        to.register(
            "heartbeat_failures",
            "Proofs that failed, each of which stops the heartbeat",
            self.heartbeat_failures.clone(),
        );
        to.register(
            "heartbeat_calls",
            "Calls of the heartbeat's receiver, by how they ended",
            self.heartbeats.clone(),
        );
        to.register(
            "watchdog_last_seen_timestamp_seconds",
            "When the Watchdog alert was heard last, by its cluster",
            self.watchdogs.clone(),
        );
    }

    fn register_state(&self, to: &mut Registry) {
        let version = env!("CARGO_PKG_VERSION");
        to.register("build", "The running build", Info::new(Build { version }));
        to.register(
            "rbac_excess",
            "Rights the service account has and should not have",
            self.rbac_excess.clone(),
        );
        to.register(
            "store_writable",
            "Whether the last write to the store went through",
            self.store_writable.clone(),
        );
        to.register(
            "incidents_open",
            "Incidents that are open",
            self.incidents_open.clone(),
        );
        to.register(
            "inbox_pending",
            "Events received and not yet handled",
            self.inbox_pending.clone(),
        );
        to.register(
            "loop_last_beat_timestamp_seconds",
            "When the engine's loop last went round",
            self.last_beat.clone(),
        );
    }
}
