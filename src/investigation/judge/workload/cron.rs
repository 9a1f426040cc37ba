//! `CronJob`s that do not run: suspended, behind their schedule, or told something that cannot be done.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec};

use super::job::cron_of;
use super::schedule::parse;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{EventView, Facts, Scope, events_of, since, utc};
use crate::investigation::judge::facts::{kubectl, quote};
use crate::text::{Arg, Message};

/// Missed runs are counted up to this many: beyond a hundred the controller gives up.
const MOST: usize = 101;
/// The controller looks at a schedule every ten seconds; a run this late is missed.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// Suspended for longer than this, nobody misses it any more.
const LATELY: TimeDelta = TimeDelta::days(45);
/// Words of the controller older than this say nothing about now.
const RECENT: TimeDelta = TimeDelta::hours(3);

/// Judges every `CronJob`: one finding each.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let of = |cron: &CronJob| {
        let one = One::of(case, cron)?;
        if one.spec.suspend == Some(true) {
            return one.suspended();
        }
        one.invalid()
            .or_else(|| one.held())
            .or_else(|| one.missed())
    };
    case.cron_jobs.iter().filter_map(of).collect()
}

struct One<'a> {
    case: &'a Facts<'a>,
    cron: &'a CronJob,
    spec: &'a CronJobSpec,
    subject: Subject,
}

impl<'a> One<'a> {
    fn of(case: &'a Facts<'a>, cron: &'a CronJob) -> Option<Self> {
        let meta = &cron.metadata;
        let subject = Subject::new(Kind::CronJob, meta.namespace.clone()?, meta.name.clone()?);
        let spec = &cron.spec;
        Some(Self {
            case,
            cron,
            spec,
            subject,
        })
    }

    /// When it ran last; else when it was made.
    fn last(&self) -> Option<DateTime<Utc>> {
        let status = self.cron.status.as_ref();
        let last = status.and_then(|status| status.last_schedule_time.as_ref());
        last.or(self.cron.metadata.creation_timestamp.as_ref())
            .map(utc)
    }

