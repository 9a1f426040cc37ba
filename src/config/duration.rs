//! Lengths of time as people write them: `10s`, `60m`, `1h30m`.

use std::time::Duration;

/// Parses `1h30m`, `60m`, `10s`, `500ms`, `2d`; the error is the reason in a few words.
pub fn parse(text: &str) -> Result<Duration, &'static str> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("is empty");
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let unit_len = tail.len() - tail.trim_start_matches(|c: char| c.is_alphabetic()).len();
        let (unit, tail) = tail.split_at(unit_len);
        let number: u64 = number.parse().map_err(|_| "is not a length of time")?;
        let part = match unit {
            "ms" => Duration::from_millis(number),
            _ => Duration::from_secs(number.checked_mul(seconds_in(unit)?).ok_or("is too long")?),
        };
        total = total.checked_add(part).ok_or("is too long")?;
        rest = tail.trim_start();
    }
    Ok(total)
}

fn seconds_in(unit: &str) -> Result<u64, &'static str> {
    match unit {
        "s" => Ok(1),
        "m" | "min" => Ok(60),
        "h" => Ok(3600),
        "d" => Ok(86_400),
        "" => Err("has no unit"),
        _ => Err("has a unit that is not known"),
    }
}

/// The shortest way to write a duration that [`parse`] reads back.
#[must_use]
pub(super) fn show(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        _ if duration.subsec_millis() > 0 => format!("{}ms", duration.as_millis()),
        0 => "0s".to_owned(),
        s if s % 3600 == 0 => format!("{}h", s / 3600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}
