//! What somebody said or pressed, decided and saved: a new record, an event for one that exists, or
//! a refusal that only they see. The arrival is consumed in the same commit as what came of it.

use chrono::{DateTime, Utc};
use tracing::Span;

use super::{Happened, Shared, crash_point};
use crate::escalation::Reason;
use crate::incident::{
    Actor, Asked, Command, Event, Incident, IncidentId, JoinKey, Origin, Topic, open,
};
use crate::intake::access::Denied;
use crate::intake::slack::{Address, Pressed, Said};
use crate::intent::{Ask, Candidate, Resolution, Scope, Talk, Want, resolve};
use crate::post::{Medium, Words};
use crate::store::{Commit, Inbox, StoreError};
use crate::text::{Language, Message};

/// Talk in a thread is only taken as a command when it is short: "resolved", "je prends".
const MAX_COMMAND: usize = 80;

/// What a message in a conversation asks the engine to do.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// Nothing for us.
    Nothing,
    /// Something to do about the record of the thread.
    Command(Command),
    /// A record of its own.
    Open(Topic),
}

impl Shared {
    /// Somebody wrote something that may be for us.
    pub(super) async fn said(&self, said: &Said, inbox: &Inbox) -> Result<(), StoreError> {
        let done = Commit::default().consuming(inbox.id);
        let record = self.records.of_thread(&said.thread()).await?;
        if said.address == Address::Reply && record.is_none() {
            return self.records.save(done).await;
        }
        let known = record.as_ref().map(|record| record.ask.language);
        let admitted = self
            .parts
            .doorkeeper
            .admit(
                said.channel.as_str(),
                said.user.as_str(),
                said.team.as_deref(),
            )
            .await;
        let user = match admitted {
            Ok(user) => user,
            Err(denied) => {
                self.refuse(said, denied, known).await;
                return self.records.save(done).await;
            }
        };
        let hint = known.or_else(|| language_of(user.locale.as_deref()));
        let mut ask = self.understand(said.text.raw(), hint);
        if !self.place(&mut ask, said.channel.as_str()) {
            self.refuse(said, Denied::Channel, Some(ask.language)).await;
            return self.records.save(done).await;
        }
        let span = Span::current();
        span.record("channel", said.channel.as_str());
        span.record("language", ask.language.code());
        span.record("want", word_of(&ask.want));
        crash_point("intent-decided");
        match step(&ask, said, record.as_ref()) {
            Step::Nothing => self.records.save(done).await?,
            Step::Command(command) => self.command(said, record, command, &ask, done).await?,
            Step::Open(topic) => self.open(said, topic, ask, inbox, done).await?,
        }
        crash_point("intent-committed");
        Ok(())
    }

    /// Somebody pressed a button.
    pub(super) async fn pressed(&self, pressed: &Pressed, inbox: &Inbox) -> Result<(), StoreError> {
        let done = Commit::default().consuming(inbox.id);
        let Some(id) = self.record_of(pressed).await? else {
            let text = self.words(self.parts.language, "line-button-expired");
            self.whisper(&pressed.thread(), pressed.user.as_str(), &text)
                .await;
            return self.records.save(done).await;
        };
        Span::current().record("incident", id.as_str());
        let admitted = self.parts.doorkeeper.admit_press(
            pressed.channel.as_str(),
            pressed.user.as_str(),
            pressed.team.as_deref(),
        );
        let admitted = admitted.await;
        if let Err(denied) = &admitted {
            self.observe(Happened::Denied(denied.code()));
        }
        let actor = Actor {
            user: pressed.user.clone(),
            authorised: admitted.is_ok(),
            at: pressed.at.unwrap_or(inbox.received_at),
            thread: pressed.thread(),
        };
        let event = Event::Pressed {
            button: pressed.button.clone(),
            actor,
        };
        crash_point("intent-decided");
        self.records.change_with(&id, event, done).await?;
        crash_point("intent-committed");
        Ok(())
    }

