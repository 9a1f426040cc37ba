//! What the bot answers without looking at the world: help, small talk, who is on call, absences. Those and the
//! maintenance windows (see `maintenance`) are a named document in the store, put over the configured policy.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::maintenance::Window;
use crate::escalation::{Criticality, Policy, Scope, Skip, UserId, route};
use crate::incident::{Incident, Origin, PlainAnswer};
use crate::intent::{Ask, Talk, Until, Want};
use crate::post::replies;
use crate::store::{Commit, StoreError};
use crate::text::{Arg, Message, Untrusted};

/// Name of the document that holds what was announced in Slack.
const DOCUMENT: &str = "house";
/// A maintenance window without a length.
pub(super) const USUAL_WINDOW: TimeDelta = TimeDelta::hours(1);
/// Nobody is away for longer than this at one go.
const LONGEST: TimeDelta = TimeDelta::days(60);

/// What was announced in Slack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct House {
    #[serde(default)]
    pub(super) maintenance: Vec<Window>,
    /// `None` overrides an absence of the configuration: back early.
    #[serde(default)]
    absences: Vec<(UserId, Option<DateTime<Utc>>)>,
}

impl House {
    /// The configured policy with what was announced over it.
    fn over(&self, base: &Policy) -> Policy {
        let mut policy = base.clone();
        let windows = self.maintenance.iter().map(|one| one.window.clone());
        policy.maintenance.extend(windows);
        for (user, until) in &self.absences {
            for lead in policy.leads.iter_mut().filter(|lead| lead.user == *user) {
                lead.absent_until = *until;
            }
        }
        policy
    }

    fn tidy(&mut self, now: DateTime<Utc>) {
        self.maintenance.retain(|one| one.window.until > now);
    }
}

impl Shared {
    /// Reads what was announced before the last stop.
    pub(super) async fn recall_house(&self) -> Result<(), StoreError> {
        let house = self.house().await?;
        self.records.set_policy(house.over(&self.parts.policy));
        Ok(())
    }

    pub(super) async fn house(&self) -> Result<House, StoreError> {
        let document = self.records.store().document(DOCUMENT).await?;
        let parsed = document.map(|text| serde_json::from_str(&text));
        Ok(match parsed {
            Some(Ok(house)) => house,
            Some(Err(error)) => {
                tracing::error!(%error, "announced absences and maintenance windows cannot be read");
                House::default()
            }
            None => House::default(),
        })
    }

    pub(super) async fn keep_house(&self, mut house: House) -> Result<(), StoreError> {
        house.tidy(self.now());
        let text = serde_json::to_string(&house).map_err(|error| StoreError::Unreadable {
            what: DOCUMENT.to_owned(),
            detail: error.to_string(),
        })?;
        let commit = Commit {
            documents: vec![(DOCUMENT.to_owned(), Some(text))],
            ..Commit::default()
        };
        self.records.save(commit).await?;
        self.records.set_policy(house.over(&self.parts.policy));
        Ok(())
    }

    /// The answer to a question that needs no look; `None` for one that does.
    pub(super) async fn answer_of_the_house(
        &self,
        incident: &Incident,
    ) -> Result<Option<PlainAnswer>, StoreError> {
        let ask = &incident.ask;
        if !ask.want.needs_no_look() {
            return Ok(None);
        }
        let asker = match &incident.origin {
            Origin::Person(user) => user.clone(),
            _ => UserId::new(""),
        };
        let said = match &ask.want {
            Want::Maintenance { seconds } => {
                return Ok(Some(self.maintain(incident, *seconds, asker).await?));
            }
            Want::MaintenanceOver => {
                return Ok(Some(self.end_maintenance(incident, &asker).await?));
            }
            Want::Talk { about } => self.talk(ask, *about),
            Want::MaintenanceLater { seconds } => later(ask, *seconds),
            Want::OnCall => return Ok(Some(on_call(&self.records.policy(), ask, self.now()))),
            Want::Absence { who, until } => {
                let who = who.clone().map_or(asker, UserId::new);
                self.away(who, until.as_ref()).await?
            }
            Want::AbsenceOver { who } => {
                let who = who.clone().map_or(asker, UserId::new);
                self.back(who).await?
            }
            _ => return Ok(Some(help())),
        };
        Ok(Some(told(said, Vec::new())))
    }

