//! The alert's own words first, and no green answer while it fires.

use super::*;
use crate::finding::{Advice, Verdict};
use crate::incident::Stamp;
use crate::post::blocks::SlackMessage;
use crate::post::{AnswerContext, PageContext, answer, page, samples};
use crate::text::{Language, Wording};

const BOTH: [Language; 2] = [Language::En, Language::Fr];

fn front(firing: bool) -> Front {
    let line = Message::new("alert-front")
        .with("name", "OrdersQueueTooLong")
        .with("severity", "critical")
        .with(
            "words",
            "12000 orders <!channel> wait, password=hunter2-FAKE-hunter2",
        )
        .with("more", 0);
    let link = Arg::Link {
        url: "https://wiki.example.com/orders".to_owned(),
        label: Box::new(Message::new("runbook-own").with("host", "wiki.example.com")),
    };
    let graph = Arg::Link {
        url: "https://prometheus.example.com/graph?g0.expr=up%3C1&g0.tab=1".to_owned(),
        label: Box::new(Message::new("graph-own").with("host", "prometheus.example.com")),
    };
    Front {
        name: "OrdersQueueTooLong".into(),
        line,
        firing,
        runbooks: vec![Message::new("literal").with("text", link)],
        graphs: vec![Message::new("literal").with("text", graph)],
    }
}

fn answered(diagnosis: &Diagnosis, alert: Option<Front>, shares: Shares) -> SlackMessage {
    let context = AnswerContext {
        stamp: Stamp {
            key: "inc_7f3a/1",
            version: 1,
            trace: None,
        },
        incident: None,
        alert,
        next_page: None,
        state: Vec::new(),
        approval: None,
        buttons: Vec::new(),
        shares,
    };
    let words = Words::new(diagnosis.language, samples::now());
    answer(diagnosis, &context, &words, &Redactor::default())
}