    /// The record a button belongs to: the one that offered it, wherever its message stands.
    async fn record_of(&self, pressed: &Pressed) -> Result<Option<IncidentId>, StoreError> {
        let offers =
            |incident: &Incident| incident.buttons.iter().any(|one| one.id == pressed.button);
        let live = self.records.live();
        if let Some(incident) = live.iter().find(|incident| offers(incident)) {
            return Ok(Some(incident.id.clone()));
        }
        let record = self.records.of_thread(&pressed.thread()).await?;
        Ok(record.map(|record| record.id))
    }

    async fn command(
        &self,
        said: &Said,
        record: Option<Incident>,
        command: Command,
        ask: &Ask,
        done: Commit,
    ) -> Result<(), StoreError> {
        let Some(record) = record else {
            return self.records.save(done).await;
        };
        Span::current().record("incident", record.id.as_str());
        tracing::info!(?command, "asked");
        if let Some(danger) = ask.danger.filter(|_| record.is_open()) {
            let event = Event::ReportedAgain {
                thread: said.thread(),
                by: Origin::Person(said.user.clone()),
                at: said.at().unwrap_or_else(|| self.now()),
                because: Some(Reason::Words(danger)),
                tell: false,
            };
            self.records.change(&record.id, event).await?;
        }
        let actor = Actor {
            user: said.user.clone(),
            authorised: true,
            at: said.at().unwrap_or_else(|| self.now()),
            thread: said.thread(),
        };
        let event = Event::Said { command, actor };
        self.records.change_with(&record.id, event, done).await?;
        Ok(())
    }

    /// Opens a record, or reports the problem to the open incident it belongs to.
    async fn open(
        &self,
        said: &Said,
        topic: Topic,
        ask: Ask,
        inbox: &Inbox,
        done: Commit,
    ) -> Result<(), StoreError> {
        let (language, want) = (ask.language, word_of(&ask.want));
        let at = said.at().unwrap_or(inbox.received_at);
        let escalate = ask.want == Want::Escalate;
        // What calls the lead is the last commit of two: the arrival stays until then.
        let first = if escalate {
            Commit::default()
        } else {
            done.clone()
        };
        let (id, outcome) = match self.open_already(topic, &ask) {
            Some(other) => {
                let event = Event::ReportedAgain {
                    thread: said.thread(),
                    by: Origin::Person(said.user.clone()),
                    at,
                    because: ask.danger.map(Reason::Words),
                    tell: true,
                };
                self.records.change_with(&other, event, first).await?;
                (other, "joined")
            }
            None => match self.open_new(said, topic, ask, at, first).await? {
                Some(id) => (id, "opened"),
                // Before this process was killed, without the call.
                None if escalate => (IncidentId::of_message(&said.channel, &said.ts), "opened"),
                None => return Ok(()),
            },
        };
        Span::current().record("incident", id.as_str());
        tracing::info!(outcome, "taken");
        self.observe(Happened::Question(language, want, outcome));
        if escalate {
            let actor = Actor {
                user: said.user.clone(),
                authorised: true,
                at,
                thread: said.thread(),
            };
            let command = Command::Escalate;
            let event = Event::Said { command, actor };
            self.records.change_with(&id, event, done).await?;
        }
        Ok(())
    }

    /// Opens a record; `None`: it was opened before, and the arrival is a late twin of it.
    async fn open_new(
        &self,
        said: &Said,
        topic: Topic,
        ask: Ask,
        at: DateTime<Utc>,
        done: Commit,
    ) -> Result<Option<IncidentId>, StoreError> {
        let asked = Asked {
            id: IncidentId::of_message(&said.channel, &said.ts),
            topic,
            at,
            thread: said.thread(),
            origin: Origin::Person(said.user.clone()),
            environment: ask.environment.clone(),
            object: None,
            alerts: Vec::new(),
            ask,
        };
        let decision = self.records.decide(|context| open(asked, context));
        let id = decision.incident.id.clone();
        let mut commit = done.clone().and(decision.incident);
        commit.watermarks.extend(self.first_sight(said).await?);
        match self.records.save(commit).await {
            Err(StoreError::Conflict { .. }) => self.records.save(done).await.map(|()| None),
            other => other.map(|()| Some(id)),
        }
    }

