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
        let deadline = Instant::now() + Duration::from_secs(30);
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
