//! Answers to plain questions, help and refusals, as messages with their arguments checked by the
//! compiler.

use chrono::{DateTime, Utc};

use crate::intent::Talk;
use crate::text::{Arg, Message, Untrusted};

/// Title of a container's last log lines; `previous`: of the run before the last restart.
#[must_use]
pub fn logs(pod: &Untrusted, container: &Untrusted, count: usize, previous: bool) -> Message {
    Message::new(if previous {
        "logs-headline-previous"
    } else {
        "logs-headline"
    })
    .with("pod", pod)
    .with("container", container)
    .with("count", count)
}

/// A container that has logged nothing.
#[must_use]
pub fn no_logs(pod: &Untrusted) -> Message {
    Message::new("logs-none").with("pod", pod)
}

/// Logs that may not be shown in this channel.
#[must_use]
pub fn logs_withheld() -> Message {
    Message::new("logs-withheld")
}

/// Title of the versions that run in a place.
#[must_use]
pub fn versions(place: &Untrusted) -> Message {
    Message::new("versions-headline").with("place", place)
}

/// One workload's image, how many replicas are ready, and since when it runs.
#[must_use]
pub fn version(
    workload: &Untrusted,
    image: &Untrusted,
    ready: usize,
    wanted: usize,
    since: Option<DateTime<Utc>>,
) -> Message {
    let message = Message::new(match since {
        Some(_) => "version-line",
        None => "version-line-undated",
    })
    .with("workload", workload)
    .with("image", image)
    .with("ready", ready)
    .with("wanted", wanted);
    match since {
        Some(since) => message.with("time", since),
        None => message,
    }
}

/// Title of what changed in a place since a time.
#[must_use]
pub fn changes(place: &Untrusted, count: usize, since: DateTime<Utc>) -> Message {
    let message = Message::new(match count {
        0 => "changes-none",
        _ => "changes-headline",
    })
    .with("place", place)
    .with("time", since);
    match count {
        0 => message,
        _ => message.with("count", count),
    }
}

/// One change of a workload.
#[must_use]
pub fn change(at: DateTime<Utc>, workload: &Untrusted, what: Message) -> Message {
    Message::new("change-line")
        .with("time", at)
        .with("workload", workload)
        .with("what", what)
}

/// Title of the usage of a place.
#[must_use]
pub fn usage(place: &Untrusted) -> Message {
    Message::new("usage-headline").with("place", place)
}

/// What one pod uses: thousandths of a CPU and bytes, each with its limit where there is one.
#[must_use]
pub fn usage_of(pod: &Untrusted, cpu: (u64, Option<u64>), memory: (u64, Option<u64>)) -> Message {
    let message = Message::new(match (cpu.1, memory.1) {
        (None, None) => "usage-line",
        _ => "usage-line-limits",
    })
    .with("pod", pod)
    .with("cpu", Arg::Millicores(cpu.0))
    .with("memory", Arg::Bytes(memory.0));
    if cpu.1.is_none() && memory.1.is_none() {
        return message;
    }
    let limit = |limit: Option<Arg>| limit.unwrap_or_else(|| Message::new("no-limit").into());
    message
        .with("cpu-limit", limit(cpu.1.map(Arg::Millicores)))
        .with("memory-limit", limit(memory.1.map(Arg::Bytes)))
}

/// Usage that the metrics API does not give.
#[must_use]
pub fn usage_unavailable(place: &Untrusted) -> Message {
    Message::new("usage-unavailable").with("place", place)
}

/// What one can ask: the first line, and the lines below it.
#[must_use]
pub fn help() -> (Message, Vec<Message>) {
    let lines = [
        "help-problem",
        "help-question",
        "help-dashboard",
        "help-alerts",
        "help-incident",
        "help-maintenance",
        "help-lead",
        "help-promise",
    ];
    (
        Message::new("help-headline"),
        lines.into_iter().map(Message::new).collect(),
    )
}

/// The short answer to small talk, with a question as an example: about that service, in that environment.
#[must_use]
pub fn talk(about: Talk, service: &str, environment: Option<&str>) -> Message {
    Message::new(match about {
        Talk::Hello => "talk-hello",
        Talk::Thanks => "talk-thanks",
        Talk::Term => "talk-term",
    })
    .with("example", example(service, environment))
}

fn example(service: &str, environment: Option<&str>) -> Message {
    let example = match environment {
        Some(environment) => Message::new("example-problem").with("environment", environment),
        None => Message::new("example-problem-anywhere"),
    };
    example.with("service", service)
}

/// A lead (Slack id) is absent until then, or back.
#[must_use]
pub fn absence(who: &str, until: Option<DateTime<Utc>>) -> Message {
    let who = Arg::Person(who.to_owned());
    match until {
        Some(until) => Message::new("done-absent")
            .with("who", who)
            .with("until", until),
        None => Message::new("done-back").with("who", who),
    }
}

/// A test page is on its way to that lead (Slack id).
#[must_use]
pub fn test_page(lead: &str) -> Message {
    Message::new("test-page-sent").with("lead", Arg::Person(lead.to_owned()))
}

/// Asked to act: the bot only reads, the command is below.
#[must_use]
pub fn only_read() -> Message {
    Message::new("i-only-read")
}

/// Nothing in the words says what to look at.
#[must_use]
pub fn nothing_understood() -> Message {
    Message::new("nothing-understood")
}

/// Why somebody gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The channel is not allowed.
    Channel,
    /// The person is not allowed.
    User,
    /// A guest, or somebody of another workspace.
    Guest,
    /// Too many questions; again in so many seconds.
    TooMany(i64),
}

/// The refusal, for the person alone.
#[must_use]
pub fn refused(why: Refused) -> Message {
    match why {
        Refused::Channel => Message::new("refuse-channel"),
        Refused::User => Message::new("refuse-user"),
        Refused::Guest => Message::new("refuse-guest"),
        Refused::TooMany(seconds) => {
            Message::new("refuse-too-many").with("span", Arg::Span(seconds))
        }
    }
}

/// A fault of the bot's own, logged under that id.
#[must_use]
pub fn trouble(incident: &str) -> Message {
    Message::new("trouble").with("incident", incident)
}
