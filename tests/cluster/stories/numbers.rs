//! The expressions of the investigation and of the playbooks, answered by a real Prometheus over series with
//! the label sets of cAdvisor, kube-state-metrics, node-exporter, Cilium, and of five HTTP instrumentations.

use k8s_openapi::api::core::v1::Pod;
use serde_json::Value;
use vigie::finding::{Kind, LedgerStatus};
use vigie::investigation::case::{Case, Indicator, Reading};
use vigie::playbook::{Names, Row, built_in};
use vigie::post::dashboard::dashboard;
use vigie::text::Language;

use super::{Answer, App, Bot, app};
use crate::cluster::monitoring::ask;
use crate::cluster::past::{Course, Past};
use crate::cluster::prometheus::Prometheus;
use crate::cluster::{ControlPlane, shared};

/// Requests a second of one pod; a tenth of them fail.
const RATE: f64 = 10.0;
/// Working set of a container: 300 MiB of 512.
const MEMORY: f64 = 300.0 * 1024.0 * 1024.0;

/// One application of each instrumentation.
const APPS: [&str; 5] = ["plain", "spring", "otel", "mesh", "edge"];

/// Two ready replicas of each, and their pods.
async fn apps(cluster: &ControlPlane, namespace: &str) -> Vec<(&'static str, Vec<Pod>)> {
    cluster.nodes(2).await;
    cluster.namespace(namespace).await;
    let mut all = Vec::new();
    for name in APPS {
        let app = App::new(namespace, name).replicas(2).container(
            serde_json::json!({"resources": {"limits": {"cpu": "1", "memory": "512Mi"}}}),
        );
        app.install(cluster).await.ready(cluster, 2).await;
        all.push((name, cluster.pods(namespace, &format!("app={name}")).await));
    }
    app::settled(cluster, namespace).await;
    all
}

/// Name and node of a pod.
fn place(pod: &Pod) -> (&str, &str) {
    let node = pod.spec.as_ref().unwrap().node_name.as_deref().unwrap();
    (pod.metadata.name.as_deref().unwrap(), node)
}

/// What a kubelet's cAdvisor exports of a pod: the container, the whole pod, and the sandbox, which some
/// runtimes export as a container of its own.
fn cadvisor(past: &mut Past, namespace: &str, pod: &Pod) {
    let (name, node) = place(pod);
    let target = format!(
        "endpoint=\"https-metrics\",instance=\"10.0.0.11:10250\",job=\"kubelet\",metrics_path=\"/metrics/cadvisor\",namespace=\"{namespace}\",node=\"{node}\",pod=\"{name}\",service=\"kubelet\""
    );
    let of = |container: &str, image: &str, id: &str| {
        format!(
            "{target},container=\"{container}\",id=\"/kubepods/burstable/{name}{id}\",image=\"{image}\",name=\"{id}\""
        )
    };
    let own = of("app", "registry.example/app:1.0.0", "/5d2c");
    let whole = of("", "", "");
    let sandbox = of("POD", "registry.k8s.io/pause:3.10", "/77aa");
    let memory = "container_memory_working_set_bytes";
    past.add(memory, &own, Course::stands(MEMORY));
    past.add(memory, &whole, Course::stands(MEMORY * 1.1));
    past.add(memory, &sandbox, Course::stands(300_000.0));
    let cpu = "container_cpu_usage_seconds_total";
    past.add(
        cpu,
        &format!("{own},cpu=\"total\""),
        Course::grows_twice(0.4),
    );
    past.add(
        cpu,
        &format!("{whole},cpu=\"total\""),
        Course::grows_twice(0.41),
    );
    past.add(
        cpu,
        &format!("{sandbox},cpu=\"total\""),
        Course::grows(0.001),
    );
    for labels in [&own, &whole] {
        past.add(
            "container_cpu_cfs_periods_total",
            labels,
            Course::grows(10.0),
        );
        past.add(
            "container_cpu_cfs_throttled_periods_total",
            labels,
            Course::grows_twice(4.0),
        );
    }
}

