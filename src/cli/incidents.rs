//! `vigie incidents`: reads from a running bot, over its HTTP listener.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use reqwest::{StatusCode, Url};
use secrecy::ExposeSecret as _;

use super::{Output, print};
use crate::config::Config;
use crate::http::Row;
use crate::incident::{Status, Who};
use crate::store::Aside;
use crate::text::clean;

/// Arguments of `vigie incidents`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
    /// Address of the running bot (default: `VIGIE_HTTP_ADDR` on this machine).
    #[arg(long, global = true, value_name = "URL")]
    url: Option<Url>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Open incidents, oldest first.
    List {
        /// Past ones too, if they changed in the last so many days.
        #[arg(long, value_name = "N")]
        days: Option<u16>,
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
    },
    /// One record, whole, as JSON.
    Show {
        /// The incident's id, as `list` prints it.
        id: String,
    },
    /// Arrivals that could not be handled: nobody was answered.
    Aside {
        /// How to print them.
        #[arg(long, value_enum, default_value_t)]
        output: Output,
    },
    /// Every record, one JSON object a line.
    Export,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<ExitCode> {
    let base = match args.url {
        Some(url) => url,
        None => Url::parse(&format!("http://{}", reachable(config.http.addr)))?,
    };
    let text = match args.what {
        What::List { days, output } => {
            let query = days.map(|days| format!("days={days}"));
            let body = fetch(&config, &base, &["incidents"], query.as_deref()).await?;
            match output {
                Output::Json => body + "\n",
                Output::Text => {
                    let rows = table(&serde_json::from_str::<Vec<Row>>(&body)?);
                    // A bot of an older version does not tell.
                    let aside = put_aside(&config, &base).await.unwrap_or_default();
                    rows + &remark(&aside)
                }
            }
        }
        What::Aside { output } => {
            let aside = put_aside(&config, &base).await?;
            let text = match output {
                Output::Json => serde_json::to_string_pretty(&aside)? + "\n",
                Output::Text => aside_table(&aside),
            };
            config.redactor().redact(&text).into_owned()
        }
        What::Show { id } => {
            let body = fetch(&config, &base, &["incidents", &id], None).await?;
            let record: serde_json::Value = serde_json::from_str(&body)?;
            serde_json::to_string_pretty(&record)? + "\n"
        }
        What::Export => fetch(&config, &base, &["export"], None).await?,
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// `0.0.0.0` is where a bot listens, not where it is found.
pub(super) fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

async fn fetch(
    config: &Config,
    base: &Url,
    path: &[&str],
    query: Option<&str>,
) -> anyhow::Result<String> {
    let mut url = base.clone();
    let Ok(mut segments) = url.path_segments_mut() else {
        bail!("{base} is not an http address");
    };
    segments.pop_if_empty().push("admin").extend(path);
    drop(segments);
    url.set_query(query);
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let mut request = client.get(url);
    if let Some(token) = &config.http.admin_token {
        request = request.bearer_auth(token.expose_secret());
    }
    let response = request.send().await.with_context(|| {
        format!("no bot answers at {base}: is `vigie run` up? Name it with --url")
    })?;
    let status = response.status();
    let body = response.text().await?;
    match status {
        StatusCode::OK => Ok(body),
        StatusCode::NOT_FOUND => {
            bail!("there is no such incident; `vigie incidents list --days 90` shows the past ones")
        }
        other => bail!("{base} answered {other}: {}", clean(body.trim())),
    }
}

/// What the running bot put aside.
pub(super) async fn put_aside(config: &Config, base: &Url) -> anyhow::Result<Vec<Aside>> {
    let body = fetch(config, base, &["aside"], None).await?;
    Ok(serde_json::from_str(&body)?)
}

/// How many were put aside, below the list of incidents; nothing where none was.
fn remark(aside: &[Aside]) -> String {
    match aside.len() {
        0 => String::new(),
        1 => "1 arrival could not be handled and was put aside: `vigie incidents aside` shows it\n"
            .to_owned(),
        count => format!(
            "{count} arrivals could not be handled and were put aside: `vigie incidents aside` shows them\n"
        ),
    }
}

fn aside_table(aside: &[Aside]) -> String {
    if aside.is_empty() {
        return "Nothing was put aside.\n".to_owned();
    }
    let mut text = String::new();
    for one in aside {
        let at = one.received_at.map_or_else(|| "-".to_owned(), time);
        let _ = writeln!(
            text,
            "{}  {at}  {}\n    {}",
            clean(&one.id),
            clean(&one.kind),
            clean(one.said.raw())
        );
    }
    text + "Nobody was answered. Look at each where it came from, and report the fault that the log tells \
            (\"handling an arrival panicked\"). They are forgotten after 90 days.\n"
}

fn table(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "No open incident.\n".to_owned();
    }
    let mut text = String::new();
    for row in rows {
        let next = row.next_page_at.map_or_else(String::new, |at| {
            format!(", calls the lead at {}", time(at))
        });
        let environment = row.environment.as_deref().unwrap_or("-");
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}  {}  {}  {}{next}\n    {}",
            row.id,
            time(row.opened_at),
            clean(environment),
            status(&row.status),
            clean(row.question.raw()),
        );
    }
    text
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn status(status: &Status) -> String {
    match status {
        Status::Open => "open".to_owned(),
        Status::Acknowledged { by, .. } => format!("acknowledged by {}", clean(by.as_str())),
        Status::Resolved { by: Who::Bot, .. } => "resolved".to_owned(),
        Status::Resolved {
            by: Who::User(user),
            ..
        } => format!("resolved by {}", clean(user.as_str())),
        Status::Resolved {
            by: Who::Alert(_), ..
        } => "resolved by its alert".to_owned(),
        Status::Answered { .. } => "answered".to_owned(),
        Status::Joined { into, .. } => format!("joined {}", clean(into.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bot_is_looked_for_where_it_can_be_found() {
        let found = |addr: &str| reachable(addr.parse().unwrap()).to_string();
        assert_eq!(found("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(found("[::]:9000"), "[::1]:9000");
        assert_eq!(found("10.0.0.7:8080"), "10.0.0.7:8080");
    }

    #[test]
    fn a_list_says_what_a_person_needs_and_no_terminal_codes() {
        let row = Row {
            id: "inc-7".to_owned(),
            status: Status::Open,
            opened_at: "2026-11-23T09:00:00Z".parse().unwrap(),
            environment: Some("production".to_owned()),
            question: "payment \u{1b}[31mlent".into(),
            next_page_at: Some("2026-11-23T09:10:00Z".parse().unwrap()),
        };
        let text = table(&[row]);
        assert!(text.starts_with("inc-7  2026-11-23T09:00:00Z  production  open, calls the lead at 2026-11-23T09:10:00Z\n    payment "), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert_eq!(table(&[]), "No open incident.\n");
    }

    #[test]
    fn what_was_put_aside_is_counted_and_told_with_what_to_do() {
        let one = Aside {
            id: "12".to_owned(),
            kind: "slack-event".to_owned(),
            received_at: Some("2026-11-23T09:00:00Z".parse().unwrap()),
            said: "payment \u{1b}[31mlent".into(),
        };
        let text = aside_table(std::slice::from_ref(&one));
        assert!(
            text.starts_with("12  2026-11-23T09:00:00Z  slack-event\n    payment "),
            "{text}"
        );
        assert!(
            text.contains("Nobody was answered") && !text.contains('\u{1b}'),
            "{text}"
        );
        assert_eq!(aside_table(&[]), "Nothing was put aside.\n");
        assert_eq!(remark(&[]), "");
        assert!(remark(&[one.clone(), one]).starts_with("2 arrivals"));
    }
}
