//! Where everything is on the sheet: title and conclusion, the band of the marks, the plot, the axis below it, the
//! column of labels to its right.

use tiny_skia::Color;

use super::View;
use super::font::Type;
use super::ink::{Sheet, Side, rounded};
use super::labels::{Flag, apart, flags};
use super::palette::Palette;
use super::plot::Plot;
use super::say;
use super::scale::Scale;
use crate::finding::{Chart, CurveRole, Level, Mark};
use crate::text::Message;

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 640;
/// The sheet's edge to what is on it.
const PAD: f32 = 40.0;
const TITLE: Type = Type::bold(40.0);
const SAID: Type = Type::regular(32.0);
/// A phone shows a quarter of it in a thread: eight of its pixels, the least that reads.
const AXIS: Type = Type::regular(32.0);
const LABEL: Type = Type::bold(32.0);
/// From one line of the conclusion to the next.
const LEADING: f32 = 42.0;
/// Height of a row of marks, and of a label in the column.
const ROW: f32 = 42.0;
/// The column of labels takes no more than this.
const COLUMN: f32 = 330.0;
/// A level this many times above everything measured is left out: the curve would lie on the ground.
const FAR: f64 = 4.0;

/// A text that belongs to a height of the plot.
struct Label {
    text: String,
    value: f64,
    color: Color,
}

/// A mark with its words.
struct Said<'a> {
    mark: &'a Mark,
    x: f32,
    text: String,
}

/// Everything that is decided before the first line is drawn.
pub(super) struct Frame<'a> {
    chart: &'a Chart,
    view: View,
    palette: Palette,
    sheet: Sheet,
    scale: Scale,
    levels: Vec<&'a Level>,
}

impl<'a> Frame<'a> {
    /// A frame for a chart with points; `None` without memory for the sheet.
    pub fn new(chart: &'a Chart, view: View) -> Option<Self> {
        let values = || {
            chart
                .series
                .iter()
                .flat_map(|curve| &curve.points)
                .map(|(_, value)| *value)
        };
        let peak = values().fold(0.0, f64::max);
        let levels: Vec<&Level> = chart
            .levels
            .iter()
            .filter(|level| level.value <= peak * FAR)
            .collect();
        let highest = levels.iter().map(|level| level.value).fold(peak, f64::max);
        let lowest = values().fold(0.0, f64::min);
        Some(Self {
            chart,
            view,
            palette: view.theme.palette(),
            sheet: Sheet::new(WIDTH, HEIGHT)?,
            scale: Scale::new(chart.unit, lowest, highest, view.language),
            levels,
        })
    }

    /// Draws it all.
    pub fn png(mut self) -> Option<Vec<u8>> {
        self.card();
        let said = self.head();
        let labels = self.labels();
        let widest = |texts: &mut dyn Iterator<Item = f32>| texts.fold(0.0, f32::max);
        let column = widest(&mut labels.iter().map(|label| LABEL.width(&label.text)))
            .max(AXIS.width(&self.view.zone.label()) + 24.0)
            .min(COLUMN);
        let ticks: Vec<String> = self
            .scale
            .ticks
            .iter()
            .map(|value| self.scale.tick(*value))
            .collect();
        let axis = widest(&mut ticks.iter().map(|text| AXIS.width(text)));
        let (left, right) = (PAD + axis + 18.0, wide(WIDTH) - PAD - column - 20.0);
        let (marks, rows) = self.marks(left, right);
        let top = said + if rows > 0.0 { 34.0 } else { 44.0 } + rows * ROW;
        let plot = Plot::new(
            (left, top),
            (right, wide(HEIGHT) - 80.0),
            self.chart,
            &self.scale,
        );
        self.grid(&plot, &ticks);
        let no_data = self.say(&Message::new("chart-no-data"));
        plot.gaps(&mut self.sheet, &self.palette, &no_data, AXIS);
        plot.curves(&mut self.sheet, &self.palette);
        self.level_lines(&plot);
        self.mark_lines(&plot, &marks);
        plot.ends(&mut self.sheet, &self.palette);
        self.column(&plot, &labels, column);
        self.sheet.png()
    }

