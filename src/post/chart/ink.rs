//! The sheet that is drawn on: shapes and letters on pixels.

use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder,
    Pixmap, Point, Rect, Shader, SpreadMode, Stroke, StrokeDash, Transform,
};

use super::font::Type;

/// From which side of a point a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The point is its left end.
    Left,
    /// The point is its middle.
    Middle,
    /// The point is its right end.
    Right,
}

/// Pixels.
pub(super) struct Sheet(Pixmap);

impl Sheet {
    /// A clear sheet; `None` without a size.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        Pixmap::new(width, height).map(Self)
    }

    /// As a PNG file.
    pub fn png(&self) -> Option<Vec<u8>> {
        self.0.encode_png().ok()
    }

    /// Fills a shape.
    pub fn fill(&mut self, path: &Path, color: Color) {
        let (rule, at) = (FillRule::Winding, Transform::identity());
        self.0.fill_path(path, &paint(color), rule, at, None);
    }

    /// Fills a shape with a colour that fades out downwards.
    pub fn fade(&mut self, path: &Path, mut color: Color, (top, bottom): (f32, f32)) {
        let stop = |at: f32, opacity: f32, color: &mut Color| {
            color.set_alpha(opacity);
            GradientStop::new(at, *color)
        };
        let stops = vec![stop(0.0, 0.24, &mut color), stop(1.0, 0.03, &mut color)];
        let (from, to) = (Point::from_xy(0.0, top), Point::from_xy(0.0, bottom));
        let fading = LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity());
        let Some(shader) = fading else { return };
        let (rule, at) = (FillRule::Winding, Transform::identity());
        self.0.fill_path(path, &with(shader), rule, at, None);
    }

    /// Draws along a shape.
    pub fn stroke(&mut self, path: &Path, color: Color, width: f32, dash: Option<[f32; 2]>) {
        let stroke = Stroke {
            width,
            line_cap: if dash.is_some() {
                LineCap::Butt
            } else {
                LineCap::Round
            },
            line_join: LineJoin::Round,
            dash: dash.and_then(|dash| StrokeDash::new(dash.to_vec(), 0.0)),
            ..Stroke::default()
        };
        self.0
            .stroke_path(path, &paint(color), &stroke, Transform::identity(), None);
    }

    /// A straight line.
    pub fn line(
        &mut self,
        (from, to): ((f32, f32), (f32, f32)),
        color: Color,
        width: f32,
        dash: Option<[f32; 2]>,
    ) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        if let Some(path) = path.finish() {
            self.stroke(&path, color, width, dash);
        }
    }

    /// A filled rectangle.
    pub fn block(&mut self, (left, top): (f32, f32), (right, bottom): (f32, f32), color: Color) {
        if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
            self.fill(&PathBuilder::from_rect(rect), color);
        }
    }

    /// A dot.
    pub fn dot(&mut self, (x, y): (f32, f32), radius: f32, color: Color) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.fill(&path, color);
        }
    }

    /// Letters; `y` is their baseline.
    pub fn text(
        &mut self,
        text: &str,
        letters: Type,
        (x, y): (f32, f32),
        side: Side,
        color: Color,
    ) {
        let width = letters.width(text);
        let left = match side {
            Side::Left => x,
            Side::Middle => x - width / 2.0,
            Side::Right => x - width,
        };
        if let Some(path) = letters.path(text, (left, y)) {
            self.fill(&path, color);
        }
    }
}

/// A rectangle with round corners.
pub(super) fn rounded(
    (left, top): (f32, f32),
    (right, bottom): (f32, f32),
    radius: f32,
) -> Option<Path> {
    // The length of a handle that makes a cubic curve a quarter of a circle.
    let handle = radius * 0.447_715;
    let mut path = PathBuilder::new();
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(
        right - handle,
        top,
        right,
        top + handle,
        right,
        top + radius,
    );
    path.line_to(right, bottom - radius);
    path.cubic_to(
        right,
        bottom - handle,
        right - handle,
        bottom,
        right - radius,
        bottom,
    );
    path.line_to(left + radius, bottom);
    path.cubic_to(
        left + handle,
        bottom,
        left,
        bottom - handle,
        left,
        bottom - radius,
    );
    path.line_to(left, top + radius);
    path.cubic_to(left, top + handle, left + handle, top, left + radius, top);
    path.close();
    path.finish()
}

fn paint(color: Color) -> Paint<'static> {
    with(Shader::SolidColor(color))
}

fn with(shader: Shader<'_>) -> Paint<'_> {
    Paint {
        shader,
        anti_alias: true,
        ..Paint::default()
    }
}
