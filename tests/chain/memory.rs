//! The memory of a Deployment's pods as a kubelet exports it: one of them climbs to its limit again and again until it
//! is killed there, the others stay where they are.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cluster::past::Past;

const METRIC: &str = "container_memory_working_set_bytes";
const MIB: f64 = 1_048_576.0;
/// What a fresh process takes, and where the kernel kills it.
const FRESH: f64 = 180.0 * MIB;
const KILLED: f64 = 511.0 * MIB;
/// Seconds from its start to its end.
const LIFE: i64 = 500;
/// Kills so far.
const KILLS: i64 = 4;
/// It is in its fifth life, and near the end of it.
const AGE: i64 = 460;
/// What the past holds.
const HOURS: i64 = 3;
/// Seconds between two samples of the past.
const STEP: usize = 15;

/// The pods' memory, past and present.
pub struct Memory {
    namespace: String,
    sick: String,
    others: Vec<String>,
    /// When the climbing began, Unix seconds.
    began: i64,
    /// Whether it was killed for the last time: a container that waits has no memory.
    over: AtomicBool,
}

impl Memory {
    /// The first of the pods is the sick one.
    pub fn of(namespace: &str, pods: &[String]) -> Self {
        Self {
            namespace: namespace.to_owned(),
            sick: pods[0].clone(),
            others: pods[1..].to_vec(),
            began: now() - KILLS * LIFE - AGE,
            over: AtomicBool::new(false),
        }
    }

    /// It was killed, and waits for its next start.
    pub fn ends(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// The last hours, as a database of Prometheus.
    pub fn past(&self) -> Option<tempfile::TempDir> {
        let mut past = Past::default();
        let to = now();
        for pod in self.pods() {
            let times = (to - HOURS * 3600..to).step_by(STEP);
            let samples = times.map(|at| (at, self.value(pod, at))).collect();
            // As they are scraped: with the target's labels.
            let labels = format!(
                "{},endpoint=\"https-metrics\",instance=\"10.0.0.11:10250\",job=\"kubelet\",metrics_path=\"/metrics/cadvisor\",node=\"node-0\",service=\"kubelet\"",
                self.labels(pod)
            );
            past.tell(METRIC, &labels, samples);
        }
        past.written()
    }

    /// What is exported now.
    pub fn text(&self) -> String {
        let over = self.over.load(Ordering::Relaxed);
        let mut text = String::new();
        for pod in self.pods().filter(|pod| !over || **pod != self.sick) {
            let value = self.value(pod, now());
            writeln!(text, "{METRIC}{{{}}} {value}", self.labels(pod)).unwrap();
        }
        text
    }

    fn pods(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.sick).chain(&self.others)
    }

    fn labels(&self, pod: &str) -> String {
        let namespace = &self.namespace;
        format!(
            "namespace=\"{namespace}\",pod=\"{pod}\",container=\"app\",id=\"/kubepods/burstable/{pod}/5d2c\",image=\"registry.example/payment-service:1.0.0\",name=\"5d2c\""
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "seconds of some hours")]
    fn value(&self, pod: &str, at: i64) -> f64 {
        // Garbage is collected each few minutes.
        let breath = ((at % 240) as f64 / 240.0) * 12.0 * MIB;
        if pod != self.sick {
            let own = f64::from(pod.bytes().map(u32::from).sum::<u32>() % 40);
            return (240.0 + own) * MIB + breath;
        }
        if at < self.began {
            return FRESH + 40.0 * MIB + breath;
        }
        let age = ((at - self.began) % LIFE) as f64 / LIFE as f64;
        FRESH + (KILLED - FRESH) * age
    }
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}
