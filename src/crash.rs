//! Named places where a test may kill the process (reliability.md F1). Without the `sandbox` feature
//! nothing of this exists in the binary.

/// Ends the process at once, as `kill -9` would, if `VIGIE_CRASH_AT` names this place. With
/// `name:3` it is the third time that counts.
#[cfg(feature = "sandbox")]
pub(crate) fn crash_point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static WANTED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let wanted = WANTED.get_or_init(|| {
        let wanted = std::env::var("VIGIE_CRASH_AT").ok()?;
        let (name, times) = wanted.split_once(':').unwrap_or((&wanted, "1"));
        Some((name.to_owned(), times.parse().unwrap_or(1)))
    });
    let Some((place, times)) = wanted else { return };
    if place == name && SEEN.fetch_add(1, Ordering::SeqCst) + 1 >= *times {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(feature = "sandbox"))]
#[inline]
pub(crate) fn crash_point(_name: &str) {}

/// Every place, in the order an event passes them: the crash tests go through the list.
pub const CRASH_POINTS: &[&str] = &[
    "event-received",
    "event-saved",
    "intent-before",
    "intent-decided",
    "intent-committed",
    "claim-before",
    "claim-committed",
    "send-before",
    "send-after",
    "sent-committed",
    "look-done",
    "look-committed",
];
