//! From what an incident wants said to a Slack message: gathers the values of the moment and hands
//! them to the renderers. A message is rendered when it is sent, so it says what is known then.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Shared;
use crate::escalation::{Class, Criticality, Policy, route};
use crate::finding::{Diagnosis, Shares};
use crate::incident::{
    Button, ButtonAction, Content, Effect, Incident, IncidentId, InvestigationState, Line, Origin,
    Outgoing, PageFacts, Priority, Purpose, Stamp, Status, ThreadRef,
};
use crate::post::{
    self, AnswerContext, Approval, Front, NextPage, PageContext, Plain, SlackMessage, Words,
};
use crate::text::{Arg, Message, Untrusted};

/// A question that was taken this long after it was asked is marked as late (I19).
const STALE: TimeDelta = TimeDelta::minutes(15);

impl Shared {
    /// Renders one outgoing message. `repeat`: an earlier attempt may have arrived after all.
    pub(super) async fn say(
        &self,
        incident: &Incident,
        content: &Content,
        out: &Outgoing,
        repeat: bool,
    ) -> SlackMessage {
        let (key, channel) = match &out.effect {
            // An edited message keeps its own key, so that it can still be found.
            Effect::Update { of, .. } => (of, None),
            Effect::Post { thread, .. } | Effect::Ephemeral { thread, .. } => {
                (&out.key, Some(thread.channel.as_str()))
            }
            _ => (&out.key, None),
        };
        let first = match &out.effect {
            Effect::Update { of, .. } => incident.outgoing(of).map(|target| &target.effect),
            effect => Some(effect),
        };
        let direct = matches!(first, Some(Effect::Dm { .. }));
        let trace = incident.trace().text();
        let speaker = Speaker {
            incident,
            stamp: Stamp {
                key: key.as_str(),
                version: incident.version,
                trace: incident.topic.has_clock().then_some(trace.as_str()),
            },
            words: Words::new(incident.ask.language, self.now()),
            policy: self.records.policy(),
            lead_names: &self.parts.lead_names,
            shares: self.shares(channel.unwrap_or(incident.root.channel.as_str()), direct),
            now: self.now(),
        };
        self.say_content(&speaker, content, direct, repeat).await
    }

    async fn say_content(
        &self,
        speaker: &Speaker<'_>,
        content: &Content,
        direct: bool,
        repeat: bool,
    ) -> SlackMessage {
        let redactor = &self.parts.redactor;
        let line = |message: &Message, buttons: &[post::Button]| {
            post::line(message, buttons, speaker.stamp, &speaker.words, redactor)
        };
        match content {
            Content::Investigation { number } => self.say_investigation(speaker, *number),
            Content::Plain(answer) => {
                let plain = Plain {
                    headline: &answer.headline,
                    lines: &answer.lines,
                    verbatim: answer.verbatim.as_ref(),
                    command: answer.command.as_ref(),
                };
                post::plain(plain, speaker.stamp, &speaker.words, redactor)
            }
            Content::Choose { number, question } => {
                let buttons = speaker.buttons(*number);
                post::which(question, &buttons, speaker.stamp, &speaker.words, redactor)
            }
            Content::Line(said) => {
                let buttons = match said {
                    Line::OfferToClose | Line::AlertRecovered => speaker.closing_buttons(),
                    _ => Vec::new(),
                };
                line(
                    &post::said::thread_line(said, speaker.next_page().as_ref()),
                    &buttons,
                )
            }
            Content::Page(page) => {
                let thread = if direct {
                    self.link(&speaker.incident.root, Priority::Page).await
                } else {
                    None
                };
                self.say_page(speaker, page, thread.as_deref(), repeat)
            }
            Content::StoppedPage { why, at, .. } => line(&post::said::stopped(why, *at), &[]),
            Content::HandledIn { incident, thread } => {
                let thread = self.opened_by_now(incident, thread).await;
                let permalink = self.link(&thread, Priority::FirstReply).await;
                let permalink = permalink.unwrap_or_default();
                line(&post::said::handled_in(&permalink), &[])
            }
            Content::ReportedAgain { count, thread } => {
                let permalink = self.link(thread, Priority::Progress).await;
                let permalink = permalink.unwrap_or_default();
                line(&post::said::reported_again(*count, &permalink), &[])
            }
        }
    }

