//! Operations on each channel of each image by itself: pooling, making larger, surrounding with zeros.

use super::normalise::Runs;
use super::window::Window;
use crate::tensor::Tensor;
use crate::tensor::kernels::parallel::for_items;
use crate::tensor::kernels::simd::vectorised;

/// Fewer values than this are done sooner than a second core is woken.
const WORTH_SHARING: usize = 1 << 15;

/// A function of one channel, `[height, width]` row by row.
pub(crate) trait OfChannel: Sync + 'static {
    /// Calculates the result, which holds zeros before.
    fn forward(&self, x: &[f32], y: &mut [f32]);
    /// Calculates the gradient of x, which holds zeros before, from that of y.
    fn backward(&self, x: &[f32], gradient: &[f32], of_x: &mut [f32]);
    /// The same of many images at once, `[pixels, images]` to `[places, images]`, on any device.
    fn of_pixels(&self, x: &Tensor, places: usize) -> Tensor;
}

impl Tensor {
    /// The function of each channel: `[batch, channels, height, width]` to `[batch, channels, ..]` with the given
    /// inner shape.
    pub(crate) fn each_channel(&self, inner: &[usize], function: impl OfChannel) -> Tensor {
        let shape: Vec<usize> = self.shape()[..2].iter().chain(inner).copied().collect();
        let count: usize = shape[..2].iter().product();
        let (pixels, outputs) = (self.count() / count, inner.iter().product::<usize>());
        if !self.is_on_host() {
            return self.each_channel_portable(&shape, pixels, &function);
        }
        let share = count * pixels.max(outputs) >= WORTH_SHARING;
        let part = if share { count.div_ceil(8) } else { count };
        let x = self.values();
        let mut values = vec![0.0; count * outputs];
        let parts = values.chunks_mut(part * outputs).zip(x.chunks(part * pixels));
        for_items(parts.collect(), share, |(y, x)| {
            let channels = y.chunks_exact_mut(outputs).zip(x.chunks_exact(pixels));
            channels.for_each(|(y, x)| function.forward(x, y));
        });
        Tensor::custom(&[self], values, &shape, move |gradient, slots| {
            let mut of_x = vec![0.0; x.len()];
            let parts = of_x
                .chunks_mut(part * pixels)
                .zip(x.chunks(part * pixels))
                .zip(gradient.chunks(part * outputs));
            for_items(parts.collect(), share, |((of_x, x), gradient)| {
                let channels = of_x
                    .chunks_exact_mut(pixels)
                    .zip(x.chunks_exact(pixels))
                    .zip(gradient.chunks_exact(outputs));
                channels.for_each(|((of_x, x), gradient)| function.backward(x, gradient, of_x));
            });
            slots[0].give(of_x);
        })
    }
}

/// The pixels under a window: rows and columns of the image.
fn covered(window: &Window) -> impl Iterator<Item = [std::ops::Range<usize>; 2]> {
    let window = *window;
    let along = move |axis: usize, place: usize| {
        let first = place * window.stride[axis];
        let last = first + window.kernel[axis];
        let before = window.before[axis];
        first.saturating_sub(before)..last.saturating_sub(before).min(window.image[axis])
    };
    (0..window.output[0])
        .flat_map(move |row| (0..window.output[1]).map(move |column| [along(0, row), along(1, column)]))
}

/// The places of the pixels in a range of rows and columns.
fn places([rows, columns]: [std::ops::Range<usize>; 2], width: usize) -> impl Iterator<Item = usize> {
    rows.flat_map(move |row| columns.clone().map(move |column| row * width + column))
}

/// Whether a window is the usual one: 2 x 2 pixels, side by side, none beyond the edge.
fn is_usual(window: &Window) -> bool {
    window.kernel == [2, 2] && window.stride == [2, 2] && window.is_bare()
}

/// Under the usual window, both rows of each row of results, as pairs of columns.
fn pairs(x: &[f32], width: usize) -> impl Iterator<Item = [&[[f32; 2]]; 2]> {
    x.chunks_exact(2 * width).map(move |rows| {
        let (upper, lower) = rows.split_at(width);
        [upper.as_chunks().0, lower.as_chunks().0]
    })
}

/// The same rows, to be written to.
fn pairs_mut(x: &mut [f32], width: usize) -> impl Iterator<Item = [&mut [[f32; 2]]; 2]> {
    x.chunks_exact_mut(2 * width).map(move |rows| {
        let (upper, lower) = rows.split_at_mut(width);
        [upper.as_chunks_mut().0, lower.as_chunks_mut().0]
    })
}

