//! Values upwards: how far the axis goes, where its lines are, and how a value is written.

use crate::finding::Unit;
use crate::post::quantity;
use crate::text::Language;

/// A narrow no-break space, between a number and its unit.
const NARROW: char = '\u{202f}';
/// Kubernetes' binary suffixes, smallest first.
const BINARY: [&str; 6] = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

/// The vertical axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    /// The value at the lower end: zero, unless there are negative values.
    pub bottom: f64,
    /// The value at the upper end.
    pub top: f64,
    /// Values with a line, from the lowest to the highest.
    pub ticks: Vec<f64>,
    step: f64,
    unit: Unit,
    language: Language,
}

impl Scale {
    /// The axis for values up to `peak` and down to `lowest`, if that is below zero.
    pub fn new(unit: Unit, lowest: f64, peak: f64, language: Language) -> Self {
        let least = match unit {
            Unit::Count => 2.0,
            Unit::Share => 0.01,
            Unit::Bytes => 1024.0,
            _ => 1e-4,
        };
        let peak = peak.clamp(least, 1e15);
        let step = step(unit, peak);
        // A little room above the highest value; a part of a whole does not go beyond the whole.
        let whole = unit == Unit::Share && peak <= 1.0;
        let room = peak * 1.05;
        let lines = (if whole { room.min(1.0) } else { room } / step - 1e-9).ceil();
        let below = (lowest.clamp(-1e15, 0.0) / step).floor();
        let ticks = counted(below, lines).map(|n| n * step).collect();
        Self {
            bottom: below * step,
            top: lines * step,
            ticks,
            step,
            unit,
            language,
        }
    }

    /// Where a value is: 0 at the lower end, 1 at the upper.
    pub fn part(&self, value: f64) -> f64 {
        ((value - self.bottom) / (self.top - self.bottom)).clamp(0.0, 1.0)
    }

    /// The text beside a line: one unit for the whole axis.
    pub fn tick(&self, value: f64) -> String {
        let number = |value, decimals| grouped(value, decimals, self.language);
        match self.unit {
            Unit::Bytes => {
                let power = binary_power(self.top);
                let suffix = if value == 0.0 { "" } else { BINARY[power] };
                format!("{}{suffix}", number(value / size(power), 2))
            }
            Unit::Cpus if self.step < 0.25 => {
                let milli = (value * 1000.0).round();
                if milli == 0.0 {
                    "0".to_owned()
                } else {
                    format!("{milli:.0}m")
                }
            }
            Unit::Cpus => number(value, 2),
            Unit::Share => percent(value, self.language),
            Unit::Seconds if self.top < 1.0 => format!("{}{NARROW}ms", number(value * 1000.0, 2)),
            Unit::Seconds => format!("{}{NARROW}s", number(value, 2)),
            Unit::PerSecond => format!("{}/s", number(value, 2)),
            Unit::Count => number(value, 0),
        }
    }

    /// A level as it is written in a manifest or a rule: exactly.
    pub fn level(&self, value: f64) -> String {
        match self.unit {
            Unit::Bytes => quantity::bytes(whole(value)),
            Unit::Cpus => quantity::millicores(whole(value * 1000.0)),
            _ => self.value(value),
        }
    }

    /// A measured value: three digits tell enough.
    pub fn value(&self, value: f64) -> String {
        let number = |value: f64| {
            let decimals = match value.abs() {
                size if size >= 100.0 => 0,
                size if size >= 10.0 => 1,
                _ => 2,
            };
            grouped(value, decimals, self.language)
        };
        match self.unit {
            Unit::Bytes => {
                let power = binary_power(value);
                let scaled = value / size(power);
                let decimals = usize::from(scaled < 10.0);
                format!(
                    "{}{}",
                    grouped(scaled, decimals, Language::En),
                    BINARY[power]
                )
            }
            Unit::Cpus if value < 1.0 => format!("{:.0}m", value * 1000.0),
            Unit::Cpus => number(value),
            Unit::Share => quantity::percent(value, self.language),
            Unit::Seconds if value < 1.0 => format!("{:.0}{NARROW}ms", value * 1000.0),
            Unit::Seconds => format!("{}{NARROW}s", number(value)),
            Unit::PerSecond => format!("{}/s", number(value)),
            Unit::Count => grouped(value, 0, self.language),
        }
    }
}

/// The distance of two lines: three to six of them, at values that people count in.
fn step(unit: Unit, peak: f64) -> f64 {
    match unit {
        Unit::Bytes => (peak / 3.0).log2().floor().exp2(),
        Unit::Count => round(peak / 4.0).floor().max(1.0),
        Unit::Share if peak > 0.6 && peak <= 1.0 => 0.25,
        _ => round(peak / 4.0),
    }
}

/// The next of 1, 2, 2.5 and 5 times a power of ten.
fn round(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let fits = steps.iter().find(|step| **step * power >= value - 1e-12);
    fits.copied().unwrap_or(10.0) * power
}

fn percent(value: f64, language: Language) -> String {
    let text = quantity::number(value * 100.0, 2, language);
    match language {
        Language::En => format!("{text}%"),
        Language::Fr => format!("{text}{NARROW}%"),
    }
}

