//! The call for the lead. It stands alone: what, since when, impact, why now, what was done, what is
//! proposed, and one press to take it.

use chrono::{DateTime, Utc};

use super::{lines, notice, small};
use crate::finding::{Diagnosis, Shares, Subject};
use crate::incident::Stamp;
use crate::post::block_kit::{Button, MAX_SECTION, actions, context, cut, preformatted};
use crate::post::blocks::{Draft, SlackMessage};
use crate::post::{Front, Medium, Words, front, parts, report};
use crate::text::{Arg, Message, Redactor, cap};

/// Characters of a quoted question.
const MAX_QUOTE: usize = 200;

/// What a call says.
#[derive(Clone, Debug)]
pub struct PageContext<'a> {
    /// Which message it is.
    pub stamp: Stamp<'a>,
    /// Id of the incident.
    pub incident: &'a str,
    /// Slack id of the one called; none when no lead can be reached.
    pub to: Option<&'a str>,
    /// The lead knows already: no mention.
    pub quiet: bool,
    /// The headline of a call about the bot itself (a test of the way, a lost memory): no facts of an
    /// incident go with it.
    pub notice: Option<Message>,
    /// What was asked about, as its label; shown when there is no diagnosis.
    pub object: Option<&'a Subject>,
    /// The alert that speaks for the incident: its own words are the first line.
    pub alert: Option<Front>,
    /// Who asked, by Slack id, where a person did; quoted with the question.
    pub asker: Option<&'a str>,
    /// The question or alert in its own words; shown when there is no diagnosis.
    pub question: &'a Message,
    /// Why the lead is called, the most telling first.
    pub because: Vec<Message>,
    /// Why it comes late, why others were passed over, whether it may be a repeat.
    pub notes: Vec<Message>,
    /// When the incident began (UTC).
    pub opened_at: DateTime<Utc>,
    /// Environment, when known.
    pub environment: Option<&'a str>,
    /// What was done so far.
    pub tried: Vec<Message>,
    /// Permalink of the thread, where the call is not in it.
    pub thread: Option<&'a str>,
    /// What may be pressed.
    pub buttons: Vec<Button>,
    /// What may be shown where it goes.
    pub shares: Shares,
}

/// The call as a Slack message, redacted; `diagnosis` is the newest there is.
#[must_use]
pub fn page(
    diagnosis: Option<&Diagnosis>,
    context: &PageContext<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let mut diagnosis = diagnosis.map(|diagnosis| report::redacted(diagnosis, redactor));
    let alert = context.alert.as_ref().map(|it| it.redacted(redactor));
    let asked = asked(context, redactor);
    if let Some(diagnosis) = &mut diagnosis {
        front::while_firing(diagnosis, alert.as_ref(), context.shares);
        parts::withhold_from(diagnosis, context.shares);
    }
    let mut writer = Writer {
        draft: Draft::new(*words),
        words,
        context,
        alert: alert.as_ref(),
    };
    let headline = match (&context.notice, &diagnosis) {
        (Some(notice), _) => notice.clone(),
        (None, Some(diagnosis)) => diagnosis.headline.clone(),
        (None, None) => context.question.clone(),
    };
    let mut more: Vec<Message> = Vec::new();
    if context.notice.is_none() {
        more.extend(diagnosis.as_ref().and_then(parts::others));
        more.extend(asked);
    }
    writer.call(&headline, &more);
    writer.why_now();
    if context.notice.is_none() {
        writer.facts(diagnosis.as_ref());
    }
    writer.end(diagnosis.as_ref());
    let who = context.to.filter(|_| !context.quiet);
    let mention = who.map(|id| words.say(&mention(id), Medium::Slack));
    let mut parts: Vec<&str> = vec!["📟"];
    parts.extend(mention.as_deref());
    let text = notice(words, &parts, &headline);
    let mut message = writer.draft.finish(&text, context.stamp);
    message.redact(redactor);
    message
}

/// Several incidents for one lead in one message.
#[must_use]
pub fn several(
    to: &str,
    incidents: &[Message],
    stamp: Stamp<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let headline = Message::new("label-several").with("count", incidents.len());
    let mention = words.say(&mention(to), Medium::Slack);
    let mut draft = Draft::new(*words);
    let title = words.say(&headline, Medium::Slack);
    draft.section(&format!("📟 {mention} *{title}*"));
    draft.list(9, "", lines(words, incidents), 40, "more-lines");
    let mut message = draft.finish(&notice(words, &["📟", &mention], &headline), stamp);
    message.redact(redactor);
    message
}

/// Who asked, and what; on one line, and not all of a long text.
fn asked(context: &PageContext<'_>, redactor: &Redactor) -> Option<Message> {
    let asker = context.asker?;
    let Some(Arg::Text(text)) = context.question.args.get("text") else {
        return None;
    };
    let text = redactor.redact(text.raw());
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| {
        Message::new("page-asked")
            .with("who", Arg::Person(asker.to_owned()))
            .with("text", cap(&line, MAX_QUOTE).into_owned())
    })
}

