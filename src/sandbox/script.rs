//! The conversations that `vigie demo --script` plays: one step a line.
//!
//! ```text
//! # a comment
//! #incidents @alice: @devops Service payment est lent en production
//! > @bob: je regarde
//! press "Acknowledge" @lead
//! advance 61m
//! repair payment-service
//! ```
//!
//! A message names its channel and author. A line that starts with `> ` is a reply in the last
//! thread, by the author it names or else by the author of the message before. `@alice: …` without
//! a channel is a direct message to the bot.

use std::fmt;

use chrono::TimeDelta;

/// One line that does something, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Counted from 1.
    pub line: usize,
    /// What happens.
    pub action: Action,
}

/// What happens in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Someone writes in a channel.
    Post {
        /// `#incidents`.
        channel: String,
        /// `@alice`.
        user: String,
        /// As typed.
        text: String,
    },
    /// Someone writes to the bot directly.
    Direct {
        /// `@alice`.
        user: String,
        /// As typed.
        text: String,
    },
    /// Someone answers in the last thread.
    Reply {
        /// `@bob`; `None` is the author before.
        user: Option<String>,
        /// As typed.
        text: String,
    },
    /// Someone presses a button of the newest answer.
    Press {
        /// Its label.
        button: String,
        /// `@lead`.
        user: String,
    },
    /// The clock moves.
    Advance(TimeDelta),
    /// The incident of that workload is repaired.
    Repair(String),
}

/// A line that is not a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for ScriptError {}

/// Reads a script.
///
/// # Errors
/// The first line that is not a step, and why.
pub fn parse(script: &str) -> Result<Vec<Step>, ScriptError> {
    let mut steps: Vec<Step> = Vec::new();
    for (number, text) in script.lines().enumerate() {
        let line = number + 1;
        let fail = |what: String| ScriptError { line, what };
        let Some(action) = step(text.trim()).map_err(fail)? else {
            continue;
        };
        let spoken = steps
            .iter()
            .any(|step| matches!(step.action, Action::Post { .. } | Action::Direct { .. }));
        if matches!(action, Action::Reply { .. } | Action::Press { .. }) && !spoken {
            return Err(fail("nobody has written anything yet".to_owned()));
        }
        steps.push(Step { line, action });
    }
    Ok(steps)
}

/// One line; `None` for an empty one or a comment.
fn step(line: &str) -> Result<Option<Action>, String> {
    if line.is_empty() || line == "#" || line.starts_with("# ") || line.starts_with("##") {
        return Ok(None);
    }
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    let action = match word {
        ">" => reply(rest)?,
        "press" => press(rest)?,
        "advance" => Action::Advance(duration(rest)?),
        "repair" => Action::Repair(name(rest, "repair payment-service")?),
        channel if channel.starts_with('#') => {
            let (user, text) = said(rest)?;
            Action::Post {
                channel: channel.to_owned(),
                user,
                text,
            }
        }
        user if user.starts_with('@') => {
            let (user, text) = said(line)?;
            Action::Direct { user, text }
        }
        other => return Err(format!("\"{other}\" is not a step: {STEPS}")),
    };
    Ok(Some(action))
}

const STEPS: &str = "a step is `#channel @user: text`, `@user: text`, `> text`, `press \"Button\" @user`, `advance 61m`, `repair workload` or `# comment`";

/// `@alice: text`.
fn said(text: &str) -> Result<(String, String), String> {
    let expected = || "expected `@user: text`".to_owned();
    let (user, text) = text.split_once(':').ok_or_else(expected)?;
    let (user, text) = (user.trim(), text.trim());
    if !is_user(user) {
        return Err(expected());
    }
    if text.is_empty() {
        return Err(format!("{user} says nothing"));
    }
    Ok((user.to_owned(), text.to_owned()))
}

fn is_user(text: &str) -> bool {
    let name = text.strip_prefix('@').unwrap_or_default();
    !name.is_empty() && !name.contains(char::is_whitespace)
}

