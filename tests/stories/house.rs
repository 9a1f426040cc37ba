//! The stage: a workspace, a store on disk, and a bot that looks at a scripted world.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::net::SocketAddr;
use tokio::sync::watch;
use vigie::alert::advice::Past;
use vigie::alert::{About, Alert};
use vigie::cli::bot::{Bot, Wiring};
use vigie::cli::desk::ClusterDesk;
use vigie::cli::webhook;
use vigie::clients::alertmanager::Alertmanager;
use vigie::clients::slack::socket::{SocketSettings, SocketState};
use vigie::clock::Clock;
use vigie::config::Config;
use vigie::engine::{
    Active, Desk, Happened, Look, Looked, Looks, NoSilence, PastOf, Progress, Silence,
};
use vigie::escalation::Severity;
use vigie::finding::{
    Cause, Dashboard, Diagnosis, Evidence, Finding, Kind, RootCause, Subject, Target, Verdict,
};
use vigie::incident::{Incident, PlainAnswer};
use vigie::intent::Want;
use vigie::sandbox::alertmanager::Notifier;
use vigie::sandbox::slack::{Message, Scene, Workspace};
use vigie::store::{SledStore, Store};
use vigie::telemetry::Metrics;
use vigie::text::{Message as Said, Redactor, Untrusted};

use super::company::{config, sockets};

/// The channel of the stories.
pub const INCIDENTS: &str = "C0INCIDENTS";
/// The channel in which bots post alerts.
pub const ALERTS: &str = "C0ALERTS";
/// The bot that is believed there.
pub const ALERTMANAGER: &str = "B0ALERTMANAGER";
pub const LEAD: &str = "U0LEAD";
pub const LEAD2: &str = "U0LEAD2";
/// What the domain's first scenario is asked with.
pub const QUESTION: &str = "@devops Service payment est lent en production";

/// How long anything is waited for that has to come: only a machine that is busy with other things needs it.
const WITHIN: Duration = Duration::from_mins(1);

/// What the scripted world answers next; then the last one for ever.
#[derive(Clone)]
pub struct Scripted {
    next: Arc<Mutex<VecDeque<Sees>>>,
    pub looks: Arc<Mutex<Vec<Look>>>,
    /// What its Prometheus tells of every alert.
    pub past: Arc<Mutex<Past>>,
    /// Whether that Prometheus answers; while it does not, whoever asks it waits.
    pub answers: watch::Sender<bool>,
    /// How many asked it.
    pub asked: Arc<AtomicUsize>,
}

