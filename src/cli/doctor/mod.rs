//! `vigie doctor`: checks everything a deployment needs, and says the fix for what is missing.
//! Exit status: 0 when nothing failed, 1 when something did.

mod alertmanager;
mod check;
mod cluster;
mod local;
mod prometheus;
pub(super) mod rights;
mod slack;
#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use self::check::{Area, Check, Status};
use super::{Output, print};
use crate::clients::kube::KubeClient;
use crate::config::Config;

/// Longest wait for one answer of Slack, a cluster, Prometheus or Alertmanager.
const WITHIN: Duration = Duration::from_secs(10);

/// Arguments of `vigie doctor`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Look at this kubeconfig context instead of those of the environments.
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<ExitCode> {
    let checks = examine(&config, args.context.as_deref()).await;
    let failed = checks.iter().any(|check| check.status == Status::Failed);
    let text = match args.output {
        Output::Text => check::text(&checks),
        Output::Json => {
            let report = json!({"ok": !failed, "checks": checks});
            serde_json::to_string_pretty(&report)? + "\n"
        }
    };
    print(&config.redactor().redact(&text))?;
    Ok(ExitCode::from(u8::from(failed)))
}

/// Everything at once: the slowest decides how long it takes.
async fn examine(config: &Config, context: Option<&str>) -> Vec<Check> {
    let clusters = contexts(config, context);
    let (mut checks, slack, clusters, prometheus, alertmanager) = futures::join!(
        local::checks(config),
        slack::checks(config),
        join_all(clusters.iter().map(|(context, namespaces)| {
            cluster::checks(context.as_deref(), namespaces, config.excess_rights)
        })),
        prometheus::checks(config),
        alertmanager::checks(config),
    );
    checks.extend(slack);
    checks.extend(clusters.into_iter().flatten());
    checks.extend(prometheus);
    checks.extend(alertmanager);
    checks.sort_by_key(|check| check.area);
    checks
}

/// The check of the rights at the start of `vigie run`, over every cluster of the configuration.
/// Returns how many rights there are beyond reading, for the metric.
pub async fn self_check(config: &Config) -> anyhow::Result<usize> {
    let mut excess = 0;
    for (context, namespaces) in contexts(config, None) {
        match KubeClient::connect(context.as_deref(), WITHIN).await {
            Ok(kube) => {
                excess += cluster::self_check(&kube, &namespaces, config.excess_rights).await?;
            }
            Err(error) => tracing::warn!(%error, "no cluster to check the rights in"),
        }
    }
    Ok(excess)
}

/// Each kubeconfig context once, with the namespaces that are looked at in it; none means all.
fn contexts(config: &Config, only: Option<&str>) -> Vec<(Option<String>, Vec<String>)> {
    if let Some(only) = only {
        return vec![(Some(only.to_owned()), Vec::new())];
    }
    let mut contexts: Vec<(Option<String>, Vec<String>)> = Vec::new();
    for environment in &config.environments {
        let namespaces = &environment.namespaces;
        match contexts
            .iter_mut()
            .find(|(name, _)| *name == environment.context)
        {
            // One environment that sweeps the whole cluster needs the rights for the whole cluster.
            Some((_, known)) if known.is_empty() || namespaces.is_empty() => known.clear(),
            Some((_, known)) => known.extend(namespaces.iter().cloned()),
            None => contexts.push((environment.context.clone(), namespaces.clone())),
        }
    }
    if contexts.is_empty() {
        contexts.push((None, Vec::new()));
    }
    contexts
}

impl Check {
    /// The area of the configuration itself.
    fn of_configuration(config: &Config) -> Vec<Self> {
        let place = config.path.as_ref().map_or_else(
            || "no vigie.yaml; the defaults hold".to_owned(),
            |path| format!("read from {}", path.display()),
        );
        let mut checks = vec![Self::ok(Area::Configuration, "configuration", place)];
        for warning in &config.warnings {
            checks.push(Self::warning(
                Area::Configuration,
                "configuration",
                warning,
                "remove it, or write it as .env.example does",
            ));
        }
        checks
    }
}