    /// A short answer, with an example that fits where it is asked.
    fn talk(&self, ask: &Ask, about: Talk) -> Message {
        let policy = self.records.policy();
        let production = |one: &&String| policy.criticality(Some(one)) == Criticality::Production;
        let known = policy.environments.keys();
        let environment = ask
            .environment
            .as_ref()
            .or(policy.default_environment.as_ref())
            .or_else(|| known.clone().find(production))
            .or_else(|| known.clone().next());
        let service = policy.high_criticality.first();
        let service = service.map_or("payment", |one| one.name.as_str());
        replies::talk(about, service, environment.map(String::as_str))
    }

    async fn away(&self, who: UserId, until: Option<&Until>) -> Result<Message, StoreError> {
        let until = end_of(until, self.now());
        let _turn = self.turns.house.lock().await;
        let mut house = self.house().await?;
        house.absences.retain(|(user, _)| *user != who);
        house.absences.push((who.clone(), Some(until)));
        self.keep_house(house).await?;
        Ok(Message::new("done-absent")
            .with("who", Arg::Person(who.as_str().to_owned()))
            .with("until", until))
    }

    async fn back(&self, who: UserId) -> Result<Message, StoreError> {
        let _turn = self.turns.house.lock().await;
        let mut house = self.house().await?;
        house.absences.retain(|(user, _)| *user != who);
        house.absences.push((who.clone(), None));
        self.keep_house(house).await?;
        Ok(Message::new("done-back").with("who", Arg::Person(who.as_str().to_owned())))
    }
}

/// A window begins when it is written, and not at a time of day: whose clock that is, nobody says. The words
/// that will open it are told.
fn later(ask: &Ask, seconds: Option<u64>) -> Message {
    let minutes = seconds.map_or(USUAL_WINDOW.num_minutes().unsigned_abs(), |it| it / 60);
    Message::new("maintenance-later")
        .with("what", what(ask))
        .with("length", written(minutes))
}

/// A length as people write it in a command.
pub(super) fn written(minutes: u64) -> String {
    if minutes.is_multiple_of(60) {
        format!("{}h", minutes / 60)
    } else {
        format!("{minutes}min")
    }
}

/// Who would be called now: the same way that a page takes.
fn on_call(policy: &Policy, ask: &Ask, now: DateTime<Utc>) -> PlainAnswer {
    let scope = Scope {
        environment: ask.environment.clone(),
        service: service_of(ask),
    };
    let route = route(policy, &scope, &[], now);
    let person = |user: &UserId| Arg::Person(user.as_str().to_owned());
    let headline = match &route.to {
        Some(user) => Message::new("on-call").with("who", person(user)),
        None if route.webhook => Message::new("on-call-webhook"),
        None => Message::new("on-call-nobody"),
    };
    let absent = route.skipped.iter().filter_map(|one| match &one.why {
        Skip::Absent { until } => Some(
            Message::new("on-call-absent")
                .with("who", person(&one.user))
                .with("until", *until),
        ),
        _ => None,
    });
    told(headline, absent.collect())
}

/// Sentences, and nothing that was read.
pub(super) fn told(headline: Message, lines: Vec<Message>) -> PlainAnswer {
    PlainAnswer {
        headline,
        lines,
        verbatim: None,
        command: None,
        dashboard: None,
    }
}

/// How to use the bot.
fn help() -> PlainAnswer {
    let (headline, lines) = replies::help();
    told(headline, lines)
}

/// The name under which escalation knows the object: its words, joined as Kubernetes joins them.
pub(super) fn service_of(ask: &Ask) -> Option<String> {
    let phrase = ask.object.as_ref()?.phrases.first()?;
    Some(phrase.words.join("-"))
}

pub(super) fn what(ask: &Ask) -> Untrusted {
    let phrase = ask
        .object
        .as_ref()
        .and_then(|object| object.phrases.first());
    let environment = || ask.environment.clone().map(Untrusted::new);
    phrase
        .map(|phrase| phrase.shown.clone())
        .or_else(environment)
        .unwrap_or_else(|| Untrusted::new("*"))
}

