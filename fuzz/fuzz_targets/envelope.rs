//! Any JSON as an envelope of Slack's socket.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::intake::slack::{Us, keys, read};

fuzz_target!(|body: &[u8]| {
    let Ok(envelope) = serde_json::from_slice(body) else {
        return;
    };
    let us = Us {
        team_id: "T0FAKE".to_owned(),
        user_id: "U0FAKE".to_owned(),
        bot_id: Some("B0FAKE".to_owned()),
        alert_senders: vec![("C0".to_owned(), vec!["B1".to_owned()])],
    };
    let _ = read(&envelope, &us);
    assert!(keys(&envelope).iter().all(|key| key.contains('/')));
});