fn reply(text: &str) -> Result<Action, String> {
    // `@devops: …` would be the bot speaking; `@devops aide` has no colon behind the name.
    let author = text.split_once(':').map(|(head, _)| head.trim());
    if author.is_some_and(is_user) {
        let (user, text) = said(text)?;
        return Ok(Action::Reply {
            user: Some(user),
            text,
        });
    }
    if text.is_empty() {
        return Err("expected a text behind `>`".to_owned());
    }
    Ok(Action::Reply {
        user: None,
        text: text.to_owned(),
    })
}

fn press(text: &str) -> Result<Action, String> {
    let expected = || "expected `press \"Button\" @user`".to_owned();
    let rest = text.strip_prefix('"').ok_or_else(expected)?;
    let (button, user) = rest.rsplit_once('"').ok_or_else(expected)?;
    let user = user.trim();
    if button.is_empty() || !is_user(user) {
        return Err(expected());
    }
    Ok(Action::Press {
        button: button.to_owned(),
        user: user.to_owned(),
    })
}

fn name(text: &str, example: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(format!("expected one name, as in `{example}`"));
    }
    Ok(text.to_owned())
}

/// `61m`, `1h30m`, `45s`, `2d`.
fn duration(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("\"{text}\" is not a time: write 61m, 1h30m, 45s or 2d");
    let mut total = TimeDelta::zero();
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let number: i64 = digits.parse().map_err(|_| wrong())?;
        digits.clear();
        let part = match c {
            's' => TimeDelta::try_seconds(number),
            'm' => TimeDelta::try_minutes(number),
            'h' => TimeDelta::try_hours(number),
            'd' => TimeDelta::try_days(number),
            _ => None,
        };
        total = part
            .and_then(|part| total.checked_add(&part))
            .ok_or_else(wrong)?;
    }
    let most = TimeDelta::days(365);
    if !digits.is_empty() || total <= TimeDelta::zero() || total > most {
        return Err(wrong());
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(script: &str) -> Vec<Action> {
        let steps = parse(script).unwrap();
        steps.into_iter().map(|step| step.action).collect()
    }

    #[test]
    fn every_step_is_read() {
        let script = "# a story\n\n#incidents @alice: @devops Service payment est lent: 3 s\n> @bob: je regarde\n>  merci\n  press \"Escalate now\" @lead\nadvance 1h30m\nrepair payment-service\n@alice: aide";
        let own = str::to_owned;
        let expected = vec![
            Action::Post {
                channel: own("#incidents"),
                user: own("@alice"),
                text: own("@devops Service payment est lent: 3 s"),
            },
            Action::Reply {
                user: Some(own("@bob")),
                text: own("je regarde"),
            },
            Action::Reply {
                user: None,
                text: own("merci"),
            },
            Action::Press {
                button: own("Escalate now"),
                user: own("@lead"),
            },
            Action::Advance(TimeDelta::minutes(90)),
            Action::Repair(own("payment-service")),
            Action::Direct {
                user: own("@alice"),
                text: own("aide"),
            },
        ];
        assert_eq!(actions(script), expected);
        assert_eq!(parse(script).unwrap()[0].line, 3);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let first = "#incidents @alice: bonjour\n";
        for (line, what) in [
            ("dance", "\"dance\" is not a step"),
            ("advance soon", "\"soon\" is not a time"),
            ("advance 5", "\"5\" is not a time"),
            ("advance 0m", "\"0m\" is not a time"),
            ("advance 99999999999999999999d", "is not a time"),
            ("advance 9999999999999999d", "is not a time"),
            ("press Acknowledge @lead", "expected `press"),
            ("press \"Acknowledge\"", "expected `press"),
            ("#incidents bonjour", "expected `@user: text`"),
            ("#incidents @alice:", "@alice says nothing"),
            (">", "expected a text"),
            ("repair", "expected one name"),
        ] {
            let error = parse(&format!("{first}{line}")).unwrap_err();
            assert_eq!(error.line, 2, "{line}");
            assert!(error.to_string().contains(what), "{error}");
        }
        let early = parse("> hello").unwrap_err();
        assert_eq!(early.to_string(), "line 1: nobody has written anything yet");
    }
}