    /// The open incident that a message is about before anyone has looked.
    fn open_already(&self, topic: Topic, ask: &Ask) -> Option<IncidentId> {
        if ask.want == Want::Escalate && ask.object.is_some() {
            return self.open_about(ask);
        }
        let wide = topic == Topic::Problem && ask.object.is_none();
        let key = JoinKey {
            environment: ask.environment.clone(),
            wide: true,
            ..JoinKey::default()
        };
        let live = self.records.live();
        let mut joins = live.iter().filter(|one| wide && one.joins(&key));
        joins.next().map(|one| one.id.clone())
    }

    /// The open incident about the object that the words name: to call the lead for it is no incident of
    /// its own.
    fn open_about(&self, ask: &Ask) -> Option<IncidentId> {
        let live = self.records.live();
        let open: Vec<_> = live
            .iter()
            .filter(|one| one.is_open() && is_of(one, ask.environment.as_deref()))
            .collect();
        let named = |incident: &&std::sync::Arc<Incident>| {
            let object = incident.object.as_ref().or(incident.subject.as_ref())?;
            let namespace = object.namespace.clone().unwrap_or_default();
            Some(Candidate::new(object.kind, namespace, object.name.clone()))
        };
        let (incidents, candidates): (Vec<_>, Vec<_>) = open
            .iter()
            .filter_map(|incident| Some((incident.id.clone(), named(incident)?)))
            .unzip();
        match resolve(ask.object.as_ref(), &candidates, &Scope::default()) {
            Resolution::One(index) => incidents.get(index).cloned(),
            _ => None,
        }
    }

    /// The first message of a direct conversation makes the catch-up watch it from there.
    async fn first_sight(
        &self,
        said: &Said,
    ) -> Result<Option<crate::store::Watermark>, StoreError> {
        if said.address != Address::Direct {
            return Ok(None);
        }
        let known = self.records.store().watermarks().await?;
        let new = !known.iter().any(|mark| mark.channel == said.channel);
        Ok(new.then(|| crate::store::Watermark {
            channel: said.channel.clone(),
            ts: said.ts.clone(),
        }))
    }

    /// Applies the channel's list of environments: one that is not on it may not be asked about
    /// here, and a list of one says which is meant.
    pub(super) fn place(&self, ask: &mut Ask, channel: &str) -> bool {
        let listed = &self.parts.channels.listed;
        let Some(here) = listed.iter().find(|listed| listed.id == channel) else {
            return true;
        };
        match (&ask.environment, here.environments.as_slice()) {
            (_, []) => true,
            (Some(named), allowed) => allowed.contains(named),
            (None, [only]) => {
                ask.environment = Some(only.clone());
                true
            }
            (None, _) => true,
        }
    }

    /// Tells somebody, and nobody else, that they may not. Talk that did not address us gets nothing.
    async fn refuse(&self, said: &Said, denied: Denied, language: Option<Language>) {
        self.observe(Happened::Denied(denied.code()));
        tracing::info!(
            channel = said.channel.as_str(),
            user = said.user.as_str(),
            why = denied.code(),
            "refused"
        );
        if said.address == Address::Reply || denied == Denied::NotAPerson {
            return;
        }
        let language = language.unwrap_or_else(|| self.understand(said.text.raw(), None).language);
        let text = self.words(language, refusal(denied));
        self.whisper(&said.thread(), said.user.as_str(), &text)
            .await;
    }

    /// One line of the locale files.
    pub(super) fn words(&self, language: Language, id: &'static str) -> String {
        Words::new(language, self.now()).say(&Message::new(id), Medium::Slack)
    }

