//! Rules that cannot be evaluated, and alerts that ask for a job nothing is scraped as.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{UNSEEN, is_asked};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Facts, Rule, RuleGroup, Scope};
use crate::investigation::judge::facts::quote_end;
use crate::text::{Message, pattern};

/// Job names this alike are one name and a slip.
const NEAR: f64 = 0.85;

static JOB: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"\bjob\s*=\s*"([^"]+)""#).ok());

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let groups = case.watching.groups.iter().flatten();
    let rules = groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)));
    let meant = rules.filter_map(|(group, rule)| Some((group, rule, hits(case, rule)?)));
    meant
        .filter_map(|(group, rule, hits)| {
            let finding = failing(case, group, rule).or_else(|| misconfigured(case, rule))?;
            Some(finding.hits(hits).explains(UNSEEN))
        })
        .collect()
}

/// The workloads a rule is about; `None` when the question is about another object.
fn hits(case: &Facts<'_>, rule: &Rule) -> Option<Vec<Subject>> {
    let all = case.workloads();
    let named = all.iter().filter(|one| {
        let name = &one.subject.name;
        is_asked(case, one)
            && (rule.query.contains(name.as_str())
                || rule.name.to_lowercase().contains(name.as_str()))
    });
    let named: Vec<Subject> = named.map(|one| one.subject.clone()).collect();
    match &case.scope {
        Scope::Object(asked) if named.is_empty() => {
            let watcher = ["prometheus", "grafana"]
                .iter()
                .any(|name| asked.name.contains(name));
            watcher.then(|| vec![asked.clone()])
        }
        _ => Some(named),
    }
}

fn failing(case: &Facts<'_>, group: &RuleGroup, rule: &Rule) -> Option<Finding> {
    if rule.health != "err" || rule.last_error.is_empty() {
        return None;
    }
    let subject =
        file_of(case, group).unwrap_or_else(|| Subject::cluster(Kind::PrometheusRule, &group.name));
    let summary = Message::new("cause-rule-error")
        .with("rule", &rule.name)
        .with("group", &group.name);
    let fact = Message::new("fact-rule-error").with("line", quote_end(&rule.last_error));
    let query = Message::new("fact-rule-query").with("line", quote_end(&rule.query));
    let source = format!("Prometheus rule {}", rule.name);
    let finding = Finding::new(Cause::RuleError, subject.clone(), 0.93, summary)
        .evidence(fact, source.as_str(), Some(case.now))
        .evidence(query, source, Some(case.now))
        .fix(Fix::new(
            subject,
            "spec.groups.rules.expr",
            Message::new("why-rule-error"),
        ));
    Some(finding)
}

/// The `PrometheusRule` a rule file comes from: the Operator calls it `NAMESPACE-NAME-UID.yaml`.
fn file_of(case: &Facts<'_>, group: &RuleGroup) -> Option<Subject> {
    let file = group.file.rsplit('/').next()?.strip_suffix(".yaml")?;
    let (stem, uid) = file.split_at_checked(file.len().checked_sub(37)?)?;
    if uid.matches('-').count() != 5 {
        return None;
    }
    let known = case
        .namespaces
        .iter()
        .filter_map(|one| one.metadata.name.as_deref());
    let known = known.filter_map(|namespace| {
        Some((namespace, stem.strip_prefix(namespace)?.strip_prefix('-')?))
    });
    let found = known
        .max_by_key(|(namespace, _)| namespace.len())
        .or_else(|| stem.split_once('-'));
    found.map(|(namespace, name)| Subject::new(Kind::PrometheusRule, namespace, name))
}

/// An alert on a job that nothing is scraped as, while one of nearly that name is.
fn misconfigured(case: &Facts<'_>, rule: &Rule) -> Option<Finding> {
    let targets = case
        .watching
        .active_targets
        .as_ref()
        .filter(|all| !all.is_empty())?;
    let jobs: BTreeSet<&str> = targets
        .iter()
        .map(|one| one.label("job"))
        .filter(|job| !job.is_empty())
        .collect();
    if rule.kind != "alerting" {
        return None;
    }
    let mut asked = JOB
        .as_ref()?
        .captures_iter(&rule.query)
        .filter_map(|found| Some(found.get(1)?.as_str()));
    let wrong = asked.find(|job| !jobs.contains(job))?;
    let near = jobs
        .iter()
        .map(|job| (strsim::jaro_winkler(job, wrong), *job))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let (_, near) = near.filter(|(score, _)| *score >= NEAR)?;
    let subject = Subject::cluster(Kind::Alert, &rule.name);
    let summary = Message::new("cause-alert-misconfigured")
        .with("alert", &rule.name)
        .with("job", wrong)
        .with("near", near);
    let fact = Message::new("fact-rule-query").with("line", quote_end(&rule.query));
    let targets = Message::new("fact-jobs")
        .with("count", jobs.len())
        .with("near", near);
    let finding = Finding::new(Cause::AlertMisconfigured, subject.clone(), 0.86, summary)
        .evidence(
            fact,
            format!("Prometheus rule {}", rule.name),
            Some(case.now),
        )
        .evidence(targets, "Prometheus /api/v1/targets", Some(case.now))
        .fix(
            Fix::new(subject, "expr", Message::new("why-alert-misconfigured")).change(
                Some(format!("job=\"{wrong}\"")),
                Some(format!("job=\"{near}\"")),
            ),
        );
    Some(finding)
}
