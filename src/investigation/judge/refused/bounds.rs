//! The numbers in the words of a limit range (`plugin/pkg/admission/limitranger/admission.go`): what was
//! asked for, what is allowed, and so what to change.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// One bound that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// `resources.limits.memory`.
    pub(super) field: String,
    /// What the object says; `None` where it says nothing.
    pub(super) from: Option<String>,
    /// What the limit range allows.
    pub(super) to: Option<String>,
}

/// `maximum memory usage per Container is 1Gi, but limit is 4Gi`; `… is 100m.  No request is specified`.
static USAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:maximum|minimum) (\S+) usage per (?:Container|Pod|PersistentVolumeClaim) is (\d+(?:\.\d+)?[A-Za-z]*)(?:\.\s+No (request|limit) is specified|, but (request|limit) is (\d+(?:\.\d+)?[A-Za-z]*))").ok()
});
/// `cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000`.
static RATIO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(\S+) max limit to request ratio per \S+ is (\d+(?:\.\d+)?)(?:, but provided ratio is (\d+(?:\.\d+)?))?").ok()
});

/// Every bound in the words, in their order.
pub(super) fn bounds(words: &str) -> Vec<Bound> {
    let usage = USAGE.iter().flat_map(|it| it.captures_iter(words));
    let mut all: Vec<Bound> = usage
        .filter_map(|found| {
            let side = found.get(3).or_else(|| found.get(4))?.as_str();
            Some(Bound {
                field: format!("resources.{side}s.{}", found.get(1)?.as_str()),
                from: found.get(5).map(|it| it.as_str().to_owned()),
                to: found.get(2).map(|it| it.as_str().to_owned()),
            })
        })
        .collect();
    let ratio = RATIO.iter().flat_map(|it| it.captures_iter(words));
    all.extend(ratio.filter_map(|found| {
        let short = |text: &str| text.trim_end_matches('0').trim_end_matches('.').to_owned();
        Some(Bound {
            field: format!(
                "resources.limits.{0} / resources.requests.{0}",
                found.get(1)?.as_str().trim_start_matches('[')
            ),
            from: found.get(3).map(|it| short(it.as_str())),
            to: found.get(2).map(|it| it.as_str().to_owned()),
        })
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_of_the_plugin() {
        let cases = [
            (
                "maximum memory usage per Container is 1Gi, but limit is 4Gi",
                ("resources.limits.memory", Some("4Gi"), "1Gi"),
            ),
            (
                "minimum cpu usage per Container is 100m, but request is 50m",
                ("resources.requests.cpu", Some("50m"), "100m"),
            ),
            (
                "maximum cpu usage per Pod is 1.5.  No limit is specified",
                ("resources.limits.cpu", None, "1.5"),
            ),
            (
                "minimum memory usage per Container is 64Mi.  No request is specified",
                ("resources.requests.memory", None, "64Mi"),
            ),
            (
                "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000",
                (
                    "resources.limits.cpu / resources.requests.cpu",
                    Some("4"),
                    "2",
                ),
            ),
        ];
        for (words, (field, from, to)) in cases {
            let found = bounds(words);
            assert_eq!(found.len(), 1, "{words}");
            assert_eq!(found[0].field, field, "{words}");
            assert_eq!(found[0].from.as_deref(), from, "{words}");
            assert_eq!(found[0].to.as_deref(), Some(to), "{words}");
        }
        let both = "[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]";
        assert_eq!(bounds(both).len(), 2);
    }
}