/// What kube-state-metrics exports of an application.
fn state(past: &mut Past, namespace: &str, name: &str, pods: &[Pod]) {
    let target = "container=\"kube-rbac-proxy-main\",instance=\"10.244.0.12:8443\",job=\"kube-state-metrics\"";
    let labels = format!("{target},namespace=\"{namespace}\",deployment=\"{name}\"");
    for (metric, value) in [
        ("kube_deployment_status_replicas_ready", 2.0),
        ("kube_deployment_metadata_generation", 4.0),
        ("kube_deployment_status_observed_generation", 3.0),
    ] {
        past.add(metric, &labels, Course::stands(value));
    }
    let revision = format!("{target},namespace=\"{namespace}\",replicaset=\"{name}-5d4f8c7b9\"");
    past.add(
        "kube_replicaset_created",
        &revision,
        Course::stands(1_764_000_000.0),
    );
    for pod in pods {
        let (pod, node) = place(pod);
        let labels = format!(
            "{},container=\"app\",namespace=\"{namespace}\",pod=\"{pod}\",uid=\"{pod}-uid\"",
            "instance=\"10.244.0.12:8443\",job=\"kube-state-metrics\""
        );
        let limits = format!("{labels},node=\"{node}\",resource=\"memory\",unit=\"byte\"");
        let limit = Course::stands(512.0 * 1024.0 * 1024.0);
        past.add("kube_pod_container_resource_limits", &limits, limit);
        let restarts = "kube_pod_container_status_restarts_total";
        past.add(restarts, &labels, Course::appeared(0.001));
    }
}

/// What an application or its proxy exports of its requests.
#[expect(clippy::too_many_lines, reason = "one series after the other")]
fn requests(past: &mut Past, namespace: &str, name: &str, pod: &str) {
    let target = format!(
        "container=\"app\",endpoint=\"http\",instance=\"10.244.1.7:8080\",job=\"{name}\",namespace=\"{namespace}\",pod=\"{pod}\",service=\"{name}\""
    );
    let (count, buckets, well, badly, slow) = match name {
        "plain" => (
            "http_requests_total",
            "http_request_duration_seconds_bucket",
            format!("{target},method=\"GET\",handler=\"/pay\",code=\"200\""),
            format!("{target},method=\"GET\",handler=\"/pay\",code=\"500\""),
            1.0,
        ),
        "spring" => (
            "http_server_requests_seconds_count",
            "http_server_requests_seconds_bucket",
            format!(
                "{target},error=\"none\",exception=\"none\",method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/pay/{{id}}\""
            ),
            format!(
                "{target},error=\"IllegalStateException\",exception=\"IllegalStateException\",method=\"GET\",outcome=\"SERVER_ERROR\",status=\"503\",uri=\"/pay/{{id}}\""
            ),
            1.0,
        ),
        "otel" => (
            "http_server_request_duration_seconds_count",
            "http_server_request_duration_seconds_bucket",
            format!(
                "{target},http_request_method=\"GET\",http_response_status_code=\"200\",http_route=\"/pay\",url_scheme=\"http\""
            ),
            format!(
                "{target},error_type=\"500\",http_request_method=\"GET\",http_response_status_code=\"500\",http_route=\"/pay\",url_scheme=\"http\""
            ),
            1.0,
        ),
        "mesh" => {
            let mesh = |reporter: &str, code: &str| {
                format!(
                    "namespace=\"{namespace}\",pod=\"{pod}\",connection_security_policy=\"mutual_tls\",destination_app=\"{name}\",destination_service_name=\"{name}\",destination_service_namespace=\"{namespace}\",destination_workload=\"{name}\",destination_workload_namespace=\"{namespace}\",reporter=\"{reporter}\",request_protocol=\"http\",response_code=\"{code}\",source_workload=\"plain\",source_workload_namespace=\"{namespace}\""
                )
            };
            // The caller's proxy tells the same requests once more.
            let twice = mesh("source", "200");
            past.add("istio_requests_total", &twice, Course::grows(RATE));
            (
                "istio_requests_total",
                "istio_request_duration_milliseconds_bucket",
                mesh("destination", "200"),
                mesh("destination", "502"),
                1000.0,
            )
        }
        _ => {
            let edge = |status: &str| {
                format!(
                    "controller_class=\"k8s.io/ingress-nginx\",controller_namespace=\"ingress-nginx\",controller_pod=\"ingress-nginx-{pod}\",exported_namespace=\"{namespace}\",exported_service=\"{name}\",host=\"shop.example\",ingress=\"{name}\",method=\"GET\",namespace=\"ingress-nginx\",path=\"/\",pod=\"ingress-nginx-{pod}\",service=\"ingress-nginx-metrics\",status=\"{status}\""
                )
            };
            (
                "nginx_ingress_controller_requests",
                "nginx_ingress_controller_request_duration_seconds_bucket",
                edge("200"),
                edge("504"),
                1.0,
            )
        }
    };
    past.add(count, &well, Course::grows_twice(RATE * 0.9));
    past.add(count, &badly, Course::appeared(RATE * 0.1));
    past.buckets(buckets, &well, slow, RATE);
    let collector = match name {
        "spring" => Some("jvm_gc_pause_seconds_sum"),
        "otel" => Some("jvm_gc_duration_seconds_sum"),
        "plain" => Some("go_gc_duration_seconds_sum"),
        _ => None,
    };
    if let Some(collector) = collector {
        let labels = format!("{target},action=\"end of minor GC\",cause=\"G1 Evacuation Pause\"");
        past.add(collector, &labels, Course::grows(0.05));
    }
}

