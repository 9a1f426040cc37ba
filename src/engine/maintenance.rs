//! Maintenance windows announced in Slack: what may be announced, for how long, and which one is over. A window holds
//! alerts' calls, so it names something that is there, it ends on its own, and who began it is said.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::house::{USUAL_WINDOW, service_of, told, what, written};
use super::{Named, Shared};
use crate::escalation::{Maintenance, Policy, UserId};
use crate::finding::{Kind, Subject};
use crate::incident::{Incident, PlainAnswer, ThreadRef};
use crate::intent::{Ask, Candidate, Resolution, Scope, resolve};
use crate::store::StoreError;
use crate::text::{Arg, Message, Untrusted};

/// Names shown, so that one can be chosen.
const SHOWN: usize = 5;

/// A window, and where it was announced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Window {
    #[serde(flatten)]
    pub window: Maintenance,
    /// The thread it was announced in; not known of windows from before this was kept.
    #[serde(default)]
    pub thread: Option<ThreadRef>,
}

/// What a window is of; neither: everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Target {
    environment: Option<String>,
    service: Option<String>,
    /// Why the service could not be looked for.
    unread: Option<Untrusted>,
}

/// Why nothing is announced: the answer, and names that would do.
struct Unclear {
    headline: Message,
    names: Vec<String>,
}

/// Which windows are over.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Over {
    /// Those, by their place.
    These(Vec<usize>),
    /// One of those: which is not said.
    OneOf(Vec<usize>),
    /// None is of what was named.
    None,
}

impl Shared {
    /// Begins a window, or says what is missing.
    pub(super) async fn maintain(
        &self,
        incident: &Incident,
        seconds: Option<u64>,
        by: UserId,
    ) -> Result<PlainAnswer, StoreError> {
        let policy = self.records.policy();
        let asked = length(seconds);
        let target = match self.maintained(&incident.ask, &policy).await {
            Ok(target) => target,
            Err(unclear) => return Ok(ask_again(unclear, &incident.ask, asked)),
        };
        let now = self.now();
        let length = asked.min(policy.longest_maintenance);
        let window = Maintenance {
            environment: target.environment.clone(),
            service: target.service.clone(),
            from: now,
            until: now + length,
            by,
        };
        let _turn = self.turns.house.lock().await;
        let mut house = self.house().await?;
        house
            .maintenance
            .retain(|one| !is_same(&one.window, &window));
        house.maintenance.push(Window {
            window: window.clone(),
            thread: Some(incident.root.clone()),
        });
        self.keep_house(house).await?;
        let mut lines = Vec::new();
        if length < asked {
            let span = Arg::Span(length.num_seconds());
            lines.push(Message::new("maintenance-longest").with("span", span));
        }
        if let Some(why) = target.unread {
            lines.push(Message::new("maintenance-unread").with("why", why));
        }
        lines.push(Message::new("maintenance-end-sooner").with("words", words(&window)));
        Ok(told(about("done-maintenance", &window), lines))
    }

