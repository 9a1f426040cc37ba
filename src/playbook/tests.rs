//! What is accepted, what is refused and in which words, what cannot be done with a playbook, and that
//! the built-in ones do what their fixtures say.

mod attack;
mod choosing;
mod mistakes;
mod subjects;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::finding::{Cause, Verdict};
use crate::text::{Arg, Wording};

pub(super) const GOOD: &str = r#"
name: cache
title: {en: "The cache is cold", fr: "Le cache est froid"}
when:
  symptoms: [slow]
  kinds: [Deployment]
queries:
  - name: hit_ratio
    unit: ratio
    promql: min(cache_hit_ratio{namespace="{{ namespace }}",pod=~"{{ pods }}"})
rules:
  - name: cold
    when: metrics.hit_ratio < 0.5 && !("oom-killed" in causes)
    say:
      en: "Only { $hit_ratio } of the reads hit the cache of `{ $workload }`."
      fr: "Seules { $hit_ratio } des lectures touchent le cache de `{ $workload }`."
next:
  - {en: "Look at `kubectl -n { $namespace } get pods`.", fr: "Regardez `kubectl -n { $namespace } get pods`."}
links:
  - title: {en: "Cache runbook", fr: "Runbook du cache"}
    url: https://wiki.example.com/cache?x=1&y=2
"#;

pub(super) fn source(name: &str, text: &str) -> Source {
    Source {
        file: format!("{name}.yaml"),
        text: text.to_owned(),
    }
}

fn good() -> Playbook {
    load(&[source("cache", GOOD)]).unwrap().remove(0)
}

pub(super) fn facts() -> Facts {
    Facts {
        namespace: Some("production".into()),
        workload: Some("payment".into()),
        kind: Some(Kind::Deployment),
        symptoms: vec![Symptom::Slow],
        verdict: Verdict::CauseFound,
        unsure: false,
        causes: Vec::new(),
        findings: Vec::new(),
        pods: None,
        replicas: None,
        alert: None,
        labels: std::collections::BTreeMap::new(),
    }
}

fn values(pairs: &[(&str, f64)]) -> Values {
    let own = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value));
    Values::from([("cache".to_owned(), own.collect())])
}

#[test]
fn a_rule_that_holds_gives_its_note_with_its_numbers() {
    let playbook = good();
    let advice = advise(&[&playbook], &facts(), &values(&[("hit_ratio", 0.2)]));
    assert_eq!(advice.len(), 1);
    let note = &advice[0].notes[0];
    assert_eq!(note.rule, "cold");
    assert_eq!(note.says.args["hit_ratio"], Arg::Percent(0.2));
    assert_eq!(note.says.args["workload"], Arg::from("payment"));
    assert!(
        !note.says.args.contains_key("namespace"),
        "only what it uses"
    );
    assert!(advice[0].next.is_empty(), "a cause is named");
    assert_eq!(advice[0].links.len(), 1);
}

#[test]
fn what_does_not_hold_or_is_not_known_stays_quiet() {
    let playbook = good();
    let notes = |facts: &Facts, values: &Values| {
        let advice = advise(&[&playbook], facts, values);
        advice.iter().map(|one| one.notes.len()).sum::<usize>()
    };
    assert_eq!(notes(&facts(), &values(&[("hit_ratio", 0.9)])), 0);
    assert_eq!(notes(&facts(), &Values::new()), 0, "no data is no zero");
    let killed = Facts {
        causes: vec![Cause::OomKilled],
        ..facts()
    };
    assert_eq!(notes(&killed, &values(&[("hit_ratio", 0.2)])), 0);
    let wide = Facts {
        workload: None,
        ..facts()
    };
    let hole = notes(&wide, &values(&[("hit_ratio", 0.2)]));
    assert_eq!(hole, 0, "a sentence with a hole is not said");
}

