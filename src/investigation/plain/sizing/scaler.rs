//! The autoscaler of a workload: where it stands between its bounds, since when, why, and what it would need.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;

use super::container::{Container, requested};
use super::trend::Course;
use crate::finding::{Shares, Subject};
use crate::investigation::case::{Case, Workload, events_of, since, utc};
use crate::investigation::judge::{Load, enough, load_of, quote};
use crate::text::{Arg, Message};

/// At its maximum for this long, it is no peak of a moment.
const LASTING: TimeDelta = TimeDelta::minutes(15);
/// Size changes shown.
const RESCALES: usize = 2;

/// One autoscaler.
pub(super) struct Scaler<'a> {
    /// Its name.
    pub name: &'a str,
    min: i32,
    max: i32,
    current: i32,
    desired: i32,
    /// Since when it wants more than it may have; absent when it does not.
    limited: Option<DateTime<Utc>>,
    load: Option<Load>,
}

fn own<'a>(case: &'a Case, workload: &Subject) -> Option<&'a HorizontalPodAutoscaler> {
    case.autoscalers.iter().find(|hpa| {
        let target = &hpa.spec.scale_target_ref;
        hpa.metadata.namespace == workload.namespace
            && target.kind == workload.kind.as_str()
            && target.name == workload.name
    })
}

/// The name of a workload's autoscaler.
pub(super) fn name_of(case: &Case, workload: &Subject) -> Option<String> {
    own(case, workload)?.metadata.name.clone()
}

/// How many replicas there are, and between which bounds.
pub(super) fn replicas(
    case: &Case,
    workload: &Workload<'_>,
    scaler: Option<&Scaler<'_>>,
) -> Message {
    let id = match scaler {
        Some(_) => "sizing-replicas-scaled",
        None if case.autoscalers.knows(workload.namespace()) => "sizing-replicas",
        None => "sizing-replicas-unknown",
    };
    let line = Message::new(id)
        .with("ready", workload.ready())
        .with("wanted", workload.wanted());
    let Some(scaler) = scaler else {
        return line;
    };
    line.with("hpa", scaler.name)
        .with("min", scaler.min)
        .with("max", scaler.max)
        .with("desired", scaler.desired)
}

impl<'a> Scaler<'a> {
    /// The autoscaler of a workload, where it has one that was read.
    pub fn of(case: &'a Case, workload: &Subject) -> Option<Self> {
        let hpa = own(case, workload)?;
        let status = hpa.status.as_ref();
        let conditions = status.and_then(|it| it.conditions.as_ref());
        let limited = conditions.into_iter().flatten().find(|it| {
            it.type_ == "ScalingLimited"
                && it.status == "True"
                && it.reason.as_deref() == Some("TooManyReplicas")
        });
        Some(Self {
            name: hpa.metadata.name.as_deref()?,
            min: hpa.spec.min_replicas.unwrap_or(1),
            max: hpa.spec.max_replicas,
            current: status
                .and_then(|it| it.current_replicas)
                .unwrap_or_default(),
            desired: status.map_or(0, |it| it.desired_replicas),
            limited: limited
                .and_then(|it| it.last_transition_time.as_ref())
                .map(utc),
            load: load_of(hpa),
        })
    }

    fn is_at_max(&self) -> bool {
        self.current >= self.max
    }

    fn is_over(&self) -> bool {
        self.load
            .as_ref()
            .is_some_and(|load| load.now > load.target)
    }

    /// Since when it is at its maximum, how loaded its pods are, and what it did last.
    pub fn lines(&self, case: &Case, shares: Shares) -> Vec<Message> {
        let mut lines: Vec<Message> = self.at_max(case).into_iter().collect();
        if let Some(load) = self.load.as_ref().filter(|_| shares.metrics) {
            lines.push(
                Message::new("sizing-load")
                    .with("resource", load.resource.as_str())
                    .with("now", load.now)
                    .with("target", load.target)
                    .with("replicas", self.current)
                    .with("wanted", load.asks(self.current)),
            );
        }
        if shares.events {
            lines.extend(self.rescales(case));
        }
        lines
    }

    fn at_max(&self, case: &Case) -> Option<Message> {
        if !self.is_at_max() || self.max <= self.min {
            return None;
        }
        let Some(at) = self.limited else {
            self.load.as_ref()?;
            return Some(Message::new("sizing-at-max-enough").with("max", self.max));
        };
        let lasting = since(case.now, at);
        let id = match (self.is_over() || self.load.is_none(), lasting >= LASTING) {
            (false, _) => "sizing-at-max-passing",
            (true, true) => "sizing-at-max-lasting",
            (true, false) => "sizing-at-max-brief",
        };
        let line = Message::new(id).with("max", self.max);
        Some(line.with("lasting", Arg::Span(lasting.num_seconds())))
    }

    fn rescales(&self, case: &Case) -> Vec<Message> {
        let hpa = case.autoscalers.iter();
        let mut hpa = hpa.filter(|it| it.metadata.name.as_deref() == Some(self.name));
        let namespace = hpa.next().and_then(|it| it.metadata.namespace.clone());
        let namespace = namespace.unwrap_or_default();
        let events = events_of(case, "HorizontalPodAutoscaler", &namespace, self.name);
        let own = events
            .into_iter()
            .filter(|it| it.reason == "SuccessfulRescale");
        let line = |event: crate::investigation::case::EventView<'_>| {
            let line = Message::new("sizing-rescale").with("line", quote(event.message));
            Some(line.with("time", event.last?))
        };
        own.filter_map(line).take(RESCALES).collect()
    }

    /// The load, where it keeps the autoscaler at its maximum, has for a while, and is not going down.
    fn lasting(&self, case: &Case, course: Option<Course>) -> Option<&Load> {
        let at = self.limited.filter(|_| self.is_at_max())?;
        let stays = since(case.now, at) >= LASTING && course != Some(Course::Falling);
        self.load.as_ref().filter(|_| stays && self.is_over())
    }

    /// The maximum that the load asks for, where it lasts.
    pub fn more(&self, case: &Case, course: Option<Course>) -> Option<Message> {
        let load = self.lasting(case, course)?;
        Some(
            Message::new("sizing-max")
                .with("hpa", self.name)
                .with("replicas", self.current)
                .with("now", load.now)
                .with("target", load.target)
                .with("asked", load.asks(self.current))
                .with("from", self.max)
                .with("to", enough(self.max, Some(load))),
        )
    }

    /// A request far below what the container uses and may use: the percentage of it is always high, and no maximum
    /// would be enough. Told only for a workload of one container: the percentage is of the pod's requests together.
    pub fn small_request(
        &self,
        case: &Case,
        course: Option<Course>,
        containers: &[Container<'_>],
    ) -> Option<Message> {
        let load = self.lasting(case, course)?;
        let [only] = containers else { return None };
        let (peak, request) = (only.cpu?, only.request()?);
        // Without a limit nothing says that the container was meant to use that much.
        let limit = only.limit()?;
        let roomy = peak.value * 2 <= limit && request * 3 <= limit;
        let far = peak.value >= request * 3 / 2;
        if load.resource != "cpu" || !(roomy && far) {
            return None;
        }
        let line = only.set(
            "sizing-small-request",
            Some(format!("{request}m")),
            requested(peak),
        );
        let line = line.with("peak", Arg::Millicores(peak.value));
        Some(line.with("now", load.now).with("target", load.target))
    }
}
