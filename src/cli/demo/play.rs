//! Plays the steps against a running world, waiting after each until the bot has nothing left to do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::TimeDelta;
use serde_json::json;

use crate::cli::bot::{Bot, Wiring};
use crate::cli::looks::ClusterLooks;
use crate::clients::kube::KubeClient;
use crate::clients::prometheus::Prometheus;
use crate::clients::slack::socket::SocketSettings;
use crate::config::{Channel, Channels, Config, Environment, Lead, Show};
use crate::escalation::PRE_LOOK;
use crate::incident::InvestigationState;
use crate::investigation::gather::Sources;
use crate::investigation::run;
use crate::playbook::Playbooks;
use crate::post::transcript;
use crate::sandbox::script::{Action, Step};
use crate::sandbox::slack::{APP_TOKEN, BOT_TOKEN, Message};
use crate::sandbox::{Scenario, World};
use crate::store::{SledStore, Store};
use crate::text::Redactor;

/// A step that takes longer than this will not end.
const STEP: Duration = Duration::from_mins(1);
/// Longest wait for one answer of the sandbox's servers.
const READ: Duration = Duration::from_secs(5);
/// Between two looks at whether the bot has come to rest.
const AGAIN: Duration = Duration::from_millis(20);

/// Plays the steps; returns the threads as text.
pub(super) async fn play(steps: &[Step], playbooks: Arc<Playbooks>) -> anyhow::Result<String> {
    let world = World::start().await.context("the sandbox world")?;
    let config = Config {
        playbooks,
        ..config(&world)?
    };
    let folder = world.folder().join("store");
    let store: Arc<dyn Store> = Arc::new(SledStore::open(&folder)?);
    let bot = Bot::start(wiring(&world, config, &store).await?).await?;
    let mut sockets = bot.sockets();
    let connected = sockets.wait_for(|state| state.live > 0);
    tokio::time::timeout(STEP, connected)
        .await
        .context("the bot does not connect")??;
    let mut player = Player {
        world: &world,
        store: &store,
        threads: Vec::new(),
        author: String::new(),
    };
    for step in steps {
        player.step(step).await?;
    }
    let text = player.text();
    bot.stop().await;
    Ok(text)
}

struct Player<'a> {
    world: &'a World,
    store: &'a Arc<dyn Store>,
    /// Channel name and `ts` of each thread, in the order they were begun.
    threads: Vec<(String, String)>,
    /// Who wrote last.
    author: String,
}

impl Player<'_> {
    async fn step(&mut self, step: &Step) -> anyhow::Result<()> {
        let acted = self.act(&step.action);
        acted.with_context(|| format!("line {}", step.line))?;
        if let Action::Advance(by) = &step.action {
            let advanced = self.advance(*by).await;
            advanced.with_context(|| format!("line {}", step.line))?;
        }
        let rested = self.rest().await;
        rested.with_context(|| format!("line {}", step.line))
    }

    /// Moves the clock, stopping where a call is due and just before it: the bot does then what it
    /// would have done had the time passed.
    async fn advance(&self, by: TimeDelta) -> anyhow::Result<()> {
        let clock = &self.world.clock;
        let end = clock.now() + by;
        loop {
            let now = clock.now();
            let live = self.store.load_live().await?;
            let steps = live.iter().flat_map(|incident| &incident.steps);
            let due = steps.filter(|step| step.is_armed()).map(|step| step.due_at);
            let halts = due.flat_map(|at| [at - PRE_LOOK, at]);
            let stop = halts.filter(|at| *at > now && *at < end).min();
            clock.advance(stop.unwrap_or(end) - now);
            if stop.is_none() {
                return Ok(());
            }
            self.rest().await?;
        }
    }

    fn act(&mut self, action: &Action) -> anyhow::Result<()> {
        let slack = &self.world.slack;
        match action {
            Action::Post {
                channel,
                user,
                text,
            } => {
                let ts = slack.post(channel, user, text);
                self.author.clone_from(user);
                self.threads.push((channel.clone(), ts));
            }
            Action::Direct { user, text } => {
                let ts = slack.dm(user, text);
                self.author.clone_from(user);
                self.threads.push((user.clone(), ts));
            }
            Action::Reply { user, text } => {
                let (channel, ts) = self.last()?;
                slack.reply(channel, ts, user.as_ref().unwrap_or(&self.author), text);
            }
            Action::Press { button, user } => self.press(button, user)?,
            // In stages, as time would pass: see `advance`.
            Action::Advance(_) => {}
            Action::Repair(workload) => {
                let scenario = Scenario::named(workload);
                let scenario = scenario.with_context(|| format!("no incident of {workload}"))?;
                self.world.repair(scenario);
            }
        }
        Ok(())
    }

    fn last(&self) -> anyhow::Result<&(String, String)> {
        self.threads.last().context("there is no thread yet")
    }

    fn press(&self, button: &str, user: &str) -> anyhow::Result<()> {
        let (channel, ts) = self.last()?;
        let answers = self.world.slack.thread(channel, ts);
        let pressed = |message: &Message| {
            let buttons = message.buttons();
            let found = buttons
                .iter()
                .find(|one| is_meant(button, &one.text, &one.action_id));
            found.map(|one| (message.ts.clone(), one.action_id.clone()))
        };
        let Some((ts, action)) = answers.iter().rev().find_map(pressed) else {
            bail!("no answer of the last thread has a button {button:?}");
        };
        self.world.slack.press(user, channel, &ts, &action)?;
        Ok(())
    }

    /// Waits until everything said was heard, and everything decided is done.
    async fn rest(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + STEP;
        let mut calm = 0;
        while calm < 5 {
            if Instant::now() > deadline {
                bail!(
                    "the bot did not come to rest; the workspace:\n{}",
                    self.world.slack.scene()
                );
            }
            tokio::time::sleep(AGAIN).await;
            calm = if self.is_at_rest().await? {
                calm + 1
            } else {
                0
            };
        }
        Ok(())
    }

    async fn is_at_rest(&self) -> anyhow::Result<bool> {
        let heard = self
            .world
            .slack
            .scene()
            .deliveries
            .iter()
            .all(|delivery| delivery.acked_after().is_some());
        let taken = self.store.pending().await?.is_empty();
        let live = self.store.load_live().await?;
        let done = live.iter().all(|incident| {
            let running =
                |state: &InvestigationState| matches!(state, InvestigationState::Running { .. });
            incident.outbox.iter().all(|out| out.state.is_final())
                && !incident
                    .investigations
                    .iter()
                    .any(|one| running(&one.state))
        });
        Ok(heard && taken && done)
    }

    /// The threads, then the direct messages.
    fn text(&self) -> String {
        let scene = self.world.slack.scene();
        let mut text = String::new();
        for (channel, ts) in &self.threads {
            text.push_str(channel);
            text.push('\n');
            for message in self.world.slack.thread(channel, ts) {
                text.push_str(&say(&message));
            }
            text.push('\n');
        }
        let direct = |m: &&Message| m.channel.starts_with('D') && !m.deleted;
        for message in scene.messages.iter().filter(direct) {
            text.push_str("(direct message)\n");
            text.push_str(&say(message));
            text.push('\n');
        }
        text.trim_end().to_owned() + "\n"
    }
}

