//! Autoscalers that cannot do their work, or have nothing left to give. The words are those of the HPA controller
//! (`pkg/controller/podautoscaler`), in its conditions.

use chrono::TimeDelta;
use k8s_openapi::api::autoscaling::v2::{
    HorizontalPodAutoscaler, HorizontalPodAutoscalerCondition, HorizontalPodAutoscalerSpec,
};

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Case, Facts, Looked, Workload, show_millicores, since, utc};
use crate::investigation::judge::facts::{argument, kubectl, quote};
use crate::text::{Arg, Message};

/// An autoscaler may be at its maximum, or without numbers, for this long after a start.
const SOON: TimeDelta = TimeDelta::minutes(3);
/// At its maximum for this long, it is no peak of a moment.
const LASTING: TimeDelta = TimeDelta::minutes(15);

/// Judges every autoscaler.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let of = |hpa: &HorizontalPodAutoscaler| {
        let one = One::of(case, all, hpa)?;
        one.target_missing()
            .or_else(|| one.rivals())
            .or_else(|| one.no_requests())
            .or_else(|| one.blind())
            .or_else(|| one.at_max())
    };
    case.autoscalers.iter().filter_map(of).collect()
}

/// The autoscalers that cannot read the resource metrics, with the controller's words.
pub(in crate::investigation) fn without_resource_metrics(case: &Case) -> Vec<(Subject, &str)> {
    let of = |hpa: &'_ HorizontalPodAutoscaler| {
        let meta = &hpa.metadata;
        let subject = Subject::new(
            Kind::HorizontalPodAutoscaler,
            meta.namespace.clone()?,
            meta.name.clone()?,
        );
        Some(subject)
    };
    let blind = case.autoscalers.iter().filter_map(|hpa| {
        let conditions = hpa.status.as_ref()?.conditions.as_ref()?;
        let inactive = conditions
            .iter()
            .find(|it| it.type_ == "ScalingActive" && it.status == "False")?;
        let words = inactive.message.as_deref().unwrap_or_default();
        let of_resource =
            words.contains("resource metrics API") || words.contains("metrics.k8s.io");
        let others =
            words.contains("custom.metrics.k8s.io") || words.contains("external.metrics.k8s.io");
        (of_resource && !others).then_some((of(hpa)?, words))
    });
    blind.collect()
}

struct One<'a> {
    case: &'a Facts<'a>,
    hpa: &'a HorizontalPodAutoscaler,
    spec: &'a HorizontalPodAutoscalerSpec,
    subject: Subject,
    target: Subject,
    workload: Option<&'a Workload<'a>>,
}

