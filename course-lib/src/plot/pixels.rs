//! Pictures made of pixels, and the PNG files that they travel in.
//!
//! A picture of one colour is written as indices into a palette, a byte or half a byte a pixel; what lies
//! between its images is transparent. PNG is encoded by the `png` crate, animations as APNG, which every
//! browser plays.

use data_encoding::BASE64;
use png::{BitDepth, BlendOp, ColorType, Compression, DisposeOp, Encoder, Filter};

use super::palette::Palette;
use super::theme::Color;
use crate::error::{Error, Result};

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

    /// The picture as a PNG file.
    pub fn png(&self) -> Result<Vec<u8>> {
        write(std::slice::from_ref(self), None).map_err(broken)
    }

    /// The rows as PNG wants them: with half a byte a pixel, two pixels share a byte.
    fn packed(&self) -> Vec<u8> {
        match &self.pixels {
            Pixels::Colors(values) => values.clone(),
            Pixels::Shades {
                shades: Shades::Fine,
                steps,
                ..
            } => steps.clone(),
            Pixels::Shades {
                shades: Shades::Coarse,
                steps,
                ..
            } => {
                let pair = |pair: &[u8]| (pair[0] << 4) | pair.get(1).copied().unwrap_or(0);
                steps
                    .chunks(self.width)
                    .flat_map(|row| row.chunks(2).map(pair))
                    .collect()
            }
        }
    }
}

/// Pictures of one size as the frames of an APNG file. `milliseconds` has how long each is shown, `repeats`
/// how often all are; 0 is for ever.
pub(super) fn apng(frames: &[Raster], milliseconds: &[u16], repeats: u32) -> Result<Vec<u8>> {
    write(frames, Some((milliseconds, repeats))).map_err(broken)
}

/// A PNG file as the address of an image inside an SVG document.
pub(super) fn data_address(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", BASE64.encode(png))
}

fn write(
    frames: &[Raster],
    motion: Option<(&[u16], u32)>,
) -> std::result::Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let Some(first) = frames.first() else {
        return Ok(file);
    };
    let mut encoder = Encoder::new(&mut file, first.width as u32, first.height as u32);
    encoder.set_compression(Compression::High);
    match &first.pixels {
        Pixels::Shades { palette, shades, .. } => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_depth(match shades {
                Shades::Fine => BitDepth::Eight,
                Shades::Coarse => BitDepth::Four,
            });
            // Neighbours in a palette are numbers, not colours: filters that guess the next one do not help.
            encoder.set_filter(Filter::NoFilter);
            let gap = shades.gap();
            let color = |step: u8| match step {
                step if step == gap => Color(255, 255, 255),
                step => palette.color(f64::from(step) / f64::from(gap - 1)),
            };
            let colors: Vec<u8> = (0..=gap)
                .map(color)
                .flat_map(|Color(r, g, b)| [r, g, b])
                .collect();
            encoder.set_palette(colors);
            let mut opacities = vec![255; usize::from(gap)];
            opacities.push(0);
            encoder.set_trns(opacities);
        }
        Pixels::Colors(_) => {
            encoder.set_color(ColorType::Rgba);
            encoder.set_depth(BitDepth::Eight);
            encoder.set_filter(Filter::Adaptive);
        }
    }
    if let Some((_, repeats)) = motion {
        encoder.set_animated(frames.len() as u32, repeats)?;
        encoder.set_blend_op(BlendOp::Source)?;
        encoder.set_dispose_op(DisposeOp::None)?;
    }
    let mut writer = encoder.write_header()?;
    for (number, frame) in frames.iter().enumerate() {
        if let Some((milliseconds, _)) = motion {
            writer.set_frame_delay(milliseconds.get(number).copied().unwrap_or(200), 1000)?;
        }
        writer.write_image_data(&frame.packed())?;
    }
    writer.finish()?;
    Ok(file)
}

fn broken(problem: png::EncodingError) -> Error {
    Error::new("plot")
        .expected("to write the picture as PNG")
        .got(problem.to_string())
        .hint("report this as a bug")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(shades: Shades) -> Raster {
        let last = shades.gap();
        Raster {
            width: 3,
            height: 2,
            pixels: Pixels::Shades {
                palette: Palette::Gray,
                shades,
                steps: vec![0, last / 2, last - 1, last, last, 0],
            },
        }
    }

    /// The pixels of a PNG file, read back as red, green, blue and opacity.
    fn read(png: &[u8]) -> (usize, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let frames = reader
            .info()
            .animation_control()
            .map_or(1, |control| control.num_frames);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        (frames as usize, pixels)
    }

    #[test]
    fn black_middle_white_and_gap_come_back_from_the_file() {
        for shades in [Shades::Fine, Shades::Coarse] {
            let (_, pixels) = read(&ramp(shades).png().unwrap());
            assert_eq!(pixels[..4], [0, 0, 0, 255]);
            assert!((126..=129).contains(&pixels[4]), "{}", pixels[4]);
            assert_eq!(pixels[8..12], [255, 255, 255, 255]);
            assert_eq!(
                (pixels[15], pixels[19], pixels[23]),
                (0, 0, 255),
                "opacities of the second row"
            );
        }
    }

    #[test]
    fn a_magnified_picture_has_squares_for_pixels() {
        let large = ramp(Shades::Coarse).magnified(2);
        assert_eq!((large.width, large.height), (6, 4));
        let (_, pixels) = read(&large.png().unwrap());
        assert_eq!(pixels[..4], pixels[4..8]);
        assert_eq!(
            pixels[..24],
            pixels[24..48],
            "the second row is the first one again"
        );
        assert_ne!(pixels[..4], pixels[8..12]);
    }

    #[test]
    fn an_animation_counts_its_frames() {
        let frames = vec![ramp(Shades::Coarse); 3];
        let (frames, pixels) = read(&apng(&frames, &[100, 100, 900], 0).unwrap());
        assert_eq!((frames, pixels.len()), (3, 24));
    }
}
