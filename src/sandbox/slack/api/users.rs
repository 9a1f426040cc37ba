//! People, groups, the workspace, the bot itself.

use serde_json::{Value, json};

use super::{Answer, Args, ok};
use crate::sandbox::slack::Inner;
use crate::sandbox::slack::model::{BOT, BOT_USER, Person, TEAM};

/// `auth.test`.
pub(super) fn auth_test(inner: &Inner) -> Value {
    ok(json!({
        "url": format!("{}/", inner.url.get().map_or("", String::as_str)), "team": "Sandbox",
        "user": "devops", "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT,
        "is_enterprise_install": false,
    }))
}

/// `users.info`.
pub(super) fn info(inner: &Inner, args: &Args) -> Answer {
    let id = args.needed("user", "user_not_found")?;
    inner.look(|state| {
        let person = state.people.get(id).ok_or("user_not_found")?;
        Ok(ok(json!({ "user": person.json() })))
    })
}

/// `users.list`.
pub(super) fn list(inner: &Inner) -> Value {
    let members: Vec<Value> = inner.look(|state| state.people.values().map(Person::json).collect());
    ok(json!({ "members": members, "response_metadata": { "next_cursor": "" } }))
}

/// `team.info`.
pub(super) fn team(inner: &Inner) -> Value {
    let url = inner.url.get().map_or("", String::as_str);
    ok(json!({ "team": {
        "id": TEAM, "name": "Sandbox", "domain": "sandbox", "url": url, "email_domain": "",
    }}))
}

/// `usergroups.users.list`.
pub(super) fn group(inner: &Inner, args: &Args) -> Answer {
    let id = args.needed("usergroup", "no_such_subteam")?;
    inner.look(|state| {
        let users = state.groups.get(id).ok_or("no_such_subteam")?;
        Ok(ok(json!({ "users": users })))
    })
}

/// `dnd.info`.
pub(super) fn dnd(inner: &Inner, args: &Args) -> Answer {
    let id = args.needed("user", "user_not_found")?;
    let now = inner.clock.now().timestamp();
    inner.look(|state| {
        let person = state.people.get(id).ok_or("user_not_found")?;
        let (start, end) = if person.dnd {
            (now - 3600, now + 3600)
        } else {
            (now + 36_000, now + 72_000)
        };
        Ok(ok(json!({
            "dnd_enabled": true, "next_dnd_start_ts": start, "next_dnd_end_ts": end,
            "snooze_enabled": false,
        })))
    })
}
