//! The Jenkins and the `SonarQube` of a case: our own servers, with what the case says in them.

use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;

use super::file::CaseFile;
use crate::clients::jenkins::Jenkins;
use crate::clients::sonarqube::SonarQube;
use crate::clock::Clock;
use crate::investigation::case::Gap;
use crate::investigation::gather::Ci;
use crate::sandbox::fault::Wire;
use crate::sandbox::jenkins::{self, Controller};
use crate::sandbox::sonarqube::{self, Sonar};

/// The servers, as long as a case is asked.
pub(super) struct Servers {
    /// Clients for them.
    pub(super) ci: Ci,
    _jenkins: Option<Controller>,
    _sonarqube: Option<Sonar>,
}

impl Servers {
    /// Starts those that the case has.
    pub(super) fn start(file: &CaseFile, patience: Duration) -> Result<Self, String> {
        let clock = || {
            let clock = Clock::system();
            clock.set_offset(file.now - clock.now());
            clock
        };
        let jenkins = file.jenkins.as_ref().map(|told| {
            let server =
                Controller::start(clock(), value(told)?).map_err(|error| error.to_string())?;
            if let Some(fault) = refusal(told.gap.as_ref()) {
                server.fault("/", fault);
            }
            Ok::<_, String>(server)
        });
        let sonarqube = file.sonarqube.as_ref().map(|told| {
            let server = Sonar::start(clock(), value(told)?).map_err(|error| error.to_string())?;
            if let Some(fault) = refusal(told.gap.as_ref()) {
                server.fault("/", fault);
            }
            Ok::<_, String>(server)
        });
        let (jenkins, sonarqube) = (jenkins.transpose()?, sonarqube.transpose()?);
        let ci = Ci {
            jenkins: jenkins
                .as_ref()
                .map(|server| {
                    let token = SecretString::from(jenkins::TOKEN);
                    let base = server
                        .url()
                        .parse::<reqwest::Url>()
                        .map_err(|error| error.to_string())?;
                    Jenkins::new(base, jenkins::USER, token, patience)
                        .map_err(|error| error.to_string())
                })
                .transpose()?,
            sonarqube: sonarqube
                .as_ref()
                .map(|server| {
                    let token = SecretString::from(sonarqube::TOKEN);
                    let base = server
                        .url()
                        .parse::<reqwest::Url>()
                        .map_err(|error| error.to_string())?;
                    SonarQube::new(base, token, patience).map_err(|error| error.to_string())
                })
                .transpose()?,
        };
        Ok(Self {
            ci,
            _jenkins: jenkins,
            _sonarqube: sonarqube,
        })
    }
}

/// What a server that could not be read answered.
fn refusal(gap: Option<&Gap>) -> Option<Wire> {
    match gap? {
        Gap::NotPermitted => Some(Wire::Status(403, "Access Denied".to_owned())),
        Gap::NoAnswer | Gap::Cut => Some(Wire::Status(503, "Please wait".to_owned())),
    }
}

fn value(told: &impl Serialize) -> Result<serde_json::Value, String> {
    serde_json::to_value(told).map_err(|error| error.to_string())
}
