//! Questions put to an API server, without Slack: the investigation alone.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use chrono::Utc;
use k8s_openapi::api::core::v1::Namespace;
use vigie::clients::kube::KubeClient;
use vigie::clients::prometheus::Prometheus;
use vigie::config::Config;
use vigie::finding::{Cause, Diagnosis, Verdict};
use vigie::intent::{self, EnvironmentWords, Vocabulary};
use vigie::investigation::gather::{Ci, Sources, Waits};
use vigie::investigation::run::{self, Environment, Outcome, Question};
use vigie::text::Redactor;

use super::cluster::stories::proxy::Lag;
use super::sample::Sample;
use super::table::Row;

/// Longest wait for one answer, as in production.
const READ: Duration = Duration::from_secs(5);
/// What each call is held back by to count the rounds: far more than the calls take themselves.
const LAG: Duration = Duration::from_millis(100);
/// How often a question is asked on warm connections.
pub const RUNS: usize = 20;

/// S1, and what must come out of it.
pub const S1: &str = "Service payment est lent en production";
/// The wide question.
pub const WIDE: &str = "tout est cassé en production";

/// One who asks: connections of its own, kept.
pub struct Asker {
    sources: Sources,
    namespace: String,
}

/// An answer, and how long it took.
pub struct Asked {
    pub diagnosis: Diagnosis,
    pub took: Duration,
}

impl Asked {
    fn requests(&self) -> u32 {
        self.diagnosis.ledger.iter().map(|line| line.requests).sum()
    }

    fn bytes(&self) -> u64 {
        self.diagnosis.ledger.iter().map(|line| line.bytes).sum()
    }
}

impl Asker {
    /// With the rights of a kubeconfig; `production` is that namespace.
    pub async fn new(kubeconfig: &Path, prometheus: Option<&str>, namespace: &str) -> Result<Self> {
        Self::through(kubeconfig, None, prometheus, namespace).await
    }

    /// The same, through another port of loopback.
    async fn through(
        kubeconfig: &Path,
        port: Option<u16>,
        prometheus: Option<&str>,
        namespace: &str,
    ) -> Result<Self> {
        let mut config = client_config(kubeconfig).await?;
        if let Some(port) = port {
            let scheme = config
                .cluster_url
                .scheme_str()
                .unwrap_or("https")
                .to_owned();
            config.cluster_url = format!("{scheme}://127.0.0.1:{port}").parse()?;
        }
        let client = kube::Client::try_from(config)?;
        let prometheus = prometheus.map(|url| Prometheus::new(url, None, READ));
        Ok(Self {
            sources: Sources {
                recorded: None,
                ci: Ci::default(),
                playbooks: Config::default().playbooks,
                kube: KubeClient::new(client, "bench", READ),
                prometheus: prometheus.transpose()?,
                redactor: Arc::new(Redactor::new(Vec::<String>::new())),
                waits: Waits::default(),
            },
            namespace: namespace.to_owned(),
        })
    }

    /// Where it reads.
    pub fn sources(&self) -> Sources {
        self.sources.clone()
    }

    /// Asks once; anything but the cause of S1 is an error, for a wrong answer has no speed.
    pub async fn ask(&self, text: &str) -> Result<Asked> {
        let namespaces = vec![self.namespace.clone()];
        let vocabulary = Vocabulary {
            environments: vec![EnvironmentWords {
                name: "production".into(),
                aliases: Vec::new(),
                namespaces: namespaces.clone(),
            }],
            ..Vocabulary::default()
        };
        let environment = Environment {
            name: "production".into(),
            namespaces,
        };
        let question = Question::new(intent::parse(text, &vocabulary, None), vec![environment]);
        let begun = Instant::now();
        let outcome = run::run(self.sources(), &question, Utc::now(), &|_| {}).await;
        let took = begun.elapsed();
        let Outcome::Diagnosed(diagnosis, _) = outcome else {
            bail!("{text:?} is ambiguous");
        };
        let oom = |cause: Cause| cause == Cause::OomKilled;
        let named = diagnosis
            .root_causes
            .iter()
            .any(|root| oom(root.finding.cause));
        if diagnosis.verdict != Verdict::CauseFound || !named {
            bail!("{text:?} was answered with {:?}", diagnosis.verdict);
        }
        Ok(Asked {
            diagnosis: *diagnosis,
            took,
        })
    }

