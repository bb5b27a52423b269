//! Pictures as files of pixels: what is seen in the notebook is in them.

use std::collections::HashSet;
use std::path::PathBuf;

use course_lib::prelude::*;

type Pixel = [u8; 4];

/// A picture in pixels, read back from a file.
#[derive(Debug, PartialEq)]
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<Pixel>,
}

impl Picture {
    /// The colours of a part, given in shares of width and height.
    fn colors(&self, (left, right): (f64, f64), (top, bottom): (f64, f64)) -> HashSet<Pixel> {
        let part =
            |whole: usize, from: f64, to: f64| (whole as f64 * from) as usize..(whole as f64 * to) as usize;
        let columns = part(self.width, left, right);
        let rows = part(self.height, top, bottom);
        rows.flat_map(|row| &self.pixels[row * self.width..][columns.clone()])
            .copied()
            .collect()
    }

    /// How far two pictures are apart, as a share of the difference of black and white.
    fn distance(&self, other: &Self) -> f64 {
        let pairs = self.pixels.as_flattened().iter().zip(other.pixels.as_flattened());
        pairs.map(|(a, b)| f64::from(a.abs_diff(*b)) / 255.0).sum::<f64>() / (4 * self.pixels.len()) as f64
    }
}

const WHITE: Pixel = [255; 4];
const BLUE: Pixel = [0, 114, 178, 255];
const INK: Pixel = [31, 35, 40, 255];
/// Where the title stands, and where nothing but the lines does.
const TITLE: ((f64, f64), (f64, f64)) = ((0.0, 0.5), (0.02, 0.11));
const MIDDLE: ((f64, f64), (f64, f64)) = ((0.3, 0.7), (0.4, 0.6));

/// A folder of one test.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("saved")
        .join(test);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn read_png(path: &std::path::Path) -> Picture {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    Picture {
        width: info.width as usize,
        height: info.height as usize,
        pixels: pixels.as_chunks::<4>().0.to_vec(),
    }
}

fn saved(test: &str, plot: &Plot) -> Picture {
    let path = folder(test).join("picture.png");
    plot.save(&path).unwrap();
    read_png(&path)
}

/// A line from the lower left to the upper right.
fn line(title: &str) -> Figure {
    Figure::new().title(title).line("", &[0.0, 1.0], &[0.0, 1.0])
}

#[test]
fn a_chart_has_two_pixels_for_one_and_a_card_with_round_corners() {
    let picture = saved("card", &line("").draw().unwrap());
    assert_eq!((picture.width, picture.height), (1280, 800));
    assert_eq!(picture.pixels[0][3], 0, "nothing is behind the corner");
    assert_eq!(picture.pixels[picture.width * 400], WHITE);
}

#[test]
fn lines_and_letters_are_drawn_in_their_colours() {
    let (bare, titled) = (line("").draw().unwrap(), line("A line").draw().unwrap());
    let (bare, titled) = (saved("bare", &bare), saved("titled", &titled));
    assert!(bare.colors(MIDDLE.0, MIDDLE.1).contains(&BLUE));
    assert!(!bare.colors(TITLE.0, TITLE.1).contains(&INK));
    assert!(titled.colors(TITLE.0, TITLE.1).contains(&INK));
}

#[test]
fn signs_of_mathematics_and_other_scripts_have_their_letters() {
    let drawn = |test: &str, title: &str| saved(test, &line(title).draw().unwrap());
    // No font has letters of private use: a box stands for each.
    let missing = drawn("missing", "\u{F0F0}");
    let mut pictures = vec![missing];
    for (number, sign) in ["∇", "⁻", "⇒", "Ω", "Ж", "א"].into_iter().enumerate() {
        let picture = drawn(&format!("sign-{number}"), sign);
        assert!(
            !pictures.contains(&picture),
            "{sign} is a letter of its own, and no box"
        );
        pictures.push(picture);
    }
    assert!(
        drawn("behind", "\u{F0F0}∇") != drawn("boxes", "\u{F0F0}\u{F0F0}"),
        "a letter that is missing takes none along"
    );
}

#[test]
fn images_inside_a_chart_keep_their_pixels_sharp() {
    // Black and white squares in turn, beside bars of how sure a network is.
    let squares = (0..64).map(|at| ((at / 8 + at % 8) % 2) as f32).collect();
    let squares = Tensor::from_vec(squares, [8, 8]).unwrap();
    let sure = Tensor::full([10], 0.1).unwrap();
    let picture = saved(
        "digit",
        &plot::digit_with_probabilities(&squares, &sure, &[0]).unwrap(),
    );
    let gray = |[red, green, blue, _]: &Pixel| red == green && green == blue && (40..200).contains(red);
    let left = picture
        .pixels
        .chunks(picture.width)
        .flat_map(|row| &row[..picture.width / 4]);
    let (grays, black) = left.fold((0, 0), |(grays, black), pixel| {
        (
            grays + usize::from(gray(pixel)),
            black + usize::from(*pixel == [0, 0, 0, 255]),
        )
    });
    assert!(
        black > 500 && grays * 20 < black,
        "{grays} gray and {black} black pixels"
    );
}