    fn card(&mut self) {
        let corner = (wide(WIDTH) - 1.5, wide(HEIGHT) - 1.5);
        if let Some(card) = rounded((1.5, 1.5), corner, 18.0) {
            self.sheet.fill(&card, self.palette.card);
            self.sheet.stroke(&card, self.palette.edge, 2.0, None);
        }
    }

    /// Title and conclusion; the height they end at.
    fn head(&mut self) -> f32 {
        let width = wide(WIDTH) - 2.0 * PAD;
        let title = TITLE.fitted(&self.say(&self.chart.title), width);
        self.sheet
            .text(&title, TITLE, (PAD, 68.0), Side::Left, self.palette.ink);
        let mut y = 68.0;
        for line in SAID.lines(&self.say(&self.chart.conclusion), width, 2) {
            y += LEADING + 4.0;
            self.sheet
                .text(&line, SAID, (PAD, y), Side::Left, self.palette.soft);
        }
        y
    }

    /// What stands to the right of the plot: the levels, and the curves with their last values.
    fn labels(&self) -> Vec<Label> {
        let level = |level: &&Level| Label {
            text: format!(
                "{} {}",
                self.say(&level.label),
                self.scale.level(level.value)
            ),
            value: level.value,
            color: self.palette.of_level(level),
        };
        let mut all: Vec<Label> = self.levels.iter().map(level).collect();
        let mut others = false;
        for curve in &self.chart.series {
            let Some((_, last)) = curve.points.last() else {
                continue;
            };
            // Those that stand beside are named once.
            if curve.role == CurveRole::Other && std::mem::replace(&mut others, true) {
                continue;
            }
            let name = self.say(&curve.label);
            let text = match curve.role {
                CurveRole::Other => name,
                _ => format!("{name} {}", self.scale.value(*last)),
            };
            all.push(Label {
                text,
                value: *last,
                // Letters need more contrast than a line does.
                color: match curve.role {
                    CurveRole::Main => self.palette.main,
                    CurveRole::Usual | CurveRole::Other => self.palette.soft,
                },
            });
        }
        all
    }

