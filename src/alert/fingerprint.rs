//! What an alert is called over time, so that a repeat and a RESOLVED find the FIRING they belong to.

use std::fmt::Write as _;

use ring::digest::{Context, SHA256};

use super::Labels;

/// FNV-1a, 64 bits: offset basis and prime.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
/// Cannot occur in UTF-8, so it keeps names and values apart.
const SEPARATOR: u8 = 0xff;

/// Alertmanager's fingerprint of a set of labels: 16 lower-case hex digits. FNV-1a over name, 0xff, value,
/// 0xff of each label in the byte order of the names (prometheus/common, `model/signature.go`). Labels with
/// an empty value do not count: Alertmanager drops them at its door.
#[must_use]
pub fn of_labels(labels: &Labels) -> String {
    let hash = labels
        .iter()
        .filter(|(_, value)| !value.raw().is_empty())
        .fold(BASIS, |hash, (name, value)| {
            let name = name.bytes().chain([SEPARATOR]);
            let value = value.raw().bytes().chain([SEPARATOR]);
            name.chain(value).fold(hash, step)
        });
    format!("{hash:016x}")
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// The fingerprint as its sender wrote it, in lower case, when it has the shape of one: 16 hex digits.
#[must_use]
pub fn told(text: &str) -> Option<String> {
    let is_one = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_one.then(|| text.to_ascii_lowercase())
}

/// What something is called that has no fingerprint of its own: 32 hex digits over all the parts. Where one
/// part ends and the next begins counts.
#[must_use]
pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Context::new(&SHA256);
    for part in parts {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finish();
    digest.as_ref()[..16]
        .iter()
        .fold(String::with_capacity(32), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
