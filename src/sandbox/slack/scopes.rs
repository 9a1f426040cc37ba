//! Which scope a method needs, and which ones the bot's manifest asks for.

/// The scopes of the shipped manifest.
pub(crate) const MANIFEST: &[&str] = &[
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "dnd:read",
    "users:read",
];

/// The scopes of which a call needs one.
pub(crate) fn needed(method: &str) -> &'static [&'static str] {
    match method {
        "chat.postMessage" | "chat.update" | "chat.delete" | "chat.postEphemeral" => {
            &["chat:write"]
        }
        "conversations.history" | "conversations.replies" => {
            &["channels:history", "groups:history", "im:history"]
        }
        "conversations.info"
        | "conversations.list"
        | "conversations.members"
        | "users.conversations" => &["channels:read", "groups:read", "im:read"],
        "conversations.open" => &["im:write"],
        "users.info" | "users.list" => &["users:read"],
        "team.info" => &["team:read"],
        "usergroups.users.list" | "usergroups.list" => &["usergroups:read"],
        "dnd.info" => &["dnd:read"],
        "files.getUploadURLExternal" | "files.completeUploadExternal" => &["files:write"],
        "reactions.add" | "reactions.remove" => &["reactions:write"],
        _ => &[],
    }
}
