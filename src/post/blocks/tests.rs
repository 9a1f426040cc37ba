//! No message breaks a limit of Slack's, and nothing is cut inside its syntax.

use chrono::{TimeZone as _, Utc};
use proptest::prelude::*;

use super::*;
use crate::post::block_kit::{
    Button, MAX_BUTTON, MAX_BUTTONS, MAX_QUOTE, Style, actions, first_part, preformatted,
};
use crate::text::{CUT, Language, Untrusted};

const STAMP: Stamp<'_> = Stamp {
    key: "inc_1/answer",
    version: 3,
    trace: None,
};

fn words() -> Words {
    Words::new(
        Language::En,
        Utc.with_ymd_and_hms(2026, 11, 23, 14, 14, 0).unwrap(),
    )
}

/// What Slack would refuse, or what would show as broken markup.
fn check(message: &SlackMessage) {
    assert!(message.blocks.len() <= MAX_BLOCKS);
    assert!(units(&message.text) <= MAX_TEXT);
    let total: usize = message.blocks.iter().map(text_units).sum();
    assert!(total < 12_000, "{total}");
    for block in &message.blocks {
        match block["type"].as_str() {
            Some("section") => {
                let text = block["text"]["text"].as_str().unwrap();
                assert!((1..=3_000).contains(&units(text)), "{}", units(text));
                assert_eq!(block["text"]["verbatim"], true);
                sound(text);
            }
            Some("actions") => assert!(block["elements"].as_array().unwrap().len() <= 25),
            _ => {}
        }
    }
}

/// Every `<` has its `>`, every `&` is one of the three entities, every code span is closed.
fn sound(mrkdwn: &str) {
    let mut rest = mrkdwn;
    while let Some(at) = rest.find(['<', '&']) {
        rest = &rest[at..];
        let part = first_part(rest).unwrap();
        if part.starts_with('&') {
            assert!(["&amp;", "&lt;", "&gt;"].contains(&part), "{part}");
        } else {
            assert!(part.len() > 1 && part.ends_with('>'), "{part}");
        }
        rest = &rest[part.len()..];
    }
    assert_eq!(mrkdwn.matches('`').count() % 2, 0, "{mrkdwn}");
}

#[test]
fn a_short_message_is_left_alone() {
    let mut draft = Draft::new(words());
    draft.section("*Hello*");
    draft.list(1, "Facts", vec!["a".into(), "b".into()], 5, "more-lines");
    let message = draft.finish("Hello", STAMP);
    assert_eq!(message.blocks[0]["block_id"], "vigie:inc_1/answer:3");
    assert_eq!(message.blocks[1]["text"]["text"], "*Facts*\n• a\n• b");
    let payload = message.payload();
    assert_eq!(
        (&payload["unfurl_links"], &payload["unfurl_media"]),
        (&json!(false), &json!(false))
    );
    assert!(payload.get("link_names").is_none() && payload.get("parse").is_none());
}

#[test]
fn what_matters_least_goes_first_and_is_counted() {
    let mut draft = Draft::new(words());
    draft.section("*Conclusion*");
    let items = |name: &str| {
        (0..10)
            .map(|at| format!("{name}{at} {}", "x".repeat(700)))
            .collect()
    };
    draft.list(9, "Fix", items("fix"), 10, "more-lines");
    draft.list(5, "Evidence", items("fact"), 10, "more-evidence");
    draft.list(1, "Normal", items("normal"), 10, "more-lines");
    draft.optional(0, section(&"y".repeat(2_000)));
    let message = draft.finish("Conclusion", STAMP);
    check(&message);
    let all: Vec<&str> = message
        .blocks
        .iter()
        .filter_map(|block| block["text"]["text"].as_str())
        .collect();
    assert_eq!(all.len(), 4, "the optional block went first");
    assert!(all[1].contains("fix2") && all[1].contains("more"));
    assert!(all[2].contains("fact2") && all[2].contains("more facts"));
    assert!(all[3].contains("normal0") && all[3].contains("and 7 more"));
}

#[test]
fn a_quote_keeps_its_end() {
    let log = (0..2_000).fold(String::new(), |log, line| format!("{log}line {line}\n"));
    let block = preformatted(&log).unwrap();
    let text = block["elements"][0]["elements"][0]["text"]
        .as_str()
        .unwrap();
    assert!(text.starts_with("[…]\nline ") && text.ends_with("line 1999"));
    assert!(units(text) <= MAX_QUOTE);
    assert_eq!(preformatted(" \n"), None, "Slack refuses an empty text");
    let one = preformatted(&"é".repeat(9_000)).unwrap();
    assert!(
        one["elements"][0]["elements"][0]["text"]
            .as_str()
            .unwrap()
            .ends_with(CUT)
    );
}

#[test]
fn buttons_fit_and_are_told_apart() {
    let button = Button {
        action: "choose".into(),
        id: "b0".into(),
        label: Message::new("literal").with("text", "x".repeat(200)),
        style: Style::Danger,
        confirm: Some((
            Message::new("confirm-escalate-title"),
            Message::new("confirm-resolve"),
        )),
    };
    let row = actions(&vec![button; 30], &words()).unwrap();
    let elements = row["elements"].as_array().unwrap();
    assert_eq!(elements.len(), MAX_BUTTONS);
    let ids: std::collections::BTreeSet<_> = elements
        .iter()
        .map(|e| e["action_id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids.len(),
        elements.len(),
        "action ids are unique in a message"
    );
    assert_eq!(
        units(elements[0]["text"]["text"].as_str().unwrap()),
        MAX_BUTTON
    );
    assert!(units(elements[0]["confirm"]["confirm"]["text"].as_str().unwrap()) <= 30);
    assert_eq!(actions(&[], &words()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cutting_never_breaks_syntax(text in any::<String>(), code in any::<String>(), max in 20_usize..400) {
        let mrkdwn = format!("*{}* `{}` <https://x.example/{}|thread> &amp; {}",
            Untrusted::new(text.as_str()).to_slack(), Untrusted::new(code.as_str()).to_slack_code(), text.len(), Untrusted::new(text.as_str()).to_slack());
        let short = cut(&mrkdwn, max);
        prop_assert!(units(&short) <= max.max(units(&mrkdwn).min(max)));
        sound(&short);
    }

    #[test]
    fn any_message_keeps_the_limits(
        headline in (".{0,20}", 1_usize..200),
        lists in prop::collection::vec((0_u8..10, prop::collection::vec((".{0,8}", 1_usize..150), 0..8)), 0..60),
        quote in (".{0,20}", 1_usize..400),
    ) {
        let (headline, quote) = (headline.0.repeat(headline.1), quote.0.repeat(quote.1));
        let mut draft = Draft::new(words());
        draft.section(&format!("*{}*", Untrusted::new(headline.as_str()).to_slack()));
        for (importance, items) in lists {
            let items = items.iter().map(|(item, times)| Untrusted::new(item.repeat(*times)).to_slack()).collect();
            draft.list(importance, "Title", items, 40, "more-lines");
        }
        draft.fixed(preformatted(&Untrusted::new(quote.as_str()).to_block()));
        let message = draft.finish(&Untrusted::new(headline.as_str()).to_slack(), STAMP);
        check(&message);
        sound(&message.text);
    }
}