    /// What the words name: an environment of the configuration, or something that is there.
    async fn maintained(&self, ask: &Ask, policy: &Policy) -> Result<Target, Unclear> {
        let environments: Vec<String> = policy.environments.keys().cloned().collect();
        let unclear = |id: &'static str, names| Unclear {
            headline: Message::new(id).with("name", what(ask)),
            names,
        };
        let foreign = |name: &&String| !environments.is_empty() && !environments.contains(name);
        if let Some(foreign) = ask.environment.as_ref().filter(foreign) {
            let headline = Message::new("maintenance-unknown").with("name", foreign);
            return Err(Unclear {
                headline,
                names: environments,
            });
        }
        let mut target = Target {
            environment: ask.environment.clone(),
            ..Target::default()
        };
        if ask.object.is_none() {
            let everything = target.environment.is_none() && ask.namespace.is_none();
            let enough = everything && environments.is_empty() || target.environment.is_some();
            return if enough {
                Ok(target)
            } else {
                Err(unclear("maintenance-what", environments))
            };
        }
        match self.parts.looks.named(ask.clone()).await {
            Named::These(all) => match names(&all).as_slice() {
                [one] => target.service = Some(one.clone()),
                several => return Err(unclear("maintenance-several", several.to_vec())),
            },
            Named::Nobody(near) => {
                target.service = Some(
                    configured(ask, policy)
                        .ok_or_else(|| unclear("maintenance-unknown", names(&near)))?,
                );
            }
            Named::Unread(why) => {
                target.service = configured(ask, policy).or_else(|| service_of(ask));
                target.unread = Some(why);
            }
        }
        Ok(target)
    }

    /// Ends the window that is meant, or asks which.
    pub(super) async fn end_maintenance(
        &self,
        incident: &Incident,
        by: &UserId,
    ) -> Result<PlainAnswer, StoreError> {
        let _turn = self.turns.house.lock().await;
        let mut house = self.house().await?;
        let now = self.now();
        house.maintenance.retain(|one| one.window.until > now);
        let windows = house.maintenance.clone();
        let running = |all: &[usize]| -> Vec<Message> {
            let windows = all.iter().map(|&at| &windows[at].window);
            windows
                .map(|one| about("maintenance-running", one))
                .collect()
        };
        let ended = match over(&windows, &incident.ask, &incident.root, by) {
            Over::These(ended) => ended,
            Over::OneOf(some) => {
                return Ok(told(Message::new("which-maintenance"), running(&some)));
            }
            Over::None if is_unnamed(&incident.ask) && windows.is_empty() => {
                return Ok(told(Message::new("no-maintenance-at-all"), Vec::new()));
            }
            Over::None => {
                let all: Vec<usize> = (0..windows.len()).collect();
                let headline = Message::new("no-maintenance").with("what", what(&incident.ask));
                return Ok(told(headline, running(&all)));
            }
        };
        let mut at = 0..;
        house
            .maintenance
            .retain(|_| at.next().is_none_or(|at| !ended.contains(&at)));
        self.keep_house(house).await?;
        let mut told_of = ended
            .iter()
            .map(|&at| about("done-maintenance-over", &windows[at].window));
        let first = told_of
            .next()
            .unwrap_or_else(|| Message::new("no-maintenance-at-all"));
        Ok(told(first, told_of.collect()))
    }
}

/// Which windows "maintenance over" ends: of the service or the environment that is named; else the only one, what was
/// begun in this thread, the only one that this person began.
fn over(windows: &[Window], ask: &Ask, thread: &ThreadRef, by: &UserId) -> Over {
    let of = |wanted: &dyn Fn(&Window) -> bool| -> Vec<usize> {
        let all = windows.iter().enumerate();
        all.filter(|(_, one)| wanted(one))
            .map(|(at, _)| at)
            .collect()
    };
    let environment = ask.environment.as_deref();
    if ask.object.is_some() {
        let service = meant(windows, ask);
        let named = of(&|one| {
            let place = one.window.environment.as_deref();
            one.window.service.is_some()
                && one.window.service == service
                && (place.is_none() || environment.is_none() || place == environment)
        });
        return if named.is_empty() {
            Over::None
        } else {
            Over::These(named)
        };
    }
    let pool = of(&|one| environment.is_none() || one.window.environment.as_deref() == environment);
    let whole = || of(&|one| environment.is_some() && one.window.service.is_none());
    let here = of(&|one| one.thread.as_ref() == Some(thread));
    let mine = || of(&|one| one.window.by == *by);
    let within = |some: Vec<usize>| -> Vec<usize> {
        some.into_iter().filter(|at| pool.contains(at)).collect()
    };
    let (here, whole, mine) = (within(here), within(whole()), within(mine()));
    match (
        pool.as_slice(),
        here.is_empty(),
        whole.as_slice(),
        mine.as_slice(),
    ) {
        ([], ..) => Over::None,
        ([_], ..) => Over::These(pool),
        (_, false, ..) => Over::These(here),
        (_, _, [_], _) => Over::These(whole),
        (_, _, _, [_]) => Over::These(mine),
        _ => Over::OneOf(pool),
    }
}

