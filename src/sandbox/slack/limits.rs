//! The limits that Slack puts on a message, checked as strictly as Slack does, so that what passes
//! here is not refused there. Numbers: docs.slack.dev, block and composition object reference; the
//! sum over all blocks is undocumented (slackapi/bolt-js#2509).

use std::collections::HashSet;

use serde_json::Value;

/// Characters in all blocks of a message together.
const ALL_BLOCKS: usize = 12_000;
/// Characters of the top-level `text`; more is cut by Slack, we refuse it to be heard.
const TEXT: usize = 40_000;
const BLOCKS: usize = 50;
/// Block types a message may have.
const TYPES: &[&str] = &[
    "section",
    "header",
    "divider",
    "context",
    "context_actions",
    "actions",
    "image",
    "rich_text",
    "markdown",
    "table",
    "data_table",
    "data_visualization",
    "container",
    "video",
    "file",
    "input",
    "card",
    "carousel",
    "plan",
    "task_card",
];

/// A refusal: the error code, and for blocks what is wrong where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub error: &'static str,
    pub messages: Vec<String>,
}

/// Checks text and blocks of a message.
pub(crate) fn check(text: &str, blocks: &[Value], attachments: usize) -> Result<(), Refusal> {
    let plain = |error| {
        Err(Refusal {
            error,
            messages: Vec::new(),
        })
    };
    if text.is_empty() && blocks.is_empty() && attachments == 0 {
        return plain("no_text");
    }
    if text.chars().count() > TEXT {
        return plain("msg_too_long");
    }
    if attachments > 100 {
        return plain("too_many_attachments");
    }
    let mut checker = Checker::default();
    checker.blocks(blocks, "/blocks", BLOCKS);
    if !checker.wrong.is_empty() {
        return Err(Refusal {
            error: "invalid_blocks",
            messages: checker.wrong,
        });
    }
    let mut sum = 0;
    for block in blocks {
        texts(block, &mut |text| sum += text.chars().count());
    }
    if sum > ALL_BLOCKS {
        return plain("msg_blocks_too_long");
    }
    Ok(())
}

/// Visits every text a reader sees in a block.
pub(crate) fn texts(node: &Value, visit: &mut dyn FnMut(&str)) {
    match node {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if matches!(name.as_str(), "text" | "alt_text") => {
                        visit(text);
                    }
                    Value::String(_) => {}
                    _ if name == "confirm" => {}
                    other => texts(other, visit),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                texts(item, visit);
            }
        }
        _ => {}
    }
}

#[derive(Default)]
struct Checker {
    wrong: Vec<String>,
    ids: HashSet<String>,
}

