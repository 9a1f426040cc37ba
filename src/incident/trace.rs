//! What each message of ours says, for machines, about the incident it belongs to: enough to take
//! the incident up again from Slack when the store is lost (reliability: a lost volume must not be a
//! lost page). It travels in the id of the message's first block, so it holds no text and no secret.

use chrono::{DateTime, Utc};

use super::{Incident, Origin, Status};
use crate::escalation::{Class, Rung, UserId};
use crate::finding::{Kind, Subject};

/// Where an incident stood when one of its messages was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// How often the incident was taken up from Slack before: a later life's word counts.
    pub life: u32,
    /// How urgent it is.
    pub class: Class,
    /// The loop of its escalation.
    pub round: u32,
    /// When that loop began (UTC, whole seconds).
    pub since: DateTime<Utc>,
    /// Who has it in hand.
    pub standing: Standing,
    /// The calls for the lead that are still promised.
    pub promises: Vec<Promise>,
    /// The alert that opened it: its fingerprint and its name, by which its sender's next word finds it.
    pub alert: Option<(String, String)>,
    /// The object it is about, once that is known: somebody may have had to say which was meant.
    pub object: Option<Subject>,
}

/// Who has an incident in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody yet.
    Open,
    /// Somebody.
    Acknowledged {
        /// Who.
        by: UserId,
        /// When (UTC, whole seconds).
        at: DateTime<Utc>,
        /// Whether that was a lead.
        lead: bool,
    },
    /// It is over, or it was no incident: nothing is to be taken up.
    Over,
}

/// One call for the lead that was not out yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Number of the step.
    pub number: u32,
    /// Its rung.
    pub rung: Rung,
    /// When it is due (UTC, whole seconds: never later than promised).
    pub due_at: DateTime<Utc>,
    /// Version of the policy that armed it; part of the keys of its messages.
    pub policy: u32,
}

impl Incident {
    /// What its messages say about it now.
    #[must_use]
    pub fn trace(&self) -> Trace {
        let standing = match &self.status {
            _ if !self.is_open() => Standing::Over,
            Status::Acknowledged { by, at, lead } => Standing::Acknowledged {
                by: by.clone(),
                at: *at,
                lead: *lead,
            },
            _ => Standing::Open,
        };
        let pending = self.steps.iter().filter(|step| !step.is_final());
        Trace {
            life: self.lives,
            class: self.class,
            round: self.round,
            since: self.round_opened_at,
            standing,
            promises: pending
                .map(|step| Promise {
                    number: step.number,
                    rung: step.rung,
                    due_at: step.due_at,
                    policy: step.policy,
                })
                .collect(),
            alert: alert_of(&self.origin),
            object: self.object.clone().filter(is_plain).map(|object| Subject {
                container: None,
                ..object
            }),
        }
    }
}

/// Begins the object, which comes last: its name may hold dots. No name of Kubernetes holds `_`.
pub(super) const OBJECT: &str = "._";

impl Trace {
    /// As words joined by dots: `production.1.1700000000.ack-U0BOB-1700000100.h2-1700003600-7`.
    #[must_use]
    pub fn text(&self) -> String {
        let standing = match &self.standing {
            Standing::Open => "open".to_owned(),
            Standing::Over => "over".to_owned(),
            Standing::Acknowledged { by, at, lead } => {
                let word = if *lead { "lead" } else { "ack" };
                format!("{word}-{}-{}", by.as_str(), at.timestamp())
            }
        };
        let mut words = vec![
            self.class.code().to_owned(),
            self.round.to_string(),
            self.since.timestamp().to_string(),
            standing,
        ];
        if self.life > 0 {
            words.push(format!("l{}", self.life));
        }
        words.extend(self.promises.iter().map(promise_text));
        words.extend(
            self.alert
                .iter()
                .map(|(print, name)| format!("a{print}-{name}")),
        );
        let text = words.join(".");
        let Some(object) = &self.object else {
            return text;
        };
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let (kind, name) = (object.kind.as_str(), &object.name);
        format!("{text}{OBJECT}{kind}_{namespace}_{name}")
    }

    /// Reads such words; `None` for anything else, also for a trace of a newer vigie.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (text, object) = match text.split_once(OBJECT) {
            Some((text, object)) => (text, Some(self::object(object)?)),
            None => (text, None),
        };
        let mut words = text.split('.');
        let class = class(words.next()?)?;
        let round = words.next()?.parse().ok()?;
        let since = time(words.next()?)?;
        let standing = standing(words.next()?)?;
        let mut trace = Self {
            life: 0,
            class,
            round,
            since,
            standing,
            promises: Vec::new(),
            alert: None,
            object,
        };
        for word in words {
            match (word.strip_prefix('l'), word.strip_prefix('a')) {
                (Some(life), _) => trace.life = life.parse().ok()?,
                (_, Some(alert)) => trace.alert = Some(self::alert(alert)?),
                _ => trace.promises.push(promise(word)?),
            }
        }
        Some(trace)
    }
}