    /// The thread; that of the incident as it is now, where it was not open yet.
    async fn opened_by_now(&self, id: &IncidentId, thread: &ThreadRef) -> ThreadRef {
        if thread.ts.is_some() {
            return thread.clone();
        }
        let found = self.records.current(id, true).await;
        let found = found.inspect_err(|error| tracing::warn!(%error, "no thread to link"));
        let root = found.ok().flatten().map(|incident| incident.root);
        root.unwrap_or_else(|| thread.clone())
    }

    fn say_investigation(&self, speaker: &Speaker<'_>, number: u32) -> SlackMessage {
        let one = speaker.incident.investigation(number);
        let (words, stamp) = (&speaker.words, speaker.stamp);
        match one.map(|one| &one.state) {
            Some(InvestigationState::Done(diagnosis)) => {
                let context = speaker.answer_context(number);
                post::answer(diagnosis, &context, words, &self.parts.redactor)
            }
            Some(InvestigationState::Running { doing }) => {
                let progress: Vec<Message> = doing.iter().cloned().collect();
                post::looking(
                    &speaker.target(),
                    &progress,
                    stamp,
                    words,
                    &self.parts.redactor,
                )
            }
            _ => post::looking(&speaker.target(), &[], stamp, words, &self.parts.redactor),
        }
    }

    fn say_page(
        &self,
        speaker: &Speaker<'_>,
        page: &PageFacts,
        thread: Option<&str>,
        repeat: bool,
    ) -> SlackMessage {
        let incident = speaker.incident;
        let question = literal(incident.ask.text.clone());
        let mut notes: Vec<Message> = page.late.iter().map(post::said::late).collect();
        notes.extend(page.skipped.iter().map(post::said::skipped));
        notes.extend(repeat.then(post::said::repeat));
        notes.extend(speaker.looked_again());
        let context = PageContext {
            stamp: speaker.stamp,
            incident: incident.id.as_str(),
            to: page.to.as_ref().map(crate::escalation::UserId::as_str),
            quiet: page.quiet,
            notice: page.because.iter().find_map(post::said::notice),
            object: incident.subject.as_ref().or(incident.object.as_ref()),
            alert: Front::of(incident),
            asker: match &incident.origin {
                Origin::Person(user) => Some(user.as_str()),
                _ => None,
            },
            question: &question,
            because: page.because.iter().map(post::said::reason).collect(),
            notes,
            opened_at: incident.opened_at,
            environment: incident.environment.as_deref(),
            tried: speaker.tried(),
            thread,
            buttons: speaker.closing_buttons(),
            shares: speaker.shares,
        };
        post::page(
            incident.diagnosis(),
            &context,
            &speaker.words,
            &self.parts.redactor,
        )
    }

    /// What may be shown there; where the bot may not answer at all, only the state of objects.
    pub(super) fn shares(&self, channel: &str, direct: bool) -> Shares {
        let channels = &self.parts.channels;
        let show = if direct {
            channels.direct
        } else {
            channels.show(channel)
        };
        Shares {
            metrics: show.is_some_and(|show| show.metrics),
            events: show.is_some_and(|show| show.events),
            logs: show.is_some_and(|show| show.logs),
        }
    }
}

/// The values of one moment.
struct Speaker<'a> {
    incident: &'a Incident,
    stamp: Stamp<'a>,
    words: Words,
    policy: std::sync::Arc<Policy>,
    lead_names: &'a HashMap<String, String>,
    shares: Shares,
    now: DateTime<Utc>,
}

