//! Slack's markup → plain text: links become their labels, entities their characters; NFKC, so that
//! narrow spaces and full-width colons are what they look like; nothing invisible is left.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization as _;

use super::MAX_INPUT;
use crate::text::{clean, from_slack_entities, pattern};

/// `<https://…|label>`, `<https://…>`, `<!subteam^…|@oncall>`, and Alertmanager's `<|label>` for a link
/// without an address. A match ends before the next `<`, so the whole text is read once.
static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"<([^<>|]*)(?:\|([^<>]*))?>").ok());
static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"^(?:https?://|mailto:)[^\s<>|"]+$"#).ok());

/// The text as a reader sees it, without the marks.
pub fn plain(raw: &str) -> String {
    let short = cut(raw, MAX_INPUT);
    let Some(link) = LINK.as_ref() else {
        return String::new();
    };
    let labels = link.replace_all(short, |found: &Captures<'_>| shown(found).into_owned());
    let text: String = clean(&from_slack_entities(&labels)).nfkc().collect();
    cut(&text, MAX_INPUT).to_owned()
}

/// The addresses in it, in order.
pub fn addresses(raw: &str) -> Vec<String> {
    let short = cut(raw, MAX_INPUT);
    short
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '"' | '`'))
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .take(200)
        .map(from_slack_entities)
        .collect()
}

/// Without the marks around words: `*bold*`, `_italic_`, `` `code` ``, `~struck~`.
pub fn unmarked(text: &str) -> &str {
    text.trim()
        .trim_matches(|c| matches!(c, '*' | '_' | '`' | '~'))
        .trim()
}

/// At most this many bytes, whole characters.
pub fn cut(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max)]
}

/// What stands in the place of one `<…>`. What is no link stays as it is: somebody's label value.
fn shown<'a>(found: &Captures<'a>) -> Cow<'a, str> {
    let whole = found.get(0).map_or("", |all| all.as_str());
    let target = found.get(1).map_or("", |target| target.as_str());
    let is_url = URL.as_ref().is_some_and(|url| url.is_match(target));
    let is_live = target.starts_with(['!', '@', '#']);
    match found.get(2) {
        Some(label) if is_url || is_live || target.is_empty() => Cow::Borrowed(label.as_str()),
        None if is_url => Cow::Borrowed(target),
        _ => Cow::Borrowed(whole),
    }
}
