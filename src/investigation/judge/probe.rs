//! Probes that fail because they ask the wrong thing, too early or too impatiently, and applications
//! that say of themselves that they are not ready.

mod fix;
mod listen;
mod liveness;
mod port;
mod readiness;
mod startup;
mod words;

use k8s_openapi::api::core::v1::Probe;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use self::words::{Complaint, Sort, Speaks, read};
use super::facts::{is_live, is_recent, pod_name, quote, recent_events, replicas};
use crate::finding::{Cause, Finding, Subject, Symptom};
use crate::investigation::case::{
    Container, EventView, ExitView, Facts, LogRead, Workload, containers,
};
use crate::text::Message;

/// Judges every probe that fails now: one finding each workload, container and sort of probe.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings = Vec::new();
    for workload in all {
        for sort in [Sort::Liveness, Sort::Readiness, Sort::Startup] {
            for failing in failing(case, workload, sort) {
                findings.extend(match sort {
                    Sort::Liveness => liveness::judge(&failing),
                    Sort::Readiness => readiness::judge(&failing),
                    Sort::Startup => startup::judge(&failing),
                });
            }
        }
    }
    findings
}

/// One probe of one container that fails, seen on the pod of the workload where it fails most.
struct Failing<'a> {
    case: &'a Facts<'a>,
    workload: &'a Workload<'a>,
    container: Container<'a>,
    sort: Sort,
    probe: &'a Probe,
    complaint: Complaint,
    event: EventView<'a>,
    /// Pods of the workload on which it fails.
    pods: usize,
}

fn failing<'a>(case: &'a Facts<'a>, workload: &'a Workload<'a>, sort: Sort) -> Vec<Failing<'a>> {
    let mut all: Vec<Failing<'a>> = Vec::new();
    for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
        for container in containers(pod) {
            let Some(failing) = of_container(case, workload, container, sort) else {
                continue;
            };
            let known = all
                .iter_mut()
                .find(|known| known.container.name() == container.name());
            match known {
                Some(known) => {
                    let pods = known.pods + 1;
                    if failing.weight() > known.weight() {
                        *known = failing;
                    }
                    known.pods = pods;
                }
                None => all.push(failing),
            }
        }
    }
    all
}

fn of_container<'a>(
    case: &'a Facts<'a>,
    workload: &'a Workload<'a>,
    container: Container<'a>,
    sort: Sort,
) -> Option<Failing<'a>> {
    let probe = match sort {
        Sort::Liveness => container.spec.liveness_probe.as_ref()?,
        Sort::Readiness => container.spec.readiness_probe.as_ref()?,
        Sort::Startup => container.spec.startup_probe.as_ref()?,
    };
    let alone = containers(container.pod)
        .iter()
        .filter(|it| !it.init)
        .count()
        == 1;
    let events = recent_events(case, container.pod);
    let (complaint, event) = events.into_iter().find_map(|event| {
        let ours = event.container == Some(container.name()) || event.container.is_none() && alone;
        let (of, complaint) = read(event.message, probe.exec.is_some())?;
        (ours && event.reason == "Unhealthy" && of == sort).then_some((complaint, event))
    })?;
    Some(Failing {
        case,
        workload,
        container,
        sort,
        probe,
        complaint,
        event,
        pods: 1,
    })
}

impl<'a> Failing<'a> {
    /// Where to look first: restarts, then how often the probe failed.
    fn weight(&self) -> (i32, i32) {
        (self.container.restarts(), self.event.count)
    }

    fn subject(&self) -> Subject {
        self.workload
            .subject
            .clone()
            .container(self.container.name())
    }

