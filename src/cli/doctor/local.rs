//! What can be checked without asking anybody: the configuration, the folder of the store, a running bot.

use std::path::Path;
use std::{fs, io};

use chrono::{DateTime, Utc};
use reqwest::Url;

use super::WITHIN;
use super::check::{Area, Check};
use crate::cli::incidents::{put_aside, reachable};
use crate::cli::webhook;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{self, Aside, Loss, SledStore, Store as _, StoreError};

/// The leads of `.env.example`, `deploy/vigie.example.yaml` and `deploy/kubernetes/config.yaml`.
pub(super) const PLACEHOLDERS: [&str; 2] = ["U0FAKELEAD", "U0FAKESECOND"];
/// A day of incidents is far below this; a full disk stops acknowledgements.
const ENOUGH_BYTES: u64 = 256 << 20;

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let mut checks = Check::of_configuration(config);
    checks.push(leads(config, Utc::now()));
    checks.push(heartbeat(config));
    checks.push(alerts(config));
    checks.push(folder(&config.data_dir));
    checks.extend(space(&config.data_dir));
    checks.extend(store(config).await);
    checks.push(running(config).await);
    checks
}

/// Whether somebody can be called, and somebody else when the first cannot.
pub(super) fn leads(config: &Config, now: DateTime<Utc>) -> Check {
    const AREA: Area = Area::Configuration;
    let leads = &config.escalation.leads;
    let there = leads
        .iter()
        .filter(|lead| lead.absent_until.is_none_or(|until| until <= now));
    let names: Vec<&str> = leads.iter().map(|lead| lead.slack_id.as_str()).collect();
    if let Some(name) = names.iter().find(|name| PLACEHOLDERS.contains(name)) {
        let detail = format!("{name} is still the placeholder of the example");
        let fix = "write the lead's member ID: in Slack, the profile, three dots, Copy member ID";
        return Check::failed(AREA, "leads", detail, fix);
    }
    let names = names.join(", ");
    match (there.count(), &config.escalation.webhook) {
        _ if config.require_lead().is_err() => Check::failed(
            AREA,
            "leads",
            "nobody can be called",
            "set VIGIE_LEAD, or list escalation.leads in vigie.yaml",
        ),
        (0, None) => Check::failed(
            AREA,
            "leads",
            format!("{names}: all absent, and no webhook: nobody can be called"),
            "list somebody who is there, or set VIGIE_ESCALATION_WEBHOOK_URL",
        ),
        (1, None) => Check::warning(
            AREA,
            "leads",
            format!("{names}: when that one cannot be reached, nobody can"),
            "list a second lead, or set VIGIE_ESCALATION_WEBHOOK_URL (phone, PagerDuty, Opsgenie)",
        ),
        _ => Check::ok(AREA, "leads", names),
    }
}

/// Whether something outside would miss us. Not called here: a call is a sign of life of a bot that may be dead.
pub(super) fn heartbeat(config: &Config) -> Check {
    const NAME: &str = "VIGIE_HEARTBEAT_URL";
    match config.heartbeat {
        Some(_) => Check::ok(Area::Configuration, NAME, "set; not called by this check"),
        None => Check::skipped(
            Area::Configuration,
            NAME,
            "not configured: nothing outside of vigie notices when vigie is dead",
        ),
    }
}

/// Whether the alert webhook can listen with what it is given. Who may send is part of it.
pub(super) fn alerts(config: &Config) -> Check {
    const AREA: Area = Area::Configuration;
    const NAME: &str = "VIGIE_ALERTS_ADDR";
    let Some(settings) = &config.alerts.webhook else {
        return Check::skipped(AREA, NAME, "not configured: no alerts by webhook");
    };
    if let Err(error) = webhook::certificates(config, &Clock::system()) {
        let fix = "mount the Secret with tls.crt, tls.key and the clients' CA (PEM), readable for this user";
        return Check::failed(AREA, NAME, format!("{error:#}"), fix);
    }
    let client_ca = settings.tls.as_ref().and_then(|tls| tls.client_ca.as_ref());
    let ways = [
        (settings.token.is_some(), "token"),
        (settings.hmac.is_some(), "signature"),
        (client_ca.is_some(), "client certificate"),
    ];
    let ways: Vec<&str> = (ways.iter().filter(|way| way.0).map(|way| way.1)).collect();
    let protocol = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let detail = format!(
        "{protocol} on {}, senders show a {}",
        settings.addr,
        ways.join(" or a ")
    );
    Check::ok(AREA, NAME, detail)
}

/// Whether the store's folder can be made and written. A file is really written: a read-only volume
/// looks writable until then.
fn folder(path: &Path) -> Check {
    let shown = path.display().to_string();
    let tried = fs::create_dir_all(path).and_then(|()| write_probe(path));
    match tried {
        Ok(()) => Check::ok(Area::Store, "folder", format!("{shown} can be written")),
        Err(error) => Check::failed(
            Area::Store,
            "folder",
            format!("{shown} cannot be written: {error}"),
            "set VIGIE_DATA_DIR to a folder of this user on a local disk, or mount the volume with fsGroup 65532",
        ),
    }
}

fn write_probe(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let written = fs::write(&path, b"doctor").and_then(|()| fs::File::open(&path)?.sync_all());
    // The probe's own leftovers are no finding.
    let _ = fs::remove_file(&path);
    written
}

