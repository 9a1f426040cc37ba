//! Any JSON as a Slack message of another bot.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::alert::text::{MAX_LABELS, MAX_VALUE, read};

fuzz_target!(|body: &[u8]| {
    let Ok(message) = serde_json::from_slice(body) else {
        return;
    };
    let Some(heard) = read("C0FUZZ", &message) else {
        return;
    };
    assert!(!heard.alerts.is_empty());
    for alert in &heard.alerts {
        assert_eq!(alert.fingerprint.len(), 32);
        assert!(alert.labels.len() <= MAX_LABELS + 2);
        assert!(
            alert
                .labels
                .values()
                .all(|value| value.raw().len() <= MAX_VALUE)
        );
    }
});