/// One message with its author, indented.
fn say(message: &Message) -> String {
    let name = |id: &str| match id {
        id if id == crate::sandbox::slack::BOT_USER => Some("devops".to_owned()),
        id => id.strip_prefix("U0").map(str::to_lowercase),
    };
    let author = name(&message.user).unwrap_or_else(|| "devops".to_owned());
    let payload = json!({"text": message.text, "blocks": message.blocks});
    let shown = transcript(&payload, &name);
    let mut lines = shown.lines();
    let first = lines.next().unwrap_or_default();
    let mut text = format!("  @{author}: {first}\n");
    for line in lines {
        text.push_str(if line.is_empty() { "" } else { "    " });
        text.push_str(line);
        text.push('\n');
    }
    text
}

async fn wiring(world: &World, config: Config, store: &Arc<dyn Store>) -> anyhow::Result<Wiring> {
    let redactor = config.redactor();
    let file = kube::config::Kubeconfig::read_from(world.kubeconfig())?;
    let options = kube::config::KubeConfigOptions::default();
    let cluster = kube::Config::from_custom_kubeconfig(file, &options).await?;
    let sources = Sources {
        kube: KubeClient::new(kube::Client::try_from(cluster)?, "sandbox", READ),
        prometheus: Some(Prometheus::new(&world.prometheus.url(), None, READ)?),
        playbooks: Arc::clone(&config.playbooks),
        redactor: Arc::new(redactor.clone()),
    };
    let environments = config.environments.iter().map(|one| run::Environment {
        name: one.name.clone(),
        namespaces: one.namespaces.clone(),
    });
    let looks = ClusterLooks::at(sources, environments.collect(), world.clock.clone());
    Ok(Wiring {
        clock: world.clock.clone(),
        store: Arc::clone(store),
        looks: Arc::new(looks),
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

/// The sandbox company's vigie.yaml.
fn config(world: &World) -> anyhow::Result<Config> {
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
    config.channels = Channels {
        listed: vec![Channel {
            id: world.slack.channel("#incidents"),
            name: Some("incidents".into()),
            show,
            environments: Vec::new(),
        }],
        direct: Some(show),
    };
    let lead = |name: &str| Lead {
        slack_id: world.slack.user(name),
        name: Some(name.into()),
        environments: Vec::new(),
        services: Vec::new(),
        absent_until: None,
    };
    config.escalation.leads = vec![lead("lead"), lead("lead2")];
    Ok(config)
}

/// A script names a button as it reads, or by its English name whatever the thread's language:
/// "Escalate now" is the action `escalate:0`.
fn is_meant(wanted: &str, text: &str, action_id: &str) -> bool {
    let action = action_id.split(':').next().unwrap_or_default();
    let kebab = wanted.to_lowercase().replace(' ', "-");
    text == wanted
        || (!action.is_empty() && (kebab == action || kebab.starts_with(&format!("{action}-"))))
}
