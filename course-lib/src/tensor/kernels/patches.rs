//! Products of the patches of an image with a matrix; the patches are read where they lie.
//!
//! The usual way (im2col) writes every patch into the row of a large matrix first: nine times the image for a
//! kernel of 3 x 3, and then a product of matrices. Here patch i begins at `starts[i]` and its value j lies
//! `steps[j]` further on, so any stride, dilation and order comes without a copy. Forward pass and both
//! gradients of a convolution are such products.
//!
//! A matrix, and a result, come in panels of [`PANEL`] columns: two AVX2 vectors, one AVX-512 vector.

use pulp::{Simd, WithSimd};

use super::simd::with_simd;

/// How many columns lie side by side.
pub(crate) const PANEL: usize = 16;

/// So many rows of a panel (16 kB) are turned into lines before the next are touched: they stay in the cache.
const NEAR: usize = 256;

/// Where the patches of an image lie.
#[derive(Clone, Copy)]
pub(crate) struct Patches<'a> {
    pub(crate) image: &'a [f32],
    pub(crate) starts: &'a [usize],
    pub(crate) steps: &'a [usize],
}

/// sums\[places\[i\]\] = sums\[places\[i\]\] + Σⱼ image\[starts\[i\] + steps\[j\]\] · matrix\[j\], where sums and
/// matrix are one panel, and no place comes twice.
pub(crate) fn add_products(sums: &mut [f32], places: &[usize], patches: Patches<'_>, matrix: &[f32]) {
    debug_assert_eq!(places.len(), patches.starts.len());
    debug_assert_eq!(matrix.len(), patches.steps.len() * PANEL);
    with_simd(AddProducts {
        sums,
        places,
        patches,
        matrix,
    });
}

struct AddProducts<'a> {
    sums: &'a mut [f32],
    places: &'a [usize],
    patches: Patches<'a>,
    matrix: &'a [f32],
}

impl WithSimd for AddProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // As many sums at once as there are registers for: 12 vectors of them.
        match PANEL / S::F32_LANES {
            1 => self.run::<S, 12, 4, 1>(simd),
            2 => self.run::<S, 6, 3, 2>(simd),
            4 => self.run::<S, 4, 1, 4>(simd),
            _ => self.run::<S, 1, 1, 16>(simd),
        }
    }
}

impl AddProducts<'_> {
    /// Takes `MANY` patches at once, and at the end `FEW`; a panel is `VECTORS` vectors wide.
    #[inline(always)]
    fn run<S: Simd, const MANY: usize, const FEW: usize, const VECTORS: usize>(self, simd: S) {
        let Patches { image, starts, steps } = self.patches;
        let matrix = S::as_simd_f32s(self.matrix).0.as_chunks::<VECTORS>().0;
        let sums = S::as_mut_simd_f32s(self.sums).0.as_chunks_mut::<VECTORS>().0;
        let (many, rest) = starts.as_chunks::<MANY>();
        let (places, places_of_rest) = self.places.as_chunks::<MANY>();
        for (starts, places) in many.iter().zip(places) {
            let products = tile::<S, MANY, VECTORS>(simd, starts.map(|start| &image[start..]), steps, matrix);
            for (place, products) in places.iter().zip(products) {
                add(simd, &mut sums[*place], products);
            }
        }
        for (starts, places) in rest.chunks(FEW).zip(places_of_rest.chunks(FEW)) {
            let patches = std::array::from_fn(|i| &image[starts[i.min(starts.len() - 1)]..]);
            let products = tile::<S, FEW, VECTORS>(simd, patches, steps, matrix);
            for (place, products) in places.iter().zip(products) {
                add(simd, &mut sums[*place], products);
            }
        }
    }
}

/// The products of a few patches, which stay in registers all the time.
#[inline(always)]
fn tile<S: Simd, const PATCHES: usize, const VECTORS: usize>(
    simd: S,
    patches: [&[f32]; PATCHES],
    steps: &[usize],
    matrix: &[[S::f32s; VECTORS]],
) -> [[S::f32s; VECTORS]; PATCHES] {
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; PATCHES];
    for (step, row) in steps.iter().zip(matrix) {
        for (sums, patch) in sums.iter_mut().zip(patches) {
            let value = simd.splat_f32s(patch[*step]);
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum = simd.mul_add_e_f32s(value, *weight, *sum);
            }
        }
    }
    sums
}

