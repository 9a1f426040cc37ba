//! Whether a message speaks of a pipeline or of a quality gate: what decides whether Jenkins and `SonarQube` are asked.

use super::fold::{fold, singular};
use crate::text::Untrusted;

const PIPELINE: &[&str] = &[
    "pipeline",
    "jenkin", // `jenkins`, without its ending as any word
    "jenkinsfile",
    "build",
    "ci",
    "multibranch",
];

const GATE: &[&str] = &["sonar", "sonarqube", "qualitygate"];

/// Whether it speaks of a pipeline, a build, Jenkins, or a gate in one.
#[must_use]
pub fn speaks_of_pipeline(text: &Untrusted) -> bool {
    words(text).any(|word| PIPELINE.contains(&word.as_str())) || speaks_of_gate(text)
}

/// Whether it speaks of a quality gate or of `SonarQube`.
#[must_use]
pub fn speaks_of_gate(text: &Untrusted) -> bool {
    let all: Vec<String> = words(text).collect();
    let gate = |pair: &[String]| pair[0].starts_with("qualit") && pair[1] == "gate";
    all.iter().any(|word| GATE.contains(&word.as_str())) || all.windows(2).any(gate)
}

fn words(text: &Untrusted) -> impl Iterator<Item = String> {
    let folded = fold(text.raw());
    let all: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect();
    all.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelines_and_gates_are_heard_in_both_languages() {
        for text in [
            "la pipeline de user-service est rouge",
            "build of payment failed",
            "le job Jenkins billing échoue",
            "les builds sont cassés",
            "quality gate KO sur payment",
            "SonarQube bloque user-service",
        ] {
            assert!(speaks_of_pipeline(&Untrusted::new(text)), "{text}");
        }
        for text in [
            "payment est lent",
            "the builder pod crashes",
            "ArgoCD sync failed",
        ] {
            assert!(!speaks_of_pipeline(&Untrusted::new(text)), "{text}");
        }
        assert!(speaks_of_gate(&Untrusted::new(
            "la Quality-Gate de payment est rouge"
        )));
        assert!(!speaks_of_gate(&Untrusted::new("the API gateway fails")));
    }
}
