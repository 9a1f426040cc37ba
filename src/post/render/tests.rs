//! What a person sees in Slack, in both languages.

use chrono::TimeDelta;

use super::*;
use crate::escalation::Class;
use crate::finding::{Diagnosis, Shares};
use crate::incident::ButtonAction;
use crate::incident::Stamp;
use crate::post::block_kit::{Button, Style};
use crate::post::blocks::SlackMessage;
use crate::post::{button, samples, transcript};
use crate::text::{Arg, Language, Redactor};

const BOTH: [Language; 2] = [Language::En, Language::Fr];
const STAMP: Stamp<'_> = Stamp {
    key: "inc_7f3a/1",
    version: 2,
    trace: None,
};

fn words(language: Language) -> Words {
    Words::new(language, samples::now())
}

fn seen(message: &SlackMessage) -> String {
    let name = |id: &str| match id {
        "U0ALICE" => Some("alice".to_owned()),
        "U0LEAD" => Some("lead".to_owned()),
        _ => None,
    };
    format!(
        "({})\n{}\n",
        message.text,
        transcript(&message.payload(), &name)
    )
}

fn buttons() -> Vec<Button> {
    let actions = [
        ButtonAction::Acknowledge,
        ButtonAction::Resolve,
        ButtonAction::Escalate,
        ButtonAction::RunAgain,
        ButtonAction::WrongAnswer,
    ];
    let id = |at: usize| format!("b{at}");
    let numbered = actions.iter().enumerate();
    numbered
        .map(|(at, action)| button(action, &id(at), Some("Camille".into())))
        .collect()
}

fn context() -> AnswerContext<'static> {
    AnswerContext {
        stamp: STAMP,
        incident: Some("inc_7f3a"),
        alert: None,
        next_page: Some(NextPage {
            class: Class::Production,
            due_at: samples::now() + TimeDelta::minutes(9),
            lead: Some("Camille".into()),
        }),
        state: vec![
            Message::new("tried-acknowledged")
                .with("by", Arg::Person("U0ALICE".into()))
                .with("time", samples::now()),
        ],
        approval: Some(Approval::Lead),
        buttons: buttons(),
        shares: Shares::ALL,
    }
}

fn bare() -> AnswerContext<'static> {
    AnswerContext {
        incident: None,
        next_page: None,
        state: Vec::new(),
        approval: None,
        buttons: Vec::new(),
        ..context()
    }
}

fn page_context(because: Vec<Message>, question: &Message) -> PageContext<'_> {
    PageContext {
        stamp: STAMP,
        incident: "inc_7f3a",
        to: Some("U0LEAD"),
        quiet: false,
        notice: None,
        object: None,
        alert: None,
        asker: None,
        question,
        because,
        notes: Vec::new(),
        opened_at: samples::now() - TimeDelta::minutes(60),
        environment: Some("production"),
        tried: vec![
            Message::new("tried-investigations")
                .with("count", 2)
                .with("time", samples::now()),
            Message::new("tried-nobody"),
        ],
        thread: Some("https://acme.slack.com/archives/C1/p1"),
        buttons: buttons()[..2].to_vec(),
        shares: Shares::ALL,
    }
}

fn unresolved() -> Message {
    Message::new("page-because-unresolved").with("after", Arg::Span(3600))
}

#[test]
fn the_answer_with_a_cause() {
    for language in BOTH {
        let message = answer(
            &samples::oom(language),
            &context(),
            &words(language),
            &Redactor::default(),
        );
        insta::assert_snapshot!(format!("answer_oom_{}", language.code()), seen(&message));
    }
}

#[test]
fn the_answers_without_a_cause() {
    for language in BOTH {
        let all: Vec<String> = samples::others(language)
            .iter()
            .map(|(name, diagnosis)| {
                format!(
                    "## {name}\n{}",
                    seen(&answer(
                        diagnosis,
                        &bare(),
                        &words(language),
                        &Redactor::default()
                    ))
                )
            })
            .collect();
        insta::assert_snapshot!(format!("answer_others_{}", language.code()), all.join("\n"));
    }
}

