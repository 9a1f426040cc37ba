//! Turns the checked values of `vigie.yaml` into the policy fields of [`Config`].

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::alerts;
use super::check::Checker;
use super::file::{
    File, FileAccess, FileChannel, FileEnvironment, FileEscalation, FileLead, FileTimers,
    FileWorkload, Text,
};
use super::model::{
    Access, Channel, Config, Criticality, Environment, ExcessRights, Investigation, Lead, Show,
    Timers, WebhookFormat, Workload,
};
use super::vars;
use crate::text::Language;

const CRITICALITIES: &[(&str, Criticality)] =
    &[("normal", Criticality::Normal), ("high", Criticality::High)];
const PRODUCTION_WORDS: [&str; 4] = ["production", "prod", "prd", "live"];
const MEMBER_ID: &str = "in Slack, open the person's profile, three dots, Copy member ID";
const CHANNEL_ID: &str = "in Slack, open the channel's details, the ID is at the bottom";

/// Fills the policy fields of the configuration from the file.
pub(super) fn fill(config: &mut Config, file: &File, check: &mut Checker<'_>, now: DateTime<Utc>) {
    config.language = check.word(
        file.language.as_ref(),
        "language",
        &[("en", Language::En), ("fr", Language::Fr)],
    );
    config.excess_rights = check.word(
        file.excess_rights.as_ref(),
        "excess_rights",
        &[
            ("refuse", ExcessRights::Refuse),
            ("warn", ExcessRights::Warn),
        ],
    );
    config.environments = environments(file.environments.as_deref().unwrap_or_default(), check);
    let known: Vec<&str> = config
        .environments
        .iter()
        .map(|e| e.name.as_str())
        .collect();
    config.default_environment = file
        .default_environment
        .as_ref()
        .map(|at| check.environment(at, "default_environment", &known));
    let workloads = file.workloads.iter().flatten();
    config.workloads = workloads.map(|w| workload(w, &known, check)).collect();
    config.channels.listed = channels(file.channels.as_deref().unwrap_or_default(), &known, check);
    if let Some(words) = &file.direct_messages {
        config.channels.direct = (!words.is_empty()).then(|| show(words, "direct_messages", check));
    }
    if let Some(written) = &file.access {
        config.access = access(written, check);
    }
    if let Some(written) = &file.escalation {
        let leads = written.leads.iter().flatten();
        config.escalation.leads = leads.map(|l| lead(l, &known, check)).collect();
        config.escalation.timers = timers(written, check);
        config.escalation.longest_maintenance = check.duration(
            written.longest_maintenance.as_ref(),
            "escalation.longest_maintenance",
            Duration::from_hours(1)..=Duration::from_hours(30 * 24),
            config.escalation.longest_maintenance,
        );
    }
    if let Some(written) = &file.alerts {
        config.alerts = alerts::read(written, &known, check);
    }
    config
        .warnings
        .extend(absences(&config.escalation.leads, now));
    if let Some(written) = &file.investigation {
        config.investigation = Investigation {
            deadline: check.duration(
                written.deadline.as_ref(),
                "investigation.deadline",
                Duration::from_secs(2)..=Duration::from_mins(1),
                Investigation::default().deadline,
            ),
        };
    }
}

/// What the receiver of the webhook understands, as the file says it.
pub(super) fn webhook_format(file: &File, check: &mut Checker<'_>) -> Option<WebhookFormat> {
    let webhook = file.escalation.as_ref()?.webhook.as_ref()?;
    Some(check.word(
        webhook.format.as_ref(),
        "escalation.webhook.format",
        &[
            ("json", WebhookFormat::Json),
            ("pagerduty", WebhookFormat::Pagerduty),
            ("opsgenie", WebhookFormat::Opsgenie),
        ],
    ))
}

fn environments(written: &[FileEnvironment], check: &mut Checker<'_>) -> Vec<Environment> {
    let mut taken: BTreeMap<String, u64> = BTreeMap::new();
    let mut unique = |at: &Text, check: &mut Checker<'_>| {
        let line = at.referenced.line();
        if let Some(first) = taken.insert(at.value.trim().to_lowercase(), line) {
            check.wrong(
                at,
                format!("this word already means the environment of line {first}"),
                "give each environment its own words",
            );
        }
    };
    for environment in written {
        unique(&environment.name, check);
        for alias in environment.aliases.iter().flatten() {
            unique(alias, check);
        }
    }
    written.iter().map(|e| environment(e, check)).collect()
}

fn environment(written: &FileEnvironment, check: &mut Checker<'_>) -> Environment {
    let name = check.text(&written.name, "environments.name");
    let aliases = texts(written.aliases.as_deref(), "environments.aliases", check);
    let is_production = |word: &String| PRODUCTION_WORDS.contains(&word.to_lowercase().as_str());
    let production = written
        .production
        .unwrap_or_else(|| is_production(&name) || aliases.iter().any(is_production));
    let namespaces = written.namespaces.iter().flatten();
    Environment {
        context: written
            .context
            .as_ref()
            .map(|at| check.text(at, "environments.context")),
        namespaces: namespaces
            .map(|at| check.object_name(at, "environments.namespaces"))
            .collect(),
        prometheus: written
            .prometheus
            .as_ref()
            .and_then(|at| check.url(at, "environments.prometheus", &vars::PROMETHEUS_URL)),
        alertmanager: written
            .alertmanager
            .as_ref()
            .and_then(|at| check.url(at, "environments.alertmanager", &vars::ALERTMANAGER_URL)),
        name,
        aliases,
        production,
    }
}