/// Whether a name is one of Kubernetes: an address outside would break the words.
fn is_plain(object: &Subject) -> bool {
    !object.name.contains([':', '_'])
}

fn object(text: &str) -> Option<Subject> {
    let mut parts = text.splitn(3, '_');
    let kind = Kind::parse(parts.next()?)?;
    let namespace = parts.next()?;
    let name = parts.next().filter(|name| !name.is_empty())?;
    Some(if namespace.is_empty() {
        Subject::cluster(kind, name)
    } else {
        Subject::new(kind, namespace, name)
    })
}

/// The alert, as far as its name can stand in a trace: alert names are words of letters, digits and `_`.
fn alert_of(origin: &Origin) -> Option<(String, String)> {
    let Origin::Alert {
        name, fingerprint, ..
    } = origin
    else {
        return None;
    };
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let print: String = fingerprint.chars().filter(plain).take(40).collect();
    let name: String = name.raw().chars().filter(plain).take(60).collect();
    (print == *fingerprint && !print.is_empty()).then_some((print, name))
}

fn alert(text: &str) -> Option<(String, String)> {
    let (print, name) = text.split_once('-')?;
    (!print.is_empty()).then(|| (print.to_owned(), name.to_owned()))
}

fn promise_text(promise: &Promise) -> String {
    let rung = match promise.rung {
        Rung::Immediate => 'i',
        Rung::Unacknowledged => 'u',
        Rung::Unresolved => 'h',
    };
    let due = promise.due_at.timestamp();
    format!("{rung}{}-{due}-{}", promise.number, promise.policy)
}

fn promise(word: &str) -> Option<Promise> {
    let rung = match word.get(..1)? {
        "i" => Rung::Immediate,
        "u" => Rung::Unacknowledged,
        "h" => Rung::Unresolved,
        _ => return None,
    };
    let mut parts = word[1..].split('-');
    let promise = Promise {
        rung,
        number: parts.next()?.parse().ok()?,
        due_at: time(parts.next()?)?,
        policy: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(promise)
}

fn standing(word: &str) -> Option<Standing> {
    let mut parts = word.split('-');
    let lead = match parts.next()? {
        "open" => return Some(Standing::Open),
        "over" => return Some(Standing::Over),
        "ack" => false,
        "lead" => true,
        _ => return None,
    };
    let by = parts.next().filter(|by| !by.is_empty())?;
    Some(Standing::Acknowledged {
        by: UserId::new(by),
        at: time(parts.next()?)?,
        lead,
    })
}

fn class(word: &str) -> Option<Class> {
    let all = [Class::Standard, Class::Production, Class::Immediate];
    all.into_iter().find(|class| class.code() == word)
}

fn time(word: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(word.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn traces() -> impl Strategy<Value = Trace> {
        let classes =
            prop::sample::select(vec![Class::Standard, Class::Production, Class::Immediate]);
        let standing = prop_oneof![
            Just(Standing::Open),
            Just(Standing::Over),
            ("[UW][A-Z0-9]{1,12}", 0..4_000_000_000_i64, any::<bool>()).prop_map(
                |(by, seconds, lead)| Standing::Acknowledged {
                    by: UserId::new(by),
                    at: at(seconds),
                    lead,
                }
            ),
        ];
        let rungs = prop::sample::select(vec![
            Rung::Immediate,
            Rung::Unacknowledged,
            Rung::Unresolved,
        ]);
        let promise = (any::<u32>(), rungs, 0..4_000_000_000_i64, any::<u32>()).prop_map(
            |(number, rung, due, policy)| Promise {
                number,
                rung,
                due_at: at(due),
                policy,
            },
        );
        let promises = prop::collection::vec(promise, 0..4);
        let numbers = (0..9_u32, 1..99_u32, 0..4_000_000_000_i64);
        let named = |(namespace, name): (String, String)| {
            if namespace.is_empty() {
                Subject::cluster(Kind::Node, name)
            } else {
                Subject::new(Kind::Deployment, namespace, name)
            }
        };
        let object = ("[a-z0-9-]{0,9}", "[a-z0-9][a-z0-9.-]{0,20}").prop_map(named);
        let object = prop::option::of(object);
        let alert = prop::option::of(("[0-9a-f]{1,16}", "[A-Za-z0-9_]{0,30}"));
        (classes, standing, promises, numbers, (alert, object)).prop_map(
            |(class, standing, promises, (life, round, since), (alert, object))| Trace {
                alert,
                life,
                class,
                round,
                since: at(since),
                standing,
                promises,
                object,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(trace in traces()) {
            prop_assert_eq!(Trace::parse(&trace.text()), Some(trace));
        }

        #[test]
        fn other_words_are_no_trace_and_no_panic(text in "[a-z0-9.:é-]{0,60}") {
            if let Some(trace) = Trace::parse(&text) {
                prop_assert!(Trace::parse(&trace.text()).is_some());
            }
        }
    }
}
