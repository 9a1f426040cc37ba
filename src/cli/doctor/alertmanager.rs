//! Does Alertmanager answer, and is its cluster ready?

use std::collections::BTreeSet;

use secrecy::ExposeSecret as _;

use super::WITHIN;
use super::check::{Area, Check};
use crate::clients::alertmanager::{Alertmanager, AlertmanagerError, ClusterState, Status};
use crate::config::{Config, Endpoint};

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let mut servers: Vec<Endpoint> = config.alertmanager.iter().cloned().collect();
    let own = config
        .environments
        .iter()
        .filter(|e| e.alertmanager.is_some());
    servers.extend(own.filter_map(|e| config.alertmanager_of(Some(&e.name))));
    let mut seen = BTreeSet::new();
    servers.retain(|server| seen.insert(server.url.clone()));
    if servers.is_empty() {
        let found = "not configured: silences are neither seen nor made";
        return vec![Check::skipped(
            Area::Alertmanager,
            "VIGIE_ALERTMANAGER_URL",
            found,
        )];
    }
    let all = servers.iter().map(server_checks);
    futures::future::join_all(all).await.concat()
}

async fn server_checks(server: &Endpoint) -> Vec<Check> {
    let name = server.url.as_str();
    let built = Alertmanager::new(server.address().expose_secret(), server.token(), WITHIN);
    match built {
        Err(error) => {
            let fix = "install ca-certificates, or set SSL_CERT_FILE";
            vec![Check::failed(
                Area::Alertmanager,
                name,
                error.to_string(),
                fix,
            )]
        }
        Ok(client) => match client.status().await {
            Ok(status) => vec![answers(name, &status), may_silence(name)],
            Err(error) => vec![silent(name, &error)],
        },
    }
}

fn answers(name: &str, status: &Status) -> Check {
    let version = &status.version;
    match status.cluster.state {
        ClusterState::Ready => {
            let peers = status.cluster.peers;
            let found = format!("version {version}, cluster of {peers} ready");
            Check::ok(Area::Alertmanager, name, found)
        }
        ClusterState::Disabled => Check::ok(
            Area::Alertmanager,
            name,
            format!("version {version}, alone"),
        ),
        ClusterState::Settling | ClusterState::Unknown => Check::warning(
            Area::Alertmanager,
            name,
            format!("version {version}, its cluster is not ready"),
            "notifications can come twice until it is: look at its /#/status and its peers",
        ),
    }
}

/// Alertmanager has no rights of its own, and no way to try.
fn may_silence(name: &str) -> Check {
    Check::skipped(
        Area::Alertmanager,
        &format!("{name}: making silences"),
        "cannot be known without making one; a proxy before it may allow reading only",
    )
}

fn silent(name: &str, error: &AlertmanagerError) -> Check {
    let fix = match error {
        AlertmanagerError::Forbidden => {
            "check VIGIE_ALERTMANAGER_TOKEN, or the user and password in VIGIE_ALERTMANAGER_URL"
        }
        AlertmanagerError::NotAlertmanager(_) | AlertmanagerError::NotFound => {
            "check VIGIE_ALERTMANAGER_URL and its route prefix: curl ADDRESS/api/v2/status must answer with JSON"
        }
        _ => {
            "check VIGIE_ALERTMANAGER_URL and the NetworkPolicy: curl ADDRESS/api/v2/status must answer"
        }
    };
    Check::failed(Area::Alertmanager, name, error.to_string(), fix)
}
