//! Small pictures of shapes: a bar for values in a row, sheets behind each other for maps.

use super::canvas::{Area, Canvas};
use super::theme::{Color, PALETTE};

const LINE: Color = PALETTE[0];
const SHEET: Color = Color(214, 232, 245);
/// No side of a shape is drawn smaller, in pixels.
const LEAST: f64 = 3.0;
/// More sheets than this are drawn no deeper.
const MOST_SHEETS: usize = 8;

/// How large the largest shapes of a network are, to which all others are drawn in proportion.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    side: f64,
    count: f64,
}

impl Scale {
    pub fn of<'a>(shapes: impl Iterator<Item = &'a [usize]> + Clone) -> Self {
        let side = shapes
            .clone()
            .filter(|shape| shape.len() > 1)
            .flat_map(|shape| &shape[shape.len() - 2..]);
        let count = shapes.filter(|shape| shape.len() == 1).flatten();
        Self {
            side: side.copied().max().unwrap_or(1) as f64,
            count: count.copied().max().unwrap_or(1) as f64,
        }
    }
}

/// Draws a shape in the middle of an area.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area, shape: &[usize], scale: &Scale) {
    let (x, y) = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let centred = |width: f64, height: f64| Area {
        left: x - width / 2.0,
        top: y - height / 2.0,
        right: x + width / 2.0,
        bottom: y + height / 2.0,
    };
    match *shape {
        [.., height, width] => {
            let sheets = match shape {
                [sheets, _, _] => (*sheets).min(MOST_SHEETS),
                _ => 1,
            };
            let shift = 3.0;
            let deep = (sheets - 1) as f64 * shift;
            let unit = (area.height() - MOST_SHEETS as f64 * shift).max(20.0) / scale.side;
            let (width, height) = (
                (width as f64 * unit).max(LEAST),
                (height as f64 * unit).max(LEAST),
            );
            let back = centred(width + deep, height + deep);
            for sheet in 0..sheets {
                // The last one is in front.
                let off = sheet as f64 * shift;
                let front = Area {
                    left: back.left + off,
                    top: back.top + deep - off,
                    right: back.left + off + width,
                    bottom: back.top + deep - off + height,
                };
                framed(canvas, front);
            }
        }
        // Widths of layers differ too much for anything but a logarithm.
        [count] => {
            let share = (1.0 + count as f64).ln() / (1.0 + scale.count).ln();
            framed(canvas, centred((area.width() * share).max(LEAST), 7.0));
        }
        [] => framed(canvas, centred(LEAST, LEAST)),
    }
}

fn framed(canvas: &mut Canvas<'_>, area: Area) {
    canvas.rect(area, LINE, 1.0);
    if area.width() > 2.0 && area.height() > 2.0 {
        canvas.rect(area.shrunk(0.9), SHEET, 1.0);
    }
}
