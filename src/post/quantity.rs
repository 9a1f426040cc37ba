//! Numbers, sizes and lengths of time as people of each language write them, and as Kubernetes
//! writes its quantities.

use std::fmt::Write as _;

use crate::text::Language;

/// A narrow no-break space: French puts it before a unit and a percent sign.
const NARROW_SPACE: char = '\u{202f}';
/// Suffixes of Kubernetes' binary quantities, largest first.
const BINARY: [(&str, u64); 5] = [
    ("Pi", 1 << 50),
    ("Ti", 1 << 40),
    ("Gi", 1 << 30),
    ("Mi", 1 << 20),
    ("Ki", 1 << 10),
];
/// Units of a length of time in seconds, largest first; the symbols are the same in both languages.
const SPANS: [(&str, &str, i64); 4] = [
    ("d", "j", 86_400),
    ("h", "h", 3_600),
    ("min", "min", 60),
    ("s", "s", 1),
];

/// A number with at most `decimals` decimals, trailing zeros dropped.
pub(super) fn number(value: f64, decimals: usize, language: Language) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let mut text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" {
        "0".clone_into(&mut text);
    }
    match language {
        Language::En => text,
        Language::Fr => text.replace('.', ","),
    }
}

/// A share between 0 and 1: `61%`, in French `61 %`; small shares keep the decimals that tell
/// them from nothing.
pub(super) fn percent(share: f64, language: Language) -> String {
    let value = share * 100.0;
    let decimals = match value.abs() {
        size if size >= 10.0 => 0,
        size if size >= 1.0 => 1,
        _ => 2,
    };
    let text = number(value, decimals, language);
    match language {
        Language::En => format!("{text}%"),
        Language::Fr => format!("{text}{NARROW_SPACE}%"),
    }
}

/// Bytes as a Kubernetes quantity: `512Mi`, `1.5Gi`. Quantities are copied into manifests, so they
/// keep the decimal point in every language; a value between two halves is said in the next smaller
/// suffix instead of being rounded (`1300Mi`).
pub(super) fn bytes(value: u64) -> String {
    let Some(at) = BINARY.iter().position(|(_, size)| value >= *size) else {
        return value.to_string();
    };
    let scaled = ratio(value, BINARY[at].1);
    match BINARY.get(at + 1) {
        Some((smaller, size)) if scaled < 10.0 && (scaled * 2.0).fract() != 0.0 => {
            format!("{:.0}{smaller}", ratio(value, *size))
        }
        _ => format!("{}{}", number(scaled, 1, Language::En), BINARY[at].0),
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn ratio(value: u64, size: u64) -> f64 {
    value as f64 / size as f64
}

/// Thousandths of a CPU as Kubernetes writes them: `250m`, `2`, `1500m`.
pub(super) fn millicores(value: u64) -> String {
    if value > 0 && value.is_multiple_of(1000) {
        return (value / 1000).to_string();
    }
    format!("{value}m")
}

/// A length of time in its one or two largest units: `1 h 5 min`, `40 s`, `2 d`.
pub(super) fn span(seconds: i64, language: Language) -> String {
    let total = seconds.abs();
    let Some(first) = SPANS.iter().position(|(.., size)| total >= *size) else {
        return format!("0{NARROW_SPACE}s");
    };
    let unit = |(en, fr, _): (&'static str, &'static str, i64)| match language {
        Language::En => en,
        Language::Fr => fr,
    };
    let (.., size) = SPANS[first];
    let mut text = format!("{}{NARROW_SPACE}{}", total / size, unit(SPANS[first]));
    // Seconds beside minutes matter below five minutes only.
    let rest = total % size;
    if let Some(second) = SPANS.get(first + 1)
        && rest / second.2 > 0
        && (second.2 > 1 || total < 300)
    {
        text.push(' ');
        let _ = write!(text, "{}{NARROW_SPACE}{}", rest / second.2, unit(*second));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Fr};

    #[test]
    fn numbers_follow_the_reader() {
        assert_eq!(number(2.4, 2, En), "2.4");
        assert_eq!(number(2.456, 2, Fr), "2,46");
        assert_eq!(number(-0.0001, 2, En), "0");
        assert_eq!(number(1000.0, 2, Fr), "1000");
        assert_eq!(number(f64::NAN, 2, En), "?");
        assert_eq!(percent(0.61, En), "61%");
        assert_eq!(percent(0.614, Fr), "61\u{202f}%");
        assert_eq!(percent(0.002, Fr), "0,2\u{202f}%");
        assert_eq!(percent(0.0512, En), "5.1%");
        assert_eq!(percent(1.0, En), "100%");
        assert_eq!(percent(0.0, En), "0%");
    }

    #[test]
    fn quantities_are_those_of_kubernetes() {
        assert_eq!(bytes(512 << 20), "512Mi");
        assert_eq!(bytes(2 << 30), "2Gi");
        assert_eq!(bytes(3 << 29), "1.5Gi");
        assert_eq!(bytes(1300 << 20), "1300Mi");
        assert_eq!(bytes(13_000 << 20), "12.7Gi");
        assert_eq!(bytes(1000), "1000");
        assert_eq!(bytes(1536), "1.5Ki");
        assert_eq!(bytes(0), "0");
        assert_eq!(millicores(250), "250m");
        assert_eq!(millicores(2000), "2");
        assert_eq!(millicores(1500), "1500m");
        assert_eq!(millicores(0), "0m");
    }

    #[test]
    fn spans_use_one_or_two_units() {
        let plain = |seconds, language| span(seconds, language).replace(NARROW_SPACE, " ");
        assert_eq!(plain(0, En), "0 s");
        assert_eq!(plain(40, En), "40 s");
        assert_eq!(plain(75, En), "1 min 15 s");
        assert_eq!(plain(240, Fr), "4 min");
        assert_eq!(plain(725, En), "12 min");
        assert_eq!(plain(3_900, Fr), "1 h 5 min");
        assert_eq!(plain(7_201, En), "2 h");
        assert_eq!(plain(93_600, Fr), "1 j 2 h");
        assert_eq!(plain(93_600, En), "1 d 2 h");
        assert_eq!(plain(-60, En), "1 min");
    }
}