/// What node-exporter and Cilium export of a node.
fn node(past: &mut Past, name: &str) {
    let labels = format!("endpoint=\"https\",instance=\"{name}\",job=\"node-exporter\"");
    for (cpu, mode, rate) in [
        ("0", "idle", 0.3),
        ("0", "user", 0.7),
        ("1", "idle", 0.3),
        ("1", "user", 0.7),
    ] {
        let labels = format!("{labels},cpu=\"{cpu}\",mode=\"{mode}\"");
        past.add("node_cpu_seconds_total", &labels, Course::grows(rate));
    }
    past.add("node_netstat_Tcp_OutSegs", &labels, Course::grows(1000.0));
    past.add("node_netstat_Tcp_RetransSegs", &labels, Course::grows(20.0));
    for device in ["eth0", "veth12ab"] {
        let labels = format!("{labels},device=\"{device}\"");
        for way in ["receive", "transmit"] {
            let metric = |what: &str| format!("node_network_{way}_{what}_total");
            past.add(&metric("packets"), &labels, Course::grows(1000.0));
            past.add(&metric("errs"), &labels, Course::grows(2.0));
            past.add(&metric("drop"), &labels, Course::grows(3.0));
        }
    }
    for (to, seconds) in [("node-a", 0.002), ("node-b", 0.003), ("node-c", 0.2)] {
        let labels = format!(
            "source_cluster=\"default\",source_node_name=\"{to}\",target_cluster=\"default\",target_node_name=\"{name}\",target_node_ip=\"10.0.0.9\",target_node_type=\"remote_intra_cluster\",type=\"node\",protocol=\"icmp\",address_type=\"primary\""
        );
        let metric = "cilium_node_connectivity_latency_seconds";
        past.add(metric, &labels, Course::stands(seconds));
    }
}

/// Everything that is exported.
fn past(namespace: &str, apps: &[(&str, Vec<Pod>)]) -> Past {
    let mut past = Past::default();
    let mut nodes = std::collections::BTreeSet::new();
    for (name, pods) in apps {
        state(&mut past, namespace, name, pods);
        for pod in pods {
            cadvisor(&mut past, namespace, pod);
            let (own, under) = place(pod);
            requests(&mut past, namespace, name, own);
            nodes.insert(under);
        }
    }
    for name in nodes {
        node(&mut past, name);
    }
    past
}

/// Claims that every query was answered.
fn answered(answer: &Answer) {
    let asked = answer
        .diagnosis
        .ledger
        .iter()
        .filter(|line| line.step == "prometheus" || line.step.starts_with("playbook"));
    let all: Vec<_> = asked.collect();
    assert!(!all.is_empty(), "{answer}");
    for line in all {
        assert_eq!(line.status, LedgerStatus::Ok, "{answer}");
    }
}

/// The reading of an indicator that stands for the whole, and how many there are.
fn read<'a>(case: &'a Case, name: &str, indicator: Indicator) -> Vec<&'a Reading> {
    let own = |one: &&Reading| one.workload == name || one.node.is_some();
    let all = case.readings.iter().filter(own);
    all.filter(|one| one.indicator == indicator).collect()
}

