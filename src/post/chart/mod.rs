//! Draws a [`Chart`] as a PNG: one curve, what it is measured against, and when things happened. Made for a phone:
//! Slack shows it 360 pixels wide there, so letters are large and everything is named where it is, without a legend.
//!
//! Shapes go through tiny-skia and letters through skrifa, without SVG between them: text from outside never
//! becomes markup, and the width of a label is known before it is placed.

mod font;
mod frame;
mod hours;
mod ink;
mod labels;
mod palette;
mod plot;
#[cfg(test)]
mod samples;
mod scale;
#[cfg(test)]
mod tests;

use frame::Frame;
pub use hours::Zone;
pub use palette::Theme;

use super::localise::{Medium, Words};
use crate::finding::Chart;
use crate::text::{Language, Message};

/// For whom a chart is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Language of its words and numbers.
    pub language: Language,
    /// Time zone of its axis.
    pub zone: Zone,
    /// Its colours.
    pub theme: Theme,
}

/// Longest alternative text: Slack takes a thousand characters (`alt_txt_too_large`).
const ALT_MAX: usize = 800;

/// The chart as a PNG of 1200 by 640 pixels; `None` when there is nothing on it to see. Draw only what
/// [`redacted`](super::redacted) went over: no redactor reads pixels.
#[must_use]
pub fn draw(chart: &Chart, view: View) -> Option<Vec<u8>> {
    let chart = chart.clone().bounded();
    if chart.series.is_empty() || chart.to <= chart.from {
        return None;
    }
    Frame::new(&chart, view)?.png()
}

/// What the chart shows, for those who do not see it and for its title: the conclusion, after what is measured.
#[must_use]
pub fn alt(chart: &Chart, language: Language) -> String {
    let said = |message: &Message| say(message, chart, language);
    let text = format!("{}: {}", said(&chart.title), said(&chart.conclusion));
    text.chars().take(ALT_MAX).collect()
}

/// The chart's title alone.
#[must_use]
pub fn title(chart: &Chart, language: Language) -> String {
    say(&chart.title, chart, language)
}

fn say(message: &Message, chart: &Chart, language: Language) -> String {
    Words::new(language, chart.to).say(message, Medium::Text)
}
