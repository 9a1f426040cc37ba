//! Slack: the tokens, the scopes of the shipped manifest, the channels, the leads, the clock.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::WITHIN;
use super::check::{Area, Check};
use crate::config::{Channel, Config, Lead};

/// The scopes the bot uses; a test compares with deploy/slack-manifest.yaml.
pub(super) const SCOPES: &[&str] = &[
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:write",
    "users:read",
];
/// Beyond this the due times of pages are told wrongly.
const CLOCK_OFF: TimeDelta = TimeDelta::seconds(30);
/// Names of the checks of the two tokens. Not "bot token": what follows `token:` in a line is redacted.
const BOT: &str = "bot";
const APP: &str = "Socket Mode";
const REINSTALL: &str =
    "paste deploy/slack-manifest.yaml into the app's manifest, then Reinstall to Workspace";

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let (Some(bot), Some(app)) = (&config.slack.bot_token, &config.slack.app_token) else {
        let missing = config
            .slack_tokens()
            .err()
            .into_iter()
            .flat_map(|e| e.problems);
        return missing
            .map(|p| Check::failed(Area::Slack, &p.place, p.what, p.fix))
            .collect();
    };
    let http = match Client::builder().timeout(WITHIN).build() {
        Ok(http) => http,
        Err(error) => {
            let fix = "install ca-certificates, or set SSL_CERT_FILE";
            return vec![Check::failed(Area::Slack, "TLS", error.to_string(), fix)];
        }
    };
    let slack = Api {
        http,
        base: config.slack.api_url.clone(),
    };
    let (mut checks, alive) = bot_token(&slack, bot).await;
    if !alive {
        return checks;
    }
    let channels = join_all(
        config
            .channels
            .listed
            .iter()
            .map(|c| channel(&slack, bot, c)),
    );
    let leads = join_all(config.escalation.leads.iter().map(|l| lead(&slack, bot, l)));
    let (app, channels, leads) = futures::join!(app_token(&slack, app), channels, leads);
    checks.push(app);
    checks.extend(channels);
    checks.extend(leads);
    checks
}

/// Slack's Web API as plain HTTP: `auth.test` tells the scopes and the time in its headers, which
/// the bot's own client does not show.
struct Api {
    http: Client,
    base: Url,
}

/// What a method answered.
struct Reply {
    body: Value,
    scopes: Option<Vec<String>>,
    date: Option<DateTime<Utc>>,
}

impl Reply {
    /// Slack's code for what is wrong, or nothing when it is fine.
    fn error(&self) -> Option<&str> {
        (self.body["ok"] != true).then(|| {
            self.body["error"]
                .as_str()
                .unwrap_or("no answer of Slack's")
        })
    }
}

impl Api {
    async fn call(
        &self,
        method: &str,
        token: &SecretString,
        query: &[(&str, &str)],
    ) -> Result<Reply, String> {
        let text = format!("{}/{method}", self.base.as_str().trim_end_matches('/'));
        let mut url = Url::parse(&text).map_err(|error| error.to_string())?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.http.post(url).bearer_auth(token.expose_secret());
        // The address is Slack's and holds no secret, but the error must not repeat the query.
        let response = request
            .send()
            .await
            .map_err(|error| error.without_url().to_string())?;
        let header = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let scopes = header("x-oauth-scopes");
        let date = header("date").and_then(|date| DateTime::parse_from_rfc2822(&date).ok());
        let body = response
            .json()
            .await
            .map_err(|error| error.without_url().to_string())?;
        Ok(Reply {
            body,
            scopes: scopes.map(|list| list.split(',').map(|s| s.trim().to_owned()).collect()),
            date: date.map(|date| date.with_timezone(&Utc)),
        })
    }
}

async fn bot_token(slack: &Api, token: &SecretString) -> (Vec<Check>, bool) {
    let reply = match slack.call("auth.test", token, &[]).await {
        Ok(reply) => reply,
        Err(why) => {
            let fix = "allow HTTPS to slack.com and *.slack.com; behind a proxy set HTTPS_PROXY";
            return (
                vec![Check::failed(Area::Slack, "slack.com", why, fix)],
                false,
            );
        }
    };
    if let Some(error) = reply.error() {
        let fix = "copy the Bot User OAuth Token again (OAuth & Permissions), or reinstall the app";
        let check = Check::failed(Area::Slack, BOT, format!("refused: {error}"), fix);
        return (vec![check], false);
    }
    let text = |field: &str| reply.body[field].as_str().unwrap_or("?").to_owned();
    let found = format!("{} in {} ({})", text("user"), text("team"), text("team_id"));
    let mut checks = vec![Check::ok(Area::Slack, BOT, found)];
    checks.extend(scopes(reply.scopes.as_deref()));
    checks.extend(reply.date.map(|date| clock(date, Utc::now())));
    (checks, true)
}

