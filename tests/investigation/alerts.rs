//! An alert asks instead of a person: its playbook comes first, its number is asked now and at its normal,
//! with its labels inside of their strings, and no expression of a message is ever asked.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Query, State as Shared};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use vigie::alert::{About, Alert, Alerted, RuleExpr, State};
use vigie::cli::looks::ClusterLooks;
use vigie::clients::prometheus::Prometheus;
use vigie::engine::{Look, Looked, Looks};
use vigie::finding::{
    Diagnosis, Kind, LedgerLine, LedgerStatus, Shares, Subject, Symptom, Verdict,
};
use vigie::incident::Purpose;
use vigie::investigation::case::Case;
use vigie::investigation::gather::{self, Reader};
use vigie::investigation::run::{self, Outcome};
use vigie::sandbox::World;
use vigie::text::{Language, Untrusted};

use super::{asked, question, show, sources};

/// What a Prometheus was asked: expression and time.
type Asked = Arc<Mutex<Vec<(String, i64)>>>;

/// A Prometheus that knows one number, 5 now and 1 before, and nothing a week ago.
#[derive(Clone)]
struct Numbers {
    asked: Asked,
    of: String,
    now: DateTime<Utc>,
}

/// The nearest number of days: the look took its own time, a second before or after.
fn days_before(now: DateTime<Utc>, time: i64) -> i64 {
    (now.timestamp() - time + 43_200) / 86_400
}

async fn answer(
    Shared(numbers): Shared<Numbers>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let time: i64 = query["time"].parse().unwrap();
    numbers
        .asked
        .lock()
        .unwrap()
        .push((query["query"].clone(), time));
    let days = days_before(numbers.now, time);
    let result = match days {
        0 | 1 if query["query"].contains(&numbers.of) => {
            let value = if days == 0 { "5" } else { "1" };
            json!([{"metric": {}, "value": [time, value]}])
        }
        _ => json!([]),
    };
    Json(json!({"status": "success", "data": {"resultType": "vector", "result": result}}))
}

/// Starts one on a free port.
async fn prometheus(now: DateTime<Utc>, of: &str) -> (Prometheus, Asked) {
    let asked = Asked::default();
    let numbers = Numbers {
        asked: asked.clone(),
        of: of.to_owned(),
        now,
    };
    let router = Router::new()
        .route("/api/v1/query", get(answer))
        .fallback(|| async { Json(json!({"status": "success", "data": []})) })
        .with_state(numbers);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (super::prometheus(&url), asked)
}

fn alert(name: &str, labels: &[(&str, &str)], annotations: &[(&str, &str)]) -> Alert {
    let kept = |pairs: &[(&str, &str)]| -> BTreeMap<String, Untrusted> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), Untrusted::new(*value)))
            .collect()
    };
    Alert {
        generator: None,
        name: Untrusted::new(name),
        state: State::Firing,
        labels: kept(labels),
        annotations: kept(annotations),
        starts_at: None,
        ends_at: None,
        fingerprint: "5f3a9c1b7d2e4f60".to_owned(),
    }
}

/// Looks as the engine would: the alert is all that is known.
async fn look(world: &World, alerted: Alerted, of: &str) -> (Diagnosis, Vec<(String, i64)>) {
    let mut sources = sources(world).await;
    let (prometheus, told) = prometheus(world.clock.now(), of).await;
    sources.prometheus = Some(prometheus);
    let mut ask = asked("");
    ask.language = Language::En;
    let mut question = question(ask);
    question.alert = Some(alerted);
    let outcome = run::run(sources, &question, world.clock.now(), &|_| {}).await;
    let Outcome::Diagnosed(diagnosis, _) = outcome else {
        panic!("{outcome:?}");
    };
    let told = told.lock().unwrap().clone();
    (*diagnosis, told)
}

fn times(told: &[(String, i64)], of: &str, now: DateTime<Utc>) -> Vec<i64> {
    let own = told.iter().filter(|(query, _)| query.contains(of));
    let mut days: Vec<i64> = own.map(|(_, time)| days_before(now, *time)).collect();
    days.sort_unstable();
    days
}

const REPLICAS: &str =
    "kube_deployment_spec_replicas{namespace=\"production\",deployment=\"payment-service\"}";

