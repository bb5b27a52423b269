//! Which class a model gives to every place of a plane, as regions that can be painted.

use std::cell::Cell;

use super::backdrop::{Backdrop, Region};
use super::canvas::Point;
use super::colorbar::ColorBar;
use super::field::{Crossings, Field, Ring, between};
use super::series::{Mark, Series};
use super::simplify::simplified;
use super::theme::{self, CARD, Color, PALETTE};
use super::values::{Values, drawable};
use crate::error::{Error, Result};
use crate::tensor::{Tensor, without_gradients};

/// What errors call the picture.
pub(super) const NAME: &str = "decision_regions";

/// Places of the plane that the model is asked for, across and up.
const GRID: (usize, usize) = (121, 111);
/// How often a crossing between two of them is halved: less than a tenth of a pixel remains.
const HALVINGS: usize = 7;
/// How strong the colour of a class is behind its points.
const TINT: f64 = 0.34;
/// How many shades lead from one class to the other: an odd number, so that one of them begins at 0.5.
const SHADES: usize = 9;

/// The class of an output: of one column, the number of thresholds it exceeds; of several, the largest.
pub(super) fn decide(output: &[f64], classes: usize) -> usize {
    (1..classes)
        .filter(|class| margin(output, *class) > threshold(output, *class))
        .count()
}

/// What must exceed the threshold for the class to be `class` or a later one.
fn margin(output: &[f64], class: usize) -> f64 {
    let largest = |part: &[f64]| part.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match output {
        [one] => *one,
        _ => largest(&output[class..]) - largest(&output[..class]),
    }
}

fn threshold(output: &[f64], class: usize) -> f64 {
    if output.len() == 1 {
        class as f64 - 0.5
    } else {
        0.0
    }
}

/// A model that is asked for many places at once.
pub(super) struct Model<'a> {
    function: &'a dyn Fn(&Tensor) -> Result<Tensor>,
    /// How many outputs it gave before.
    columns: Cell<Option<usize>>,
}

impl<'a> Model<'a> {
    pub fn new(function: &'a dyn Fn(&Tensor) -> Result<Tensor>) -> Self {
        Self {
            function,
            columns: Cell::new(None),
        }
    }

    /// The outputs for each place.
    pub fn outputs(&self, places: &[Point]) -> Result<Vec<Vec<f64>>> {
        let values = places.iter().flat_map(|(x, y)| [*x as f32, *y as f32]).collect();
        let places = Tensor::from_vec(values, [places.len(), 2])?;
        let outputs = without_gradients(|| (self.function)(&places))?;
        let rows = places.shape()[0];
        let columns = match outputs.shape() {
            [count] | [count, 1] if *count == rows => 1,
            [count, columns]
                if *count == rows && self.columns.get().is_none_or(|known| known == *columns) =>
            {
                *columns
            }
            shape => {
                return Err(Error::new(NAME)
                    .expected(format!(
                        "a model that gives {rows} rows of outputs for {rows} rows of inputs"
                    ))
                    .got(format!("shape {shape:?}"))
                    .hint("the model gets all places at once: `|points| model.predict(points)`"));
            }
        };
        self.columns.set(Some(columns));
        let values = drawable(NAME, "the model's outputs", Values::values(&outputs))?;
        Ok(values.chunks(columns).map(<[f64]>::to_vec).collect())
    }
}

/// The regions of a plane, from the first class to the last.
pub(super) struct RegionMap {
    cuts: Vec<Cut>,
    /// The lines on which the model decides.
    edges: Vec<Vec<Point>>,
}

/// Where the model's output exceeds a level: a threshold between classes, or a shade on the way to it.
struct Cut {
    outlines: Vec<Ring>,
    color: Color,
}

impl RegionMap {
    /// The regions of a model of so many classes on a part of the plane.
    pub fn of(model: &Model<'_>, x: (f64, f64), y: (f64, f64), classes: usize) -> Result<Self> {
        let mut outputs = Vec::new();
        let plane = Field::sample(x, y, GRID, |places| {
            outputs = model.outputs(places)?;
            Ok(vec![0.0; places.len()])
        })?;
        let wanted = levels(&outputs, classes);
        let field = |wish: &Wish| plane.with(|node| margin(&outputs[node], wish.class));
        let fields: Vec<Field> = wanted.iter().map(field).collect();
        let crossings = refined(model, &fields, &wanted)?;
        let (mut cuts, mut edges) = (Vec::new(), Vec::new());
        for ((wish, field), crossings) in wanted.iter().zip(&fields).zip(&crossings) {
            let (outlines, color) = (field.outlines(wish.level, crossings), wish.color);
            if wish.decides {
                let lines = outlines.iter().flat_map(Ring::lines).collect();
                edges.extend(own_parts(model, wish.class, lines)?);
            }
            cuts.push(Cut { outlines, color });
        }
        Ok(Self { cuts, edges })
    }

