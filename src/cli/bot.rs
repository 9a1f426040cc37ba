//! The bot as a whole, put together from the configuration: used by `run`, by `demo`, and by the
//! stories of the tests, which differ in the clock, the store and what is looked at.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::clients::heartbeat::HeartbeatReceiver;
use crate::clients::pager::{Format, Pager};
use crate::clients::slack::socket::{SocketMode, SocketSettings, SocketState};
use crate::clients::slack::{self, Identity, Slack, SlackError, SlackSettings};
use crate::clock::Clock;
use crate::config::{Config, WebhookFormat};
use crate::engine::{self, Auditor, Desk, Engine, Looks, OtherClock, Parts, TrustedClock};
use crate::http::Heartbeat;
use crate::intake::access::{Doorkeeper, Rules};
use crate::intake::catch_up::CatchUp;
use crate::intake::receive::Receiver;
use crate::intake::slack::Us;
use crate::store::Store;
use crate::text::Redactor;

/// Longest pause between attempts to reach Slack at the start.
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// How long a stop waits for each of the bot's parts.
const STOP_WITHIN: Duration = Duration::from_secs(15);

/// What a bot is put together from.
pub struct Wiring {
    /// Everything configured.
    pub config: Config,
    /// The clock; the sandbox moves it.
    pub clock: Clock,
    /// Where incidents live.
    pub store: Arc<dyn Store>,
    /// What looks at the world.
    pub looks: Arc<dyn Looks>,
    /// What speaks with Alertmanager.
    pub desk: Arc<dyn Desk>,
    /// Takes secrets out of everything said.
    pub redactor: Redactor,
    /// Told what happens at the wire.
    pub wire: slack::Observer,
    /// Told what the engine does.
    pub happened: engine::Observer,
    /// Told the fate of each envelope.
    pub received: Arc<dyn Fn(&'static str) + Send + Sync>,
    /// Called each time the engine's loop goes round.
    pub beat: Arc<dyn Fn() + Send + Sync>,
    /// Connections and pauses; `None`: what suits Slack itself.
    pub sockets: Option<SocketSettings>,
}

/// A running bot.
pub struct Bot {
    stop: watch::Sender<bool>,
    receiver: Receiver,
    sockets: watch::Receiver<SocketState>,
    tasks: Vec<(&'static str, JoinHandle<()>)>,
}

impl Bot {
    /// Connects to Slack and starts to listen. Waits for Slack as long as it takes; a token that Slack
    /// refuses is an error.
    pub async fn start(mut wiring: Wiring) -> anyhow::Result<Self> {
        // The second provider would be refused; whichever is there is ours.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tokens = wiring.config.slack_tokens()?;
        let slack = web_api(&wiring, tokens.bot)?;
        let identity = who_are_we(&slack).await?;
        let us = Us {
            team_id: identity.team_id,
            user_id: identity.user_id,
            bot_id: identity.bot_id,
            alert_senders: alert_senders(&wiring.config),
        };
        let arrived = Arc::new(Notify::new());
        let receiver = Receiver::new(
            Arc::clone(&wiring.store),
            us.clone(),
            wiring.clock.clone(),
            Arc::clone(&arrived),
            Arc::clone(&wiring.received),
        );
        let settings = wiring.sockets.clone();
        let settings = settings.unwrap_or_else(|| SocketSettings::new(tokens.app));
        let socket = SocketMode::new(slack.clone(), settings, Arc::new(receiver.clone()));
        let sockets = socket.state();
        let catch_up = CatchUp::new(
            slack.clone(),
            Arc::clone(&wiring.store),
            receiver.clone(),
            wiring.clock.clone(),
            watched(&wiring.config),
        );
        let (recollected, start) = watch::channel(false);
        let outside = wiring.config.heartbeat.clone();
        let outside = outside.map(HeartbeatReceiver::new).transpose()?;
        let heartbeat = listen_for_beats(&mut wiring);
        let parts = parts(wiring, slack, us, arrived, recollected)?;
        let auditor = auditor(&parts, heartbeat, sockets.clone(), outside);
        let engine = Engine::new(parts);
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            ("engine", tokio::spawn(engine.run(stopped.clone()))),
            (
                "catch-up",
                tokio::spawn(catch_up.run(start, sockets.clone(), stopped.clone())),
            ),
            ("auditor", tokio::spawn(auditor.run(stopped.clone()))),
            ("sockets", tokio::spawn(socket.run(stopped))),
        ];
        Ok(Self {
            stop,
            receiver,
            sockets,
            tasks,
        })
    }

    /// Follows what the sockets do.
    #[must_use]
    pub fn sockets(&self) -> watch::Receiver<SocketState> {
        self.sockets.clone()
    }

    /// What takes arrivals in, for the alert webhook.
    #[must_use]
    pub fn receiver(&self) -> Receiver {
        self.receiver.clone()
    }

    /// Returns when a part of the bot has ended on its own, which none should.
    pub async fn broken(&mut self) -> &'static str {
        let names: Vec<&'static str> = self.tasks.iter().map(|(name, _)| *name).collect();
        let ends = self.tasks.iter_mut().map(|(_, task)| task);
        let (_, index, _) = futures::future::select_all(ends).await;
        names[index]
    }

    /// Takes nothing more in, finishes what is on its way, sends the pages that are due.
    pub async fn stop(self) {
        self.receiver.close();
        self.stop.send_replace(true);
        for (name, task) in self.tasks {
            if tokio::time::timeout(STOP_WITHIN, task).await.is_err() {
                tracing::warn!(part = name, "did not stop in time");
            }
        }
    }

