//! Files in threads: drawn when they are sent, in the language and the time zone of who asked, and found again by
//! their name when nobody knows whether they arrived.

use super::Shared;
use super::effects::{Held, slack_priority};
use super::refusals::{self, Failure};
use crate::clients::slack::{Priority, SlackError, Upload, carries_file};
use crate::finding::Dashboard;
use crate::incident::{
    Attachment, Effect, Incident, IncidentId, Key, Origin, Outgoing, Refusal, ThreadRef,
};
use crate::post::{self, chart};
use crate::store::StoreError;

impl Shared {
    /// Sends a file, and saves what came of it. A file is an extra: what Slack refuses for good is given up.
    pub(super) async fn attach(
        &self,
        id: &IncidentId,
        out: &Outgoing,
        thread: &ThreadRef,
    ) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::Attach { file, .. } = &held.out.effect else {
            return Ok(());
        };
        let (channel, Some(ts)) = (thread.channel.as_str(), &thread.ts) else {
            return Ok(());
        };
        let name = file_name(&held.out.key, file);
        if held.claim.look_first || held.claim.look_only {
            match self.shows(channel, ts.as_str(), &name).await {
                Ok(true) => return self.sent(&held, Some(channel.to_owned()), None).await,
                Ok(false) if held.claim.look_only => return self.not_found(&held).await,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot look for an earlier file");
                    return Ok(());
                }
            }
        }
        let Some(upload) = self.drawn(&held.incident, file, name).await else {
            let code = "nothing-to-show".to_owned();
            return self.refused(&held, Refusal::Permanent { code }).await;
        };
        let priority = slack_priority(out.priority);
        let sent = self
            .parts
            .slack
            .upload(channel, ts.as_str(), &upload, priority)
            .await;
        self.attached(&held, channel, sent.map(drop)).await
    }

    async fn attached(
        &self,
        held: &Held,
        channel: &str,
        sent: Result<(), SlackError>,
    ) -> Result<(), StoreError> {
        let Err(error) = sent else {
            return self.sent(held, Some(channel.to_owned()), None).await;
        };
        tracing::warn!(key = held.out.key.as_str(), %error, "a file was not sent");
        match refusals::sort(&error, self.now()) {
            // The workspace may forbid files, or the scope may be missing: the answer stands without it.
            Failure::Refused(Refusal::Workspace { code }) | Failure::TryPlain(code) => {
                self.refused(held, Refusal::Permanent { code }).await
            }
            Failure::Refused(refusal) => self.refused(held, refusal).await,
            Failure::Unclear => self.unclear(held).await,
        }
    }

    /// Whether the thread shows a file of that name.
    async fn shows(&self, channel: &str, thread: &str, name: &str) -> Result<bool, SlackError> {
        let mut cursor: Option<String> = None;
        loop {
            let slack = &self.parts.slack;
            let page = slack.replies(channel, thread, None, cursor.as_deref(), Priority::Answer);
            let page = page.await?;
            if page
                .messages
                .iter()
                .any(|message| carries_file(message, name))
            {
                return Ok(true);
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(false);
            }
        }
    }

    async fn drawn(&self, incident: &Incident, file: &Attachment, name: String) -> Option<Upload> {
        let number = match file {
            Attachment::Picture { number } => number,
            Attachment::Dashboard(facts) => return self.dashboard(incident, facts, name),
        };
        let diagnosis = incident.investigation(*number)?.diagnosis()?;
        let clean = post::redacted(diagnosis, &self.parts.redactor);
        let language = incident.ask.language;
        let view = chart::View {
            language,
            zone: self.zone_of(incident).await,
            ..chart::View::default()
        };
        let picture = clean.charts.into_iter().next()?;
        let (title, alt) = (
            chart::title(&picture, language),
            chart::alt(&picture, language),
        );
        // Tens of milliseconds of work: not on a thread that pages wait for.
        let alone = self.drawing.acquire().await.ok()?;
        let drawing = tokio::task::spawn_blocking(move || chart::draw(&picture, view));
        let bytes = drawing.await.ok()??;
        drop(alone);
        Some(Upload {
            name,
            title,
            alt,
            kind: "image/png",
            bytes,
        })
    }

    fn dashboard(&self, incident: &Incident, facts: &Dashboard, name: String) -> Option<Upload> {
        let language = incident.ask.language;
        let mut file = post::dashboard::dashboard(facts, language);
        self.parts.redactor.redact_json(&mut file);
        let title = post::dashboard::title(facts, language);
        Some(Upload {
            name,
            alt: title.clone(),
            title,
            kind: "application/json",
            bytes: serde_json::to_vec_pretty(&file).ok()?,
        })
    }

    /// The time zone of who asked; UTC for an alert.
    async fn zone_of(&self, incident: &Incident) -> chart::Zone {
        let Origin::Person(user) = &incident.origin else {
            return chart::Zone::utc();
        };
        let person = self
            .parts
            .slack
            .user(user.as_str(), Priority::Progress)
            .await;
        let offset = person.ok().and_then(|person| person.tz_offset);
        offset.map_or_else(chart::Zone::utc, chart::Zone::east)
    }
}

/// The name that finds the file again: its key, as a file name.
fn file_name(key: &Key, file: &Attachment) -> String {
    let end = match file {
        Attachment::Picture { .. } => "png",
        Attachment::Dashboard(_) => "json",
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = key.as_str().chars().map(plain).collect();
    format!("vigie-{name}.{end}")
}
