//! Charts as pixels, for the files of programs that do not show SVG: slides, chats, text processors.
//!
//! Drawn by resvg, with letters of the library's own, so that a picture is the same on every machine.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{FontResolver, Options, Tree};

use super::pixels::{Pixels, Raster};
use crate::error::{Error, Result};

/// Pixels of a file for each pixel of the picture, so that it is sharp on a projector, too.
const FINENESS: f32 = 2.0;

/// As wide as Arial, for which pictures are laid out.
const LETTERS: [&[u8]; 2] = [
    include_bytes!("../../fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../../fonts/LiberationSans-Bold.ttf"),
];
/// Has signs and scripts that the letters lack.
const SIGNS: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");

/// Draws an SVG document that this library made.
pub(super) fn rasterise(svg: &str) -> Result<Raster> {
    let options = Options {
        font_family: "Liberation Sans".to_owned(),
        fontdb: fonts(svg),
        font_resolver: resolver(),
        ..Options::default()
    };
    // As an attribute it is for browsers only.
    let svg = svg.replace(
        "image-rendering=\"pixelated\"",
        "style=\"image-rendering:pixelated\"",
    );
    let tree = Tree::from_str(&svg, &options).map_err(|problem| broken(problem.to_string()))?;
    let size = tree.size();
    let fine = |length: f32| (length * FINENESS).round() as u32;
    let mut drawn = Pixmap::new(fine(size.width()), fine(size.height()))
        .ok_or_else(|| broken(format!("a size of {size:?}")))?;
    resvg::render(
        &tree,
        Transform::from_scale(FINENESS, FINENESS),
        &mut drawn.as_mut(),
    );
    let colors = drawn.pixels().iter().flat_map(|pixel| {
        let color = pixel.demultiply();
        [color.red(), color.green(), color.blue(), color.alpha()]
    });
    Ok(Raster {
        width: drawn.width() as usize,
        height: drawn.height() as usize,
        pixels: Pixels::Colors(colors.collect()),
    })
}

/// The library's fonts, and those of the system where a text needs a script that the library has no letters for.
fn fonts(text: &str) -> Arc<Database> {
    static OWN: OnceLock<Arc<Database>> = OnceLock::new();
    static ALL: OnceLock<Arc<Database>> = OnceLock::new();
    let own = OWN.get_or_init(|| {
        let mut fonts = Database::new();
        for font in LETTERS.into_iter().chain([SIGNS]) {
            fonts.load_font_source(Source::Binary(Arc::new(font)));
        }
        fonts.set_sans_serif_family("Liberation Sans");
        Arc::new(fonts)
    });
    if !text.chars().any(is_of_another_script) {
        return own.clone();
    }
    let all = ALL.get_or_init(|| {
        let mut fonts = Database::clone(own);
        fonts.load_system_fonts();
        Arc::new(fonts)
    });
    all.clone()
}

/// How a font is found for a letter that the text's own font lacks. resvg gives up on a text at the first letter that no
/// font has; here the letters behind it still get theirs.
fn resolver() -> FontResolver<'static> {
    let usual = FontResolver::default_fallback_selector();
    FontResolver {
        select_fallback: Box::new(move |letter, used, fonts| {
            usual(letter, used, fonts).or_else(|| {
                let unused = |id| !used.contains(&id);
                let signs = fonts
                    .faces()
                    .find(|face| face.families.iter().any(|(name, _)| name == "DejaVu Sans"));
                signs.map(|face| face.id).filter(|id| unused(*id))
            })
        }),
        ..FontResolver::default()
    }
}

/// Whether a letter is of a script that DejaVu Sans does not have: those of India, Thai, Chinese, Korean, emoji, ...
fn is_of_another_script(letter: char) -> bool {
    matches!(letter, '\u{0700}'..='\u{0E7F}' | '\u{0F00}'..='\u{109F}' | '\u{1100}'..='\u{1CFF}'
        | '\u{2E80}'..='\u{FAFF}' | '\u{1F000}'..)
}

fn broken(problem: String) -> Error {
    Error::new("plot")
        .expected("to draw the picture in pixels")
        .got(problem)
        .hint("report this as a bug; saving it as .svg works all the same")
}
