//! The environment variables vigie knows, and how one is looked up: the process's environment
//! first, then `.env`; `NAME_FILE` names a file that holds the value (a mounted Secret).

use std::collections::BTreeMap;
use std::fs;

use super::problem::Problem;
use super::suggest::nearest;

/// One environment variable. `.env.example` is generated from these, and a test compares.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The name other tools give it.
    pub alias: Option<&'static str>,
    /// A secret: may come from the file named by `<name>_FILE`, and is never printed.
    pub secret: bool,
    /// The default, or an example where there is none.
    pub example: &'static str,
    /// What it is for.
    pub help: &'static str,
}

macro_rules! variables {
    ($($id:ident = $name:literal, $alias:expr, $secret:literal, $example:literal, $help:literal;)*) => {
        $(pub(super) const $id: Variable = Variable {
            name: $name, alias: $alias, secret: $secret, example: $example, help: $help,
        };)*
        /// Every variable, in the order of `.env.example`.
        pub const VARIABLES: &[Variable] = &[$($id),*];
    };
}

variables! {
    BOT_TOKEN = "VIGIE_SLACK_BOT_TOKEN", Some("SLACK_BOT_TOKEN"), true, "xoxb-FAKE-replace-me",
        "Bot token of the Slack app (OAuth & Permissions). Required by `vigie run`.";
    APP_TOKEN = "VIGIE_SLACK_APP_TOKEN", Some("SLACK_APP_TOKEN"), true, "xapp-FAKE-replace-me",
        "App-level token with connections:write (Basic Information). Required by `vigie run`.";
    LEAD = "VIGIE_LEAD", None, false, "U0FAKELEAD",
        "Slack member ID of the lead, or several in the order they are called. Required by `vigie run` unless vigie.yaml has escalation.leads.";
    CONFIG = "VIGIE_CONFIG", None, false, "vigie.yaml",
        "Path of vigie.yaml. Without it: ./vigie.yaml, then /etc/vigie/vigie.yaml, if there is one.";
    PLAYBOOKS = "VIGIE_PLAYBOOKS", None, false, "playbooks",
        "Folder of your own playbooks, also playbooks: in vigie.yaml. `vigie playbook lint` checks it.";
    PROMETHEUS_URL = "VIGIE_PROMETHEUS_URL", None, false, "http://prometheus.monitoring.svc:9090",
        "Base address of Prometheus. Without it, answers have no numbers and say so.";
    PROMETHEUS_TOKEN = "VIGIE_PROMETHEUS_TOKEN", None, true, "FAKE-replace-me",
        "Bearer token for Prometheus. For Basic authentication put user:password into the address.";
    ALERTMANAGER_URL = "VIGIE_ALERTMANAGER_URL", None, false, "http://alertmanager.monitoring.svc:9093",
        "Base address of Alertmanager, with its route prefix. Without it, silences are neither seen nor made.";
    ALERTMANAGER_TOKEN = "VIGIE_ALERTMANAGER_TOKEN", None, true, "FAKE-replace-me",
        "Bearer token for Alertmanager. For Basic authentication put user:password into the address.";
    HEARTBEAT_URL = "VIGIE_HEARTBEAT_URL", None, true, "https://hc-ping.com/FAKE-replace-me",
        "Called each minute while vigie can prove that pages go out (healthchecks.io and the like): what notices that vigie itself is dead.";
    JENKINS_URL = "VIGIE_JENKINS_URL", None, false, "https://jenkins.example/",
        "Base address of Jenkins, with its path if it has one. Without it, answers say nothing of pipelines.";
    JENKINS_USER = "VIGIE_JENKINS_USER", None, false, "vigie",
        "Jenkins user with Overall/Read and Job/Read, and nothing more.";
    JENKINS_TOKEN = "VIGIE_JENKINS_TOKEN", None, true, "FAKE-replace-me",
        "API token of that user (its page, Security), not its password.";
    SONARQUBE_URL = "VIGIE_SONARQUBE_URL", None, false, "https://sonarqube.example/",
        "Base address of SonarQube. Without it, answers do not say which condition of a quality gate is not met.";
    SONARQUBE_TOKEN = "VIGIE_SONARQUBE_TOKEN", None, true, "squ_FAKE-replace-me",
        "Token of a SonarQube user that may browse the projects, and nothing more.";
    DATA_DIR = "VIGIE_DATA_DIR", None, false, "/var/lib/vigie",
        "Folder of the store. Default: $XDG_STATE_HOME/vigie, else ~/.local/state/vigie.";
    HTTP_ADDR = "VIGIE_HTTP_ADDR", None, false, "127.0.0.1:8080",
        "Address of /livez, /readyz, /metrics and the administration routes. In a pod: 0.0.0.0:8080.";
    ADMIN_TOKEN = "VIGIE_ADMIN_TOKEN", None, true, "FAKE-replace-me",
        "Bearer token of the administration routes (`vigie incidents`). Without it they answer to the same machine only.";
    ALERTS_ADDR = "VIGIE_ALERTS_ADDR", None, false, "127.0.0.1:8081",
        "Address that takes Alertmanager's and Grafana's webhooks (POST /alerts). Needs alerts.post_to in vigie.yaml and one of the next three. Without it there is no webhook.";
    ALERTS_TOKEN = "VIGIE_ALERTS_TOKEN", None, true, "FAKE-replace-me-with-32-characters",
        "Bearer token that the senders of alerts show, 16 characters at least (openssl rand -hex 32).";
    ALERTS_HMAC = "VIGIE_ALERTS_HMAC_KEY", None, true, "FAKE-replace-me-with-32-characters",
        "Key of Grafana's signature (HMAC-SHA256, with a timestamp header), 16 characters at least.";
    ALERTS_CLIENT_CA = "VIGIE_ALERTS_CLIENT_CA", None, false, "/etc/vigie/tls/client-ca.crt",
        "PEM file of the CA that certificates of senders come from (mutual TLS).";
    ALERTS_CERT = "VIGIE_ALERTS_TLS_CERT", None, false, "/etc/vigie/tls/tls.crt",
        "PEM file of the webhook's certificate, when vigie serves TLS itself.";
    ALERTS_KEY = "VIGIE_ALERTS_TLS_KEY", None, false, "/etc/vigie/tls/tls.key",
        "PEM file of the key of that certificate.";
    WEBHOOK_URL = "VIGIE_ESCALATION_WEBHOOK_URL", None, true, "https://events.pagerduty.com/v2/enqueue",
        "Where a page goes when no lead can be reached in Slack. Its format is escalation.webhook.format in vigie.yaml.";
    WEBHOOK_TOKEN = "VIGIE_ESCALATION_WEBHOOK_TOKEN", None, true, "FAKE-replace-me",
        "PagerDuty routing key, Opsgenie API key, or bearer token for the address above.";
    LOG = "VIGIE_LOG", Some("RUST_LOG"), false, "info",
        "What is logged, as a tracing filter: info, debug, vigie=debug,info.";
    LOG_FORMAT = "VIGIE_LOG_FORMAT", None, false, "auto",
        "auto (text on a terminal, JSON elsewhere), json or text.";
    SLACK_API_URL = "VIGIE_SLACK_API_URL", None, false, "https://slack.com/api",
        "Base address of Slack's Web API; only for tests and for a proxy that stands in for it.";
}

