//! Pictures made of pixels as PNG files; several of them as APNG, which every browser plays.
//!
//! A picture of one colour is written as indices into a palette, a byte or half a byte a pixel; what lies
//! between its images is transparent. Of a frame only the part is written that has changed.

use data_encoding::BASE64;
use png::{BitDepth, BlendOp, ColorType, Compression, DisposeOp, Encoder, EncodingError, Filter, Writer};

use super::pixels::{Patch, Pixels, Raster, Shades};
use super::theme::CARD;
use crate::error::{Error, Result};

/// A picture as a PNG file.
pub(super) fn png(raster: &Raster) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut write = || {
        let mut writer = encoder(&mut file, raster)?.write_header()?;
        writer.write_image_data(&raster.all().packed)?;
        writer.finish()
    };
    write().map_err(broken)?;
    Ok(file)
}

/// A PNG file as the address of an image inside an SVG document.
pub(super) fn data_address(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", BASE64.encode(png))
}

/// Pictures that [are like](Raster::is_like) each other as the frames of an APNG file. `milliseconds` has how long each
/// is shown, `repeats` how often all are; 0 is for ever.
pub(super) fn apng(
    mut frames: impl Iterator<Item = Result<Raster>>,
    milliseconds: &[u16],
    repeats: u32,
) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let Some(first) = frames.next().transpose()? else {
        return Ok(file);
    };
    let start = |mut encoder: Encoder<'static, _>| {
        encoder.set_animated(milliseconds.len() as u32, repeats)?;
        encoder.set_blend_op(BlendOp::Source)?;
        encoder.set_dispose_op(DisposeOp::None)?;
        encoder.write_header()
    };
    let mut writer = encoder(&mut file, &first).and_then(start).map_err(broken)?;
    let mut lasting = milliseconds.iter();
    write_frame(&mut writer, first.all(), lasting.next()).map_err(broken)?;
    let mut before = first;
    for frame in frames {
        let frame = frame?;
        write_frame(&mut writer, frame.changed(&before), lasting.next()).map_err(broken)?;
        before = frame;
    }
    writer.finish().map_err(broken)?;
    Ok(file)
}

type Encoding<Done> = std::result::Result<Done, EncodingError>;

fn encoder<'a>(file: &'a mut Vec<u8>, raster: &Raster) -> Encoding<Encoder<'static, &'a mut Vec<u8>>> {
    let mut encoder = Encoder::new(file, raster.width as u32, raster.height as u32);
    encoder.set_compression(Compression::High);
    match &raster.pixels {
        Pixels::Shades { palette, shades, .. } => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_depth(match shades {
                Shades::Fine => BitDepth::Eight,
                Shades::Coarse => BitDepth::Four,
            });
            // Neighbours in a palette are numbers, not colours: filters that guess the next one do not help.
            encoder.set_filter(Filter::NoFilter);
            let colors = (0..=shades.gap()).map(|step| shades.color(*palette, step).unwrap_or(CARD));
            let colors: Vec<u8> = colors.flat_map(|color| [color.0, color.1, color.2]).collect();
            encoder.set_palette(colors);
            let mut opacities = vec![255; usize::from(shades.gap())];
            opacities.push(0);
            encoder.set_trns(opacities);
        }
        Pixels::Colors(_) => {
            encoder.set_color(ColorType::Rgba);
            encoder.set_depth(BitDepth::Eight);
            encoder.set_filter(Filter::Adaptive);
        }
    }
    Ok(encoder)
}

/// What is written of a frame.
struct Written {
    patch: Patch,
    packed: Vec<u8>,
}

fn write_frame(
    writer: &mut Writer<&mut Vec<u8>>,
    Written { patch, packed }: Written,
    milliseconds: Option<&u16>,
) -> Encoding<()> {
    writer.set_frame_delay(milliseconds.copied().unwrap_or(200), 1000)?;
    // A size is refused that would not fit where the frame before stood.
    writer.reset_frame_position()?;
    writer.set_frame_dimension(patch.width as u32, patch.height as u32)?;
    writer.set_frame_position(patch.left as u32, patch.top as u32)?;
    writer.write_image_data(&packed)
}

impl Raster {
    fn all(&self) -> Written {
        self.written(Patch::whole(self))
    }

