//! The parts of a Slack message that may speak of alerts: legacy attachments, blocks, the text.

use serde_json::Value;

use super::mrkdwn::{addresses, cut, plain, unmarked};
use super::{MAX_INPUT, is_link};
use crate::alert::State;

/// Most attachments and blocks that are looked at; Slack allows 100 and 50.
const MAX_PARTS: usize = 100;
/// How deep elements may hold elements.
const MAX_DEPTH: usize = 12;

/// The parts, plain, in the order a reader meets them.
#[derive(Default)]
pub struct Pieces {
    /// Titles of attachments, header blocks.
    pub titles: Vec<String>,
    /// Texts of several lines.
    pub bodies: Vec<String>,
    /// Fields: name and value.
    pub fields: Vec<(String, String)>,
    /// The top-level text, where attachments or blocks say more.
    pub summary: String,
    /// What Alertmanager gives clients that show no attachments: its default title.
    pub fallback: String,
    /// Every address, buttons included.
    pub urls: Vec<String>,
    /// Where the title leads.
    pub link: Option<String>,
    /// What the colour hints at.
    pub colour: Option<State>,
    left: usize,
}

impl Pieces {
    /// Collects them. Not more than [`MAX_INPUT`] bytes in all.
    pub fn of(message: &Value) -> Self {
        let mut pieces = Self {
            left: MAX_INPUT,
            ..Self::default()
        };
        for attachment in items(&message["attachments"]) {
            pieces.attachment(attachment);
        }
        for block in items(&message["blocks"]) {
            pieces.block(block, 0);
        }
        let text = pieces.take(&message["text"]);
        if pieces.titles.is_empty() && pieces.bodies.is_empty() && pieces.fields.is_empty() {
            pieces.bodies.push(text);
        } else {
            pieces.summary = text;
        }
        if pieces.link.is_none() {
            pieces.link = pieces.urls.iter().find(|url| is_link(url)).cloned();
        }
        pieces
    }

    fn attachment(&mut self, attachment: &Value) {
        let title = self.take(&attachment["title"]);
        push(&mut self.titles, title);
        if let Some(url) = attachment["title_link"].as_str().filter(|url| is_link(url)) {
            self.link.get_or_insert_with(|| url.to_owned());
            self.urls.push(url.to_owned());
        }
        for name in ["pretext", "text"] {
            let text = self.take(&attachment[name]);
            push(&mut self.bodies, text);
        }
        for field in items(&attachment["fields"]) {
            let (name, value) = (self.take(&field["title"]), self.take(&field["value"]));
            self.fields.push((name, value));
        }
        for block in items(&attachment["blocks"]) {
            self.block(block, 0);
        }
        self.buttons(&attachment["actions"]);
        if self.fallback.is_empty() {
            let fallback = self.take(&attachment["fallback"]);
            // Slack's own words where an app gave none.
            if !fallback.starts_with("[no preview available]") {
                self.fallback = fallback;
            }
        }
        self.colour = self
            .colour
            .or_else(|| colour(attachment["color"].as_str()?));
    }

    fn block(&mut self, block: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match block["type"].as_str().unwrap_or_default() {
            "header" => {
                let title = self.take(&block["text"]["text"]);
                push(&mut self.titles, title);
            }
            "rich_text" => {
                let mut text = String::new();
                self.rich(&block["elements"], &mut text, 0);
                push(&mut self.bodies, text);
            }
            "markdown" => {
                let text = self.take(&block["text"]);
                push(&mut self.bodies, text);
            }
            "actions" => self.buttons(&block["elements"]),
            "container" => {
                for child in items(&block["child_blocks"]) {
                    self.block(child, depth + 1);
                }
            }
            _ => self.section(block),
        }
    }

    /// A section or a context: text, fields, elements with texts.
    fn section(&mut self, block: &Value) {
        let text = self.take(&block["text"]["text"]);
        push(&mut self.bodies, text);
        for field in items(&block["fields"]) {
            let text = self.take(&field["text"]);
            match named(&text) {
                Some(field) => self.fields.push(field),
                None => push(&mut self.bodies, text),
            }
        }
        for element in items(&block["elements"]) {
            let text = self.take(&element["text"]);
            push(&mut self.bodies, text);
        }
        self.url(&block["accessory"]["url"]);
    }

    /// Rich text, whose characters are literal: no entities, no marks.
    fn rich(&mut self, elements: &Value, out: &mut String, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for element in items(elements) {
            match element["type"].as_str().unwrap_or_default() {
                "text" => out.push_str(&self.literal(&element["text"])),
                "link" => {
                    self.url(&element["url"]);
                    let label = self.literal(&element["text"]);
                    out.push_str(&label);
                }
                "emoji" => {
                    let name = self.literal(&element["name"]);
                    out.extend([":", &name, ":"]);
                }
                "rich_text_list" => {
                    for item in items(&element["elements"]) {
                        out.push_str("• ");
                        self.rich(&item["elements"], out, depth + 1);
                        out.push('\n');
                    }
                }
                _ => {
                    self.rich(&element["elements"], out, depth + 1);
                    out.push('\n');
                }
            }
        }
    }

    fn buttons(&mut self, buttons: &Value) {
        for button in items(buttons) {
            self.url(&button["url"]);
        }
    }

    fn url(&mut self, url: &Value) {
        if let Some(url) = url.as_str().filter(|url| url.len() <= 4_000) {
            self.urls.push(url.to_owned());
        }
    }

    /// A text with its marks resolved, while there is room.
    fn take(&mut self, text: &Value) -> String {
        let Some(text) = text.as_str() else {
            return String::new();
        };
        let text = cut(text, self.left);
        self.left -= text.len();
        self.urls.extend(addresses(text));
        plain(text)
    }

    fn literal(&mut self, text: &Value) -> String {
        let Some(text) = text.as_str() else {
            return String::new();
        };
        let text = cut(text, self.left);
        self.left -= text.len();
        self.urls.extend(addresses(text));
        plain(&crate::text::slack_entities(text))
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten().take(MAX_PARTS)
}

fn push(to: &mut Vec<String>, text: String) {
    if !text.trim().is_empty() {
        to.push(text);
    }
}

/// A field of a section: `*Name*` and the value on the next line, or `*Name:* value`.
fn named(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('\n').or_else(|| text.split_once(':'))?;
    let name = unmarked(name).trim_end_matches(':');
    Some((unmarked(name).to_owned(), unmarked(value).to_owned()))
}

/// Alertmanager's words, Slack's colours for them, Grafana's own.
fn colour(colour: &str) -> Option<State> {
    match colour.trim_start_matches('#').to_ascii_lowercase().as_str() {
        "danger" | "warning" | "a30200" | "daa038" | "d63232" | "ff0000" | "ef311f" => {
            Some(State::Firing)
        }
        "good" | "2eb886" | "36a64f" | "00ff00" | "2bbf9e" | "00b302" => Some(State::Resolved),
        _ => None,
    }
}
