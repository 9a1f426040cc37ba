//! Any bytes as the body of a webhook.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::alert::webhook::{self, MAX_ALERTS, MAX_KEY, MAX_LABELS};

fuzz_target!(|body: &[u8]| {
    match webhook::read(body) {
        Err(refused) => assert!(!refused.code().is_empty()),
        Ok(notice) => {
            let group = notice.group;
            assert!(!group.alerts.is_empty() && group.alerts.len() <= MAX_ALERTS);
            assert!(group.key.len() <= MAX_KEY);
            for alert in &group.alerts {
                assert_eq!(alert.fingerprint.len(), 16);
                assert!(alert.labels.len() <= MAX_LABELS);
            }
        }
    }
    let now = chrono::DateTime::UNIX_EPOCH;
    let header = std::str::from_utf8(body).ok();
    assert!(webhook::verify_grafana(header, None, body, b"FAKE", now).is_err());
    assert!(webhook::verify_grafana(header, header, body, b"FAKE", now).is_err());
});