fn paged(diagnosis: &Diagnosis, alert: Option<Front>, asker: Option<&str>) -> SlackMessage {
    let question = Message::new("literal").with("text", "tout est\ncassé <!here>");
    let context = PageContext {
        stamp: Stamp {
            key: "inc_7f3a/1",
            version: 1,
            trace: None,
        },
        incident: "inc_7f3a",
        to: Some("U0LEAD"),
        quiet: false,
        notice: None,
        object: None,
        alert,
        asker,
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
    let words = Words::new(diagnosis.language, samples::now());
    page(Some(diagnosis), &context, &words, &Redactor::default())
}

/// The first block, its narrow and non-breaking spaces as spaces.
fn first(message: &SlackMessage) -> String {
    let text = message.blocks[0]["text"]["text"].as_str().unwrap();
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

fn healthy(language: Language) -> Diagnosis {
    let headline = Message::new("headline-healthy")
        .with("target", "catalog-service")
        .with("checks", 3);
    samples::plain(language, Verdict::Healthy, headline)
}

fn with_number(language: Language) -> Diagnosis {
    let mut diagnosis = healthy(language);
    let said = Message::new("alert-number-day")
        .with("what", Message::new("number-errors"))
        .with("now", Arg::Percent(0.43))
        .with("day", Arg::Percent(0.01));
    let text = "{ $said }".to_owned();
    let note = |rule: &str, says| Note {
        rule: rule.to_owned(),
        says,
    };
    diagnosis.advice = vec![Advice {
        playbook: "service-slow-or-failing".to_owned(),
        title: Wording::default(),
        notes: vec![
            note(
                Note::KEY,
                Wording {
                    en: text.clone(),
                    fr: text,
                    args: [("said".to_owned(), Arg::from(said))].into(),
                },
            ),
            note(
                Note::HARMLESS,
                Wording {
                    en: "Very little traffic.".to_owned(),
                    fr: "Très peu de trafic.".to_owned(),
                    ..Wording::default()
                },
            ),
        ],
        next: Vec::new(),
        links: Vec::new(),
    }];
    diagnosis
}

#[test]
fn the_alerts_own_words_are_the_first_line_of_answer_and_page() {
    for language in BOTH {
        let cause = samples::oom(language);
        let colon = if language == Language::Fr { " :" } else { ":" };
        let line = format!("🚨 *OrdersQueueTooLong* (critical){colon} 12000 orders ");
        for message in [
            answered(&cause, Some(front(true)), Shares::ALL),
            paged(&cause, Some(front(true)), None),
        ] {
            assert!(first(&message).starts_with(&line), "{}", first(&message));
            let payload = message.payload().to_string();
            assert!(!payload.contains("<!channel>"), "{payload}");
            assert!(!payload.contains("hunter2-FAKE"), "{payload}");
            let link = payload.find("<https://wiki.example.com/orders|");
            assert!(link.is_some(), "{payload}");
            // Slack's own three characters are escaped in an address too.
            let graph = "<https://prometheus.example.com/graph?g0.expr=up%3C1&amp;g0.tab=1|";
            assert!(payload.find(graph) > link, "{payload}");
            let said = [
                "What the alert's rule measures",
                "Ce que mesure la règle de l'alerte",
            ];
            assert!(
                said.iter().any(|words| payload.contains(words)),
                "{payload}"
            );
        }
    }
}

#[test]
fn nothing_is_well_while_the_alert_fires() {
    for language in BOTH {
        let well = healthy(language);
        for message in [
            answered(&well, Some(front(true)), Shares::ALL),
            paged(&well, Some(front(true)), None),
        ] {
            let payload = message.payload().to_string();
            assert!(!payload.contains('🟢'), "{payload}");
            assert!(
                !payload.contains("va bien") && !payload.contains("is healthy"),
                "{payload}"
            );
            let said = ["was not measured", "n'a pas été mesuré"];
            assert!(
                said.iter().any(|words| payload.contains(words)),
                "{payload}"
            );
        }
        // The alert is over: it is well.
        let over = answered(&well, Some(front(false)), Shares::ALL);
        assert!(first(&over).contains("🟢"), "{}", first(&over));
        assert!(first(&over).starts_with('✅'), "{}", first(&over));
        // Nobody's alert.
        assert!(first(&answered(&well, None, Shares::ALL)).starts_with('🟢'));
    }
}

#[test]
fn a_number_that_was_measured_is_told_by_its_name_where_numbers_may_be_shown() {
    for (language, number) in [
        (
            Language::En,
            "Share of failing requests: 43% now, 1% at this time yesterday.",
        ),
        (
            Language::Fr,
            "Part des requêtes en échec : 43 % maintenant, 1 % hier à la même heure.",
        ),
    ] {
        let diagnosis = with_number(language);
        let message = answered(&diagnosis, Some(front(true)), Shares::ALL);
        assert!(first(&message).contains(number), "{}", first(&message));
        let secret = Shares {
            metrics: false,
            ..Shares::ALL
        };
        let payload = answered(&diagnosis, Some(front(true)), secret).payload();
        let payload = payload.to_string();
        assert!(
            !payload.contains("43") && !payload.contains("mesuré"),
            "{payload}"
        );
    }
}

#[test]
fn excuses_are_told_as_excuses() {
    let payload = answered(&with_number(Language::En), None, Shares::ALL).payload();
    let payload = payload.to_string();
    let heading = payload.find("Harmless reasons it may have (not checked)");
    assert!(heading < payload.find("Very little traffic"), "{payload}");
    assert!(heading.is_some(), "{payload}");
}

#[test]
fn a_page_quotes_who_asked_and_names_what_else_is_wrong() {
    let mut diagnosis = samples::oom(Language::Fr);
    for name in ["redis-master", "orders"] {
        let mut other = diagnosis.root_causes[0].clone();
        other.finding.subject.name = name.to_owned();
        diagnosis.root_causes.push(other);
    }
    let message = paged(&diagnosis, None, Some("U0BOB"));
    let text = first(&message);
    assert!(text.starts_with("📟 <@U0LEAD> *"), "{text}");
    assert!(
        text.contains("Et 2 autres problèmes : `redis-master` et `orders`"),
        "{text}"
    );
    assert!(
        text.contains("Demandé par <@U0BOB> : « tout est cassé &lt;!here&gt; »"),
        "{text}"
    );
}
