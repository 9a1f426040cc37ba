//! What the playbooks add, in every medium: below the conclusion, escaped, redacted, and the first to go.

use std::collections::BTreeMap;

use super::*;
use crate::finding::{Advice, Diagnosis, Note, RunbookLink, Shares, Verdict};
use crate::incident::Stamp;
use crate::text::{Arg, Language, Message, Redactor, Wording};

const URL: &str = "https://wiki.example.com/slow?team=shop&x=1";

fn wording(en: &str, fr: &str) -> Wording {
    Wording {
        en: en.to_owned(),
        fr: fr.to_owned(),
        ..Wording::default()
    }
}

fn advice() -> Advice {
    let args = BTreeMap::from([
        ("pods".to_owned(), Arg::Count(1)),
        ("share".to_owned(), Arg::Percent(0.94)),
        ("workload".to_owned(), Arg::from("pay*ment`<!here>")),
    ]);
    let plural = |one: &str, other: &str| {
        format!(
            "{{ $pods ->\n    [one] {one}\n   *[other] {{ $pods }} {other}\n}} : `{{ $workload }}`, *{{ $share }}*, DB_PASSWORD=FAKEpass <!channel> & co"
        )
    };
    let says = Wording {
        args,
        ..wording(&plural("1 pod", "pods"), &plural("Un seul pod", "pods"))
    };
    Advice {
        playbook: "slow".to_owned(),
        title: wording("Slow", "Lent"),
        notes: vec![Note {
            rule: "near".to_owned(),
            says,
        }],
        next: vec![wording("Ask `kubectl top`.", "Demandez `kubectl top`.")],
        links: vec![RunbookLink {
            title: wording("Runbook", "Runbook"),
            url: URL.to_owned(),
        }],
    }
}

fn diagnosis(language: Language) -> Diagnosis {
    let mut diagnosis = samples::oom(language);
    diagnosis.advice = vec![advice(), advice()];
    diagnosis
}

fn context() -> AnswerContext<'static> {
    AnswerContext {
        stamp: Stamp {
            key: "inc_7f3a/1",
            version: 1,
            trace: None,
        },
        incident: None,
        alert: None,
        next_page: None,
        state: Vec::new(),
        approval: None,
        buttons: Vec::new(),
        shares: Shares::ALL,
    }
}

fn slack(diagnosis: &Diagnosis, language: Language) -> SlackMessage {
    let words = Words::new(language, samples::now());
    answer(diagnosis, &context(), &words, &Redactor::default())
}

/// From the note on, in each medium.
fn shown(language: Language) -> String {
    let (diagnosis, redactor) = (diagnosis(language), Redactor::default());
    let plain = TextOptions {
        width: None,
        color: false,
    };
    let message = slack(&diagnosis, language);
    let blocks = message.blocks.iter();
    let blocks: Vec<&str> = blocks
        .filter_map(|block| block["text"]["text"].as_str())
        .collect();
    let all = [
        text(&diagnosis, language, &redactor, plain),
        markdown(&diagnosis, language, &redactor),
        blocks.join("\n"),
    ];
    let note = match language {
        Language::En => "Worth knowing",
        Language::Fr => "À savoir",
    };
    let from = |text: &String| text[text.find(note).unwrap()..].to_owned();
    all.iter().map(from).collect::<Vec<_>>().join("\n---\n")
}

#[test]
fn every_medium_shows_notes_next_steps_and_runbooks() {
    insta::assert_snapshot!("advice_en", shown(Language::En));
    insta::assert_snapshot!("advice_fr", shown(Language::Fr));
}

#[test]
fn only_the_link_of_a_playbook_is_live() {
    for language in [Language::En, Language::Fr] {
        let payload = slack(&diagnosis(language), language).payload().to_string();
        assert!(payload.contains("<https://wiki.example.com/slow?team=shop&amp;x=1|Runbook>"));
        for live in ["<!channel", "<!here", "FAKEpass"] {
            assert!(!payload.contains(live), "{live} in {payload}");
        }
    }
    let mut odd = diagnosis(Language::En);
    odd.advice[0].links[0].url = "javascript:alert(1)".to_owned();
    odd.advice.truncate(1);
    let payload = slack(&odd, Language::En).payload().to_string();
    assert!(!payload.contains("javascript"), "{payload}");
}

