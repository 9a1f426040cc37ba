//! From what was measured to the picture, or to none: a curve that neither reaches its limit nor leaves what is usual
//! shows nothing.

use super::marks::marks;
use super::{Line, Measured, Plan, Topic, container};
use crate::finding::{Cause, Chart, Curve, CurveRole, Level, Unit};
use crate::investigation::case::{Case, Container, Indicator};
use crate::text::{Arg, Message};

/// A use from this share of the limit on is worth a picture.
const NEAR: f64 = 0.8;
/// Where the limit is proven to be the trouble: the highest point may fall between two scrapes.
const PROVEN: f64 = 0.6;
/// Worse than usual by this much is to be seen.
const WORSE: f64 = 1.5;
/// A share of failed requests below this is noise.
const FAILING: f64 = 0.02;
/// A curve of fewer points shows nothing.
const FEW: usize = 5;
/// Where a filling disk is full later than this, nobody needs to know today.
const SOON: f64 = 24.0 * 3600.0;
/// Pods shown beside the one that matters.
const BESIDE: usize = 2;

/// What is to be seen: the sentence, the lines across, the curves.
struct Seen {
    title: &'static str,
    conclusion: Message,
    unit: Unit,
    series: Vec<Curve>,
    levels: Vec<Level>,
}

/// The picture, when there is something to see on it.
pub(in crate::investigation) fn chart(
    case: &Case,
    plan: &Plan,
    measured: Measured,
) -> Option<Chart> {
    let mut lines = measured.now;
    lines.retain(|line| line.points.len() >= FEW);
    lines.sort_by(|a, b| b.peak().total_cmp(&a.peak()));
    let usual = measured
        .yesterday
        .into_iter()
        .find(|line| line.points.len() >= FEW);
    let seen = match &plan.topic {
        Topic::Memory => memory(case, plan, &lines),
        Topic::Cpu => cpu(case, plan, &lines),
        Topic::Latency | Topic::Errors | Topic::Requests => {
            beside_usual(plan, lines.first()?, usual.as_ref())
        }
        Topic::Volumes(_) | Topic::NodeDisk => filling(plan, lines.first()?),
        Topic::NodeMemory => in_use("chart-title-memory", "chart-memory-node", lines.first()?),
        Topic::NodeCpu => in_use("chart-title-cpu", "chart-cpu-node", lines.first()?),
        Topic::Replicas(_, most) => replicas(*most, lines.first()?),
        Topic::Connections => connections(lines.first()?, measured.most?),
    }?;
    let chart = Chart {
        title: Message::new(seen.title).with("object", name(plan)),
        conclusion: seen.conclusion,
        unit: seen.unit,
        from: plan.from,
        to: plan.to,
        step: plan.step.num_seconds(),
        series: seen.series,
        levels: seen.levels,
        marks: marks(case, plan),
    };
    Some(chart.bounded())
}

/// The object as the title calls it. Of several claims nobody needs to know which names were asked for.
fn name(plan: &Plan) -> &str {
    match &plan.topic {
        Topic::Volumes(names) if names.len() == 1 => &names[0],
        _ => &plan.subject.name,
    }
}

fn curve(id: &'static str, role: CurveRole, line: &Line) -> Curve {
    Curve {
        label: Message::new(id),
        role,
        points: line.points.clone(),
    }
}

fn main(line: &Line) -> Curve {
    curve("chart-now", CurveRole::Main, line)
}

/// The pod that matters, and a few others beside it.
fn by_pod(lines: &[Line]) -> Vec<Curve> {
    let others = lines.iter().skip(1).take(BESIDE);
    let others = others.map(|line| curve("chart-other-pods", CurveRole::Other, line));
    lines.iter().take(1).map(main).chain(others).collect()
}

fn level(id: &'static str, value: f64, bound: bool) -> Level {
    Level {
        label: Message::new(id),
        value,
        bound,
    }
}

/// The limit, and the request where there is another one.
fn levels(limit: f64, request: Option<f64>) -> Vec<Level> {
    let request = request.filter(|request| *request > 0.0 && *request < limit * 0.95);
    let request = request.map(|request| level("chart-request", request, false));
    std::iter::once(level("chart-limit", limit, true))
        .chain(request)
        .collect()
}

