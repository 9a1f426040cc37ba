//! What is wanted, from what was said. The short commands of a thread come first and are taken only
//! when nothing else stands beside them: a wrong "resolved" would silence the pager.

use super::ask::{Change, Talk, Want};
use super::lexicon::{Tag, is_stop};
use super::reading::{Reading, Said};
use super::talk::talk;
use super::token::Break;
use super::when::{Later, absence_end, later, length, period};

/// Everything that decides what is wanted.
pub(super) struct Gist<'a> {
    pub reading: &'a Reading,
    /// Words that nothing explains.
    pub content: usize,
    /// The same with those that only a question about the bot or about a word explains, by their place.
    pub loose: &'a [bool],
    /// Whether a place is named: an environment or a namespace.
    pub placed: bool,
    /// Whether a message without words is a nod.
    pub nod: bool,
    /// Whether an object, an environment or a namespace is named.
    pub named: bool,
    /// Slack ids of the people mentioned.
    pub people: &'a [String],
}

/// What is wanted. Falls back on a problem, so that no report is lost.
pub(super) fn want(gist: &Gist<'_>) -> Want {
    if gist.length() == 0 {
        return if gist.nod {
            Want::Talk { about: Talk::Hello }
        } else if gist.reading.tokens.is_empty() {
            Want::Help
        } else {
            Want::Problem
        };
    }
    gist.command()
        .or_else(|| gist.alone(Tag::OnCall).map(|_| Want::OnCall))
        .or_else(|| gist.thread_word())
        .or_else(|| gist.talk())
        .or_else(|| gist.dashboard())
        .or_else(|| gist.sizing())
        .or_else(|| gist.act())
        .or_else(|| gist.review())
        .or_else(|| gist.plain_question())
        .unwrap_or_else(|| gist.problem_or_talk())
}

/// Words that make "resolved", "I take it", "call the lead" mean something else.
const BLOCKERS: &[&str] = &[
    "pas",
    "non",
    "not",
    "no",
    "jamais",
    "never",
    "quand",
    "when",
    "once",
    "si",
    "if",
    "sera",
    "serait",
    "will",
    "wont",
    "devrait",
    "should",
    "presque",
    "almost",
    "nearly",
    "partiellement",
    "partially",
    "encore",
    "still",
    "mais",
    "but",
    "isnt",
    "wasnt",
    "cant",
    "cannot",
    "dont",
    "doesnt",
    "try",
    "trying",
    "essaie",
    "essaye",
    "comment",
    "how",
    "qui",
    "who",
    "pourquoi",
    "why",
    "must",
    "faut",
    "faudrait",
    "doit",
    "bientot",
    "soon",
    "aucun",
    "aucune",
    "sans",
    "without",
    "until",
    "would",
    "could",
    "peut",
    "pourrait",
    "might",
    "may",
    "maybe",
    "plus",
    "personne",
    "nobody",
    "sinon",
    "otherwise",
    "unless",
    "avant",
    "before",
    "after",
    "apres",
];

