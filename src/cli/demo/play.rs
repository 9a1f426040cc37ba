//! Plays the steps against a running world, waiting after each until the bot has nothing left to do.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::house::{House, STEP};
use crate::playbook::Playbooks;
use crate::post::transcript;
use crate::sandbox::script::{Action, Step};
use crate::sandbox::slack::Message;
use crate::sandbox::{Scenario, World};

/// Plays the steps; returns the threads as text.
pub(super) async fn play(steps: &[Step], playbooks: Arc<Playbooks>) -> anyhow::Result<String> {
    let world = Arc::new(World::start().await.context("the sandbox world")?);
    let house = House::new(Arc::clone(&world), &["incidents"], playbooks)?;
    house.start().await?;
    let mut player = Player {
        world: &world,
        house: &house,
        threads: Vec::new(),
        author: String::new(),
    };
    for step in steps {
        player.step(step).await?;
    }
    let text = player.text();
    house.stop().await;
    Ok(text)
}

struct Player<'a> {
    world: &'a World,
    house: &'a House,
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
            let advanced = self.house.advance(*by, STEP).await;
            advanced.with_context(|| format!("line {}", step.line))?;
        }
        let rested = self.house.rest(STEP).await;
        rested.with_context(|| format!("line {}", step.line))
    }

    /// A script's names are its author's: one that nobody bears is a mistake in a line, not a panic.
    fn check(&self, action: &Action) -> anyhow::Result<()> {
        let slack = &self.world.slack;
        if let Action::Post { channel, .. } = action
            && !slack.has_channel(channel)
        {
            bail!("no channel {channel}: there are #incidents, #random and #ext");
        }
        let user = match action {
            Action::Post { user, .. }
            | Action::Direct { user, .. }
            | Action::Press { user, .. } => Some(user),
            Action::Reply { user, .. } => user.as_ref(),
            Action::Advance(_) | Action::Repair(_) => None,
        };
        match user.filter(|user| !slack.has_user(user)) {
            Some(user) => {
                bail!("no person {user}: there are @alice, @bob, @lead, @lead2 and @guest")
            }
            None => Ok(()),
        }
    }

    fn act(&mut self, action: &Action) -> anyhow::Result<()> {
        self.check(action)?;
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
    let payload = json!({
        "text": message.text, "blocks": message.blocks, "files": message.files,
    });
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

/// A script names a button as it reads, or by its English name whatever the thread's language:
/// "Escalate now" is the action `escalate:0`.
fn is_meant(wanted: &str, text: &str, action_id: &str) -> bool {
    let action = action_id.split(':').next().unwrap_or_default();
    let kebab = wanted.to_lowercase().replace(' ', "-");
    text == wanted
        || (!action.is_empty() && (kebab == action || kebab.starts_with(&format!("{action}-"))))
}
