//! Names that mean the same, and patterns.

/// A name without what rule sets add to it: `KubernetesPodCrashLooping`, `kube_pod_crash_looping` and
/// `KubePodCrashLooping` are one.
#[must_use]
pub(in crate::playbook) fn plain(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let lower = letters.to_ascii_lowercase();
    let short = ["kubernetes", "kube", "k8s"]
        .into_iter()
        .find_map(|prefix| lower.strip_prefix(prefix));
    short
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&lower)
        .to_owned()
}

/// Whether a pattern with `*` for any letters matches the whole text, whatever the case.
#[must_use]
pub(in crate::playbook) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_prefix_case_and_separators_are_one() {
        for name in [
            "KubernetesPodCrashLooping",
            "kube_pod_crash_looping",
            "K8s Pod Crash-Looping",
        ] {
            assert_eq!(plain(name), "podcrashlooping");
        }
        assert_eq!(plain("Kube"), "kube");
        assert_eq!(plain("é"), "");
    }

    #[test]
    fn patterns_match_the_whole_name() {
        assert!(matches("*5xx*", "Nginx5XXRate"));
        assert!(matches("High*Latency", "HighApiLatency"));
        assert!(matches("HighErrorRate", "higherrorrate"));
        assert!(!matches("High*Latency", "HighLatencyOfEtcd"));
        assert!(!matches("*5xx*", "Nginx4xx"));
        assert!(!matches("a*a", "a"));
    }
}