    /// What differs from the frame before.
    fn changed(&self, before: &Self) -> Written {
        let patch = match (&before.pixels, &self.pixels) {
            (Pixels::Shades { steps: before, .. }, Pixels::Shades { steps, .. }) => {
                Patch::changed(before, steps, self.width)
            }
            (Pixels::Colors(before), Pixels::Colors(values)) => {
                Patch::changed(before.as_chunks::<4>().0, values.as_chunks::<4>().0, self.width)
            }
            _ => return self.all(),
        };
        self.written(patch)
    }

    /// A part as PNG wants its rows: with half a byte a pixel, two pixels share a byte.
    fn written(&self, patch: Patch) -> Written {
        let packed = match &self.pixels {
            Pixels::Colors(values) => patch.of(values.as_chunks::<4>().0, self.width).into_flattened(),
            Pixels::Shades { shades, steps, .. } => {
                let steps = patch.of(steps, self.width);
                let pair = |pair: &[u8]| (pair[0] << 4) | pair.get(1).copied().unwrap_or(0);
                match shades {
                    Shades::Fine => steps,
                    Shades::Coarse => steps
                        .chunks(patch.width)
                        .flat_map(|row| row.chunks(2).map(pair))
                        .collect(),
                }
            }
        };
        Written { patch, packed }
    }
}

fn broken(problem: EncodingError) -> Error {
    Error::new("plot")
        .expected("to write the picture as PNG")
        .got(problem.to_string())
        .hint("report this as a bug")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::palette::Palette;

    fn ramp(shades: Shades, first: u8) -> Raster {
        let last = shades.gap();
        Raster {
            width: 3,
            height: 2,
            pixels: Pixels::Shades {
                palette: Palette::Gray,
                shades,
                steps: vec![first, last / 2, last - 1, last, last, 0],
            },
        }
    }

    /// The frames of a PNG file, read back as red, green, blue and opacity: each with the part that it has.
    fn read(png: &[u8]) -> Vec<(Patch, Vec<u8>)> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let frames = reader
            .info()
            .animation_control()
            .map_or(1, |control| control.num_frames);
        let mut all = Vec::new();
        for _ in 0..frames {
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let frame = reader.next_frame(&mut pixels).unwrap();
            pixels.truncate(frame.buffer_size());
            let (left, top) = reader.info().frame_control().map_or((0, 0), |control| {
                (control.x_offset as usize, control.y_offset as usize)
            });
            let (width, height) = (frame.width as usize, frame.height as usize);
            all.push((
                Patch {
                    left,
                    top,
                    width,
                    height,
                },
                pixels,
            ));
        }
        all
    }

    #[test]
    fn black_middle_white_and_gap_come_back_from_the_file() {
        for shades in [Shades::Fine, Shades::Coarse] {
            let frames = read(&png(&ramp(shades, 0)).unwrap());
            let pixels = &frames[0].1;
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
    fn of_later_frames_the_file_has_what_changed_and_nothing_else() {
        for shades in [Shades::Fine, Shades::Coarse] {
            let frames = [
                ramp(shades, 0),
                ramp(shades, shades.gap() - 1),
                ramp(shades, shades.gap() - 1),
            ];
            let file = apng(frames.map(Ok).into_iter(), &[100, 100, 900], 0).unwrap();
            let read = read(&file);
            let at = |left, top, width, height| Patch {
                left,
                top,
                width,
                height,
            };
            assert_eq!(read[0].0, at(0, 0, 3, 2));
            assert_eq!(
                read[1],
                (at(0, 0, 1, 1), vec![255; 4]),
                "the pixel in the corner turned white"
            );
            assert_eq!(read[2].0, at(0, 0, 1, 1), "nothing changed");
            assert_eq!(read.len(), 3);
        }
    }

    #[test]
    fn colours_change_in_their_place_too() {
        let colors = |values: [u8; 16]| Raster {
            width: 2,
            height: 2,
            pixels: Pixels::Colors(values.to_vec()),
        };
        let mut values = [9; 16];
        let before = colors(values);
        values[12..].copy_from_slice(&[1, 2, 3, 255]);
        let file = apng([Ok(before), Ok(colors(values))].into_iter(), &[100, 100], 1).unwrap();
        let changed = Patch {
            left: 1,
            top: 1,
            width: 1,
            height: 1,
        };
        assert_eq!(read(&file)[1], (changed, vec![1, 2, 3, 255]));
    }

    #[test]
    fn a_frame_that_cannot_be_drawn_ends_the_file() {
        let frames = [Ok(ramp(Shades::Fine, 0)), Err(Error::interrupted("save"))];
        assert!(apng(frames.into_iter(), &[100, 100], 0).is_err());
    }
}