/// The end of an absence, in UTC; a day begins at midnight. Without one, the end of tomorrow.
fn end_of(until: Option<&Until>, now: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = |days: u64| {
        let day = now.date_naive() + Days::new(days);
        day.and_time(NaiveTime::MIN).and_utc()
    };
    let end = match until {
        Some(Until::Seconds(seconds)) => {
            let length = i64::try_from(*seconds)
                .ok()
                .and_then(TimeDelta::try_seconds);
            now + length.unwrap_or(LONGEST).min(LONGEST)
        }
        Some(Until::Weekday(day)) => {
            let today = now.weekday().num_days_from_monday();
            let ahead = (u32::from(*day) + 7 - today - 1) % 7 + 1;
            midnight(u64::from(ahead))
        }
        Some(Until::Date { day, month, year }) => {
            date(*day, *month, *year, now).unwrap_or(midnight(1))
        }
        Some(Until::Tomorrow) | None => midnight(1),
        Some(Until::DayAfterTomorrow) => midnight(2),
    };
    end.min(now + LONGEST)
}

fn date(day: u8, month: u8, year: Option<u16>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let on = |year: i32| {
        let day = chrono::NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    };
    match year {
        Some(year) => on(i32::from(year)),
        None => on(now.year())
            .filter(|at| *at > now)
            .or_else(|| on(now.year() + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn absences_end_when_the_words_say() {
        // A Wednesday.
        let now = at("2026-11-25T15:00:00Z");
        let cases = [
            (Some(Until::Seconds(7200)), "2026-11-25T17:00:00Z"),
            (Some(Until::Weekday(0)), "2026-11-30T00:00:00Z"),
            (Some(Until::Weekday(2)), "2026-12-02T00:00:00Z"),
            (
                Some(Until::Date {
                    day: 1,
                    month: 12,
                    year: None,
                }),
                "2026-12-01T00:00:00Z",
            ),
            (
                Some(Until::Date {
                    day: 3,
                    month: 1,
                    year: None,
                }),
                "2027-01-03T00:00:00Z",
            ),
            (None, "2026-11-26T00:00:00Z"),
        ];
        for (until, expected) in cases {
            assert_eq!(end_of(until.as_ref(), now), at(expected), "{until:?}");
        }
        assert_eq!(end_of(Some(&Until::Seconds(u64::MAX)), now), now + LONGEST);
    }

    #[test]
    fn whoever_would_be_paged_is_who_is_on_call() {
        let now = at("2026-11-25T15:00:00Z");
        let vocabulary = crate::intent::Vocabulary::default();
        let ask = crate::intent::parse("qui est d'astreinte ?", &vocabulary, None);
        let mut policy = Policy::default();
        let said = |policy: &Policy| on_call(policy, &ask, now).headline;
        assert_eq!(said(&policy), Message::new("on-call-nobody"));
        policy.webhook = true;
        assert_eq!(said(&policy), Message::new("on-call-webhook"));
        let mut away = crate::escalation::Lead::of_everything(UserId::new("U1"));
        away.absent_until = Some(at("2026-11-26T08:00:00Z"));
        policy.leads = vec![
            away,
            crate::escalation::Lead::of_everything(UserId::new("U2")),
        ];
        let who = Arg::Person("U2".to_owned());
        assert_eq!(said(&policy), Message::new("on-call").with("who", who));
        assert_eq!(on_call(&policy, &ask, now).lines.len(), 1);
    }

    #[test]
    fn an_early_return_overrides_the_configuration() {
        let mut base = Policy::default();
        let lead = UserId::new("U1");
        let mut configured = crate::escalation::Lead::of_everything(lead.clone());
        configured.absent_until = Some(at("2026-12-24T00:00:00Z"));
        base.leads = vec![configured];
        let house = House {
            absences: vec![(lead, None)],
            ..House::default()
        };
        assert_eq!(house.over(&base).leads[0].absent_until, None);
    }
}