/// A variable's value, and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub text: String,
    pub place: String,
}

/// All variables of all sources.
#[derive(Clone, Debug, Default)]
pub(super) struct Vars(BTreeMap<String, Value>);

impl Vars {
    /// Adds a variable unless an earlier source has it. An empty value is as good as none.
    pub fn add(&mut self, name: String, value: Value) {
        if !value.text.trim().is_empty() {
            self.0.entry(name).or_insert(value);
        }
    }

    /// The plain text of any variable, known or not (`HOME`).
    pub fn plain(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.text.as_str())
    }

    /// Looks up a variable under its name, its `_FILE` name, then its alias.
    pub fn get(&self, variable: &Variable, problems: &mut Vec<Problem>) -> Option<Value> {
        let direct = self.0.get(variable.name);
        let file_name = format!("{}_FILE", variable.name);
        let file = variable.secret.then(|| self.0.get(&file_name)).flatten();
        match (direct, file) {
            (Some(_), Some(file)) => {
                problems.push(Problem {
                    place: file.place.clone(),
                    value: None,
                    what: format!("{} and {file_name} are both set", variable.name),
                    fix: "keep one of the two".to_owned(),
                });
                None
            }
            (Some(value), None) => Some(value.clone()),
            (None, Some(file)) => read_secret(file, problems),
            (None, None) => variable.alias.and_then(|alias| self.0.get(alias)).cloned(),
        }
    }

    /// Names that begin like ours and are not: a slip (an error), or something else (a remark).
    pub fn unknown(&self) -> (Vec<Problem>, Vec<String>) {
        let known = known_names();
        let mut problems = Vec::new();
        let mut remarks = Vec::new();
        for (name, value) in &self.0 {
            if !name.starts_with("VIGIE_") || known.contains(name) || is_service_link(name) {
                continue;
            }
            let bare = |name: &'static str| name.trim_start_matches("VIGIE_");
            let known = VARIABLES.iter().map(|variable| bare(variable.name));
            match nearest(name.trim_start_matches("VIGIE_"), known) {
                Some(near) => problems.push(Problem {
                    place: value.place.clone(),
                    value: None,
                    what: format!("{name} is not a variable of vigie"),
                    fix: format!("did you mean VIGIE_{near}?"),
                }),
                None => remarks.push(format!(
                    "{}: {name} is not a variable of vigie",
                    value.place
                )),
            }
        }
        (problems, remarks)
    }
}

fn known_names() -> Vec<String> {
    let mut names: Vec<String> = VARIABLES.iter().map(|v| v.name.to_owned()).collect();
    names.extend(
        VARIABLES
            .iter()
            .filter(|v| v.secret)
            .map(|v| format!("{}_FILE", v.name)),
    );
    names
}

/// What Kubernetes adds for a Service called `vigie` (`VIGIE_SERVICE_HOST`, `VIGIE_PORT_8080_TCP`).
fn is_service_link(name: &str) -> bool {
    let rest = name.trim_start_matches("VIGIE_");
    ["PORT", "SERVICE_"]
        .iter()
        .any(|part| rest.starts_with(part))
        || rest.contains("_SERVICE_HOST")
        || rest.contains("_SERVICE_PORT")
        || rest.contains("_PORT_")
        || rest.ends_with("_PORT")
}

fn read_secret(file: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
    let path = file.text.trim();
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => {
            problems.push(unreadable(file, "is empty"));
            None
        }
        Ok(text) => Some(Value {
            text: text.trim_end_matches(['\r', '\n']).to_owned(),
            place: format!("{} ({path})", file.place),
        }),
        Err(error) => {
            problems.push(unreadable(file, &format!("cannot be read ({error})")));
            None
        }
    }
}

fn unreadable(file: &Value, what: &str) -> Problem {
    Problem {
        place: file.place.clone(),
        value: Some(file.text.clone()),
        what: format!("the file it names {what}"),
        fix: "name a file that holds the value and that this user may read".to_owned(),
    }
}