#[tokio::test]
async fn an_alert_of_the_catalogue_is_answered_with_its_number_beside_its_normal() {
    let world = World::start().await.unwrap();
    let labels = [
        ("namespace", "production"),
        ("deployment", "payment-service"),
        ("pod", "kps-kube-state-metrics-7d9c8b6f5-x2x9k"),
        ("container", "kube-state-metrics"),
    ];
    let alert = alert("KubeDeploymentReplicasMismatch", &labels, &[]);
    let (diagnosis, told) = look(&world, Alerted { alert, rule: None }, REPLICAS).await;
    assert_eq!(diagnosis.target.kind, Some(Kind::Deployment));
    assert_eq!(diagnosis.target.name.as_deref(), Some("payment-service"));
    assert_eq!(times(&told, REPLICAS, world.clock.now()), [0, 1, 7]);
    let shown = show(&diagnosis);
    assert!(
        shown.contains("): 5 now, 1 at this time yesterday"),
        "{shown}"
    );
    assert_eq!(diagnosis.advice[0].playbook, "rollout-stuck");
    assert!(
        shown.contains("Runbook of KubeDeploymentReplicasMismatch"),
        "{shown}"
    );
}

#[tokio::test]
async fn an_unknown_alert_is_asked_by_its_rule_and_by_nothing_in_its_message() {
    let world = World::start().await.unwrap();
    let evil = "sum(secret_of_the_shop)";
    let annotations = [
        ("expr", evil),
        ("description", evil),
        ("generatorURL", evil),
    ];
    let labels = [("namespace", "production"), ("expr", evil)];
    let alert = alert("OrdersQueueTooLong", &labels, &annotations);
    let rule = RuleExpr::from_rules_api("sum(orders_queue_depth) > 900");
    let alerted = Alerted {
        alert: alert.clone(),
        rule: Some(rule),
    };
    let (diagnosis, told) = look(&world, alerted, "orders_queue_depth").await;
    assert_eq!(
        times(&told, "sum(orders_queue_depth) > 900", world.clock.now()),
        [0, 1, 7]
    );
    assert_eq!(diagnosis.advice[0].playbook, "unknown-alert");
    let (_, told_without) = look(&world, Alerted { alert, rule: None }, "x").await;
    for (query, _) in told.iter().chain(&told_without) {
        assert!(!query.contains("secret_of_the_shop"), "{query}");
    }
}

#[tokio::test]
async fn a_label_stays_inside_of_its_string() {
    let world = World::start().await.unwrap();
    let odd = "root\"} or up{job=\"x";
    let labels = [("instance", "10.0.0.7:9100"), ("mountpoint", odd)];
    let alert = alert("NodeFilesystemSpaceFillingUp", &labels, &[]);
    let (_, told) = look(&world, Alerted { alert, rule: None }, "node_filesystem").await;
    let own: Vec<&String> = told
        .iter()
        .map(|(query, _)| query)
        .filter(|query| query.contains("root"))
        .collect();
    assert!(!own.is_empty());
    for query in own {
        assert!(
            query.contains(r#"mountpoint="root\"} or up{job=\"x""#),
            "{query}"
        );
    }
}

/// The node of an exporter is known by its address alone.
#[tokio::test]
async fn an_address_of_an_exporter_leads_to_its_node() {
    let world = World::start().await.unwrap();
    let reader = Reader::new(sources(&world).await, Duration::from_mins(1));
    let mut case = Case::default();
    gather::all_nodes(&reader, &mut case).await;
    let node = case.nodes.iter().next().unwrap();
    let addresses = node.status.as_ref().unwrap().addresses.as_ref().unwrap();
    let ip = addresses.iter().find(|one| one.type_ == "InternalIP");
    let instance = format!("{}:9100", ip.unwrap().address);
    let labels = [
        ("namespace", "monitoring"),
        ("pod", "kps-prometheus-node-exporter-x2x9k"),
        ("instance", instance.as_str()),
    ];
    let alert = alert("NodeMemoryHighUtilization", &labels, &[]);
    let (diagnosis, told) = look(&world, Alerted { alert, rule: None }, "node_memory").await;
    let target = &diagnosis.target;
    assert_eq!(target.kind, Some(Kind::Node), "{}", show(&diagnosis));
    assert_eq!(target.name, node.metadata.name);
    let days = times(&told, "node_memory_MemAvailable", world.clock.now());
    assert!(days.contains(&7), "{days:?}");
}

/// A silent node of its own, with a pod of a workload on it, and one that is well beside it.
fn break_a_node(world: &World) {
    let since = (world.clock.now() - TimeDelta::minutes(8)).to_rfc3339();
    let node = |name: &str, ready: &str| {
        let condition = json!({"type": "Ready", "status": ready, "reason": "NodeStatusUnknown",
            "message": "Kubelet stopped posting node status.", "lastTransitionTime": since});
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
            "status": {"conditions": [condition]}})
    };
    world.cluster.put(node("lonely-1", "Unknown"));
    world.cluster.put(node("lonely-2", "Unknown"));
    world.cluster.put(node("well-1", "True"));
    let not_ready = json!([{"type": "Ready", "status": "False", "lastTransitionTime": since}]);
    world.cluster.put(json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "cart-6f7d9-x2x9k", "namespace": "production", "labels": {"app": "cart"}},
        "spec": {"nodeName": "lonely-1", "containers": [{"name": "app", "image": "cart:1"}]},
        "status": {"phase": "Running", "conditions": not_ready}}));
}