/// The service of a running window that the words mean.
fn meant(windows: &[Window], ask: &Ask) -> Option<String> {
    let services: BTreeSet<&String> = windows
        .iter()
        .filter_map(|one| one.window.service.as_ref())
        .collect();
    of_those(ask, services.into_iter().map(String::as_str))
}

/// The service of the configuration that the words mean.
fn configured(ask: &Ask, policy: &Policy) -> Option<String> {
    let marked = policy.high_criticality.iter().map(|one| one.name.as_str());
    let led = policy.leads.iter().flat_map(|lead| &lead.services);
    let all: BTreeSet<&str> = marked.chain(led.map(String::as_str)).collect();
    of_those(ask, all.into_iter())
}

fn of_those<'a>(ask: &Ask, services: impl Iterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<Candidate> = services
        .map(|name| Candidate::new(Kind::Deployment, "-", name))
        .collect();
    match resolve(ask.object.as_ref(), &candidates, &Scope::default()) {
        Resolution::One(at) => Some(candidates[at].name.clone()),
        _ => None,
    }
}

/// Each name once, in order: the same service of two environments is one answer.
fn names(all: &[Subject]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for one in all {
        if !names.contains(&one.name) && names.len() < SHOWN {
            names.push(one.name.clone());
        }
    }
    names
}

/// What is missing, and the words that would do.
fn ask_again(unclear: Unclear, ask: &Ask, length: TimeDelta) -> PlainAnswer {
    let length = written(length.num_minutes().unsigned_abs());
    let so = |name: &String| {
        let place = ask.environment.as_deref().filter(|_| ask.object.is_some());
        let words = [Some(name.as_str()), place];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        Message::new("maintenance-so")
            .with("words", words.join(" "))
            .with("length", length.as_str())
    };
    let lines = unclear.names.iter().take(SHOWN).map(so).collect();
    let headline = unclear
        .headline
        .with("example", "payment")
        .with("length", length.as_str());
    told(headline, lines)
}

/// A sentence about a window: what it is of, the words that name it, who began it, its end.
fn about(id: &'static str, window: &Maintenance) -> Message {
    let what = match (&window.service, &window.environment) {
        (Some(service), Some(environment)) => Arg::from(format!("{service} ({environment})")),
        (Some(one), None) | (None, Some(one)) => Arg::from(one),
        (None, None) => Arg::from(Message::new("maintenance-everything")),
    };
    Message::new(id)
        .with("what", what)
        .with("words", words(window))
        .with("who", Arg::Person(window.by.as_str().to_owned()))
        .with("until", window.until)
}

/// The words that name a window in a message to the bot.
fn words(window: &Maintenance) -> String {
    let words = [window.service.as_deref(), window.environment.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    words.join(" ")
}

fn is_same(one: &Maintenance, other: &Maintenance) -> bool {
    one.environment == other.environment && one.service == other.service
}

fn is_unnamed(ask: &Ask) -> bool {
    ask.object.is_none() && ask.environment.is_none() && ask.namespace.is_none()
}

/// The length that was asked for.
fn length(seconds: Option<u64>) -> TimeDelta {
    let asked = seconds.and_then(|seconds| TimeDelta::try_seconds(i64::try_from(seconds).ok()?));
    match (seconds, asked) {
        (None, _) => USUAL_WINDOW,
        (Some(_), Some(asked)) => asked.max(TimeDelta::minutes(1)),
        // Longer than can be counted.
        (Some(_), None) => TimeDelta::MAX,
    }
}

#[cfg(test)]
mod tests;
