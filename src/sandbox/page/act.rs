//! `POST /act`: what the person at the page does, as somebody in the workspace or to the sandbox.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::{Shared, alert, pace};
use crate::sandbox::fault;
use crate::sandbox::slack::NotThere;
use crate::sandbox::world::Scenario;

/// Slack cuts a message off here.
const MOST_CHARACTERS: usize = 40_000;
/// The longest jump of the clock.
const MOST_MINUTES: u32 = 24 * 60;
/// Speeds of the clock.
const SPEEDS: [u32; 2] = [1, 60];

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Act {
    Post {
        r#as: String,
        channel: String,
        thread_ts: Option<String>,
        text: String,
    },
    Edit {
        r#as: String,
        channel: String,
        ts: String,
        text: String,
    },
    Delete {
        r#as: String,
        channel: String,
        ts: String,
    },
    React {
        r#as: String,
        channel: String,
        ts: String,
        name: String,
    },
    Press {
        r#as: String,
        channel: String,
        ts: String,
        action: String,
    },
    Message {
        r#as: String,
    },
    Break {
        workload: String,
    },
    Repair {
        workload: String,
    },
    Advance {
        minutes: u32,
    },
    Speed {
        times: u32,
    },
    Kill,
    Start,
}

/// Why it is not done; each is said to the person.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{0}")]
    NotThere(#[from] NotThere),
    #[error("the message is empty")]
    Empty,
    #[error("{0} characters are more than the {MOST_CHARACTERS} of a message")]
    TooLong(usize),
    #[error("this message is not yours")]
    NotYours,
    #[error("{0}")]
    Gone(String),
    #[error("there is no such incident")]
    UnknownIncident,
    #[error("there is no such emoji name")]
    UnknownEmoji,
    #[error("the clock goes forward, by a day at most")]
    Time,
    #[error("the bot does not start: {0}")]
    Bot(String),
}

impl Refused {
    fn code(&self) -> (&'static str, StatusCode) {
        match self {
            Self::NotThere(_) => ("not-there", StatusCode::NOT_FOUND),
            Self::Empty => ("empty", StatusCode::UNPROCESSABLE_ENTITY),
            Self::TooLong(_) => ("too-long", StatusCode::PAYLOAD_TOO_LARGE),
            Self::NotYours => ("not-yours", StatusCode::FORBIDDEN),
            Self::Gone(_) => ("no-such-button", StatusCode::CONFLICT),
            Self::UnknownIncident => ("no-such-incident", StatusCode::NOT_FOUND),
            Self::UnknownEmoji => ("no-such-emoji", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Time => ("time", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Bot(_) => ("bot", StatusCode::CONFLICT),
        }
    }
}

/// Does it; the answer is `{"ok": true}`, or `{"ok": false, "error": code, "says": words}`.
pub(super) async fn act(
    State(shared): State<Arc<Shared>>,
    wanted: Result<Json<Act>, JsonRejection>,
) -> Response {
    let Json(act) = match wanted {
        Ok(act) => act,
        Err(rejection) => return rejection.into_response(),
    };
    let done = perform(&shared, act).await;
    shared.touch();
    match done {
        Ok(ts) => fault::json(StatusCode::OK, &json!({ "ok": true, "ts": ts })),
        Err(no) => {
            let (code, status) = no.code();
            let says = no.to_string();
            fault::json(status, &json!({ "ok": false, "error": code, "says": says }))
        }
    }
}

/// Returns the `ts` of what was written, or the channel that was opened.
async fn perform(shared: &Arc<Shared>, act: Act) -> Result<Option<String>, Refused> {
    match act {
        Act::Break { workload } => incident(shared, &workload, true)?,
        Act::Repair { workload } => incident(shared, &workload, false)?,
        Act::Advance { minutes } => {
            if minutes == 0 || minutes > MOST_MINUTES {
                return Err(Refused::Time);
            }
            pace::jump(shared, TimeDelta::minutes(minutes.into())).await;
        }
        Act::Speed { times } if SPEEDS.contains(&times) => {
            shared.speed.send_replace(times);
        }
        Act::Speed { .. } => return Err(Refused::Time),
        Act::Kill => shared.backstage.kill_bot().await,
        Act::Start => shared.backstage.start_bot().await.map_err(Refused::Bot)?,
        in_workspace => return speak(shared, in_workspace),
    }
    Ok(None)
}

fn speak(shared: &Shared, act: Act) -> Result<Option<String>, Refused> {
    let slack = &shared.world.slack;
    match act {
        Act::Post {
            r#as,
            channel,
            thread_ts,
            text,
        } => {
            slack.may_write(&r#as, &channel, thread_ts.as_deref())?;
            let text = checked(&text)?;
            return Ok(Some(match thread_ts {
                Some(thread) => slack.reply(&channel, &thread, &r#as, text),
                None => slack.post(&channel, &r#as, text),
            }));
        }
        Act::Message { r#as } => return Ok(Some(slack.open_direct(&r#as)?)),
        Act::Edit {
            r#as,
            channel,
            ts,
            text,
        } => {
            own(shared, &r#as, &channel, &ts)?;
            slack.edit(&channel, &ts, checked(&text)?);
        }
        Act::Delete { r#as, channel, ts } => {
            own(shared, &r#as, &channel, &ts)?;
            slack.delete(&channel, &ts);
        }
        Act::React {
            r#as,
            channel,
            ts,
            name,
        } => {
            let is_name = |c: u8| c.is_ascii_alphanumeric() || b"_+-".contains(&c);
            if name.is_empty() || name.len() > 40 || !name.bytes().all(is_name) {
                return Err(Refused::UnknownEmoji);
            }
            slack.react(&r#as, &channel, &ts, &name)?;
        }
        Act::Press {
            r#as,
            channel,
            ts,
            action,
        } => {
            slack.may_write(&r#as, &channel, None)?;
            let pressed = slack.press(&r#as, &channel, &ts, &action);
            pressed.map_err(|no| Refused::Gone(no.to_string()))?;
        }
        _ => {}
    }
    Ok(None)
}

/// A text that Slack would take.
fn checked(text: &str) -> Result<&str, Refused> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refused::Empty),
        count if count > MOST_CHARACTERS => Err(Refused::TooLong(count)),
        _ => Ok(text),
    }
}

/// Whether the message is theirs, to change or delete.
fn own(shared: &Shared, user: &str, channel: &str, ts: &str) -> Result<(), Refused> {
    let slack = &shared.world.slack;
    slack.may_write(user, channel, Some(ts))?;
    let author = slack
        .desk(user)?
        .messages
        .remove(&format!("{channel}/{ts}"));
    let id = slack.user(user);
    let theirs = author.is_some_and(|message| message["user"] == id.as_str());
    if theirs {
        Ok(())
    } else {
        Err(Refused::NotYours)
    }
}

/// Breaks or repairs; what is so already stays so.
fn incident(shared: &Shared, workload: &str, broken: bool) -> Result<(), Refused> {
    let scenario = Scenario::named(workload).ok_or(Refused::UnknownIncident)?;
    if !shared.lab.set(scenario, broken) {
        return Ok(());
    }
    if broken {
        shared.world.break_down(scenario);
    } else {
        shared.world.repair(scenario);
        alert::recovered(shared, scenario);
    }
    Ok(())
}
