//! From configuration to what an investigation reads: one Kubernetes client per kubeconfig context,
//! one Prometheus per environment, one redactor.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;

use crate::clients::kube::KubeClient;
use crate::clients::prometheus::Prometheus;
use crate::config::Config;
use crate::investigation::gather::Sources;
use crate::investigation::run::Environment;
use crate::text::Redactor;

/// Longest wait for one answer of the cluster or of Prometheus: a third of an investigation.
const READ: Duration = Duration::from_secs(5);

/// The clusters of an installation, connected when they are first asked about.
pub struct Clusters {
    config: Arc<Config>,
    redactor: Arc<Redactor>,
    connected: Mutex<BTreeMap<Option<String>, KubeClient>>,
}

impl Clusters {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(config: Arc<Config>) -> Self {
        let redactor = Arc::new(config.redactor());
        Self {
            config,
            redactor,
            connected: Mutex::default(),
        }
    }

    /// Takes secrets out of whatever leaves the process.
    #[must_use]
    pub fn redactor(&self) -> Arc<Redactor> {
        Arc::clone(&self.redactor)
    }

    /// The environments, as an investigation needs them.
    #[must_use]
    pub fn environments(&self) -> Vec<Environment> {
        let all = self.config.environments.iter();
        all.map(|e| Environment {
            name: e.name.clone(),
            namespaces: e.namespaces.clone(),
        })
        .collect()
    }

    /// What to read from for an environment; `context` wins over the environment's own.
    ///
    /// # Errors
    /// When there is no usable kubeconfig, or Prometheus' address cannot be used.
    pub async fn sources(
        &self,
        environment: Option<&str>,
        context: Option<&str>,
    ) -> anyhow::Result<Sources> {
        let environment = environment.or(self.config.default_environment.as_deref());
        let own =
            environment.and_then(|name| self.config.environments.iter().find(|e| e.name == name));
        let context = context
            .map(str::to_owned)
            .or_else(|| own.and_then(|e| e.context.clone()));
        Ok(Sources {
            kube: self.kube(context).await?,
            prometheus: self.prometheus(environment)?,
            recorded: None,
            playbooks: Arc::clone(&self.config.playbooks),
            redactor: self.redactor(),
        })
    }

    async fn kube(&self, context: Option<String>) -> anyhow::Result<KubeClient> {
        let mut connected = self.connected.lock().await;
        if let Some(client) = connected.get(&context) {
            return Ok(client.clone());
        }
        let client = KubeClient::connect(context.as_deref(), READ)
            .await
            .context("no cluster to ask")?;
        connected.insert(context, client.clone());
        Ok(client)
    }

    fn prometheus(&self, environment: Option<&str>) -> anyhow::Result<Option<Prometheus>> {
        let Some(settings) = self.config.prometheus_of(environment) else {
            return Ok(None);
        };
        let (address, token) = (settings.address(), settings.token());
        Ok(Some(Prometheus::new(address.expose_secret(), token, READ)?))
    }
}