fn mention(id: &str) -> Message {
    Message::new("literal").with("text", Arg::Person(id.to_owned()))
}

struct Writer<'a> {
    draft: Draft,
    words: &'a Words,
    context: &'a PageContext<'a>,
    /// The context's alert, without secrets.
    alert: Option<&'a Front>,
}

impl Writer<'_> {
    fn slack(&self, message: &Message) -> String {
        self.words.say(message, Medium::Slack)
    }

    /// What the alert says, whom it calls and for what, and what else is wrong or was asked.
    fn call(&mut self, headline: &Message, more: &[Message]) {
        let who = match (self.context.to, self.context.quiet) {
            (Some(id), false) => self.slack(&mention(id)),
            (Some(_), true) => self.slack(&Message::new("page-quiet")),
            (None, _) => self.slack(&Message::new("page-nobody")),
        };
        let what = self.words.say_unmarked(headline, Medium::Slack);
        let what = cut(&what, MAX_SECTION / 2);
        let mut text = format!("📟 {who} *{what}*");
        let alert = self.alert.filter(|_| self.context.notice.is_none());
        if let Some(alert) = alert {
            text = format!("{}\n{text}", alert.say(self.words));
        }
        for line in lines(self.words, more) {
            text.push('\n');
            text.push_str(&line);
        }
        self.draft.section(&text);
    }

    fn why_now(&mut self) {
        let mut why = lines(self.words, &self.context.because);
        why.extend(lines(self.words, &self.context.notes));
        let title = self.words.label("label-why-now");
        self.draft.list(9, &title, why, 10, "more-lines");
    }

    fn facts(&mut self, diagnosis: Option<&Diagnosis>) {
        let mut impact = vec![self.slack(&self.open_since())];
        let root = diagnosis.and_then(|diagnosis| diagnosis.root_causes.first());
        if let Some(since) = root.and_then(|root| parts::since(&root.finding, self.words.now())) {
            impact.push(self.slack(&since));
        }
        if diagnosis.is_none() {
            if let Some(object) = self.context.object {
                impact.push(self.slack(&parts::name(&object.label().into())));
            }
            impact.push(self.slack(&Message::new("page-no-diagnosis")));
        }
        self.list(8, "label-impact", impact);
        if let Some(root) = root {
            let facts = root.finding.evidence.iter().map(parts::evidence);
            let facts: Vec<_> = facts.take(3).collect();
            self.list(4, "label-evidence", lines(self.words, &facts));
        }
        self.list(6, "label-tried", lines(self.words, &self.context.tried));
        if let Some(root) = root {
            let fixes: Vec<_> = root.finding.fix.iter().map(parts::fix).collect();
            self.list(7, "label-proposed", lines(self.words, &fixes));
            let commands = root
                .finding
                .fix
                .iter()
                .filter_map(|fix| fix.command.as_ref());
            let commands: Vec<_> = commands.map(crate::text::Untrusted::to_block).collect();
            if let Some(block) = preformatted(&commands.join("\n")) {
                self.draft.optional(5, block);
            }
        }
        if let Some(diagnosis) = diagnosis {
            let blind = lines(self.words, &parts::not_looked(diagnosis));
            self.list(3, "label-not-looked", blind);
        }
        let runbooks = front::runbooks(self.alert, diagnosis);
        self.list(2, "label-runbook", lines(self.words, &runbooks));
        let graphs = lines(self.words, front::graphs(self.alert));
        self.list(2, "label-graph", graphs);
    }

    fn open_since(&self) -> Message {
        let span = (self.words.now() - self.context.opened_at)
            .num_seconds()
            .max(0);
        let message = |id| {
            Message::new(id)
                .with("time", self.context.opened_at)
                .with("span", Arg::Span(span))
        };
        match self.context.environment {
            Some(place) => message("page-open-since-in").with("place", place),
            None => message("page-open-since"),
        }
    }

    fn end(&mut self, diagnosis: Option<&Diagnosis>) {
        self.draft.fixed(actions(&self.context.buttons, self.words));
        let mut footer =
            vec![Message::new("footer-incident").with("incident", self.context.incident)];
        if let Some(url) = self.context.thread {
            let link = Arg::Link {
                url: url.to_owned(),
                label: Box::new(Message::new("page-thread")),
            };
            footer.push(Message::new("literal").with("text", link));
        }
        let cluster = diagnosis.and_then(|diagnosis| diagnosis.target.cluster.as_ref());
        if let Some(cluster) = cluster {
            footer.push(Message::new("footer-cluster").with("cluster", cluster));
        }
        self.draft.fixed(context(&small(self.words, &footer)));
    }

    fn list(&mut self, importance: u8, title: &'static str, items: Vec<String>) {
        let title = self.words.label(title);
        self.draft.list(importance, &title, items, 6, "more-lines");
    }
}
