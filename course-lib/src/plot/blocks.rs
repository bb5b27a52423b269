//! Any network as a column of blocks: its layers, and the shape of what passes from one to the next.

use super::axis::plain;
use super::boxes::{arrow, rounded};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::glyph;
use super::picture::Plot;
use super::theme::{self, AXIS, CARD, Color, INK, LABEL_SIZE, MARGIN, SOFT_INK};
use crate::error::{Error, Result};
use crate::layers::config::Setting;
use crate::model::{LayerOutline, Sequential};

const MOST_LAYERS: usize = 60;
const TEXT_SIZE: f64 = 12.0;
const BLOCK: (f64, f64) = (270.0, 46.0);
const STEP: f64 = BLOCK.1 + 20.0;
const HEAD: f64 = 28.0;
/// The columns: pictures of the shapes, blocks, shapes, numbers of parameters.
const SHAPES: f64 = 96.0;
const TEXTS: f64 = 128.0;
const NUMBERS: f64 = 96.0;

const WITH_WEIGHTS: Color = Color(226, 240, 250);
const INPUT: Color = Color(240, 242, 245);

/// Draws any network as a column of blocks, from its input to its output: each layer with its options, the
/// shape of what it returns (without the batch axis), and how many parameters it has. Blue blocks learn.
///
/// ```
/// use course_lib::prelude::*;
///
/// let layers = layers![Flatten::new(), Dense::new(512).activation(ReLU), Dropout::new(0.2), Dense::new(10), Softmax];
/// let plot = plot::blocks(&Sequential::new(Input([28, 28]), layers, Seed(7))?)?;
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// More than 60 layers.
pub fn blocks(model: &Sequential) -> Result<Plot> {
    let layers = model.outline();
    if layers.len() > MOST_LAYERS {
        return Err(Error::new("blocks")
            .expected(format!("at most {MOST_LAYERS} layers"))
            .got(layers.len().to_string())
            .hint("model.summary() lists them"));
    }
    let rows = rows(model.input_shape(), &layers);
    let size = (
        SHAPES + BLOCK.0 + TEXTS + NUMBERS + 2.0 * MARGIN,
        HEAD + rows.len() as f64 * STEP - (STEP - BLOCK.1) + 2.0 * MARGIN,
    );
    Plot::drawn(size, words(&rows), |canvas, area| {
        draw(canvas, area.shrunk(MARGIN), &rows);
        Ok(())
    })
}

/// The input, or a layer.
struct Row {
    name: String,
    options: String,
    shape: Vec<usize>,
    /// None for the input.
    parameters: Option<usize>,
}

fn rows(input: &[usize], layers: &[LayerOutline]) -> Vec<Row> {
    let first = Row {
        name: "Input".to_owned(),
        options: String::new(),
        shape: input.to_vec(),
        parameters: None,
    };
    let layer = |layer: &LayerOutline| Row {
        name: layer.kind.clone(),
        options: options(layer),
        shape: layer.output.clone(),
        parameters: Some(layer.parameters.iter().map(|(_, values)| values.count()).sum()),
    };
    [first].into_iter().chain(layers.iter().map(layer)).collect()
}

/// What tells a layer from others of its type, in a line.
fn options(layer: &LayerOutline) -> String {
    let option = |(name, setting): &(String, Setting)| {
        let words = name.replace('_', " ");
        match setting {
            // The shape beside the block says it.
            Setting::Whole(value) if layer.output.last() == Some(value) && name == "units" => None,
            Setting::Whole(_) | Setting::Number(_) => Some(format!("{words} {setting}")),
            Setting::Flag(flag) => (*flag && name != "use_bias").then_some(words),
            Setting::Text(text) if name == "activation" => (text != "Linear").then(|| text.clone()),
            Setting::Text(_) if name == "initializer" => None,
            Setting::Text(text) => Some(format!("{words} {text}")),
            // Strides and dilations of 1, a padding of 0: as if they were not there.
            Setting::Sizes(sizes) if sizes.iter().all(|size| *size <= 1) => None,
            Setting::Sizes(sizes) => Some(format!("{words} {}", product(sizes))),
        }
    };
    layer
        .options
        .iter()
        .filter_map(option)
        .collect::<Vec<_>>()
        .join(", ")
}

