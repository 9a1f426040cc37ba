//! The past of a rule, for advice on it: from a real Prometheus with a week of values, and from one that fails in
//! every way. Each way has words of its own in both languages.

use chrono::Utc;
use serde_json::{Value, json};
use vigie::alert::advice::{Firings, Past, advise};
use vigie::alert::{Labels, RuleExpr};
use vigie::cli::looks::ClusterLooks;
use vigie::engine::{Looks, PastOf};
use vigie::post::{Medium, Words};
use vigie::sandbox::World;
use vigie::sandbox::fault::Wire;
use vigie::sandbox::prometheus::PromFault;
use vigie::text::{Arg, Language, Message, Untrusted};

use super::{prometheus, sources};
use crate::cluster::past::Past as Series;
use crate::cluster::prometheus::{Prometheus as Real, Watch};

fn of(name: &str, pod: &str) -> PastOf {
    let labels = [
        ("alertname", name),
        ("namespace", "production"),
        ("pod", pod),
        ("severity", "warning"),
    ];
    let labels = labels.map(|(name, value)| (name.to_owned(), Untrusted::new(value)));
    PastOf {
        environment: None,
        name: Untrusted::new(name),
        labels: Labels::from(labels),
    }
}

/// Reads the past as the bot does.
async fn read(world: &World, url: Option<&str>, of: PastOf) -> Past {
    let mut sources = sources(world).await;
    sources.prometheus = url.map(prometheus);
    ClusterLooks::at(sources, Vec::new(), world.clock.clone())
        .past(of)
        .await
}

/// The ids of a message and of those inside.
fn ids(message: &Message) -> Vec<String> {
    let mut all = vec![message.id.to_string()];
    for arg in message.args.values() {
        if let Arg::Message(inner) = arg {
            all.extend(ids(inner));
        }
    }
    all
}

#[tokio::test]
async fn every_way_to_fail_has_its_own_words_in_both_languages() {
    let world = World::start().await.unwrap();
    let url = world.prometheus.url();
    let status = |code, body: &str| PromFault::Wire(Wire::Status(code, body.to_owned()));
    let ways = [
        (PromFault::Unprocessable, "unread-refused"),
        (PromFault::TimedOut, "unread-late"),
        (status(503, "upstream is not there"), "unread-status"),
        (status(403, ""), "unread-forbidden"),
        (status(200, ""), "unread-nonsense"),
        (PromFault::Wire(Wire::Html), "unread-nonsense"),
        (PromFault::Wire(Wire::Huge(200 << 20)), "unread-large"),
        (PromFault::Wire(Wire::Cut), "unread-unreachable"),
    ];
    for (fault, wanted) in ways {
        world
            .prometheus
            .fault("/api/v1/rules", fault.clone(), Some(1));
        let past = read(&world, Some(&url), of("CPUHigh", "a")).await;
        let why = past.unread.unwrap();
        assert_eq!(ids(&why), ["unread-rule", wanted], "{fault:?}");
        let said = |language| Words::new(language, Utc::now()).say(&why, Medium::Slack);
        let (english, french) = (said(Language::En), said(Language::Fr));
        assert!(english.starts_with("the rule, "), "{english}");
        assert!(french.starts_with("la règle, "), "{french}");
        assert!(past.rule.is_none() && past.history.is_none());
    }
    let past = read(&world, Some(&url), of("CPUHigh", "a")).await;
    assert_eq!(ids(&past.unread.unwrap()), ["unread-no-rule"]);
    let past = read(&world, None, of("CPUHigh", "a")).await;
    assert_eq!(ids(&past.unread.unwrap()), ["unread-not-configured"]);
    // The rule is read, its values are not: both are said.
    let rule =
        json!({"type": "alerting", "name": "CPUHigh", "query": "usage > 0.9", "duration": 300});
    world.prometheus.set_rules(
        vec![json!({"name": "a", "rules": [rule]})],
        Vec::new(),
        Vec::new(),
    );
    world
        .prometheus
        .fault("/api/v1/query_range", PromFault::Unprocessable, Some(1));
    let past = read(&world, Some(&url), of("CPUHigh", "a")).await;
    assert_eq!(
        past.rule.unwrap().expression,
        RuleExpr::from_rules_api("usage > 0.9")
    );
    assert_eq!(
        ids(&past.unread.unwrap()),
        ["unread-values", "unread-refused"]
    );
}