fn workload(written: &FileWorkload, known: &[&str], check: &mut Checker<'_>) -> Workload {
    Workload {
        name: check.object_name(&written.name, "workloads.name"),
        environment: written
            .environment
            .as_ref()
            .map(|at| check.environment(at, "workloads.environment", known)),
        namespace: written
            .namespace
            .as_ref()
            .map(|at| check.object_name(at, "workloads.namespace")),
        criticality: check.word(
            Some(&written.criticality),
            "workloads.criticality",
            CRITICALITIES,
        ),
    }
}

fn channels(written: &[FileChannel], known: &[&str], check: &mut Checker<'_>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for channel in written {
        let id = check.slack_id(&channel.id, "channels.id", "CG", CHANNEL_ID);
        if channels.iter().any(|earlier| earlier.id == id) {
            check.wrong(
                &channel.id,
                "this channel is listed twice",
                "keep one of the two",
            );
        }
        let environments = channel.environments.iter().flatten();
        channels.push(Channel {
            id,
            name: channel
                .name
                .as_ref()
                .map(|at| check.text(at, "channels.name")),
            show: channel
                .show
                .as_deref()
                .map_or_else(Show::default, |words| show(words, "channels.show", check)),
            environments: environments
                .map(|at| check.environment(at, "channels.environments", known))
                .collect(),
        });
    }
    channels
}

fn show(words: &[Text], field: &str, check: &mut Checker<'_>) -> Show {
    let nothing = Show {
        metrics: false,
        events: false,
        logs: false,
    };
    let mut shown = nothing;
    for word in words {
        match check.word(
            Some(word),
            field,
            &[("metrics", 1), ("events", 2), ("logs", 3)],
        ) {
            1 => shown.metrics = true,
            2 => shown.events = true,
            3 => shown.logs = true,
            _ => {}
        }
    }
    shown
}

fn access(written: &FileAccess, check: &mut Checker<'_>) -> Access {
    let teams = written.teams.iter().flatten();
    let users = written.users.iter().flatten();
    Access {
        teams: teams
            .map(|at| {
                let place = "it is the T… part of the workspace's address in a browser";
                check.slack_id(at, "access.teams", "TE", place)
            })
            .collect(),
        users: users
            .map(|at| check.slack_id(at, "access.users", "UW", MEMBER_ID))
            .collect(),
        guests: written.guests.unwrap_or(false),
    }
}

fn lead(written: &FileLead, known: &[&str], check: &mut Checker<'_>) -> Lead {
    let environments = written.environments.iter().flatten();
    let services = written.services.iter().flatten();
    Lead {
        slack_id: check.slack_id(
            &written.slack_id,
            "escalation.leads.slack_id",
            "UW",
            MEMBER_ID,
        ),
        name: written
            .name
            .as_ref()
            .map(|at| check.text(at, "escalation.leads.name")),
        environments: environments
            .map(|at| check.environment(at, "escalation.leads.environments", known))
            .collect(),
        services: services
            .map(|at| check.object_name(at, "escalation.leads.services"))
            .collect(),
        absent_until: written
            .absent_until
            .as_ref()
            .and_then(|at| check.time(at, "escalation.leads.absent_until")),
    }
}

fn timers(written: &FileEscalation, check: &mut Checker<'_>) -> Timers {
    let default = Timers::default();
    let nothing = FileTimers::default();
    let timers = written.timers.as_ref().unwrap_or(&nothing);
    let minutes = |from: u64, to: u64| Duration::from_mins(from)..=Duration::from_mins(to);
    Timers {
        standard: check.duration(
            timers.standard.as_ref(),
            "escalation.timers.standard",
            minutes(5, 24 * 60),
            default.standard,
        ),
        production_unacknowledged: check.duration(
            timers.production_unacknowledged.as_ref(),
            "escalation.timers.production_unacknowledged",
            minutes(5, 10),
            default.production_unacknowledged,
        ),
    }
}

fn absences(leads: &[Lead], now: DateTime<Utc>) -> Vec<String> {
    let over = leads
        .iter()
        .filter(|l| l.absent_until.is_some_and(|until| until <= now));
    over.map(|lead| {
        format!(
            "escalation.leads: the absence of {} is over; the line can go",
            lead.slack_id
        )
    })
    .collect()
}

fn texts(written: Option<&[Text]>, field: &str, check: &mut Checker<'_>) -> Vec<String> {
    let written = written.unwrap_or_default();
    written.iter().map(|at| check.text(at, field)).collect()
}
