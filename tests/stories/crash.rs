//! F1: the real binary, killed at each numbered place, started again, and looked at: the answer is in
//! the thread once, and the lead is called once.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use vigie::crash::CRASH_POINTS;
use vigie::sandbox::World;
use vigie::sandbox::slack::{APP_TOKEN, BOT_TOKEN, Message, Scene};

use super::house::{INCIDENTS, LEAD, QUESTION};

/// Between two looks at the child.
const POLL: Duration = Duration::from_millis(10);

/// A world and the real binary on it.
struct Real {
    world: World,
    child: Option<Child>,
}

impl Real {
    async fn new() -> Self {
        let world = World::start().await.unwrap();
        let real = Self { world, child: None };
        real.write_clock();
        std::fs::write(real.path("vigie.yaml"), yaml()).unwrap();
        real
    }

    fn path(&self, name: &str) -> PathBuf {
        self.world.folder().join(name)
    }

    fn write_clock(&self) {
        let offset = self.world.clock.offset().num_milliseconds().to_string();
        let draft = self.path("clock.new");
        std::fs::write(&draft, offset).unwrap();
        std::fs::rename(draft, self.path("clock")).unwrap();
    }

    fn advance(&self, by: TimeDelta) {
        self.world.clock.advance(by);
        self.write_clock();
    }

