//! Pictures made of pixels.

use super::palette::Palette;
use super::theme::{CARD, Color};

/// Rows of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raster {
    pub width: usize,
    pub height: usize,
    pub pixels: Pixels,
}

/// The colours of the pixels, row after row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pixels {
    /// For each pixel which step of the palette it has, or [`Shades::gap`].
    Shades {
        palette: Palette,
        shades: Shades,
        steps: Vec<u8>,
    },
    /// Red, green, blue and opacity of each pixel.
    Colors(Vec<u8>),
}

/// How finely the values of a palette are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shades {
    /// 255 steps, a byte a pixel.
    #[default]
    Fine,
    /// 15 steps, half a byte a pixel: for animations, whose many frames must stay small.
    Coarse,
}

impl Shades {
    /// The number that stands for "no image here"; the steps of the palette are those below.
    pub fn gap(self) -> u8 {
        match self {
            Self::Fine => 255,
            Self::Coarse => 15,
        }
    }

    /// The colour of a step; none where there is no image.
    pub fn color(self, palette: Palette, step: u8) -> Option<Color> {
        (step < self.gap()).then(|| palette.color(f64::from(step) / f64::from(self.gap() - 1)))
    }

    /// The step of a value at `share` of the range, from 0 to 1.
    pub fn step(self, share: f64) -> u8 {
        (share.clamp(0.0, 1.0) * f64::from(self.gap() - 1)).round() as u8
    }
}

impl Raster {
    /// The same picture with each pixel as a square of `times` pixels.
    pub fn magnified(&self, times: usize) -> Self {
        let size = match self.pixels {
            Pixels::Shades { .. } => 1,
            Pixels::Colors(_) => 4,
        };
        let magnify = |values: &[u8]| -> Vec<u8> {
            let rows = values.chunks(self.width * size).flat_map(|row| {
                let wide: Vec<u8> = row.chunks(size).flat_map(|pixel| pixel.repeat(times)).collect();
                wide.repeat(times)
            });
            rows.collect()
        };
        Self {
            width: self.width * times,
            height: self.height * times,
            pixels: match &self.pixels {
                Pixels::Shades {
                    palette,
                    shades,
                    steps,
                } => Pixels::Shades {
                    palette: *palette,
                    shades: *shades,
                    steps: magnify(steps),
                },
                Pixels::Colors(values) => Pixels::Colors(magnify(values)),
            },
        }
    }

    /// The colour of each pixel, as it is seen on a card.
    pub fn on_card(&self) -> Vec<[u8; 3]> {
        match &self.pixels {
            Pixels::Shades {
                palette,
                shades,
                steps,
            } => {
                let color = |step: &u8| {
                    let Color(red, green, blue) = shades.color(*palette, *step).unwrap_or(CARD);
                    [red, green, blue]
                };
                steps.iter().map(color).collect()
            }
            Pixels::Colors(values) => {
                let (pixels, _) = values.as_chunks::<4>();
                let Color(red, green, blue) = CARD;
                let over = |value: u8, card: u8, opacity: u8| {
                    let (value, card, opacity) = (u32::from(value), u32::from(card), u32::from(opacity));
                    ((value * opacity + card * (255 - opacity) + 127) / 255) as u8
                };
                pixels
                    .iter()
                    .map(|&[r, g, b, a]| [over(r, red, a), over(g, green, a), over(b, blue, a)])
                    .collect()
            }
        }
    }

    /// Whether both can be frames of one file: they have the same size and the same kind of pixels.
    pub fn is_like(&self, other: &Self) -> bool {
        let same_kind = match (&self.pixels, &other.pixels) {
            (
                Pixels::Shades { palette, shades, .. },
                Pixels::Shades {
                    palette: other_palette,
                    shades: other_shades,
                    ..
                },
            ) => palette == other_palette && shades == other_shades,
            (Pixels::Colors(_), Pixels::Colors(_)) => true,
            _ => false,
        };
        same_kind && (self.width, self.height) == (other.width, other.height)
    }
}

/// A part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patch {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

impl Patch {
    /// All of a picture.
    pub fn whole(raster: &Raster) -> Self {
        Self {
            left: 0,
            top: 0,
            width: raster.width,
            height: raster.height,
        }
    }

    /// The smallest part that holds every pixel which changed between two pictures of one width; a single pixel where
    /// none did, since a file's frames are never empty.
    pub fn changed<Pixel: PartialEq>(before: &[Pixel], now: &[Pixel], width: usize) -> Self {
        let rows = before.chunks(width).zip(now.chunks(width)).enumerate();
        let changed = rows.filter_map(|(row, (before, now))| {
            let differs = |at: &usize| before[*at] != now[*at];
            let first = (0..width).find(differs)?;
            Some((row, first, (0..width).rfind(differs)?))
        });
        let ends = changed.fold(None, |ends, (row, first, last)| {
            let (top, left, right) =
                ends.map_or((row, first, last), |(top, _, left, right)| (top, left, right));
            Some((top, row, left.min(first), right.max(last)))
        });
        let (top, bottom, left, right) = ends.unwrap_or_default();
        Self {
            left,
            top,
            width: right - left + 1,
            height: bottom - top + 1,
        }
    }

    /// The pixels of this part of a picture of so many pixels a row.
    pub fn of<Pixel: Copy>(self, pixels: &[Pixel], width: usize) -> Vec<Pixel> {
        let rows = pixels.chunks(width).skip(self.top).take(self.height);
        rows.flat_map(|row| &row[self.left..self.left + self.width])
            .copied()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Raster {
        Raster {
            width: 3,
            height: 2,
            pixels: Pixels::Shades {
                palette: Palette::Gray,
                shades: Shades::Coarse,
                steps: vec![0, 7, 14, 15, 15, 0],
            },
        }
    }

    #[test]
    fn a_magnified_picture_has_squares_for_pixels() {
        let large = ramp().magnified(2);
        assert_eq!((large.width, large.height), (6, 4));
        let pixels = large.on_card();
        assert_eq!(pixels[0], pixels[1]);
        assert_eq!(
            pixels[..6],
            pixels[6..12],
            "the second row is the first one again"
        );
        assert_ne!(pixels[0], pixels[2]);
    }

    #[test]
    fn what_is_not_there_or_half_there_has_the_colour_of_the_card_behind_it() {
        assert_eq!(
            ramp().on_card(),
            [0, 128, 255, 255, 255, 0].map(|value| [value; 3])
        );
        let half = Raster {
            width: 2,
            height: 1,
            pixels: Pixels::Colors(vec![255, 0, 0, 128, 9, 9, 9, 0]),
        };
        assert_eq!(half.on_card(), [[255, 127, 127], [255; 3]]);
    }

    #[test]
    fn the_part_that_changed_is_as_small_as_can_be() {
        let before = [0; 12];
        let mut now = before;
        assert_eq!(Patch::changed(&before, &now, 4).of(&now, 4), [0]);
        (now[5], now[10]) = (7, 8);
        let patch = Patch::changed(&before, &now, 4);
        assert_eq!((patch.left, patch.top, patch.width, patch.height), (1, 1, 2, 2));
        assert_eq!(patch.of(&now, 4), [7, 0, 0, 8]);
    }
}
