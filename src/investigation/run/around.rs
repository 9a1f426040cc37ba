//! One object, and what is looked at around it: where words that are no name seem to mean it and it is well, where
//! everything is said to be in trouble, where what fills it with data may not have run.

use super::found::Found;
use super::several::{LIKELY, add_causes};
use super::{Outcome, Watch, hooks, object_rounds, wide_rounds};
use crate::finding::{Cause, Diagnosis, Finding, Kind, Subject, Symptom, Verdict};
use crate::intent::is_akin;
use crate::investigation::case::{Case, Scope};
use crate::investigation::gather::{self, Reader};

/// Runs by the clock that are looked at beside one object.
const MOST: usize = 2;

/// Looks at an object, and around it where the question asks for that.
pub(super) async fn of_object(
    reader: &Reader,
    case: &mut Case,
    found: &Found<'_>,
    subject: Subject,
    watch: Watch<'_>,
) -> Outcome {
    case.scope = Scope::Object(subject.clone());
    object_rounds(reader, case, &subject, watch).await;
    let (own, down) = match found.diagnosed(reader, case) {
        Outcome::Diagnosed(own, down) => (own, down),
        outcome @ Outcome::Ambiguous(_) => return outcome,
    };
    let whole = found.question.ask.whole;
    let around = if whole || found.may_mean_another(&own) {
        case.scope = Scope::Namespaces(places(found, &subject, whole));
        wide_rounds(reader, case, watch).await;
        beside(reader, case, found, &own)
    } else {
        unfilled(reader, case, found, (&subject, &own)).await
    };
    case.scope = Scope::Object(subject);
    around.unwrap_or(Outcome::Diagnosed(own, down))
}

/// Where else to look: in all of the environment that is said to be in trouble, else beside the object.
fn places(found: &Found<'_>, subject: &Subject, whole: bool) -> Vec<String> {
    let question = found.question;
    let named = question.ask.environment.as_ref().filter(|_| whole);
    let mut all = question.environments.iter();
    let configured = named.and_then(|name| all.find(|one| one.name == *name));
    match configured {
        Some(one) if !one.namespaces.is_empty() => one.namespaces.clone(),
        _ => subject.namespace.iter().cloned().collect(),
    }
}

/// What is surely wrong around an object: the answer, where the object is well, and else beside its own cause.
fn beside(reader: &Reader, case: &Case, found: &Found<'_>, own: &Diagnosis) -> Option<Outcome> {
    if own.verdict == Verdict::Healthy {
        return found.around(reader, case, own);
    }
    let mut other = found.concluded(reader, case);
    other.root_causes.retain(|root| root.confidence >= LIKELY);
    if own.root_causes.is_empty() || other.root_causes.is_empty() {
        return None;
    }
    let mut own = own.clone();
    add_causes(&mut own, other);
    let down = super::without_ready_replica(case);
    Some(Outcome::Diagnosed(Box::new(own), down))
}

/// Data is missing where all is well: a `CronJob` may not have run, most likely the one of the same name.
async fn unfilled(
    reader: &Reader,
    case: &mut Case,
    found: &Found<'_>,
    (subject, own): (&Subject, &Diagnosis),
) -> Option<Outcome> {
    let ask = &found.question.ask;
    let missed = [Symptom::MissingData, Symptom::JobFailed];
    let misses = missed.iter().any(|it| ask.symptoms.contains(it));
    let chosen = found.question.chosen.is_some() || found.question.alert.is_some();
    let words = ask.object.as_ref().filter(|_| misses && !chosen)?;
    let namespace = subject.namespace.as_deref()?;
    if own.verdict != Verdict::Healthy || subject.kind == Kind::CronJob {
        return None;
    }
    gather::crons(reader, case, namespace).await;
    let all = case.cron_jobs.within(namespace);
    let names = all.filter_map(|cron| cron.metadata.name.clone());
    let akin = |name: &String| words.phrases.iter().any(|phrase| is_akin(phrase, name));
    let (mut near, others): (Vec<String>, Vec<String>) = names.partition(akin);
    near.truncate(MOST);
    // The first of them brings all Jobs of the namespace.
    for name in near.iter().chain(&others).take(near.len().max(1)) {
        let cron = Subject::new(Kind::CronJob, namespace, name);
        gather::jobs_of(reader, case, &cron).await;
    }
    if near.is_empty() && others.is_empty() {
        return None;
    }
    hooks(reader, case).await;
    case.scope = Scope::Namespaces(vec![namespace.to_owned()]);
    let first = found
        .concluded(reader, case)
        .root_causes
        .into_iter()
        .next()?;
    may_fill(&first.finding, &near).then(|| found.around(reader, case, own))?
}

/// Whether what a finding is about may be what fills the object with data: it bears the same name, or runs by the clock
/// and is behind, whatever its name is. One that is suspended is somebody's choice, unless its name says more.
fn may_fill(finding: &Finding, near: &[String]) -> bool {
    let behind = [Cause::CronJobMissedSchedules, Cause::CronJobInvalid];
    let subject = &finding.subject;
    let named =
        |name: &String| subject.name == *name || subject.name.starts_with(&format!("{name}-"));
    let runs = matches!(subject.kind, Kind::CronJob | Kind::Job);
    runs && (behind.contains(&finding.cause) || near.iter().any(named))
}