impl Checker {
    fn fail(&mut self, what: &str, at: &str) {
        self.wrong
            .push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    fn blocks(&mut self, blocks: &[Value], at: &str, most: usize) {
        if blocks.len() > most {
            self.fail(&format!("no more than {most} items allowed"), at);
        }
        for (n, block) in blocks.iter().enumerate() {
            self.block(block, &format!("{at}/{n}"));
        }
    }

    fn block(&mut self, block: &Value, at: &str) {
        if let Some(id) = block["block_id"].as_str() {
            self.length(&block["block_id"], 255, &format!("{at}/block_id"));
            if !self.ids.insert(id.to_owned()) {
                self.fail("block_id already exists", &format!("{at}/block_id"));
            }
        }
        match block["type"].as_str().unwrap_or_default() {
            "section" => self.section(block, at),
            "header" => self.text(&block["text"], 150, true, &format!("{at}/text")),
            "context" => self.elements(block, 10, at),
            "actions" => self.elements(block, 25, at),
            "context_actions" => self.elements(block, 5, at),
            "image" => self.image(block, at),
            "markdown" => self.length(&block["text"], 12_000, &format!("{at}/text")),
            "table" | "data_table" => self.table(block, at),
            "container" => {
                self.text(&block["title"], 150, false, &format!("{at}/title"));
                let children = block["child_blocks"]
                    .as_array()
                    .map_or(&[][..], Vec::as_slice);
                self.blocks(children, &format!("{at}/child_blocks"), 10);
            }
            "rich_text" if !block["elements"].is_array() => {
                self.fail("missing required field: elements", at);
            }
            known if TYPES.contains(&known) => {}
            other => self.fail(&format!("unsupported type: {other}"), &format!("{at}/type")),
        }
    }

    fn section(&mut self, block: &Value, at: &str) {
        let fields = block["fields"].as_array();
        if block["text"].is_null() && fields.is_none() {
            self.fail("missing required field: text or fields", at);
        }
        if !block["text"].is_null() {
            self.text(&block["text"], 3000, false, &format!("{at}/text"));
        }
        if let Some(fields) = fields {
            if fields.is_empty() || fields.len() > 10 {
                self.fail("between 1 and 10 items allowed", &format!("{at}/fields"));
            }
            for (n, field) in fields.iter().enumerate() {
                self.text(field, 2000, false, &format!("{at}/fields/{n}"));
            }
        }
        if !block["accessory"].is_null() {
            self.element(&block["accessory"], &format!("{at}/accessory"));
        }
    }

    fn elements(&mut self, block: &Value, most: usize, at: &str) {
        let elements = block["elements"].as_array().map_or(&[][..], Vec::as_slice);
        if elements.is_empty() || elements.len() > most {
            self.fail(
                &format!("between 1 and {most} items allowed"),
                &format!("{at}/elements"),
            );
        }
        for (n, element) in elements.iter().enumerate() {
            self.element(element, &format!("{at}/elements/{n}"));
        }
    }

    fn element(&mut self, element: &Value, at: &str) {
        match element["type"].as_str().unwrap_or_default() {
            "plain_text" | "mrkdwn" => self.text(element, 2000, false, at),
            "button" => self.button(element, at),
            "image" => self.image(element, at),
            "feedback_buttons" | "icon_button" => {}
            select if select.ends_with("select") || select == "overflow" => {
                let most = if select == "overflow" { 5 } else { 100 };
                self.options(element, most, at);
            }
            "checkboxes" | "radio_buttons" => self.options(element, 10, at),
            "datepicker" | "timepicker" | "datetimepicker" => {}
            other => self.fail(&format!("unsupported type: {other}"), &format!("{at}/type")),
        }
        if !element["action_id"].is_null() {
            self.length(&element["action_id"], 255, &format!("{at}/action_id"));
        }
    }

    fn button(&mut self, button: &Value, at: &str) {
        self.text(&button["text"], 75, true, &format!("{at}/text"));
        for (field, most) in [("value", 2000), ("url", 3000), ("accessibility_label", 75)] {
            if !button[field].is_null() {
                self.length(&button[field], most, &format!("{at}/{field}"));
            }
        }
        if let Some(style) = button["style"].as_str()
            && !["primary", "danger"].contains(&style)
        {
            self.fail("must be one of: primary, danger", &format!("{at}/style"));
        }
        let confirm = &button["confirm"];
        if confirm.is_object() {
            for (field, most) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
                self.text(
                    &confirm[field],
                    most,
                    false,
                    &format!("{at}/confirm/{field}"),
                );
            }
        }
    }

    fn options(&mut self, element: &Value, most: usize, at: &str) {
        let options = element["options"].as_array().map_or(&[][..], Vec::as_slice);
        if options.len() > most {
            self.fail(
                &format!("no more than {most} items allowed"),
                &format!("{at}/options"),
            );
        }
        for (n, option) in options.iter().enumerate() {
            self.text(
                &option["text"],
                75,
                false,
                &format!("{at}/options/{n}/text"),
            );
            self.length(&option["value"], 150, &format!("{at}/options/{n}/value"));
        }
    }

