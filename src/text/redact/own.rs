//! The bot's own secrets, found exactly: as they are, URL-encoded, and inside Base64 at any of its
//! three alignments (`user:secret` in a Basic header starts in the middle of a group).

use std::fmt::Write as _;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter values would destroy ordinary text; configuration refuses such secrets anyway.
const SHORTEST: usize = 6;

/// Every form of every own secret.
#[derive(Default)]
pub(super) struct OwnSecrets(Option<AhoCorasick>);

impl OwnSecrets {
    pub(super) fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut forms = Vec::new();
        for secret in secrets {
            let secret = secret.as_ref().trim();
            if secret.len() >= SHORTEST {
                forms.extend(forms_of(secret));
            }
        }
        if forms.is_empty() {
            return Self(None);
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(forms);
        Self(finder.ok())
    }

    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.0
            .iter()
            .flat_map(move |finder| finder.find_iter(text).map(|hit| hit.range()))
    }
}

fn forms_of(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        percent(secret, false),
        percent(secret, true),
    ];
    for shift in 0..3 {
        let mut bytes = vec![0; shift];
        bytes.extend_from_slice(secret.as_bytes());
        for encoded in [
            STANDARD_NO_PAD.encode(&bytes),
            URL_SAFE_NO_PAD.encode(&bytes),
        ] {
            // The first characters hold bits of what stands before, the last of what follows.
            let from = [0, 2, 3][shift];
            let to = encoded.len() - usize::from(bytes.len() % 3 != 0);
            if to - from >= SHORTEST {
                forms.push(encoded[from..to].to_owned());
            }
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn percent(text: &str, lower: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let _ = match (unreserved, lower) {
            (true, _) => write!(out, "{}", char::from(byte)),
            (false, true) => write!(out, "%{byte:02x}"),
            (false, false) => write!(out, "%{byte:02X}"),
        };
    }
    out
}