#[test]
fn it_never_stands_above_the_conclusion_and_goes_first_when_there_is_no_room() {
    let mut full = diagnosis(Language::En);
    let conclusion = slack(&samples::oom(Language::En), Language::En).blocks[0]["text"].clone();
    assert_eq!(slack(&full, Language::En).blocks[0]["text"], conclusion);
    let evidence = full.root_causes[0].finding.evidence[0].clone();
    let many = std::iter::repeat_n(evidence, 5);
    full.root_causes[0].finding.evidence.extend(many);
    let long = "y".repeat(390);
    let note = |at: usize| Note {
        rule: format!("n{at}"),
        says: wording(&format!("{at} {long}"), &long),
    };
    for one in &mut full.advice {
        one.notes = (0..20).map(note).collect();
        one.next = vec![wording(&long, &long); 6];
    }
    full.root_causes[0].finding.fix = vec![full.root_causes[0].finding.fix[0].clone(); 6];
    let message = slack(&full, Language::En);
    let total: usize = message.blocks.iter().map(block_kit::text_units).sum();
    assert!(total <= blocks::MAX_TOTAL, "{total}");
    assert_eq!(message.blocks[0]["text"], conclusion);
    let payload = message.payload().to_string();
    assert!(payload.contains("What shows it") && payload.contains("*Fix*"));
}

#[test]
fn a_page_carries_the_runbook_and_no_note() {
    let question = Message::new("literal").with("text", "payment is slow");
    let context = PageContext {
        stamp: context().stamp,
        incident: "inc_7f3a",
        to: Some("U0LEAD"),
        quiet: false,
        notice: None,
        object: None,
        alert: None,
        asker: None,
        question: &question,
        because: Vec::new(),
        notes: Vec::new(),
        opened_at: samples::now(),
        environment: None,
        tried: Vec::new(),
        thread: None,
        buttons: Vec::new(),
        shares: Shares::ALL,
    };
    let words = Words::new(Language::En, samples::now());
    let full = diagnosis(Language::En);
    let payload = page(Some(&full), &context, &words, &Redactor::default()).payload();
    let payload = payload.to_string();
    assert!(payload.contains("team=shop&amp;x=1|Runbook>"), "{payload}");
    assert!(!payload.contains("playbook slow"), "{payload}");
}

#[test]
fn a_diagnosis_of_an_older_version_still_loads() {
    let mut stored = serde_json::to_value(samples::oom(Language::Fr)).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("advice").is_some());
    let read: Diagnosis = serde_json::from_value(stored).unwrap();
    assert_eq!(read, samples::oom(Language::Fr));
}

#[test]
fn a_text_that_is_not_fluent_is_shown_as_it_is() {
    let broken = Message::from(wording("100% { $open", "100% { $open"));
    let words = Words::new(Language::En, samples::now());
    assert_eq!(words.say(&broken, Medium::Slack), "100% { $open");
    let mark = Message::from(wording("a\u{e004}http://x\u{e005}y\u{e001}b", ""));
    assert!(!words.say(&mark, Medium::Slack).contains('<'));
}

#[test]
fn the_report_names_playbook_rule_and_address() {
    let report = report(&diagnosis(Language::Fr), Language::Fr, &Redactor::default());
    let advice = &report.advice[0];
    assert_eq!(
        (advice.playbook.as_str(), advice.title.as_str()),
        ("slow", "Lent")
    );
    assert_eq!(advice.notes[0].rule, "near");
    assert!(
        advice.notes[0].says.starts_with("Un seul pod"),
        "{advice:?}"
    );
    assert_eq!(advice.links[0].url, URL);
    let calm = Diagnosis {
        verdict: Verdict::Healthy,
        ..samples::oom(Language::En)
    };
    let json = serde_json::to_value(super::report(&calm, Language::En, &Redactor::default()));
    assert!(json.unwrap().get("advice").is_none());
}