/// The alert of a node asks about nothing else: the node is what is wrong, also when nothing runs on it; who suffers
/// there is told.
#[tokio::test]
async fn the_alert_of_a_dead_node_finds_that_the_node_is_dead() {
    let world = World::start().await.unwrap();
    break_a_node(&world);
    for (name, suffers) in [("lonely-1", true), ("lonely-2", false)] {
        let alert = alert("KubeNodeNotReady", &[("node", name)], &[]);
        let (diagnosis, _) = look(&world, Alerted { alert, rule: None }, "kube_node").await;
        let shown = show(&diagnosis);
        let node = Subject::cluster(Kind::Node, name);
        let roots = diagnosis.root_causes.iter();
        let roots: Vec<&Subject> = roots.map(|root| &root.finding.subject).collect();
        assert_eq!(roots, [&node], "{shown}");
        assert_eq!(diagnosis.target.name.as_deref(), Some(name));
        assert_eq!(shown.contains("cart-6f7d9-x2x9k"), suffers, "{shown}");
        let failed = |line: &&LedgerLine| {
            matches!(
                line.status,
                LedgerStatus::TimedOut | LedgerStatus::NotPermitted
            )
        };
        let gaps: Vec<_> = diagnosis.ledger.iter().filter(failed).collect();
        assert!(gaps.is_empty(), "{gaps:?}");
    }
}

#[tokio::test]
async fn the_alert_of_a_node_that_is_well_again_blames_no_other_node() {
    let world = World::start().await.unwrap();
    break_a_node(&world);
    let alert = alert("KubeNodeNotReady", &[("node", "well-1")], &[]);
    let (diagnosis, _) = look(&world, Alerted { alert, rule: None }, "kube_node").await;
    assert!(diagnosis.root_causes.is_empty(), "{}", show(&diagnosis));
}

/// A team's own label is a name to look for, not an object; one that several objects may mean is none.
#[tokio::test]
async fn a_name_of_an_objective_is_found_among_the_live_objects() {
    let world = World::start().await.unwrap();
    let objective = |service: &str, more: &[(&str, &str)]| {
        let mut labels = vec![("sloth_service", service), ("sloth_slo", "availability")];
        labels.extend(more);
        let alert = alert("Availability", &labels, &[]);
        Alerted { alert, rule: None }
    };
    let production = [("namespace", "production")];
    let known = objective("payment-service", &production);
    let (diagnosis, _) = look(&world, known, "slo:").await;
    assert_eq!(diagnosis.advice[0].playbook, "service-slow-or-failing");
    assert_eq!(diagnosis.target.name.as_deref(), Some("payment-service"));
    for (service, more) in [("no-such-thing", &production[..]), ("payment-service", &[])] {
        let (wide, _) = look(&world, objective(service, more), "slo:").await;
        assert_eq!(wide.target.name, None, "{:?}", wide.target);
    }
}

/// What has no pods of its own is looked at through what uses it.
#[tokio::test]
async fn an_alert_about_a_claim_looks_at_its_namespace() {
    let world = World::start().await.unwrap();
    let labels = [
        ("namespace", "production"),
        ("persistentvolumeclaim", "data"),
    ];
    let alert = alert("KubePersistentVolumeFillingUp", &labels, &[]);
    let (diagnosis, _) = look(&world, Alerted { alert, rule: None }, "kubelet_volume").await;
    assert_eq!(diagnosis.target.kind, Some(Kind::PersistentVolumeClaim));
    assert_eq!(diagnosis.advice[0].playbook, "volume");
    let read = diagnosis.ledger.iter().any(|line| line.step == "pods");
    assert!(read, "{:?}", diagnosis.ledger);
    let other = Subject::new(Kind::PersistentVolumeClaim, "production", "data");
    assert!(
        diagnosis
            .root_causes
            .iter()
            .all(|root| root.finding.subject.same_object(&other))
    );
}

#[tokio::test]
async fn without_an_alert_nothing_of_it_is_asked_or_said() {
    let world = World::start().await.unwrap();
    let mut sources = sources(&world).await;
    let (prometheus, told) = prometheus(world.clock.now(), "x").await;
    sources.prometheus = Some(prometheus);
    let question = question(asked("payment is slow in production"));
    let outcome = run::run(
        sources,
        &question,
        world.clock.now() + TimeDelta::zero(),
        &|_| {},
    )
    .await;
    let Outcome::Diagnosed(diagnosis, _) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        diagnosis.advice.iter().all(|one| one.playbook == "slow"),
        "{:?}",
        diagnosis.advice
    );
    let told = told.lock().unwrap();
    assert!(told.iter().all(|(query, _)| !query.contains("ALERTS")));
}

