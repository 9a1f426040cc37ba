//! Lengths of time and dates in words: `2h`, `30 min`, `pendant trois jours`, `until Monday`.

use super::ask::{Period, Until};
use super::token::Token;

/// The longest time taken from words: 31 days, in seconds.
const LONGEST: u64 = 31 * 86_400;

/// The first length of time in the text, in seconds.
pub(super) fn length(tokens: &[Token]) -> Option<u64> {
    (0..tokens.len()).find_map(|at| length_at(tokens, at))
}

fn length_at(tokens: &[Token], at: usize) -> Option<u64> {
    let word = tokens[at].text.as_str();
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let rest = &word[digits.len()..];
    let count = if digits.is_empty() {
        number_word(word)?
    } else {
        digits.parse::<u64>().ok()?
    };
    let seconds = if rest.is_empty() || digits.is_empty() {
        count.checked_mul(unit(&tokens.get(at + 1)?.text)?)?
    } else if let Some((hours, minutes)) = word.split_once('h').filter(|(_, m)| !m.is_empty()) {
        let minutes = minutes.trim_end_matches("min").trim_end_matches('m');
        hours.parse::<u64>().ok()?.checked_mul(3600)? + minutes.parse::<u64>().ok()? * 60
    } else {
        count.checked_mul(unit(rest)?)?
    };
    (seconds > 0).then(|| seconds.min(LONGEST))
}

/// A time that is not now.
pub(super) struct Later {
    /// From its beginning to its end, where both are told.
    pub seconds: Option<u64>,
}

/// Whether the text says when something begins or ends, by the clock or by a day; then the length between
/// two times of day, where it gives both: "tomorrow from 2 to 4".
pub(super) fn later(tokens: &[Token]) -> Option<Later> {
    const DAYS: &[&str] = &[
        "demain",
        "tomorrow",
        "tonight",
        "apres-demain",
        "prochain",
        "prochaine",
    ];
    const AT: &[&str] = &["a", "at", "vers", "des", "partir"];
    const FROM: &[&str] = &["de", "from", "entre", "between"];
    const TO: &[&str] = &["a", "to", "et", "and", "until", "till"];
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let range = (0..tokens.len()).find_map(|at| {
        let (from, to) = (clock(text(at + 1))?, clock(text(at + 3))?);
        (FROM.contains(&text(at)) && TO.contains(&text(at + 2))).then_some((from, to))
    });
    if let Some((from, to)) = range {
        let seconds = (to + 86_400 - from) % 86_400;
        let seconds = (seconds > 0).then_some(seconds);
        return Some(Later { seconds });
    }
    let day = tokens
        .iter()
        .any(|token| DAYS.contains(&token.text.as_str()) || weekday(&token.text).is_some());
    let hour = (0..tokens.len()).any(|at| {
        AT.contains(&text(at)) && text(at + 1).contains('h') && clock(text(at + 1)).is_some()
    });
    let evening = (0..tokens.len()).any(|at| {
        ["ce", "cette", "this"].contains(&text(at))
            && ["soir", "nuit", "evening"].contains(&text(at + 1))
    });
    (day || hour || evening).then_some(Later { seconds: None })
}

/// `2`, `2h`, `14h30`, in seconds since midnight.
fn clock(word: &str) -> Option<u64> {
    let (hours, minutes) = word.split_once('h').unwrap_or((word, ""));
    let hours: u64 = hours.parse().ok()?;
    let minutes = if minutes.is_empty() {
        0
    } else {
        minutes.parse().ok()?
    };
    (hours <= 24 && minutes < 60).then_some(hours * 3_600 + minutes * 60)
}

fn number_word(word: &str) -> Option<u64> {
    Some(match word {
        "un" | "une" | "one" | "an" | "a" => 1,
        "deux" | "two" => 2,
        "trois" | "three" => 3,
        "quatre" | "four" => 4,
        "cinq" | "five" => 5,
        "six" => 6,
        "dix" | "ten" => 10,
        _ => return None,
    })
}

/// Seconds in a unit of time.
fn unit(word: &str) -> Option<u64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" | "seconde" | "secondes" => 1,
        "m" | "mn" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "heure" | "heures" | "hour" | "hours" => 3_600,
        "j" | "d" | "jour" | "jours" | "day" | "days" => 86_400,
        "w" | "semaine" | "semaines" | "week" | "weeks" => 7 * 86_400,
        _ => return None,
    })
}

