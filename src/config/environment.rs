//! What the environment says: tokens, addresses, folders. Policy is in `vigie.yaml`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use reqwest::Url;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

use super::alerts::{AlertTls, AlertWebhook, Alerts};
use super::check::http_url;
use super::model::{Config, Endpoint, Lead, Log, LogFormat, Login, Webhook, WebhookFormat};
use super::problem::Problem;
use super::suggest;
use super::vars::{self, Value, Variable, Vars};

/// Characters that a secret of one's own making has at least.
const LEAST: usize = 16;

/// Reads and checks the variables.
pub(super) struct Env<'a> {
    pub vars: &'a Vars,
    pub problems: &'a mut Vec<Problem>,
}

impl Env<'_> {
    pub(super) fn get(&mut self, variable: &Variable) -> Option<Value> {
        self.vars.get(variable, self.problems)
    }

    /// Notes a wrong value; a secret one is not shown.
    pub(super) fn wrong(&mut self, value: &Value, secret: bool, what: &str, fix: &str) {
        self.problems.push(Problem {
            place: value.place.clone(),
            value: (!secret).then(|| value.text.clone()),
            what: what.to_owned(),
            fix: fix.to_owned(),
        });
    }

    /// Fills the fields that come from the environment.
    pub fn fill(&mut self, config: &mut Config) {
        config.slack.bot_token = self.token(&vars::BOT_TOKEN, "xoxb-");
        config.slack.app_token = self.token(&vars::APP_TOKEN, "xapp-");
        if let Some(url) = self.slack_api() {
            config.slack.api_url = url;
        }
        config.prometheus = self.endpoint(
            (&vars::PROMETHEUS_URL, &vars::PROMETHEUS_TOKEN),
            "http://prometheus.monitoring.svc:9090",
        );
        config.alertmanager = self.endpoint(
            (&vars::ALERTMANAGER_URL, &vars::ALERTMANAGER_TOKEN),
            "http://alertmanager.monitoring.svc:9093",
        );
        config.heartbeat = self.heartbeat();
        config.jenkins = self.jenkins();
        config.sonarqube = self.sonarqube();
        config.data_dir = self.data_dir();
        if let Some(addr) = self.http_addr() {
            config.http.addr = addr;
        }
        config.http.admin_token = self.get(&vars::ADMIN_TOKEN).as_ref().map(secret);
        config.alerts.webhook = self.alerts(&config.alerts, &mut config.warnings);
        self.log(&mut config.log);
        if let Some(leads) = self.leads(!config.escalation.leads.is_empty()) {
            config.escalation.leads = leads;
        }
    }

    /// The listener of the alert webhook: never without a way to tell senders from strangers.
    fn alerts(&mut self, alerts: &Alerts, warnings: &mut Vec<String>) -> Option<AlertWebhook> {
        let token = self.long_secret(&vars::ALERTS_TOKEN);
        let hmac = self.long_secret(&vars::ALERTS_HMAC);
        let cert = self.get(&vars::ALERTS_CERT);
        let key = self.get(&vars::ALERTS_KEY);
        let client_ca = self.get(&vars::ALERTS_CLIENT_CA);
        let Some(value) = self.get(&vars::ALERTS_ADDR) else {
            let set = [&token, &hmac, &cert, &key, &client_ca]
                .into_iter()
                .flatten();
            warnings.extend(set.map(|value| {
                let place = &value.place;
                format!("{place} is set and VIGIE_ALERTS_ADDR is not: no alert comes by webhook; set both or neither")
            }));
            return None;
        };
        let Ok(addr) = value.text.trim().parse::<SocketAddr>() else {
            let fix = "write an address and a port: 127.0.0.1:8081, or 0.0.0.0:8081 in a pod";
            self.wrong(&value, false, "is not an address to listen on", fix);
            return None;
        };
        let path = |value: &Value| PathBuf::from(value.text.trim());
        let tls = match (&cert, &key) {
            (Some(cert), Some(key)) => Some(AlertTls {
                cert: path(cert),
                key: path(key),
                client_ca: client_ca.as_ref().map(path),
            }),
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => {
                let fix = "set both VIGIE_ALERTS_TLS_CERT and VIGIE_ALERTS_TLS_KEY";
                self.wrong(one, false, "is only half of TLS", fix);
                return None;
            }
        };
        if let (Some(ca), None) = (&client_ca, &tls) {
            let fix = "set VIGIE_ALERTS_TLS_CERT and VIGIE_ALERTS_TLS_KEY too";
            self.wrong(ca, false, "asks for client certificates without TLS", fix);
        }
        if token.is_none() && hmac.is_none() && client_ca.is_none() {
            let fix = "set VIGIE_ALERTS_TOKEN, VIGIE_ALERTS_HMAC_KEY or VIGIE_ALERTS_CLIENT_CA";
            self.wrong(&value, false, "would take alerts from anyone", fix);
        }
        if alerts.post_to.is_none() {
            let fix = "set alerts.post_to in vigie.yaml to the channel where alerts are told";
            self.wrong(&value, false, "has no channel to tell alerts in", fix);
        }
        Some(AlertWebhook {
            addr,
            token: token.as_ref().map(secret),
            hmac: hmac.as_ref().map(secret),
            tls,
        })
    }

    /// A secret of one's own making that strangers may guess at: never a short one.
    fn long_secret(&mut self, variable: &Variable) -> Option<Value> {
        let value = self.get(variable)?;
        let letters = value.text.trim().chars().count();
        if letters < LEAST {
            let what = format!("has {letters} characters, fewer than {LEAST}: it can be guessed");
            self.wrong(&value, true, &what, "make one: openssl rand -hex 32");
        }
        Some(value)
    }

    fn token(&mut self, variable: &Variable, prefix: &str) -> Option<SecretString> {
        let value = self.get(variable)?;
        let text = value.text.trim();
        if !text.starts_with(prefix) {
            let what = match text.split_once('-') {
                Some((kind, _)) if kind.starts_with('x') && kind.len() <= 5 => {
                    format!("is a {kind}- token, not a {prefix} token")
                }
                _ => format!("is not a {prefix} token"),
            };
            let fix = "xoxb- is the bot token (OAuth & Permissions), xapp- the app-level token (Basic Information)";
            self.wrong(&value, true, &what, fix);
            return None;
        }
        Some(SecretString::from(text.to_owned()))
    }

    fn slack_api(&mut self) -> Option<Url> {
        let value = self.get(&vars::SLACK_API_URL)?;
        match http_url(&value.text) {
            Ok(url) if url.scheme() == "https" || is_loopback(&url) => Some(url),
            Ok(_) => {
                let fix = "use https, or an address of this machine";
                self.wrong(&value, false, "would send the tokens in clear text", fix);
                None
            }
            Err(why) => {
                self.wrong(&value, false, why, "remove it for https://slack.com/api");
                None
            }
        }
    }

    /// An address with its login: user and password in it, or the token.
    fn endpoint(&mut self, (url, token): (&Variable, &Variable), like: &str) -> Option<Endpoint> {
        let name = url.name;
        let value = self.get(url);
        let token = self.get(token);
        let Some(value) = value else {
            if let Some(token) = token {
                let fix = format!("set {name} too, or remove it");
                self.wrong(&token, true, "is set without an address", &fix);
            }
            return None;
        };
        let mut url = match http_url(&value.text) {
            Ok(url) => url,
            Err(why) => {
                let fix = format!("write an address such as {like}");
                self.wrong(&value, value.text.contains('@'), why, &fix);
                return None;
            }
        };
        let basic = basic_login(&mut url);
        let auth = match (basic, token) {
            (Some(_), Some(token)) => {
                let fix = "keep user:password in the address, or the token";
                self.wrong(&token, true, "there are two ways to log in", fix);
                return None;
            }
            (Some(basic), None) => basic,
            (None, Some(token)) => Login::Bearer(secret(&token)),
            (None, None) => Login::None,
        };
        Some(Endpoint { url, auth })
    }

    /// The heartbeat's address. It often holds a token, so it travels encrypted and is not shown.
    fn heartbeat(&mut self) -> Option<SecretString> {
        let value = self.get(&vars::HEARTBEAT_URL)?;
        let url = Url::parse(value.text.trim()).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        match url {
            Some(url) if url.scheme() == "https" || is_loopback(&url) => Some(secret(&value)),
            Some(_) => {
                let fix = "use https, or an address of this machine";
                self.wrong(&value, true, "would send its token in clear text", fix);
                None
            }
            None => {
                let fix = "write the address that the receiver gave, such as https://hc-ping.com/…";
                self.wrong(&value, true, "is not an http or https address", fix);
                None
            }
        }
    }

    fn data_dir(&mut self) -> PathBuf {
        if let Some(value) = self.get(&vars::DATA_DIR) {
            return PathBuf::from(value.text.trim());
        }
        match (self.vars.plain("XDG_STATE_HOME"), self.vars.plain("HOME")) {
            (Some(state), _) => Path::new(state).join("vigie"),
            (None, Some(home)) => Path::new(home).join(".local/state/vigie"),
            (None, None) => Config::default().data_dir,
        }
    }

    /// Folder of the operator's playbooks.
    pub fn playbooks(&mut self) -> Option<PathBuf> {
        let value = self.get(&vars::PLAYBOOKS)?;
        Some(PathBuf::from(value.text.trim()))
    }

    fn http_addr(&mut self) -> Option<SocketAddr> {
        let value = self.get(&vars::HTTP_ADDR)?;
        let addr = value.text.trim().parse().ok();
        if addr.is_none() {
            let fix = "write an IP address and a port: 127.0.0.1:8080, 0.0.0.0:8080, [::]:8080";
            self.wrong(&value, false, "is not an address to listen on", fix);
        }
        addr
    }

    fn log(&mut self, log: &mut Log) {
        if let Some(value) = self.get(&vars::LOG) {
            if EnvFilter::builder().parse(&value.text).is_ok() {
                log.filter = value.text;
            } else {
                let fix = "write error, warn, info, debug or trace, or target=level pairs";
                self.wrong(&value, false, "is not a log filter", fix);
            }
        }
        let Some(value) = self.get(&vars::LOG_FORMAT) else {
            return;
        };
        log.format = match value.text.trim().to_lowercase().as_str() {
            "auto" => LogFormat::Auto,
            "json" => LogFormat::Json,
            "text" => LogFormat::Text,
            other => {
                let fix = suggest::one_of(other, &["auto", "json", "text"]);
                self.wrong(&value, false, "is not a log format", &fix);
                LogFormat::Auto
            }
        };
    }

    /// The leads of the environment; the file's, when it has some, must not say otherwise.
    fn leads(&mut self, in_file: bool) -> Option<Vec<Lead>> {
        let value = self.get(&vars::LEAD)?;
        if in_file {
            let fix = "keep VIGIE_LEAD or escalation.leads in vigie.yaml";
            self.wrong(&value, false, "the leads are set twice", fix);
            return None;
        }
        let mut leads = Vec::new();
        for id in value.text.split([',', ' ']).filter(|id| !id.is_empty()) {
            let plain = id
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            if !plain || !id.starts_with(['U', 'W']) || id.len() < 3 {
                let fix = "write the member ID (U…): in Slack, open the person's profile, three dots, Copy member ID";
                self.wrong(&value, false, "is not a Slack member ID", fix);
                return None;
            }
            leads.push(Lead {
                slack_id: id.to_owned(),
                name: None,
                environments: Vec::new(),
                services: Vec::new(),
                absent_until: None,
            });
        }
        Some(leads)
    }

    /// The way out when no lead can be reached: address and key from here, format from the file.
    pub fn webhook(&mut self, in_file: Option<WebhookFormat>) -> Option<Webhook> {
        let url = self.get(&vars::WEBHOOK_URL);
        let token = self.get(&vars::WEBHOOK_TOKEN);
        let format = in_file.unwrap_or_default();
        let Some(url) = url else {
            if token.is_some() || in_file.is_some() {
                let fix =
                    "set it to the receiver's address, or remove escalation.webhook and the token";
                self.problems.push(missing(vars::WEBHOOK_URL.name, fix));
            }
            return None;
        };
        let parsed = Url::parse(url.text.trim()).ok();
        let secure =
            parsed.filter(|u| u.scheme() == "https" || (u.scheme() == "http" && u.has_host()));
        if secure.is_none() {
            self.wrong(
                &url,
                true,
                "is not an http or https address",
                "write the receiver's address",
            );
            return None;
        }
        if token.is_none() && format != WebhookFormat::Json {
            let fix = "set it to the receiver's key, or use format: json";
            self.problems.push(missing(vars::WEBHOOK_TOKEN.name, fix));
        }
        Some(Webhook {
            url: secret(&url),
            format,
            token: token.as_ref().map(secret),
        })
    }
}

pub(super) fn secret(value: &Value) -> SecretString {
    SecretString::from(value.text.trim().to_owned())
}

/// Takes user and password out of the address, so that it can be logged.
fn basic_login(url: &mut Url) -> Option<Login> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let auth = Login::Basic {
        user: percent_decoded(url.username()),
        password: SecretString::from(percent_decoded(url.password().unwrap_or_default())),
    };
    let cleared = url.set_username("").is_ok() && url.set_password(None).is_ok();
    cleared.then_some(auth)
}

/// Undoes the `%40` an address needs for the `@` of a password.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let decoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match decoded {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

/// The problem of a variable that is needed and not set.
pub(super) fn missing(name: &str, fix: &str) -> Problem {
    Problem {
        place: name.to_owned(),
        value: None,
        what: "is not set".to_owned(),
        fix: fix.to_owned(),
    }
}
