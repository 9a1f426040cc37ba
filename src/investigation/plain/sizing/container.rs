//! One container of a workload: what it was seen to use at most, what it asks for, what it may use, and the values that
//! would fit. Headroom is a judgement, and said: twice the peak for a CPU limit, half more for memory (it does not
//! shrink under pressure, it is killed), a fifth more for requests.

use crate::investigation::case::{
    Case, Container as Spec, Indicator, Workload, containers, show_bytes,
};
use crate::text::{Arg, Message};

/// A peak of this much of its limit leaves too little room, in percent.
const TIGHT: u64 = 75;
const MEBI: u64 = 1 << 20;

/// A container in all pods of a workload.
pub(super) struct Container<'a> {
    /// As the first pod has it.
    spec: Spec<'a>,
    /// Highest use of CPU, millicores.
    pub cpu: Option<Peak>,
    /// Highest working set, bytes.
    memory: Option<Peak>,
    /// Whether a run of it ended because it reached its memory limit.
    killed: bool,
}

/// The most that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Peak {
    pub value: u64,
    /// Message id of the time it was looked for: an hour, a day, now.
    window: &'static str,
}

impl Peak {
    fn of(value: u64, window: &'static str) -> Self {
        Self { value, window }
    }

    fn window(self) -> Message {
        Message::new(self.window)
    }
}

/// The containers of a workload that run along.
pub(super) fn all<'a>(case: &'a Case, workload: &Workload<'a>) -> Vec<Container<'a>> {
    let first = workload.pods.first();
    let specs = first.map(|pod| containers(pod)).unwrap_or_default();
    let of = |spec: Spec<'a>| {
        let name = spec.name();
        let same = || {
            let pods = workload.pods.iter();
            pods.flat_map(|pod| containers(pod))
                .filter(move |one| one.name() == name)
        };
        let used = || {
            same().filter_map(|one| {
                let pod = one.pod.metadata.name.as_deref()?;
                case.usage
                    .get(&format!("{}/{pod}/{name}", workload.namespace()))
            })
        };
        Container {
            cpu: hour(case, workload, name).or_else(|| {
                let now = used().map(|usage| usage.millicores).max();
                now.map(|value| Peak::of(value, "sizing-now"))
            }),
            memory: day(case, workload, name).or_else(|| {
                let now = used().map(|usage| usage.bytes).max();
                now.map(|value| Peak::of(value, "sizing-now"))
            }),
            killed: same().any(|one| {
                one.last_exit()
                    .is_some_and(|exit| exit.reason == "OOMKilled")
            }),
            spec,
        }
    };
    specs
        .into_iter()
        .filter(|it| !it.is_step())
        .map(of)
        .collect()
}

/// The highest CPU of the last hour, from Prometheus.
fn hour(case: &Case, workload: &Workload<'_>, container: &str) -> Option<Peak> {
    let from = super::trend::an_hour_ago(case);
    let own = readings(case, workload, Indicator::CpuUsed, container);
    let values = own.flat_map(|reading| {
        let past = reading.history.iter().filter(move |(at, _)| *at >= from);
        past.map(|(_, value)| *value)
            .chain(std::iter::once(reading.now))
    });
    let peak = values.filter(|it| it.is_finite()).reduce(f64::max)?;
    Some(Peak::of(whole(peak * 1000.0), "sizing-hour"))
}

/// The highest working set of the last day, from Prometheus.
fn day(case: &Case, workload: &Workload<'_>, container: &str) -> Option<Peak> {
    let own = readings(case, workload, Indicator::MemoryPeak, container);
    let peak = own.map(|reading| reading.now).reduce(f64::max)?;
    Some(Peak::of(whole(peak), "sizing-day"))
}

fn readings<'a>(
    case: &'a Case,
    workload: &Workload<'_>,
    indicator: Indicator,
    container: &str,
) -> impl Iterator<Item = &'a crate::investigation::case::Reading> {
    let (namespace, name) = (
        workload.namespace().to_owned(),
        workload.subject.name.clone(),
    );
    let container = container.to_owned();
    case.readings.iter().filter(move |one| {
        one.indicator == indicator
            && one.namespace == namespace
            && one.workload == name
            && one.container.as_deref().is_none_or(|it| it == container)
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range just before"
)]
pub(super) fn whole(value: f64) -> u64 {
    value.round().clamp(0.0, 9e18) as u64
}

