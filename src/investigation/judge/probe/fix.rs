//! What to change about a probe: the field, old and new value, and the patch that does it.

use serde_json::{Value, json};

use super::Failing;
use super::port::Mismatch;
use super::words::{Sort, Speaks};
use crate::finding::Fix;
use crate::investigation::case::containers;
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::text::Message;

/// A fix of one field of the probe; `patch` is the probe's part of a strategic merge patch.
fn change(
    failing: &Failing<'_>,
    field: String,
    why: Message,
    from: String,
    to: Option<(String, Value)>,
) -> Fix {
    let subject = failing.subject();
    let fix = Fix::new(subject.clone(), field, why);
    let Some((to, patch)) = to else {
        return fix.change(Some(from), None::<String>);
    };
    let fix = fix.change(Some(from), Some(to));
    if !has_rollouts(&subject) {
        return fix;
    }
    let container = json!({"name": failing.container.name(), failing.name(): patch});
    let patch = json!({"spec": {"template": {"spec": {"containers": [container]}}}});
    let target = argument(&subject);
    fix.command(format!("{} patch {target} -p '{patch}'", kubectl(&subject)))
}

/// The port: the probe's own number, or the number behind the name it uses.
pub(super) fn port(failing: &Failing<'_>, mismatch: &Mismatch<'_>) -> Fix {
    let why = Message::new("why-probe-port");
    let from = mismatch.asked.clone();
    let to = mismatch.actual.map(|port| {
        let patch = json!({failing.handler(): {"port": port}});
        (port.to_string(), patch)
    });
    change(failing, failing.field(".port"), why, from, to)
}

/// The path: what the other probe asks with success, else what the log answers with 200.
pub(super) fn path(failing: &Failing<'_>) -> Fix {
    let from = failing.path().unwrap_or_default().to_owned();
    let better = path_of_other_probe(failing).or_else(|| path_in_log(failing));
    let better = better.filter(|path| *path != from && is_plain(path));
    let why = Message::new(if better.is_some() {
        "why-probe-path"
    } else {
        "why-probe-path-unknown"
    });
    let to = better.map(|path| {
        let patch = json!({failing.handler(): {"path": path.as_str()}});
        (path, patch)
    });
    change(failing, failing.field(".path"), why, from, to)
}

/// Nothing in it that a shell or a reader could take for something else.
fn is_plain(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_-.".contains(c);
    path.starts_with('/') && path.len() <= 128 && path.chars().all(plain)
}

/// Readiness that succeeds knows a path that exists, and so does liveness of a container that lives.
fn path_of_other_probe(failing: &Failing<'_>) -> Option<String> {
    let spec = failing.container.spec;
    let (other, works) = match failing.sort {
        Sort::Liveness => {
            let mut same = failing.workload.pods.iter().flat_map(|pod| containers(pod));
            let name = failing.container.name();
            let ready = same.any(|other| other.name() == name && other.ready());
            (spec.readiness_probe.as_ref()?, ready)
        }
        Sort::Startup => {
            let probe = spec
                .readiness_probe
                .as_ref()
                .or(spec.liveness_probe.as_ref());
            (probe?, true)
        }
        Sort::Readiness => {
            let lives = failing.container.restarts() == 0;
            (spec.liveness_probe.as_ref()?, lives)
        }
    };
    let get = other.http_get.as_ref().filter(|_| works)?;
    get.path.clone()
}

/// An access log line of a health path that was answered well: `GET /actuator/health 200`.
fn path_in_log(failing: &Failing<'_>) -> Option<String> {
    let words = ["health", "live", "ready", "ping", "status"];
    failing.logs().into_iter().find_map(|log| {
        let answered = |line: &str| line.contains("GET /") && line.contains(" 200");
        let (_, line) =
            log.find(|line| answered(line) && words.iter().any(|w| line.contains(w)))?;
        let path = line.split("GET ").nth(1)?.split([' ', '"', '?']).next()?;
        Some(path.to_owned())
    })
}

/// The protocol: another scheme, or another handler.
pub(super) fn protocol(failing: &Failing<'_>, speaks: Speaks) -> Fix {
    let why = Message::new("why-probe-protocol");
    let scheme = failing.field(".scheme");
    let set = |scheme: &str| {
        let patch = json!({failing.handler(): {"scheme": scheme}});
        Some((scheme.to_owned(), patch))
    };
    let handler = failing.handler().to_owned();
    let name = failing.name().to_owned();
    match speaks {
        Speaks::Http if handler == "httpGet" => {
            change(failing, scheme, why, "HTTPS".into(), set("HTTP"))
        }
        Speaks::Tls if handler == "httpGet" => {
            change(failing, scheme, why, "HTTP".into(), set("HTTPS"))
        }
        Speaks::Grpc => {
            let fix = Fix::new(failing.subject(), name, why);
            fix.change(Some(handler), Some("grpc"))
        }
        Speaks::Http | Speaks::NoGrpcHealth | Speaks::Tls => {
            let fix = Fix::new(failing.subject(), name, why);
            fix.change(Some(handler), Some("tcpSocket"))
        }
    }
}

/// A longer wait before the first probe; `startup` is what the start was seen to take, in seconds.
pub(super) fn delay(failing: &Failing<'_>, startup: Option<i64>) -> Fix {
    let now = failing.probe.initial_delay_seconds.unwrap_or(0);
    let (wanted, why) = match startup {
        Some(seconds) => (seconds + seconds / 2, "why-probe-delay-measured"),
        None => ((failing.window() * 3).max(60), "why-probe-delay"),
    };
    let wanted = (wanted + 9) / 10 * 10;
    let field = format!("{}.initialDelaySeconds", failing.name());
    let why = Message::new(why).with("wanted", wanted);
    let to = Some((wanted.to_string(), json!({"initialDelaySeconds": wanted})));
    change(failing, field, why, now.to_string(), to)
}

/// More attempts before a start is given up; `startup` is what a start was seen to take, in seconds.
pub(super) fn budget(failing: &Failing<'_>, startup: Option<i64>) -> Fix {
    let positive = |value: Option<i32>, default: i32| value.filter(|it| *it > 0).unwrap_or(default);
    let now = i64::from(positive(failing.probe.failure_threshold, 3));
    let period = i64::from(positive(failing.probe.period_seconds, 10));
    let (wanted, why) = match startup {
        Some(seconds) => (
            (seconds * 3 / 2 + period - 1) / period,
            "why-probe-budget-measured",
        ),
        None => (now * 3, "why-probe-budget"),
    };
    let field = format!("{}.failureThreshold", failing.name());
    let why = Message::new(why).with("wanted", wanted * period);
    let to = Some((wanted.to_string(), json!({"failureThreshold": wanted})));
    change(failing, field, why, now.to_string(), to)
}

/// More patience for each answer.
pub(super) fn timeout(failing: &Failing<'_>) -> Fix {
    let now = failing.probe.timeout_seconds.unwrap_or(1).max(1);
    let wanted = (now * 5).min(30);
    let field = format!("{}.timeoutSeconds", failing.name());
    let to = Some((wanted.to_string(), json!({"timeoutSeconds": wanted})));
    change(
        failing,
        field,
        Message::new("why-probe-timeout"),
        now.to_string(),
        to,
    )
}