    /// Ends at once, as a crash would: nothing is finished.
    pub fn abort(self) {
        for (_, task) in &self.tasks {
            task.abort();
        }
    }
}

/// Beside the sending path: it shares the store and the clock with it, and nothing else.
fn auditor(
    parts: &Parts,
    heartbeat: Heartbeat,
    sockets: watch::Receiver<SocketState>,
    receiver: Option<HeartbeatReceiver>,
) -> Auditor {
    Auditor {
        store: Arc::clone(&parts.store),
        time: parts.time.clone(),
        heartbeat,
        sockets,
        receiver,
        observer: Arc::clone(&parts.observer),
    }
}

/// The auditor's own ear on the engine's loop, beside whoever listens already.
fn listen_for_beats(wiring: &mut Wiring) -> Heartbeat {
    let (heartbeat, told) = (Heartbeat::default(), Arc::clone(&wiring.beat));
    let beaten = heartbeat.clone();
    wiring.beat = Arc::new(move || {
        beaten.beat();
        told();
    });
    heartbeat
}

fn web_api(wiring: &Wiring, token: secrecy::SecretString) -> anyhow::Result<Slack> {
    let settings = SlackSettings {
        base_url: wiring.config.slack.api_url.as_str().to_owned(),
        ..SlackSettings::new(token)
    };
    let redactor = wiring.redactor.clone();
    let scrub: slack::Scrub = Arc::new(move |payload| redactor.redact_json(payload));
    Ok(Slack::new(&settings, scrub, Arc::clone(&wiring.wire))?)
}

/// The channels that a catch-up reads: those listed and those of alerts; none: every channel the bot is in.
fn watched(config: &Config) -> Vec<String> {
    let listed = config.channels.listed.iter().map(|channel| &channel.id);
    let mut ids: Vec<String> = listed.cloned().collect();
    if !ids.is_empty() {
        ids.extend(config.alerts.channels.iter().map(|one| one.id.clone()));
    }
    ids
}

/// Whose messages are alerts, by channel.
fn alert_senders(config: &Config) -> Vec<(String, Vec<String>)> {
    let channels = config.alerts.channels.iter();
    channels
        .map(|one| (one.id.clone(), one.senders.clone()))
        .collect()
}

/// Asks Slack who we are, until it answers.
async fn who_are_we(slack: &Slack) -> anyhow::Result<Identity> {
    let mut pause = Duration::from_millis(500);
    loop {
        match slack.identity().await {
            Ok(identity) => return Ok(identity),
            Err(error @ SlackError::Refused { .. }) => {
                return Err(error).context(
                    "Slack refuses the bot token (SLACK_BOT_TOKEN): copy it again from the app's \
                     page, OAuth & Permissions",
                );
            }
            Err(error) => {
                tracing::warn!(%error, "Slack does not answer yet");
                tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
                pause = (pause * 2).min(MAX_PAUSE);
            }
        }
    }
}

fn parts(
    wiring: Wiring,
    slack: Slack,
    us: Us,
    arrived: Arc<Notify>,
    recollected: watch::Sender<bool>,
) -> anyhow::Result<Parts> {
    let config = wiring.config;
    let doorkeeper = Doorkeeper::new(
        slack.clone(),
        wiring.clock.clone(),
        Rules {
            access: config.access.clone(),
            channels: config.channels.clone(),
            leads: config
                .escalation
                .leads
                .iter()
                .map(|lead| lead.slack_id.clone())
                .collect(),
            team_id: us.team_id.clone(),
        },
    );
    let mut vocabulary = config.vocabulary();
    vocabulary.bot_user_ids.push(us.user_id.clone());
    Ok(Parts {
        store: wiring.store,
        slack,
        doorkeeper,
        us,
        time: TrustedClock::new(wiring.clock),
        other_clock: Some(slacks_clock(config.slack.api_url.as_str())?),
        policy: config.escalation_policy(),
        lead_names: config
            .escalation
            .leads
            .iter()
            .filter_map(|lead| Some((lead.slack_id.clone(), lead.name.clone()?)))
            .collect(),
        vocabulary,
        redactor: wiring.redactor,
        language: config.language,
        looks: wiring.looks,
        desk: wiring.desk,
        look_within: config.investigation.deadline,
        pager: pager(&config)?,
        alerts: config.alerts,
        channels: config.channels,
        recollected,
        arrived,
        observer: wiring.happened,
        beat: wiring.beat,
    })
}

fn pager(config: &Config) -> anyhow::Result<Option<Pager>> {
    let Some(webhook) = &config.escalation.webhook else {
        return Ok(None);
    };
    let format = match webhook.format {
        WebhookFormat::Json => Format::Json,
        WebhookFormat::Pagerduty => Format::PagerDuty,
        WebhookFormat::Opsgenie => Format::Opsgenie,
    };
    let url = webhook.url.expose_secret().to_owned().into();
    Ok(Some(Pager::new(url, webhook.token.clone(), format)?))
}

/// The time by the `Date` header of Slack's answers.
fn slacks_clock(api_url: &str) -> anyhow::Result<OtherClock> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(3))
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let url = format!("{}/api.test", api_url.trim_end_matches('/'));
    Ok(Arc::new(move || {
        let request = client.post(&url);
        Box::pin(async move {
            let answer = request.send().await.ok()?;
            let date = answer.headers().get(reqwest::header::DATE)?.to_str().ok()?;
            let date = DateTime::parse_from_rfc2822(date).ok()?;
            Some(date.with_timezone(&Utc))
        })
    }))
}
