//! Any message beside any alerts an API could know: `{"message": …, "known": [{labels}, …]}`. What comes out
//! was in one of the two.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use vigie::alert::{Alert, Labels, State, fingerprint, join, text};
use vigie::text::Untrusted;

fn alert(told: &Value) -> Option<Alert> {
    let labels: Labels = told
        .as_object()?
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), Untrusted::from(value.as_str()?))))
        .collect();
    Some(Alert {
        name: labels.get("alertname").cloned().unwrap_or_default(),
        state: State::Firing,
        fingerprint: fingerprint::of_labels(&labels),
        labels,
        annotations: Labels::new(),
        starts_at: None,
        ends_at: None,
        generator: None,
    })
}

fuzz_target!(|body: &[u8]| {
    let Ok(told) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let known: Vec<Alert> = told["known"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(alert)
        .collect();
    let Some(heard) = text::read("C0FUZZ", &told["message"]) else {
        return;
    };
    let group = join::join(&heard, &known);
    let all = heard.alerts.iter().chain(&known);
    let told: Vec<_> = all.flat_map(|alert| alert.labels.iter()).collect();
    for pair in group.alerts.iter().flat_map(|alert| alert.labels.iter()) {
        assert!(told.contains(&pair));
    }
});
