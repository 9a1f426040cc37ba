//! Do Jenkins and `SonarQube` answer, and do they know us? What their user may do beyond reading cannot be told from
//! outside, and is said so.

use super::WITHIN;
use super::check::{Area, Check};
use crate::clients::jenkins::Jenkins;
use crate::clients::sonarqube::SonarQube;
use crate::config::{self, Config};

const UNSEEN: &str = "what it may do beyond reading cannot be seen from here";

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let (jenkins, sonarqube) = futures::join!(
        jenkins(config.jenkins.as_ref()),
        sonarqube(config.sonarqube.as_ref())
    );
    vec![jenkins, sonarqube]
}

async fn jenkins(settings: Option<&config::Jenkins>) -> Check {
    let Some(settings) = settings else {
        let found = "not configured: answers say nothing of pipelines";
        return Check::skipped(Area::Delivery, "VIGIE_JENKINS_URL", found);
    };
    let name = settings.url.as_str();
    let token = settings.token.clone();
    let client = match Jenkins::new(settings.url.clone(), &settings.user, token, WITHIN) {
        Ok(client) => client,
        Err(error) => return no_client(name, &error),
    };
    let fix = "check VIGIE_JENKINS_URL, _USER and _TOKEN (an API token), and the NetworkPolicy: curl -u USER:TOKEN ADDRESS/whoAmI/api/json must answer with the user";
    match client.who_am_i().await {
        Ok(who) if who.anonymous => {
            Check::failed(Area::Delivery, name, "it takes us for anonymous", fix)
        }
        Ok(who) => match client.jobs().await {
            Ok(jobs) if jobs.is_empty() => Check::warning(
                Area::Delivery,
                name,
                format!("logged in as {}, and sees no job", who.name),
                "give the user Job/Read",
            ),
            Ok(jobs) => {
                let seen = format!(
                    "logged in as {}, {} jobs and folders; {UNSEEN}",
                    who.name,
                    jobs.len()
                );
                Check::ok(Area::Delivery, name, seen)
            }
            Err(error) => Check::failed(
                Area::Delivery,
                name,
                error.to_string(),
                "give the user Overall/Read and Job/Read",
            ),
        },
        Err(error) => Check::failed(Area::Delivery, name, error.to_string(), fix),
    }
}

async fn sonarqube(settings: Option<&config::SonarQube>) -> Check {
    let Some(settings) = settings else {
        let found = "not configured: answers do not name the conditions of a quality gate";
        return Check::skipped(Area::Delivery, "VIGIE_SONARQUBE_URL", found);
    };
    let name = settings.url.as_str();
    let client = match SonarQube::new(settings.url.clone(), settings.token.clone(), WITHIN) {
        Ok(client) => client,
        Err(error) => return no_client(name, &error),
    };
    let fix = "make a new user token (My Account, Security) and set VIGIE_SONARQUBE_TOKEN";
    match client.knows_us().await {
        Ok(true) => Check::ok(
            Area::Delivery,
            name,
            format!("it knows the token; {UNSEEN}"),
        ),
        Ok(false) => Check::failed(Area::Delivery, name, "it does not know the token", fix),
        Err(error) => Check::failed(
            Area::Delivery,
            name,
            error.to_string(),
            "check VIGIE_SONARQUBE_URL and the NetworkPolicy: curl ADDRESS/api/authentication/validate must answer",
        ),
    }
}

fn no_client(name: &str, error: &reqwest::Error) -> Check {
    let fix = "install ca-certificates, or set SSL_CERT_FILE";
    Check::failed(Area::Delivery, name, error.to_string(), fix)
}
