//! What of a diagnosis may be shown to whom: the state of objects always, the rest as the channel's
//! configuration says.

use super::Evidence;

/// What the people of a conversation may see; the state of objects they always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Numbers of Prometheus and of the metrics API.
    pub metrics: bool,
    /// Kubernetes events.
    pub events: bool,
    /// Lines of logs.
    pub logs: bool,
}

impl Shares {
    /// Everything.
    pub const ALL: Self = Self {
        metrics: true,
        events: true,
        logs: true,
    };
}

/// Where facts come from, as far as it matters to whom they may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The state of an object, or a line of a log (which is marked in the fact itself).
    State,
    /// A Kubernetes event.
    Event,
    /// A number of Prometheus or of the metrics API.
    Metric,
}

impl Evidence {
    /// Where the fact comes from, told by the first word of its source.
    #[must_use]
    pub fn origin(&self) -> Origin {
        match self.source.raw().split([' ', ',']).next() {
            Some("event") => Origin::Event,
            Some("Prometheus" | "metrics-server") => Origin::Metric,
            _ => Origin::State,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Message;

    #[test]
    fn the_source_tells_the_origin() {
        let origin = |source: &str| {
            Evidence {
                fact: Message::new("literal"),
                source: source.into(),
                observed_at: None,
            }
            .origin()
        };
        assert_eq!(origin("event Failed pod a"), Origin::Event);
        assert_eq!(
            origin("Prometheus, 5 min against yesterday"),
            Origin::Metric
        );
        assert_eq!(origin("metrics-server"), Origin::Metric);
        assert_eq!(origin("pod event-bus-1 status"), Origin::State);
    }
}