/// What is granted against what is used.
pub(super) fn scopes(granted: Option<&[String]>) -> Vec<Check> {
    let Some(granted) = granted else {
        return vec![Check::skipped(
            Area::Slack,
            "scopes",
            "Slack did not tell them",
        )];
    };
    let has = |scope: &str| granted.iter().any(|one| one == scope);
    let missing: Vec<&str> = SCOPES.iter().copied().filter(|scope| !has(scope)).collect();
    let known = |scope: &&String| SCOPES.contains(&scope.as_str());
    let beyond: Vec<&str> = granted
        .iter()
        .filter(|s| !known(s))
        .map(String::as_str)
        .collect();
    let mut checks = Vec::new();
    if missing.is_empty() {
        checks.push(Check::ok(Area::Slack, "scopes", "all there"));
    } else {
        let detail = format!("missing: {}", missing.join(", "));
        checks.push(Check::failed(Area::Slack, "scopes", detail, REINSTALL));
    }
    if !beyond.is_empty() {
        let detail = format!("not used: {}", beyond.join(", "));
        checks.push(Check::warning(Area::Slack, "scopes", detail, REINSTALL));
    }
    checks
}

/// This machine's clock against Slack's.
pub(super) fn clock(theirs: DateTime<Utc>, ours: DateTime<Utc>) -> Check {
    let off = ours - theirs;
    if off.abs() <= CLOCK_OFF {
        return Check::ok(Area::Clock, "clock", "agrees with Slack's");
    }
    let way = if off > TimeDelta::zero() {
        "ahead of"
    } else {
        "behind"
    };
    let detail = format!("{} s {way} Slack's", off.abs().num_seconds());
    Check::failed(
        Area::Clock,
        "clock",
        detail,
        "start chrony or systemd-timesyncd on the node",
    )
}

/// Opens a Socket Mode address; it expires unused.
async fn app_token(slack: &Api, token: &SecretString) -> Check {
    match slack.call("apps.connections.open", token, &[]).await {
        Ok(reply) => match reply.error() {
            None => Check::ok(Area::Slack, APP, "opens a connection"),
            Some(error) => Check::failed(
                Area::Slack,
                APP,
                format!("refused: {error}"),
                "generate an App-Level Token with connections:write (Basic Information), and enable Socket Mode",
            ),
        },
        Err(why) => Check::failed(Area::Slack, APP, why, "allow HTTPS to *.slack.com"),
    }
}

async fn channel(slack: &Api, token: &SecretString, channel: &Channel) -> Check {
    let name = format!("channel {}", channel.name.as_deref().unwrap_or(&channel.id));
    let query = [("channel", channel.id.as_str())];
    let reply = match slack.call("conversations.info", token, &query).await {
        Ok(reply) => reply,
        Err(why) => return Check::failed(Area::Slack, &name, why, "try again"),
    };
    if let Some(error) = reply.error() {
        let fix = "write the channel's ID (channel details, at the bottom); a private channel also needs `/invite @devops`";
        return Check::failed(Area::Slack, &name, format!("{}: {error}", channel.id), fix);
    }
    let flag = |field: &str| reply.body["channel"][field] == true;
    if flag("is_ext_shared") || flag("is_pending_ext_shared") {
        let fix = "take it out of channels: the bot does not answer where another company reads";
        return Check::failed(Area::Slack, &name, "shared with another company", fix);
    }
    if flag("is_archived") {
        let fix = "take it out of channels in vigie.yaml, or unarchive it";
        return Check::failed(Area::Slack, &name, "archived", fix);
    }
    if !flag("is_member") {
        let fix = "type `/invite @devops` in it";
        return Check::failed(Area::Slack, &name, "the bot is not in it", fix);
    }
    Check::ok(Area::Slack, &name, "the bot is in it")
}

async fn lead(slack: &Api, token: &SecretString, lead: &Lead) -> Check {
    let name = format!("lead {}", lead.name.as_deref().unwrap_or(&lead.slack_id));
    let query = [("user", lead.slack_id.as_str())];
    let reply = match slack.call("users.info", token, &query).await {
        Ok(reply) => reply,
        Err(why) => return Check::failed(Area::Slack, &name, why, "try again"),
    };
    let fix = "write the member ID of someone who is there (profile, three dots, Copy member ID)";
    if let Some(error) = reply.error() {
        return Check::failed(
            Area::Slack,
            &name,
            format!("{}: {error}", lead.slack_id),
            fix,
        );
    }
    let flag = |field: &str| reply.body["user"][field] == true;
    if flag("deleted") {
        return Check::failed(Area::Slack, &name, "the account is deactivated", fix);
    }
    if flag("is_bot") {
        return Check::failed(Area::Slack, &name, "is a bot", fix);
    }
    Check::ok(
        Area::Slack,
        &name,
        "can be called; `@devops test page` proves the way",
    )
}
