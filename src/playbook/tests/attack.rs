//! Names that try to leave their string, conditions that try to cost, files that are no playbooks.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::promql::Template;
use super::*;

fn filled(template: &str, namespace: &str, workload: &str) -> String {
    let names = Names {
        namespace: Some(namespace.to_owned()),
        workload: Some((Kind::Deployment, workload.to_owned())),
        ..Names::default()
    };
    Template::parse(template).unwrap().fill(&names).unwrap()
}

const QUERY: &str = r#"sum(up{namespace="{{ namespace }}",app="{{ workload }}",job=~"{{workload}}.*",pod=~"{{ pods }}"})"#;

#[test]
fn a_name_cannot_leave_its_string() {
    insta::assert_snapshot!(filled(QUERY, "a\"} or up{", "b\\\" or 1\n.*|x"), @r##"sum(up{namespace="a\"} or up{",app="b\\\" or 1\n.*|x",job=~"b\\\\\" or 1\n\\.\\*\\|x.*",pod=~"b\\\\\" or 1\n\\.\\*\\|x-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}"})"##);
}

/// The strings of an expression, as Prometheus would read them, and what stands around them.
pub(super) fn read(expression: &str) -> (String, Vec<String>) {
    let (mut around, mut strings) = (String::new(), Vec::new());
    let mut chars = expression.chars();
    let mut open: Option<String> = None;
    while let Some(c) = chars.next() {
        match (&mut open, c) {
            (None, '"') => open = Some(String::new()),
            (None, c) => around.push(c),
            (Some(_), '"') => strings.extend(open.take()),
            (Some(string), '\\') => string.push(match chars.next().unwrap() {
                'n' => '\n',
                other => other,
            }),
            (Some(string), c) => string.push(c),
        }
    }
    assert!(open.is_none(), "a string stays open: {expression}");
    (around, strings)
}

proptest! {
    #[test]
    fn no_name_changes_the_shape_of_an_expression(namespace in ".{0,40}", workload in ".{0,30}") {
        let (around, strings) = read(&filled(QUERY, &namespace, &workload));
        prop_assert_eq!(around, "sum(up{namespace=,app=,job=~,pod=~})");
        prop_assert_eq!(&strings[0], &namespace);
        prop_assert_eq!(&strings[1], &workload);
        let job = regex::Regex::new(&format!("^(?s:{})$", strings[2])).unwrap();
        prop_assert!(job.is_match(&workload));
    }

    #[test]
    fn no_text_makes_the_loader_panic(text in ".{0,300}") {
        let _ = load(&[source("x", &text)]);
        let _ = Condition::parse(&text, &["a"]);
        let _ = Template::parse(&text);
    }
}

#[test]
fn pods_are_those_of_the_workload_and_not_of_its_neighbour() {
    let pattern = |kind, name: &str| {
        let names = Names {
            namespace: None,
            workload: Some((kind, name.to_owned())),
            ..Names::default()
        };
        let template = Template::parse("up{pod=~\"{{ pods }}\"}").unwrap();
        let (_, strings) = read(&template.fill(&names).unwrap());
        regex::Regex::new(&format!("^(?:{})$", strings[0])).unwrap()
    };
    let payment = pattern(Kind::Deployment, "payment");
    assert!(payment.is_match("payment-7c9d8f6b5-x2x9k"));
    assert!(!payment.is_match("payment-worker-7c9d8f6b5-x2x9k"));
    assert!(pattern(Kind::StatefulSet, "db").is_match("db-0"));
    assert!(!pattern(Kind::StatefulSet, "db").is_match("db-backup-x2x9k"));
    assert!(pattern(Kind::DaemonSet, "agent").is_match("agent-x2x9k"));
    assert!(pattern(Kind::CronJob, "report").is_match("report-29123-x2x9k"));
    let long = "a".repeat(63);
    let cut = format!("{}x2x9k", "a".repeat(58));
    assert!(pattern(Kind::Deployment, &long).is_match(&cut));
}

#[test]
fn a_query_without_its_names_is_not_asked() {
    let template = Template::parse(QUERY).unwrap();
    assert_eq!(template.fill(&Names::default()), None);
    let plain = Template::parse("sum(up)").unwrap();
    assert_eq!(plain.fill(&Names::default()).as_deref(), Some("sum(up)"));
}

fn refused(condition: &str) -> String {
    let begun = Instant::now();
    let problems = Condition::parse(condition, &["a"]).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2), "{condition}");
    problems[0].0.clone()
}