impl Gist<'_> {
    /// Words outside quotations.
    fn length(&self) -> usize {
        self.reading
            .tokens
            .iter()
            .filter(|token| !token.quoted)
            .count()
    }

    fn blocked(&self) -> bool {
        self.reading.question || self.reading.has_word(BLOCKERS)
    }

    /// Whether a symptom is said beyond the words of `said`.
    fn complains_besides(&self, said: &Said) -> bool {
        self.reading.danger().is_some()
            || self.reading.hits.iter().any(|other| {
                matches!(other.tag, Tag::Symptom(_))
                    && other
                        .hit
                        .words
                        .iter()
                        .any(|word| !said.hit.words.contains(word))
            })
    }

    /// The first thing said of that sort, when no symptom stands beside it.
    fn alone(&self, tag: Tag) -> Option<&Said> {
        self.reading
            .all(tag)
            .find(|said| !self.complains_besides(said))
    }

    /// Whether only common words stand before a place.
    fn opens(&self, at: usize) -> bool {
        self.reading.tokens[..at]
            .iter()
            .enumerate()
            .all(|(place, token)| {
                is_stop(&token.text)
                    || self.reading.hits.iter().any(|said| {
                        matches!(said.tag, Tag::Request | Tag::Greeting | Tag::Chatter)
                            && said.hit.words.contains(&place)
                    })
            })
    }

    /// Orders to the bot itself: test page, maintenance, absence.
    fn command(&self) -> Option<Want> {
        if let Some(said) = self.alone(Tag::TestPage)
            && said.hit.start() <= 3
            && self.content <= 1
            && self.opens(said.hit.start())
        {
            return Some(Want::TestPage);
        }
        if self.alone(Tag::MaintenanceOver).is_some() && !self.reading.question {
            return Some(Want::MaintenanceOver);
        }
        self.maintenance().or_else(|| self.absence())
    }

    fn maintenance(&self) -> Option<Want> {
        const VERBS: &[&str] = &[
            "mets", "met", "mettre", "put", "passe", "passer", "start", "set", "active", "activer",
            "debut", "lance", "lancer", "ouvre", "open", "begin", "declare", "place", "planifie",
            "schedule", "starting", "commence",
        ];
        let said = self.alone(Tag::Maintenance)?;
        let seconds = length(&self.reading.tokens);
        let orders =
            self.opens(said.hit.start()) || self.reading.has_word(VERBS) || seconds.is_some();
        if let Some(Later { seconds }) = later(&self.reading.tokens).filter(|_| orders) {
            return Some(Want::MaintenanceLater { seconds });
        }
        (orders && (!self.reading.question || seconds.is_some()))
            .then_some(Want::Maintenance { seconds })
    }

    fn absence(&self) -> Option<Want> {
        const FIRST_PERSON: &[&str] = &[
            "je", "j", "i", "im", "ill", "am", "suis", "serai", "jsuis", "ive",
        ];
        let about = |said: &Said| {
            !self.reading.question
                && self.content <= 2
                && (self.reading.has_word(FIRST_PERSON)
                    || !self.people.is_empty()
                    || self.opens(said.hit.start()) && said.hit.start() <= 2)
        };
        let who = self.people.first().cloned();
        if self.alone(Tag::Back).is_some_and(about) {
            return Some(Want::AbsenceOver { who });
        }
        self.alone(Tag::Absent).filter(|said| about(said))?;
        Some(Want::Absence {
            who,
            until: absence_end(&self.reading.tokens),
        })
    }

    /// What people type in the thread of an incident.
    fn thread_word(&self) -> Option<Want> {
        let short = |most: usize| self.length() <= most;
        if self.reading.says(Tag::Escalate)
            && !self.blocked()
            && short(14)
            && self.content <= 3
            && self.reading.danger().is_none()
        {
            return Some(Want::Escalate);
        }
        if short(10)
            && self.content == 0
            && self.alone(Tag::RunAgain).is_some()
            && !self.asks_when()
        {
            return Some(Want::RunAgain);
        }
        if let Some(said) = self.alone(Tag::Silence)
            && short(12)
            && said.hit.start() <= 5
            && self.content <= 1
            && !self.reading.question
        {
            let seconds = length(&self.reading.tokens);
            return Some(Want::Silence { seconds });
        }
        if let Some(said) = self.alone(Tag::WrongAnswer)
            && short(10)
            && said.hit.start() <= 2
            && self.content <= 1
            && !self.reading.question
        {
            return Some(Want::WrongAnswer);
        }
        if self.blocked() {
            return None;
        }
        if short(10) && self.content == 0 && self.alone(Tag::Acknowledge).is_some() {
            return Some(Want::Acknowledge);
        }
        (short(10) && self.content <= 2 && self.resolves()).then_some(Want::Resolve)
    }

    fn asks_when(&self) -> bool {
        self.reading.has_word(&["quand", "when", "qui", "who"])
    }

    /// "Resolved", with at most the symptom that is over before it: "le crash est résolu".
    fn resolves(&self) -> bool {
        let Some(said) = self.reading.first(Tag::Resolve) else {
            return false;
        };
        self.reading.danger().is_none()
            && self.reading.hits.iter().all(|other| {
                !matches!(other.tag, Tag::Symptom(_)) || other.hit.start() < said.hit.start()
            })
    }

    /// Talk to the bot that asks for no look.
    fn talk(&self) -> Option<Want> {
        let about = talk(self.reading, self.loose).filter(|_| !self.placed)?;
        Some(Want::Talk { about })
    }

    /// "A dashboard for payment": asked for, and nothing else said. A service may be called so too.
    fn dashboard(&self) -> Option<Want> {
        let said = self.alone(Tag::Dashboard)?;
        let target = self.content > 0 || self.named;
        (target && self.opens(said.hit.start())).then_some(Want::Dashboard)
    }

    /// "How many replicas", "should we raise the limits": asked, and nothing said to be wrong beside it.
    fn sizing(&self) -> Option<Want> {
        let said = self.alone(Tag::Sizing)?;
        let trouble = self.reading.all(Tag::Trouble).any(|other| {
            let (mut words, tokens) = (other.hit.words.iter(), &self.reading.tokens);
            words.any(|&at| {
                let why = ["why", "pourquoi"].contains(&tokens[at].text.as_str());
                !why && !said.hit.words.contains(&at)
            })
        });
        (!trouble).then_some(Want::Sizing)
    }

    /// "Restart payment": a change that the bot is asked to make.
    fn act(&self) -> Option<Want> {
        const ACTS: &[Change] = &[
            Change::Restart,
            Change::Rollback,
            Change::Scale,
            Change::Deploy,
            Change::Delete,
        ];
        ACTS.iter().find_map(|&change| {
            let said = self.alone(Tag::Act(change))?;
            let target = self.content > 0 || self.named;
            (target && self.opens(said.hit.start())).then_some(Want::Act { change })
        })
    }

    /// "Review payment", "is payment well configured?".
    fn review(&self) -> Option<Want> {
        let said = self.alone(Tag::Review)?;
        let plain = self.opens(said.hit.start()) || said.hit.words.len() > 1;
        (plain && self.reading.asks_review(said)).then_some(Want::Review)
    }

    /// The questions that are answered without an incident (S18).
    fn plain_question(&self) -> Option<Want> {
        if let Some(said) = self.reading.first(Tag::Logs)
            && self.is_requested(said)
        {
            return Some(Want::Logs);
        }
        let sorts = [Tag::Changes, Tag::Version, Tag::Logs, Tag::Usage];
        let (first, _) = sorts
            .iter()
            .filter_map(|&tag| Some((tag, self.alone(tag)?.hit.start())))
            .min_by_key(|&(_, start)| start)?;
        let trouble = self.reading.says(Tag::Trouble) && !self.reading.says(Tag::Request);
        if trouble && first != Tag::Changes {
            return None;
        }
        Some(match first {
            Tag::Changes => Want::Changes {
                period: period(&self.reading.tokens),
            },
            Tag::Version => Want::Version,
            Tag::Usage => Want::Usage,
            _ => Want::Logs,
        })
    }

    /// "Show me the logs": the request stands right before, in the same clause.
    fn is_requested(&self, said: &Said) -> bool {
        self.reading.all(Tag::Request).any(|request| {
            let (from, to) = (request.hit.end(), said.hit.start());
            from <= to
                && to - from <= 6
                && self.reading.tokens[from..=to]
                    .iter()
                    .all(|token| token.breaks == Break::None)
        })
    }

    fn problem_or_talk(&self) -> Want {
        let reading = self.reading;
        let asks_help = reading.says(Tag::Help) && self.content == 0 && !self.named;
        let symptoms = reading
            .hits
            .iter()
            .any(|said| matches!(said.tag, Tag::Symptom(_) | Tag::Danger(_)));
        let helpless = reading
            .all(Tag::Trouble)
            .all(|said| reading.tokens[said.hit.start()].text == "help");
        if asks_help && !symptoms && helpless {
            return Want::Help;
        }
        if symptoms || reading.says(Tag::Trouble) {
            return Want::Problem;
        }
        let greets = reading.says(Tag::Greeting) && !reading.says(Tag::Fine);
        if reading.says(Tag::Status) || reading.question || greets {
            return Want::Status;
        }
        if reading.says(Tag::Fine) || reading.says(Tag::Chatter) || !self.named {
            return Want::Nothing;
        }
        if self.content <= 2 {
            Want::Status
        } else {
            Want::Problem
        }
    }
}
