//! The bot as `vigie run` puts it together: looks at the real control plane with the rights of `deploy/`, reads the
//! real Prometheus, speaks with the real Alertmanager, listens for its webhook, and talks in the sandbox's Slack.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::watch;
use vigie::cli::bot::{Bot, Wiring};
use vigie::cli::desk::ClusterDesk;
use vigie::cli::looks::ClusterLooks;
use vigie::cli::webhook;
use vigie::clients::alertmanager::Alertmanager as AlertmanagerClient;
use vigie::clients::prometheus::Prometheus as PrometheusClient;
use vigie::clock::Clock;
use vigie::config::Config;
use vigie::engine::{Look, Looked, Looks, Progress};
use vigie::incident::Incident;
use vigie::investigation::gather::{Ci, Sources, Waits};
use vigie::investigation::run::Environment;
use vigie::sandbox::slack::{Message, Scene, Workspace};
use vigie::store::{SledStore, Store};
use vigie::telemetry::Metrics;
use vigie::text::Redactor;

use crate::cluster::stories::bot;
use crate::cluster::{Alertmanager, ControlPlane, Prometheus};
use crate::stories::company;

/// The token of the alert webhook.
pub const TOKEN: &str = "FAKE-alerts";
/// Longest wait for anything in Slack.
const WITHIN: Duration = Duration::from_mins(3);
/// Longest wait of the bot for one answer.
const READ: Duration = Duration::from_mins(1);

/// The investigation, from the moment on when there is something to look at: Alertmanager is told the bot's
/// address, Prometheus Alertmanager's, and the bot Prometheus'.
#[derive(Clone, Default)]
struct Late(Arc<OnceLock<ClusterLooks>>);

impl Looks for Late {
    fn look(&self, look: Look, progress: Progress) -> BoxFuture<'static, Looked> {
        let there = self.0.get().map(|looks| looks.look(look, progress));
        async move { there.unwrap().await }.boxed()
    }
}

/// The bot and the workspace it is in.
pub struct House {
    pub slack: Workspace,
    pub store: Arc<dyn Store>,
    config: Config,
    clock: Clock,
    bot: Bot,
    webhook: SocketAddr,
    stop: watch::Sender<bool>,
    looks: Late,
    alertmanager: Arc<OnceLock<String>>,
    _folder: tempfile::TempDir,
}

