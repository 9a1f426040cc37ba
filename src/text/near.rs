//! Whether one word may be a slip of the keyboard, or a part, of another: what "did you mean" is allowed to say. No
//! suggestion is better than one that is far off.

/// Whether `word` may have been meant as `known`. Both in one case, without accents.
#[must_use]
pub fn is_near(word: &str, known: &str) -> bool {
    is_slip(word, known) || is_part(word, known)
}

/// One slip in four or five letters, two in up to eight, three in up to ten, then four; a first letter is seldom
/// the wrong one.
fn is_slip(word: &str, known: &str) -> bool {
    let length = |text: &str| text.chars().count();
    let most = match length(word).min(length(known)) {
        0..=3 => 0,
        4..=5 => 1,
        6..=8 => 2,
        9..=10 => 3,
        _ => 4,
    };
    let slips = strsim::osa_distance(word, known);
    let same_start = word.chars().next() == known.chars().next();
    slips <= most && (same_start || slips <= 1)
}

/// The beginning of it from three letters on, any part from four on.
fn is_part(word: &str, known: &str) -> bool {
    let (short, long) = if word.len() < known.len() {
        (word, known)
    } else {
        (known, word)
    };
    let letters = short.chars().count();
    letters >= 3 && long.starts_with(short) || letters >= 4 && long.contains(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_parts_are_near_and_other_words_are_not() {
        for (word, known) in [
            ("paymnt", "payment"),
            ("payemnt", "payment"),
            ("chekoot", "checkout"),
            ("catlog", "catalog"),
            ("pay", "payment"),
            ("frontnd", "frontend"),
            ("slack_token", "slack_bot_token"),
            ("report", "nightly-report"),
        ] {
            assert!(is_near(word, known), "{word} {known}");
        }
        for (word, known) in [
            ("zebra", "redis"),
            ("billing", "catalog"),
            ("cart", "user"),
            ("chat", "cart"),
            ("api", "app"),
            ("it", "checkout"),
            ("quantum", "postgres"),
            ("", "payment"),
        ] {
            assert!(!is_near(word, known), "{word} {known}");
        }
    }
}
