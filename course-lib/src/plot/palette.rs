//! What colour a value of an image has.

use super::theme::{self, Color};

/// How the values of a one-colour image become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// The lowest value black, the highest white: photographs, and digits as MNIST has them.
    #[default]
    Gray,
    /// The lowest value white, the highest black: ink on paper.
    Ink,
    /// From dark violet over green to yellow (viridis): how strongly something answers, as in feature maps.
    /// Equal steps of value look like equal steps, to colour-blind readers too.
    Sequential,
    /// Below zero vermilion, zero nearly white, above zero blue: weights. The range is made symmetric.
    Diverging,
}

/// viridis of Smith and van der Walt (2015, matplotlib, CC0) at equal distances.
const VIRIDIS: [Color; 9] = [
    Color(68, 1, 84),
    Color(71, 45, 123),
    Color(59, 82, 139),
    Color(44, 114, 142),
    Color(33, 145, 140),
    Color(40, 174, 128),
    Color(94, 201, 98),
    Color(173, 220, 48),
    Color(253, 231, 37),
];

impl Palette {
    /// The colour of a value that lies at `share` of the range, from 0 to 1.
    pub(super) fn color(self, share: f64) -> Color {
        const BLACK: Color = Color(0, 0, 0);
        const WHITE: Color = Color(255, 255, 255);
        match self {
            Self::Gray => between(&[BLACK, WHITE], share),
            Self::Ink => between(&[WHITE, BLACK], share),
            Self::Sequential => between(&VIRIDIS, share),
            Self::Diverging => theme::diverging(2.0 * share - 1.0),
        }
    }

    /// Whether an image may be as white as the card that it lies on, and then needs an edge.
    pub(super) fn is_light(self) -> bool {
        matches!(self, Self::Ink | Self::Diverging)
    }
}

/// The colour at `share` of the way along some colours at equal distances.
fn between(stops: &[Color], share: f64) -> Color {
    let way = share.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let from = (way as usize).min(stops.len() - 2);
    stops[from].towards(stops[from + 1], way - from as f64)
}

crate::notebook::shows_its_name!(Palette);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_and_the_middle_of_a_palette_are_its_colours() {
        assert_eq!(Palette::Gray.color(0.0), Color(0, 0, 0));
        assert_eq!(Palette::Gray.color(0.5), Color(128, 128, 128));
        assert_eq!(Palette::Ink.color(1.0), Color(0, 0, 0));
        assert_eq!(Palette::Diverging.color(0.5), Color(247, 247, 247));
        assert_eq!(Palette::Sequential.color(2.0), Color(253, 231, 37));
        assert_eq!(Palette::Sequential.color(-1.0), Color(68, 1, 84));
    }
}
