//! `SonarQube`'s Web API, only to read: projects by name, the quality gate of a branch, the last analysis.
//!
//! Sources: `/web_api` of any `SonarQube`; docs.sonarsource.com "Web API": a token goes as bearer since 10.0, before as
//! the user of Basic without a password.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::web::{Login, Web, WebError};

/// Projects looked through.
const PROJECTS: &str = "50";

/// A `SonarQube` server.
#[derive(Clone)]
pub struct SonarQube {
    web: Web,
    token: SecretString,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Project {
    /// `shop:user-service`.
    pub key: String,
    /// What people call it.
    pub name: String,
}

/// The quality gate of a project, as it came out last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// `OK`, `WARN`, `ERROR`, `NONE`.
    pub status: String,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// One condition of a quality gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Condition {
    /// `OK`, `ERROR`.
    pub status: String,
    /// `new_coverage`.
    pub metric_key: String,
    /// `LT`: wrong when the value is lower; `GT`: when it is higher.
    pub comparator: String,
    /// The value it must keep to.
    pub error_threshold: Option<String>,
    /// The value it has.
    pub actual_value: Option<String>,
}

/// The last analysis of a project that was worked on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Analysis {
    /// `SUCCESS`, `FAILED`, `CANCELED`.
    pub status: String,
    /// When it was done, as `SonarQube` writes times (`2026-11-23T09:14:00+0000`).
    pub executed_at: Option<String>,
    /// Why it failed.
    pub error_message: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Projects {
    components: Vec<Project>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    project_status: Gate,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Activity {
    current: Option<Analysis>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Valid {
    valid: bool,
}

impl SonarQube {
    /// A client for the server at `base`, with a token.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(
        base: reqwest::Url,
        token: SecretString,
        timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        let web = Web::new(base, timeout)?;
        Ok(Self { web, token })
    }

    /// Whether it knows the token.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn knows_us(&self) -> Result<bool, WebError> {
        let path = ["api", "authentication", "validate"];
        let bearer: Valid = self.web.json(&self.bearer(), &path, &[]).await?;
        if bearer.valid {
            return Ok(true);
        }
        let basic: Valid = self.web.json(&self.basic(), &path, &[]).await?;
        Ok(basic.valid)
    }

    /// Projects whose key or name has these words.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn projects(&self, words: &str) -> Result<Vec<Project>, WebError> {
        let query = [("qualifiers", "TRK"), ("q", words), ("ps", PROJECTS)];
        let all: Projects = self.get(&["api", "components", "search"], &query).await?;
        Ok(all.components)
    }

    /// The quality gate of a branch; `None`: of the main one.
    ///
    /// # Errors
    /// [`WebError`]; `NotFound` for a project or a branch that is not there.
    pub async fn gate(&self, project: &str, branch: Option<&str>) -> Result<Gate, WebError> {
        let mut query = vec![("projectKey", project)];
        query.extend(branch.map(|branch| ("branch", branch)));
        let status: Status = self
            .get(&["api", "qualitygates", "project_status"], &query)
            .await?;
        Ok(status.project_status)
    }

    /// The last analysis; `None` where there was none.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn analysis(&self, project: &str) -> Result<Option<Analysis>, WebError> {
        let activity: Activity = self
            .get(&["api", "ce", "component"], &[("component", project)])
            .await?;
        Ok(activity.current)
    }

    /// A server before 10.0 takes no bearer, and answers as to somebody unknown.
    async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, WebError> {
        match self.web.json(&self.bearer(), path, query).await {
            Err(WebError::Forbidden(_)) => self.web.json(&self.basic(), path, query).await,
            other => other,
        }
    }

    fn bearer(&self) -> Login {
        Login::Bearer(self.token.clone())
    }

    fn basic(&self) -> Login {
        let user = self.token.expose_secret().to_owned();
        Login::Basic(user, SecretString::from(String::new()))
    }
}
