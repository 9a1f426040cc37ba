//! The installation that the phrasings are about.

use crate::finding::Kind;
use crate::intent::{Candidate, EnvironmentWords, Vocabulary};

/// Three environments, one namespace each, and a bot called devops.
pub(super) fn vocabulary() -> Vocabulary {
    let environment = |name: &str, aliases: &[&str]| EnvironmentWords {
        name: name.to_owned(),
        aliases: aliases.iter().map(ToString::to_string).collect(),
        namespaces: vec![name.to_owned()],
    };
    Vocabulary {
        environments: vec![
            environment("production", &["prod"]),
            environment("staging", &[]),
            environment("dev", &[]),
        ],
        bot_user_ids: vec!["UBOT".to_owned()],
        bot_names: vec!["devops".to_owned(), "vigie".to_owned()],
    }
}

/// What lives in the cluster.
pub(super) fn candidates() -> Vec<Candidate> {
    use Kind::{CronJob, DaemonSet, Deployment, Ingress, Job, Node, Service, StatefulSet};
    let mut all: Vec<Candidate> = Vec::new();
    let mut add = |namespace: &str, kind: Kind, names: &str| {
        let names = names.split_whitespace();
        all.extend(names.map(|name| Candidate::new(kind, namespace, name)));
    };
    add(
        "production",
        Deployment,
        "payment-service dashboard orders-service cart-api checkout user-service",
    );
    add(
        "production",
        Deployment,
        "auth-service search-api notification-worker inventory-service",
    );
    add(
        "production",
        Deployment,
        "shipping-service catalog billing-api billing-worker frontend",
    );
    add("production", Deployment, "recommendation-engine");
    add("production", StatefulSet, "redis-master postgres rabbitmq");
    add("production", CronJob, "billing-export nightly-report");
    add("production", Job, "nightly-report-28491234");
    add(
        "production",
        Service,
        "payment-service dashboard orders checkout redis-master",
    );
    add("production", Ingress, "payment frontend");
    add(
        "staging",
        Deployment,
        "payment-service dashboard orders-service checkout frontend",
    );
    add("staging", Service, "payment-service dashboard");
    add("dev", Deployment, "payment-service checkout");
    add("monitoring", Deployment, "prometheus-server grafana");
    add("monitoring", DaemonSet, "node-exporter");
    add("", Node, "worker-1 worker-2 worker-3");
    let ingress = all
        .iter_mut()
        .find(|one| one.kind == Ingress && one.name == "payment");
    ingress.unwrap().hosts = vec!["pay.example.com".to_owned()];
    all
}