    /// One small read, on a warm connection: the median of twenty.
    async fn round_trip(&self) -> Result<Duration> {
        let mut took = Vec::new();
        for _ in 0..=RUNS {
            let begun = Instant::now();
            let kube = &self.sources.kube;
            kube.get::<Namespace>(None, &self.namespace).await?;
            took.push(begun.elapsed());
        }
        let median = Sample::ms(took.into_iter().skip(1)).median();
        Ok(Duration::from_secs_f64(median / 1e3))
    }
}

/// The client configuration of a kubeconfig file, with production's time-outs.
async fn client_config(kubeconfig: &Path) -> Result<kube::Config> {
    let file = kube::config::Kubeconfig::read_from(kubeconfig)?;
    let options = kube::config::KubeConfigOptions::default();
    let mut config = kube::Config::from_custom_kubeconfig(file, &options).await?;
    config.connect_timeout = Some(READ);
    config.read_timeout = Some(READ);
    config.default_retry = false;
    Ok(config)
}

/// Where a question is asked, and what people call that.
pub struct Place<'a> {
    pub kubeconfig: &'a Path,
    pub prometheus: Option<&'a str>,
    pub namespace: &'a str,
    pub against: &'a str,
}

/// The rows of one question: cold, warm, and the requests; with limits in ms for warm, and in requests.
pub async fn rows(
    all: &mut Vec<Row>,
    place: &Place<'_>,
    (name, text): (&str, &str),
    limits: Option<(f64, f64)>,
) -> Result<()> {
    let asker = Asker::new(place.kubeconfig, place.prometheus, place.namespace).await?;
    let cold = asker.ask(text).await?;
    let mut warm = Vec::new();
    for _ in 0..RUNS {
        warm.push(asker.ask(text).await?);
    }
    let round_trip = asker.round_trip().await?.as_secs_f64() * 1e3;
    let took = Sample::ms(warm.iter().map(|one| one.took));
    let rounds = rounds(place, text, took.median()).await?;
    let kib = Sample::of(warm.iter().map(|one| kib(one.bytes())));
    let note = format!(
        "{rounds} rounds × {round_trip:.1} ms round trip = {:.0} ms; {:.0} KiB",
        f64::from(rounds) * round_trip,
        kib.median(),
    );
    let against = place.against;
    let warm_row = Row::new(&format!("{name}, warm"), against, "ms", &took).note(note);
    let requests = Sample::of(warm.iter().map(|one| f64::from(one.requests())));
    let request_row = Row::new(&format!("{name}, API requests"), against, "", &requests);
    let cold = cold.took.as_secs_f64() * 1e3;
    let cold_row = Row::single(&format!("{name}, cold"), against, "ms", cold)
        .note("the first question of new connections");
    all.extend(match limits {
        None => [cold_row, warm_row, request_row],
        Some((ms, requests)) => [
            cold_row.median_within(ms),
            warm_row.median_within(ms),
            request_row.worst_within(requests),
        ],
    });
    Ok(())
}

/// How many reads follow one another: what a lag on each of them costs, in lags.
async fn rounds(place: &Place<'_>, text: &str, without_lag: f64) -> Result<u32> {
    let config = client_config(place.kubeconfig).await?;
    let port = config.cluster_url.port_u16().context("a port")?;
    let lag = Lag::start(port, LAG).await;
    let far = Asker::through(
        place.kubeconfig,
        Some(lag.port),
        place.prometheus,
        place.namespace,
    )
    .await?;
    far.ask(text).await?;
    let mut took = Vec::new();
    for _ in 0..3 {
        took.push(far.ask(text).await?.took);
    }
    let more = Sample::ms(took).median() - without_lag;
    let counted = (more / (LAG.as_secs_f64() * 1e3)).round().max(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    Ok(counted as u32)
}

#[expect(clippy::cast_precision_loss, reason = "shown in whole KiB")]
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