/// A week of a pod's usage in steps of a minute: calm at 0.6, and passed 0.9 five times for a quarter of an hour.
fn usage(series: &mut Series, pod: &str, levels: [f64; 5]) {
    let now = Utc::now().timestamp();
    let at = |after: i64| {
        let spell = usize::try_from(after / 86_400).unwrap();
        let inside = (3_600..4_560).contains(&(after % 86_400));
        levels.get(spell).filter(|_| inside).copied().unwrap_or(0.6)
    };
    let points = (0..7 * 86_400).step_by(60);
    let samples = points.map(|after| (now - 7 * 86_400 + after, at(after)));
    let labels =
        format!("namespace=\"production\",pod=\"{pod}\",container=\"app\",endpoint=\"http\"");
    series.tell("container_usage", &labels, samples.collect());
}

/// Two rules of one name that differ in their severity and threshold.
fn busy() -> Value {
    let rule = |severity: &str, threshold: f64| {
        json!({"alert": "CPUHigh", "expr": format!("max by (namespace, pod) (container_usage) > {threshold}"),
            "for": "5m", "labels": {"severity": severity}, "annotations": {"summary": "{{ $labels.pod }} is busy"}})
    };
    json!({"groups": [{"name": "busy", "rules": [rule("warning", 0.9), rule("critical", 0.98)]}]})
}

#[tokio::test]
async fn a_real_prometheus_tells_the_rule_and_a_week_of_the_series_that_fired() {
    let mut series = Series::default();
    usage(&mut series, "payment-1", [0.91, 0.92, 0.92, 0.94, 0.99]);
    usage(&mut series, "other-1", [1.0; 5]);
    let Some(folder) = series.written() else {
        return;
    };
    let data = folder.path().join("data");
    let watch = Watch {
        data: Some(&data),
        rules: vec![busy().to_string()],
        ..Watch::default()
    };
    let Some(prometheus) = Real::watching(watch).await else {
        return;
    };
    let world = World::start().await.unwrap();
    let past = read(&world, Some(&prometheus.url()), of("CPUHigh", "payment-1")).await;
    assert_eq!(past.unread, None);
    let rule = past.rule.as_ref().unwrap();
    assert_eq!(rule.holds_for, 300);
    assert!(rule.expression.expression().ends_with("> 0.9"), "{rule:?}");
    let history = past.history.as_ref().unwrap();
    assert!(history.points.len() > 1_900, "{}", history.points.len());
    let highest = history
        .points
        .iter()
        .map(|point| point.1)
        .fold(0.0, f64::max);
    assert!(
        (highest - 0.99).abs() < 1e-9,
        "that of the other pod: {highest}"
    );
    let firings = Firings {
        name: "CPUHigh".into(),
        times: 10,
        lasted: Vec::new(),
        critical: false,
    };
    let advice = advise(&firings, &past).unwrap().threshold.unwrap();
    assert!(
        (advice.from - 0.9).abs() < 1e-9 && advice.fired == 5,
        "{advice:?}"
    );
    assert!(
        (0.94..0.99).contains(&advice.to) && advice.would_fire == 1,
        "{advice:?}"
    );
    // Without the pod's label two series fit, and a history of two would be a lie.
    let mut vague = of("CPUHigh", "payment-1");
    vague.labels.remove("pod");
    let past = read(&world, Some(&prometheus.url()), vague).await;
    assert!(past.rule.is_some() && past.history.is_none());
    let past = read(
        &world,
        Some(&prometheus.url()),
        of("NoSuchRule", "payment-1"),
    )
    .await;
    assert_eq!(ids(&past.unread.unwrap()), ["unread-no-rule"]);
}
