//! Reads the sources and puts the configuration together.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use reqwest::Url;

use super::check::Checker;
use super::environment::{Env, missing};
use super::model::{Config, Endpoint, Environment, SlackTokens};
use super::problem::{ConfigError, Problem};
use super::vars::{self, Value, Vars};
use super::{dotenv, playbooks, policy, yaml};

/// The raw sources of a configuration. Tests and the demo fill them by hand.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The process's environment.
    pub variables: BTreeMap<String, String>,
    /// `.env`: its path for messages, and its text.
    pub dotenv: Option<(String, String)>,
    /// `vigie.yaml` given by hand: its path for messages, and its text. `None`: the file named by
    /// `VIGIE_CONFIG` or found in the usual places is read.
    pub yaml: Option<(String, String)>,
    /// Now, for absences that are over.
    pub now: DateTime<Utc>,
}

impl Config {
    /// Reads the environment, `.env` in the working folder and `vigie.yaml`; `path` is
    /// `--config`, `playbooks` is `--playbooks`. Tokens and the lead are asked for by [`Config::slack_tokens`] and
    /// [`Config::require_lead`], because `ask` and `doctor` do without.
    pub fn load(path: Option<&Path>, playbooks: Option<&Path>) -> Result<Self, ConfigError> {
        let mut variables = process_variables()?;
        if let Some(path) = path {
            variables.insert(vars::CONFIG.name.to_owned(), path.display().to_string());
        }
        if let Some(folder) = playbooks {
            let folder = folder.display().to_string();
            variables.insert(vars::PLAYBOOKS.name.to_owned(), folder);
        }
        let dotenv = yaml::optional(Path::new(".env"))?.map(|text| (".env".to_owned(), text));
        Self::from_sources(&Sources {
            variables,
            dotenv,
            yaml: None,
            now: Utc::now(),
        })
    }

    /// The same from sources given by hand.
    pub fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let mut vars = Vars::default();
        for (name, value) in &sources.variables {
            let (text, place) = (value.clone(), name.clone());
            vars.add(name.clone(), Value { text, place });
        }
        if let Some((path, text)) = &sources.dotenv {
            dotenv::read(path, text, &mut vars, &mut problems);
        }
        let (slips, remarks) = vars.unknown();
        problems.extend(slips);
        let mut config = Self {
            warnings: remarks,
            ..Self::default()
        };
        let text = match &sources.yaml {
            Some(given) => Some(given.clone()),
            None => yaml::find(&vars, &mut problems),
        };
        let file = yaml::read(text.as_ref(), &mut problems);
        let path = text.as_ref().map_or("vigie.yaml", |(path, _)| path);
        let mut check = Checker::new(path);
        policy::fill(&mut config, &file, &mut check, sources.now);
        let webhook = policy::webhook_format(&file, &mut check);
        problems.extend(check.problems);
        config.path = text.as_ref().map(|(path, _)| PathBuf::from(path));
        let mut env = Env {
            vars: &vars,
            problems: &mut problems,
        };
        env.fill(&mut config);
        config.escalation.webhook = env.webhook(webhook);
        let own = file.playbooks.as_ref().map(|written| {
            let folder = Path::new(path).parent().unwrap_or(Path::new(""));
            folder.join(written.value.trim())
        });
        let folder = env.playbooks().or(own);
        match playbooks::with_own(folder.as_deref()) {
            Ok(all) => config.playbooks = Arc::new(all),
            Err(error) => problems.extend(error.problems),
        }
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { problems })
        }
    }

    /// Both Slack tokens, or what is missing.
    pub fn slack_tokens(&self) -> Result<SlackTokens, ConfigError> {
        match (&self.slack.bot_token, &self.slack.app_token) {
            (Some(bot), Some(app)) => Ok(SlackTokens {
                bot: bot.clone(),
                app: app.clone(),
            }),
            (bot, app) => {
                let mut problems = Vec::new();
                if bot.is_none() {
                    problems.push(missing(
                        vars::BOT_TOKEN.name,
                        "install the app, then copy the Bot User OAuth Token (xoxb-…)",
                    ));
                }
                if app.is_none() {
                    problems.push(missing(
                        vars::APP_TOKEN.name,
                        "in Basic Information, generate an App-Level Token with connections:write (xapp-…)",
                    ));
                }
                Err(ConfigError { problems })
            }
        }
    }

    /// Fails when something is missing that only the bot in Slack needs: everything at once, so that the next start
    /// does not tell the next line.
    ///
    /// # Errors
    /// Tokens that are not set, and nobody who can be called.
    pub fn require_all(&self) -> Result<(), ConfigError> {
        let tokens = self.slack_tokens().map(drop);
        let problems = [tokens, self.require_lead()]
            .into_iter()
            .filter_map(Result::err);
        let problems: Vec<Problem> = problems.flat_map(|error| error.problems).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigError { problems })
        }
    }

    /// Fails when nobody can be called.
    pub fn require_lead(&self) -> Result<(), ConfigError> {
        if self.escalation.leads.is_empty() {
            return Err(ConfigError::one(missing(
                vars::LEAD.name,
                "set it to the lead's Slack member ID, or list escalation.leads in vigie.yaml",
            )));
        }
        Ok(())
    }

    /// The Prometheus of an environment: its own, with the common login, or the common one.
    #[must_use]
    pub fn prometheus_of(&self, environment: Option<&str>) -> Option<Endpoint> {
        let own = self.own(environment, |e| e.prometheus.as_ref());
        endpoint_of(own, self.prometheus.as_ref())
    }

    /// The Alertmanager of an environment, likewise.
    #[must_use]
    pub fn alertmanager_of(&self, environment: Option<&str>) -> Option<Endpoint> {
        let own = self.own(environment, |e| e.alertmanager.as_ref());
        endpoint_of(own, self.alertmanager.as_ref())
    }

    fn own<'a>(
        &'a self,
        environment: Option<&str>,
        of: impl Fn(&'a Environment) -> Option<&'a Url>,
    ) -> Option<&'a Url> {
        let mut all = self.environments.iter();
        of(all.find(|e| Some(e.name.as_str()) == environment)?)
    }
}

fn endpoint_of(own: Option<&Url>, common: Option<&Endpoint>) -> Option<Endpoint> {
    let Some(url) = own else {
        return common.cloned();
    };
    Some(Endpoint {
        url: url.clone(),
        auth: common.map_or_else(Default::default, |common| common.auth.clone()),
    })
}

/// Only what can be ours is kept: another program's variable may be anything.
fn process_variables() -> Result<BTreeMap<String, String>, ConfigError> {
    let mut variables = BTreeMap::new();
    for (name, value) in env::vars_os() {
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => drop(variables.insert(name, value)),
            Err(_) if name.starts_with("VIGIE_") => {
                return Err(ConfigError::one(Problem {
                    place: name,
                    value: None,
                    what: "is not UTF-8".to_owned(),
                    fix: "set it again".to_owned(),
                }));
            }
            Err(_) => {}
        }
    }
    Ok(variables)
}