fn draw(canvas: &mut Canvas<'_>, area: Area, rows: &[Row]) {
    let left = area.left + SHAPES;
    let numbers = left + BLOCK.0 + TEXTS + NUMBERS;
    let heading = |anchor| Lettering::new(TEXT_SIZE, SOFT_INK, anchor);
    let line = area.top + TEXT_SIZE * 0.7;
    canvas.text((left + 12.0, line), "layer", heading(Anchor::Left));
    canvas.text(
        (left + BLOCK.0 + 14.0, line),
        "output shape",
        heading(Anchor::Left),
    );
    canvas.text((numbers, line), "parameters", heading(Anchor::Right));

    let scale = glyph::Scale::of(rows.iter().map(|row| row.shape.as_slice()));
    for (number, row) in rows.iter().enumerate() {
        let top = area.top + HEAD + number as f64 * STEP;
        let block = Area {
            left,
            top,
            right: left + BLOCK.0,
            bottom: top + BLOCK.1,
        };
        let middle = (top + block.bottom) / 2.0;
        if number > 0 {
            let x = left + BLOCK.0 / 2.0;
            arrow(
                canvas,
                &[(x, top - (STEP - BLOCK.1) + 1.0), (x, top - 1.0)],
                AXIS,
                1.6,
            );
        }
        let inside = match row.parameters {
            None => INPUT,
            Some(0) => CARD,
            Some(_) => WITH_WEIGHTS,
        };
        rounded(canvas, block, inside, SOFT_INK);
        let room = BLOCK.0 - 24.0;
        let name = theme::fit(&row.name, LABEL_SIZE, room);
        let shift = if row.options.is_empty() { 0.0 } else { 9.0 };
        canvas.text(
            (left + 12.0, middle - shift),
            &name,
            Lettering::new(LABEL_SIZE, INK, Anchor::Left).bold(),
        );
        let options = theme::fit(&row.options, TEXT_SIZE, room);
        canvas.text(
            (left + 12.0, middle + 9.0),
            &options,
            Lettering::new(TEXT_SIZE, SOFT_INK, Anchor::Left),
        );

        let shape = product(&row.shape);
        let shape = theme::fit(&shape, LABEL_SIZE, TEXTS);
        canvas.text(
            (block.right + 14.0, middle),
            &shape,
            Lettering::new(LABEL_SIZE, INK, Anchor::Left),
        );
        if let Some(count @ 1..) = row.parameters {
            let lettering = Lettering::new(LABEL_SIZE, INK, Anchor::Right);
            canvas.text((numbers, middle), &plain(count as f64, 0), lettering);
        }
        let place = Area {
            left: area.left,
            top: middle - STEP / 2.0 + 3.0,
            right: left - 16.0,
            bottom: middle + STEP / 2.0 - 3.0,
        };
        glyph::draw(canvas, place, &row.shape, &scale);
    }
}

/// Sizes as they are said: 32 × 26 × 26.
fn product(sizes: &[usize]) -> String {
    let sizes: Vec<String> = sizes.iter().map(|size| plain(*size as f64, 0)).collect();
    sizes.join(" × ")
}

fn words(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let options = if row.options.is_empty() {
            String::new()
        } else {
            format!(" ({})", row.options)
        };
        let parameters = match row.parameters {
            Some(count @ 1..) => format!(", {count} parameters"),
            _ => String::new(),
        };
        format!("{}{options}: {}{parameters}", row.name, product(&row.shape))
    };
    format!(
        "Layers of a network, with the shapes of their outputs. {}.",
        rows.iter().map(row).collect::<Vec<_>>().join("; ")
    )
}