    /// The marks within the time shown, with their words, and the rows these need.
    fn marks(&self, left: f32, right: f32) -> (Vec<(Said<'a>, Flag)>, f32) {
        let chart = self.chart;
        let within = chart
            .marks
            .iter()
            .filter(|mark| (chart.from..=chart.to).contains(&mark.at));
        let mut said: Vec<Said<'a>> = within
            .map(|mark| Said {
                mark,
                x: left + (right - left) * chart_part(chart, mark.at.timestamp()),
                text: LABEL.fitted(&self.say(&mark.label), right - left - 120.0)
                    + " "
                    + &self.view.zone.time(mark.at),
            })
            .collect();
        said.sort_by_key(|one| one.mark.at);
        let widths: Vec<(f32, f32)> = said
            .iter()
            .map(|one| (one.x, LABEL.width(&one.text)))
            .collect();
        // A label may stand over the column: nothing else is up there.
        let placed = flags(&widths, (PAD, wide(WIDTH) - PAD));
        let rows = placed.iter().map(|flag| flag.row + 1).max().unwrap_or(0);
        let rows = f32::from(u8::try_from(rows).unwrap_or(u8::MAX));
        (said.into_iter().zip(placed).collect(), rows)
    }

    fn grid(&mut self, plot: &Plot<'_>, ticks: &[String]) {
        let palette = self.palette;
        for (value, text) in self.scale.ticks.iter().zip(ticks) {
            let y = plot.y(*value);
            let color = if *value == 0.0 {
                palette.usual
            } else {
                palette.grid
            };
            self.sheet
                .line(((plot.left, y), (plot.right, y)), color, 2.0, None);
            let at = (plot.left - 16.0, y + 11.0);
            self.sheet.text(text, AXIS, at, Side::Right, palette.soft);
        }
        let below = plot.bottom + 44.0;
        let zone = self.view.zone.label();
        for at in self.view.zone.ticks(self.chart.from, self.chart.to) {
            let x = plot.x(at);
            self.sheet.line(
                ((x, plot.bottom), (x, plot.bottom + 10.0)),
                palette.usual,
                2.0,
                None,
            );
            let time = chrono::DateTime::from_timestamp(at, 0).unwrap_or(self.chart.from);
            let text = self.view.zone.time(time);
            // A time at the very end moves inwards, away from the zone's name.
            let x = x.min(plot.right - AXIS.width(&text) / 2.0 + 24.0);
            self.sheet
                .text(&text, AXIS, (x, below), Side::Middle, palette.soft);
        }
        let at = (wide(WIDTH) - PAD, below);
        self.sheet.text(&zone, AXIS, at, Side::Right, palette.soft);
    }

    fn level_lines(&mut self, plot: &Plot<'_>) {
        for level in &self.levels {
            let y = plot.y(level.value);
            let color = self.palette.of_level(level);
            let dash = if level.bound { [16.0, 9.0] } else { [5.0, 8.0] };
            self.sheet
                .line(((plot.left, y), (plot.right, y)), color, 3.5, Some(dash));
        }
    }

    /// The lines first: a label that has to stand across one covers it.
    fn mark_lines(&mut self, plot: &Plot<'_>, marks: &[(Said<'_>, Flag)]) {
        let baseline = |flag: &Flag| {
            plot.top - 22.0 - f32::from(u8::try_from(flag.row).unwrap_or(u8::MAX)) * ROW
        };
        for (said, flag) in marks {
            let color = self.palette.of_mark(said.mark);
            let ends = ((said.x, baseline(flag) + 8.0), (said.x, plot.bottom));
            let dash = (!said.mark.trouble).then_some([3.0, 6.0]);
            self.sheet.line(ends, color, 2.5, dash);
        }
        for (said, flag) in marks {
            let (left, base) = (flag.left, baseline(flag));
            let right = left + LABEL.width(&said.text);
            self.sheet.block(
                (left - 4.0, base - 30.0),
                (right + 4.0, base + 8.0),
                self.palette.card,
            );
            let color = self.palette.of_mark(said.mark);
            self.sheet
                .text(&said.text, LABEL, (left, base), Side::Left, color);
        }
    }

    fn column(&mut self, plot: &Plot<'_>, labels: &[Label], width: f32) {
        let wanted: Vec<f32> = labels.iter().map(|label| plot.y(label.value)).collect();
        let within = (plot.top - 4.0, plot.bottom - 10.0);
        for (label, y) in labels.iter().zip(apart(&wanted, ROW, within)) {
            let text = LABEL.fitted(&label.text, width + 1.0);
            let at = (plot.right + 20.0, y + 11.0);
            self.sheet.text(&text, LABEL, at, Side::Left, label.color);
        }
    }

    fn say(&self, message: &Message) -> String {
        say(message, self.chart, self.view.language)
    }
}

impl Palette {
    fn of_level(&self, level: &Level) -> Color {
        if level.bound { self.alarm } else { self.level }
    }

    fn of_mark(&self, mark: &Mark) -> Color {
        if mark.trouble { self.alarm } else { self.ink }
    }

    /// The colour of a curve.
    pub fn of_curve(&self, role: CurveRole) -> Color {
        match role {
            CurveRole::Main => self.main,
            CurveRole::Usual | CurveRole::Other => self.usual,
        }
    }
}

/// Where a time is: 0 at the beginning, 1 at the end of what is shown.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a part of one, in pixels"
)]
pub(super) fn chart_part(chart: &Chart, at: i64) -> f32 {
    let (from, to) = (chart.from.timestamp(), chart.to.timestamp());
    let span = to.saturating_sub(from).max(1) as f64;
    ((at.saturating_sub(from)) as f64 / span).clamp(0.0, 1.0) as f32
}

#[expect(clippy::cast_precision_loss, reason = "the size of a picture")]
fn wide(pixels: u32) -> f32 {
    pixels as f32
}
