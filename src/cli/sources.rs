//! From configuration to what an investigation reads: one Kubernetes client per kubeconfig context,
//! one Prometheus per environment, one Jenkins and one `SonarQube`, one redactor.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;

use crate::clients::alertmanager::Alertmanager;
use crate::clients::jenkins::Jenkins;
use crate::clients::kube::KubeClient;
use crate::clients::prometheus::Prometheus;
use crate::clients::sonarqube::SonarQube;
use crate::config::Config;
use crate::investigation::gather::{Ci, Sources, Waits};
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

    /// The environment that is meant where a question names none.
    #[must_use]
    pub fn usual(&self) -> Option<String> {
        self.config.default_environment.clone()
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
            ci: self.ci()?,
            recorded: None,
            playbooks: Arc::clone(&self.config.playbooks),
            redactor: self.redactor(),
            waits: Waits::default(),
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

    /// The Alertmanager of an environment; `None`: not configured.
    ///
    /// # Errors
    /// When its address cannot be used.
    pub fn alertmanager(&self, environment: Option<&str>) -> anyhow::Result<Option<Alertmanager>> {
        let environment = environment.or(self.config.default_environment.as_deref());
        let Some(settings) = self.config.alertmanager_of(environment) else {
            return Ok(None);
        };
        let (address, token) = (settings.address(), settings.token());
        Ok(Some(Alertmanager::new(
            address.expose_secret(),
            token,
            READ,
        )?))
    }

    fn ci(&self) -> anyhow::Result<Ci> {
        let jenkins = self
            .config
            .jenkins
            .as_ref()
            .map(|it| Jenkins::new(it.url.clone(), &it.user, it.token.clone(), READ));
        let sonarqube = self.config.sonarqube.as_ref();
        let sonarqube = sonarqube.map(|it| SonarQube::new(it.url.clone(), it.token.clone(), READ));
        Ok(Ci {
            jenkins: jenkins.transpose()?,
            sonarqube: sonarqube.transpose()?,
        })
    }

    fn prometheus(&self, environment: Option<&str>) -> anyhow::Result<Option<Prometheus>> {
        let Some(settings) = self.config.prometheus_of(environment) else {
            return Ok(None);
        };
        let (address, token) = (settings.address(), settings.token());
        Ok(Some(Prometheus::new(address.expose_secret(), token, READ)?))
    }
}
