//! Numbers measured several times.

use std::time::{Duration, Instant};

/// Measurements of one thing, sorted.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Of numbers in whatever order.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Self(sorted)
    }

    /// Of durations, in milliseconds.
    pub fn ms(durations: impl IntoIterator<Item = Duration>) -> Self {
        Self::of(durations.into_iter().map(|one| one.as_secs_f64() * 1e3))
    }

    /// How long a function takes, in milliseconds, `runs` times; what it returns is not optimised away.
    pub fn timed<T>(runs: usize, mut work: impl FnMut() -> T) -> Self {
        Self::ms((0..runs).map(|_| {
            let begun = Instant::now();
            std::hint::black_box(work());
            begun.elapsed()
        }))
    }

    /// How many.
    pub fn runs(&self) -> usize {
        self.0.len()
    }

    /// The one in the middle; 0 of nothing.
    pub fn median(&self) -> f64 {
        self.quantile(50)
    }

    /// The 99th percentile: the largest but one in a hundred. Of fewer than a hundred, the largest.
    pub fn p99(&self) -> f64 {
        self.quantile(99)
    }

    /// The smallest that `percent` of all do not exceed (nearest rank).
    fn quantile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100);
        let value = self.0.get(rank.saturating_sub(1));
        value.copied().unwrap_or_default()
    }
}
