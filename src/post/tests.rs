//! What a person reads, in both languages.

use super::*;
use crate::text::{Language, Redactor};

const OPTIONS: TextOptions = TextOptions {
    width: Some(96),
    color: false,
};

#[test]
fn a_cause_in_a_terminal() {
    for language in [Language::En, Language::Fr] {
        let text = text(
            &samples::oom(language),
            language,
            &Redactor::default(),
            OPTIONS,
        );
        insta::assert_snapshot!(format!("text_oom_{}", language.code()), text);
    }
}

#[test]
fn the_other_verdicts_in_a_terminal() {
    for language in [Language::En, Language::Fr] {
        let all: Vec<String> = samples::others(language)
            .iter()
            .map(|(name, diagnosis)| {
                format!(
                    "## {name}\n{}",
                    text(diagnosis, language, &Redactor::default(), OPTIONS)
                )
            })
            .collect();
        insta::assert_snapshot!(format!("text_others_{}", language.code()), all.join("\n"));
    }
}

#[test]
fn a_cause_in_markdown() {
    for language in [Language::En, Language::Fr] {
        let text = markdown(&samples::oom(language), language, &Redactor::default());
        insta::assert_snapshot!(format!("markdown_oom_{}", language.code()), text);
    }
}

#[test]
fn a_report_is_plain_text_and_redacted() {
    let report = report(
        &samples::oom(Language::Fr),
        Language::Fr,
        &Redactor::default(),
    );
    insta::assert_json_snapshot!("report_oom_fr", report);
}

#[test]
fn a_pipe_gets_no_colour_and_no_line_breaks_inside_sentences() {
    let diagnosis = samples::oom(Language::En);
    let pipe = TextOptions {
        width: None,
        color: false,
    };
    let plain = text(&diagnosis, Language::En, &Redactor::default(), pipe);
    assert!(!plain.contains('\u{1b}'));
    let longest = plain.lines().map(|line| line.chars().count()).max();
    assert!(longest > Some(110), "{plain}");
    let colored = text(
        &diagnosis,
        Language::En,
        &Redactor::default(),
        TextOptions {
            width: None,
            color: true,
        },
    );
    assert!(colored.starts_with("\u{1b}[1mpayment-service"));
    assert_eq!(
        Redactor::default().redact(&plain),
        plain,
        "nothing is left to redact"
    );
}
