//! The expressions about nodes: their CPU, and their network as they and their neighbours measure it.

use super::names::Known;
use super::queries::{Query, Unit};
use crate::clients::prometheus::Selector;
use crate::investigation::case::Indicator;

/// What there is to know of nodes.
const WANTED: &str =
    "node_cpu_seconds_total|node_netstat_Tcp_.*|node_network_.*|cilium_node_.*|goldpinger_.*";

/// Selects the nodes by what exporters call them: name or address, with or without a port. Without names,
/// all of them.
fn nodes(metric: &'static str, label: &'static str, names: &[String]) -> Selector {
    if names.is_empty() {
        return Selector::metric(metric).ne(label, "");
    }
    let safe: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
    Selector::metric(metric).pattern(label, &format!("({})(:[0-9]+)?", safe.join("|")))
}

/// The selector for the discovery of nodes' metrics.
pub(super) fn selectors(names: &[String]) -> Vec<String> {
    let labels = ["instance", "node", "target_node_name", "host_ip"];
    labels
        .into_iter()
        .map(|label| nodes("", label, names).matches("__name__", WANTED).text())
        .collect()
}

/// The queries about nodes that can answer.
pub(super) fn queries(names: &[String], known: &Known) -> Vec<Query> {
    let one = |metric| nodes(metric, "instance", names);
    let sum =
        |selector: Selector| format!("sum by (instance, node) (rate({}[5m]))", selector.text());
    let mut all = Vec::new();
    if known.has("node_cpu_seconds_total") {
        let idle = one("node_cpu_seconds_total").eq("mode", "idle");
        let expression = format!("avg by (instance, node) (rate({}[5m]))", idle.text());
        all.push(Query {
            unit: Unit::Rest,
            ..Query::of(Indicator::NodeCpu, expression)
        });
    }
    if known.has("node_netstat_Tcp_RetransSegs") {
        let (again, sent) = (
            one("node_netstat_Tcp_RetransSegs"),
            one("node_netstat_Tcp_OutSegs"),
        );
        let expression = format!("{} / {}", sum(again), sum(sent));
        all.push(Query::of(Indicator::NodeRetransmits, expression));
    }
    if known.has("node_network_receive_packets_total") {
        all.push(Query::of(Indicator::NodePacketLoss, loss(names)));
    }
    all.extend(latency(names, known));
    all
}

/// The worst of what interfaces lose: received or sent, damaged or dropped.
fn loss(names: &[String]) -> String {
    // Virtual interfaces drop by design; the node's own are what counts.
    let rate = |metric| {
        let own =
            nodes(metric, "instance", names).matches("device", "eth.*|en.*|bond.*|team.*|wl.*");
        format!("sum by (instance, node) (rate({}[5m]))", own.text())
    };
    let of = |kind, lost, packets| {
        let share = format!("{} / {}", rate(lost), rate(packets));
        format!("label_replace({share}, \"loss\", \"{kind}\", \"\", \"\")")
    };
    let (received, sent) = (
        "node_network_receive_packets_total",
        "node_network_transmit_packets_total",
    );
    let all = [
        of(
            "receive errors",
            "node_network_receive_errs_total",
            received,
        ),
        of("receive drops", "node_network_receive_drop_total", received),
        of("transmit errors", "node_network_transmit_errs_total", sent),
        of("transmit drops", "node_network_transmit_drop_total", sent),
    ];
    format!("max by (instance, node) ({})", all.join(" or "))
}

/// Between nodes: the median over the others, so that one far peer is not the node's fault.
fn latency(names: &[String], known: &Known) -> Option<Query> {
    let expression = if known.has("cilium_node_connectivity_latency_seconds") {
        let one = nodes(
            "cilium_node_connectivity_latency_seconds",
            "target_node_name",
            names,
        );
        format!("quantile by (target_node_name) (0.5, {})", one.text())
    } else if known.has("cilium_node_health_connectivity_latency_seconds_sum") {
        let sum = nodes(
            "cilium_node_health_connectivity_latency_seconds_sum",
            "target_node_name",
            names,
        );
        let count = nodes(
            "cilium_node_health_connectivity_latency_seconds_count",
            "target_node_name",
            names,
        );
        mean("target_node_name", &sum, &count)
    } else if known.has("goldpinger_peers_response_time_s_sum") {
        let sum = nodes("goldpinger_peers_response_time_s_sum", "host_ip", names);
        let count = nodes("goldpinger_peers_response_time_s_count", "host_ip", names);
        mean("host_ip", &sum, &count)
    } else {
        return None;
    };
    Some(Query::of(Indicator::NodeLatency, expression))
}

fn mean(label: &str, sum: &Selector, count: &Selector) -> String {
    let rate = |one: &Selector| format!("sum by ({label}) (rate({}[5m]))", one.text());
    format!("{} / {}", rate(sum), rate(count))
}