/// Claims that a value was read, within a twentieth; with its normal where there is one.
fn is(case: &Case, name: &str, indicator: Indicator, now: f64, usual: Option<f64>) {
    let all = read(case, name, indicator);
    let near = |a: f64, b: f64| (a - b).abs() <= 0.05 * b.abs().max(1e-9);
    let found = all.iter().any(|one| {
        near(one.now, now)
            && match (one.usual, usual) {
                (Some(a), Some(b)) => near(a, b) || (a == 0.0 && b == 0.0),
                (_, None) => true,
                (None, Some(_)) => false,
            }
    });
    assert!(
        found,
        "{name} {indicator:?}: not {now} (usually {usual:?}) in {all:#?}"
    );
}

/// What is read of one workload.
fn of_one(case: &Case, name: &str) {
    use Indicator as I;
    is(case, name, I::MemoryUsed, MEMORY, None);
    is(case, name, I::MemoryPeak, MEMORY, None);
    is(case, name, I::CpuUsed, 0.4, Some(0.2));
    is(case, name, I::CpuThrottled, 0.4, Some(0.2));
    is(case, name, I::ReadyReplicas, 2.0, Some(2.0));
    let usual = RATE * 0.9;
    is(case, name, I::RequestRate, 2.0 * RATE, Some(usual));
    is(case, name, I::ErrorRate, 0.1, Some(0.0));
    is(case, name, I::LatencyP99, 0.95, Some(0.95));
    if ["plain", "spring", "otel"].contains(&name) {
        is(case, name, I::GarbageCollection, 0.05, Some(0.05));
    }
    is(case, name, I::NodeCpu, 0.7, Some(0.7));
    is(case, name, I::NodeRetransmits, 0.02, Some(0.02));
    is(case, name, I::NodePacketLoss, 0.003, Some(0.003));
    is(case, name, I::NodeLatency, 0.003, Some(0.003));
    let history = read(case, name, I::ErrorRate);
    assert!(history[0].history.len() > 10, "{history:#?}");
    // The sandbox is no container of the workload.
    let strange = case
        .readings
        .iter()
        .find(|one| one.container.as_deref() == Some("POD"));
    assert!(strange.is_none(), "{strange:#?}");
}

#[tokio::test]
async fn every_instrumentation_is_read_from_a_real_prometheus() {
    let Some(cluster) = shared().await else {
        return;
    };
    let apps = apps(cluster, "numbers").await;
    let Some((prometheus, _data)) = past("numbers", &apps).start().await else {
        return;
    };
    let bot = Bot::shipped(cluster, "production", "numbers").await;
    let bot = bot.reading(&prometheus.url());
    for name in APPS {
        let (answer, case) = bot
            .ask_keeping(&format!("{name} est lent en production"))
            .await;
        eprintln!("{answer}");
        answered(&answer);
        of_one(&case, name);
    }
    // Nobody is named: one query an indicator, for all of them. Two instrumentations are read then.
    let (answer, case) = bot.ask_keeping("tout est lent en production").await;
    eprintln!("{answer}");
    answered(&answer);
    for name in APPS {
        is(&case, name, Indicator::CpuThrottled, 0.4, None);
    }
    for name in ["plain", "spring"] {
        is(
            &case,
            name,
            Indicator::RequestRate,
            2.0 * RATE,
            Some(RATE * 0.9),
        );
        is(&case, name, Indicator::ErrorRate, 0.1, None);
        is(&case, name, Indicator::LatencyP99, 0.95, None);
    }
    playbooks(&prometheus).await;
    for name in APPS {
        dashboard_of(&bot, &prometheus, name).await;
    }
}

