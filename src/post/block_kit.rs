//! The few shapes of Block Kit we write, each within its own limit. Nothing is cut inside an entity,
//! a link or a code span.

use serde_json::{Value, json};

use super::Words;
use crate::text::{CUT, Message};

/// Characters of one section (Slack's limit is 3,000).
pub(super) const MAX_SECTION: usize = 2_900;
/// Characters of one context element.
const MAX_CONTEXT: usize = 1_900;
/// Characters of a button's text (Slack's limit).
pub(super) const MAX_BUTTON: usize = 75;
/// Buttons in one row of actions (Slack's limit is 25; more than this is no choice any more).
pub(super) const MAX_BUTTONS: usize = 20;
/// Characters of a quoted block.
pub(super) const MAX_QUOTE: usize = 6_000;

/// Characters of every text in a block.
pub(super) fn text_units(block: &Value) -> usize {
    match block {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) if name == "text" => units(text),
                Value::String(_) => 0,
                other => text_units(other),
            })
            .sum(),
        Value::Array(items) => items.iter().map(text_units).sum(),
        _ => 0,
    }
}

/// Length as the strictest client counts it: UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A section of mrkdwn. `verbatim` keeps Slack from turning names and addresses into links.
pub(super) fn section(mrkdwn: &str) -> Value {
    json!({"type": "section", "expand": true, "text": mrkdwn_text(&cut(mrkdwn, MAX_SECTION))})
}

/// Small print; nothing when there is none.
pub(super) fn context(mrkdwn: &str) -> Option<Value> {
    let text = cut(mrkdwn, MAX_CONTEXT);
    (!text.trim().is_empty()).then(|| json!({"type": "context", "elements": [mrkdwn_text(&text)]}))
}

fn mrkdwn_text(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

/// Text shown as it is, in a box to copy from; nothing when there is none. It knows no markup, so
/// it needs no escaping; pass what [`crate::text::Untrusted::to_block`] gives.
pub(super) fn preformatted(text: &str) -> Option<Value> {
    let text = keep_end(text, MAX_QUOTE);
    (!text.trim().is_empty()).then(|| {
        json!({"type": "rich_text", "elements": [
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
        ]})
    })
}

/// The last whole lines that fit: of a log, the end is what matters.
fn keep_end(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let mut room = max - units(CUT) - 1;
    let mut lines = Vec::new();
    for line in text.lines().rev() {
        match room.checked_sub(units(line) + 1) {
            Some(left) => room = left,
            None => break,
        }
        lines.push(line);
    }
    if lines.is_empty() {
        return cut_plain(text, max);
    }
    lines.push(CUT);
    lines.reverse();
    lines.join("\n")
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Grey.
    #[default]
    Plain,
    /// Green: the usual next step.
    Primary,
    /// Red: calls people, or cannot be undone.
    Danger,
}

/// One button.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What kind of press it is, for routing: `acknowledge`. Made unique within its message here.
    pub action: String,
    /// The random id that Slack gives back; what it means is kept by the incident.
    pub id: String,
    /// What it says.
    pub label: Message,
    /// How it looks.
    pub style: Style,
    /// Title and text of the question asked before it counts.
    pub confirm: Option<(Message, Message)>,
}

/// A row of buttons; nothing when there is none.
pub(super) fn actions(buttons: &[Button], words: &Words) -> Option<Value> {
    let elements: Vec<Value> = buttons
        .iter()
        .take(MAX_BUTTONS)
        .enumerate()
        .map(|(at, button)| render_button(at, button, words))
        .collect();
    (!elements.is_empty()).then(|| json!({"type": "actions", "elements": elements}))
}

fn render_button(at: usize, button: &Button, words: &Words) -> Value {
    let plain = |message: &Message, max| {
        let text = words.say(message, super::Medium::Text);
        json!({"type": "plain_text", "text": cut_plain(&text, max), "emoji": false})
    };
    let mut value = json!({
        "type": "button",
        "action_id": format!("{}:{at}", button.action),
        "value": button.id,
        "text": plain(&button.label, MAX_BUTTON),
    });
    match button.style {
        Style::Plain => {}
        Style::Primary => value["style"] = "primary".into(),
        Style::Danger => value["style"] = "danger".into(),
    }
    if let Some((title, text)) = &button.confirm {
        value["confirm"] = json!({
            "title": plain(title, 100),
            "text": plain(text, 300),
            "confirm": plain(&button.label, 30),
            "deny": plain(&Message::new("button-cancel"), 30),
        });
    }
    value
}

/// Text without markup, cut on a character.
pub(super) fn cut_plain(text: &str, max: usize) -> String {
    if units(text) <= max {
        return if text.is_empty() {
            "–".to_owned()
        } else {
            text.to_owned()
        };
    }
    let mut room = max.saturating_sub(units(CUT));
    let mut out = String::new();
    for c in text.chars() {
        match room.checked_sub(c.len_utf16()) {
            Some(left) => room = left,
            None => break,
        }
        out.push(c);
    }
    out.push_str(CUT);
    out
}

/// mrkdwn, cut between its parts: an entity or a `<…>` goes as a whole, an open code span or bold
/// is closed.
pub(super) fn cut(mrkdwn: &str, max: usize) -> String {
    if units(mrkdwn) <= max {
        return mrkdwn.to_owned();
    }
    // Room for the mark and for closing both spans.
    let mut room = max.saturating_sub(units(CUT) + 2);
    let (mut out, mut code, mut bold) = (String::new(), false, false);
    let mut rest = mrkdwn;
    while let Some(part) = first_part(rest) {
        match room.checked_sub(units(part)) {
            Some(left) => room = left,
            None => break,
        }
        match part {
            "`" => code = !code,
            "*" if !code => bold = !bold,
            _ => {}
        }
        out.push_str(part);
        rest = &rest[part.len()..];
    }
    if code {
        out.push('`');
    }
    if bold {
        out.push('*');
    }
    out.push_str(CUT);
    out
}

/// The first character, entity or `<…>` of mrkdwn that our escapers wrote.
pub(super) fn first_part(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let end = match first {
        '&' => text.find(';').map(|at| at + 1),
        '<' => text.find('>').map(|at| at + 1),
        _ => None,
    };
    Some(&text[..end.unwrap_or(first.len_utf8())])
}
