//! Moving pictures as GIF files, which slides, chats and web pages play where SVG does not move.
//!
//! GIF has 256 colours a frame and no half-transparent pixels. Each frame has colours of its own; where there are more,
//! the most frequent ones are kept as they are, and the others are brought together by a small neural network
//! (NeuQuant: Dekker 1994). Pixels that stay as they were are transparent, which makes small files.

use std::collections::HashMap;

use color_quant::NeuQuant;
use gif::{Encoder, EncodingError, Frame, Repeat};

use super::pixels::{Patch, Raster};
use crate::error::{Error, Result};

/// Colours of a frame; one place more is for "as before".
const COLORS: usize = 255;
/// How many of them are kept exactly where a frame has more colours than places.
const EXACT: usize = 127;

/// GIF writes sizes in two bytes.
const MOST_PIXELS: usize = 65_535;

type Rgb = [u8; 3];

/// Pictures of one size as the frames of a GIF file. `hundredths` has how long each is shown, in hundredths of a second;
/// `repeat` is whether they start again for ever.
pub(super) fn gif(
    mut frames: impl Iterator<Item = Result<Raster>>,
    hundredths: &[u16],
    repeat: bool,
) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let Some(first) = frames.next().transpose()? else {
        return Ok(file);
    };
    let (width, height) = (first.width, first.height);
    if width.max(height) > MOST_PIXELS {
        return Err(Error::new("Animation::save")
            .expected(format!(
                "at most {MOST_PIXELS} pixels in width and height, which GIF has room for"
            ))
            .got(format!("{width} × {height}"))
            .hint("draw fewer images or smaller ones, or save it as .png"));
    }
    let mut encoder = Encoder::new(&mut file, width as u16, height as u16, &[]).map_err(broken)?;
    if repeat {
        encoder.set_repeat(Repeat::Infinite).map_err(broken)?;
    }
    let mut lasting = hundredths.iter().copied();
    let mut delay = || lasting.next().unwrap_or(20);

    let mut before = first.on_card();
    let whole = Patch::whole(&first);
    let all: Vec<Option<Rgb>> = before.iter().copied().map(Some).collect();
    encoder
        .write_frame(&frame(whole, &all, delay()))
        .map_err(broken)?;
    for raster in frames {
        let now = raster?.on_card();
        let patch = Patch::changed(&before, &now, width);
        let pairs = patch.of(&before, width).into_iter().zip(patch.of(&now, width));
        let changed: Vec<Option<Rgb>> = pairs
            .map(|(before, now)| (before != now).then_some(now))
            .collect();
        encoder
            .write_frame(&frame(patch, &changed, delay()))
            .map_err(broken)?;
        before = now;
    }
    drop(encoder);
    Ok(file)
}

/// A frame of the pixels that change; none where a pixel stays as it was.
fn frame(patch: Patch, pixels: &[Option<Rgb>], delay: u16) -> Frame<'static> {
    let (colors, places) = palette(pixels);
    let as_before = colors.len() as u8;
    let place = |pixel: &Option<Rgb>| pixel.map_or(as_before, |color| places[&color]);
    let mut table = colors.into_flattened();
    table.extend([255; 3]);
    Frame {
        delay,
        transparent: Some(as_before),
        left: patch.left as u16,
        top: patch.top as u16,
        width: patch.width as u16,
        height: patch.height as u16,
        buffer: pixels.iter().map(place).collect::<Vec<_>>().into(),
        palette: Some(table),
        ..Frame::default()
    }
}

/// The colours of a frame, and the place among them of each colour that its pixels have.
fn palette(pixels: &[Option<Rgb>]) -> (Vec<Rgb>, HashMap<Rgb, u8>) {
    let mut counts: HashMap<Rgb, usize> = HashMap::new();
    for run in pixels.chunk_by(|a, b| a == b) {
        if let Some(color) = run[0] {
            *counts.entry(color).or_default() += run.len();
        }
    }
    let mut counts: Vec<(Rgb, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(color, count)| (std::cmp::Reverse(*count), *color));
    let found: Vec<Rgb> = counts.into_iter().map(|(color, _)| color).collect();

    let kept = if found.len() > COLORS { EXACT } else { found.len() };
    let (exact, others) = found.split_at(kept);
    let mut colors = exact.to_vec();
    let mut places: HashMap<Rgb, u8> = (0..).zip(exact).map(|(place, color)| (*color, place)).collect();
    if !others.is_empty() {
        let opaque = |&[red, green, blue]: &Rgb| [red, green, blue, 255];
        let shown: Vec<u8> = others.iter().flat_map(opaque).collect();
        let network = NeuQuant::new(1, COLORS - EXACT, &shown);
        colors.extend(network.color_map_rgb().as_chunks::<3>().0);
        places.extend(
            others
                .iter()
                .map(|color| (*color, (EXACT + network.index_of(&opaque(color))) as u8)),
        );
    }
    (colors, places)
}

