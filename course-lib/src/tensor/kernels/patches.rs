//! Products of the patches of an image with a matrix; the patches are read where they lie.
//!
//! The usual way (im2col) writes every patch into the row of a large matrix first: nine times the image for a
//! kernel of 3 x 3, and then a product of matrices. Here patch i begins at `starts[i]` and its value j lies
//! `steps[j]` further on, so any stride, dilation and order comes without a copy. Forward pass and both
//! gradients of a convolution are such products.
//!
//! A matrix, and a result, come in panels of 16, 32 or 64 columns ([`width`]). The wider a panel, the more sums each
//! value of a patch goes into once it is loaded: with 16 columns the processor waits for values, not for sums.

use pulp::{Simd, WithSimd};

use super::simd::with_simd;

/// So many columns one run over the rows takes where vectors are short: two AVX2 vectors.
const NARROW: usize = 16;

/// So many values of a panel (16 kB) are turned into lines before the next are touched: they stay in the cache.
const NEAR: usize = 4096;

/// How many of so many columns lie side by side: the most that leave no panel emptier than one of 16 columns.
pub(crate) fn width(columns: usize) -> usize {
    let filled = columns.next_multiple_of(NARROW);
    [64, 32]
        .into_iter()
        .find(|width| filled.is_multiple_of(*width))
        .unwrap_or(NARROW)
}

/// Where the patches of an image lie.
#[derive(Clone, Copy)]
pub(crate) struct Patches<'a> {
    pub(crate) image: &'a [f32],
    pub(crate) starts: &'a [usize],
    pub(crate) steps: &'a [usize],
}

/// sums\[places\[i\]\] = sums\[places\[i\]\] + Σⱼ image\[starts\[i\] + steps\[j\]\] · matrix\[j\], where sums and
/// matrix are one panel of `width` columns, and no place comes twice.
pub(crate) fn add_products(
    sums: &mut [f32],
    places: &[usize],
    patches: Patches<'_>,
    matrix: &[f32],
    width: usize,
) {
    debug_assert_eq!(places.len(), patches.starts.len());
    debug_assert_eq!(matrix.len(), patches.steps.len() * width);
    with_simd(AddProducts {
        sums,
        places,
        patches,
        matrix,
        width,
    });
}

struct AddProducts<'a> {
    sums: &'a mut [f32],
    places: &'a [usize],
    patches: Patches<'a>,
    matrix: &'a [f32],
    width: usize,
}

impl WithSimd for AddProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // As many sums at once as there are registers for: 24 vectors of AVX-512 (32 registers), 12 of AVX2 (16).
        match (S::F32_LANES, self.width) {
            (16, 64) => self.run::<S, 6, 2, 4>(simd),
            (16, 32) => self.run::<S, 12, 4, 2>(simd),
            (16, _) => self.run::<S, 12, 4, 1>(simd),
            (8, _) => self.run::<S, 6, 3, 2>(simd),
            (4, _) => self.run::<S, 4, 1, 4>(simd),
            _ => self.run::<S, 1, 1, 16>(simd),
        }
    }
}

impl AddProducts<'_> {
    /// Takes `MANY` patches at once, and at the end `FEW`; and `VECTORS` vectors of the panel, then the next.
    #[inline(always)]
    fn run<S: Simd, const MANY: usize, const FEW: usize, const VECTORS: usize>(self, simd: S) {
        let Patches { image, starts, steps } = self.patches;
        let matrix = S::as_simd_f32s(self.matrix).0;
        let sums = S::as_mut_simd_f32s(self.sums).0;
        let row = self.width / S::F32_LANES;
        let (many, rest) = starts.as_chunks::<MANY>();
        let (places, places_of_rest) = self.places.as_chunks::<MANY>();
        for first in (0..row).step_by(VECTORS) {
            let columns = Columns {
                rows: matrix,
                row,
                first,
            };
            for (starts, places) in many.iter().zip(places) {
                let patches = starts.map(|start| &image[start..]);
                let products = tile::<S, MANY, VECTORS>(simd, patches, steps, columns);
                for (place, products) in places.iter().zip(products) {
                    add(simd, &mut sums[place * row + first..], products);
                }
            }
            for (starts, places) in rest.chunks(FEW).zip(places_of_rest.chunks(FEW)) {
                let patches = std::array::from_fn(|i| &image[starts[i.min(starts.len() - 1)]..]);
                let products = tile::<S, FEW, VECTORS>(simd, patches, steps, columns);
                for (place, products) in places.iter().zip(products) {
                    add(simd, &mut sums[place * row + first..], products);
                }
            }
        }
    }
}

/// Some columns of a panel: those from `first` on of each `row` vectors.
#[derive(Clone, Copy)]
struct Columns<'a, V> {
    rows: &'a [V],
    row: usize,
    first: usize,
}

