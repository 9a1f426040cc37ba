//! S1: "@devops Service payment est lent en production". Three pods, one of them killed at its
//! memory limit four times in five minutes; the two others carry the load.

use chrono::TimeDelta;

use super::app::App;
use super::build::Build;
use super::control;
use super::event::Note;
use super::images::ours;
use super::pod::PodState;
use super::rollout;
use crate::sandbox::kube::{ContainerLog, Lines};

const NAMESPACE: &str = "production";
const NAME: &str = "payment-service";

const STARTING: &str = "\
{\"ts\":\"start\",\"level\":\"INFO\",\"logger\":\"main\",\"msg\":\"Starting PaymentApplication v2.14.0 using Java 21.0.8\"}
{\"level\":\"INFO\",\"logger\":\"o.s.b.w.e.tomcat.TomcatWebServer\",\"msg\":\"Tomcat started on port 8080 (http) with context path '/'\"}
{\"level\":\"INFO\",\"logger\":\"main\",\"msg\":\"Started PaymentApplication in 6.412 seconds (process running for 7.03)\"}";

const DYING: &str = "\
{\"level\":\"INFO\",\"logger\":\"main\",\"msg\":\"Starting PaymentApplication v2.14.0 using Java 21.0.8\"}
{\"level\":\"INFO\",\"logger\":\"main\",\"msg\":\"Started PaymentApplication in 6.388 seconds (process running for 7.01)\"}
{\"level\":\"INFO\",\"logger\":\"c.e.payment.InvoiceCache\",\"msg\":\"Loading open invoices into cache: 184212 entries\"}
{\"level\":\"WARN\",\"logger\":\"c.e.payment.InvoiceCache\",\"msg\":\"Cache fill takes 31245 ms, heap 94% used\"}
{\"level\":\"WARN\",\"logger\":\"c.z.h.p.HikariPool\",\"msg\":\"HikariPool-1 - Thread starvation or clock leap detected (housekeeper delta=48s211ms)\"}
Exception in thread \"http-nio-8080-exec-7\" java.lang.OutOfMemoryError: Java heap space
\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)
\tat java.base/java.util.ArrayList.grow(ArrayList.java:238)
\tat com.example.payment.InvoiceCache.load(InvoiceCache.java:88)
\tat com.example.payment.PaymentController.list(PaymentController.java:51)
\tat java.base/java.lang.Thread.run(Thread.java:1583)
java.lang.OutOfMemoryError: Java heap space";

const SERVING: &str = "\
{\"level\":\"INFO\",\"logger\":\"c.e.payment.PaymentController\",\"msg\":\"POST /payments 201 in 812 ms\"}
{\"level\":\"INFO\",\"logger\":\"c.e.payment.PaymentController\",\"msg\":\"POST /payments 201 in 2210 ms\"}
{\"level\":\"WARN\",\"logger\":\"c.e.payment.PaymentController\",\"msg\":\"slow request: GET /invoices took 3104 ms\"}
{\"level\":\"INFO\",\"logger\":\"c.e.payment.PaymentController\",\"msg\":\"POST /payments 201 in 1903 ms\"}";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    let app = App::new(NAMESPACE, NAME, &ours(NAME, "2.14.0"))
        .before(&ours(NAME, "2.13.2"), TimeDelta::days(34))
        .age(TimeDelta::days(6))
        .replicas(3)
        .resources(("250m", "256Mi"), ("1", "512Mi"))
        .env(
            "JAVA_TOOL_OPTIONS",
            "-XX:MaxRAMPercentage=90 -XX:+CrashOnOutOfMemoryError",
        )
        .env("SPRING_PROFILES_ACTIVE", "production")
        .env("CATALOG_URL", "http://catalog-service:8080")
        .env_secret("DB_PASSWORD", "payment-service", "db-password")
        .http_probes("/actuator/health/liveness", "/actuator/health/readiness");
    let pods = build.install(&app);
    let (sick, healthy) = (&pods[2], &pods[..2]);
    for pod in healthy {
        build.cluster.set_log(NAMESPACE, pod, "app", SERVING, None);
        build.pod_metrics(NAMESPACE, pod, ("612m", "471Mi"));
    }
    fail(build, sick);
    build.cluster.put(serde_json::json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": { "namespace": NAMESPACE, "name": NAME },
        "spec": { "minAvailable": 1, "selector": { "matchLabels": { "app": NAME } } },
        "status": {
            "currentHealthy": 2, "desiredHealthy": 1, "disruptionsAllowed": 1, "expectedPods": 3,
        },
    }));
    control::settle(build.cluster, NAMESPACE);
}

fn fail(build: Build<'_>, pod: &str) {
    let (lived, ago) = (TimeDelta::seconds(52), TimeDelta::seconds(35));
    let state = PodState::crashing(build.now, ("OOMKilled", 137), 4, lived, ago);
    build.set_state(NAMESPACE, pod, &state);
    let died = build.ago(ago);
    let second = TimeDelta::seconds(4);
    build.cluster.put_log(
        NAMESPACE,
        pod,
        "app",
        ContainerLog {
            current: Lines::ending(died, second, STARTING),
            previous: Some(Lines::ending(died, second, DYING)),
        },
    );
    let five = TimeDelta::minutes(5);
    let back_off = format!("Back-off restarting failed container app in pod {pod}_{NAMESPACE}");
    let about = ("Pod", NAMESPACE, pod);
    build.event(
        about,
        &Note::warning("BackOff", &back_off, five).repeated(9, TimeDelta::seconds(12)),
    );
    let image = ours(NAME, "2.14.0");
    let pulled = format!("Container image \"{image}\" already present on machine");
    let restarted = TimeDelta::seconds(87);
    for (reason, message) in [
        ("Pulled", pulled.as_str()),
        ("Created", "Created container: app"),
        ("Started", "Started container app"),
    ] {
        build.event(
            about,
            &Note::warning(reason, message, five)
                .normal()
                .repeated(4, restarted),
        );
    }
    let probe = "Readiness probe failed: Get \"http://10.244.1.7:8080/actuator/health/readiness\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    build.event(
        about,
        &Note::warning("Unhealthy", probe, five).repeated(6, TimeDelta::seconds(40)),
    );
}

/// What the fix does: a new revision with a higher memory limit.
pub(crate) fn raise_memory_limit(build: Build<'_>, limit: &str) {
    let pods = rollout::roll_out(build.cluster, "Deployment", (NAMESPACE, NAME), |template| {
        template["spec"]["containers"][0]["resources"]["limits"]["memory"] = limit.into();
    });
    for pod in pods {
        build
            .cluster
            .set_log(NAMESPACE, &pod, "app", STARTING, None);
        build.pod_metrics(NAMESPACE, &pod, ("214m", "603Mi"));
    }
}