    fn said(&self, reasons: &[&str]) -> Option<EventView<'a>> {
        let namespace = self.subject.namespace.as_deref().unwrap_or_default();
        let events = events_of(self.case, "CronJob", namespace, &self.subject.name);
        let recent =
            |event: &EventView<'_>| event.last.is_none_or(|at| self.case.now - at <= RECENT);
        events
            .into_iter()
            .find(|event| recent(event) && reasons.contains(&event.reason))
    }

    fn finding(&self, cause: Cause, strength: f64, summary: Message) -> Finding {
        let summary = summary
            .with("cron", &self.subject.name)
            .with("schedule", self.spec.schedule.as_str());
        let last = self.last();
        let mut finding = Finding::new(cause, self.subject.clone(), strength, summary).explains([
            Symptom::JobFailed,
            Symptom::MissingData,
            Symptom::Unavailable,
        ]);
        if let Some(at) = last {
            let ran = self
                .cron
                .status
                .as_ref()
                .and_then(|it| it.last_schedule_time.as_ref());
            let id = if ran.is_some() {
                "fact-cron-last"
            } else {
                "fact-cron-never"
            };
            let fact = Message::new(id)
                .with("schedule", self.spec.schedule.as_str())
                .with("lasting", Arg::Span(since(self.case.now, at).num_seconds()));
            let source = format!("{} status.lastScheduleTime", self.subject.label());
            finding = finding.evidence(fact, source, Some(self.case.now));
        }
        finding
    }

    fn words(event: &EventView<'_>) -> Message {
        Message::new("fact-controller-says")
            .with("reason", event.reason)
            .with("line", quote(event.message))
    }

    fn source(&self, event: &EventView<'_>) -> String {
        format!("event {} {}", event.reason, self.subject.label())
    }

    /// Whether it ran until lately and has been due since: what it makes may be what people miss.
    fn is_missed(&self) -> bool {
        let status = self.cron.status.as_ref();
        let ran = status.and_then(|status| status.last_schedule_time.as_ref());
        let lately = ran.map(utc).filter(|at| self.case.now - *at <= LATELY);
        let schedule = parse(&self.spec.schedule);
        let due = lately
            .zip(schedule)
            .map(|(ran, schedule)| schedule.due(ran, self.case.now - LATE, MOST));
        due.is_some_and(|due| due > 0)
    }

    fn suspended(&self) -> Option<Finding> {
        let strength = match &self.case.scope {
            Scope::Object(_) => 0.93,
            // Nobody asked for it: somebody's choice, unless a job is what is missed.
            _ if self.case.symptoms.contains(&Symptom::JobFailed) => 0.7,
            _ if self.case.symptoms.contains(&Symptom::MissingData) && self.is_missed() => 0.65,
            _ => return None,
        };
        let command = format!(
            "{} patch cronjob {} -p '{{\"spec\":{{\"suspend\":false}}}}'",
            kubectl(&self.subject),
            self.subject.name
        );
        let fix = Fix::new(
            self.subject.clone(),
            "spec.suspend",
            Message::new("why-cronjob-suspended"),
        )
        .change(Some("true"), Some("false"))
        .command(command);
        let summary = Message::new("cause-cronjob-suspended");
        let source = format!("{} spec.suspend", self.subject.label());
        let mut finding = Finding::new(
            Cause::CronJobSuspended,
            self.subject.clone(),
            strength,
            summary.with("cron", &self.subject.name),
        )
        .explains([
            Symptom::JobFailed,
            Symptom::MissingData,
            Symptom::Unavailable,
        ])
        .evidence(Message::new("fact-suspended"), source, Some(self.case.now));
        finding.evidence.extend(
            self.finding(Cause::CronJobSuspended, strength, Message::new(""))
                .evidence,
        );
        Some(finding.fix(fix))
    }

    fn invalid(&self) -> Option<Finding> {
        let unreadable = self.said(&[
            "UnparseableSchedule",
            "UnParseableCronJobSchedule",
            "UnknownTimeZone",
        ]);
        let refused = self.said(&["FailedCreate"]).filter(|event| {
            event.message.contains(" is invalid: ")
                || event.message.contains("must be no more than 63")
        });
        if let Some(event) = unreadable {
            let summary = Message::new("cause-cronjob-invalid-schedule");
            return Some(self.wrong(
                summary,
                "spec.schedule",
                "why-cronjob-invalid-schedule",
                Some(&event),
            ));
        }
        if let Some(event) = refused {
            let summary = Message::new("cause-cronjob-invalid-template");
            return Some(self.wrong(
                summary,
                "spec.jobTemplate",
                "why-cronjob-invalid-template",
                Some(&event),
            ));
        }
        let never = parse(&self.spec.schedule).is_some_and(|it| it.after(self.case.now).is_none());
        never.then(|| {
            let summary = Message::new("cause-cronjob-never");
            self.wrong(
                summary,
                "spec.schedule",
                "why-cronjob-invalid-schedule",
                None,
            )
        })
    }

    fn wrong(
        &self,
        summary: Message,
        field: &'static str,
        why: &'static str,
        said: Option<&EventView<'_>>,
    ) -> Finding {
        let command = format!(
            "{} edit cronjob {}",
            kubectl(&self.subject),
            self.subject.name
        );
        let fix = Fix::new(self.subject.clone(), field, Message::new(why)).command(command);
        let mut finding = self.finding(Cause::CronJobInvalid, 0.95, summary).fix(fix);
        if let Some(event) = said {
            let (words, source) = (Self::words(event), self.source(event));
            finding = finding
                .evidence(words, source, event.last)
                .since(event.first);
            // What the controller says is the proof: it comes first.
            finding.evidence.rotate_right(1);
        }
        finding
    }

    /// A run that does not end keeps the next ones from starting.
    fn held(&self) -> Option<Finding> {
        if self.spec.concurrency_policy.as_deref() != Some("Forbid") {
            return None;
        }
        let (name, started) = self.running()?;
        let schedule = parse(&self.spec.schedule)?;
        let missed = schedule.due(started + TimeDelta::minutes(1), self.case.now - LATE, MOST);
        if missed < 2 {
            return None;
        }
        let lasting = Arg::Span(since(self.case.now, started).num_seconds());
        let summary = Message::new("cause-cronjob-held")
            .with("job", &name)
            .with("missed", missed)
            .with("lasting", lasting.clone());
        let job = Subject::new(
            Kind::Job,
            self.subject.namespace.clone().unwrap_or_default(),
            &name,
        );
        let fact = Message::new("fact-cron-running")
            .with("job", &name)
            .with("lasting", lasting);
        let command = format!("{} logs job/{name} --tail=100", kubectl(&job));
        let why = Message::new("why-cronjob-held").with("job", &name);
        Some(
            self.finding(Cause::CronJobMissedSchedules, 0.92, summary)
                .evidence(
                    fact,
                    format!("{} status.active", self.subject.label()),
                    Some(started),
                )
                .since(Some(started))
                .blames([job.clone()])
                .fix(Fix::new(job, "", why).command(command)),
        )
    }

    /// Its oldest Job that has not ended.
    fn running(&self) -> Option<(String, DateTime<Utc>)> {
        let namespace = self.subject.namespace.as_deref()?;
        let own = self.case.jobs.within(namespace).filter(|job| {
            let ended = job
                .status
                .iter()
                .flat_map(|it| it.conditions.iter().flatten());
            let mut ended = ended.filter(|it| matches!(it.type_.as_str(), "Complete" | "Failed"));
            cron_of(job) == Some(self.subject.name.as_str()) && ended.next().is_none()
        });
        let started = own.filter_map(|job| {
            let at = job.status.as_ref()?.start_time.as_ref().map(utc)?;
            Some((job.metadata.name.clone()?, at))
        });
        started.min_by_key(|(_, at)| *at)
    }

    /// Runs were due and did not start.
    fn missed(&self) -> Option<Finding> {
        let said = self.said(&["TooManyMissedTimes", "FailedNeedsStart", "MissSchedule"]);
        let schedule = parse(&self.spec.schedule);
        let until = self.case.now - LATE;
        let counted = schedule
            .zip(self.last())
            .map(|(schedule, last)| schedule.due(last, until, MOST));
        let missed = counted.unwrap_or_default();
        // Another time zone moves what is due by hours.
        let enough = if self.spec.time_zone.is_some() { 3 } else { 2 };
        let sure = said
            .as_ref()
            .is_some_and(|event| event.reason != "MissSchedule");
        // Since 1.21 the controller complains of the many it missed and starts the last of them: what
        // runs again is not behind. Only where we cannot count is its word enough.
        let behind = counted.map_or(sure, |missed| missed >= enough);
        if !behind {
            return None;
        }
        let strict = self
            .spec
            .starting_deadline_seconds
            .filter(|seconds| *seconds < 10);
        let strength = match (sure, strict.is_some() || said.is_some()) {
            (true, _) => 0.95,
            (false, true) => 0.88,
            (false, false) => 0.75,
        };
        let summary = Message::new("cause-cronjob-missed-schedules").with("missed", missed);
        let fix = self.catch_up(strict);
        let mut finding = self
            .finding(Cause::CronJobMissedSchedules, strength, summary)
            .fix(fix);
        if let Some(event) = said {
            finding = finding.evidence(Self::words(&event), self.source(&event), event.last);
        }
        Some(finding.since(self.last()))
    }

    fn catch_up(&self, strict: Option<i64>) -> Fix {
        let name = &self.subject.name;
        let command = format!(
            "{} create job --from=cronjob/{name} {name}-by-hand",
            kubectl(&self.subject)
        );
        let now = self.spec.starting_deadline_seconds.map(|it| it.to_string());
        let why = if strict.is_some() {
            "why-cronjob-deadline"
        } else {
            "why-cronjob-missed-schedules"
        };
        Fix::new(
            self.subject.clone(),
            "spec.startingDeadlineSeconds",
            Message::new(why),
        )
        .change(now, Some("200"))
        .command(command)
    }
}
