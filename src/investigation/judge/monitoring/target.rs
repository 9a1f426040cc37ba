//! Targets that Prometheus has: down, answering what it cannot use, or giving nothing.

use super::{UNSEEN, monitor_of};
use crate::finding::{Cause, Finding, Fix, Kind};
use crate::investigation::case::{Facts, Samples, Target, Workload};
use crate::investigation::judge::facts::{argument, kubectl, quote_end, replicas};
use crate::text::Message;

/// What is wrong with an answer, and where it is set.
struct Wrong {
    id: &'static str,
    why: &'static str,
    /// Field of the `ServiceMonitor`; `None` where the application has to change.
    field: Option<&'static str>,
}

/// Words of Prometheus' scrape loop (scrape/scrape.go, model/textparse) and of Go's HTTP client.
const WRONG: [(&[&str], Wrong); 6] = [
    (
        &[
            "server returned HTTP status 401",
            "server returned HTTP status 403",
        ],
        Wrong {
            id: "cause-scrape-failing-denied",
            why: "why-scrape-denied",
            field: Some("spec.endpoints.authorization"),
        },
    ),
    (
        &[
            "server returned HTTP status 404",
            "unsupported Content-Type",
            "received unsupported Content-Type",
            "expected a valid start token",
            "expected value after metric",
            "expected label name",
            "invalid metric type",
            "expected equal, got",
        ],
        Wrong {
            id: "cause-scrape-failing-path",
            why: "why-scrape-path",
            field: Some("spec.endpoints.path"),
        },
    ),
    (
        &[
            "server gave HTTP response to HTTPS client",
            "first record does not look like a TLS handshake",
            "HTTP request to an HTTPS server",
            "server returned HTTP status 400",
        ],
        Wrong {
            id: "cause-scrape-failing-scheme",
            why: "why-scrape-scheme",
            field: Some("spec.endpoints.scheme"),
        },
    ),
    (
        &["x509:", "tls:", "certificate"],
        Wrong {
            id: "cause-scrape-failing-tls",
            why: "why-scrape-tls",
            field: Some("spec.endpoints.tlsConfig"),
        },
    ),
    (
        &[
            "limit exceeded",
            "sample_limit",
            "label_limit",
            "body size limit",
            "exceeded body",
        ],
        Wrong {
            id: "cause-scrape-failing-limit",
            why: "why-scrape-limit",
            field: Some("spec.sampleLimit"),
        },
    ),
    (
        &["server returned HTTP status 5"],
        Wrong {
            id: "cause-scrape-failing-server",
            why: "why-scrape-server",
            field: None,
        },
    ),
];

pub(super) fn judge(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    targets: &[&Target],
) -> Vec<Finding> {
    let down: Vec<&Target> = targets
        .iter()
        .copied()
        .filter(|one| one.health == "down")
        .collect();
    let Some(first) = down.first() else {
        return empty(case, workload, targets).into_iter().collect();
    };
    let wrong = WRONG
        .iter()
        .find(|(words, _)| words.iter().any(|one| first.last_error.contains(one)));
    let finding = match wrong {
        Some((_, wrong)) => failing(case, workload, first, wrong),
        None => silent(case, workload, first, (down.len(), targets.len())),
    };
    vec![finding.affected(down.len())]
}

fn told(case: &Facts<'_>, finding: Finding, target: &Target) -> Finding {
    let fact = Message::new("fact-scrape-error").with("line", quote_end(&target.last_error));
    let source = format!("Prometheus target {}", target.scrape_pool);
    let url = Message::new("fact-scrape-url").with("url", &target.scrape_url);
    finding
        .evidence(fact, source.as_str(), Some(case.now))
        .evidence(url, source, Some(case.now))
        .explains(UNSEEN)
}

