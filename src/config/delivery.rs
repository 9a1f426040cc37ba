//! Jenkins and `SonarQube`: an address, and who we are there. Half of it is a mistake worth a word.

use reqwest::Url;

use super::check::http_url;
use super::environment::{Env, missing, secret};
use super::model::{Jenkins, SonarQube};
use super::vars::{self, Value, Variable};

impl Env<'_> {
    /// Jenkins, when its three variables are set.
    pub(super) fn jenkins(&mut self) -> Option<Jenkins> {
        let (user, token) = (
            self.get(&vars::JENKINS_USER),
            self.get(&vars::JENKINS_TOKEN),
        );
        let given = user.is_some() || token.is_some();
        let url = self.tool(&vars::JENKINS_URL, given)?;
        let user = self.needed(&vars::JENKINS_USER, user);
        let token = self.needed(&vars::JENKINS_TOKEN, token);
        Some(Jenkins {
            url,
            user: user?.text.trim().to_owned(),
            token: secret(&token?),
        })
    }

    /// `SonarQube`, when its two variables are set.
    pub(super) fn sonarqube(&mut self) -> Option<SonarQube> {
        let token = self.get(&vars::SONARQUBE_TOKEN);
        let url = self.tool(&vars::SONARQUBE_URL, token.is_some())?;
        let token = self.needed(&vars::SONARQUBE_TOKEN, token)?;
        Some(SonarQube {
            url,
            token: secret(&token),
        })
    }

    /// The address of a tool; its login without an address is a slip.
    fn tool(&mut self, variable: &Variable, login: bool) -> Option<Url> {
        let Some(value) = self.get(variable) else {
            if login {
                let fix = "set it to the tool's address, or remove the login";
                self.problems.push(missing(variable.name, fix));
            }
            return None;
        };
        let with_login = |url: &Url| !url.username().is_empty() || url.password().is_some();
        match http_url(&value.text) {
            Ok(url) if with_login(&url) => {
                let fix = "put user and token into their own variables";
                self.wrong(&value, true, "holds a login", fix);
                None
            }
            Ok(url) => Some(url),
            Err(why) => {
                let fix = format!("write an address such as {}", variable.example);
                self.wrong(&value, value.text.contains('@'), why, &fix);
                None
            }
        }
    }

    fn needed(&mut self, variable: &Variable, value: Option<Value>) -> Option<Value> {
        if value.is_none() {
            let fix = "set it too, or remove the address";
            self.problems.push(missing(variable.name, fix));
        }
        value
    }
}