#[inline(always)]
fn add<S: Simd, const VECTORS: usize>(simd: S, sums: &mut [S::f32s; VECTORS], products: [S::f32s; VECTORS]) {
    for (sum, product) in sums.iter_mut().zip(products) {
        *sum = simd.add_f32s(*sum, product);
    }
}

/// Rows of `columns` values as panels: `[panels][rows][PANEL]`, the last panel filled up with zeros.
/// `value(row, column)` tells the values.
pub(crate) fn panels(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f32) -> Vec<f32> {
    let mut panels = vec![0.0; columns.div_ceil(PANEL) * rows * PANEL];
    for (number, panel) in panels.chunks_exact_mut(rows * PANEL).enumerate() {
        let first = number * PANEL;
        for (row, values) in panel.chunks_exact_mut(PANEL).enumerate() {
            let known = values.iter_mut().zip(first..columns);
            known.for_each(|(own, column)| *own = value(row, column));
        }
    }
    panels
}

/// Lines of `count` values each, as panels of [`panels`] with a line a column.
pub(crate) fn lines_to_panels(lines: &[f32], count: usize, panels: &mut [f32]) {
    let lines = lines.chunks(count * PANEL);
    for (lines, panel) in lines.zip(panels.chunks_exact_mut(count * PANEL)) {
        for (number, rows) in panel.chunks_mut(NEAR * PANEL).enumerate() {
            for (column, line) in lines.chunks_exact(count).enumerate() {
                for (row, value) in rows.chunks_exact_mut(PANEL).zip(&line[number * NEAR..]) {
                    row[column] = *value;
                }
            }
        }
    }
}

/// Panels as lines again; `lines` says how many there are.
pub(crate) fn panels_to_lines(panels: &[f32], count: usize, lines: &mut [f32]) {
    let lines = lines.chunks_mut(count * PANEL);
    for (lines, panel) in lines.zip(panels.chunks_exact(count * PANEL)) {
        for (number, rows) in panel.chunks(NEAR * PANEL).enumerate() {
            for (column, line) in lines.chunks_exact_mut(count).enumerate() {
                for (row, value) in rows.chunks_exact(PANEL).zip(&mut line[number * NEAR..]) {
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
        for (patches, steps) in [(1, 1), (2, 3), (6, 1), (7, 9), (12, 5), (13, 20), (41, 3)] {
            let image = numbers(400);
            let starts: Vec<usize> = (0..patches).map(|i| i * 5 % 200).collect();
            let steps: Vec<usize> = (0..steps).map(|j| j * j % 150).collect();
            let places: Vec<usize> = (0..patches).map(|i| patches - 1 - i).collect();
            let matrix = numbers(steps.len() * PANEL);
            let mut sums = numbers(patches * PANEL);
            let before = sums.clone();
            let of_image = Patches {
                image: &image,
                starts: &starts,
                steps: &steps,
            };
            add_products(&mut sums, &places, of_image, &matrix);
            for i in 0..patches {
                for column in 0..PANEL {
                    let products = steps.iter().enumerate();
                    let sum: f32 = products
                        .map(|(j, step)| image[starts[i] + step] * matrix[j * PANEL + column])
                        .sum();
                    let at = places[i] * PANEL + column;
                    assert_eq!(sums[at], before[at] + sum, "patch {i}, column {column}");
                }
            }
        }
    }

    #[test]
    fn lines_become_panels_and_come_back() {
        for (lines, count) in [(1, 1), (3, 5), (16, 7), (33, 4), (17, NEAR + 5)] {
            let values = numbers(lines * count);
            let expected = panels(count, lines, |row, column| values[column * count + row]);
            let mut made = vec![0.0; expected.len()];
            lines_to_panels(&values, count, &mut made);
            assert_eq!(made, expected);
            let mut back = vec![0.0; values.len()];
            panels_to_lines(&made, count, &mut back);
            assert_eq!(back, values);
        }
    }
}