fn broken(problem: EncodingError) -> Error {
    Error::new("plot")
        .expected("to write the picture as GIF")
        .got(problem.to_string())
        .hint("report this as a bug")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::pixels::Pixels;

    fn raster(width: usize, pixels: &[Rgb]) -> Raster {
        let values = pixels
            .iter()
            .flat_map(|[red, green, blue]| [*red, *green, *blue, 255]);
        Raster {
            width,
            height: pixels.len() / width,
            pixels: Pixels::Colors(values.collect()),
        }
    }

    /// What a viewer shows: each frame over the one before; with the delays.
    fn play(file: &[u8], width: usize) -> Vec<(u16, Vec<Rgb>)> {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(file).unwrap();
        let mut screen = vec![[0; 3]; width * usize::from(decoder.height())];
        let mut shown = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            for (at, &[red, green, blue, opacity]) in frame.buffer.as_chunks::<4>().0.iter().enumerate() {
                let (x, y) = (at % usize::from(frame.width), at / usize::from(frame.width));
                if opacity > 0 {
                    screen[(y + usize::from(frame.top)) * width + x + usize::from(frame.left)] =
                        [red, green, blue];
                }
            }
            shown.push((frame.delay, screen.clone()));
        }
        shown
    }

    #[test]
    fn frames_of_few_colours_come_back_as_they_were() {
        let (red, blue, white) = ([200, 0, 0], [0, 0, 200], [255; 3]);
        let frames = [
            [red, white, white, blue, white, white],
            [red, white, red, blue, white, blue],
            [red, white, red, blue, white, blue],
        ];
        let rasters = frames.iter().map(|frame| Ok(raster(3, frame)));
        let file = gif(rasters, &[10, 20, 300], true).unwrap();
        let played = play(&file, 3);
        assert_eq!(
            played.iter().map(|(delay, _)| *delay).collect::<Vec<_>>(),
            [10, 20, 300]
        );
        for (frame, (_, shown)) in frames.iter().zip(&played) {
            assert_eq!(frame.as_slice(), shown);
        }
        assert!(
            file.windows(11).any(|part| part == b"NETSCAPE2.0"),
            "it starts again"
        );
        let once = gif([Ok(raster(3, &frames[0]))].into_iter(), &[10], false).unwrap();
        assert!(
            !once.windows(11).any(|part| part == b"NETSCAPE2.0"),
            "it plays once"
        );
    }

    #[test]
    fn of_many_colours_the_frequent_ones_stay_and_the_others_are_near() {
        let mut pixels = vec![[255; 3]; 2000];
        pixels.extend([[0, 114, 178]; 500]);
        pixels.extend((0..1500).map(|at| [(at / 8) as u8, 255 - (at / 8) as u8, (at % 8 * 30) as u8]));
        let file = gif([Ok(raster(100, &pixels))].into_iter(), &[10], true).unwrap();
        let shown = play(&file, 100).remove(0).1;
        assert_eq!(shown[..2500], pixels[..2500]);
        let apart = |(a, b): (&Rgb, &Rgb)| {
            a.iter()
                .zip(b)
                .map(|(a, b)| f64::from(a.abs_diff(*b)))
                .sum::<f64>()
                / 3.0
        };
        let mean = pixels.iter().zip(&shown).skip(2500).map(apart).sum::<f64>() / 1500.0;
        assert!(mean < 8.0, "colours are {mean} of 255 apart");
    }

    #[test]
    fn a_picture_too_large_for_a_gif_is_refused() {
        let strip = raster(65_536, &vec![[0; 3]; 65_536]);
        let problem = gif([Ok(strip)].into_iter(), &[10], true).unwrap_err().to_string();
        assert!(
            problem.contains("65536 × 1") && problem.contains(".png"),
            "{problem}"
        );
    }

    #[test]
    fn the_same_pictures_give_the_same_file() {
        let pixels: Vec<Rgb> = (0..900)
            .map(|at| [(at / 4) as u8, (at % 251) as u8, (at % 7) as u8])
            .collect();
        let file = || gif([Ok(raster(30, &pixels))].into_iter(), &[10], true).unwrap();
        assert_eq!(file(), file());
    }
}
