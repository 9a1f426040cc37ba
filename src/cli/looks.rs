//! Joins the engine to the investigation: a look becomes a question to the clusters of the
//! configuration, and what comes of it a message for the thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;

use super::past;
use super::sources::Clusters;
use crate::alert::advice::Past;
use crate::alert::{Alerted, RuleExpr};
use crate::clock::Clock;
use crate::engine::{Look, Looked, Looks, Named, PastOf, Progress, could_not_look};
use crate::finding::{Subject, Symptom};
use crate::incident::{Choice, PlainAnswer, Purpose};
use crate::intent::{Ask, Candidate};
use crate::investigation::gather::Sources;
use crate::investigation::plain::{self, Plain};
use crate::investigation::run::{self, Chosen, Outcome, Question};
use crate::text::{Message, Untrusted};

/// Choices offered when several objects may be meant.
const CHOICES: usize = 5;

/// The time to find out what a name means.
const NAME_WITHIN: Duration = Duration::from_secs(5);

/// Where to look.
enum Place {
    /// The clusters of the configuration, one per environment.
    Configured(Arc<Clusters>),
    /// One cluster for everything: the sandbox's.
    #[cfg(feature = "sandbox")]
    One(Box<Sources>, Vec<run::Environment>),
}

/// Looks at clusters.
pub struct ClusterLooks {
    place: Arc<Place>,
    usual: Option<String>,
    clock: Clock,
}

impl ClusterLooks {
    /// At the clusters of the configuration.
    #[must_use]
    pub fn new(clusters: Arc<Clusters>, clock: Clock) -> Self {
        Self {
            usual: clusters.usual(),
            place: Arc::new(Place::Configured(clusters)),
            clock,
        }
    }

    /// At one cluster.
    #[cfg(feature = "sandbox")]
    #[must_use]
    pub fn at(sources: Sources, environments: Vec<run::Environment>, clock: Clock) -> Self {
        Self {
            place: Arc::new(Place::One(Box::new(sources), environments)),
            usual: None,
            clock,
        }
    }

    /// With this environment meant where a question names none.
    #[cfg(feature = "sandbox")]
    #[must_use]
    pub fn usually(self, usual: Option<String>) -> Self {
        Self { usual, ..self }
    }
}

impl Looks for ClusterLooks {
    fn look(&self, look: Look, progress: Progress) -> BoxFuture<'static, Looked> {
        let (place, clock) = (Arc::clone(&self.place), self.clock.clone());
        let usual = self.usual.clone();
        async move { at_place(&place, usual, &clock, look, progress).await }.boxed()
    }

    fn past(&self, of: PastOf) -> BoxFuture<'static, Past> {
        let (place, clock) = (Arc::clone(&self.place), self.clock.clone());
        async move { past_at(&place, &clock, of).await }.boxed()
    }

    fn named(&self, ask: Ask) -> BoxFuture<'static, Named> {
        let (place, clock) = (Arc::clone(&self.place), self.clock.clone());
        async move { named_at(&place, &clock, ask).await }.boxed()
    }
}

async fn named_at(place: &Place, clock: &Clock, ask: Ask) -> Named {
    let sources = match place.sources(ask.environment.as_deref()).await {
        Ok(sources) => sources,
        Err(error) => return Named::Unread(Untrusted::new(format!("{error:#}"))),
    };
    let question = Question {
        budget: NAME_WITHIN,
        ..Question::new(ask, place.environments())
    };
    let subjects = |all: Vec<Candidate>| all.iter().map(subject).collect();
    match plain::named(sources, &question, clock.now()).await {
        Chosen::Object(subject) => Named::These(vec![subject]),
        Chosen::Several(subjects) => Named::These(subjects),
        Chosen::Ambiguous(candidates) => Named::These(subjects(candidates)),
        Chosen::NotFound(nearest, _) => Named::Nobody(subjects(nearest)),
        Chosen::Wide(_) => Named::Nobody(Vec::new()),
        Chosen::CouldNotLook(why) => Named::Unread(Untrusted::new(why)),
    }
}

async fn past_at(place: &Place, clock: &Clock, of: PastOf) -> Past {
    let sources = place.sources(of.environment.as_deref()).await;
    match sources {
        Ok(sources) => past::read(sources.prometheus.as_ref(), &of, clock.now()).await,
        Err(error) => {
            tracing::warn!(
                error = format!("{error:#}"),
                "the past of a rule cannot be read"
            );
            past::unread(Message::new("unread-cluster"))
        }
    }
}

impl Place {
    async fn sources(&self, environment: Option<&str>) -> anyhow::Result<Sources> {
        match self {
            Self::Configured(clusters) => clusters.sources(environment, None).await,
            #[cfg(feature = "sandbox")]
            Self::One(sources, _) => Ok(sources.as_ref().clone()),
        }
    }

    fn environments(&self) -> Vec<run::Environment> {
        match self {
            Self::Configured(clusters) => clusters.environments(),
            #[cfg(feature = "sandbox")]
            Self::One(_, environments) => environments.clone(),
        }
    }
}