    fn image(&mut self, image: &Value, at: &str) {
        self.length(&image["alt_text"], 2000, &format!("{at}/alt_text"));
        if image["slack_file"].is_null() {
            self.length(&image["image_url"], 3000, &format!("{at}/image_url"));
        }
    }

    fn table(&mut self, table: &Value, at: &str) {
        let rows = table["rows"].as_array().map_or(&[][..], Vec::as_slice);
        if rows.is_empty() || rows.len() > 101 {
            self.fail("between 1 and 100 rows allowed", &format!("{at}/rows"));
        }
        for (n, row) in rows.iter().enumerate() {
            let cells = row.as_array().or_else(|| row["cells"].as_array());
            if cells.is_some_and(|cells| cells.len() > 20) {
                self.fail("no more than 20 items allowed", &format!("{at}/rows/{n}"));
            }
        }
    }

    fn text(&mut self, text: &Value, most: usize, plain: bool, at: &str) {
        let legal = text["type"] == "plain_text" || (!plain && text["type"] == "mrkdwn");
        if !legal {
            self.fail("must be a valid text object", &format!("{at}/type"));
        }
        self.length(&text["text"], most, &format!("{at}/text"));
    }

    fn length(&mut self, text: &Value, most: usize, at: &str) {
        match text.as_str().map(|text| text.chars().count()) {
            None => self.fail("missing required field", at),
            Some(0) => self.fail("must be more than 0 characters", at),
            Some(length) if length > most => {
                self.fail(&format!("must be less than {} characters", most + 1), at);
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn section(length: usize) -> Value {
        json!({ "type": "section", "text": { "type": "mrkdwn", "text": "x".repeat(length) } })
    }

    fn refusal(blocks: &[Value]) -> Refusal {
        check("text", blocks, 0).unwrap_err()
    }

    #[test]
    fn slacks_limits_hold_to_the_character() {
        assert_eq!(check("text", &[section(3000)], 0), Ok(()));
        let long = refusal(&[section(3001)]);
        assert_eq!(long.error, "invalid_blocks");
        assert_eq!(
            long.messages,
            ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
        );
        assert_eq!(check("text", &vec![section(3000); 4], 0), Ok(()));
        assert_eq!(
            refusal(&vec![section(2500); 5]).error,
            "msg_blocks_too_long"
        );
        assert_eq!(refusal(&vec![section(1); 51]).error, "invalid_blocks");
        assert_eq!(check("", &[], 0).unwrap_err().error, "no_text");
        assert_eq!(check(&"é".repeat(40_000), &[], 0), Ok(()));
        assert_eq!(
            check(&"é".repeat(40_001), &[], 0).unwrap_err().error,
            "msg_too_long"
        );
    }

    #[test]
    fn every_element_is_looked_at() {
        let button = |text: &str, style: &str| {
            json!({ "type": "actions", "elements": [{
                "type": "button", "action_id": "a", "style": style,
                "text": { "type": "plain_text", "text": text },
            }]})
        };
        assert_eq!(check("t", &[button("Ack", "danger")], 0), Ok(()));
        for wrong in [
            button(&"x".repeat(76), "danger"),
            button("Ack", "warning"),
            json!({ "type": "header", "text": { "type": "mrkdwn", "text": "no" } }),
            json!({ "type": "section" }),
            json!({ "type": "context", "elements": [] }),
            json!({ "type": "alert", "text": "modals only" }),
            json!({ "type": "image", "image_url": "https://example.com/a.png" }),
            json!({ "type": "section", "text": { "type": "mrkdwn", "text": "" } }),
        ] {
            assert_eq!(
                refusal(std::slice::from_ref(&wrong)).error,
                "invalid_blocks",
                "{wrong}"
            );
        }
        let twice = json!({ "type": "divider", "block_id": "same" });
        assert_eq!(refusal(&[twice.clone(), twice]).error, "invalid_blocks");
    }
}
