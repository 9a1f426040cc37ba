//! A workload with what was measured of it: the questions that several judges ask.

use chrono::TimeDelta;

use super::{FAILING, THROTTLED, WORSE, readings};
use crate::finding::{Kind, Subject, Symptom};
use crate::investigation::case::{
    Container, Facts, Indicator, Reading, Usage, Workload, containers, is_ready, since,
};

/// A container that started less than this ago still warms up.
const WARM: TimeDelta = TimeDelta::minutes(5);
/// Answers within this time are not slow, whatever they were before.
const FAST: f64 = 0.05;

/// One workload and the case it is in.
pub(super) struct Measured<'a> {
    /// Everything read.
    pub case: &'a Facts<'a>,
    /// The workload.
    pub workload: &'a Workload<'a>,
}

/// What a container uses of a resource, and what it may.
pub(super) struct Used<'a> {
    /// The container.
    pub container: Container<'a>,
    /// In the unit of the limit.
    pub now: f64,
    /// At this time on other days, where that is known.
    pub normal: Option<f64>,
    /// Its limit, where it has one.
    pub limit: Option<f64>,
    /// The last hours, where they were read.
    pub history: &'a [(f64, f64)],
    /// Whether Prometheus says so, and not metrics-server alone.
    pub averaged: bool,
}

impl Used<'_> {
    /// Share of the limit in use.
    pub fn share(&self) -> Option<f64> {
        self.limit
            .filter(|limit| *limit > 0.0)
            .map(|limit| self.now / limit)
    }

    /// Share of the limit in use on other days.
    pub fn normal_share(&self) -> Option<f64> {
        Some(self.normal? / self.limit.filter(|limit| *limit > 0.0)?)
    }

    /// Where the number comes from.
    pub fn source(&self, metric: &'static str) -> &'static str {
        if self.averaged {
            metric
        } else {
            "metrics-server"
        }
    }
}

impl Measured<'_> {
    /// The workload's name as the object to change.
    pub fn subject(&self) -> &Subject {
        &self.workload.subject
    }

    /// Whether it serves: a Job works off what it has, and may use all it is given.
    pub fn serves(&self) -> bool {
        !matches!(self.subject().kind, Kind::Job | Kind::CronJob) && !self.workload.pods.is_empty()
    }

    /// Whether a pod of it is on that node.
    pub fn runs_on(&self, node: &str) -> bool {
        self.workload
            .pods
            .iter()
            .any(|pod| pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == Some(node))
    }

    /// The reading of the whole workload.
    pub fn total(&self, indicator: Indicator) -> Option<&Reading> {
        readings(self.case, self.workload, indicator)
            .find(|reading| reading.pod.is_none() && reading.container.is_none())
    }

    /// The readings of its pods.
    pub fn by_pod(&self, indicator: Indicator) -> Vec<&Reading> {
        let all = readings(self.case, self.workload, indicator);
        all.filter(|reading| reading.pod.is_some()).collect()
    }

    /// Its answer time, where it is well above the usual.
    pub fn slow(&self) -> Option<&Reading> {
        let latency = self.total(Indicator::LatencyP99)?;
        let normal = latency.normal().filter(|normal| *normal > 0.0)?;
        (latency.now > normal * WORSE && latency.now >= FAST).then_some(latency)
    }

    /// How sure it is that users suffer: measured, or said by the asker where nothing was measured.
    pub fn suffers(&self) -> Option<f64> {
        let throttled = readings(self.case, self.workload, Indicator::CpuThrottled)
            .any(|reading| reading.now >= THROTTLED);
        let failing = self
            .total(Indicator::ErrorRate)
            .is_some_and(|r| r.now >= FAILING && r.now >= r.normal().unwrap_or(0.0) * WORSE);
        if self.slow().is_some() || throttled || failing {
            return Some(1.0);
        }
        let measured = self
            .total(Indicator::LatencyP99)
            .is_some_and(|latency| latency.normal().is_some());
        let said = [Symptom::Slow, Symptom::Errors, Symptom::Unavailable];
        let said = said.iter().any(|one| self.case.symptoms.contains(one));
        (!measured && said).then_some(0.85)
    }

    /// CPU of each container that has warmed up, in millicores.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method is not general over lifetimes"
    )]
    pub fn cpu(&self) -> Vec<Used<'_>> {
        self.used(
            Indicator::CpuUsed,
            1000.0,
            |usage| usage.millicores,
            |c| c.cpu_limit(),
        )
    }

    /// Memory of each container, in bytes.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method is not general over lifetimes"
    )]
    pub fn memory(&self) -> Vec<Used<'_>> {
        self.used(
            Indicator::MemoryUsed,
            1.0,
            |usage| usage.bytes,
            |c| c.memory_limit(),
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "shares for people")]
    fn used(
        &self,
        indicator: Indicator,
        factor: f64,
        of_usage: impl Fn(&Usage) -> u64,
        limit: impl Fn(&Container<'_>) -> Option<u64>,
    ) -> Vec<Used<'_>> {
        let pods = self.workload.pods.iter().filter(|pod| is_ready(pod));
        let all = pods
            .flat_map(|pod| containers(pod))
            .filter(|c| !c.init && self.warm(c));
        all.filter_map(|container| {
            let read = self.reading_of(indicator, &container);
            let usage = self.case.usage.get(&key(&container)?);
            let now = read
                .map(|r| r.now * factor)
                .or_else(|| Some(of_usage(usage?) as f64))?;
            Some(Used {
                container,
                now,
                normal: read.and_then(Reading::normal).map(|normal| normal * factor),
                limit: limit(&container).map(|limit| limit as f64),
                history: read.map_or(&[], |r| r.history.as_slice()),
                averaged: read.is_some(),
            })
        })
        .collect()
    }

    fn warm(&self, container: &Container<'_>) -> bool {
        let started = container.running_since();
        started.is_some_and(|at| since(self.case.now, at) >= WARM)
    }

    fn reading_of(&self, indicator: Indicator, container: &Container<'_>) -> Option<&Reading> {
        let pod = container.pod.metadata.name.as_deref();
        readings(self.case, self.workload, indicator)
            .find(|r| r.pod.as_deref() == pod && r.container.as_deref() == Some(container.name()))
    }
}

fn key(container: &Container<'_>) -> Option<String> {
    let meta = &container.pod.metadata;
    let (namespace, pod) = (meta.namespace.as_deref()?, meta.name.as_deref()?);
    Some(format!("{namespace}/{pod}/{}", container.name()))
}

/// The container that uses most of its limit.
pub(super) fn hottest<'u, 'a>(all: &'u [Used<'a>]) -> Option<(&'u Used<'a>, f64)> {
    let shares = all.iter().filter_map(|used| Some((used, used.share()?)));
    shares.max_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// A quantity of the limit's unit, as messages take it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a quantity, clamped to be positive"
)]
pub(super) fn whole(value: f64) -> u64 {
    value.max(0.0).round() as u64
}