fn memory(case: &Case, plan: &Plan, lines: &[Line]) -> Option<Seen> {
    let container = container(case, &plan.subject)?;
    let bytes = container.memory_limit()?;
    let (limit, line) = (float(bytes), lines.first()?);
    let killed = plan.cause == Some(Cause::OomKilled);
    // A line that lies under its limit all the time shows nothing but that.
    let flat = killed && line.lowest() > line.peak() * NEAR;
    if flat || line.peak() < limit * if killed { PROVEN } else { NEAR } {
        return None;
    }
    let conclusion = if killed {
        Message::new("chart-memory-killed").with("times", falls(line, limit))
    } else {
        Message::new("chart-memory-near").with("share", Arg::Percent(line.last()? / limit))
    };
    Some(Seen {
        title: "chart-title-memory",
        conclusion: conclusion.with("limit", Arg::Bytes(bytes)),
        unit: Unit::Bytes,
        series: by_pod(lines),
        levels: levels(limit, container.memory_request().map(float)),
    })
}

/// How often a curve falls from near the limit to well below: what a kill looks like.
fn falls(line: &Line, limit: f64) -> usize {
    let fall = |two: &&[(i64, f64)]| two[0].1 >= limit * PROVEN && two[1].1 < two[0].1 * 0.7;
    line.points.windows(2).filter(fall).count()
}

fn cpu(case: &Case, plan: &Plan, lines: &[Line]) -> Option<Seen> {
    let container = container(case, &plan.subject)?;
    let milli = container.cpu_limit()?;
    let (limit, line) = (float(milli) / 1000.0, lines.first()?);
    let throttled = (plan.cause == Some(Cause::CpuThrottled))
        .then(|| throttling(case, plan, &container))
        .flatten();
    if line.last()? < limit * if throttled.is_some() { PROVEN } else { NEAR } {
        return None;
    }
    let conclusion = match throttled {
        Some(share) => Message::new("chart-cpu-throttled").with("share", Arg::Percent(share)),
        None => Message::new("chart-cpu-near").with("share", Arg::Percent(line.last()? / limit)),
    };
    Some(Seen {
        title: "chart-title-cpu",
        conclusion: conclusion.with("limit", Arg::Millicores(milli)),
        unit: Unit::Cpus,
        series: by_pod(lines),
        levels: levels(
            limit,
            container.cpu_request().map(|milli| float(milli) / 1000.0),
        ),
    })
}

/// The share of periods in which the container was held back.
fn throttling(case: &Case, plan: &Plan, container: &Container<'_>) -> Option<f64> {
    let own = case.readings.iter().filter(|one| {
        one.indicator == Indicator::CpuThrottled
            && one.workload == plan.subject.name
            && Some(&one.namespace) == plan.subject.namespace.as_ref()
            && one.container.as_deref() == Some(container.name())
    });
    own.map(|one| one.now)
        .filter(|share| share.is_finite())
        .reduce(f64::max)
}

/// Today beside yesterday; without a yesterday, beside what was before.
fn beside_usual(plan: &Plan, line: &Line, usual: Option<&Line>) -> Option<Seen> {
    let now = line.last()?;
    let (before, beside) = match usual.and_then(Line::last) {
        Some(then) => (then, true),
        None => (before(line)?, false),
    };
    let floor = if plan.topic == Topic::Errors {
        FAILING
    } else {
        0.0
    };
    if now <= floor || now < before * WORSE {
        return None;
    }
    let pick = |usual, rose| if beside { usual } else { rose };
    let (title, sentence, unit) = match plan.topic {
        Topic::Latency => (
            "chart-title-latency",
            pick("chart-latency-usual", "chart-latency-rose"),
            Unit::Seconds,
        ),
        Topic::Errors => (
            "chart-title-errors",
            pick("chart-errors-usual", "chart-errors-rose"),
            Unit::Share,
        ),
        _ => (
            "chart-title-requests",
            pick("chart-requests-usual", "chart-requests-rose"),
            Unit::PerSecond,
        ),
    };
    let yesterday = usual.map(|line| curve("chart-yesterday", CurveRole::Usual, line));
    Some(Seen {
        title,
        conclusion: Message::new(sentence)
            .with("now", said(unit, now))
            .with("usual", said(unit, before)),
        unit,
        series: std::iter::once(main(line)).chain(yesterday).collect(),
        levels: Vec::new(),
    })
}

