//! The sandbox company's vigie.yaml, and the bot's wires into the sandbox world.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::bot::Wiring;
use crate::cli::desk::{Alertmanagers, ClusterDesk};
use crate::cli::looks::ClusterLooks;
use crate::clients::alertmanager::Alertmanager;
use crate::clients::kube::KubeClient;
use crate::clients::prometheus::Prometheus;
use crate::clients::slack::socket::SocketSettings;
use crate::config::{AlertChannel, Alerts, Channel, Channels, Config, Environment, Lead, Show};
use crate::investigation::gather::{Ci, Sources, Waits};
use crate::investigation::run;
use crate::sandbox::slack::{APP_TOKEN, BOT_TOKEN};
use crate::sandbox::{World, page};
use crate::store::Store;
use crate::text::Redactor;

/// Longest wait for one answer of the sandbox's servers.
const READ: Duration = Duration::from_mins(1);

/// Connects a bot to the world.
pub(super) async fn wiring(
    world: &World,
    config: Config,
    store: &Arc<dyn Store>,
) -> anyhow::Result<Wiring> {
    let redactor = config.redactor();
    let file = kube::config::Kubeconfig::read_from(world.kubeconfig())?;
    let options = kube::config::KubeConfigOptions::default();
    let cluster = kube::Config::from_custom_kubeconfig(file, &options).await?;
    let sources = Sources {
        kube: KubeClient::new(kube::Client::try_from(cluster)?, "sandbox", READ),
        prometheus: Some(Prometheus::new(&world.prometheus.url(), None, READ)?),
        recorded: None,
        ci: Ci::default(),
        playbooks: Arc::clone(&config.playbooks),
        redactor: Arc::new(redactor.clone()),
        // The whole company is in this process: only a machine that is busy lets it wait.
        waits: Waits::each(READ),
    };
    let environments = config.environments.iter().map(|one| run::Environment {
        name: one.name.clone(),
        namespaces: one.namespaces.clone(),
    });
    let looks = ClusterLooks::at(sources, environments.collect(), world.clock.clone())
        .usually(config.default_environment.clone());
    Ok(Wiring {
        clock: world.clock.clone(),
        store: Arc::clone(store),
        looks: Arc::new(looks),
        desk: Arc::new(ClusterDesk::new(
            connect(world.alertmanager.url()),
            Arc::clone(&config.playbooks),
            world.clock.clone(),
        )),
        redactor: Redactor::clone(&redactor),
        config,
        wire: Arc::new(|_| ()),
        happened: Arc::new(|_| ()),
        received: Arc::new(|_| ()),
        beat: Arc::new(|| ()),
        sockets: Some(SocketSettings {
            connections: 1,
            ..SocketSettings::new(APP_TOKEN.into())
        }),
    })
}

/// The company's Alertmanager, for every environment.
fn connect(url: String) -> Alertmanagers {
    Arc::new(move |_| Ok(Some(Alertmanager::new(&url, None, READ)?)))
}

/// The sandbox company's vigie.yaml, with these channels listed.
pub(super) fn config(world: &World, channels: &[&str]) -> anyhow::Result<Config> {
    let mut config = Config::default();
    config.slack.api_url = world.slack.api_url().parse()?;
    config.slack.bot_token = Some(BOT_TOKEN.into());
    config.slack.app_token = Some(APP_TOKEN.into());
    let environment = |name: &str, production| Environment {
        name: name.into(),
        aliases: Vec::new(),
        context: None,
        namespaces: vec![name.into()],
        production,
        prometheus: None,
        alertmanager: None,
    };
    config.environments = vec![
        environment("production", true),
        environment("staging", false),
    ];
    config.default_environment = Some("production".into());
    let show = Show {
        metrics: true,
        events: true,
        logs: true,
    };
    let listed = channels.iter().map(|name| Channel {
        id: world.slack.channel(name),
        name: Some((*name).to_owned()),
        show,
        environments: Vec::new(),
    });
    config.channels = Channels {
        listed: listed.collect(),
        direct: Some(show),
    };
    config.alerts = Alerts {
        channels: vec![AlertChannel {
            id: format!("C0{}", page::ALERTS.to_uppercase()),
            senders: vec![page::SENDER.to_owned()],
            environment: Some("production".into()),
        }],
        post_to: channels.first().map(|name| world.slack.channel(name)),
        ..Alerts::default()
    };
    let lead = |name: &str, called: &str| Lead {
        slack_id: world.slack.user(name),
        name: Some(called.into()),
        environments: Vec::new(),
        services: Vec::new(),
        absent_until: None,
    };
    config.escalation.leads = vec![lead("lead", "Léa Dubois"), lead("lead2", "Luc Moreau")];
    Ok(config)
}
