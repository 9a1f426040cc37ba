//! One story, told to the real Alertmanager and to the sandbox's: what the second says, the first says too.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use vigie::clients::alertmanager::{
    AlertFilter, AlertState, Alertmanager, AlertmanagerError, Comparison, Matcher, NewSilence,
    SilenceKey, SilenceState,
};
use vigie::clock::Clock;
use vigie::sandbox::alertmanager::{Notifier, fingerprint};

use super::{Receivers, post};

/// A label value with everything that ends a string somewhere.
const NASTY: &str = "q\"b\\n\nx,}{{ $labels }} <!channel> \u{202e}é";

fn client(base: &str) -> Alertmanager {
    drop(rustls::crypto::ring::default_provider().install_default());
    Alertmanager::new(base, None, Duration::from_mins(1)).unwrap()
}

fn silence(matchers: Vec<Matcher>) -> NewSilence {
    NewSilence {
        key: SilenceKey::new("C1-1800000000.000100/silence-1").unwrap(),
        matchers,
        starts_at: Utc::now() - TimeDelta::minutes(5),
        ends_at: Utc::now() + TimeDelta::hours(1),
        created_by: "Claire (Slack U0ALICE)".into(),
        comment: "release \"42\" is under way\n<!channel>".into(),
    }
}

/// From the first alert to a silence and back.
async fn from_alert_to_silence_and_back(base: &str) {
    let client = client(base);
    assert_eq!(client.status().await.unwrap().version, "0.25.0");
    assert_eq!(client.alerts(&AlertFilter::default()).await.unwrap(), []);
    let sent = json!([
        {"labels": {"alertname": "KubePodCrashLooping", "namespace": "production", "pod": NASTY},
         "annotations": {"summary": "Pod is crash looping."}, "generatorURL": "http://prometheus.example/graph"},
        {"labels": {"alertname": "KubePodNotReady", "namespace": "production"}},
    ]);
    post(base, &sent).await;

    let by_pod = AlertFilter::meeting(vec![Matcher::equal("pod", NASTY)]);
    let found = client.alerts(&by_pod).await.unwrap();
    let [alert] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(alert.state, AlertState::Active);
    assert_eq!(alert.receivers, ["vigie"]);
    assert_eq!(alert.labels["pod"].raw(), NASTY);
    assert_eq!(alert.annotations["summary"].raw(), "Pod is crash looping.");
    assert!(alert.starts_at.unwrap() <= Utc::now() && alert.ends_at.unwrap() > Utc::now());
    let labels = alert
        .labels
        .iter()
        .map(|(name, value)| (name.clone(), value.raw().to_owned()));
    assert_eq!(alert.fingerprint, fingerprint(&labels.collect()));

    a_silence_mutes(&client, &by_pod).await;
}

/// Made, found, in effect, and ended: on an alert that is there.
async fn a_silence_mutes(client: &Alertmanager, by_pod: &AlertFilter) {
    let ours = silence(vec![
        Matcher::equal("pod", NASTY),
        Matcher::one_of("alertname", ["KubePodCrashLooping", "Kube.Pod"]),
        Matcher {
            comparison: Comparison::NotEqual,
            ..Matcher::equal("namespace", "staging")
        },
    ]);
    let id = client.create_silence(&ours).await.unwrap();
    let found = client.find_silence(&ours.key).await.unwrap().unwrap();
    assert_eq!(found, client.silence(&id).await.unwrap());
    assert_eq!(
        (found.id.as_str(), found.state),
        (id.as_str(), SilenceState::Active)
    );
    let sorted = |mut matchers: Vec<Matcher>| {
        matchers.sort_by(|a, b| a.name.cmp(&b.name));
        matchers
    };
    assert_eq!(sorted(found.matchers), sorted(ours.matchers.clone()));
    assert_eq!(found.created_by.raw(), "Claire (Slack U0ALICE)");

    let muted = &client.alerts(by_pod).await.unwrap()[0];
    assert_eq!(muted.state, AlertState::Suppressed);
    assert_eq!(muted.silenced_by, std::slice::from_ref(&id));
    let loud = AlertFilter {
        silenced: false,
        ..AlertFilter::default()
    };
    let names: Vec<_> = client.alerts(&loud).await.unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].labels["alertname"].raw(), "KubePodNotReady");
    let quiet = AlertFilter {
        active: false,
        ..AlertFilter::default()
    };
    assert_eq!(client.alerts(&quiet).await.unwrap().len(), 1);

    client.expire_silence(&id).await.unwrap();
    client.expire_silence(&id).await.unwrap();
    assert_eq!(
        client.silence(&id).await.unwrap().state,
        SilenceState::Expired
    );
    let found = client.find_silence(&ours.key).await.unwrap().unwrap();
    assert_eq!(found.state, SilenceState::Expired);
    assert_eq!(
        client.alerts(by_pod).await.unwrap()[0].state,
        AlertState::Active
    );
}