#[test]
fn a_healthy_answer_carries_nothing_and_a_lost_one_the_next_steps() {
    let playbook = good();
    let with = |verdict| {
        let facts = Facts { verdict, ..facts() };
        advise(&[&playbook], &facts, &values(&[("hit_ratio", 0.9)]))
    };
    for calm in [Verdict::Healthy, Verdict::Recovered, Verdict::Expected] {
        assert!(with(calm).is_empty());
    }
    for lost in [Verdict::Unknown, Verdict::CouldNotLook] {
        assert_eq!(
            (with(lost)[0].next.len(), with(lost)[0].links.len()),
            (1, 1)
        );
    }
}

#[test]
fn playbooks_are_chosen_by_symptom_and_kind() {
    let any = GOOD.replace("symptoms: [slow]", "").replace("cache", "any");
    let errors = GOOD
        .replace("[slow]", "[errors]")
        .replace("cache", "errors");
    let all = [("cache", GOOD), ("any", &any), ("errors", &errors)];
    let sources: Vec<Source> = all.map(|(name, text)| source(name, text)).to_vec();
    let playbooks = Playbooks::new(load(&sources).unwrap());
    let chosen = |symptoms: &[Symptom], kinds: &[Kind]| {
        let chosen = playbooks.chosen(symptoms, kinds).into_iter();
        chosen
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let deployment = [Kind::Service, Kind::Deployment];
    assert_eq!(chosen(&[Symptom::Slow], &deployment), "cache any");
    let both = [Symptom::Errors, Symptom::Slow];
    assert_eq!(chosen(&both, &deployment), "errors cache any");
    assert_eq!(chosen(&[], &deployment), "any");
    assert_eq!(chosen(&both, &[Kind::StatefulSet]), "");
    assert_eq!(chosen(&both, &[]), "", "a wide question has no kind");
}

#[test]
fn all_of_an_investigation_ask_eight_queries_at_most() {
    let query = |at: usize| format!("  - {{name: q{at}, unit: count, promql: up}}\n");
    let entries: String = (0..5).map(query).collect();
    let file = |name: &str| {
        let text = format!("name: {name}\ntitle: {{en: a, fr: b}}\nqueries:\n{entries}");
        source(name, &text)
    };
    let all = load(&[file("a"), file("b")]).unwrap();
    let chosen: Vec<&Playbook> = all.iter().collect();
    let asked = queries(&chosen);
    assert_eq!(asked.len(), MAX_QUERIES);
    assert_eq!(asked[4].0.name, "a");
    assert_eq!(asked[5].0.name, "b");
}

#[test]
fn a_file_of_the_same_name_replaces_the_built_in_one() {
    let own = GOOD.replace("name: cache", "name: slow");
    let mut all = built_in().unwrap();
    let count = all.len();
    all.extend(load(&[source("own/slow", &own)]).unwrap());
    let playbooks = Playbooks::new(all);
    assert_eq!(playbooks.iter().count(), count);
    assert_eq!(playbooks.get("slow").unwrap().file, "own/slow.yaml");
}

#[test]
fn every_unit_has_its_notation() {
    let text = |unit: &str| {
        GOOD.replace("unit: ratio", &format!("unit: {unit}"))
            .replace("< 0.5", "< 1000.0")
    };
    let shown = |unit: &str, value: f64| {
        let playbook = load(&[source("cache", &text(unit))]).unwrap().remove(0);
        let advice = advise(&[&playbook], &facts(), &values(&[("hit_ratio", value)]));
        advice[0].notes[0].says.args["hit_ratio"].clone()
    };
    assert_eq!(shown("count", 2.6), Arg::Count(3));
    assert_eq!(shown("bytes", 512.0), Arg::Bytes(512));
    assert_eq!(shown("cores", 0.25), Arg::Millicores(250));
    assert_eq!(shown("number", 0.25), Arg::Number(0.25));
    assert_eq!(shown("seconds", 90.0), Arg::Span(90));
    assert!(matches!(shown("seconds", 0.4), Arg::Message(_)));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks")
}

fn files(folder: &Path, below: &str, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            files(&path, &format!("{below}{name}/"), into);
        } else {
            into.insert(format!("{below}{name}"));
        }
    }
}

