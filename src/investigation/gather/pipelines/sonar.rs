//! From `SonarQube`'s answers to facts: the gate of the project that a failed build names, else of the one called after
//! the service.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;

use super::Reads;
use super::choose::{Wanted, core};
use crate::clients::sonarqube::{Condition, SonarQube};
use crate::clients::web::WebError;
use crate::investigation::case::{Build, Case, Gate, Gates, Unmet};
use crate::text::pattern;

/// Projects looked at.
const PROJECTS: usize = 2;

/// Where a scanner says that the result is: `dashboard?id=shop%3Auser-service&branch=main`.
static RESULT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"dashboard\?id=([^&\s]+)(?:&branch=([^&\s]+))?").ok());

/// Whether a question or a failed build is about a gate.
pub(super) fn is_wanted(case: &Case) -> bool {
    case.gates.asked || failed(case).any(|(_, build)| speaks_of_sonar(build))
}

/// Failed builds that decide about their job, with what the job is for.
fn failed(case: &Case) -> impl Iterator<Item = (&str, &Build)> {
    let jobs = case.pipelines.jobs.iter();
    jobs.filter_map(|job| Some((job.of.as_str(), job.decisive()?)))
        .filter(|(_, build)| build.is_red())
}

fn speaks_of_sonar(build: &Build) -> bool {
    let stage = build.stage.as_ref().map(|stage| &stage.name);
    let texts = stage.into_iter().chain([&build.log]);
    texts.into_iter().any(|text| {
        let text = text.to_lowercase();
        text.contains("sonar") || text.contains("quality gate")
    })
}

/// A project to ask for.
struct Meant {
    project: String,
    branch: Option<String>,
    of: String,
}

pub(super) async fn read(
    reads: &mut Reads<'_>,
    sonarqube: &SonarQube,
    case: &Case,
    wanted: &[Wanted],
    found: &mut Gates,
) -> Result<(), WebError> {
    let mut meant: Vec<Meant> = failed(case).filter_map(named).collect();
    if meant.is_empty() {
        meant = called(reads, sonarqube, wanted).await?;
    }
    for one in meant.into_iter().take(PROJECTS) {
        if let Some(gate) = gate(reads, sonarqube, one).await? {
            found.gates.push(gate);
        }
    }
    Ok(())
}

/// The project that the log of a build names.
fn named((of, build): (&str, &Build)) -> Option<Meant> {
    let found = RESULT.as_ref()?.captures(&build.log)?;
    let part = |at: usize| found.get(at).map(|part| decoded(part.as_str()));
    Some(Meant {
        project: part(1)?,
        branch: part(2),
        of: of.to_owned(),
    })
}

/// The projects called after what is asked about: their names, or what stands last in their keys.
async fn called(
    reads: &mut Reads<'_>,
    sonarqube: &SonarQube,
    wanted: &[Wanted],
) -> Result<Vec<Meant>, WebError> {
    let mut all = Vec::new();
    for one in wanted.iter().filter(|one| !one.red_only) {
        let names: Vec<String> = one.names.iter().map(|name| core(name)).collect();
        let Some(words) = names.first() else { continue };
        reads.count();
        let projects = sonarqube.projects(words).await?;
        let own = projects.into_iter().filter(|project| {
            let last = project.key.rsplit([':', '/']).next().unwrap_or_default();
            names.contains(&core(last)) || names.contains(&core(&project.name))
        });
        all.extend(own.map(|project| Meant {
            project: project.key,
            branch: None,
            of: one.of.clone(),
        }));
    }
    Ok(all)
}

async fn gate(
    reads: &mut Reads<'_>,
    sonarqube: &SonarQube,
    meant: Meant,
) -> Result<Option<Gate>, WebError> {
    reads.count();
    let branch = meant.branch.as_deref();
    let told = match sonarqube.gate(&meant.project, branch).await {
        // The Community Build knows no branches.
        Err(WebError::NotFound | WebError::Server(400)) if branch.is_some() => {
            reads.count();
            sonarqube.gate(&meant.project, None).await
        }
        other => other,
    };
    let told = match told {
        Ok(told) => told,
        Err(WebError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    reads.count();
    // Without the right to see the analyses the gate is still worth telling.
    let analysis = sonarqube.analysis(&meant.project).await.ok().flatten();
    let unmet = told
        .conditions
        .into_iter()
        .filter(|one| one.status == "ERROR");
    Ok(Some(Gate {
        project: meant.project,
        of: meant.of,
        branch: meant.branch,
        status: told.status,
        analysed: analysis.and_then(|it| time(it.executed_at.as_deref()?)),
        conditions: unmet.map(condition).collect(),
    }))
}

fn condition(told: Condition) -> Unmet {
    Unmet {
        metric: told.metric_key,
        comparator: told.comparator,
        threshold: told.error_threshold.unwrap_or_default(),
        actual: told.actual_value.unwrap_or_default(),
    }
}

/// `2026-11-23T09:14:00+0000`.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok()?;
    Some(time.with_timezone(&Utc))
}

/// Undoes `%3A` and its like.
fn decoded(text: &str) -> String {
    let query = format!("https://localhost/?v={text}");
    let url = reqwest::Url::parse(&query).ok();
    let value = url.and_then(|url| {
        url.query_pairs()
            .next()
            .map(|(_, value)| value.into_owned())
    });
    value.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_stands_in_the_log_of_the_scanner() {
        let build = Build {
            log: "ANALYSIS SUCCESSFUL, you can find the results at: https://sonar.example/dashboard?id=shop%3Auser-service&branch=release%2F2\n".into(),
            ..Build::default()
        };
        let meant = named(("user-service", &build)).unwrap();
        assert_eq!(meant.project, "shop:user-service");
        assert_eq!(meant.branch.as_deref(), Some("release/2"));
    }
}