#[test]
fn bombs_are_refused_when_they_are_loaded() {
    let maps =
        "[1,2,3,4,5,6,7,8,9,0].map(a, [1,2,3,4,5,6,7,8,9,0].map(b, [1,2].map(c, c))).size() > 0";
    assert_eq!(refused(maps), "loops are not allowed in a condition");
    assert_eq!(
        refused("causes.exists(c, c == 'x')"),
        "loops are not allowed in a condition"
    );
    let deep =
        |open: &str, close: &str, n: usize| format!("{}true{}", open.repeat(n), close.repeat(n));
    for bomb in [
        deep("(", ")", 200),
        deep("!", "", 400),
        deep("[", "]", 240),
        "-".repeat(499),
    ] {
        assert!(
            refused(&bomb).contains("more than 24 operators or 8 brackets"),
            "{bomb}"
        );
    }
    let long = format!("metrics.a > 1.0{}", " && metrics.a > 1.0".repeat(100_000));
    assert_eq!(
        refused(&long),
        "the condition is longer than 500 characters"
    );
    for chain in ["1+", "1 in ", "1<", "-1*", "!", "metrics.a."] {
        let long = format!("{}1", chain.repeat(450 / chain.len()));
        let told = refused(&long);
        assert!(told.contains("more than"), "{chain}: {told}");
    }
    assert_eq!(
        refused("\"x\".matches(\"(a+)+$\")"),
        "`matches` cannot be called in a condition"
    );
}

#[test]
fn a_file_of_ten_megabytes_is_refused_unread() {
    let big = format!(
        "name: big\ntitle: {{en: a, fr: b}}\n# {}\n",
        "x".repeat(10 << 20)
    );
    let mistakes = load(&[source("big", &big)]).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].what, "the file is longer than 64 KiB");
}

#[test]
fn a_yaml_bomb_is_an_error_soon() {
    let first = "name: bomb\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let text = (1..12).fold(first, |text, at| {
        let before = format!("*a{}, ", at - 1).repeat(10);
        format!("{text}a{at}: &a{at} [{before}]\n")
    });
    let begun = Instant::now();
    assert!(load(&[source("bomb", &text)]).is_err());
    assert!(begun.elapsed() < Duration::from_secs(5));
}

/// The largest conditions that are let through, on a stack of three quarters of a worker's.
#[test]
fn what_is_let_through_fits_on_a_small_stack() {
    let chain = |part: &str, last: &str, times: usize| format!("{}{last}", part.repeat(times));
    let nested = |times: usize| {
        let inner = chain("1+", "1", 15);
        format!("{}{inner}{} == 1", "(".repeat(times), ")".repeat(times))
    };
    let conditions = [
        chain("1+", "1 == 1", 23),
        chain("1*", "1 == 1", 23),
        chain("true||", "true", 80),
        chain("true&&", "true", 80),
        chain("!", "true", 24),
        chain("- ", "1 == 1", 23),
        chain("true?true:", "true", 24),
        chain("metrics.a > 1.0 || ", "true", 12),
        nested(8),
    ];
    let small = std::thread::Builder::new().stack_size(1536 << 10);
    let run = small.spawn(move || {
        for source in conditions {
            let condition = Condition::parse(&source, &["a"]);
            let condition = condition.unwrap_or_else(|told| panic!("{source}: {told:?}"));
            let context =
                super::super::rules::context(&facts(), &std::collections::BTreeMap::new());
            let _ = condition.holds(&context);
            drop(condition);
        }
        // Refused after they were parsed.
        for source in [
            chain("metrics.a.", "a", 12),
            chain("1 in ", "1", 24),
            chain("1<", "1", 24),
            format!("{}{}", "[".repeat(8), "]".repeat(8)),
        ] {
            assert!(Condition::parse(&source, &["a"]).is_err(), "{source}");
        }
    });
    run.unwrap().join().unwrap();
}