/// The ledger's steps after a look at payment-service that begins with this alert.
async fn steps(world: &World, name: &str, by_alert: bool) -> Vec<String> {
    // The summary that kube-prometheus ships with KubeDeploymentReplicasMismatch.
    let ask = asked("Deployment has not matched the expected number of replicas.");
    assert_eq!(
        ask.symptoms,
        [Symptom::DeployFailed],
        "what the prose reads as"
    );
    let labels = [
        ("namespace", "production"),
        ("deployment", "payment-service"),
        ("severity", "warning"),
    ];
    let payment = Subject::new(Kind::Deployment, "production", "payment-service");
    let look = Look {
        incident: "inc_1".to_owned(),
        ask,
        purpose: Purpose::First,
        environment: None,
        by_alert,
        object: Some(payment.clone()),
        alerts: vec![(About::Object(payment), alert(name, &labels, &[]))],
        shares: Shares::ALL,
        within: Duration::from_mins(1),
    };
    let looks = ClusterLooks::at(sources(world).await, Vec::new(), world.clock.clone());
    match looks.look(look, Arc::new(|_| ())).await {
        Looked::Diagnosed(diagnosis, _) => {
            let lines = diagnosis.ledger.iter();
            lines.map(|line| line.step.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_row_of_an_alert_says_what_is_wrong_and_not_the_prose_of_its_annotations() {
    let world = World::start().await.unwrap();
    let jenkins = async |name, by_alert| {
        let steps = steps(&world, name, by_alert).await;
        steps.iter().any(|step| step == "jenkins")
    };
    // Missing replicas are no failed delivery, whatever word the summary has for them.
    assert!(!jenkins("KubeDeploymentReplicasMismatch", true).await);
    // A rollout that is stuck is one; so is what nobody knows and what calls itself so; so are a person's words.
    assert!(jenkins("KubeDeploymentRolloutStuck", true).await);
    assert!(jenkins("HouseRuleOfOurs", true).await);
    assert!(jenkins("KubeDeploymentReplicasMismatch", false).await);
}

#[tokio::test]
async fn what_is_wrong_elsewhere_is_no_cause_of_an_alert_that_names_no_object() {
    let world = World::start().await.unwrap();
    let labels = [("environment", "production"), ("severity", "critical")];
    let says = [("summary", "Stripe answers 503")];
    let alert = alert("PaymentProviderDown", &labels, &says);
    let (diagnosis, _) = look(&world, Alerted { alert, rule: None }, "x").await;
    let shown = show(&diagnosis);
    assert_eq!(diagnosis.verdict, Verdict::Unknown, "{shown}");
    assert!(
        shown.contains("Nothing ties the alert PaymentProviderDown to an object"),
        "{shown}"
    );
    assert!(!diagnosis.root_causes.is_empty(), "{shown}");
    for root in &diagnosis.root_causes {
        assert!(root.confidence < 0.6, "{shown}");
    }
}

#[tokio::test]
async fn the_number_of_an_alert_about_errors_is_their_share() {
    let world = World::start().await.unwrap();
    let labels = [("namespace", "production"), ("service", "payment-service")];
    let errors = alert("HighErrorRate", &labels, &[]);
    let errors = Alerted {
        alert: errors,
        rule: None,
    };
    let (diagnosis, _) = look(&world, errors, "http_requests_total").await;
    let shown = show(&diagnosis);
    assert!(
        shown.contains("Share of failing requests: 500% now"),
        "{shown}"
    );
    let slow = alert("CheckoutLatencyHigh", &labels, &[]);
    let slow = Alerted {
        alert: slow,
        rule: None,
    };
    let (diagnosis, _) = look(&world, slow, "http_request_duration_seconds").await;
    let shown = show(&diagnosis);
    assert!(shown.contains("p99 of the response times: 5"), "{shown}");
}

#[tokio::test]
async fn slow_is_not_answered_with_all_is_well_where_nobody_measures_it() {
    let world = World::start().await.unwrap();
    let mut sources = sources(&world).await;
    sources.prometheus = None;
    let question = question(asked("catalog est lent en production"));
    let outcome = run::run(sources, &question, world.clock.now(), &|_| {}).await;
    let Outcome::Diagnosed(diagnosis, _) = outcome else {
        panic!("{outcome:?}");
    };
    let shown = show(&diagnosis).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(diagnosis.root_causes.is_empty(), "{shown}");
    assert!(!shown.contains("catalog-service va bien"), "{shown}");
    let says = "je n'ai pas pu mesurer les temps de réponse";
    assert!(shown.contains(says), "{shown}");
    assert!(
        shown.contains("temps de réponse : aucune métrique"),
        "{shown}"
    );
}