fn failing(case: &Facts<'_>, workload: &Workload<'_>, target: &Target, wrong: &Wrong) -> Finding {
    let subject = match wrong.field {
        Some(_) => monitor_of(target, &workload.subject),
        None => workload.subject.clone(),
    };
    let summary = Message::new(wrong.id).with("workload", &workload.subject.name);
    let fix = Fix::new(
        subject.clone(),
        wrong
            .field
            .filter(|_| subject.kind == Kind::ServiceMonitor)
            .unwrap_or_default(),
        Message::new(wrong.why),
    )
    .command(format!(
        "{} get {} -o yaml",
        kubectl(&subject),
        argument(&subject)
    ));
    let finding = Finding::new(Cause::ScrapeFailing, subject, 0.93, summary);
    told(case, finding, target)
        .hits([workload.subject.clone()])
        .fix(fix)
}

/// No connection: the pods, or the port.
fn silent(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    target: &Target,
    (down, all): (usize, usize),
) -> Finding {
    let port = target.scrape_url.split("://").nth(1).unwrap_or_default();
    let port = port
        .split('/')
        .next()
        .and_then(|host| host.rsplit_once(':'))
        .map_or("80", |(_, port)| port);
    let serves = workload.ready() > 0;
    let refused = target.last_error.contains("connection refused");
    let id = if serves && refused {
        "cause-target-down-port"
    } else {
        "cause-target-down"
    };
    let summary = Message::new(id)
        .with("workload", &workload.subject.name)
        .with("port", port)
        .with("down", down)
        .with("all", all);
    let strength = if refused || !serves { 0.9 } else { 0.8 };
    let finding = Finding::new(
        Cause::TargetDown,
        workload.subject.clone(),
        strength,
        summary,
    );
    let finding = told(case, finding, target);
    let finding = replicas(finding, case, workload.ready(), workload.wanted());
    let why = if serves && refused {
        "why-scrape-port"
    } else {
        "why-target-down"
    };
    let command = format!(
        "{} get {} -o wide",
        kubectl(&workload.subject),
        argument(&workload.subject)
    );
    finding.fix(
        Fix::new(
            workload.subject.clone(),
            "",
            Message::new(why).with("port", port),
        )
        .command(command),
    )
}

/// Everything is up, and nothing comes or nothing is kept.
fn empty(case: &Facts<'_>, workload: &Workload<'_>, targets: &[&Target]) -> Option<Finding> {
    let of = |target: &&Target| {
        let same = |samples: &&Samples| {
            samples
                .labels
                .iter()
                .all(|(name, value)| name == "__name__" || target.label(name) == value)
                && samples.labels.contains_key("job")
        };
        case.watching.samples.iter().find(same)
    };
    let all: Vec<&Samples> = targets
        .iter()
        .filter(|one| one.health == "up")
        .filter_map(of)
        .collect();
    let is_zero = |value: Option<f64>| value.is_some_and(|value| value.abs() < 0.5);
    let nothing = !all.is_empty() && all.iter().all(|one| is_zero(one.scraped));
    let dropped = !all.is_empty()
        && all
            .iter()
            .all(|one| is_zero(one.kept) && !is_zero(one.scraped));
    let target = targets.first().filter(|_| nothing || dropped)?;
    let (subject, id, why, field) = if nothing {
        (workload.subject.clone(), "cause-no-data", "why-no-data", "")
    } else {
        let monitor = monitor_of(target, &workload.subject);
        (
            monitor,
            "cause-no-data-dropped",
            "why-no-data-dropped",
            "spec.endpoints.metricRelabelings",
        )
    };
    let summary = Message::new(id).with("workload", &workload.subject.name);
    let scraped = all.iter().filter_map(|one| one.scraped).fold(0.0, f64::max);
    let kept = all.iter().filter_map(|one| one.kept).fold(0.0, f64::max);
    let fact = Message::new("fact-samples")
        .with("scraped", scraped)
        .with("kept", kept);
    let command = format!("{} get {} -o yaml", kubectl(&subject), argument(&subject));
    let finding = Finding::new(Cause::NoData, subject.clone(), 0.92, summary)
        .evidence(
            fact,
            format!("Prometheus target {}", target.scrape_pool),
            Some(case.now),
        )
        .hits([workload.subject.clone()])
        .explains(UNSEEN)
        .affected(all.len())
        .fix(Fix::new(subject, field, Message::new(why)).command(command));
    Some(finding)
}
