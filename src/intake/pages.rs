//! A channel's or a thread's messages, page after page.

use serde_json::Value;

use crate::clients::slack::{Priority, Slack, SlackError};

/// Pages of one list that are read at most.
const MANY_PAGES: usize = 50;

/// The top-level messages of a channel, or those of a thread, newer than `oldest`; `beat` is called
/// before each request.
///
/// # Errors
/// When Slack does not let them be read, or not now.
pub(super) async fn pages(
    slack: &Slack,
    channel: &str,
    (thread, oldest): (Option<&str>, Option<&str>),
    priority: Priority,
    beat: &(dyn Fn() + Send + Sync),
) -> Result<Vec<Value>, SlackError> {
    let (mut messages, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..MANY_PAGES {
        beat();
        let from = cursor.as_deref();
        let page = match thread {
            Some(thread) => {
                slack
                    .replies(channel, thread, oldest, from, priority)
                    .await?
            }
            None => slack.history(channel, oldest, from, priority).await?,
        };
        messages.extend(page.messages);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(messages)
}