impl<'a> One<'a> {
    fn of(
        case: &'a Facts<'a>,
        all: &'a [Workload<'a>],
        hpa: &'a HorizontalPodAutoscaler,
    ) -> Option<Self> {
        let meta = &hpa.metadata;
        let namespace = meta.namespace.as_deref()?;
        let spec = &hpa.spec;
        let target = Subject::new(
            Kind::parse(&spec.scale_target_ref.kind)?,
            namespace,
            &spec.scale_target_ref.name,
        );
        Some(Self {
            case,
            hpa,
            spec,
            subject: Subject::new(
                Kind::HorizontalPodAutoscaler,
                namespace,
                meta.name.as_deref()?,
            ),
            workload: all.iter().find(|one| one.subject.same_object(&target)),
            target,
        })
    }

    fn condition(&self, kind: &str, status: &str) -> Option<&'a HorizontalPodAutoscalerCondition> {
        let all = self.hpa.status.as_ref()?.conditions.as_ref()?;
        all.iter()
            .find(|it| it.type_ == kind && it.status == status)
    }

    fn finding(&self, cause: Cause, strength: f64, summary: Message) -> Finding {
        let summary = summary
            .with("hpa", &self.subject.name)
            .with("workload", &self.target.name);
        Finding::new(cause, self.subject.clone(), strength, summary)
            .explains([Symptom::NotScaling, Symptom::Slow, Symptom::Errors])
            .hits([self.target.clone()])
    }

    fn with_words(
        &self,
        finding: Finding,
        condition: &HorizontalPodAutoscalerCondition,
    ) -> Finding {
        let at = condition.last_transition_time.as_ref().map(utc);
        let fact = Message::new("fact-controller-says")
            .with("reason", condition.reason.as_deref().unwrap_or_default())
            .with(
                "line",
                quote(condition.message.as_deref().unwrap_or_default()),
            );
        let source = format!(
            "{} status.conditions[{}]",
            self.subject.label(),
            condition.type_
        );
        finding
            .evidence(fact, source, Some(self.case.now))
            .since(at)
    }

    fn describe(&self, why: &'static str) -> Fix {
        let command = format!(
            "{} describe hpa {}",
            kubectl(&self.subject),
            self.subject.name
        );
        let why = Message::new(why).with("workload", &self.target.name);
        Fix::new(self.subject.clone(), "", why).command(command)
    }

    /// The controller finds nothing to scale.
    fn target_missing(&self) -> Option<Finding> {
        let condition = self.condition("AbleToScale", "False").filter(|it| {
            let words = it.message.as_deref().unwrap_or_default();
            it.reason.as_deref() == Some("FailedGetScale") && words.contains("not found")
        })?;
        let strength = match self.looked() {
            Some(true) => return None,
            Some(false) => 0.96,
            None => 0.92,
        };
        let summary =
            Message::new("cause-hpa-target-missing").with("kind", self.target.kind.as_str());
        let finding = self.finding(Cause::HpaTargetMissing, strength, summary);
        let near = self.near();
        let mut fix = self.describe("why-hpa-target-missing");
        if let Some(near) = &near {
            let why = Message::new("why-hpa-target-missing").with("workload", &near.name);
            fix = Fix::new(self.subject.clone(), "spec.scaleTargetRef.name", why)
                .change(Some(self.target.name.as_str()), Some(near.name.as_str()));
        }
        Some(self.with_words(finding, condition).hits(near).fix(fix))
    }

    /// Whether the target exists, where that is known.
    fn looked(&self) -> Option<bool> {
        fn known<T>(looked: &Looked<T>) -> Option<bool> {
            match looked {
                Looked::Found(_) => Some(true),
                Looked::Absent => Some(false),
                Looked::Unknown => None,
            }
        }
        let namespace = self.target.namespace.as_deref().unwrap_or_default();
        match self.target.kind {
            Kind::Deployment => known(&self.case.deployments.look(namespace, &self.target.name)),
            Kind::StatefulSet => known(&self.case.stateful_sets.look(namespace, &self.target.name)),
            _ => None,
        }
    }

    /// A workload there that is called like the autoscaler, or nearly like its target.
    fn near(&self) -> Option<Subject> {
        let namespace = self.target.namespace.as_deref().unwrap_or_default();
        let names = self
            .case
            .deployments
            .within(namespace)
            .filter_map(|it| it.metadata.name.as_deref());
        let own = self.subject.name.trim_end_matches("-hpa");
        let target = self.target.name.as_str();
        let near = |name: &&str| {
            *name == own
                || name.starts_with(&format!("{target}-"))
                || target.starts_with(&format!("{name}-"))
        };
        let found: Vec<&str> = names.filter(near).collect();
        let [only] = found.as_slice() else {
            return None;
        };
        Some(Subject::new(self.target.kind, namespace, *only))
    }

    /// Several autoscalers count the same pods, and the controller lets none of them scale. Told once, of
    /// the one that came last.
    fn rivals(&self) -> Option<Finding> {
        let condition = self
            .condition("ScalingActive", "False")
            .filter(|it| it.reason.as_deref() == Some("AmbiguousSelector"))?;
        let words = condition.message.as_deref().unwrap_or_default();
        let (_, listed) = words.rsplit_once('[')?;
        let names: Vec<&str> = listed
            .trim_end_matches(']')
            .split_whitespace()
            .filter_map(|one| Some(one.split_once('/')?.1))
            .collect();
        let namespace = self.subject.namespace.as_deref()?;
        let all = self.case.autoscalers.within(namespace).filter(|one| {
            let name = one.metadata.name.as_deref().unwrap_or_default();
            names.contains(&name)
        });
        let made = |one: &HorizontalPodAutoscaler| {
            let at = one.metadata.creation_timestamp.as_ref().map(utc);
            (at, one.metadata.name.clone())
        };
        let last = all.map(made).max();
        if last.is_some_and(|last| last != made(self.hpa)) {
            return None;
        }
        let others = names.iter().filter(|name| **name != self.subject.name);
        let others =
            others.map(|name| Subject::new(Kind::HorizontalPodAutoscaler, namespace, *name));
        let summary = Message::new("cause-hpa-rivals").with("hpas", names.clone());
        let finding = self.finding(Cause::HpaCannotReadMetrics, 0.95, summary);
        let fix = self.describe("why-hpa-rivals");
        Some(self.with_words(finding, condition).hits(others).fix(fix))
    }

    fn inactive(&self) -> Option<(&'a HorizontalPodAutoscalerCondition, &'a str)> {
        let condition = self.condition("ScalingActive", "False")?;
        let reason = condition.reason.as_deref().unwrap_or_default();
        let failed = reason.starts_with("FailedGet")
            || reason.starts_with("FailedCompute")
            || reason == "InvalidMetricSourceType";
        failed.then_some((condition, condition.message.as_deref().unwrap_or_default()))
    }

    /// A percentage of nothing: the container has no request.
    fn no_requests(&self) -> Option<Finding> {
        let (condition, words) = self.inactive()?;
        let (_, rest) = words.split_once("missing request for ")?;
        let resource = rest.split([' ', ',', ';']).next()?;
        let container = rest
            .split_once("in container ")
            .and_then(|(_, rest)| rest.split([' ', ',']).next());
        let lacks = self.lacking(resource);
        let container = container.or(lacks.first().copied());
        let verified = container.is_some_and(|name| lacks.contains(&name));
        let subject = match container {
            Some(name) => self.target.clone().container(name),
            None => self.target.clone(),
        };
        let summary = Message::new("cause-hpa-no-requests")
            .with("container", container.unwrap_or("–"))
            .with("resource", resource);
        let mut finding = self.finding(
            Cause::HpaNoRequests,
            if verified { 0.97 } else { 0.92 },
            summary,
        );
        finding.subject = subject.clone();
        finding.hits = vec![self.subject.clone()];
        let fix = self.request(&subject, resource, container);
        Some(self.with_words(finding, condition).fix(fix))
    }

    fn request(&self, subject: &Subject, resource: &str, container: Option<&str>) -> Fix {
        let field = format!("resources.requests.{resource}");
        let why = Message::new("why-hpa-no-requests").with("resource", resource);
        let fix = Fix::new(subject.clone(), field, why);
        let Some(container) = container else {
            return fix;
        };
        let used = (resource == "cpu").then(|| self.used(container)).flatten();
        let value = match (used, resource) {
            (Some(used), _) => show_millicores((used.max(50) * 12 / 10).div_ceil(50) * 50),
            (None, "cpu") => String::from("250m"),
            (None, _) => String::from("256Mi"),
        };
        let command = format!(
            "{} set resources {} -c {container} --requests={resource}={value}",
            kubectl(subject),
            argument(&self.target)
        );
        fix.change(Some("–"), Some(value)).command(command)
    }

    /// The most a container of that name uses now.
    fn used(&self, container: &str) -> Option<u64> {
        let workload = self.workload?;
        let of = |pod: &&k8s_openapi::api::core::v1::Pod| {
            let name = pod.metadata.name.as_deref()?;
            let key = format!("{}/{name}/{container}", workload.namespace());
            Some(self.case.usage.get(&key)?.millicores)
        };
        workload.pods.iter().filter_map(of).max()
    }

    /// The containers of the template that neither request nor limit the resource (a limit alone is the request too).
    fn lacking(&self, resource: &str) -> Vec<&'a str> {
        let template = self
            .workload
            .and_then(|workload| workload.template?.spec.as_ref());
        let containers = template
            .map(|spec| spec.containers.as_slice())
            .unwrap_or_default();
        let lacks = |spec: &&k8s_openapi::api::core::v1::Container| {
            let resources = spec.resources.as_ref();
            let requests = resources.and_then(|it| it.requests.as_ref());
            let limits = resources.and_then(|it| it.limits.as_ref());
            !requests.is_some_and(|it| it.contains_key(resource))
                && !limits.is_some_and(|it| it.contains_key(resource))
        };
        containers
            .iter()
            .filter(lacks)
            .map(|spec| spec.name.as_str())
            .collect()
    }

    /// It gets no numbers.
    fn blind(&self) -> Option<Finding> {
        let (condition, words) = self.inactive()?;
        let at = condition.last_transition_time.as_ref().map(utc);
        let lasting = at.map_or(LASTING, |at| since(self.case.now, at));
        // Pods that just started have no numbers yet.
        if lasting < SOON {
            return None;
        }
        let starting = words.contains("did not receive metrics for targeted pods")
            || words.contains("pods might be unready");
        let strength = if starting { 0.6 } else { 0.92 };
        let (sentence, why) = match words {
            words if words.contains("custom metrics API") || words.contains("custom.metrics") => {
                ("cause-hpa-no-custom-metrics", "why-hpa-no-custom-metrics")
            }
            words
                if words.contains("external metrics API") || words.contains("external.metrics") =>
            {
                ("cause-hpa-no-external-metrics", "why-hpa-no-custom-metrics")
            }
            _ => (
                "cause-hpa-cannot-read-metrics",
                "why-hpa-cannot-read-metrics",
            ),
        };
        let current = self.hpa.status.as_ref().and_then(|it| it.current_replicas);
        let summary = Message::new(sentence).with("replicas", current.unwrap_or_default());
        let finding = self.finding(Cause::HpaCannotReadMetrics, strength, summary);
        Some(self.with_words(finding, condition).fix(self.describe(why)))
    }

    /// It wants more than it may have.
    fn at_max(&self) -> Option<Finding> {
        let status = self.hpa.status.as_ref()?;
        let max = self.spec.max_replicas;
        let limited = self
            .condition("ScalingLimited", "True")
            .filter(|it| it.reason.as_deref() == Some("TooManyReplicas"))?;
        if status.current_replicas.unwrap_or_default() < max {
            return None;
        }
        let at = limited.last_transition_time.as_ref().map(utc);
        let lasting = at.map_or(SOON, |at| since(self.case.now, at));
        if lasting < SOON {
            return None;
        }
        let load = load_of(self.hpa);
        let over = load.as_ref().is_some_and(|load| load.now > load.target);
        // The numbers have come down since: it only waits to scale down.
        if load.is_some() && !over {
            return None;
        }
        let strength = match (lasting >= LASTING, over) {
            (true, true) => 0.85,
            (true, false) => 0.7,
            (false, _) => 0.55,
        };
        let sentence = if lasting >= LASTING {
            "cause-hpa-at-max"
        } else {
            "cause-hpa-at-max-briefly"
        };
        let summary = Message::new(sentence)
            .with("max", max)
            .with("lasting", Arg::Span(lasting.num_seconds()));
        let finding = self.finding(Cause::HpaAtMax, strength, summary);
        let mut finding = self.with_words(finding, limited);
        if let Some(load) = &load {
            finding = self.with_load(finding, load);
        }
        Some(
            finding
                .affected(usize::try_from(max).unwrap_or_default())
                .fix(self.more(max, load.as_ref())),
        )
    }

    fn with_load(&self, mut finding: Finding, load: &Load) -> Finding {
        let fact = Message::new("fact-hpa-load")
            .with("resource", load.resource.as_str())
            .with("now", load.now)
            .with("target", load.target);
        let source = format!("{} status.currentMetrics", self.subject.label());
        finding = finding.evidence(fact, source, Some(self.case.now));
        finding.evidence.rotate_right(1);
        finding
    }

    fn more(&self, max: i32, load: Option<&Load>) -> Fix {
        let new = enough(max, load);
        let command = format!(
            "{} patch hpa {} -p '{{\"spec\":{{\"maxReplicas\":{new}}}}}'",
            kubectl(&self.subject),
            self.subject.name
        );
        Fix::new(
            self.subject.clone(),
            "spec.maxReplicas",
            Message::new("why-hpa-at-max"),
        )
        .change(Some(max.to_string()), Some(new.to_string()))
        .command(command)
    }
}