impl Container<'_> {
    /// Whether anything is known of what it uses.
    pub fn is_measured(&self) -> bool {
        self.cpu.is_some() || self.memory.is_some()
    }

    /// Millicores it asks for: its request, else its limit (the API server copies it then).
    pub fn request(&self) -> Option<u64> {
        self.spec.cpu_request().or_else(|| self.spec.cpu_limit())
    }

    /// Millicores it may use.
    pub fn limit(&self) -> Option<u64> {
        self.spec.cpu_limit()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.spec.name()
    }

    /// What it uses, asks for and may use; nothing where nothing was measured.
    pub fn lines(&self) -> Vec<Message> {
        let known =
            |value: Option<Arg>| value.unwrap_or_else(|| Message::new("sizing-none").into());
        let line = |id, peak: Peak, amount: fn(u64) -> Arg, request: Option<u64>, limit| {
            let of_limit = |limit: u64| {
                let share = ratio(peak.value, limit.max(1));
                Message::new("sizing-limit")
                    .with("limit", amount(limit))
                    .with("share", Arg::Percent(share))
                    .into()
            };
            Message::new(id)
                .with("container", self.name())
                .with("peak", amount(peak.value))
                .with("window", peak.window())
                .with("request", known(request.map(amount)))
                .with("limit", known(Option::<u64>::map(limit, of_limit)))
        };
        let (spec, mut lines) = (&self.spec, Vec::new());
        if let Some(peak) = self.cpu {
            let (request, limit) = (spec.cpu_request(), spec.cpu_limit());
            lines.push(line("sizing-cpu", peak, Arg::Millicores, request, limit));
        }
        if let Some(peak) = self.memory {
            let (request, limit) = (spec.memory_request(), spec.memory_limit());
            lines.push(line("sizing-memory", peak, Arg::Bytes, request, limit));
        }
        lines
    }

    /// The values to set, what is tightest first; nothing where the values fit, or nothing was measured.
    pub fn advice(&self) -> Vec<Message> {
        let all = [
            self.memory_limit(),
            self.cpu_limit(),
            self.cpu_request(),
            self.memory_request(),
        ];
        all.into_iter().flatten().collect()
    }

    fn memory_limit(&self) -> Option<Message> {
        let (limit, peak) = (self.spec.memory_limit(), self.memory);
        if self.killed
            && let Some(limit) = limit
        {
            let fits = peak.map_or(0, |peak| memory(peak.value * 3 / 2));
            let to = fits.max(limit * 2);
            let line = self.set(
                "sizing-memory-killed",
                Some(show_bytes(limit)),
                show_bytes(to),
            );
            return Some(line.with("peak", Arg::Bytes(peak.map_or(limit, |it| it.value))));
        }
        let peak = peak?;
        if limit.is_some_and(|limit| !is_tight(peak.value, limit)) {
            return None;
        }
        let to = show_bytes(memory(peak.value * 3 / 2));
        let line = self.set("sizing-memory-limit", limit.map(show_bytes), to);
        Some(seen(line, peak, Arg::Bytes(peak.value)))
    }

    fn cpu_limit(&self) -> Option<Message> {
        let (limit, peak) = (self.spec.cpu_limit()?, self.cpu?);
        if !is_tight(peak.value, limit) {
            return None;
        }
        let to = format!("{}m", cpu(peak.value * 2));
        let line = self.set("sizing-cpu-limit", Some(format!("{limit}m")), to);
        Some(seen(line, peak, Arg::Millicores(peak.value)))
    }

    fn cpu_request(&self) -> Option<Message> {
        let peak = self.cpu.filter(|_| self.request().is_none())?;
        let line = self.set("sizing-cpu-request", None, requested(peak));
        Some(seen(line, peak, Arg::Millicores(peak.value)))
    }

    fn memory_request(&self) -> Option<Message> {
        let spec = &self.spec;
        let set = spec.memory_request().or_else(|| spec.memory_limit());
        let peak = self.memory.filter(|_| set.is_none())?;
        let to = show_bytes(memory(peak.value * 6 / 5));
        let line = self.set("sizing-memory-request", None, to);
        Some(seen(line, peak, Arg::Bytes(peak.value)))
    }

    /// A sentence that changes one of its values.
    pub fn set(&self, id: &'static str, from: Option<String>, to: String) -> Message {
        let from = from.map_or_else(|| Message::new("sizing-none").into(), Arg::from);
        Message::new(id)
            .with("container", self.name())
            .with("from", from)
            .with("to", to)
    }
}

/// The CPU request that fits: a fifth more than the peak.
pub(super) fn requested(peak: Peak) -> String {
    format!("{}m", (peak.value * 6 / 5).div_ceil(50).max(1) * 50)
}

fn seen(line: Message, peak: Peak, value: Arg) -> Message {
    line.with("peak", value).with("window", peak.window())
}

fn is_tight(peak: u64, limit: u64) -> bool {
    peak.saturating_mul(100) >= limit.saturating_mul(TIGHT)
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// Rounded up to what people write: 100m up to one CPU, then quarters.
fn cpu(millicores: u64) -> u64 {
    let step = if millicores <= 1000 { 100 } else { 250 };
    millicores.div_ceil(step).max(1) * step
}

/// Rounded up to what people write: 64Mi up to half a gibibyte, then 256Mi.
fn memory(bytes: u64) -> u64 {
    let step = if bytes <= 512 * MEBI { 64 } else { 256 } * MEBI;
    bytes.div_ceil(step).max(1) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_up_to_what_people_write() {
        assert_eq!(cpu(470 * 2), 1000);
        assert_eq!(cpu(1001), 1250);
        assert_eq!(cpu(0), 100);
        assert_eq!(memory(300 * MEBI), 320 * MEBI);
        assert_eq!(memory(513 * MEBI), 768 * MEBI);
        assert_eq!(requested(Peak::of(470, "sizing-now")), "600m");
        assert_eq!(requested(Peak::of(3, "sizing-now")), "50m");
    }

    #[test]
    fn three_quarters_of_a_limit_are_tight_and_a_limit_of_nothing_is_too() {
        assert!(is_tight(450, 600));
        assert!(!is_tight(449, 600));
        assert!(is_tight(0, 0));
    }
}