fn space(path: &Path) -> Option<Check> {
    let found = rustix::fs::statvfs(path).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let shown = format!("{} MiB free", free >> 20);
    Some(if free >= ENOUGH_BYTES {
        Check::ok(Area::Store, "space", shown)
    } else {
        let fix = format!(
            "free some, or give the volume {} MiB more",
            ENOUGH_BYTES >> 20
        );
        Check::warning(Area::Store, "space", shown, fix)
    })
}

/// Opens the store as `vigie run` would, when there is one; one that is in use is asked about.
async fn store(config: &Config) -> Vec<Check> {
    let path = config.data_dir.clone();
    if !path.join("sentinel.json").exists() {
        return vec![Check::ok(
            Area::Store,
            "store",
            "none yet; the first start makes it",
        )];
    }
    let opened = tokio::task::spawn_blocking(move || SledStore::open(&path)).await;
    match opened {
        Ok(Ok(store)) => {
            let aside = store::put_aside(&store).await;
            let own = health(&store).await;
            std::iter::once(own)
                .chain(aside.ok().map(|all| aside_check(&all)))
                .collect()
        }
        Ok(Err(StoreError::Locked { .. })) => {
            let own = Check::ok(Area::Store, "store", "in use by the bot that runs");
            let base = Url::parse(&format!("http://{}", reachable(config.http.addr)));
            let aside = match base {
                Ok(base) => put_aside(config, &base).await.ok(),
                Err(_) => None,
            };
            std::iter::once(own)
                .chain(aside.map(|all| aside_check(&all)))
                .collect()
        }
        Ok(Err(error)) => vec![Check::failed(
            Area::Store,
            "store",
            error.to_string(),
            mend(&error),
        )],
        Err(error) => vec![Check::failed(
            Area::Store,
            "store",
            error.to_string(),
            "report this as a bug",
        )],
    }
}

/// Whether everything that arrived could be handled.
pub(super) fn aside_check(aside: &[Aside]) -> Check {
    const NAME: &str = "put aside";
    let Some(last) = aside.last() else {
        return Check::ok(Area::Store, NAME, "nothing: every arrival was handled");
    };
    let when = last.received_at.map_or_else(String::new, |at| {
        format!(", the last of {}", at.format("%Y-%m-%d %H:%M UTC"))
    });
    let what = if aside.len() == 1 {
        "arrival"
    } else {
        "arrivals"
    };
    let detail = format!(
        "{} {what} could not be handled, nobody was answered{when}",
        aside.len()
    );
    let fix = "`vigie incidents aside` lists them while the bot runs: answer by hand, and report the fault that its log tells";
    Check::warning(Area::Store, NAME, detail, fix)
}

async fn health(store: &SledStore) -> Check {
    match store.health().await {
        Ok(health) if health.writable => {
            let detail = format!(
                "{} open incidents, {} events waiting",
                health.open_incidents, health.inbox
            );
            Check::ok(Area::Store, "store", detail)
        }
        Ok(health) => {
            let detail = health
                .problem
                .unwrap_or_else(|| "cannot be written".to_owned());
            Check::failed(
                Area::Store,
                "store",
                detail,
                "free space, or mount the volume writable",
            )
        }
        Err(error) => Check::failed(
            Area::Store,
            "store",
            error.to_string(),
            "make the disk readable and writable for this user",
        ),
    }
}

/// What to do about a store that does not open.
fn mend(error: &StoreError) -> &'static str {
    match error {
        StoreError::NewerFormat { .. } => "run the newer version, or restore its export",
        StoreError::Lost {
            loss: Loss::Foreign { .. },
            ..
        } => "mount this bot's own volume, or name an empty folder",
        StoreError::Lost { .. } | StoreError::Corrupt { .. } => {
            "restore the volume; without one `vigie run` takes the open incidents up from Slack and tells the lead"
        }
        _ => "make the disk readable and writable for this user",
    }
}

/// What the bot that runs here, if one does, says about itself: only the process that has the store
/// open can say more about it.
async fn running(config: &Config) -> Check {
    let url = format!("http://{}/readyz", reachable(config.http.addr));
    let asked = async {
        let client = reqwest::Client::builder().timeout(WITHIN).build()?;
        let response = client.get(&url).send().await?;
        Ok::<_, reqwest::Error>((response.status(), response.text().await?))
    };
    match asked.await {
        Ok((status, _)) if status.is_success() => Check::ok(Area::Store, "running bot", "ready"),
        Ok((_, body)) => Check::warning(
            Area::Store,
            "running bot",
            format!("not ready: {}", body.trim()),
            "its log says why; the checks below may too",
        ),
        Err(_) => listens(config).await,
    }
}

/// No bot answers there: whether the address is free for one.
async fn listens(config: &Config) -> Check {
    let addr = config.http.addr;
    match tokio::net::TcpListener::bind(addr).await {
        Ok(_) => Check::skipped(
            Area::Store,
            "running bot",
            format!("none; {addr} is free for it"),
        ),
        Err(error) => Check::failed(
            Area::Store,
            "address",
            format!("{addr} cannot be listened on: {error}"),
            "set VIGIE_HTTP_ADDR to a free address, or end what has it",
        ),
    }
}
