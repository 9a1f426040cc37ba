//! The plot: curves, the area under the one that matters, and the times of which nothing is known.

use tiny_skia::PathBuilder;

use super::font::Type;
use super::frame::chart_part;
use super::ink::{Sheet, Side};
use super::palette::Palette;
use super::scale::Scale;
use crate::finding::{Chart, Curve, CurveRole};

/// The rectangle of the curves, and how values become places in it.
pub(super) struct Plot<'a> {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    chart: &'a Chart,
    scale: Scale,
}

impl<'a> Plot<'a> {
    /// Between the upper left and the lower right corner.
    pub fn new(
        (left, top): (f32, f32),
        (right, bottom): (f32, f32),
        chart: &'a Chart,
        scale: &Scale,
    ) -> Self {
        Self {
            left,
            top,
            right,
            bottom,
            chart,
            scale: scale.clone(),
        }
    }

    /// Where a time is.
    pub fn x(&self, at: i64) -> f32 {
        self.left + (self.right - self.left) * chart_part(self.chart, at)
    }

    /// Where a value is.
    #[expect(clippy::cast_possible_truncation, reason = "a part of one, in pixels")]
    pub fn y(&self, value: f64) -> f32 {
        self.bottom - (self.bottom - self.top) * self.scale.part(value) as f32
    }

    /// Shades the times in which the first curve has no points.
    pub fn gaps(&self, sheet: &mut Sheet, palette: &Palette, text: &str, letters: Type) {
        let Some(curve) = self.chart.series.first() else {
            return;
        };
        for (from, to) in self.holes(curve) {
            let (left, right) = (self.x(from), self.x(to));
            sheet.block((left, self.top), (right, self.bottom), palette.gap);
            if right - left > letters.width(text) + 12.0 {
                let at = (f32::midpoint(left, right), self.bottom - 24.0);
                sheet.text(text, letters, at, Side::Middle, palette.soft);
            }
        }
    }

    /// From when to when a curve has no points, within the time shown.
    fn holes(&self, curve: &Curve) -> Vec<(i64, i64)> {
        let (from, to) = (self.chart.from.timestamp(), self.chart.to.timestamp());
        let times: Vec<i64> = curve.points.iter().map(|(at, _)| *at).collect();
        let ends = std::iter::once(from).chain(times.iter().copied());
        let starts = times.iter().copied().chain(std::iter::once(to));
        ends.zip(starts)
            .filter(|(end, start)| self.is_gap(*end, *start))
            .collect()
    }

    fn is_gap(&self, end: i64, start: i64) -> bool {
        start - end > self.chart.step.max(1).saturating_mul(2)
    }

    /// Draws the curves, the one that matters last.
    pub fn curves(&self, sheet: &mut Sheet, palette: &Palette) {
        for curve in self.chart.series.iter().rev() {
            for run in self.runs(curve) {
                self.run(sheet, palette, curve.role, run);
            }
        }
    }

    /// The parts of a curve between its gaps.
    fn runs<'c>(&self, curve: &'c Curve) -> impl Iterator<Item = &'c [(i64, f64)]> {
        curve.points.chunk_by(|a, b| !self.is_gap(a.0, b.0))
    }

    fn run(&self, sheet: &mut Sheet, palette: &Palette, role: CurveRole, points: &[(i64, f64)]) {
        let [first, .., last] = points else {
            // A point alone is no line: a dot.
            for (at, value) in points {
                sheet.dot((self.x(*at), self.y(*value)), 4.5, palette.of_curve(role));
            }
            return;
        };
        let mut line = PathBuilder::new();
        for (n, (at, value)) in points.iter().enumerate() {
            let (x, y) = (self.x(*at), self.y(*value));
            if n == 0 {
                line.move_to(x, y);
            } else {
                line.line_to(x, y);
            }
        }
        if role == CurveRole::Main {
            let mut area = line.clone();
            area.line_to(self.x(last.0), self.bottom);
            area.line_to(self.x(first.0), self.bottom);
            area.close();
            if let Some(area) = area.finish() {
                sheet.fade(&area, palette.main, (self.top, self.bottom));
            }
        }
        let (width, dash) = match role {
            CurveRole::Main => (5.5, None),
            CurveRole::Usual => (4.0, Some([12.0, 8.0])),
            CurveRole::Other => (2.5, None),
        };
        if let Some(line) = line.finish() {
            sheet.stroke(&line, palette.of_curve(role), width, dash);
        }
    }

    /// A dot where the curve that matters is now.
    pub fn ends(&self, sheet: &mut Sheet, palette: &Palette) {
        let main = self
            .chart
            .series
            .iter()
            .filter(|curve| curve.role == CurveRole::Main);
        for (at, value) in main.filter_map(|curve| curve.points.last()) {
            sheet.dot((self.x(*at), self.y(*value)), 9.0, palette.main);
        }
    }
}