    /// Shows a line to one person. The arrival that caused it is saved and consumed after it, so
    /// after a crash it may be shown twice, never not at all.
    async fn whisper(&self, thread: &crate::incident::ThreadRef, user: &str, text: &str) {
        let ts = thread.ts.as_ref().map(crate::incident::Ts::as_str);
        let sent = self
            .parts
            .slack
            .ephemeral(thread.channel.as_str(), ts, user, text)
            .await;
        if let Err(error) = sent {
            tracing::warn!(%error, "a refusal could not be shown");
        }
    }
}

/// Whether an incident may be meant by words that name that environment, or none.
fn is_of(incident: &Incident, environment: Option<&str>) -> bool {
    environment.is_none() || incident.environment.as_deref() == environment
}

/// What a message asks for, given the record of its thread.
fn step(ask: &Ask, said: &Said, record: Option<&Incident>) -> Step {
    let command = command_of(&ask.want);
    if said.address == Address::Reply {
        // Where a maintenance was announced, its end needs no mention.
        let announced = |record: &Incident| matches!(record.ask.want, Want::Maintenance { .. });
        if ask.want == Want::MaintenanceOver && record.is_some_and(announced) {
            return Step::Open(Topic::Question);
        }
        let short = said.text.raw().chars().count() <= MAX_COMMAND;
        return command
            .filter(|_| short)
            .map_or(Step::Nothing, Step::Command);
    }
    match (&ask.want, record, command) {
        // Thanks in the thread of an incident: nobody waits for a word.
        (Want::Nothing, ..)
        | (
            Want::Talk {
                about: Talk::Thanks,
            },
            Some(_),
            _,
        ) => Step::Nothing,
        (_, Some(_), Some(command)) => Step::Command(command),
        (Want::Problem | Want::Status, Some(record), None)
            if record.is_open() && ask.object.is_none() =>
        {
            Step::Command(Command::RunAgain)
        }
        (Want::Problem | Want::Escalate, ..) => Step::Open(Topic::Problem),
        (Want::TestPage, ..) => Step::Open(Topic::TestPage),
        _ => Step::Open(Topic::Question),
    }
}

fn command_of(want: &Want) -> Option<Command> {
    match want {
        Want::Acknowledge => Some(Command::Acknowledge),
        Want::Resolve => Some(Command::Resolve),
        Want::Escalate => Some(Command::Escalate),
        Want::RunAgain => Some(Command::RunAgain),
        Want::WrongAnswer => Some(Command::WrongAnswer),
        Want::Silence { seconds } => Some(Command::Silence { seconds: *seconds }),
        _ => None,
    }
}

fn refusal(denied: Denied) -> &'static str {
    match denied {
        Denied::Channel | Denied::Direct | Denied::SharedChannel => "refuse-channel",
        Denied::Guest | Denied::Stranger => "refuse-guest",
        Denied::User | Denied::NotAPerson | Denied::Unknown => "refuse-user",
    }
}

fn language_of(locale: Option<&str>) -> Option<Language> {
    match locale?.get(..2)? {
        "fr" => Some(Language::Fr),
        "en" => Some(Language::En),
        _ => None,
    }
}

/// What is wanted, as a metric's label.
fn word_of(want: &Want) -> &'static str {
    match want {
        Want::Problem => "problem",
        Want::Status => "status",
        Want::Logs => "logs",
        Want::Version => "version",
        Want::Changes { .. } => "changes",
        Want::Usage => "usage",
        Want::Sizing => "sizing",
        Want::Review => "review",
        Want::Dashboard => "dashboard",
        Want::Help => "help",
        Want::TestPage => "test-page",
        Want::Maintenance { .. } | Want::MaintenanceOver | Want::MaintenanceLater { .. } => {
            "maintenance"
        }
        Want::OnCall => "on-call",
        Want::Absence { .. } | Want::AbsenceOver { .. } => "absence",
        Want::Act { .. } => "act",
        Want::Acknowledge
        | Want::Resolve
        | Want::Escalate
        | Want::RunAgain
        | Want::WrongAnswer
        | Want::Silence { .. } => "command",
        Want::Talk { .. } => "talk",
        Want::Nothing => "nothing",
    }
}