    /// The regions as they are painted.
    pub fn painted(&self) -> Backdrop {
        let ground = tint(PALETTE[0], 1.0);
        let colors = [ground].into_iter().chain(self.cuts.iter().map(|cut| cut.color));
        let bar = (self.cuts.len() == SHADES).then(|| ColorBar {
            colors: colors.collect(),
            marks: [0.0, 0.5, 1.0]
                .map(|share: f64| (share, share.to_string()))
                .into(),
            label: "model's output".to_owned(),
        });
        let regions = self.cuts.iter().map(|cut| Region {
            color: cut.color,
            outlines: cut.outlines.clone(),
            line: None,
        });
        Backdrop {
            ground,
            regions: regions.collect(),
            bar,
        }
    }

    /// The lines on which the model decides, if there are any.
    pub fn edge(&self, (left, right): (f64, f64)) -> Option<Series> {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for line in &self.edges {
            for point in simplified(line, (right - left) * 2e-4) {
                x.push(point.0);
                y.push(point.1);
            }
            x.push(f64::NAN);
            y.push(f64::NAN);
        }
        let (name, mark) = ("decision line".to_owned(), Mark::Edge);
        (!x.is_empty()).then_some(Series { name, mark, x, y })
    }
}

/// The parts of lines beyond which the class is just this one: the region of class 3 and later ones ends beside
/// that of class 1 too, where the region of class 2 and later ones has its line already.
fn own_parts(model: &Model<'_>, class: usize, lines: Vec<Vec<Point>>) -> Result<Vec<Vec<Point>>> {
    let mut parts = Vec::new();
    for line in lines {
        let is_own = |output: Vec<f64>| {
            let mut ranked: Vec<usize> = (0..output.len()).collect();
            ranked.sort_by(|a, b| output[*b].total_cmp(&output[*a]));
            output.len() < 3 || ranked[..2].contains(&class) && ranked[..2].iter().all(|one| *one <= class)
        };
        let own: Vec<bool> = model.outputs(&line)?.into_iter().map(is_own).collect();
        let mut part: Vec<Point> = Vec::new();
        for (at, point) in line.iter().enumerate() {
            // A stretch belongs to the part if one of its ends does: lines meet where three classes do.
            let near = own[at] || at > 0 && own[at - 1] || own.get(at + 1).is_some_and(|own| *own);
            if near {
                part.push(*point);
            } else if !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
        }
        parts.push(part);
    }
    parts.retain(|part| part.len() > 1);
    Ok(parts)
}

/// A level to cut at, and the colour of what lies above it.
struct Wish {
    class: usize,
    level: f64,
    color: Color,
    decides: bool,
}

/// One output for two classes is shaded by how sure the model is, unless it always is; several classes have one
/// colour each.
fn levels(outputs: &[Vec<f64>], classes: usize) -> Vec<Wish> {
    // The threshold itself still belongs to the lower class, as in the metrics.
    let above = |level: f64| (level as f32).next_up().into();
    let one = outputs.iter().all(|output| output.len() == 1);
    let is_unsure = |output: &Vec<f64>| output[0] > 0.1 && output[0] < 0.9;
    if one && classes == 2 && outputs.iter().any(is_unsure) {
        let shade = |step: usize| {
            let level = step as f64 / (SHADES + 1) as f64;
            let sure = (2.0 * level + 0.1 - 1.0).abs();
            Wish {
                class: 1,
                level: above(level),
                color: tint(PALETTE[usize::from(level >= 0.5)], sure),
                decides: level == 0.5,
            }
        };
        return (1..=SHADES).map(shade).collect();
    }
    let between = |class: usize| Wish {
        class,
        level: if one {
            above(class as f64 - 0.5)
        } else {
            f64::MIN_POSITIVE
        },
        color: tint(theme::color(class), if classes == 2 { 1.0 } else { 0.75 }),
        decides: true,
    };
    (1..classes).map(between).collect()
}

fn tint(color: Color, sure: f64) -> Color {
    CARD.towards(color, TINT * (0.12 + 0.88 * sure))
}

/// Where exactly each level is crossed between two places of the grid: found by halving, with all crossings in
/// one question to the model. A neuron with a step has a straight line then, not a staircase.
fn refined(model: &Model<'_>, fields: &[Field], wanted: &[Wish]) -> Result<Vec<Crossings>> {
    let mut open = Vec::new();
    for (number, (field, wish)) in fields.iter().zip(wanted).enumerate() {
        for (side, places, values) in field.crossed(wish.level) {
            open.push((number, side, places, values[0] >= wish.level, 0.0, 1.0));
        }
    }
    for _ in 0..HALVINGS {
        let middles: Vec<Point> = open
            .iter()
            .map(|(_, _, places, _, low, high)| between(*places, (low + high) / 2.0))
            .collect();
        if middles.is_empty() {
            break;
        }
        let outputs = model.outputs(&middles)?;
        for ((number, _, _, starts_above, low, high), output) in open.iter_mut().zip(outputs) {
            let wish = &wanted[*number];
            let middle = (*low + *high) / 2.0;
            let is_above = margin(&output, wish.class) >= wish.level;
            *(if is_above == *starts_above { low } else { high }) = middle;
        }
    }
    let mut crossings = vec![Crossings::new(); fields.len()];
    for (number, side, _, _, low, high) in open {
        crossings[number].insert(side, (low + high) / 2.0);
    }
    Ok(crossings)
}
