//! What tells the series of a figure from each other: a colour, a shape of points, dashes.

use super::series::{Mark, Series};
use super::theme::{self, Color, INK, PALETTE};

/// What one series looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub color: Color,
    /// Which of the figure's colours this is, counted on after the last one.
    pub number: usize,
    /// Whether a line is dashed, since its colour is used for the second time.
    pub dashed: bool,
    /// Whether a pale seam keeps it apart from what lies below.
    pub seam: bool,
}

/// Every series with its look. Series of one name share it; lines to compare with are grey and use up none of
/// the palette.
pub(super) fn looks(series: &[Series], over_regions: bool) -> Vec<(&Series, Look)> {
    let over_points = series.iter().any(|one| one.mark == Mark::Points);
    let mut names: Vec<&str> = Vec::new();
    let look = |one: &Series, number: usize| match one.mark {
        Mark::Edge | Mark::Cross => Look {
            color: INK,
            number: 0,
            dashed: false,
            seam: one.mark == Mark::Cross,
        },
        mark if !mark.is_colored() => Look {
            color: theme::REFERENCE,
            number: 0,
            dashed: false,
            seam: over_points,
        },
        mark => Look {
            color: theme::color(number),
            number,
            dashed: number >= PALETTE.len(),
            seam: over_regions && mark == Mark::Points,
        },
    };
    let with_look = series.iter().map(|one| {
        let known = names
            .iter()
            .position(|name| !name.is_empty() && *name == one.name);
        let number = known.unwrap_or(names.len());
        if known.is_none() && one.mark.is_colored() {
            names.push(&one.name);
        }
        (one, look(one, number))
    });
    with_look.collect()
}