async fn at_place(
    place: &Place,
    usual: Option<String>,
    clock: &Clock,
    look: Look,
    progress: Progress,
) -> Looked {
    let begun = Instant::now();
    let sources = match place.sources(look.environment.as_deref()).await {
        Ok(sources) => sources,
        Err(error) => {
            let environment = look.environment.clone().unwrap_or_default();
            let headline = Message::new("headline-could-not-look")
                .with("target", environment)
                .with(
                    "what",
                    Message::new("gap-cluster").with("why", format!("{error:#}")),
                );
            return could_not_look(&look, headline, clock.now(), begun.elapsed());
        }
    };
    let alert = alerted(&sources, &look).await;
    let mut ask = look.ask.clone();
    ask.environment.clone_from(&look.environment);
    if let Some(known) = alert.as_ref().filter(|_| look.by_alert)
        && let Some(symptoms) = symptoms_of(&sources, known)
    {
        ask.symptoms = symptoms;
    }
    let question = Question {
        chosen: look.object.clone(),
        alert,
        usual,
        begin: look.alerts.iter().map(|(about, _)| about.clone()).collect(),
        budget: look.within.saturating_sub(Duration::from_millis(200)),
        // Only where the answer is posted: not before a page, which is in a hurry.
        picture: matches!(look.purpose, Purpose::First | Purpose::Again),
        ..Question::new(ask, place.environments())
    };
    if look.purpose == Purpose::Question && plain::is_plain(&look.ask.want) {
        let answer = plain::answer(sources, &question, look.shares, clock.now()).await;
        return answered(&look, answer, clock, begun);
    }
    let told = |step: run::Progress| {
        if let Some(target) = step.target {
            progress(Message::new("literal").with("text", target.label()));
        }
    };
    match run::run(sources, &question, clock.now(), &told).await {
        Outcome::Diagnosed(diagnosis, down) => Looked::Diagnosed(diagnosis, down),
        Outcome::Ambiguous(candidates) => which(&candidates),
    }
}

/// The alert that asks, with its rule where no playbook knows it by name: then the metrics that it is made of
/// say what it is. Only the configured Prometheus is asked, and not for long.
async fn alerted(sources: &Sources, look: &Look) -> Option<Alerted> {
    const WITHIN: Duration = Duration::from_secs(2);
    let (_, alert) = look.alerts.first()?;
    let known = sources.playbooks.row(alert.name.raw()).is_some();
    let rule = match &sources.prometheus {
        Some(prometheus) if !known => {
            let asking = prometheus.alert_rules(alert.name.raw());
            let rules = tokio::time::timeout(WITHIN, asking).await;
            rules
                .ok()
                .and_then(Result::ok)
                .and_then(|rules| rules.into_iter().next())
        }
        _ => None,
    };
    Some(Alerted {
        alert: alert.clone(),
        rule: rule.map(|rule| RuleExpr::from_rules_api(rule.expression)),
    })
}

/// What the row of a known alert says is wrong. Its annotations are prose of whoever wrote the rule: they count
/// only where no row knows the alert.
fn symptoms_of(sources: &Sources, alerted: &Alerted) -> Option<Vec<Symptom>> {
    let known = sources
        .playbooks
        .for_alert(&alerted.alert, alerted.rule.as_ref())?;
    known.row.map(|_| known.symptoms().to_vec())
}

fn answered(look: &Look, answer: Plain, clock: &Clock, begun: Instant) -> Looked {
    match answer {
        Plain::Answer(answer) => Looked::Answered(*answer),
        Plain::Ambiguous(candidates) => which(&candidates),
        Plain::NotFound(nearest) => {
            let name = look
                .ask
                .object
                .as_ref()
                .and_then(|object| object.phrases.first());
            let name = name.map(|phrase| phrase.shown.clone()).unwrap_or_default();
            let near = nearest.iter().take(CHOICES);
            Looked::Answered(PlainAnswer {
                headline: Message::new("headline-not-found").with("name", name),
                lines: near
                    .map(|one| Message::new("literal").with("text", choice(one).label))
                    .collect(),
                verbatim: None,
                command: None,
                dashboard: None,
            })
        }
        Plain::CouldNotLook(why) => {
            let cluster = look.environment.clone().unwrap_or_default();
            let headline = Message::new("headline-could-not-look")
                .with("target", cluster)
                .with("what", Message::new("gap-cluster").with("why", why));
            could_not_look(look, headline, clock.now(), begun.elapsed())
        }
    }
}

fn which(candidates: &[Candidate]) -> Looked {
    let choices = candidates.iter().take(CHOICES).map(choice).collect();
    Looked::Ambiguous(Message::new("which"), choices)
}

fn choice(candidate: &Candidate) -> Choice {
    let object = subject(candidate);
    Choice {
        label: Untrusted::new(object.label()),
        environment: None,
        object: Some(object),
    }
}

fn subject(candidate: &Candidate) -> Subject {
    let (kind, name) = (candidate.kind, candidate.name.clone());
    if candidate.namespace.is_empty() {
        Subject::cluster(kind, name)
    } else {
        Subject::new(kind, candidate.namespace.clone(), name)
    }
}
