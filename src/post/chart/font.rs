//! The two weights of the picture's font, compiled in: Inter (SIL Open Font License, `font/OFL.txt`), cut down
//! to Latin-1 and the signs our sentences use. Outlines only: no hinting, no kerning, no shaping.

use std::sync::LazyLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use tiny_skia::{Path, PathBuilder};

/// How heavy the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// For what is read second.
    Regular,
    /// For what is read first.
    Bold,
}

static REGULAR: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::new(include_bytes!("font/inter-regular.ttf")).ok());
static BOLD: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::new(include_bytes!("font/inter-semibold.ttf")).ok());

/// A line of text in one size and weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Type {
    /// Pixels from one line to the next, about.
    pub size: f32,
    /// Weight.
    pub weight: Weight,
}

impl Type {
    /// Letters for what is read second.
    pub const fn regular(size: f32) -> Self {
        Self {
            size,
            weight: Weight::Regular,
        }
    }

    /// Letters for what is read first.
    pub const fn bold(size: f32) -> Self {
        Self {
            size,
            weight: Weight::Bold,
        }
    }

    fn font(self) -> Option<&'static FontRef<'static>> {
        match self.weight {
            Weight::Regular => REGULAR.as_ref(),
            Weight::Bold => BOLD.as_ref(),
        }
    }

    /// Its width in pixels.
    pub fn width(self, text: &str) -> f32 {
        self.glyphs(text).map(|(_, advance)| advance).sum()
    }

    /// The text, or as much of it as fits with a sign that more follows.
    pub fn fitted(self, text: &str, width: f32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept = text.to_owned();
        while kept.pop().is_some() {
            let cut = format!("{}…", kept.trim_end());
            if self.width(&cut) <= width {
                return cut;
            }
        }
        String::new()
    }

    /// The text in at most `most` lines that fit; what is too much for them is cut with a sign.
    pub fn lines(self, text: &str, width: f32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match (longer, lines.last_mut()) {
                // The last line takes everything that is left, and is cut below.
                (Some(longer), Some(line)) if lines_are_up(&longer, self, width) => *line = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(rest);
        }
        lines.iter().map(|line| self.fitted(line, width)).collect()
    }

    /// The outlines, with the left end of the baseline at this point.
    pub fn path(self, text: &str, (x, y): (f32, f32)) -> Option<Path> {
        let outlines = self.font()?.outline_glyphs();
        let mut pen = Pen {
            path: PathBuilder::new(),
            x,
            y,
        };
        for (glyph, advance) in self.glyphs(text) {
            if let Some(outline) = glyph.and_then(|glyph| outlines.get(glyph)) {
                let settings = DrawSettings::unhinted(Size::new(self.size), LocationRef::default());
                // A glyph of our own font that cannot be drawn would be a space; a test draws them all.
                let _ = outline.draw(settings, &mut pen);
            }
            pen.x += advance;
        }
        pen.path.finish()
    }

    /// Glyphs and their advances. The narrow space is narrower than the font's; what the font does not
    /// have is a question mark.
    fn glyphs(self, text: &str) -> impl Iterator<Item = (Option<GlyphId>, f32)> {
        let font = self.font();
        let map = font.map(skrifa::MetadataProvider::charmap);
        let metrics =
            font.map(|font| font.glyph_metrics(Size::new(self.size), LocationRef::default()));
        text.chars().map(move |c| {
            if matches!(c, '\u{202f}' | '\u{2009}') {
                return (None, self.size * 0.16);
            }
            let glyph = map
                .as_ref()
                .and_then(|map| map.map(c).or_else(|| map.map('?')));
            let advance = glyph
                .zip(metrics.as_ref())
                .and_then(|(glyph, metrics)| metrics.advance_width(glyph));
            (glyph, advance.unwrap_or(self.size * 0.5))
        })
    }
}

fn lines_are_up(line: &str, letters: Type, width: f32) -> bool {
    letters.width(line) <= width
}

/// Takes outlines, which go upwards, into a picture, which goes downwards.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path
            .quad_to(self.x + cx, self.y - cy, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.cubic_to(
            self.x + ax,
            self.y - ay,
            self.x + bx,
            self.y - by,
            self.x + x,
            self.y - y,
        );
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_our_sentences_can_be_drawn() {
        let signs = "ABC xyz 0123456789 %/:;,.·…–—«»’“”?!()[]<>±→ éèêëàâäçîïôöùûüÿœæ ÉÈÊÀÂÇÎÔÛŒÆ €";
        for letters in [Type::regular(28.0), Type::bold(28.0)] {
            assert!(letters.font().is_some(), "the font can be read");
            for sign in signs.chars().filter(|c| !"→ ".contains(*c)) {
                let text = sign.to_string();
                assert!(letters.path(&text, (0.0, 0.0)).is_some(), "{sign}");
                let own = letters.font().and_then(|font| font.charmap().map(sign));
                assert!(own.is_some(), "{sign} is the font's own");
            }
        }
    }

    #[test]
    fn what_the_font_lacks_is_a_question_mark_and_never_nothing() {
        let letters = Type::regular(28.0);
        assert!((letters.width("漢") - letters.width("?")).abs() < 0.01);
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_with_a_sign() {
        let letters = Type::regular(28.0);
        let long = "payment-service ".repeat(400);
        let cut = letters.fitted(&long, 300.0);
        assert!(cut.ends_with('…') && letters.width(&cut) <= 300.0, "{cut}");
        assert_eq!(letters.fitted("short", 300.0), "short");
        let lines = letters.lines(&long, 300.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| letters.width(line) <= 300.0));
        assert!(lines[1].ends_with('…'));
        assert_eq!(letters.fitted("anything", 0.0), "");
    }
}