/// What it does not take, and in which words.
async fn what_is_refused_is_told(base: &str) {
    let client = client(base);
    let refused = async |silence: NewSilence| match client.create_silence(&silence).await {
        Err(AlertmanagerError::BadRequest(why)) => why,
        other => panic!("{other:?}"),
    };
    let good = || silence(vec![Matcher::equal("alertname", "X")]);
    let why = refused(silence(Vec::new())).await;
    assert_eq!(why, "matchers in body should have at least 1 items");
    let why = refused(silence(vec![Matcher::equal("alertname", "")])).await;
    assert!(
        why.contains("at least one matcher must not match the empty string"),
        "{why}"
    );
    let backwards = NewSilence {
        ends_at: Utc::now() - TimeDelta::hours(1),
        ..good()
    };
    assert!(
        refused(backwards)
            .await
            .contains("start time must be before end time")
    );
    let past = NewSilence {
        starts_at: Utc::now() - TimeDelta::hours(2),
        ends_at: Utc::now() - TimeDelta::hours(1),
        ..good()
    };
    assert!(
        refused(past)
            .await
            .contains("end time can't be in the past")
    );
    let broken = Matcher {
        comparison: Comparison::Matches,
        ..Matcher::equal("a", "(")
    };
    refused(silence(vec![broken.clone()])).await;
    let error = client
        .alerts(&AlertFilter::meeting(vec![broken]))
        .await
        .unwrap_err();
    assert!(matches!(error, AlertmanagerError::BadRequest(_)), "{error}");
}

/// Silences and places that are not there.
async fn what_is_not_there_is_told(base: &str) {
    let client = client(base);
    let nobody = "00000000-0000-0000-0000-000000000000";
    assert_eq!(
        client.silence(nobody).await,
        Err(AlertmanagerError::NotFound)
    );
    assert_eq!(
        client.expire_silence(nobody).await,
        Err(AlertmanagerError::NotFound)
    );
    assert_eq!(
        client.expire_silence("../alerts").await,
        Err(AlertmanagerError::NotFound)
    );
    assert_eq!(client.silences(&[]).await.unwrap(), []);
    let elsewhere = self::client(&format!("{base}/prefix"))
        .status()
        .await
        .unwrap_err();
    assert!(
        matches!(elsewhere, AlertmanagerError::NotAlertmanager(_)),
        "{elsewhere}"
    );
}

#[tokio::test]
async fn the_real_one_mutes_and_speaks_again() {
    let Some(real) = Receivers::default().start().await else {
        return;
    };
    from_alert_to_silence_and_back(&real.url()).await;
}

#[tokio::test]
async fn the_sandbox_mutes_and_speaks_again() {
    let server = Notifier::start(Clock::system()).unwrap();
    from_alert_to_silence_and_back(&server.url()).await;
}

#[tokio::test]
async fn the_real_one_says_what_it_does_not_take() {
    let Some(real) = Receivers::default().start().await else {
        return;
    };
    what_is_refused_is_told(&real.url()).await;
    what_is_not_there_is_told(&real.url()).await;
}

#[tokio::test]
async fn the_sandbox_says_what_it_does_not_take() {
    let server = Notifier::start(Clock::system()).unwrap();
    what_is_refused_is_told(&server.url()).await;
    what_is_not_there_is_told(&server.url()).await;
}

/// The root alert mutes its symptom; both servers name the root.
async fn an_inhibited_alert_names_its_root(base: &str, root: &str) {
    let client = client(base);
    let symptom = AlertFilter::meeting(vec![Matcher::equal("alertname", "KubePodNotReady")]);
    let found = client.alerts(&symptom).await.unwrap();
    assert_eq!(found[0].state, AlertState::Suppressed);
    assert_eq!(found[0].inhibited_by, [root]);
    let loud = AlertFilter {
        inhibited: false,
        ..symptom
    };
    assert_eq!(client.alerts(&loud).await.unwrap(), []);
}

#[tokio::test]
async fn what_another_alert_mutes_is_seen_with_its_root() {
    let alerts = json!([
        {"labels": {"alertname": "KubeNodeNotReady", "node": "n1"}},
        {"labels": {"alertname": "KubePodNotReady", "node": "n1"}},
    ]);
    let root = [("alertname", "KubeNodeNotReady"), ("node", "n1")];
    let root = fingerprint(&root.map(|(name, value)| (name.into(), value.into())).into());

    let server = Notifier::start(Clock::system()).unwrap();
    let names = server.take(&alerts).unwrap();
    server.inhibit(&names[1], &names[0]);
    an_inhibited_alert_names_its_root(&server.url(), &root).await;

    let receivers = Receivers {
        inhibit: json!([{
            "source_matchers": ["alertname=KubeNodeNotReady"],
            "target_matchers": ["alertname=KubePodNotReady"], "equal": ["node"],
        }]),
        ..Receivers::default()
    };
    let Some(real) = receivers.start().await else {
        return;
    };
    post(&real.url(), &alerts).await;
    an_inhibited_alert_names_its_root(&real.url(), &root).await;
}
