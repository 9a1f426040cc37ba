//! A storm of alerts: a handful of threads, one that gathers the rest, nothing lost, and pages before posts.

use std::time::{Duration, Instant};

use chrono::DateTime;
use futures::StreamExt as _;
use serde_json::json;
use vigie::incident::Incident;
use vigie::sandbox::slack::Message;

use super::alerts::{group, mismatch, threads};
use super::house::{INCIDENTS, LEAD, Scripted, Sees, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_is_a_handful_of_threads_and_nothing_is_lost() {
    let world = Scripted::new([Sees::Unknown]);
    let mut stage = Stage::with(world).await;
    let sends = (0..100).map(|batch| {
        let alerts = (0..10).map(|n| mismatch(&stage, &format!("app-{batch}-{n}"), "firing", 20));
        let body = group(&format!("storm-{batch}"), alerts.collect());
        let stage = &stage;
        async move { assert_eq!(stage.send(&body).await, 200) }
    });
    all(sends).await;
    placed(&stage).await;
    stage.settled().await;
    let open = stage.store().load_live().await.unwrap();
    let alerts: usize = open.iter().map(|one| one.alerts.len()).sum();
    let shown: Vec<_> = stage
        .store()
        .load_since(DateTime::UNIX_EPOCH)
        .await
        .unwrap()
        .iter()
        .map(|one| {
            (
                one.id.as_str().to_owned(),
                format!("{:?}", one.status),
                one.alerts.len(),
                one.alerts_beyond,
            )
        })
        .collect();
    assert_eq!(alerts, 1_000, "nothing dropped: {shown:#?}");
    let told = threads(&stage, INCIDENTS);
    assert!(told.len() <= 10, "{} threads", told.len());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i20_in_a_storm_the_call_for_the_lead_overtakes_the_threads() {
    let world = Scripted::new([Sees::Unknown]);
    let mut stage = Stage::with(world).await;
    stage.slack.limit_rates();
    let sends = (0..12).map(|batch| {
        let alert = mismatch(&stage, &format!("app-{batch}"), "firing", 20);
        let body = group(&format!("g{batch}"), vec![alert]);
        let stage = &stage;
        async move { assert_eq!(stage.send(&body).await, 200) }
    });
    all(sends).await;
    let mut critical = mismatch(&stage, "till", "firing", 1);
    critical["labels"]["severity"] = json!("critical");
    assert_eq!(stage.send(&group("till", vec![critical])).await, 200);
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    let scene = stage.slack.scene();
    let own = scene.messages.iter().filter(|one| one.from_bot());
    let calls = |one: &&Message| one.visible().contains(&format!("<@{LEAD}>"));
    let direct = own
        .clone()
        .find(|one| one.channel.starts_with('D') && calls(one));
    let here = own
        .clone()
        .find(|one| one.channel == INCIDENTS && calls(one));
    let last = threads(&stage, INCIDENTS)
        .into_iter()
        .map(|one| one.ts)
        .max()
        .unwrap();
    // Slack lets the last thread wait for seconds.
    for page in [direct.unwrap(), here.unwrap()] {
        assert!(
            page.ts < last,
            "{} is behind the threads:\n{scene}",
            page.ts
        );
    }
    stage.assert_no_doubles();
    stage.stop().await;
}

/// As many as a sender has connections.
async fn all(sends: impl Iterator<Item = impl Future<Output = ()>>) {
    futures::stream::iter(sends)
        .buffer_unordered(4)
        .collect::<()>()
        .await;
}

/// Waits until no arrival waits any more: each leaves in the commit that holds what came of it.
async fn placed(stage: &Stage) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while !stage.store().pending().await.unwrap().is_empty() {
        assert!(Instant::now() < deadline, "arrivals still wait");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_alerts_of_a_storm_end_in_any_order_and_then_nothing_is_open() {
    let world = Scripted::new([Sees::Unknown]);
    let mut stage = Stage::with(world).await;
    let name = |n: usize| format!("app-{n}");
    // Ten about one workload each are more than get a thread; then they come by tens.
    let numbers: Vec<usize> = (0..300).collect();
    let (ones, tens) = numbers.split_at(10);
    for (batch, some) in ones.chunks(1).chain(tens.chunks(10)).enumerate() {
        let alerts = some
            .iter()
            .map(|n| mismatch(&stage, &name(*n), "firing", 20));
        let body = group(&format!("storm-{batch}"), alerts.collect());
        assert_eq!(stage.send(&body).await, 200);
    }
    placed(&stage).await;
    let open = stage.store().load_live().await.unwrap();
    assert!(open.iter().any(|one| one.id.is_storm()), "{}", open.len());
    // 7 and 300 have no common divisor: each once, and neighbours far apart.
    let order: Vec<usize> = (0..300).map(|n| n * 7 % 300).collect();
    for (batch, some) in order.chunks(10).enumerate() {
        if batch == 29 {
            placed(&stage).await;
            let live = stage.store().load_live().await.unwrap();
            assert!(live.iter().any(Incident::is_open), "ten still fire");
        }
        let alerts = some
            .iter()
            .map(|n| mismatch(&stage, &name(*n), "resolved", 20));
        let body = group(&format!("end-{batch}"), alerts.collect());
        assert_eq!(stage.send(&body).await, 200);
    }
    // What is said of it may take Slack longer.
    placed(&stage).await;
    let live = stage.store().load_live().await.unwrap();
    let open = live.iter().filter(|one| one.is_open()).count();
    assert_eq!(open, 0);
    let all = stage.store().load_since(DateTime::UNIX_EPOCH).await;
    let told: usize = all.unwrap().iter().map(|one| one.alerts.len()).sum();
    assert_eq!(told, 300);
    stage.stop().await;
}