/// How far back a question about changes looks.
pub(super) fn period(tokens: &[Token]) -> Period {
    let says = |words: &[&str]| {
        tokens
            .iter()
            .any(|token| words.contains(&token.text.as_str()))
    };
    if says(&["hier", "yesterday"]) {
        Period::Yesterday
    } else if let Some(seconds) = length(tokens) {
        Period::Seconds(seconds)
    } else if says(&["semaine", "week", "7j"]) {
        Period::Week
    } else {
        Period::Today
    }
}

/// The end of an absence: after "until" and its like, or a length of time.
pub(super) fn until(tokens: &[Token]) -> Option<Until> {
    const MARKS: &[&str] = &[
        "jusqu", "jusque", "jusquau", "until", "till", "til", "to", "back",
    ];
    let from = tokens
        .iter()
        .position(|token| MARKS.contains(&token.text.as_str()))?;
    let tail = &tokens[from + 1..];
    (0..tail.len())
        .find_map(|at| date_at(tail, at).or_else(|| weekday(&tail[at].text).map(Until::Weekday)))
}

/// The end of an absence given as "until …" or "for …".
pub(super) fn absence_end(tokens: &[Token]) -> Option<Until> {
    let tomorrow = |token: &Token| ["demain", "tomorrow"].contains(&token.text.as_str());
    until(tokens)
        // "Away tomorrow" is back the day after; "until tomorrow" is above.
        .or_else(|| {
            tokens
                .iter()
                .any(tomorrow)
                .then_some(Until::DayAfterTomorrow)
        })
        .or_else(|| length(tokens).map(Until::Seconds))
}

/// `12/12`, `12/12/2026`, `2026-12-12`, `12 décembre`, `December 12`.
fn date_at(tokens: &[Token], at: usize) -> Option<Until> {
    let number = |n: usize| {
        tokens
            .get(n)
            .and_then(|token| token.text.parse::<u16>().ok())
    };
    let slash = |n: usize| tokens.get(n).is_some_and(|token| token.slash);
    if let [year, month, day] = tokens[at].text.split('-').collect::<Vec<_>>()[..]
        && year.len() == 4
    {
        return date(day.parse().ok()?, month.parse().ok()?, year.parse().ok());
    }
    if slash(at + 1) {
        let year = slash(at + 2).then(|| number(at + 2)).flatten();
        let (first, second) = (number(at)?, number(at + 1)?);
        return date(first, second, year).or_else(|| date(second, first, year));
    }
    if let Some(day) = number(at) {
        return date(day, month(&tokens.get(at + 1)?.text)?, number(at + 2));
    }
    date(number(at + 1)?, month(&tokens[at].text)?, number(at + 2))
}

fn date(day: u16, month: u16, year: Option<u16>) -> Option<Until> {
    let year = year.map(|year| if year < 100 { 2000 + year } else { year });
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=longest).contains(&day).then_some(())?;
    Some(Until::Date {
        day: u8::try_from(day).ok()?,
        month: u8::try_from(month).ok()?,
        year: year.filter(|year| (2000..2200).contains(year)),
    })
}

/// 1 to 12, by the first letters in either language.
fn month(word: &str) -> Option<u16> {
    const MONTHS: [(&str, &str); 12] = [
        ("jan", "jan"),
        ("fev", "feb"),
        ("mar", "mar"),
        ("avr", "apr"),
        ("mai", "may"),
        ("juin", "jun"),
        ("juil", "jul"),
        ("aou", "aug"),
        ("sep", "sep"),
        ("oct", "oct"),
        ("nov", "nov"),
        ("dec", "dec"),
    ];
    if word.len() < 3 || ["mardi"].contains(&word) {
        return None;
    }
    let at = MONTHS
        .iter()
        .position(|(fr, en)| word.starts_with(fr) || word.starts_with(en))?;
    u16::try_from(at + 1).ok()
}

/// 0 = Monday.
fn weekday(word: &str) -> Option<u8> {
    const DAYS: [[&str; 2]; 7] = [
        ["lundi", "monday"],
        ["mardi", "tuesday"],
        ["mercredi", "wednesday"],
        ["jeudi", "thursday"],
        ["vendredi", "friday"],
        ["samedi", "saturday"],
        ["dimanche", "sunday"],
    ];
    let at = DAYS.iter().position(|names| names.contains(&word))?;
    u8::try_from(at).ok()
}
