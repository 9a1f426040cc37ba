//! From a case to the diagnosis that is told: what all answers carry.

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::target::called;
use super::{Environment, Outcome, Question, advice, without_ready_replica};
use crate::finding::{Diagnosis, Target, Verdict};
use crate::intent::Candidate;
use crate::investigation::case::{Case, Facts, Scope};
use crate::investigation::gather::Reader;
use crate::investigation::{judge, rank};
use crate::text::{Arg, Message, Untrusted};

/// What a cause is worth that nothing ties to the alert: at most a lead (below 0.6).
const UNTIED: f64 = 0.5;

/// The environments that a question may name where none is set up.
const USUAL: [&str; 3] = ["production", "staging", "dev"];

/// What every diagnosis carries.
pub(super) struct Found<'a> {
    pub(super) question: &'a Question,
    pub(super) now: DateTime<Utc>,
    pub(super) started: Instant,
    pub(super) cluster: String,
}

impl Found<'_> {
    pub(super) fn diagnosed(&self, reader: &Reader, case: &Case) -> Outcome {
        let diagnosis = self.concluded(reader, case);
        Outcome::Diagnosed(Box::new(diagnosis), without_ready_replica(case))
    }

    pub(super) fn concluded(&self, reader: &Reader, case: &Case) -> Diagnosis {
        let facts = Facts::of(case);
        let conclusion = rank::conclude(&facts, &judge::judge(&facts));
        let mut diagnosis = self.empty(reader, conclusion.verdict, conclusion.headline);
        diagnosis.target = self.target(&case.scope);
        diagnosis.root_causes = conclusion.root_causes;
        diagnosis.findings = conclusion.findings;
        diagnosis.ruled_out = conclusion.ruled_out;
        diagnosis.changes = conclusion.changes;
        diagnosis.advice = advice::advice(&reader.sources.playbooks, case, &diagnosis);
        diagnosis
    }

    /// Of an alert that nothing ties to an object: what is wrong around is a lead and never its cause, and no
    /// workload that is down there calls anybody for it.
    pub(super) fn untied(&self, reader: &Reader, case: &Case) -> Outcome {
        let mut diagnosis = self.concluded(reader, case);
        let Some(alerted) = &case.alert else {
            return Outcome::Diagnosed(Box::new(diagnosis), Vec::new());
        };
        let said = |id: &'static str| {
            Message::new(id)
                .with("alert", &alerted.alert.name)
                .with("place", self.place(&case.scope))
        };
        for root in &mut diagnosis.root_causes {
            root.confidence = (root.confidence * UNTIED * 100.0).round() / 100.0;
        }
        let mut names: Vec<&str> = Vec::new();
        for root in &diagnosis.root_causes {
            let name = root.finding.subject.name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if !names.is_empty() {
            diagnosis.headline = said("headline-untied").with("names", Arg::from(names));
            diagnosis.verdict = Verdict::Unknown;
            diagnosis.advice = advice::advice(&reader.sources.playbooks, case, &diagnosis);
        } else if diagnosis.verdict == Verdict::Healthy {
            diagnosis.headline = said("headline-untied-well");
        }
        Outcome::Diagnosed(Box::new(diagnosis), Vec::new())
    }

    /// Where a wide look was made.
    fn place(&self, scope: &Scope) -> Arg {
        match (&self.question.ask.environment, scope) {
            (Some(name), _) => Arg::from(name),
            (None, Scope::Namespaces(names)) => Arg::from(names.clone()),
            (None, _) => Arg::from(Message::new("label-whole-cluster")),
        }
    }

    pub(super) fn not_found(&self, reader: &Reader, nearest: &[Candidate]) -> Outcome {
        let mut diagnosis = self.empty(
            reader,
            Verdict::TargetNotFound,
            Message::new("headline-not-found").with("name", self.asked()),
        );
        diagnosis.suggestions = nearest
            .iter()
            .map(|near| Untrusted::new(format!("{}/{}", near.namespace, near.name)))
            .collect();
        Outcome::Diagnosed(Box::new(diagnosis), Vec::new())
    }

    /// The object as the asker named it, or the cluster.
    pub(super) fn asked(&self) -> Arg {
        let words = self.question.ask.object.as_ref();
        match words.and_then(|words| words.phrases.first()) {
            Some(phrase) => Arg::from(&phrase.shown),
            None => Arg::from(Message::new("label-whole-cluster")),
        }
    }

    pub(super) fn could_not_look(&self, reader: &Reader, case: &Case, why: &str) -> Outcome {
        let what = match case.pipelines.gap {
            Some(_) => Message::new("gap-jenkins"),
            None => Message::new("gap-cluster").with("why", why),
        };
        let target = match &self.question.ask.object {
            Some(_) => self.asked(),
            None => self.place(&case.scope),
        };
        let headline = Message::new("headline-could-not-look")
            .with("target", target)
            .with("what", what);
        let mut diagnosis = self.empty(reader, Verdict::CouldNotLook, headline);
        diagnosis.advice = advice::advice(&reader.sources.playbooks, case, &diagnosis);
        Outcome::Diagnosed(Box::new(diagnosis), Vec::new())
    }

    pub(super) fn target(&self, scope: &Scope) -> Target {
        let mut target = Target {
            environment: self.question.ask.environment.clone(),
            cluster: Some(self.cluster.clone()),
            ..Target::default()
        };
        match scope {
            Scope::Object(subject) => {
                target.namespace.clone_from(&subject.namespace);
                target.kind = Some(subject.kind);
                target.name = Some(subject.name.clone());
            }
            Scope::Namespaces(names) if names.len() == 1 => {
                target.namespace = names.first().cloned();
            }
            Scope::Namespaces(_) | Scope::Cluster => {}
        }
        if let (None, Some(namespace)) = (&target.environment, &target.namespace) {
            target.environment = self.environment_of(namespace);
        }
        target
    }

    /// The environment a namespace belongs to, where exactly one claims it or gives it its name: an incident is of
    /// an environment also when its question named none.
    pub(super) fn environment_of(&self, namespace: &str) -> Option<String> {
        let all = &self.question.environments;
        let only = |mut some: Vec<&str>| some.pop().filter(|_| some.is_empty()).map(str::to_owned);
        let claims = |one: &&Environment| one.namespaces.iter().any(|name| name == namespace);
        let claimed: Vec<&str> = all
            .iter()
            .filter(claims)
            .map(|one| one.name.as_str())
            .collect();
        if !claimed.is_empty() {
            return only(claimed);
        }
        let open = all.iter().filter(|one| one.namespaces.is_empty());
        let open: Vec<&str> = open.map(|one| one.name.as_str()).collect();
        let names = if all.is_empty() { USUAL.to_vec() } else { open };
        let here = [namespace.to_owned()];
        only(
            names
                .into_iter()
                .filter(|name| !called(name, &here).is_empty())
                .collect(),
        )
    }

    pub(super) fn empty(&self, reader: &Reader, verdict: Verdict, headline: Message) -> Diagnosis {
        Diagnosis {
            question: self.question.ask.text.clone(),
            language: self.question.ask.language,
            target: self.target(&Scope::Cluster),
            verdict,
            headline,
            root_causes: Vec::new(),
            findings: Vec::new(),
            ruled_out: Vec::new(),
            changes: Vec::new(),
            advice: Vec::new(),
            charts: Vec::new(),
            suggestions: Vec::new(),
            ledger: reader.ledger.lines(),
            started_at: self.now,
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}
