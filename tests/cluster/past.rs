//! A Prometheus with a past: series that go back a week are written as blocks by `promtool`, with the label
//! sets of the real exporters, so that an expression is answered by the real engine at once.

use std::fmt::Write as _;
use std::process::Command;

use super::or_skip;
use super::prometheus::{Prometheus, Watch};
use super::server::installed;

/// Seconds between two samples.
const STEP: i64 = 30;
/// What the past holds, seconds from now: the last hours and a little of what comes, yesterday and a week
/// ago at this time.
const WINDOWS: [(i64, i64); 3] = [
    (-7 * 86_400 - 900, -7 * 86_400 + 600),
    (-86_400 - 900, -86_400 + 600),
    (-9000, 600),
];

/// How a series goes: a week ago, yesterday, today. `None`: it was not there.
#[derive(Clone, Copy, Debug)]
pub enum Course {
    /// A counter that grows by so much a second.
    Grows([Option<f64>; 3]),
    /// A gauge that stands still.
    Stands([Option<f64>; 3]),
}

impl Course {
    /// A counter that always grew like this.
    pub fn grows(rate: f64) -> Self {
        Self::Grows([Some(rate); 3])
    }

    /// A counter that grows twice as fast as on other days.
    pub fn grows_twice(rate: f64) -> Self {
        Self::Grows([Some(rate / 2.0), Some(rate / 2.0), Some(rate)])
    }

    /// A counter that appeared today.
    pub fn appeared(rate: f64) -> Self {
        Self::Grows([None, None, Some(rate)])
    }

    /// A gauge that always stood there.
    pub fn stands(value: f64) -> Self {
        Self::Stands([Some(value); 3])
    }
}

/// The series to be written.
#[derive(Default)]
pub struct Past {
    /// What goes on as it is.
    series: Vec<(String, Course)>,
    /// What is told sample by sample: Unix seconds and value.
    told: Vec<(String, Vec<(i64, f64)>)>,
}

impl Past {
    /// Adds a series: name, labels as in PromQL, course.
    pub fn add(&mut self, name: &str, labels: &str, course: Course) -> &mut Self {
        self.series.push((format!("{name}{{{labels}}}"), course));
        self
    }

    /// Adds a series by its samples: Unix seconds, oldest first, and values.
    pub fn tell(&mut self, name: &str, labels: &str, samples: Vec<(i64, f64)>) -> &mut Self {
        self.told.push((format!("{name}{{{labels}}}"), samples));
        self
    }

    /// Adds the buckets of a histogram in which 80 % take up to a tenth of `slow`, 90 % half of it, all `slow`.
    pub fn buckets(&mut self, name: &str, labels: &str, slow: f64, rate: f64) -> &mut Self {
        for (bound, share) in [(0.1, 0.8), (0.5, 0.9), (1.0, 1.0)] {
            let labels = format!("{labels},le=\"{}\"", slow * bound);
            self.add(name, &labels, Course::grows(rate * share));
        }
        self.add(name, &format!("{labels},le=\"+Inf\""), Course::grows(rate))
    }

    /// The series in `OpenMetrics`, each with all its samples.
    #[expect(clippy::cast_precision_loss, reason = "seconds of a week")]
    fn text(&self) -> String {
        let now = chrono::Utc::now().timestamp();
        let mut text = String::new();
        for (series, course) in &self.series {
            for (number, (from, to)) in WINDOWS.into_iter().enumerate() {
                for after in (from..to).step_by(usize::try_from(STEP).unwrap()) {
                    let elapsed = (after - from) as f64;
                    let value = match course {
                        Course::Grows(rates) => rates[number].map(|rate| 100.0 + rate * elapsed),
                        Course::Stands(values) => values[number],
                    };
                    let Some(value) = value else { continue };
                    writeln!(text, "{series} {value} {}", now + after).unwrap();
                }
            }
        }
        for (series, samples) in &self.told {
            for (at, value) in samples {
                writeln!(text, "{series} {value} {at}").unwrap();
            }
        }
        text.push_str("# EOF\n");
        text
    }

    /// Starts a Prometheus that has them; `None` where Prometheus or promtool is not installed.
    ///
    /// # Panics
    /// When promtool refuses the series.
    pub async fn start(&self) -> Option<(Prometheus, tempfile::TempDir)> {
        let folder = self.written()?;
        let data = folder.path().join("data");
        let watch = Watch {
            data: Some(&data),
            ..Watch::default()
        };
        Some((Prometheus::watching(watch).await?, folder))
    }

    /// A folder whose `data` is a database that holds them; `None` where promtool is not installed.
    ///
    /// # Panics
    /// When promtool refuses the series.
    pub fn written(&self) -> Option<tempfile::TempDir> {
        let promtool = or_skip(installed("promtool")).expect("promtool is needed")?;
        let folder = tempfile::tempdir().unwrap();
        let (input, data) = (folder.path().join("past.om"), folder.path().join("data"));
        std::fs::write(&input, self.text()).unwrap();
        let output = Command::new(promtool)
            .args(["tsdb", "create-blocks-from", "openmetrics"])
            .args([&input, &data])
            .output();
        let output = output.expect("promtool runs");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words}");
        Some(folder)
    }
}