/// A function of the four values under each place of the usual window, which should be inlined.
fn of_fours(x: &[f32], y: &mut [f32], window: &Window, f: impl Fn([f32; 4]) -> f32) {
    let rows = y
        .chunks_exact_mut(window.output[1])
        .zip(pairs(x, window.image[1]));
    for (y, [upper, lower]) in rows {
        vectorised(
            #[inline(always)]
            || {
                for (y, ([a, b], [c, d])) in y.iter_mut().zip(upper.iter().zip(lower)) {
                    *y = f([*a, *b, *c, *d]);
                }
            },
        );
    }
}

/// The largest value under a window.
pub(crate) struct Largest(pub(crate) Window);

impl Largest {
    /// Where the largest value is, the first of equal ones.
    fn place(&self, x: &[f32], covered: [std::ops::Range<usize>; 2]) -> Option<usize> {
        places(covered, self.0.image[1])
            .reduce(|best, place| if is_larger(x[place], x[best]) { place } else { best })
    }
}

/// What is not a number counts as larger than all numbers, so that it is seen.
#[inline(always)]
fn is_larger(value: f32, than: f32) -> bool {
    // Without a branch, so that several are compared at once.
    (value > than) | value.is_nan()
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if is_larger(b, a) { b } else { a }
}

impl OfChannel for Largest {
    fn forward(&self, x: &[f32], y: &mut [f32]) {
        if is_usual(&self.0) {
            return of_fours(
                x,
                y,
                &self.0,
                #[inline(always)]
                |[a, b, c, d]| larger(larger(a, b), larger(c, d)),
            );
        }
        for (y, covered) in y.iter_mut().zip(covered(&self.0)) {
            *y = self.place(x, covered).map_or(0.0, |place| x[place]);
        }
    }

    fn backward(&self, x: &[f32], gradient: &[f32], of_x: &mut [f32]) {
        let width = self.0.image[1];
        if !is_usual(&self.0) {
            for (gradient, covered) in gradient.iter().zip(covered(&self.0)) {
                if let Some(place) = self.place(x, covered) {
                    of_x[place] += gradient;
                }
            }
            return;
        }
        let rows = gradient
            .chunks_exact(self.0.output[1])
            .zip(pairs(x, width))
            .zip(pairs_mut(of_x, width));
        for ((gradient, [upper, lower]), [of_upper, of_lower]) in rows {
            let of_pairs = of_upper.iter_mut().zip(of_lower);
            vectorised(
                #[inline(always)]
                || {
                    let pairs = upper.iter().zip(lower).zip(of_pairs);
                    for (g, (([a, b], [c, d]), (of_upper, of_lower))) in gradient.iter().zip(pairs) {
                        let (right, right_below) = (is_larger(*b, *a), is_larger(*d, *c));
                        let below = is_larger(larger(*c, *d), larger(*a, *b));
                        let only = |here: bool| if here { *g } else { 0.0 };
                        *of_upper = [only(!below & !right), only(!below & right)];
                        *of_lower = [only(below & !right_below), only(below & right_below)];
                    }
                },
            );
        }
    }

    fn of_pixels(&self, x: &Tensor, _: usize) -> Tensor {
        x.largest_under(&self.0)
    }
}

/// The mean of the values under a window, without those beyond the edge.
pub(crate) struct Average(pub(crate) Window);

impl OfChannel for Average {
    fn forward(&self, x: &[f32], y: &mut [f32]) {
        if is_usual(&self.0) {
            return of_fours(
                x,
                y,
                &self.0,
                #[inline(always)]
                |[a, b, c, d]| (a + b + c + d) / 4.0,
            );
        }
        for (y, covered) in y.iter_mut().zip(covered(&self.0)) {
            let count = covered[0].len() * covered[1].len();
            let sum: f32 = places(covered, self.0.image[1]).map(|place| x[place]).sum();
            *y = sum / count.max(1) as f32;
        }
    }

    fn backward(&self, _: &[f32], gradient: &[f32], of_x: &mut [f32]) {
        if is_usual(&self.0) {
            let rows = gradient
                .chunks_exact(self.0.output[1])
                .zip(pairs_mut(of_x, self.0.image[1]));
            for (gradient, [upper, lower]) in rows {
                vectorised(
                    #[inline(always)]
                    || {
                        for (gradient, (upper, lower)) in gradient.iter().zip(upper.iter_mut().zip(lower)) {
                            let share = gradient / 4.0;
                            (*upper, *lower) = ([share; 2], [share; 2]);
                        }
                    },
                );
            }
            return;
        }
        for (gradient, covered) in gradient.iter().zip(covered(&self.0)) {
            let count = covered[0].len() * covered[1].len();
            let share = gradient / count.max(1) as f32;
            places(covered, self.0.image[1]).for_each(|place| of_x[place] += share);
        }
    }

    fn of_pixels(&self, x: &Tensor, _: usize) -> Tensor {
        x.mean_under(&self.0)
    }
}

/// The mean of all values of a channel.
pub(crate) struct Mean;