/// A line that rises from frame to frame.
fn rising(frames: usize) -> plot::Animation {
    let frame = |number: usize| {
        let height = number as f64 / frames as f64;
        Figure::new()
            .title(format!("epoch {number}"))
            .line("", &[0.0, 1.0], &[0.0, height])
    };
    let frames: Vec<Figure> = (1..=frames).map(frame).collect();
    let motion = Motion {
        seconds: 0.1,
        hold: 1.5,
        ..Motion::default()
    };
    plot::animation(&frames, motion).unwrap()
}

/// The frames of a GIF file as they are seen, each over those before it, with its hundredths of a second.
fn read_gif(path: &std::path::Path) -> Vec<(u16, Picture)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(std::fs::File::open(path).unwrap()).unwrap();
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    let mut screen = vec![WHITE; width * height];
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        let rows = frame.buffer.as_chunks::<4>().0.chunks(usize::from(frame.width));
        for (row, pixels) in rows.enumerate() {
            let start = (row + usize::from(frame.top)) * width + usize::from(frame.left);
            for (place, pixel) in screen[start..].iter_mut().zip(pixels) {
                if pixel[3] > 0 {
                    *place = *pixel;
                }
            }
        }
        let pixels = screen.clone();
        frames.push((
            frame.delay,
            Picture {
                width,
                height,
                pixels,
            },
        ));
    }
    frames
}

#[test]
fn a_gif_shows_each_frame_for_its_time_and_as_it_is() {
    let (animation, folder) = (rising(5), folder("gif"));
    animation.save(folder.join("rising.gif")).unwrap();
    let frames = read_gif(&folder.join("rising.gif"));
    let delays: Vec<u16> = frames.iter().map(|(delay, _)| *delay).collect();
    assert_eq!(delays, [10, 10, 10, 10, 160]);
    for (number, (_, shown)) in frames.iter().enumerate() {
        let path = folder.join(format!("{number}.png"));
        animation.frame(number).unwrap().save(&path).unwrap();
        let mut still = read_png(&path);
        // GIF has no half-transparent corners.
        for pixel in still.pixels.iter_mut().filter(|pixel| pixel[3] < 255) {
            *pixel = WHITE;
        }
        let distance = still.distance(shown);
        assert!(distance < 2e-4, "frame {number} is {distance} from its picture");
        assert!(shown.pixels.contains(&BLUE), "frame {number}");
    }
    let size = std::fs::metadata(folder.join("rising.gif")).unwrap().len();
    assert!(size < 150_000, "{size} bytes: only what moves is written again");
}

#[test]
fn an_animated_png_begins_with_the_first_frame_and_has_all() {
    let (animation, folder) = (rising(4), folder("apng"));
    animation.save(folder.join("rising.png")).unwrap();
    animation
        .frame(0)
        .unwrap()
        .save(folder.join("first.png"))
        .unwrap();
    assert!(read_png(&folder.join("rising.png")) == read_png(&folder.join("first.png")));
    let file = std::io::BufReader::new(std::fs::File::open(folder.join("rising.png")).unwrap());
    let reader = png::Decoder::new(file).read_info().unwrap();
    assert_eq!(reader.info().animation_control().unwrap().num_frames, 4);
}

#[test]
fn frames_of_different_images_are_saved_as_whole_pictures() {
    let images = |palette| {
        let gray = Tensor::uniform([1, 8, 8], 0.0, 1.0, Seed(1)).unwrap();
        let grid = ImageGrid {
            palette,
            ..ImageGrid::default()
        };
        plot::images(&gray, grid).unwrap()
    };
    let frames = [images(plot::Palette::Gray), images(plot::Palette::Sequential)];
    let animation = plot::animation(&frames, Motion::default()).unwrap();
    let folder = folder("different");
    animation.save(folder.join("both.gif")).unwrap();
    let shown = read_gif(&folder.join("both.gif"));
    let is_gray = |pixel: &Pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2];
    assert!(shown[0].1.pixels.iter().all(is_gray));
    assert!(
        !shown[1].1.pixels.iter().all(is_gray),
        "the second frame has its own colours"
    );
}
