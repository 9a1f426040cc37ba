//! Any text as the YAML of a playbook.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie::playbook::{Source, load};

fuzz_target!(|text: &str| {
    let source = Source {
        file: "fuzz.yaml".to_owned(),
        text: text.to_owned(),
    };
    if let Err(mistakes) = load(&[source]) {
        assert!(!mistakes.is_empty());
        assert!(
            mistakes
                .iter()
                .all(|mistake| !mistake.what.is_empty() && !mistake.fix.is_empty())
        );
    }
});