    fn start(&mut self, crash_at: Option<&str>) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.path("log"))
            .unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command
            .args(["run", "--config"])
            .arg(self.path("vigie.yaml"))
            .current_dir(self.world.folder())
            .env("KUBECONFIG", self.world.kubeconfig())
            .env("VIGIE_SLACK_BOT_TOKEN", BOT_TOKEN)
            .env("VIGIE_SLACK_APP_TOKEN", APP_TOKEN)
            .env("VIGIE_SLACK_API_URL", self.world.slack.api_url())
            .env("VIGIE_DATA_DIR", self.path("data"))
            .env("VIGIE_HTTP_ADDR", "127.0.0.1:0")
            .env("VIGIE_SANDBOX_CLOCK", self.path("clock"))
            .stdout(Stdio::null())
            .stderr(log);
        if let Some(place) = crash_at {
            command.env("VIGIE_CRASH_AT", place);
        }
        self.child = Some(command.spawn().unwrap());
    }

    /// Waits until the child has ended by itself.
    async fn gone(&mut self) {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            if self.child.as_mut().unwrap().try_wait().unwrap().is_some() {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "it did not crash:\n{}",
                self.log()
            );
            tokio::time::sleep(POLL).await;
        }
    }

    fn kill(&mut self) {
        let child = self.child.as_mut().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The first line of the log with that message.
    fn log_line(&self, msg: &str) -> Option<serde_json::Value> {
        let log = self.log();
        let mut lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.find(|line| line["msg"] == msg)
    }

    async fn wait<T>(&self, wanted: impl FnMut(&Scene) -> Option<T>) -> T {
        match self
            .world
            .slack
            .wait_within(Duration::from_mins(1), wanted)
            .await
        {
            Ok(found) => found,
            Err(error) => panic!("{error}\n{}", self.log()),
        }
    }

    fn assert_no_doubles(&self) {
        let scene = self.world.slack.scene();
        let mut keys = std::collections::BTreeMap::<String, std::collections::BTreeSet<_>>::new();
        for (id, places) in scene.by_block_id("vigie:") {
            let stamp = vigie::incident::Stamp::parse(&id).unwrap();
            keys.entry(stamp.key.to_owned()).or_default().extend(places);
        }
        for (key, places) in keys {
            assert_eq!(
                places.len(),
                1,
                "{key} is doubled:\n{scene}\n{}",
                self.log()
            );
        }
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn yaml() -> String {
    format!(
        "environments:\n  - name: production\n    namespaces: [production]\nchannels:\n  - id: {INCIDENTS}\n    \
         show: [metrics, events, logs]\nescalation:\n  leads:\n    - slack_id: {LEAD}\n"
    )
}

fn calls(scene: &Scene) -> Vec<Message> {
    let direct = |m: &&Message| m.from_bot() && m.channel.starts_with('D') && !m.deleted;
    scene.messages.iter().filter(direct).cloned().collect()
}

/// Killed at `place`, then started again: nothing lost, nothing doubled.
async fn killed_at(place: &str) {
    let mut real = Real::new().await;
    real.start(Some(place));
    real.wait(|scene| (scene.sockets > 0).then_some(())).await;
    let ts = real.world.slack.post("#incidents", "alice", QUESTION);
    real.gone().await;
    // A claim of the dead process keeps the message back until it expires.
    real.advance(TimeDelta::seconds(70));
    real.start(None);
    let answered = |scene: &Scene| {
        let answers = scene.answers(INCIDENTS, &ts);
        answers
            .into_iter()
            .find(|one| one.visible().contains("resources.limits.memory"))
    };
    real.wait(answered).await;
    real.advance(TimeDelta::minutes(10));
    real.wait(|scene| (!calls(scene).is_empty()).then_some(()))
        .await;
    real.assert_no_doubles();
    assert_eq!(calls(&real.world.slack.scene()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_killed_at_any_place_it_loses_nothing_and_doubles_nothing() {
    for place in CRASH_POINTS {
        killed_at(place).await;
    }
}

/// A bot that believes Alertmanager in a channel, and a message there that names no alert.
async fn puzzled(crash_at: Option<&str>) -> (Real, String) {
    let mut real = Real::new().await;
    real.world.slack.add_channel("alerts", &["alice"]);
    let alerts = "alerts:\n  channels:\n    - id: C0ALERTS\n      senders: [B0ALERTMANAGER]\n";
    std::fs::write(real.path("vigie.yaml"), format!("{}{alerts}", yaml())).unwrap();
    real.start(crash_at);
    real.wait(|scene| (scene.sockets > 0).then_some(())).await;
    let ts = riddle(&real);
    (real, ts)
}

fn riddle(real: &Real) -> String {
    let title = "[FIRING:2] production (kube-state-metrics warning)";
    let shown = serde_json::json!({"title": title, "fallback": title});
    let slack = &real.world.slack;
    slack.post_as_bot("#alerts", "B0ALERTMANAGER", "", vec![shown])
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_a_question_mark_is_put_once_wherever_it_is_killed() {
    for place in [
        "claim-committed",
        "send-before",
        "send-after",
        "sent-committed",
    ] {
        let (mut real, ts) = puzzled(Some(place)).await;
        real.gone().await;
        real.advance(TimeDelta::seconds(70));
        real.start(None);
        let marks = |scene: &Scene| {
            let message = scene.messages.iter().find(|one| one.ts == ts).unwrap();
            message
                .reactions
                .iter()
                .filter(|(name, _)| name == "question")
                .count()
        };
        real.wait(|scene| (marks(scene) == 1).then_some(())).await;
        // One that comes after it is put in the same order: the first is settled by then.
        let other = riddle(&real);
        let put = |scene: &Scene| {
            let mut all = scene.messages.iter();
            all.any(|one| one.ts == other && !one.reactions.is_empty())
        };
        real.wait(|scene| put(scene).then_some(())).await;
        let scene = real.world.slack.scene();
        assert_eq!(marks(&scene), 1, "{place}: {scene}");
        let most = if place == "send-after" { 3 } else { 2 };
        assert!(scene.calls_of("reactions.add") <= most, "{place}: {scene}");
        assert_eq!(scene.answers("C0ALERTS", &ts), [], "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_is_missing_is_said_once() {
    let (real, _ts) = puzzled(None).await;
    let calls =
        |count| move |scene: &Scene| (scene.calls_of("reactions.add") == count).then_some(());
    real.wait(calls(1)).await;
    let scopes = "app_mentions:read channels:history channels:read chat:write files:write groups:history \
        groups:read im:history im:read im:write users:read";
    real.world
        .slack
        .set_scopes(&scopes.split_whitespace().collect::<Vec<_>>());
    for count in 2..=4 {
        riddle(&real);
        real.wait(calls(count)).await;
    }
    let said = |log: &str| log.matches("lacks the scope reactions:write").count();
    let deadline = Instant::now() + Duration::from_mins(1);
    while said(&real.log()) == 0 {
        assert!(Instant::now() < deadline, "{}", real.log());
        tokio::time::sleep(POLL).await;
    }
    riddle(&real);
    real.wait(calls(5)).await;
    assert_eq!(said(&real.log()), 1, "{}", real.log());
}

/// What the sentinel remembers is gone from the engine's folder, as after a damaged disk.
#[tokio::test(flavor = "multi_thread")]
async fn f45_a_store_that_came_back_empty_is_noticed_and_taken_up_from_slack() {
    let mut real = Real::new().await;
    real.start(None);
    real.wait(|scene| (scene.sockets > 0).then_some(())).await;
    let ts = real.world.slack.post("#incidents", "alice", QUESTION);
    let says = |words: &'static str| {
        let ts = ts.clone();
        move |scene: &Scene| {
            let answers = scene.answers(INCIDENTS, &ts);
            answers
                .into_iter()
                .find(|one| one.visible().contains(words))
        }
    };
    real.wait(says("resources.limits.memory")).await;
    real.kill();
    let data = real.path("data");
    std::fs::remove_dir_all(data.join("sled")).unwrap();
    assert!(data.join("sentinel.json").exists());
    real.start(None);
    real.wait(says("ma mémoire")).await;
    real.wait(|scene| {
        calls(scene)
            .into_iter()
            .find(|one| one.visible().contains("my memory"))
    })
    .await;
    let looked_again = |scene: &Scene| {
        let answers = scene.answers(INCIDENTS, &ts);
        let told = |one: &&Message| one.visible().contains("resources.limits.memory");
        (answers.iter().filter(told).count() == 2).then_some(())
    };
    real.wait(looked_again).await;
    real.advance(TimeDelta::minutes(10));
    real.wait(|scene| {
        let calls = calls(scene);
        calls
            .into_iter()
            .find(|one| one.visible().contains("payment-service"))
    })
    .await;
    real.assert_no_doubles();
    assert!(!data.join("memory-lost").exists(), "it was noted and told");
    let line = |msg: &str| {
        real.log_line(msg)
            .unwrap_or_else(|| panic!("no {msg}: {}", real.log()))
    };
    let incident = format!("{INCIDENTS}-{ts}");
    let opened = line("taken");
    assert_eq!(opened["incident"], incident.as_str());
    assert_eq!(
        (&opened["want"], &opened["language"]),
        (&"problem".into(), &"fr".into())
    );
    let looked = line("looked");
    assert_eq!(
        (&looked["incident"], &looked["cause"]),
        (&incident.into(), &"oom-killed".into())
    );
}