impl House {
    /// The bot, listening; production is this namespace.
    pub async fn open(namespace: &str) -> Self {
        let clock = Clock::system();
        let slack = Workspace::start(clock.clone()).await.unwrap();
        slack.add_channel("alerts", &["alice", "bob", "lead"]);
        let mut config = company::config(&slack.api_url());
        config.environments[0].namespaces = vec![namespace.to_owned()];
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SledStore::open(folder.path()).unwrap());
        let (looks, alertmanager) = (Late::default(), Arc::new(OnceLock::<String>::new()));
        let address = Arc::clone(&alertmanager);
        let connect = move |_: Option<&str>| match address.get() {
            Some(url) => Ok(Some(AlertmanagerClient::new(url, None, READ)?)),
            None => Ok(None),
        };
        let desk = ClusterDesk::new(
            Arc::new(connect),
            Arc::clone(&config.playbooks),
            clock.clone(),
        )
        .waiting(READ);
        let wiring = Wiring {
            config: config.clone(),
            clock: clock.clone(),
            store: Arc::clone(&store),
            looks: Arc::new(looks.clone()),
            desk: Arc::new(desk),
            redactor: Redactor::new([TOKEN]),
            wire: Arc::new(|_| ()),
            happened: Arc::new(|_| ()),
            received: Arc::new(|_| ()),
            beat: Arc::new(|| ()),
            sockets: Some(company::sockets()),
        };
        let bot = Bot::start(wiring).await.unwrap();
        let mut sockets = bot.sockets();
        let connected = sockets.wait_for(|state| state.live > 0);
        let connected = tokio::time::timeout(WITHIN, connected).await;
        connected.unwrap().unwrap();
        let metrics = Metrics::new(Redactor::new([TOKEN]));
        let (stop, stopped) = watch::channel(false);
        let listening = webhook::start(&config, &bot, &metrics, &clock, &stopped);
        let (webhook, _) = listening.await.unwrap().unwrap();
        Self {
            slack,
            store,
            config,
            clock,
            bot,
            webhook,
            stop,
            looks,
            alertmanager,
            _folder: folder,
        }
    }

    /// Shows the bot what it looks at.
    pub async fn shown(
        &self,
        cluster: &ControlPlane,
        prometheus: &Prometheus,
        alertmanager: &Alertmanager,
    ) {
        let namespace = &self.config.environments[0].namespaces[0];
        let shipped = bot::Bot::shipped(cluster, "production", namespace).await;
        let sources = Sources {
            kube: shipped.client().await,
            prometheus: Some(PrometheusClient::new(&prometheus.url(), None, READ).unwrap()),
            recorded: None,
            ci: Ci::default(),
            playbooks: Arc::clone(&self.config.playbooks),
            redactor: Arc::new(Redactor::new([TOKEN])),
            waits: Waits::each(READ),
        };
        let environment = Environment {
            name: "production".to_owned(),
            namespaces: vec![namespace.clone()],
        };
        let looks = ClusterLooks::at(sources, vec![environment], self.clock.clone());
        assert!(self.looks.0.set(looks).is_ok(), "it looks there already");
        self.alertmanager.set(alertmanager.url()).unwrap();
    }

    /// The receiver that posts to the bot's webhook.
    pub fn by_webhook(&self) -> Value {
        let authorization = json!({"type": "Bearer", "credentials": TOKEN});
        json!({"webhook_configs": [{
            "url": format!("http://{}/alerts", self.webhook), "send_resolved": true,
            "http_config": {"authorization": authorization},
        }]})
    }

    /// Waits for something in Slack.
    pub async fn wait<T>(&self, what: &str, wanted: impl FnMut(&Scene) -> Option<T>) -> T {
        let found = self.slack.wait_within(WITHIN, wanted).await;
        match found {
            Ok(found) => found,
            Err(error) => panic!("{what}: {error}\n{:#?}", self.incidents().await),
        }
    }

    /// Every incident, also the closed ones.
    pub async fn incidents(&self) -> Vec<Incident> {
        let since = chrono::DateTime::UNIX_EPOCH;
        self.store.load_since(since).await.unwrap()
    }

    /// Waits until what is decided is sent, and gives the incidents.
    pub async fn settled(&self) -> Vec<Incident> {
        let mut changes = self.slack.changes();
        let settled = async {
            loop {
                let all = self.incidents().await;
                let busy = all.iter().any(|one| {
                    one.outbox
                        .iter()
                        .any(|out| !out.state.is_final() && out.page().is_none())
                });
                if !busy && self.store.pending().await.unwrap().is_empty() {
                    return all;
                }
                // What is sent changes Slack; what is saved after it does not.
                let _ = tokio::time::timeout(Duration::from_millis(20), changes.changed()).await;
            }
        };
        let settled = tokio::time::timeout(WITHIN, settled).await;
        settled.unwrap()
    }

    /// Stops everything that was started.
    pub async fn close(self) {
        self.stop.send_replace(true);
        self.bot.stop().await;
    }
}

/// An Alertmanager's configuration that tells the receiver what these matchers choose, and nobody the rest: the
/// cluster has other tests' troubles too.
pub fn config(matchers: &[String], group_by: &[&str], mut receiver: Value) -> String {
    receiver["name"] = "vigie".into();
    let routes = matchers
        .iter()
        .map(|one| json!({"receiver": "vigie", "matchers": [one]}));
    let routes: Vec<Value> = routes.collect();
    json!({
        "route": {
            "receiver": "nobody", "group_by": group_by, "group_wait": "1s", "group_interval": "1s",
            "repeat_interval": "12h", "routes": routes,
        },
        "receivers": [{"name": "nobody"}, receiver],
    })
    .to_string()
}

/// The bot's messages in a channel that begin a thread.
pub fn threads(scene: &Scene, channel: &str) -> Vec<Message> {
    let own = scene
        .messages
        .iter()
        .filter(|one| one.channel == channel && one.from_bot() && !one.deleted);
    own.filter(|one| one.thread_ts.is_none()).cloned().collect()
}

/// Everything that can be read in a thread.
pub fn readable(thread: &[Message]) -> String {
    let all: Vec<String> = thread.iter().map(Message::visible).collect();
    all.join("\n---\n")
}