impl OfChannel for Mean {
    fn forward(&self, x: &[f32], y: &mut [f32]) {
        // Eight sums side by side, which are calculated at once.
        let (eights, rest) = x.as_chunks::<8>();
        let sums = vectorised(
            #[inline(always)]
            || {
                let mut sums = [0.0_f64; 8];
                for eight in eights {
                    for (sum, value) in sums.iter_mut().zip(eight) {
                        *sum += f64::from(*value);
                    }
                }
                sums
            },
        );
        let sum: f64 = sums
            .into_iter()
            .chain(rest.iter().map(|value| f64::from(*value)))
            .sum();
        y.fill((sum / x.len() as f64) as f32);
    }

    fn backward(&self, x: &[f32], gradient: &[f32], of_x: &mut [f32]) {
        of_x.fill(gradient.iter().sum::<f32>() / x.len() as f32);
    }

    fn of_pixels(&self, x: &Tensor, _: usize) -> Tensor {
        let (pixels, images) = (x.shape()[0], x.shape()[1]);
        x.set_sums(Runs::columns(images)).mul_scalar(1.0 / pixels as f32)
    }
}

/// Each pixel `times` (rows, columns) over, for images of the given width.
pub(crate) struct Repeated {
    pub(crate) times: [usize; 2],
    pub(crate) width: usize,
}

impl OfChannel for Repeated {
    fn forward(&self, x: &[f32], y: &mut [f32]) {
        let [rows, columns] = self.times;
        let wide = self.width * columns;
        for (row, copies) in x.chunks_exact(self.width).zip(y.chunks_exact_mut(rows * wide)) {
            let (first, others) = copies.split_at_mut(wide);
            match columns {
                // The usual number: two copies are written as one value.
                2 => first
                    .as_chunks_mut()
                    .0
                    .iter_mut()
                    .zip(row)
                    .for_each(|(places, value)| *places = [*value; 2]),
                _ => first
                    .chunks_exact_mut(columns)
                    .zip(row)
                    .for_each(|(places, value)| places.fill(*value)),
            }
            others
                .chunks_exact_mut(wide)
                .for_each(|copy| copy.copy_from_slice(first));
        }
    }

    fn backward(&self, _: &[f32], gradient: &[f32], of_x: &mut [f32]) {
        let [rows, columns] = self.times;
        let wide = self.width * columns;
        let of_rows = of_x.chunks_exact_mut(self.width);
        for (row, copies) in of_rows.zip(gradient.chunks_exact(rows * wide)) {
            for copy in copies.chunks_exact(wide) {
                match columns {
                    2 => vectorised(
                        #[inline(always)]
                        || {
                            for (own, [left, right]) in row.iter_mut().zip(copy.as_chunks().0) {
                                *own += left + right;
                            }
                        },
                    ),
                    _ => {
                        let places = row.iter_mut().zip(copy.chunks_exact(columns));
                        places.for_each(|(own, places)| *own += places.iter().sum::<f32>());
                    }
                }
            }
        }
    }

    fn of_pixels(&self, x: &Tensor, places: usize) -> Tensor {
        let [rows, columns] = self.times;
        let wide = self.width * columns;
        let pixel = |place: usize| place / wide / rows * self.width + place % wide / columns;
        x.placed((0..places).map(|place| Some(pixel(place))))
    }
}

/// The image in the middle of zeros.
pub(crate) struct Surrounded {
    /// Rows above, columns left.
    pub(crate) before: [usize; 2],
    /// The image's width.
    pub(crate) width: usize,
    /// The width with the zeros.
    pub(crate) wide: usize,
}

impl OfChannel for Surrounded {
    fn forward(&self, x: &[f32], y: &mut [f32]) {
        let rows = y.chunks_exact_mut(self.wide).skip(self.before[0]);
        for (row, wide) in x.chunks_exact(self.width).zip(rows) {
            wide[self.before[1]..][..self.width].copy_from_slice(row);
        }
    }

    fn backward(&self, _: &[f32], gradient: &[f32], of_x: &mut [f32]) {
        let rows = gradient.chunks_exact(self.wide).skip(self.before[0]);
        for (row, wide) in of_x.chunks_exact_mut(self.width).zip(rows) {
            row.copy_from_slice(&wide[self.before[1]..][..self.width]);
        }
    }

    fn of_pixels(&self, x: &Tensor, places: usize) -> Tensor {
        let (height, width) = (x.shape()[0] / self.width, self.width);
        let pixel = |place: usize| {
            let row = (place / self.wide)
                .checked_sub(self.before[0])
                .filter(|row| *row < height)?;
            let column = (place % self.wide)
                .checked_sub(self.before[1])
                .filter(|column| *column < width)?;
            Some(row * width + column)
        };
        x.placed((0..places).map(pixel))
    }
}