/// The middle value of the first third: what was normal before it began.
fn before(line: &Line) -> Option<f64> {
    let mut first: Vec<f64> = line
        .points
        .iter()
        .take(line.points.len() / 3)
        .map(|(_, value)| *value)
        .collect();
    first.sort_by(f64::total_cmp);
    first.get(first.len() / 2).copied()
}

/// A value within a sentence.
fn said(unit: Unit, value: f64) -> Arg {
    match unit {
        Unit::Seconds if value < 1.0 => Arg::from(
            Message::new("chart-milliseconds").with("value", Arg::Number((value * 1000.0).round())),
        ),
        Unit::Seconds => Arg::from(Message::new("seconds").with("seconds", value)),
        Unit::Share => Arg::Percent(value),
        _ if value >= 10.0 => Arg::Number(value.round()),
        _ => Arg::Number(value),
    }
}

fn filling(plan: &Plan, line: &Line) -> Option<Seen> {
    let now = line.last().filter(|now| *now >= NEAR)?;
    let conclusion = match full_in(line) {
        Some(seconds) => Message::new("chart-filling-soon").with("span", Arg::Span(seconds)),
        None => Message::new("chart-filling"),
    };
    let volumes = matches!(plan.topic, Topic::Volumes(_));
    Some(Seen {
        title: if volumes {
            "chart-title-volume"
        } else {
            "chart-title-disk"
        },
        conclusion: conclusion.with("now", Arg::Percent(now)),
        unit: Unit::Share,
        series: vec![main(line)],
        levels: vec![level("chart-full", 1.0, true)],
    })
}

/// In how many seconds it is full, if it goes on as in the second half of what is shown.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "seconds of a day"
)]
fn full_in(line: &Line) -> Option<i64> {
    let (middle, last) = (line.points.get(line.points.len() / 2)?, line.points.last()?);
    let pace = (last.1 - middle.1) / ((last.0 - middle.0).max(1) as f64);
    let left = (1.0 - last.1) / pace;
    (pace > 0.0 && last.1 < 0.995 && left < SOON).then_some(left as i64)
}

fn in_use(title: &'static str, sentence: &'static str, line: &Line) -> Option<Seen> {
    let now = line.last().filter(|now| *now >= NEAR)?;
    Some(Seen {
        title,
        conclusion: Message::new(sentence).with("share", Arg::Percent(now)),
        unit: Unit::Share,
        series: vec![main(line)],
        levels: vec![level("chart-full", 1.0, true)],
    })
}

fn replicas(most: i32, line: &Line) -> Option<Seen> {
    let bound = f64::from(most);
    // A line that lies on its maximum all the time shows nothing but that.
    let (now, moved) = (line.last()?, line.lowest() < bound);
    (moved && now >= bound).then(|| Seen {
        title: "chart-title-replicas",
        conclusion: Message::new("chart-replicas-max").with("max", most),
        unit: Unit::Count,
        series: vec![main(line)],
        levels: vec![level("chart-maximum", bound, true)],
    })
}

fn connections(line: &Line, most: f64) -> Option<Seen> {
    let now = line.last()?;
    let moved = line.lowest() < most * NEAR;
    (most > 0.0 && moved && now >= most * 0.9).then(|| Seen {
        title: "chart-title-connections",
        conclusion: Message::new("chart-connections-max")
            .with("now", Arg::Number(now.round()))
            .with("max", Arg::Number(most.round())),
        unit: Unit::Count,
        series: vec![main(line)],
        levels: vec![level("chart-maximum", most, true)],
    })
}

#[expect(clippy::cast_precision_loss, reason = "for a picture")]
fn float(value: u64) -> f64 {
    value as f64
}