/// A cluster, and the nodes that are dead there.
pub type Dead = fn(&Look) -> (&'static str, &'static [&'static str]);

#[derive(Clone)]
pub enum Sees {
    Cause(&'static str),
    Healthy,
    /// Nothing that explains it.
    Unknown,
    /// Nodes that are dead: their cluster and their names, by what is asked.
    Nodes(Dead),
    Panics,
}

impl Scripted {
    pub fn new(answers: impl IntoIterator<Item = Sees>) -> Self {
        Self {
            next: Arc::new(Mutex::new(answers.into_iter().collect())),
            looks: Arc::default(),
            past: Arc::default(),
            answers: watch::Sender::new(true),
            asked: Arc::default(),
        }
    }

    pub fn count(&self) -> usize {
        self.looks.lock().unwrap().len()
    }
}

impl Looks for Scripted {
    fn look(&self, look: Look, progress: Progress) -> BoxFuture<'static, Looked> {
        self.looks.lock().unwrap().push(look.clone());
        let answer = {
            let mut next = self.next.lock().unwrap();
            if next.len() > 1 {
                next.pop_front()
            } else {
                next.front().cloned()
            }
        };
        async move {
            progress(Said::new("literal").with("text", "pods"));
            if look.ask.want == Want::Dashboard {
                return Looked::Answered(with_dashboard());
            }
            if !matches!(look.ask.want, Want::Problem | Want::Status | Want::Escalate) {
                return Looked::Answered(plain());
            }
            match answer.unwrap_or(Sees::Healthy) {
                Sees::Cause(name) => {
                    Looked::Diagnosed(Box::new(out_of_memory(&look, name)), Vec::new())
                }
                Sees::Healthy => Looked::Diagnosed(Box::new(healthy(&look)), Vec::new()),
                Sees::Unknown => {
                    let name = look.object.as_ref().map_or("all", |object| &object.name);
                    let unknown = diagnosis(&look, Verdict::Unknown, "no cause found", name);
                    Looked::Diagnosed(Box::new(unknown), Vec::new())
                }
                Sees::Nodes(dead) => {
                    Looked::Diagnosed(Box::new(dead_nodes(&look, dead)), Vec::new())
                }
                Sees::Panics => panic!("scripted"),
            }
        }
        .boxed()
    }

    fn past(&self, _: PastOf) -> BoxFuture<'static, Past> {
        let (past, mut answers) = (Arc::clone(&self.past), self.answers.subscribe());
        self.asked.fetch_add(1, Ordering::SeqCst);
        async move {
            answers.wait_for(|it| *it).await.unwrap();
            past.lock().unwrap().clone()
        }
        .boxed()
    }
}

fn with_dashboard() -> PlainAnswer {
    let workload = Subject::new(Kind::Deployment, "production", "payment-service");
    PlainAnswer {
        headline: Said::new("dashboard-headline").with("workload", "payment-service"),
        command: None,
        dashboard: Some(Box::new(Dashboard {
            workload,
            pods: "payment-service-[a-z]+".to_owned(),
            services: Vec::new(),
            autoscaler: None,
            metrics: vec!["container_memory_working_set_bytes".to_owned()],
            requests: None,
            verified: true,
        })),
        ..plain()
    }
}

fn plain() -> PlainAnswer {
    PlainAnswer {
        headline: Said::new("literal").with("text", "v2.14.0 runs"),
        lines: Vec::new(),
        verbatim: None,
        command: Some("kubectl get deploy".into()),
        dashboard: None,
    }
}

fn target(look: &Look, name: &str) -> Target {
    Target {
        environment: look.environment.clone(),
        cluster: Some("sandbox".into()),
        namespace: Some("production".into()),
        kind: Some(Kind::Deployment),
        name: Some(name.into()),
    }
}

fn diagnosis(look: &Look, verdict: Verdict, headline: &str, name: &str) -> Diagnosis {
    Diagnosis {
        question: look.ask.text.clone(),
        language: look.ask.language,
        target: target(look, name),
        verdict,
        headline: Said::new("literal").with("text", headline),
        root_causes: Vec::new(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: Vec::new(),
        ledger: Vec::new(),
        started_at: Utc::now(),
        elapsed_ms: 12,
    }
}

fn dead_nodes(look: &Look, dead: Dead) -> Diagnosis {
    let (cluster, nodes) = dead(look);
    let each = nodes.iter().map(|node| {
        let says = format!("the node {node} is dead");
        let subject = Subject::cluster(Kind::Node, *node);
        found(
            look,
            Cause::NodeNotReady,
            subject,
            &says,
            "silent for 9 min",
        )
    });
    let all = each.reduce(|mut all, other| {
        all.root_causes.extend(other.root_causes);
        all
    });
    let target = Target {
        environment: look.environment.clone(),
        cluster: Some(cluster.into()),
        ..Target::default()
    };
    Diagnosis {
        target,
        ..all.unwrap()
    }
}

fn out_of_memory(look: &Look, name: &str) -> Diagnosis {
    let subject = Subject::new(Kind::Deployment, "production", name);
    let says = format!("{name} is killed at its memory limit");
    let fact = "4 restarts, limit 512Mi";
    found(look, Cause::OomKilled, subject, &says, fact)
}

fn found(look: &Look, cause: Cause, subject: Subject, says: &str, fact: &str) -> Diagnosis {
    let name = subject.name.clone();
    let finding = Finding {
        cause,
        subject,
        strength: 0.97,
        summary: Said::new("literal").with("text", says),
        evidence: vec![Evidence {
            fact: Said::new("literal").with("text", fact),
            source: "pod".into(),
            observed_at: None,
        }],
        blames: Vec::new(),
        explains: Vec::new(),
        fix: Vec::new(),
        changed: None,
        since: None,
        affected: 1,
        hits: Vec::new(),
    };
    let root = RootCause {
        confidence: 0.97,
        explains: Vec::new(),
        finding: finding.clone(),
    };
    Diagnosis {
        root_causes: vec![root],
        findings: vec![finding],
        ..diagnosis(look, Verdict::CauseFound, says, &name)
    }
}

fn healthy(look: &Look) -> Diagnosis {
    diagnosis(
        look,
        Verdict::Healthy,
        "payment-service is healthy",
        "payment-service",
    )
}

/// An alert of this name is one that the bot has a fault about.
pub const UNHANDLED: &str = "NobodyCanHandleThis";

/// The company's desk, with that fault.
struct FaultyDesk(ClusterDesk);

impl Desk for FaultyDesk {
    fn place(&self, alert: &Alert) -> (About, Severity) {
        assert_ne!(alert.name.raw(), UNHANDLED, "scripted");
        self.0.place(alert)
    }

    fn active(
        &self,
        environment: Option<&str>,
        not_before: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<Option<Vec<Active>>, Untrusted>> {
        self.0.active(environment, not_before)
    }

    fn patience(&self) -> Duration {
        self.0.patience()
    }

    fn is_settled(&self, environment: Option<&str>, began: DateTime<Utc>) -> bool {
        self.0.is_settled(environment, began)
    }

    fn can_silence(&self, environment: Option<&str>) -> bool {
        self.0.can_silence(environment)
    }

    fn silence(
        &self,
        environment: Option<&str>,
        silence: Silence,
    ) -> BoxFuture<'_, Result<String, NoSilence>> {
        self.0.silence(environment, silence)
    }
}

/// The stage of one story.
pub struct Stage {
    pub slack: Workspace,
    pub clock: Clock,
    pub world: Scripted,
    pub config: Config,
    /// Whether the bot reconnects without a pause.
    pub quick_reconnects: bool,
    /// What the engine told so far.
    pub happened: Arc<Mutex<Vec<Happened>>>,
    /// The company's Alertmanager.
    pub alertmanager: Notifier,
    /// Where the bot asks for alerts; none: no Alertmanager is configured.
    pub api: Arc<Mutex<Option<String>>>,
    /// How long messages wait for that Alertmanager; one answer of it may take twice as long.
    pub patience: Duration,
    /// What is counted.
    pub metrics: Metrics,
    folder: Arc<tempfile::TempDir>,
    bot: Option<Running>,
}

/// What runs while the bot does.
struct Running {
    bot: Bot,
    store: Arc<dyn Store>,
    /// Where alerts are sent to.
    webhook: SocketAddr,
    stop: watch::Sender<bool>,
}

impl Stage {
    /// A workspace with the bot in it, which finds payment-service killed for memory.
    pub async fn new() -> Self {
        Self::with(Scripted::new([Sees::Cause("payment-service")])).await
    }

    pub async fn with(world: Scripted) -> Self {
        let mut stage = Self::empty(world).await;
        stage.start().await;
        stage
    }

    /// The same, before the bot is started.
    pub async fn empty(world: Scripted) -> Self {
        crate::watch::start();
        let clock = Clock::system();
        let slack = Workspace::start(clock.clone()).await.unwrap();
        slack.add_channel("alerts", &["alice", "bob", "lead"]);
        let config = config(&slack.api_url());
        let alertmanager = Notifier::start(clock.clone()).unwrap();
        Self {
            api: Arc::new(Mutex::new(Some(alertmanager.url()))),
            patience: WITHIN,
            metrics: Metrics::new(Redactor::new(["FAKE-alerts"])),
            alertmanager,
            slack,
            clock,
            world,
            config,
            quick_reconnects: false,
            happened: Arc::default(),
            folder: Arc::new(tempfile::tempdir().unwrap()),
            bot: None,
        }
    }

    /// Starts the bot, and waits until it listens.
    pub async fn start(&mut self) {
        let store: Arc<dyn Store> = Arc::new(self.open());
        let happened = Arc::clone(&self.happened);
        let wiring = Wiring {
            config: self.config.clone(),
            clock: self.clock.clone(),
            store: Arc::clone(&store),
            looks: Arc::new(self.world.clone()),
            desk: Arc::new(FaultyDesk(self.desk())),
            redactor: Redactor::new(["xoxb-FAKE-secret-in-a-log"]),
            wire: Arc::new(|_| ()),
            happened: Arc::new(move |one| happened.lock().unwrap().push(one)),
            received: Arc::new(|_| ()),
            beat: Arc::new(|| ()),
            sockets: Some(if self.quick_reconnects {
                SocketSettings {
                    max_pause: Duration::from_millis(1),
                    ..sockets()
                }
            } else {
                sockets()
            }),
        };
        let bot = Bot::start(wiring).await.unwrap();
        let mut state = bot.sockets();
        let connected = state.wait_for(|state| state.live > 0);
        tokio::time::timeout(WITHIN, connected)
            .await
            .unwrap()
            .unwrap();
        let (stop, stopped) = watch::channel(false);
        let listening = webhook::start(&self.config, &bot, &self.metrics, &self.clock, &stopped);
        let (webhook, _) = listening.await.unwrap().unwrap();
        self.bot = Some(Running {
            bot,
            store,
            webhook,
            stop,
        });
    }

    fn desk(&self) -> ClusterDesk {
        let (api, patience) = (Arc::clone(&self.api), self.patience);
        let connect = move |_: Option<&str>| {
            let Some(url) = api.lock().unwrap().clone() else {
                return Ok(None);
            };
            let client = Alertmanager::new(&url, None, patience * 2)?;
            Ok(Some(client))
        };
        let playbooks = Arc::clone(&self.config.playbooks);
        ClusterDesk::new(Arc::new(connect), playbooks, self.clock.clone()).waiting(patience)
    }

    /// Where the webhook listens.
    pub fn webhook(&self) -> SocketAddr {
        self.bot.as_ref().unwrap().webhook
    }

    /// Sends alerts to the webhook as Alertmanager does; the status of the answer.
    pub async fn send(&self, body: &serde_json::Value) -> u16 {
        self.send_with(body.to_string(), &[("authorization", "Bearer FAKE-alerts")])
            .await
    }

    /// The same with any body and headers.
    pub async fn send_with(&self, body: String, headers: &[(&str, &str)]) -> u16 {
        let address = self.webhook();
        let mut request = reqwest::Client::new()
            .post(format!("http://{address}/alerts"))
            .timeout(Duration::from_mins(1));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body).send().await.unwrap().status().as_u16()
    }

    /// The store's lock is given back by the process's last user of it.
    pub fn open(&self) -> SledStore {
        let deadline = std::time::Instant::now() + WITHIN;
        loop {
            match SledStore::open(self.folder.path()) {
                // The bot's tasks go with the runtime, after the stage: the folder waits for them.
                Ok(store) => return store.keeping(Arc::clone(&self.folder) as _),
                Err(error) if std::time::Instant::now() > deadline => panic!("{error}"),
                Err(_) => std::thread::yield_now(),
            }
        }
    }

    /// What the sockets do.
    pub fn sockets(&self) -> tokio::sync::watch::Receiver<SocketState> {
        self.bot.as_ref().unwrap().bot.sockets()
    }

    /// Where the store is.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Stops the bot in an orderly way.
    pub async fn stop(&mut self) {
        if let Some(running) = self.bot.take() {
            running.stop.send_replace(true);
            running.bot.stop().await;
            drop(running.store);
        }
    }

    /// The volume is gone: the next start finds an empty folder.
    pub async fn lose_store(&mut self) {
        self.stop().await;
        self.folder = Arc::new(tempfile::tempdir().unwrap());
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.bot.as_ref().unwrap().store
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Alice asks, and gets the answer that contains these words.
    pub async fn ask(&self, text: &str, expect: &str) -> Thread {
        let ts = self.slack.post("#incidents", "alice", text);
        let thread = Thread { ts };
        self.answer(&thread, expect).await;
        thread
    }

    /// Waits for a message of the bot in the thread that contains these words.
    pub async fn answer(&self, thread: &Thread, expect: &str) -> Message {
        self.wait(|scene| {
            let answers = scene.answers(INCIDENTS, &thread.ts);
            answers
                .into_iter()
                .find(|message| message.visible().contains(expect))
        })
        .await
    }

    pub async fn wait<T>(&self, wanted: impl FnMut(&Scene) -> Option<T>) -> T {
        match self.slack.wait_within(WITHIN, wanted).await {
            Ok(found) => found,
            Err(error) => panic!("{error}"),
        }
    }

    /// How often that has happened to the bot.
    pub fn count(&self, what: &Happened) -> usize {
        let happened = self.happened.lock().unwrap();
        happened.iter().filter(|one| *one == what).count()
    }

    /// Waits until that has happened to the bot so often.
    pub async fn happened(&self, what: &Happened, times: usize) {
        let seen = async {
            while self.count(what) < times {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(WITHIN, seen).await;
        assert!(
            waited.is_ok(),
            "not {what:?}: {:?}",
            self.happened.lock().unwrap()
        );
    }

    /// Waits until the bot knows from where on it catches up in these channels: its first round notes that.
    pub async fn noted(&self, channels: &[&str]) {
        let noted = async {
            loop {
                let marks = self.store().watermarks().await.unwrap();
                let is_noted = |id: &&str| marks.iter().any(|mark| mark.channel.as_str() == *id);
                if channels.iter().all(is_noted) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(WITHIN, noted).await;
        assert!(waited.is_ok(), "not {channels:?}");
    }

    /// The bot's direct messages to somebody.
    pub async fn direct(&self, user: &str, count: usize) -> Vec<Message> {
        let mention = format!("<@{user}>");
        self.wait(|scene| {
            let direct: Vec<Message> = scene
                .messages
                .iter()
                .filter(|m| {
                    m.from_bot()
                        && !m.deleted
                        && m.channel.starts_with('D')
                        && m.visible().contains(&mention)
                })
                .cloned()
                .collect();
            (direct.len() >= count).then_some(direct)
        })
        .await
    }

    /// Presses a button of the newest answer that has it.
    pub async fn press(&self, thread: &Thread, user: &str, action: &str) {
        let message = self
            .wait(|scene| {
                let answers = scene.answers(INCIDENTS, &thread.ts);
                answers.into_iter().rev().find(|m| {
                    m.buttons()
                        .iter()
                        .any(|b| b.action_id.starts_with(action) || b.text == action)
                })
            })
            .await;
        let button = message
            .buttons()
            .into_iter()
            .find(|b| b.action_id.starts_with(action) || b.text == action)
            .unwrap();
        self.slack
            .press(user, INCIDENTS, &message.ts, &button.action_id)
            .unwrap();
    }

    /// No message of ours was ever doubled.
    pub fn assert_no_doubles(&self) {
        let scene = self.slack.scene();
        let mut keys: std::collections::BTreeMap<
            String,
            std::collections::BTreeSet<(String, String)>,
        > = std::collections::BTreeMap::new();
        for (id, places) in scene.by_block_id("vigie:") {
            let stamp = vigie::incident::Stamp::parse(&id).unwrap();
            keys.entry(stamp.key.to_owned()).or_default().extend(places);
        }
        for (key, places) in keys {
            assert_eq!(
                places.len(),
                1,
                "{key} is in Slack more than once:\n{scene}"
            );
        }
    }

    /// Waits for at least so many live incidents, and until nothing is left to send.
    pub async fn live(&self, count: usize) -> Vec<Incident> {
        let deadline = tokio::time::Instant::now() + WITHIN;
        loop {
            self.settled().await;
            let live = self.store().load_live().await.unwrap();
            if live.len() >= count {
                return live;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "not {count} incidents: {live:#?}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until nothing is left to send and nothing is due, as the store has it.
    pub async fn settled(&self) {
        let deadline = tokio::time::Instant::now() + WITHIN;
        loop {
            let live = self.store().load_live().await.unwrap();
            let now = self.clock.now();
            let is_due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
            let busy = live.iter().any(|one| {
                is_due(one.settles_at)
                    || is_due(one.next_page_at())
                    || one.outbox.iter().any(|out| !out.state.is_final())
            });
            if !busy && self.store().pending().await.unwrap().is_empty() {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "still busy: {live:#?}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A thread in `#incidents`.
#[derive(Clone, Debug)]
pub struct Thread {
    pub ts: String,
}