#[test]
fn the_payload_of_an_answer() {
    let message = answer(
        &samples::oom(Language::En),
        &context(),
        &words(Language::En),
        &Redactor::default(),
    );
    insta::assert_json_snapshot!("answer_oom_payload", message.payload());
}

#[test]
fn nothing_from_outside_is_live_and_no_secret_leaves() {
    for language in BOTH {
        for (_, diagnosis) in samples::others(language)
            .into_iter()
            .chain([("oom", samples::oom(language))])
        {
            let text = answer(
                &diagnosis,
                &context(),
                &words(language),
                &Redactor::default(),
            )
            .payload()
            .to_string();
            assert!(
                !text.contains("<!channel") && !text.contains("<b>") && !text.contains("FAKE"),
                "{text}"
            );
        }
    }
}

#[test]
fn log_lines_stay_out_of_channels_where_they_may_not_be() {
    let mut diagnosis = samples::oom(Language::En);
    let quoted = Message::new("literal").with(
        "text",
        Message::new("value")
            .with("line", "SECRET-LOG-LINE")
            .with("value", "x"),
    );
    diagnosis.root_causes[0].finding.evidence[0].fact =
        Message::new("value").with("value", Message::new("literal").with("text", quoted));
    diagnosis.root_causes[0].finding.summary = Message::new("log").with("line", "SECRET-LOG-LINE");
    diagnosis.headline = Message::new("log").with("line", "SECRET-LOG-LINE");
    let say = |logs| {
        let shares = Shares {
            logs,
            ..Shares::ALL
        };
        let context = AnswerContext {
            shares,
            ..context()
        };
        answer(
            &diagnosis,
            &context,
            &words(Language::En),
            &Redactor::default(),
        )
        .payload()
        .to_string()
    };
    assert!(say(true).contains("SECRET-LOG-LINE"));
    assert!(!say(false).contains("SECRET-LOG-LINE"));
    assert!(say(false).contains("not shown in this channel"));
}

#[test]
fn events_and_numbers_stay_away_from_channels_that_may_not_see_them() {
    let mut diagnosis = samples::oom(Language::En);
    let fact = |words: &str| Message::new("literal").with("text", words);
    let finding = &mut diagnosis.root_causes[0].finding;
    *finding = finding
        .clone()
        .evidence(fact("A-NUMBER"), "Prometheus up, 5 min", None)
        .evidence(fact("AN-EVENT"), "event Failed pod a", None);
    finding.evidence.reverse();
    let say = |metrics, events| {
        let shares = Shares {
            metrics,
            events,
            logs: true,
        };
        let context = AnswerContext {
            shares,
            ..context()
        };
        let redactor = Redactor::default();
        let said = answer(&diagnosis, &context, &words(Language::En), &redactor);
        let said = said.payload().to_string();
        (said.contains("A-NUMBER"), said.contains("AN-EVENT"))
    };
    for (metrics, events) in [(true, true), (true, false), (false, true), (false, false)] {
        assert_eq!(say(metrics, events), (metrics, events));
    }
}

#[test]
fn a_huge_diagnosis_still_fits() {
    let mut diagnosis = samples::oom(Language::Fr);
    let root = &mut diagnosis.root_causes[0];
    let evidence = root.finding.evidence[1].clone();
    root.finding
        .evidence
        .extend(std::iter::repeat_n(evidence, 300));
    let fix = root.finding.fix[0].clone();
    root.finding.fix.extend(std::iter::repeat_n(fix, 100));
    let again = root.clone();
    diagnosis
        .root_causes
        .extend(std::iter::repeat_n(again, 100));
    diagnosis.headline = Message::new("literal").with("text", "é".repeat(9_000));
    let message = answer(
        &diagnosis,
        &context(),
        &words(Language::Fr),
        &Redactor::default(),
    );
    assert!(message.blocks.len() <= 50);
    let total: usize = message
        .blocks
        .iter()
        .map(crate::post::block_kit::text_units)
        .sum();
    assert!(total <= 9_000, "{total}");
    assert!(
        seen(&message).contains("Je m'en occupe"),
        "the buttons stay"
    );
}

