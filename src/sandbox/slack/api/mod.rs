//! The methods of the Web API: arguments in, answer or error out.

mod app;
mod chat;
mod conversations;
mod files;
mod history;
mod reactions;
mod users;
mod views;

use std::sync::Arc;

use serde_json::{Map, Value, json};

pub(crate) use self::app::call as call_of_app;
pub(crate) use self::views::respond;
use super::Inner;
use super::limits::Refusal;

/// `ok: false`, with its error, and for blocks what is wrong where.
#[derive(Debug)]
pub(crate) struct No {
    pub error: &'static str,
    pub messages: Vec<String>,
}

impl From<&'static str> for No {
    fn from(error: &'static str) -> Self {
        Self {
            error,
            messages: Vec::new(),
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self {
            error: refusal.error,
            messages: refusal.messages,
        }
    }
}

/// What a method returns.
pub(crate) type Answer = Result<Value, No>;

/// The arguments of a call.
#[derive(Debug)]
pub(crate) struct Args(pub Map<String, Value>);

impl Args {
    /// A text, unless absent or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A text, or the error for a call without it.
    pub fn needed(&self, name: &str, error: &'static str) -> Result<&str, No> {
        self.text(name).ok_or_else(|| error.into())
    }

    /// A number, as such or as text.
    pub fn number(&self, name: &str) -> Option<usize> {
        match self.0.get(name)? {
            Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether something is asked for.
    pub fn flag(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text == "true" || text == "1",
            _ => false,
        }
    }

    /// JSON, as such or encoded in a text.
    pub fn json(&self, name: &str) -> Option<Value> {
        match self.0.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            Value::Null => None,
            other => Some(other.clone()),
        }
    }

    /// A list of JSON values; `Err` when it is something else.
    pub fn list(&self, name: &str, error: &'static str) -> Result<Vec<Value>, No> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(_) => match self.json(name) {
                Some(Value::Array(items)) => Ok(items),
                _ => Err(error.into()),
            },
        }
    }

    /// All of them but the token.
    pub fn without_token(&self) -> Value {
        let mut args = self.0.clone();
        args.remove("token");
        Value::Object(args)
    }
}

/// Does what the method does.
pub(crate) fn call(inner: &Arc<Inner>, method: &str, args: &Args) -> Answer {
    match method {
        "apps.connections.open" => Ok(ok(json!({ "url": inner.hub.ticket() }))),
        "auth.test" => Ok(users::auth_test(inner)),
        "chat.postMessage" => chat::post(inner, args),
        "chat.update" => chat::update(inner, args),
        "chat.delete" => chat::delete(inner, args),
        "chat.postEphemeral" => chat::ephemeral(inner, args),
        "chat.getPermalink" => chat::permalink(inner, args),
        "conversations.open" => conversations::open(inner, args),
        "conversations.info" => conversations::info(inner, args),
        "users.conversations" => Ok(conversations::mine(inner, args)),
        "conversations.list" => Ok(conversations::list(inner, args)),
        "conversations.members" => conversations::members(inner, args),
        "conversations.history" => history::history(inner, args),
        "conversations.replies" => history::replies(inner, args),
        "users.info" => users::info(inner, args),
        "users.list" => Ok(users::list(inner)),
        "team.info" => Ok(users::team(inner)),
        "usergroups.users.list" => users::group(inner, args),
        "dnd.info" => users::dnd(inner, args),
        "reactions.add" => reactions::add(inner, args),
        "reactions.remove" => reactions::remove(inner, args),
        "files.getUploadURLExternal" => files::announce(inner, args),
        "files.completeUploadExternal" => files::complete(inner, args),
        "views.open" => views::open(inner, args),
        "api.test" => Ok(ok(json!({ "args": args.without_token() }))),
        _ => Err("unknown_method".into()),
    }
}

/// `{"ok": true}` and these fields.
pub(crate) fn ok(mut fields: Value) -> Value {
    fields["ok"] = true.into();
    fields
}
