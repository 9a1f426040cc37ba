//! `CronJob`s as the real controller treats them: suspended, behind, held up, never due, refused.

use chrono::{SecondsFormat, TimeDelta, Utc};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use kube::api::{Api, ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use vigie::finding::{Cause, Kind, Verdict};

use super::{Bot, app};
use crate::cluster::{ControlPlane, shared};

/// A `CronJob` whose pods only the test ends; `spec` is merged into its own.
fn cron(namespace: &str, name: &str, schedule: &str, spec: &Value) -> Value {
    let container = json!({
        "name": "run", "image": format!("registry.example/{name}:3"),
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
    });
    let mut cron = json!({
        "apiVersion": "batch/v1", "kind": "CronJob",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"schedule": schedule, "jobTemplate": {"spec": {"template": {
            "metadata": {"annotations": {"vigie.test/manual": "true"}},
            "spec": {"restartPolicy": "Never", "containers": [container]},
        }}}},
    });
    for (key, value) in spec.as_object().into_iter().flatten() {
        cron["spec"][key] = value.clone();
    }
    cron
}

/// As if it had run last so long ago: what an API server tells of a controller that was away.
async fn ran(cluster: &ControlPlane, namespace: &str, name: &str, ago: TimeDelta) {
    let crons = Api::<CronJob>::namespaced(cluster.admin(), namespace);
    let at = (Utc::now() - ago).to_rfc3339_opts(SecondsFormat::Secs, true);
    let status = Patch::Merge(json!({"status": {"lastScheduleTime": at}}));
    let params = PatchParams::default();
    crons.patch_status(name, &params, &status).await.unwrap();
}

#[tokio::test]
async fn a_cron_job_is_suspended() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("asleep").await;
    let object = cron(
        "asleep",
        "nightly-report",
        "0 3 * * *",
        &json!({"suspend": true}),
    );
    cluster.apply(&object.to_string()).await.unwrap();
    ran(cluster, "asleep", "nightly-report", TimeDelta::days(9)).await;
    let bot = Bot::shipped(cluster, "production", "asleep").await;
    let answer = bot
        .ask("pourquoi nightly-report ne tourne plus en production ?")
        .await;
    eprintln!("{answer}");
    let root = answer.names(Cause::CronJobSuspended, Kind::CronJob, "nightly-report");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["nightly-report"]).read_within(30);
}

/// The controller was away for a night, and a short starting deadline keeps it from catching up.
#[tokio::test]
async fn a_cron_job_missed_its_times() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("behind").await;
    let strict = json!({"startingDeadlineSeconds": 20});
    let minute = (Utc::now() + TimeDelta::minutes(30)).format("%M");
    let object = cron(
        "behind",
        "stock-sync",
        &format!("{minute} * * * *"),
        &strict,
    );
    cluster.apply(&object.to_string()).await.unwrap();
    ran(cluster, "behind", "stock-sync", TimeDelta::hours(26)).await;
    app::settled(cluster, "behind").await;
    let bot = Bot::shipped(cluster, "production", "behind").await;
    let answer = bot
        .ask("stock-sync ne se lance plus depuis hier en production")
        .await;
    eprintln!("{answer}");
    answer.names(Cause::CronJobMissedSchedules, Kind::CronJob, "stock-sync");
    answer.says(&["stock-sync"]).read_within(30);
}

/// More than a hundred missed: the controller says so, and (since 1.21) runs the last one all the same.
#[tokio::test]
async fn a_cron_job_missed_too_many_times() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("toomany").await;
    let asleep = cron(
        "toomany",
        "rates",
        "* * * * *",
        &json!({"suspend": true, "concurrencyPolicy": "Forbid"}),
    );
    cluster.apply(&asleep.to_string()).await.unwrap();
    ran(cluster, "toomany", "rates", TimeDelta::hours(9)).await;
    let awake = cron(
        "toomany",
        "rates",
        "* * * * *",
        &json!({"suspend": false, "concurrencyPolicy": "Forbid"}),
    );
    cluster.apply(&awake.to_string()).await.unwrap();
    let event = cluster.event("toomany", "TooManyMissedTimes").await;
    eprintln!("{:?}", event.message);
    let jobs = Api::<Job>::namespaced(cluster.admin(), "toomany");
    cluster
        .until("the last missed run", async || {
            let all = jobs.list(&ListParams::default()).await.unwrap();
            !all.items.is_empty()
        })
        .await;
    app::settled(cluster, "toomany").await;
    let bot = Bot::shipped(cluster, "production", "toomany").await;
    let answer = bot
        .ask("rates ne se lance plus depuis ce matin en production")
        .await;
    eprintln!("{answer}");
    // It complains, and runs: what was missed this night is not what is wrong now.
    assert!(answer.diagnosis.root_causes.is_empty(), "{answer}");
    // Held up again, it is behind.
    let bot = Bot::shipped(cluster, "production", "toomany").await;
    let answer = bot
        .later(TimeDelta::hours(2))
        .ask("rates ne se lance plus depuis ce matin en production")
        .await;
    eprintln!("{answer}");
    answer.names(Cause::CronJobMissedSchedules, Kind::CronJob, "rates");
}

