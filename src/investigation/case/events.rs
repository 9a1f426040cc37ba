//! Events about an object, newest first, whichever of the two event APIs wrote their times.

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::Event;

use super::{Case, utc};

/// One event, as judges read it.
#[derive(Clone, Debug)]
pub struct EventView<'a> {
    /// Machine-readable reason: `FailedScheduling`.
    pub reason: &'a str,
    /// The component's words.
    pub message: &'a str,
    /// The container it is about, where it is about one.
    pub container: Option<&'a str>,
    /// How often it was seen.
    pub count: i32,
    /// When it was last seen.
    pub last: Option<DateTime<Utc>>,
    /// When it was first seen.
    pub first: Option<DateTime<Utc>>,
}

/// The events about an object, newest first.
#[must_use]
pub fn events_of<'a>(
    case: &'a Case,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Vec<EventView<'a>> {
    let about = |event: &&Event| {
        let object = &event.involved_object;
        object.kind.as_deref() == Some(kind)
            && object.name.as_deref() == Some(name)
            && object.namespace.as_deref().unwrap_or_default() == namespace
    };
    let mut events: Vec<EventView<'a>> = case.events.iter().filter(about).map(view).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.last));
    events
}

/// Every event there is, with the object it is about as the API has it.
pub fn all_events(case: &Case) -> impl Iterator<Item = (&Event, EventView<'_>)> {
    case.events.iter().map(|event| (event, view(event)))
}

/// `lastTimestamp`, else the series' last time, else `eventTime`, else creation (events.k8s.io/v1
/// leaves the deprecated fields empty).
fn view(event: &Event) -> EventView<'_> {
    let series = event.series.as_ref();
    let exact = event.event_time.as_ref().map(|time| utc(&micro(time)));
    let last = event
        .last_timestamp
        .as_ref()
        .map(utc)
        .or_else(|| {
            series
                .and_then(|series| series.last_observed_time.as_ref())
                .map(|time| utc(&micro(time)))
        })
        .or(exact)
        .or_else(|| event.metadata.creation_timestamp.as_ref().map(utc));
    let first = event.first_timestamp.as_ref().map(utc).or(exact).or(last);
    let count = event
        .count
        .or_else(|| series.and_then(|series| series.count))
        .unwrap_or(1);
    EventView {
        reason: event.reason.as_deref().unwrap_or_default(),
        message: event.message.as_deref().unwrap_or_default(),
        container: event
            .involved_object
            .field_path
            .as_deref()
            .and_then(container_in),
        count: count.max(1),
        last,
        first,
    }
}

/// The kubelet points at containers as `spec.containers{app}`.
fn container_in(field_path: &str) -> Option<&str> {
    field_path.split_once('{')?.1.strip_suffix('}')
}

fn micro(
    time: &k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime,
) -> k8s_openapi::apimachinery::pkg::apis::meta::v1::Time {
    k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(time.0)
}
