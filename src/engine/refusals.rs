//! What an error of Slack means for a message: try later, try elsewhere, or say that it cannot be.
//! Every permanent error has a named outcome here. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clients::slack::SlackError;
use crate::escalation::Skip;
use crate::incident::Refusal;

/// What comes of an attempt that did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// Certainly not taken.
    Refused(Refusal),
    /// Nobody knows.
    Unclear,
    /// The blocks are at fault: the same message as plain text may pass.
    TryPlain(String),
}

/// Sorts an error.
pub(crate) fn sort(error: &SlackError, now: DateTime<Utc>) -> Failure {
    match error {
        SlackError::Transient(what) if what.starts_with("cannot connect") => {
            Failure::Refused(Refusal::Temporary { code: what.clone() })
        }
        // A 5xx is over, but may have had its effect: the next claim looks first.
        SlackError::Unclear(_) | SlackError::Transient(_) | SlackError::Superseded => {
            Failure::Unclear
        }
        SlackError::RateLimited { retry_after } => {
            let pause = TimeDelta::from_std(*retry_after).unwrap_or(TimeDelta::hours(1));
            let retry_at = now + pause;
            Failure::Refused(Refusal::RateLimited { retry_at })
        }
        SlackError::Refused { error, .. } => by_code(error),
    }
}

fn by_code(code: &str) -> Failure {
    let named = || code.to_owned();
    let refusal = match code {
        "invalid_blocks"
        | "invalid_blocks_format"
        | "msg_blocks_too_long"
        | "msg_too_long"
        | "invalid_attachments"
        | "no_text" => return Failure::TryPlain(named()),
        "invalid_auth"
        | "not_authed"
        | "token_revoked"
        | "token_expired"
        | "account_inactive"
        | "missing_scope"
        | "no_permission"
        | "org_login_required"
        | "ekm_access_denied"
        | "team_access_not_granted"
        | "two_factor_setup_required" => Refusal::Workspace { code: named() },
        "user_not_found" | "users_not_found" | "user_not_visible" | "invalid_users" => {
            Refusal::Recipient(Skip::Unknown)
        }
        "user_disabled" | "user_deactivated" => Refusal::Recipient(Skip::Deactivated),
        "cannot_dm_bot" | "messages_tab_disabled" | "method_not_supported_for_channel_type" => {
            Refusal::Recipient(Skip::Refused { code: named() })
        }
        "thread_not_found" | "cannot_reply_to_message" | "thread_locked" => Refusal::ThreadGone,
        _ => Refusal::Permanent { code: named() },
    };
    Failure::Refused(refusal)
}

/// The same for a message to one person, where "no such conversation" means that person.
pub(crate) fn sort_direct(error: &SlackError, now: DateTime<Utc>) -> Failure {
    match sort(error, now) {
        Failure::Refused(Refusal::Permanent { code }) => {
            Failure::Refused(Refusal::Recipient(Skip::Refused { code }))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn refused(code: &str) -> Failure {
        let error = SlackError::Refused {
            error: code.to_owned(),
            detail: Vec::new(),
        };
        sort(&error, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn every_permanent_error_has_a_named_outcome() {
        let permanent = |code: &str| {
            Failure::Refused(Refusal::Permanent {
                code: code.to_owned(),
            })
        };
        for code in [
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "restricted_action",
        ] {
            assert_eq!(refused(code), permanent(code));
        }
        for code in [
            "invalid_auth",
            "token_revoked",
            "account_inactive",
            "missing_scope",
        ] {
            assert!(
                matches!(refused(code), Failure::Refused(Refusal::Workspace { .. })),
                "{code}"
            );
        }
        let unknown = Failure::Refused(Refusal::Recipient(Skip::Unknown));
        assert_eq!(refused("user_not_found"), unknown);
        assert_eq!(
            refused("thread_not_found"),
            Failure::Refused(Refusal::ThreadGone)
        );
        let plain = Failure::TryPlain("msg_blocks_too_long".into());
        assert_eq!(refused("msg_blocks_too_long"), plain);
        assert_eq!(refused("something_new"), permanent("something_new"));
    }

    #[test]
    fn i6_unclear_is_not_failed() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(
            sort(&SlackError::Unclear("time-out".into()), now),
            Failure::Unclear
        );
        assert_eq!(
            sort(&SlackError::Transient("HTTP 500".into()), now),
            Failure::Unclear
        );
        let down = SlackError::Transient("cannot connect: refused".into());
        assert!(matches!(
            sort(&down, now),
            Failure::Refused(Refusal::Temporary { .. })
        ));
        let limited = SlackError::RateLimited {
            retry_after: Duration::from_mins(1),
        };
        let retry_at = now + TimeDelta::seconds(60);
        assert_eq!(
            sort(&limited, now),
            Failure::Refused(Refusal::RateLimited { retry_at })
        );
    }
}
