//! Any text through the escapers and the redactor: nothing comes out alive, and what is redacted stays so.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vigie::text::{Redactor, Untrusted};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(["FAKE-secret-of-our-own"]));

fuzz_target!(|text: &str| {
    let untrusted = Untrusted::from(text);
    for shown in [untrusted.to_slack(), untrusted.to_slack_code()] {
        assert!(!shown.contains(['<', '>', '`', '\n', '\u{1b}', '\u{202e}']));
    }
    assert!(!untrusted.to_plain().contains(['\n', '\u{1b}', '\u{202e}']));
    assert!(!untrusted.to_markdown().contains(['<', '\n']));
    let redacted = REDACTOR.redact(text).into_owned();
    assert!(!redacted.contains("FAKE-secret-of-our-own"));
});