impl Speaker<'_> {
    fn answer_context(&self, number: u32) -> AnswerContext<'_> {
        let incident = self.incident;
        let is_incident = incident.topic == crate::incident::Topic::Problem;
        AnswerContext {
            stamp: self.stamp,
            incident: is_incident.then(|| incident.id.as_str()),
            alert: Front::of(incident),
            next_page: self.next_page(),
            state: self.state(),
            approval: Some(self.approval()),
            buttons: self.buttons(number),
            shares: self.shares,
        }
    }

    /// The next call, if nothing happens.
    fn next_page(&self) -> Option<NextPage> {
        let due_at = self.incident.next_page_at()?;
        // Once somebody has it in hand, only the resolution is still waited for.
        let taken = matches!(self.incident.status, Status::Acknowledged { .. });
        let class = match self.incident.class {
            Class::Production if taken => Class::Standard,
            class => class,
        };
        Some(NextPage {
            class,
            due_at,
            lead: self.lead().and_then(|id| self.lead_names.get(&id).cloned()),
        })
    }

    fn lead(&self) -> Option<String> {
        let route = route(&self.policy, &self.incident.scope(), &[], self.now);
        route.to.map(|user| user.as_str().to_owned())
    }

    fn approval(&self) -> Approval {
        match self
            .policy
            .criticality(self.incident.environment.as_deref())
        {
            Criticality::Production => Approval::Lead,
            Criticality::Normal => Approval::Team,
        }
    }

    /// Where the incident stands, for its answer.
    fn state(&self) -> Vec<Message> {
        let incident = self.incident;
        let mut state = Vec::new();
        let taken_at = incident.audit.first().map(|line| line.at);
        if taken_at.is_some_and(|at| at - incident.opened_at > STALE) {
            state.push(Message::new("line-missed").with("time", incident.opened_at));
        }
        match &incident.status {
            Status::Acknowledged { .. } => state.push(post::said::in_hand(&incident.status)),
            Status::Resolved { by, .. } => {
                let line = Line::Resolved { by: by.clone() };
                state.push(post::said::thread_line(&line, None));
            }
            _ => {}
        }
        state.extend(post::alert_lines(incident));
        let held = incident.steps.iter().filter(|step| step.is_armed());
        let held = held.filter_map(|step| step.held_until).max();
        state.extend(held.filter(|until| *until > self.now).map(post::said::held));
        state
    }

    /// What was done so far, for the lead.
    fn tried(&self) -> Vec<Message> {
        let done = self.done();
        let mut tried: Vec<Message> = done
            .last()
            .map(|last| post::said::investigated(done.len(), last.started_at))
            .into_iter()
            .collect();
        tried.push(post::said::in_hand(&self.incident.status));
        tried
    }

    fn done(&self) -> Vec<&Diagnosis> {
        let all = self.incident.investigations.iter();
        all.filter_map(crate::incident::Investigation::diagnosis)
            .collect()
    }

    /// Whether the facts are of now.
    fn looked_again(&self) -> Option<Message> {
        let last = self.incident.investigations.last()?;
        if last.purpose != Purpose::BeforePage {
            return None;
        }
        let newest = self.incident.diagnosis()?;
        Some(post::said::looked_again(
            last.diagnosis().is_some(),
            newest.started_at,
        ))
    }

    /// What is looked at, as far as it is known.
    fn target(&self) -> Message {
        let incident = self.incident;
        let phrase = || Some(incident.ask.object.as_ref()?.phrases.first()?.shown.clone());
        let name = incident
            .object
            .as_ref()
            .map(|object| Untrusted::new(object.name.clone()))
            .or_else(phrase)
            .or_else(|| incident.environment.clone().map(Untrusted::new));
        literal(name.unwrap_or_else(|| incident.ask.text.clone()))
    }

    fn buttons(&self, number: u32) -> Vec<post::Button> {
        let live = self.incident.live_buttons(number, self.now);
        live.into_iter().map(|button| self.button(button)).collect()
    }

    /// Acknowledge and resolve, as the newest answer offers them.
    fn closing_buttons(&self) -> Vec<post::Button> {
        let newest = self
            .incident
            .buttons
            .iter()
            .filter(|button| button.is_live(self.now))
            .map(|button| button.investigation)
            .max();
        let live = newest.map(|number| self.incident.live_buttons(number, self.now));
        live.into_iter()
            .flatten()
            .filter(|one| {
                matches!(
                    one.action,
                    ButtonAction::Acknowledge | ButtonAction::Resolve
                )
            })
            .map(|button| self.button(button))
            .collect()
    }

    fn button(&self, button: &Button) -> post::Button {
        post::button(
            &button.action,
            button.id.as_str(),
            self.lead().map(Arg::Person),
        )
    }
}

/// Text from outside as a message.
pub(super) fn literal(text: Untrusted) -> Message {
    Message::new("literal").with("text", text)
}