/// A dashboard shows what the application has: Prometheus has data for each of its curves and marks, with
/// Grafana's variables filled in, and the first ones are the rate, the errors and the answer times.
async fn dashboard_of(bot: &Bot, prometheus: &Prometheus, name: &str) {
    let text = format!("un dashboard pour {name} en production");
    let answer = bot.ask_plainly(&text).await;
    let facts = answer.dashboard.as_deref();
    let facts = facts.unwrap_or_else(|| panic!("{:?}", answer.headline));
    assert!(facts.verified, "{:?}", answer.lines);
    let file = dashboard(facts, Language::En);
    let filled = |text: &Value| {
        let text = text.as_str().unwrap();
        text.replace("$__rate_interval", "5m")
            .replace("$namespace", "numbers")
            .replace("$workload", name)
    };
    let mut panels = Vec::new();
    for panel in file["panels"].as_array().unwrap() {
        let mut values = Vec::new();
        for target in panel["targets"].as_array().unwrap() {
            let expression = filled(&target["expr"]);
            assert!(!expression.contains('$'), "{expression}");
            let series = ask(prometheus, &expression).await;
            let value = series
                .iter()
                .find_map(vigie::clients::prometheus::Series::last);
            // A workload may have no request or limit: the line is missing then, and the curve is not.
            let line = expression.contains("_resource_limits")
                || expression.contains("_resource_requests");
            assert!(value.is_some() || line, "{name}: nothing for {expression}");
            values.push(value.unwrap_or(f64::NAN));
        }
        panels.push((panel["title"].as_str().unwrap(), values));
    }
    let marks = file["annotations"]["list"].as_array().unwrap();
    assert_eq!(marks.len(), 2, "{name}: a mark for rollouts");
    assert!(!ask(prometheus, &filled(&marks[1]["expr"])).await.is_empty());
    let millis = facts.requests.as_ref().unwrap().millis;
    shows(name, &panels, if millis { 950.0 } else { 0.95 });
}

/// What the panels show: the numbers that the series were written with, and nothing that nobody exports.
fn shows(name: &str, panels: &[(&str, Vec<f64>)], slow: f64) {
    let near = |a: f64, b: f64| (a - b).abs() <= 0.05 * b;
    let values = |title: &str| {
        let found = panels.iter().find(|panel| panel.0 == title);
        &found
            .unwrap_or_else(|| panic!("{name}: no {title} in {panels:?}"))
            .1
    };
    let first = |title: &str, value: f64| {
        assert!(near(values(title)[0], value), "{name}: {panels:?}");
    };
    first("Requests per second", 2.0 * RATE);
    first("Failed requests", 0.1);
    assert!(near(values("Answer time")[2], slow), "{name}: {panels:?}");
    let memory = values("Memory, request and limit of a pod");
    assert!(
        near(memory[0], MEMORY) && near(memory[1], 512.0 * 1024.0 * 1024.0),
        "{name}: {memory:?}"
    );
    first("CPU throttled", 0.4);
    let titles: Vec<&str> = panels.iter().map(|panel| panel.0).collect();
    assert!(
        !titles.contains(&"Connection pool") && !titles.contains(&"Network"),
        "{titles:?}"
    );
}

/// Every query of every playbook, and every alert's number, is one that Prometheus answers.
async fn playbooks(prometheus: &Prometheus) {
    let mut values = std::collections::BTreeMap::new();
    for playbook in built_in().unwrap() {
        let trusted = playbook.alerts.iter().flat_map(Row::trusted);
        let names = Names {
            namespace: Some("numbers".to_owned()),
            workload: Some((Kind::Deployment, "plain".to_owned())),
            node: Some("node-0".to_owned()),
            labels: trusted
                .map(|label| (label.to_owned(), "plain".to_owned()))
                .collect(),
        };
        let queries = playbook.queries.iter();
        let queries = queries.map(|query| (&query.name, &query.promql));
        let keys = playbook.alerts.iter();
        let keys = keys.filter_map(|row| Some((&row.name, &row.key.as_ref()?.promql)));
        for (name, template) in queries.chain(keys) {
            let expression = template.fill(&names).unwrap();
            let series = ask(prometheus, &expression).await;
            let numbers = series
                .iter()
                .filter_map(vigie::clients::prometheus::Series::last);
            let value = numbers.reduce(f64::max);
            eprintln!("{} {name}: {value:?}", playbook.name);
            values.insert(format!("{} {name}", playbook.name), value);
        }
    }
    for (query, wanted) in [
        ("slow requests", 2.0 * RATE),
        ("slow requests_yesterday", RATE * 0.9),
        ("slow memory_share", 300.0 / 512.0),
        ("deploy-failed unseen", 1.0),
    ] {
        if let Some(value) = values.get(query) {
            let value = value.unwrap_or_else(|| panic!("{query} has no data"));
            assert!((value - wanted).abs() < 0.05 * wanted, "{query}: {value}");
        }
    }
}