/// Its run of an hour ago still goes on, and the next ones may not start beside it.
#[tokio::test]
async fn a_run_that_does_not_end_holds_the_next_ones() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("held").await;
    let object = cron(
        "held",
        "ledger-close",
        "* * * * *",
        &json!({"concurrencyPolicy": "Forbid"}),
    );
    cluster.apply(&object.to_string()).await.unwrap();
    ran(cluster, "held", "ledger-close", TimeDelta::minutes(3)).await;
    let jobs = Api::<Job>::namespaced(cluster.admin(), "held");
    cluster
        .until("a run of ledger-close", async || {
            let all = jobs.list(&ListParams::default()).await.unwrap();
            let status = all.items.into_iter().find_map(|job| job.status);
            status.is_some_and(|status| status.start_time.is_some())
        })
        .await;
    app::settled(cluster, "held").await;
    let bot = Bot::shipped(cluster, "production", "held").await;
    let answer = bot
        .later(TimeDelta::hours(1))
        .ask("ledger-close ne tourne plus en production")
        .await;
    eprintln!("{answer}");
    let root = answer.names(Cause::CronJobMissedSchedules, Kind::CronJob, "ledger-close");
    assert!(root.confidence >= 0.8, "{answer}");
    answer.says(&["ledger-close-"]).read_within(30);
}

#[tokio::test]
async fn a_cron_job_is_due_on_a_day_that_never_comes() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("never").await;
    let object = cron("never", "invoice-export", "0 4 31 2 *", &json!({}));
    cluster.apply(&object.to_string()).await.unwrap();
    app::settled(cluster, "never").await;
    let bot = Bot::shipped(cluster, "production", "never").await;
    let answer = bot
        .ask("invoice-export ne tourne jamais en production")
        .await;
    eprintln!("{answer}");
    let root = answer.names(Cause::CronJobInvalid, Kind::CronJob, "invoice-export");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["0 4 31 2 *"]).read_within(30);
}

/// A quota on Jobs: the controller cannot create the run, and says so of the `CronJob`.
#[tokio::test]
async fn the_runs_of_a_cron_job_are_refused() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("norun").await;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "objects", "namespace": "norun"},
        "spec": {"hard": {"count/jobs.batch": "0"}},
    });
    cluster.apply(&quota.to_string()).await.unwrap();
    let object = cron("norun", "backup", "* * * * *", &json!({}));
    cluster.apply(&object.to_string()).await.unwrap();
    ran(cluster, "norun", "backup", TimeDelta::minutes(5)).await;
    let event = cluster.event("norun", "FailedCreate").await;
    eprintln!("{:?}", event.message);
    app::settled(cluster, "norun").await;
    let bot = Bot::shipped(cluster, "production", "norun").await;
    let answer = bot.ask("backup ne tourne plus en production").await;
    eprintln!("{answer}");
    let root = answer.diagnosis.root_causes.first().unwrap();
    assert_eq!(root.finding.cause, Cause::QuotaExceededObjects, "{answer}");
    answer.says(&["count/jobs.batch"]).read_within(30);
}

/// The healthy look-alike: nothing is due before tomorrow.
#[tokio::test]
async fn a_new_cron_job_that_is_not_due_yet_is_well() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("notyet").await;
    let hour = (Utc::now() + TimeDelta::hours(8)).format("%H");
    let object = cron("notyet", "digest", &format!("0 {hour} * * *"), &json!({}));
    cluster.apply(&object.to_string()).await.unwrap();
    app::settled(cluster, "notyet").await;
    let bot = Bot::shipped(cluster, "production", "notyet").await;
    let answer = bot.ask("digest ne tourne jamais en production").await;
    eprintln!("{answer}");
    assert!(answer.diagnosis.root_causes.is_empty(), "{answer}");
    assert_ne!(answer.diagnosis.verdict, Verdict::CauseFound, "{answer}");
}
