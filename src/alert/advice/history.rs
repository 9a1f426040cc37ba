//! What a rule's value was in the last days, and how often a threshold would have been passed for long enough.

use super::NewThreshold;
use super::comparison::{Comparison, Direction};

/// Fewer points are no history: two days of five-minute steps.
const POINTS: usize = 576;
/// More firings than this in a week are still too many.
const RARE: usize = 2;

/// Values at equal distances, oldest first; where nothing was measured there is no point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The distance of two points, in seconds.
    pub step: i64,
    /// Unix seconds and value.
    pub points: Vec<(i64, f64)>,
}

impl History {
    /// A threshold that is passed at most about once a week, and still by the highest tenth of what passed the
    /// present one.
    pub(super) fn threshold(&self, at: &Comparison, holds_for: i64) -> Option<NewThreshold> {
        let fired = self.firings(at, at.threshold, holds_for);
        if self.points.len() < POINTS || fired < 2 {
            return None;
        }
        let levels = self.levels(at, holds_for);
        let keep = fired.div_ceil(10);
        // The advised one lies between the last level that is to fire and the first that is not.
        let (quiet, loud) = (*levels.get(keep)?, *levels.get(keep - 1)?);
        let to = between(quiet, loud, at)?;
        let would_fire = self.firings(at, to, holds_for);
        let better = (1..=RARE).contains(&would_fire) && would_fire < fired;
        let looser = at.fires(to, at.threshold) && to.total_cmp(&at.threshold).is_ne();
        (better && looser).then(|| NewThreshold {
            from: at.threshold,
            to,
            usual: self.usual(at.direction),
            fired,
            would_fire,
        })
    }

    /// How often the value was past the threshold for at least so many seconds.
    fn firings(&self, at: &Comparison, threshold: f64, holds_for: i64) -> usize {
        let past = self.spells(at, threshold);
        past.iter().filter(|spell| long(spell, holds_for)).count()
    }

    /// Runs of points past a threshold without a gap.
    fn spells(&self, at: &Comparison, threshold: f64) -> Vec<&[(i64, f64)]> {
        let together = |a: &(i64, f64), b: &(i64, f64)| {
            let gap = (b.0 - a.0) * 2 > self.step * 3;
            !gap && at.fires(a.1, threshold) == at.fires(b.1, threshold)
        };
        let runs = self.points.chunk_by(together);
        runs.filter(|run| run.first().is_some_and(|one| at.fires(one.1, threshold)))
            .collect()
    }

    /// For each firing at the present threshold, the strictest level that it would still have fired at; the most
    /// extreme first.
    fn levels(&self, at: &Comparison, holds_for: i64) -> Vec<f64> {
        let spells = self.spells(at, at.threshold);
        let long = spells.iter().filter(|spell| long(spell, holds_for));
        let mut levels: Vec<f64> = long
            .filter_map(|spell| sustained(spell, holds_for, at.direction))
            .collect();
        levels.sort_by(f64::total_cmp);
        if at.direction == Direction::Above {
            levels.reverse();
        }
        levels
    }

    /// The 99th percentile, or the first where less is worse.
    fn usual(&self, direction: Direction) -> f64 {
        let mut values: Vec<f64> = self.points.iter().map(|point| point.1).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().saturating_sub(1);
        let place = match direction {
            Direction::Above => last * 99 / 100,
            Direction::Below => last / 100,
        };
        values.get(place).copied().unwrap_or_default()
    }
}

/// Whether a run lasted so many seconds.
fn long(spell: &[(i64, f64)], holds_for: i64) -> bool {
    matches!((spell.first(), spell.last()), (Some(first), Some(last)) if last.0 - first.0 >= holds_for)
}

/// The most extreme level that a run kept for so many seconds.
fn sustained(spell: &[(i64, f64)], holds_for: i64, direction: Direction) -> Option<f64> {
    let mildest = |window: &[(i64, f64)]| {
        let values = window.iter().map(|point| point.1);
        match direction {
            Direction::Above => values.reduce(f64::min),
            Direction::Below => values.reduce(f64::max),
        }
    };
    let windows = (0..spell.len()).filter_map(|from| {
        let rest = &spell[from..];
        let end = rest
            .iter()
            .position(|point| point.0 - rest[0].0 >= holds_for)?;
        mildest(&rest[..=end])
    });
    match direction {
        Direction::Above => windows.reduce(f64::max),
        Direction::Below => windows.reduce(f64::min),
    }
}

/// The number with the fewest digits near the middle that `loud` passes and `quiet` does not; of two, the one that
/// more would pass.
fn between(quiet: f64, loud: f64, at: &Comparison) -> Option<f64> {
    let parts = |to: &f64| at.fires(loud, *to) && !at.fires(quiet, *to);
    let size = quiet.abs().max(loud.abs());
    let middle = quiet.midpoint(loud);
    (1..=4).find_map(|digits| {
        let (up, down) = (
            rounded(middle, size, digits, f64::ceil),
            rounded(middle, size, digits, f64::floor),
        );
        let all = match at.direction {
            Direction::Above => [down, up],
            Direction::Below => [up, down],
        };
        all.into_iter().flatten().find(parts)
    })
}

/// A value with so many digits, as they count for a number of that size.
fn rounded(value: f64, size: f64, digits: i32, round: fn(f64) -> f64) -> Option<f64> {
    if size <= 0.0 || !size.is_finite() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a float")]
    let exponent = size.log10().floor() as i32;
    let places = digits - 1 - exponent;
    let scale = 10_f64.powi(places.abs());
    // Dividing by a power of ten is exact where multiplying by a tenth is not.
    let result = if places >= 0 {
        round(value * scale) / scale
    } else {
        round(value / scale) * scale
    };
    result.is_finite().then_some(result)
}
