//! "Everything is broken": several incidents in one environment, each with a root of its own.

use vigie::finding::{Cause, Kind};

use super::payment::payment;
use super::placement::greedy;
use super::traffic::dashboard;
use super::{App, Bot, app};
use crate::cluster::shared;

#[tokio::test]
async fn everything_is_broken_and_each_root_is_named() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("wide").await;
    for name in ["cart", "profile", "mailer"] {
        App::new("wide", name).install(cluster).await;
    }
    greedy("wide").install(cluster).await;
    payment(cluster, "wide").await;
    dashboard(cluster, "wide").await;
    cluster.event("wide", "FailedScheduling").await;
    app::settled(cluster, "wide").await;
    let bot = Bot::shipped(cluster, "staging", "wide").await;
    let answer = bot.ask("tout est cassé en staging").await;
    eprintln!("{answer}");
    let roots = &answer.diagnosis.root_causes;
    let named = roots.iter().map(|root| {
        let subject = &root.finding.subject;
        (root.finding.cause, subject.kind, subject.name.as_str())
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    let wanted = [
        (Cause::OomKilled, Kind::Deployment, "payment-service"),
        (Cause::InsufficientCpu, Kind::Deployment, "report-worker"),
        (
            Cause::ServiceSelectorMismatch,
            Kind::Service,
            "orders-service",
        ),
    ];
    assert!(wanted.iter().all(|root| named.contains(root)), "{answer}");
    // Not the three that are well, nor the report-worker's Service, which only suffers.
    assert_eq!(named.len(), wanted.len(), "{answer}");
    answer.says(&["payment-service", "report-worker", "orders-service"]);
    answer.read_within(40);
}