/// As many replicas as the numbers ask for (replicas × now / target), at least half more than the maximum, at most
/// three times as many.
pub(in crate::investigation) fn enough(max: i32, load: Option<&Load>) -> i64 {
    let asked = load.map_or(0, |load| load.asks(max));
    asked
        .max(i64::from(max) + i64::from(max + 1) / 2)
        .min(i64::from(max) * 3)
}

/// The resource of an autoscaler that is furthest above its target.
pub(in crate::investigation) fn load_of(hpa: &HorizontalPodAutoscaler) -> Option<Load> {
    let status = hpa.status.as_ref()?;
    let current = status.current_metrics.iter().flatten();
    let wanted: Vec<_> = hpa
        .spec
        .metrics
        .iter()
        .flatten()
        .filter_map(|it| it.resource.as_ref())
        .collect();
    let loads = current.filter_map(|it| {
        let resource = it.resource.as_ref()?;
        let target = wanted.iter().find(|one| one.name == resource.name)?;
        Some(Load {
            resource: resource.name.clone(),
            now: resource.current.average_utilization?,
            target: target.target.average_utilization.filter(|it| *it > 0)?,
        })
    });
    loads.max_by_key(|load| load.now - load.target)
}

/// A resource's use and its target, percent of the request.
pub(in crate::investigation) struct Load {
    /// `cpu` or `memory`.
    pub resource: String,
    /// Mean use of the pods.
    pub now: i32,
    /// What the autoscaler keeps it at.
    pub target: i32,
}

impl Load {
    /// The replicas that so many would have to be for the target: the controller's own formula.
    pub fn asks(&self, replicas: i32) -> i64 {
        let wanted = i64::from(replicas) * i64::from(self.now);
        (wanted + i64::from(self.target) - 1) / i64::from(self.target.max(1))
    }
}