/// The power of 1024 that a value is written in.
fn binary_power(value: f64) -> usize {
    (1..BINARY.len())
        .rev()
        .find(|power| value >= size(*power))
        .unwrap_or(0)
}

fn size(power: usize) -> f64 {
    1024_f64.powi(i32::try_from(power).unwrap_or(0))
}

/// A number with its thousands apart, as the language writes them.
fn grouped(value: f64, decimals: usize, language: Language) -> String {
    let text = quantity::number(value, decimals, language);
    let end = text.find(['.', ',']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    if whole.trim_start_matches('-').len() < 5 {
        return text;
    }
    let mark = match language {
        Language::En => ',',
        Language::Fr => NARROW,
    };
    let mut out = String::new();
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 && !out.ends_with('-') {
            out.push(mark);
        }
        out.push(c);
    }
    out + rest
}

/// Whole numbers from one to the other, few.
fn counted(from: f64, to: f64) -> impl Iterator<Item = f64> {
    let steps = i32::from(u8::try_from(whole((to - from).min(40.0))).unwrap_or(0));
    (0..=steps).map(move |n| from + f64::from(n))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range just before"
)]
fn whole(value: f64) -> u64 {
    value.round().clamp(0.0, 9e18) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Fr};

    fn ticks(unit: Unit, peak: f64, language: Language) -> Vec<String> {
        let scale = Scale::new(unit, 0.0, peak, language);
        let all = scale.ticks.iter().map(|value| scale.tick(*value));
        all.map(|text| text.replace(NARROW, " ")).collect()
    }

    const MIB: f64 = 1_048_576.0;

    #[test]
    fn an_axis_counts_in_the_units_of_its_kind() {
        assert_eq!(
            ticks(Unit::Bytes, 512.0 * MIB, En),
            ["0", "128Mi", "256Mi", "384Mi", "512Mi", "640Mi"]
        );
        assert_eq!(
            ticks(Unit::Bytes, 3000.0 * MIB, Fr),
            ["0", "0,5Gi", "1Gi", "1,5Gi", "2Gi", "2,5Gi", "3Gi", "3,5Gi"]
        );
        assert_eq!(
            ticks(Unit::Share, 1.0, En),
            ["0%", "25%", "50%", "75%", "100%"]
        );
        assert_eq!(
            ticks(Unit::Share, 0.031, Fr),
            ["0 %", "1 %", "2 %", "3 %", "4 %"]
        );
        assert_eq!(ticks(Unit::Seconds, 2.4, Fr), ["0 s", "1 s", "2 s", "3 s"]);
        assert_eq!(
            ticks(Unit::Seconds, 0.31, En),
            ["0 ms", "100 ms", "200 ms", "300 ms", "400 ms"]
        );
        assert_eq!(ticks(Unit::Cpus, 0.5, En), ["0", "200m", "400m", "600m"]);
        assert_eq!(
            ticks(Unit::Cpus, 2.0, Fr),
            ["0", "0,5", "1", "1,5", "2", "2,5"]
        );
        assert_eq!(
            ticks(Unit::Count, 10.0, En),
            ["0", "2", "4", "6", "8", "10", "12"]
        );
        assert_eq!(
            ticks(Unit::PerSecond, 45_000.0, Fr),
            ["0/s", "20 000/s", "40 000/s", "60 000/s"]
        );
    }

    #[test]
    fn nothing_and_far_too_much_still_have_an_axis() {
        for unit in [
            Unit::Bytes,
            Unit::Cpus,
            Unit::Share,
            Unit::Seconds,
            Unit::PerSecond,
            Unit::Count,
        ] {
            for peak in [0.0, 1e-12, 1e300, -5.0] {
                let scale = Scale::new(unit, -peak, peak, En);
                assert!(scale.top > scale.bottom, "{unit:?} {peak}");
                assert!(
                    (2..=41).contains(&scale.ticks.len()),
                    "{unit:?} {peak} {}",
                    scale.ticks.len()
                );
                assert!(scale.part(peak).is_finite());
            }
        }
    }

    #[test]
    fn a_value_is_written_as_its_kind_is() {
        let scale = |unit, language| Scale::new(unit, 0.0, 1.0, language);
        let text = |unit, value, language| scale(unit, language).value(value).replace(NARROW, " ");
        assert_eq!(text(Unit::Bytes, 498.37 * MIB, Fr), "498Mi");
        assert_eq!(scale(Unit::Bytes, En).level(1300.0 * MIB), "1300Mi");
        assert_eq!(scale(Unit::Cpus, En).level(0.25), "250m");
        assert_eq!(text(Unit::Cpus, 1.254, Fr), "1,25");
        assert_eq!(text(Unit::Seconds, 2.412, Fr), "2,41 s");
        assert_eq!(text(Unit::Seconds, 0.3104, En), "310 ms");
        assert_eq!(text(Unit::PerSecond, 1234.5, En), "1234/s");
        assert_eq!(text(Unit::Count, 1_000_000.0, En), "1,000,000");
        assert_eq!(text(Unit::Share, 0.612, Fr), "61 %");
    }
}
