//! The application ended by itself: command not found, variable missing, connection limit reached,
//! or an error of its own. A dependency that does not answer is `dependency`'s.

use super::patterns::{
    COMMAND_NOT_FOUND, CONNECTION_LIMIT, CONNECTION_NUMBER, START_OF_COMMAND, UNREACHABLE,
    missing_variable,
};
use super::{Death, has_condition, log_source, status_source};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Facts, LogRead, Record};
use crate::text::Message;

/// What every crash explains.
const CRASH: [Symptom; 5] = [
    Symptom::Restarting,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::NotReady,
    Symptom::Slow,
];

/// Judges one death: the most specific explanation first.
pub(super) fn judge(case: &Facts<'_>, death: &Death<'_>) -> Option<Finding> {
    command_not_found(death)
        .or_else(|| connection_limit(death))
        .or_else(|| missing_env(death))
        .or_else(|| super::words::judge(case, death))
        .or_else(|| step(case, death))
        .or_else(|| application_error(case, death))
}

/// An init container: nothing of the application has started.
fn step(case: &Facts<'_>, death: &Death<'_>) -> Option<Finding> {
    let failed = death.container.is_step() && death.exit.code != 0;
    failed.then(|| super::init::ended(case, death))
}

pub(super) fn found(death: &Death<'_>, cause: Cause, strength: f64, summary: Message) -> Finding {
    let (fact, source) = if death.runs {
        (
            if death.serves {
                "fact-container-serves"
            } else {
                "fact-container-unready"
            },
            super::state_source(&death.container),
        )
    } else {
        ("fact-container-exited", status_source(&death.container))
    };
    let exit = Message::new(fact)
        .with("code", death.exit.code)
        .with("restarts", death.container.restarts())
        .with("ready", death.ready)
        .with("wanted", death.pods);
    // Words of a container that lives prove a little less: it may get over them.
    let strength = if death.runs {
        strength * 0.95
    } else {
        strength
    };
    Finding::new(cause, death.subject.clone(), strength, summary)
        .evidence(exit, source, death.exit.finished)
        .explains(CRASH)
        .since(death.exit.started.or(death.exit.finished))
        .affected(death.affected)
}

pub(super) fn quoted(finding: Finding, log: &LogRead, line: &str) -> Finding {
    let at = log
        .find(|candidate| candidate == line)
        .and_then(|(record, _)| record.at);
    let mut finding = finding.evidence(
        Message::new("fact-log-says").with("line", line.trim()),
        log_source(log),
        at,
    );
    // The quote is what convinces: it goes before the exit code.
    finding.evidence.rotate_right(1);
    finding
}

/// Exit 127 is the shell's "command not found"; the runtime says it as `StartError` with exit 128.
fn command_not_found(death: &Death<'_>) -> Option<Finding> {
    // A missing device or mount is "no such file or directory" too.
    let said = START_OF_COMMAND.in_line(&death.exit.message)
        && COMMAND_NOT_FOUND.in_line(&death.exit.message);
    let start_error = matches!(
        death.exit.reason.as_str(),
        "StartError" | "ContainerCannotRun"
    ) && said;
    if death.exit.code != 127 && !start_error {
        return None;
    }
    let spec = death.container.spec;
    let command = spec
        .command
        .iter()
        .flatten()
        .chain(spec.args.iter().flatten())
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let summary = Message::new(if command.is_empty() {
        "cause-crash-command-not-found-image"
    } else {
        "cause-crash-command-not-found"
    })
    .with("container", death.container.name())
    .with("workload", &death.subject.name)
    .with("command", &command)
    .with("image", death.container.image());
    let fix = Fix::new(
        death.subject.clone(),
        "command",
        Message::new("why-command"),
    )
    .change(Some(command).filter(|c| !c.is_empty()), None::<String>);
    let mut finding = found(death, Cause::CrashCommandNotFound, 0.95, summary).fix(fix);
    if !death.exit.message.trim().is_empty() {
        let fact = Message::new("fact-runtime-says").with("line", death.exit.message.trim());
        finding = finding.evidence(fact, status_source(&death.container), death.exit.finished);
    } else if let Some((log, (_, line))) = death
        .log
        .and_then(|log| Some((log, log.find(|line| COMMAND_NOT_FOUND.in_line(line))?)))
    {
        finding = quoted(finding, log, line);
    }
    Some(finding)
}

/// The server itself says that it is full. A client that says so blames its server: `dependency`'s.
fn connection_limit(death: &Death<'_>) -> Option<Finding> {
    let log = death.log.filter(|_| is_server(death.container.image()))?;
    // The line that says the limit too, where one does.
    let full = |line: &str| CONNECTION_LIMIT.in_line(line);
    let (_, line) = log
        .find(|line| full(line) && CONNECTION_NUMBER.capture(line).is_some())
        .or_else(|| log.find(full))?;
    let limit = CONNECTION_NUMBER
        .capture(line)
        .and_then(|number| number.parse::<i64>().ok());
    let summary = Message::new(if limit.is_some() {
        "cause-connection-limit-reached"
    } else {
        "cause-connection-limit-reached-unknown"
    })
    .with("workload", &death.subject.name)
    .with("limit", limit.unwrap_or_default());
    let field = setting(death.container.image());
    let fix = Fix::new(
        death.subject.clone(),
        field,
        Message::new("why-connection-limit"),
    )
    .change(
        limit.map(|limit| limit.to_string()),
        limit.map(|limit| (limit * 2).to_string()),
    );
    Some(quoted(
        found(death, Cause::ConnectionLimitReached, 0.93, summary).fix(fix),
        log,
        line,
    ))
}