/// The products of a few patches, which stay in registers all the time.
#[inline(always)]
fn tile<S: Simd, const PATCHES: usize, const VECTORS: usize>(
    simd: S,
    patches: [&[f32]; PATCHES],
    steps: &[usize],
    columns: Columns<'_, S::f32s>,
) -> [[S::f32s; VECTORS]; PATCHES] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; PATCHES];
    for (step, row) in steps.iter().zip(columns.rows.chunks_exact(columns.row)) {
        let weights: [S::f32s; VECTORS] = std::array::from_fn(|i| row[columns.first + i]);
        for (sums, patch) in sums.iter_mut().zip(patches) {
            let value = simd.splat_f32s(patch[*step]);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = simd.mul_add_e_f32s(value, weight, *sum);
            }
        }
    }
    sums
}

#[inline(always)]
fn add<S: Simd, const VECTORS: usize>(simd: S, sums: &mut [S::f32s], products: [S::f32s; VECTORS]) {
    for (sum, product) in sums.iter_mut().zip(products) {
        *sum = simd.add_f32s(*sum, product);
    }
}

/// Rows of `columns` values as panels of `width`: `[panels][rows][width]`, the last panel filled up with zeros.
/// `value(row, column)` tells the values.
pub(crate) fn panels(
    rows: usize,
    columns: usize,
    width: usize,
    value: impl Fn(usize, usize) -> f32,
) -> Vec<f32> {
    let mut panels = vec![0.0; columns.div_ceil(width) * rows * width];
    for (number, panel) in panels.chunks_exact_mut(rows * width).enumerate() {
        let first = number * width;
        for (row, values) in panel.chunks_exact_mut(width).enumerate() {
            let known = values.iter_mut().zip(first..columns);
            known.for_each(|(own, column)| *own = value(row, column));
        }
    }
    panels
}

/// Lines of `count` values each, as panels of [`panels`] with a line a column.
pub(crate) fn lines_to_panels(lines: &[f32], count: usize, width: usize, panels: &mut [f32]) {
    let near = NEAR / width;
    let lines = lines.chunks(count * width);
    for (lines, panel) in lines.zip(panels.chunks_exact_mut(count * width)) {
        for (number, rows) in panel.chunks_mut(near * width).enumerate() {
            for (column, line) in lines.chunks_exact(count).enumerate() {
                for (row, value) in rows.chunks_exact_mut(width).zip(&line[number * near..]) {
                    row[column] = *value;
                }
            }
        }
    }
}

/// Panels as lines again; `lines` says how many there are.
pub(crate) fn panels_to_lines(panels: &[f32], count: usize, width: usize, lines: &mut [f32]) {
    let near = NEAR / width;
    let lines = lines.chunks_mut(count * width);
    for (lines, panel) in lines.zip(panels.chunks_exact(count * width)) {
        for (number, rows) in panel.chunks(near * width).enumerate() {
            for (column, line) in lines.chunks_exact_mut(count).enumerate() {
                for (row, value) in rows.chunks_exact(width).zip(&mut line[number * near..]) {
                    *value = row[column];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7 + 3) % 11) as f32 - 5.0).collect()
    }

    #[test]
    fn products_are_those_of_the_definition_and_add_to_what_is_there() {
        let sizes = [(1, 1), (2, 3), (6, 1), (7, 9), (12, 5), (13, 20), (41, 3)];
        for ((patches, steps), width) in sizes
            .into_iter()
            .flat_map(|size| [16, 32, 64].map(|width| (size, width)))
        {
            let image = numbers(400);
            let starts: Vec<usize> = (0..patches).map(|i| i * 5 % 200).collect();
            let steps: Vec<usize> = (0..steps).map(|j| j * j % 150).collect();
            let places: Vec<usize> = (0..patches).map(|i| patches - 1 - i).collect();
            let matrix = numbers(steps.len() * width);
            let mut sums = numbers(patches * width);
            let before = sums.clone();
            let of_image = Patches {
                image: &image,
                starts: &starts,
                steps: &steps,
            };
            add_products(&mut sums, &places, of_image, &matrix, width);
            for i in 0..patches {
                for column in 0..width {
                    let products = steps.iter().enumerate();
                    let sum: f32 = products
                        .map(|(j, step)| image[starts[i] + step] * matrix[j * width + column])
                        .sum();
                    let at = places[i] * width + column;
                    assert_eq!(
                        sums[at],
                        before[at] + sum,
                        "patch {i}, column {column} of {width}"
                    );
                }
            }
        }
    }

    #[test]
    fn panels_are_as_wide_as_leaves_little_room_unused() {
        let widths = [1, 10, 16, 17, 32, 48, 60, 64, 96, 128, 130].map(width);
        assert_eq!(widths, [16, 16, 16, 32, 32, 16, 64, 64, 32, 64, 16]);
    }

    #[test]
    fn lines_become_panels_and_come_back() {
        for (lines, count) in [(1, 1), (3, 5), (16, 7), (33, 4), (17, 300), (65, 70)] {
            for width in [16, 32, 64] {
                let values = numbers(lines * count);
                let expected = panels(count, lines, width, |row, column| values[column * count + row]);
                let mut made = vec![0.0; expected.len()];
                lines_to_panels(&values, count, width, &mut made);
                assert_eq!(made, expected);
                let mut back = vec![0.0; values.len()];
                panels_to_lines(&made, count, width, &mut back);
                assert_eq!(back, values);
            }
        }
    }
}
