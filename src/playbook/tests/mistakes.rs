//! What the linter says, as an operator reads it.

use super::*;

fn told(sources: &[Source]) -> String {
    let mistakes = load(sources).unwrap_err();
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn every_mistake_of_every_file_is_told_with_its_place() {
    let first = r#"
name: Slow
titel: {en: "Slow", fr: "Lent"}
title: {en: "Slow { $x }"}
when:
  symptoms: [slow, sluggish]
  kinds: [Deploymnt]
queries:
  - name: rate
    unit: furlongs
    promql: sum(rate(http_requests_total{service=~"{{ service }}"}[5m])
  - name: rate
    unti: count
    promql: up{pod="{{ pods }}",ns={{ namespace }},x='{{ workload }}'}
  - unit: count
    name: 9lives
rules:
  - name: busy
    when: metrics.rates > 1
    say: {en: "{ $rates } a second", fr: ""}
  - name: busy
    when: metrics.rate >
    say:
      en: "Rate { $rate"
      fr: "{ NUMBER($rate) }"
  - name: typed
    when: metrics.rate == "x" || metrics.rate
    say: {en: "a", fr: "b"}
links:
  - title: {en: "Runbook", fr: "Runbook"}
    url: javascript:alert(1)
  - title: {en: "Runbook", fr: "Runbook"}
    url: https://user:pass@wiki.example.com/
  - url: "https://wiki.example.com/a b"
"#;
    let second = "name: other\ntitle: {en: a, fr: b}\nnext:\n  - en: only English\n  - {en: 'see https://wiki.example.com', fr: 'x'}\n  - {en: 'x', fr: '{ $pods_total }'}\n";
    let third = "name: [not, text]\n";
    let fourth = "name: syntax\ntitle: {en: a\nqueries:\n";
    let fifth = "# nothing\n";
    let taken = "name: cache\ntitle: {en: a, fr: b}\n";
    insta::assert_snapshot!(told(&[
        source("first", first),
        source("other", second),
        source("third", third),
        source("syntax", fourth),
        source("empty", fifth),
        source("a/cache", GOOD),
        source("b/cache", taken),
    ]));
}

#[test]
fn what_is_too_long_or_too_much_is_told() {
    let next = "  - {en: a, fr: b}\n".repeat(7);
    let long = "x".repeat(401);
    let query = "y".repeat(1_001);
    let text = format!(
        "name: much\ntitle: {{en: {long}, fr: b}}\nqueries:\n  - {{name: q, unit: count, promql: {query}}}\nnext:\n{next}"
    );
    insta::assert_snapshot!(told(&[source("much", &text)]));
}