    /// `livenessProbe`, `readinessProbe` or `startupProbe`.
    fn name(&self) -> &'static str {
        match self.sort {
            Sort::Liveness => "livenessProbe",
            Sort::Readiness => "readinessProbe",
            Sort::Startup => "startupProbe",
        }
    }

    /// `livenessProbe.httpGet`, …
    fn field(&self, end: &str) -> String {
        format!("{}.{}{end}", self.name(), self.handler())
    }

    fn handler(&self) -> &'static str {
        match self.probe {
            Probe {
                http_get: Some(_), ..
            } => "httpGet",
            Probe {
                tcp_socket: Some(_),
                ..
            } => "tcpSocket",
            Probe { grpc: Some(_), .. } => "grpc",
            _ => "exec",
        }
    }

    /// The path an HTTP probe asks for.
    fn path(&self) -> Option<&'a str> {
        let get = self.probe.http_get.as_ref()?;
        Some(
            get.path
                .as_deref()
                .filter(|path| !path.is_empty())
                .unwrap_or("/"),
        )
    }

    /// The port as the spec writes it.
    fn port(&self) -> Option<IntOrString> {
        port_of(self.probe)
    }

    /// The logs of the container that were read: the run that died, then the current one.
    fn logs(&self) -> Vec<&'a LogRead> {
        let pod = pod_name(self.container.pod);
        [true, false]
            .into_iter()
            .filter_map(|previous| {
                let namespace = self.workload.namespace();
                self.case
                    .log(namespace, pod, self.container.name(), previous)
            })
            .collect()
    }

    /// How the kubelet ended the container, when it recently did: not for memory, not by a start that
    /// failed, and not by an error that the application reports itself.
    fn killed(&self) -> Option<ExitView> {
        let exit = self.container.last_exit()?;
        let memory = exit.reason == "OOMKilled";
        let not_started = matches!(exit.reason.as_str(), "StartError" | "ContainerCannotRun")
            || matches!(exit.code, 126..=128);
        let crashed = !matches!(exit.code, 0 | 130 | 137 | 143);
        let recent = is_recent(self.case, exit.finished);
        (recent && !memory && !not_started && !crashed && self.container.restarts() > 0)
            .then_some(exit)
    }

    /// Seconds after its start at which the kubelet gives a container up that never answers.
    fn window(&self) -> i64 {
        let number = |value: Option<i32>, default: i32| {
            i64::from(value.filter(|value| *value > 0).unwrap_or(default))
        };
        let period = number(self.probe.period_seconds, 10);
        let failures = number(self.probe.failure_threshold, 3);
        number(self.probe.initial_delay_seconds, 0) + period * failures
    }

    /// The finding with what all of them have: the kubelet's words, the pods, the symptoms.
    fn finding(&self, cause: Cause, strength: f64, summary: Message) -> Finding {
        let summary = summary
            .with("workload", &self.workload.subject.name)
            .with("container", self.container.name());
        let pod = pod_name(self.container.pod);
        let fact = Message::new("fact-probe-failed")
            .with("line", quote(self.event.message))
            .with("count", self.event.count);
        let symptoms: &[Symptom] = match self.sort {
            Sort::Liveness | Sort::Startup => &[
                Symptom::Restarting,
                Symptom::Unavailable,
                Symptom::Errors,
                Symptom::NotReady,
                Symptom::Slow,
                Symptom::DeployFailed,
            ],
            Sort::Readiness => &[
                Symptom::NotReady,
                Symptom::Unavailable,
                Symptom::DeployFailed,
                Symptom::Errors,
                Symptom::Slow,
            ],
        };
        Finding::new(cause, self.subject(), strength, summary)
            .evidence(fact, format!("event Unhealthy pod {pod}"), self.event.last)
            .explains(symptoms.iter().copied())
            .since(self.event.first)
            .affected(self.pods)
    }

    /// Adds how many pods are Ready.
    fn with_replicas(&self, finding: Finding) -> Finding {
        let wanted = self.workload.wanted().max(self.pods);
        replicas(finding, self.case, self.workload.ready(), wanted)
    }

    /// The protocol the other side seems to speak, where the kubelet's words leave it open.
    fn speaks(&self) -> Option<Speaks> {
        let plain_http = self.probe.http_get.as_ref().is_some_and(|get| {
            get.scheme
                .as_deref()
                .is_none_or(|scheme| scheme.eq_ignore_ascii_case("http"))
        });
        let said = |phrase: &str| {
            let mut logs = self.logs().into_iter();
            logs.any(|log| log.find(|line| line.contains(phrase)).is_some())
        };
        let declared = port::declared_name(self).unwrap_or_default();
        match self.complaint {
            Complaint::Protocol(speaks) => Some(speaks),
            Complaint::Status(400) | Complaint::Closed if plain_http => {
                if said("client sent an HTTP request to an HTTPS server") || declared == "https" {
                    Some(Speaks::Tls)
                } else if declared.starts_with("grpc") {
                    Some(Speaks::Grpc)
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// The port a probe asks, as its spec writes it.
fn port_of(probe: &Probe) -> Option<IntOrString> {
    let http = probe.http_get.as_ref().map(|get| get.port.clone());
    let tcp = || probe.tcp_socket.as_ref().map(|tcp| tcp.port.clone());
    let grpc = || probe.grpc.as_ref().map(|grpc| IntOrString::Int(grpc.port));
    http.or_else(tcp).or_else(grpc)
}
