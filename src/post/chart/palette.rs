//! The colours: Okabe and Ito's, which people with any kind of colour blindness tell apart, on a card of its own
//! so that the picture reads on a light and on a dark screen. Nothing is said by colour alone.

use tiny_skia::Color;

/// Which background the card has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark letters on white: readable in every Slack theme, since the card brings its own background.
    #[default]
    Light,
    /// Light letters on near-black.
    Dark,
}

/// The colours of one theme.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// The card.
    pub card: Color,
    /// Its edge, to be seen on a screen of the same colour.
    pub edge: Color,
    /// What is read first.
    pub ink: Color,
    /// What is read second.
    pub soft: Color,
    /// Grid lines.
    pub grid: Color,
    /// Times without data.
    pub gap: Color,
    /// The curve that matters.
    pub main: Color,
    /// What is normal, and what stands beside.
    pub usual: Color,
    /// Limits and the moment when the trouble began.
    pub alarm: Color,
    /// Levels that are no limit.
    pub level: Color,
}

fn rgb(hex: u32) -> Color {
    let [_, r, g, b] = hex.to_be_bytes();
    Color::from_rgba8(r, g, b, 255)
}

impl Theme {
    /// Its colours.
    pub(super) fn palette(self) -> Palette {
        match self {
            Self::Light => Palette {
                card: rgb(0xff_ff_ff),
                edge: rgb(0xd5_d9_e0),
                ink: rgb(0x1a_1d_23),
                soft: rgb(0x5a_62_70),
                grid: rgb(0xe6_e9_ee),
                gap: rgb(0xf2_f4_f7),
                main: rgb(0x00_72_b2),
                usual: rgb(0x8b_93_a1),
                alarm: rgb(0xc7_52_00),
                level: rgb(0x00_82_5f),
            },
            Self::Dark => Palette {
                card: rgb(0x1b_1e_24),
                edge: rgb(0x3a_40_4b),
                ink: rgb(0xf2_f4_f7),
                soft: rgb(0xa9_b1_be),
                grid: rgb(0x31_36_40),
                gap: rgb(0x25_29_31),
                main: rgb(0x56_b4_e9),
                usual: rgb(0x7d_86_95),
                alarm: rgb(0xff_8a_3d),
                level: rgb(0x2f_c1_96),
            },
        }
    }
}