/// Whether the image is a database, a cache or a broker: what others connect to.
pub(in crate::investigation::judge) fn is_server(image: &str) -> bool {
    const SERVERS: [&str; 21] = [
        "redis",
        "valkey",
        "postgres",
        "postgis",
        "timescale",
        "pgvector",
        "spilo",
        "cockroach",
        "pgbouncer",
        "mysql",
        "mariadb",
        "percona",
        "mongo",
        "rabbitmq",
        "kafka",
        "memcached",
        "elasticsearch",
        "opensearch",
        "cassandra",
        "clickhouse",
        "nats",
    ];
    SERVERS.iter().any(|server| image.contains(server))
}

/// How the server calls its own limit.
pub(in crate::investigation::judge) fn setting(image: &str) -> &'static str {
    match image {
        image if image.contains("redis") || image.contains("valkey") => "maxclients",
        image if image.contains("pgbouncer") => "max_client_conn",
        _ => "max_connections",
    }
}

pub(super) fn missing_env(death: &Death<'_>) -> Option<Finding> {
    let log = death.log?;
    let (record, _) = log.find(|line| missing_variable(line).is_some())?;
    variable_missing(death, log, record)
}

/// The variable that a record says is missing, where the container has none of that name.
pub(super) fn variable_missing(
    death: &Death<'_>,
    log: &LogRead,
    record: &Record,
) -> Option<Finding> {
    let line = record
        .lines()
        .find(|line| missing_variable(line).is_some())?;
    let variable = missing_variable(line)?;
    // Set to something: then the application wants another value, and this is not the cause.
    let value = death.container.env(variable);
    if death.container.has_env(variable) && value.is_none_or(|value| !value.trim().is_empty()) {
        return None;
    }
    // It may come from envFrom: a ConfigMap or a Secret that lacks the key.
    let from_elsewhere = death.container.spec.env_from.iter().flatten().count();
    let strength = if from_elsewhere == 0 { 0.95 } else { 0.85 };
    let summary = Message::new("cause-crash-missing-env")
        .with("container", death.container.name())
        .with("workload", &death.subject.name)
        .with("runs", death.how())
        .with("variable", variable);
    let fix = Fix::new(
        death.subject.clone(),
        format!("env.{variable}"),
        Message::new("why-missing-env"),
    )
    .command(format!(
        "kubectl -n {} set env {}/{} -c {} {variable}=…",
        death.subject.namespace.as_deref().unwrap_or_default(),
        death.subject.kind.as_str().to_ascii_lowercase(),
        death.subject.name,
        death.container.name()
    ));
    let spec = Message::new("fact-variable-absent")
        .with("variable", variable)
        .with("sources", from_elsewhere);
    let finding = found(death, Cause::CrashMissingEnv, strength, summary)
        .evidence(
            spec,
            format!("{} spec.template", death.subject.label()),
            None,
        )
        .fix(fix);
    Some(quoted(finding, log, line))
}

/// None of the above: quote its last error. Exit 137 and 143 are kills from outside (probes, drains).
fn application_error(case: &Facts<'_>, death: &Death<'_>) -> Option<Finding> {
    if matches!(death.exit.code, 0 | 137 | 143) {
        return None;
    }
    let said = death.log.and_then(LogRead::reason);
    // Of a Job that was given up the controller says more than an exit code does.
    if said.is_none() && has_condition(case, &death.subject, "Failed") {
        return None;
    }
    let summary = |line: Option<&str>| match line {
        Some(line) => Message::new("cause-crash-application-error").with("error", line),
        None => Message::new("cause-crash-application-error-no-log"),
    };
    let named = |message: Message| {
        message
            .with("container", death.container.name())
            .with("workload", &death.subject.name)
            .with("code", death.exit.code)
    };
    let Some(log) = death.log else {
        return Some(found(
            death,
            Cause::CrashApplicationError,
            0.55,
            named(summary(None)),
        ));
    };
    let Some(reason) = log.reason() else {
        return Some(found(
            death,
            Cause::CrashApplicationError,
            0.5,
            named(summary(None)),
        ));
    };
    let line = reason.why();
    // A dependency that does not answer is not the application's error: `dependency` tells it.
    if UNREACHABLE.in_line(line) {
        return None;
    }
    let strength = if log.find(|line| UNREACHABLE.in_line(line)).is_some() {
        0.5
    } else {
        0.75
    };
    let mut finding = found(
        death,
        Cause::CrashApplicationError,
        strength,
        named(summary(Some(line))),
    );
    finding = finding.evidence(
        Message::new("fact-log-says").with("line", line),
        log_source(log),
        reason.at,
    );
    finding.evidence.rotate_right(1);
    Some(finding)
}