#[test]
fn a_page_says_everything_the_lead_needs() {
    for language in BOTH {
        let question =
            Message::new("literal").with("text", "Service payment est lent en production");
        let mut late = page_context(vec![unresolved()], &question);
        late.notes = vec![
            Message::new("page-late-down").with("span", Arg::Span(720)),
            Message::new("page-repeat"),
            Message::new("page-skipped-absent")
                .with("who", Arg::Person("U0ALICE".into()))
                .with("until", samples::now() + TimeDelta::days(2)),
        ];
        let oom = samples::oom(language);
        let with = |diagnosis: Option<&Diagnosis>, context: &PageContext<'_>| {
            seen(&page(
                diagnosis,
                context,
                &words(language),
                &Redactor::default(),
            ))
        };
        let mut nobody = page_context(vec![Message::new("page-because-data-loss")], &question);
        (nobody.to, nobody.environment, nobody.thread) = (None, None, None);
        let mut test = page_context(
            vec![Message::new("page-because-test").with("by", Arg::Person("U0ALICE".into()))],
            &question,
        );
        test.notice = Some(Message::new("page-notice-test"));
        let mut quiet = page_context(vec![unresolved()], &question);
        quiet.quiet = true;
        let all = [
            with(Some(&oom), &late),
            with(None, &nobody),
            with(None, &test),
            with(Some(&oom), &quiet),
        ];
        insta::assert_snapshot!(format!("page_{}", language.code()), all.join("\n---\n"));
    }
}

#[test]
fn several_calls_for_one_lead_are_one_message() {
    let incidents: Vec<Message> = ["payment", "orders"]
        .map(|name| Message::new("value").with("value", name))
        .into();
    let message = several(
        "U0LEAD",
        &incidents,
        STAMP,
        &words(Language::En),
        &Redactor::default(),
    );
    assert_eq!(
        seen(&message),
        "(📟 <@U0LEAD> 2 incidents need you)\n📟 @lead 2 incidents need you\n• `payment`\n• `orders`\n"
    );
}

#[test]
fn the_short_messages() {
    for language in BOTH {
        let words = words(language);
        let target = Message::new("value").with("value", "payment-service");
        let choice = |name: &str| Button {
            action: "choose".into(),
            id: name.to_owned(),
            label: Message::new("literal").with("text", name),
            style: Style::Plain,
            confirm: None,
        };
        let logs = Message::new("logs-headline")
            .with("count", 2)
            .with("container", "app")
            .with("pod", "payment-service-7c9-x2x9k");
        let verbatim = "GET / 200\nDB_PASSWORD=FAKEpass <!channel>".into();
        let command = "kubectl -n production logs payment-service-7c9-x2x9k -c app --tail=2".into();
        let answer = Plain {
            headline: &logs,
            lines: &[],
            verbatim: Some(&verbatim),
            command: Some(&command),
        };
        let redactor = Redactor::default();
        let all = [
            looking(
                &target,
                &[Message::new("looking-started").with("time", samples::now())],
                STAMP,
                &words,
                &redactor,
            ),
            which(
                &Message::new("which"),
                &[choice("payment-service"), choice("payment-worker")],
                STAMP,
                &words,
                &redactor,
            ),
            plain(answer, STAMP, &words, &redactor),
            line(
                &Message::new("line-offer-to-close"),
                &buttons()[1..2],
                STAMP,
                &words,
                &redactor,
            ),
        ];
        let all: Vec<String> = all.iter().map(seen).collect();
        assert!(!all.join("").contains("FAKEpass"));
        insta::assert_snapshot!(format!("short_{}", language.code()), all.join("\n---\n"));
    }
}
