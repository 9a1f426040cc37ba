//! What an alert says in its author's words: its summary, and where the team wrote down what to do. Both are text
//! from outside, kept short.

use serde::{Deserialize, Serialize};

use super::Alert;
use crate::text::{Untrusted, cap};

/// Annotations that hold the words, the shortest first.
const WORDS: [&str; 3] = ["summary", "description", "message"];
/// Annotations that hold the address of a runbook.
const RUNBOOK: [&str; 2] = ["runbook_url", "runbook"];
/// Characters of the words: two lines of a phone, and a few more.
const MAX_WORDS: usize = 300;
/// Characters of an address; a longer one is no page that people wrote.
const MAX_ADDRESS: usize = 500;

/// Characters of the address of a graph, which has the rule's whole expression in it.
const MAX_GRAPH: usize = 1_500;

/// What an alert says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its summary, else its description, on one line; blank where its sender told none.
    #[serde(default)]
    pub words: Untrusted,
    /// Address of the team's own runbook, `https://…` or `http://…`: shown, never fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// Address of the rule's own graph, `https://…` or `http://…` with the name of a host that people can reach:
    /// shown, never fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<Untrusted>,
}

impl Said {
    /// What an alert says.
    #[must_use]
    pub fn of(alert: &Alert) -> Self {
        let own = |name: &&str| alert.annotations.get(*name).filter(|text| !text.is_blank());
        let words = WORDS.iter().find_map(own);
        let words = words.map(|text| one_line(text.raw())).unwrap_or_default();
        let address = RUNBOOK.iter().find_map(own).map(|text| text.raw().trim());
        Self {
            words: Untrusted::new(words),
            runbook: address
                .filter(|url| is_address(url, MAX_ADDRESS))
                .map(str::to_owned),
            graph: alert.generator.clone().filter(|url| is_graph(url.raw())),
        }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_blank() && self.runbook.is_none() && self.graph.is_none()
    }

    /// The host of the runbook, so that a reader sees where the link goes.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let authority = authority(self.runbook.as_deref()?)?;
        Some(
            authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host),
        )
    }

    /// The host of the graph.
    #[must_use]
    pub fn graph_host(&self) -> Option<&str> {
        authority(self.graph.as_ref()?.raw())
    }
}

/// What stands between the scheme and the path.
fn authority(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#', '\\']).next()
}

/// Whether a person can open it: Prometheus without `--web.external-url` tells the name of its own pod, and a login
/// in an address is nobody's to show.
fn is_graph(url: &str) -> bool {
    is_address(url, MAX_GRAPH)
        && authority(url).is_some_and(|host| host.contains('.') && !host.contains('@'))
}

fn one_line(text: &str) -> String {
    // Of a text of megabytes only the beginning is split.
    let begin: String = text.chars().take(4 * MAX_WORDS).collect();
    let line = begin.split_whitespace().collect::<Vec<_>>().join(" ");
    cap(&line, MAX_WORDS).into_owned()
}

fn is_address(url: &str, longest: usize) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web && url.len() <= longest && url.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Labels, State};

    fn alert(annotations: &[(&str, &str)]) -> Alert {
        let kept = annotations.iter();
        Alert {
            generator: None,
            name: "OrdersQueueTooLong".into(),
            state: State::Firing,
            labels: Labels::new(),
            annotations: kept
                .map(|(name, text)| ((*name).to_owned(), Untrusted::new(*text)))
                .collect(),
            starts_at: None,
            ends_at: None,
            fingerprint: "5f3a9c1b7d2e4f60".to_owned(),
        }
    }

    fn said(annotations: &[(&str, &str)]) -> Said {
        Said::of(&alert(annotations))
    }

    #[test]
    fn the_summary_goes_before_the_description_and_is_one_short_line() {
        let both = said(&[("description", "long"), ("summary", "12000 orders\n  wait")]);
        assert_eq!(both.words.raw(), "12000 orders wait");
        assert_eq!(
            said(&[("summary", " "), ("description", "x")]).words.raw(),
            "x"
        );
        let huge = "word ".repeat(100_000);
        assert!(said(&[("summary", &huge)]).words.raw().chars().count() <= MAX_WORDS);
        assert!(said(&[]).is_empty());
    }

    #[test]
    fn a_graph_is_an_address_that_people_can_open() {
        let of = |url: &str| {
            let mut alert = alert(&[]);
            alert.generator = Some(url.into());
            Said::of(&alert)
        };
        let good =
            "https://prometheus.example.com/graph?g0.expr=up%7Ba%3D%22b%22%7D+%3D%3D+0&g0.tab=1";
        assert_eq!(of(good).graph, Some(good.into()));
        assert_eq!(of(good).graph_host(), Some("prometheus.example.com"));
        assert!(!of(good).is_empty());
        let long = format!(
            "https://prometheus.example.com/graph?g0.expr={}",
            "x".repeat(1_500)
        );
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "//prometheus.example.com/graph",
            "HTTPS//prometheus.example.com",
            "https://prometheus.example.com/graph?g0.expr=a b",
            "https://prometheus.example.com/\n<!channel>",
            "https://alice:hunter2-FAKE@prometheus.example.com/graph",
            "http://prometheus-k8s-0:9090/graph?g0.expr=up",
            "http://localhost:9090/graph",
            "",
            &long,
        ] {
            assert_eq!(of(bad).graph, None, "{bad}");
        }
    }

    #[test]
    fn a_runbook_is_an_address_of_the_web_and_shows_its_host() {
        let of = |url: &str| said(&[("runbook_url", url)]);
        let good = of("https://wiki.example.com/orders?x=1");
        assert_eq!(good.host(), Some("wiki.example.com"));
        assert_eq!(
            of("https://wiki.example.com@evil.example/x").host(),
            Some("evil.example")
        );
        let long = format!("https://wiki.example.com/{}", "x".repeat(600));
        for bad in [
            "javascript:alert(1)",
            "see the wiki",
            "",
            "https://a b",
            &long,
        ] {
            assert_eq!(of(bad).runbook, None, "{bad}");
        }
    }
}