#[test]
fn the_built_in_lists_are_the_folder() {
    let mut found = BTreeSet::new();
    files(&folder(), "", &mut found);
    let listed = BUILT_IN.iter().chain(BUILT_IN_FIXTURES);
    let listed: BTreeSet<String> = listed.map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(listed, found);
}

#[test]
fn the_built_in_playbooks_pass_their_own_fixtures() {
    let playbooks = built_in().unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    for playbook in &playbooks {
        let own = format!("tests/{}/", playbook.name);
        let fixtures = BUILT_IN_FIXTURES
            .iter()
            .filter(|(file, _)| file.starts_with(&own));
        let fixtures: Vec<Source> = fixtures
            .map(|(file, text)| Source {
                file: (*file).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let replayed = replay(playbook, &fixtures);
        assert_eq!(replayed.failures, Vec::<String>::new(), "{}", playbook.name);
        assert!(
            !playbook.next.is_empty(),
            "{} leaves one alone",
            playbook.name
        );
    }
}

#[test]
fn a_fixture_that_is_wrong_fails() {
    let playbook = good();
    let fixture = |notes: &str, quiet: &str, value: f64| {
        source(
            "tests/cache/x",
            &format!(
                "case: {{namespace: a, workload: b, verdict: unknown}}\nmetrics: {{hit_ratio: {value}}}\nnotes: [{notes}]\nquiet: [{quiet}]\n"
            ),
        )
    };
    let failures = |fixtures: &[Source]| replay(&playbook, fixtures).failures;
    let (fires, quiet) = (fixture("cold", "", 0.1), fixture("", "cold", 0.9));
    assert_eq!(
        failures(&[fires.clone(), quiet.clone()]),
        Vec::<String>::new()
    );
    assert_eq!(
        failures(std::slice::from_ref(&fires)),
        ["cache: no fixture keeps quiet the rule cold"]
    );
    assert_eq!(
        failures(std::slice::from_ref(&quiet)),
        ["cache: no fixture fires the rule cold"]
    );
    let wrong = |fixture: Source| failures(&[fires.clone(), quiet.clone(), fixture]);
    assert_eq!(
        wrong(fixture("cold", "", 0.9)),
        ["tests/cache/x.yaml: cold should have given its note"]
    );
    assert_eq!(
        wrong(fixture("", "cold", 0.1)),
        ["tests/cache/x.yaml: cold should have stayed quiet"]
    );
    assert_eq!(
        wrong(fixture("", "", 0.1)),
        ["tests/cache/x.yaml: cold gave a note that the fixture does not name"]
    );
    assert_eq!(
        wrong(fixture("", "warm", 0.9)),
        ["tests/cache/x.yaml: there is no rule warm"]
    );
    assert_eq!(wrong(source("tests/cache/x", "case: 1")).len(), 1);
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let path = folder().with_file_name("deploy/playbook.schema.json");
    let now = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("VIGIE_UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap();
    assert_eq!(published, now, "run with VIGIE_UPDATE_SCHEMA=1");
}

#[test]
fn the_built_in_playbooks_keep_to_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (file, text) in BUILT_IN {
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|one| one.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{file}");
    }
    let bad: serde_json::Value = serde_saphyr::from_str("name: x\nsymptom: [slow]").unwrap();
    assert!(!validator.is_valid(&bad));
}

#[test]
fn both_languages_use_the_same_variables() {
    let same = |wording: &Wording, of: &str| {
        let own = |text: &str| {
            let one = Wording {
                en: text.to_owned(),
                ..Wording::default()
            };
            let names = one.variables().into_iter().map(str::to_owned);
            names.collect::<BTreeSet<String>>()
        };
        assert_eq!(own(&wording.en), own(&wording.fr), "{of}");
    };
    for playbook in built_in().unwrap() {
        for rule in &playbook.rules {
            same(&rule.say, &rule.name);
        }
        for next in &playbook.next {
            same(next, &playbook.name);
        }
    }
}
