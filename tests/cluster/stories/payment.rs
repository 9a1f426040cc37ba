//! S1's world: payment-service, one of whose replicas is killed for memory; and what its asker is owed.

use serde_json::json;
use vigie::finding::{Cause, Kind};

use super::{Answer, App, app, kubelet};
use crate::cluster::ControlPlane;

/// The end of a JVM's log when its heap is full.
const OUT_OF_MEMORY: &str = "\
INFO  main Starting PaymentApplication v2.14.0 using Java 21.0.8
INFO  main Started PaymentApplication in 6.388 seconds (process running for 7.01)
WARN  InvoiceCache Cache fill takes 31245 ms, heap 94% used
Exception in thread \"http-nio-8080-exec-7\" java.lang.OutOfMemoryError: Java heap space
\tat com.example.payment.InvoiceCache.load(InvoiceCache.java:88)
\tat com.example.payment.PaymentController.list(PaymentController.java:51)
java.lang.OutOfMemoryError: Java heap space
";

/// Three replicas of payment-service, one of which its memory limit killed four times.
pub async fn payment(cluster: &ControlPlane, namespace: &str) {
    let payment = healthy(namespace);
    payment.install(cluster).await.ready(cluster, 3).await;
    let sick = payment.placed(cluster).await.remove(0);
    killed(cluster, namespace, &sick).await;
    payment.ready(cluster, 2).await;
    app::settled(cluster, namespace).await;
}

/// Three replicas of payment-service with a memory limit of 512Mi, not yet installed.
pub fn healthy(namespace: &str) -> App {
    let memory = json!({"requests": {"memory": "256Mi"}, "limits": {"memory": "512Mi"}});
    App::new(namespace, "payment-service")
        .replicas(3)
        .container(json!({"resources": memory}))
}

/// What the kubelet, the log and an event tell of one of its pods that was killed four times.
pub async fn killed(cluster: &ControlPlane, namespace: &str, sick: &str) {
    let status = kubelet::crash_loop("OOMKilled", 137, 4);
    cluster.pod_status(namespace, sick, status).await;
    let starting = "INFO  main Starting PaymentApplication v2.14.0 using Java 21.0.8\n";
    cluster
        .logs(namespace, sick, "app", starting, Some(OUT_OF_MEMORY))
        .await;
    let back_off = format!("Back-off restarting failed container app in pod {sick}_{namespace}");
    cluster
        .pod_event(namespace, sick, "BackOff", &back_off)
        .await;
}

/// What S1 owes its asker.
pub fn killed_for_memory(answer: &Answer) {
    let root = answer.names(Cause::OomKilled, Kind::Deployment, "payment-service");
    assert!(root.confidence >= 0.9, "{answer}");
    let fix = &root.finding.fix[0];
    let value = |value: &Option<vigie::text::Untrusted>| {
        value.as_ref().map(vigie::text::Untrusted::to_block)
    };
    assert_eq!(fix.field, "resources.limits.memory", "{answer}");
    assert_eq!(value(&fix.from).as_deref(), Some("512Mi"), "{answer}");
    assert_eq!(value(&fix.to).as_deref(), Some("1Gi"), "{answer}");
    // The limit, the replicas that carry the load, and what the application said.
    assert!(!answer.text.contains("aucun redémarrage"), "{answer}");
    answer.says(&["512Mi", "256Mi", "1Gi", "137", "OutOfMemoryError"]);
}
