//! Nothing an outsider writes becomes markup, whatever it is.

use proptest::prelude::*;

use super::*;

const ATTACKS: &[&str] = &[
    "<!channel>",
    "<!here> <@U012AB3CD> <#C024BE7LR>",
    "<https://evil.example|ok>",
    "&lt;!channel&gt;",
    "a `code` *bold* ~strike~",
    "\u{1b}[31mred\u{1b}[0m \u{1b}]8;;http://evil\u{7}link\u{1b}]8;;\u{7}",
    "\u{9b}31mred",
    "admin\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}",
    "line one\r\nline two\u{2028}three",
    "[click](javascript:alert(1)) | cell | <img src=x>",
];

fn invisible(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    })
}

fn check(text: &str) {
    let untrusted = Untrusted::new(text);
    for out in [untrusted.to_slack(), untrusted.to_slack_code()] {
        assert!(!out.contains(['<', '>', '`', '\n']), "{out:?}");
        let bare = out
            .replace("&amp;", "")
            .replace("&lt;", "")
            .replace("&gt;", "");
        assert!(!bare.contains('&'), "{out:?}");
        assert_eq!(invisible(&out), None, "{out:?}");
    }
    for out in [untrusted.to_plain(), untrusted.to_block()] {
        assert_eq!(invisible(&out), None, "{out:?}");
    }
    assert!(!untrusted.to_plain().contains('\n'));
    let markdown = untrusted.to_markdown();
    assert_eq!(invisible(&markdown), None);
    assert!(!markdown.contains(['<', '>', '\n']), "{markdown:?}");
    let mut backslash = false;
    for c in markdown.chars() {
        assert!(backslash || !"`*_[]|".contains(c), "{markdown:?}");
        backslash = c == '\\' && !backslash;
    }
    assert!(!untrusted.to_markdown_code().contains(['`', '|', '\n']));
}

#[test]
fn known_attacks_are_text() {
    for attack in ATTACKS {
        check(attack);
    }
    assert_eq!(Untrusted::new("<!channel>").to_slack(), "&lt;!channel&gt;");
    assert_eq!(Untrusted::new("&lt;").to_slack(), "&amp;lt;");
    assert_eq!(Untrusted::new(ATTACKS[5]).to_plain(), "red link");
    assert_eq!(Untrusted::new(ATTACKS[6]).to_plain(), "red");
    assert_eq!(
        Untrusted::new(ATTACKS[8]).to_plain(),
        "line one line two three"
    );
    assert_eq!(
        Untrusted::new(ATTACKS[8]).to_block(),
        "line one\nline two\nthree"
    );
}

#[test]
fn ordinary_names_and_french_survive() {
    let text = "payment-service_v2/app à 61 % : « élevée » — 16 Gio";
    assert_eq!(Untrusted::new(text).to_slack(), text);
    assert_eq!(Untrusted::new(text).to_plain(), text);
    assert_eq!(Untrusted::new("*/5 * * * *").to_slack_code(), "*/5 * * * *");
}

#[test]
fn long_text_is_cut_on_a_character_and_says_so() {
    let long = "é".repeat(10_000);
    let out = Untrusted::new(long.as_str()).to_slack();
    assert_eq!(out.chars().count(), MAX_INLINE);
    assert!(out.ends_with(CUT));
    let block = Untrusted::new(format!("{long}\nshort")).to_block();
    assert!(block.ends_with("\nshort"), "each line is capped alone");
    assert_eq!(cap("abc", 3), "abc");
}

#[test]
fn an_unclosed_terminal_string_costs_one_line_only() {
    let out = Untrusted::new("\u{1b}]0;title never closed\nERROR kept").to_block();
    assert_eq!(out, "ERROR kept");
}

#[test]
fn entities_go_there_and_back() {
    let text = "a && b < c &lt; d";
    assert_eq!(from_slack_entities(&slack_entities(text)), text);
}

proptest! {
    #[test]
    fn any_text_is_harmless(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_mix_of_attacks_is_harmless(parts in prop::collection::vec(prop::sample::select(ATTACKS), 1..8), glue in "[<>&|`*\\\\!@#\\u{1b}\\[a]{0,6}") {
        check(&parts.join(&glue));
    }

    #[test]
    fn entities_round_trip(text in any::<String>()) {
        prop_assert_eq!(from_slack_entities(&slack_entities(&text)), text);
    }
}
