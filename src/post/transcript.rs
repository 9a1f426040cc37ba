//! What a person sees of a Slack message, as plain text: for `vigie demo --script` and the tests.

use serde_json::Value;

use crate::text::from_slack_entities;

/// The message as a person reads it: blocks where there are any, else the text; mrkdwn without its
/// marks, buttons as `[Acknowledge]`. `name` gives the name behind a user or channel id; dates are
/// shown by their fall-back, which is in UTC.
#[must_use]
pub fn transcript(payload: &Value, name: &dyn Fn(&str) -> Option<String>) -> String {
    let blocks = payload["blocks"].as_array().map(Vec::as_slice);
    let Some(blocks) = blocks.filter(|blocks| !blocks.is_empty()) else {
        let files = payload["files"].as_array().into_iter().flatten();
        let mut shown: Vec<String> = files.map(file).collect();
        let text = plain(payload["text"].as_str().unwrap_or_default(), name);
        shown.extend((!text.is_empty()).then_some(text));
        return shown.join("\n");
    };
    let shown: Vec<String> = blocks
        .iter()
        .map(|block| render(block, name))
        .filter(|text| !text.trim().is_empty())
        .collect();
    shown.join("\n")
}

/// A file, as somebody hears it who does not see it.
fn file(file: &Value) -> String {
    let text = |field: &str| file[field].as_str().unwrap_or_default().to_owned();
    match text("alt_txt") {
        alt if alt.is_empty() => format!("[{}]", text("title")),
        alt => format!("[{alt}]"),
    }
}

fn render(block: &Value, name: &dyn Fn(&str) -> Option<String>) -> String {
    let texts = |list: &Value, separator: &str| {
        let items = list.as_array().into_iter().flatten();
        let items: Vec<String> = items.map(|item| text_object(item, name)).collect();
        items.join(separator)
    };
    match block["type"].as_str().unwrap_or_default() {
        "section" | "header" => {
            let fields = texts(&block["fields"], "\n");
            [text_object(&block["text"], name), fields]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        }
        "context" => texts(&block["elements"], " "),
        "actions" => {
            let buttons = block["elements"].as_array().into_iter().flatten();
            let labels: Vec<String> = buttons
                .map(|button| format!("[{}]", text_object(&button["text"], name)))
                .collect();
            labels.join(" ")
        }
        "rich_text" => rich_text(&block["elements"], name),
        "divider" => "---".to_owned(),
        _ => String::new(),
    }
}

/// A text object: `plain_text` is literal, `mrkdwn` is read.
fn text_object(object: &Value, name: &dyn Fn(&str) -> Option<String>) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    match object["type"].as_str() {
        Some("mrkdwn") => plain(text, name),
        _ => text.to_owned(),
    }
}

fn rich_text(elements: &Value, name: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    for element in elements.as_array().into_iter().flatten() {
        let kind = element["type"].as_str().unwrap_or_default();
        let children = element["elements"].as_array().into_iter().flatten();
        let inner: String = match kind {
            "rich_text_list" => children
                .map(|item| format!("• {}", rich_line(item, name)))
                .collect::<Vec<_>>()
                .join(
                    "
",
                ),
            _ => rich_line(element, name),
        };
        let indent = match kind {
            "rich_text_preformatted" | "rich_text_quote" => "    ",
            _ => "",
        };
        for line in inner.lines() {
            out.push_str(indent);
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_end_matches('\n').to_owned()
}

/// One section, quote or list item: its parts one after the other.
fn rich_line(element: &Value, name: &dyn Fn(&str) -> Option<String>) -> String {
    let children = element["elements"].as_array().into_iter().flatten();
    children.map(|child| rich_element(child, name)).collect()
}

fn rich_element(element: &Value, name: &dyn Fn(&str) -> Option<String>) -> String {
    let field = |key: &str| element[key].as_str().unwrap_or_default().to_owned();
    match element["type"].as_str().unwrap_or_default() {
        "link" if element["text"].is_string() => field("text"),
        "link" => field("url"),
        "user" => mention('@', &field("user_id"), name),
        "channel" => mention('#', &field("channel_id"), name),
        "emoji" => format!(":{}:", field("name")),
        "broadcast" => format!("@{}", field("range")),
        _ => field("text"),
    }
}

/// mrkdwn without its marks: links by label, mentions by name, dates by fall-back, entities back.
fn plain(mrkdwn: &str, name: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = mrkdwn;
    while let Some(start) = rest.find('<') {
        out.push_str(&from_slack_entities(&unmarked(&rest[..start])));
        let Some(end) = rest[start..].find('>') else {
            rest = &rest[start..];
            break;
        };
        out.push_str(&from_slack_entities(&special(
            &rest[start + 1..start + end],
            name,
        )));
        rest = &rest[start + end + 1..];
    }
    out.push_str(&from_slack_entities(&unmarked(rest)));
    out
}

/// What stands inside `<…>`.
fn special(inner: &str, name: &dyn Fn(&str) -> Option<String>) -> String {
    let (target, label) = match inner.split_once('|') {
        Some((target, label)) => (target, Some(label.to_owned())),
        None => (inner, None),
    };
    match target.chars().next() {
        Some('@') => mention('@', &target[1..], name),
        Some('#') => label.map_or_else(
            || mention('#', &target[1..], name),
            |label| format!("#{label}"),
        ),
        Some('!') => label.unwrap_or_else(|| target.replacen('!', "@", 1)),
        _ => label.unwrap_or_else(|| target.to_owned()),
    }
}

fn mention(sign: char, id: &str, name: &dyn Fn(&str) -> Option<String>) -> String {
    let known = name(id).unwrap_or_else(|| id.to_owned());
    format!("{sign}{}", known.trim_start_matches(sign))
}

/// Without the bold and italic marks of our own templates; code keeps its back-ticks.
fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    let mut previous = '\n';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let edge =
            !previous.is_alphanumeric() || !chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '`' => {
                code = !code;
                out.push(c);
            }
            '*' if !code => {}
            '_' if !code && edge => {}
            c => out.push(c),
        }
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests;
