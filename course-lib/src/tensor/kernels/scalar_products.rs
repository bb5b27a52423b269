//! Products of matrices whose numbers lie along the sum, where few numbers come out: the last layer of a discriminator,
//! the gradients of small layers.
//!
//! `gemm` sums these in as many parts as the processor's registers are wide, so the last bit, and after a few thousand
//! steps of a GAN the whole picture, differs from one processor to another. Here the parts are always those of AVX2, in
//! `gemm`'s own order, also where there is AVX-512.

use super::simd::vectorised;

/// Numbers in a register of AVX2.
const WIDTH: usize = 8;
/// So many registers take turns in a long row, since the sum in each has to wait for the one before.
const REGISTERS: usize = 8;
/// With so many numbers in the result, `gemm` takes the order of `few` for them.
pub(crate) const FEW: usize = 256;
/// And then sums up so many at a time.
const BLOCK: usize = 1024;

/// Vectors that lie `step` apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vectors<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) step: usize,
}

impl<'a> Vectors<'a> {
    #[inline(always)]
    fn get(self, number: usize, length: usize) -> &'a [f32] {
        &self.values[number * self.step..][..length]
    }
}

/// Each of the left vectors times each of the right ones, `FEW` products at most, row by row; with `add` they are added to
/// what is there.
pub(crate) fn few(
    result: &mut [f32],
    left: Vectors<'_>,
    right: Vectors<'_>,
    columns: usize,
    inner: usize,
    add: bool,
) {
    vectorised(
        #[inline(always)]
        || {
            let rows = result.len() / columns;
            for row in (0..rows).step_by(2) {
                for column in (0..columns).step_by(2) {
                    let place = Place { row, column, columns };
                    match (rows - row, columns - column) {
                        (1, 1) => tile::<1, 1>(result, left, right, place, inner, add),
                        (1, _) => tile::<1, 2>(result, left, right, place, inner, add),
                        (_, 1) => tile::<2, 1>(result, left, right, place, inner, add),
                        (_, _) => tile::<2, 2>(result, left, right, place, inner, add),
                    }
                }
            }
        },
    );
}

/// Where in the result some products belong.
#[derive(Clone, Copy)]
struct Place {
    row: usize,
    column: usize,
    columns: usize,
}

/// `ROWS` times `COLUMNS` products side by side, so that what is loaded is used more than once.
#[inline(always)]
fn tile<const ROWS: usize, const COLUMNS: usize>(
    result: &mut [f32],
    left: Vectors<'_>,
    right: Vectors<'_>,
    place: Place,
    inner: usize,
    add: bool,
) {
    let lefts: [&[f32]; ROWS] = std::array::from_fn(|i| left.get(place.row + i, inner));
    let rights: [&[f32]; COLUMNS] = std::array::from_fn(|j| right.get(place.column + j, inner));
    let mut start = 0;
    while start < inner {
        let end = inner.min(start + BLOCK);
        let mut sums = [[[0.0; WIDTH]; COLUMNS]; ROWS];
        let mut at = start;
        while at + WIDTH <= end {
            add_products(
                &mut sums,
                lefts.map(|left| whole(left, at)),
                rights.map(|right| whole(right, at)),
            );
            at += WIDTH;
        }
        if at < end {
            let part = |vector: &[f32]| {
                let mut part = [0.0; WIDTH];
                part[..end - at].copy_from_slice(&vector[at..end]);
                part
            };
            add_products(&mut sums, lefts.map(part), rights.map(part));
        }
        for (i, sums) in sums.iter().enumerate() {
            for (j, sums) in sums.iter().enumerate() {
                let result = &mut result[(place.row + i) * place.columns + place.column + j];
                *result = match add || start > 0 {
                    true => total(*sums) + *result,
                    false => total(*sums),
                };
            }
        }
        start = end;
    }
}

#[inline(always)]
fn whole(vector: &[f32], at: usize) -> [f32; WIDTH] {
    vector[at..at + WIDTH].try_into().expect("a slice of that length")
}

#[inline(always)]
fn add_products<const ROWS: usize, const COLUMNS: usize>(
    sums: &mut [[[f32; WIDTH]; COLUMNS]; ROWS],
    left: [[f32; WIDTH]; ROWS],
    right: [[f32; WIDTH]; COLUMNS],
) {
    for (sums, left) in sums.iter_mut().zip(left) {
        for (sums, right) in sums.iter_mut().zip(right) {
            for lane in 0..WIDTH {
                sums[lane] = left[lane].mul_add(right[lane], sums[lane]);
            }
        }
    }
}

/// The sum of a register: halves, then quarters.
#[inline(always)]
fn total(sums: [f32; WIDTH]) -> f32 {
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Each of the left vectors times one other; with `add` that is added to what is there.
pub(crate) fn many(result: &mut [f32], left: Vectors<'_>, vector: &[f32], add: bool) {
    vectorised(
        #[inline(always)]
        || {
            for (number, result) in result.iter_mut().enumerate() {
                let product = scalar_product(left.get(number, vector.len()), vector);
                *result = if add { product + *result } else { product };
            }
        },
    );
}

#[inline(always)]
fn scalar_product(left: &[f32], right: &[f32]) -> f32 {
    let mut sums = [[[0.0; WIDTH]; 1]; 1];
    let mut registers = [[0.0; WIDTH]; REGISTERS];
    let (lefts, left) = left.as_chunks::<{ WIDTH * REGISTERS }>();
    let (rights, right) = right.as_chunks::<{ WIDTH * REGISTERS }>();
    for (left, right) in lefts.iter().zip(rights) {
        for (register, sums) in registers.iter_mut().enumerate() {
            for (lane, sum) in sums.iter_mut().enumerate() {
                let at = register * WIDTH + lane;
                *sum = left[at].mul_add(right[at], *sum);
            }
        }
    }
    let [a, b, c, d, e, f, g, h] = registers;
    sums[0][0] = plus(plus(plus(a, b), plus(c, d)), plus(plus(e, f), plus(g, h)));
    let (lefts, left) = left.as_chunks::<WIDTH>();
    let (rights, right) = right.as_chunks::<WIDTH>();
    for (left, right) in lefts.iter().zip(rights) {
        add_products(&mut sums, [*left], [*right]);
    }
    let sums = sums[0][0];
    let mut sum = sums[0];
    for lane in &sums[1..] {
        sum += lane;
    }
    for (left, right) in left.iter().zip(right) {
        sum = left.mul_add(*right, sum);
    }
    sum
}

#[inline(always)]
fn plus(left: [f32; WIDTH], right: [f32; WIDTH]) -> [f32; WIDTH] {
    std::array::from_fn(|lane| left[lane] + right[lane])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_products_are_those_of_each_with_each_also_beside_what_is_there() {
        let left = Vectors {
            values: &[1.0, 2.0, 3.0, 9.0, 4.0, 5.0, 6.0],
            step: 4,
        };
        let right = Vectors {
            values: &[1.0, 1.0, 2.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            step: 3,
        };
        let mut result = [0.0; 6];
        few(&mut result, left, right, 3, 3, false);
        assert_eq!(result, [9.0, 1.0, 2.0, 21.0, 4.0, 5.0]);
        few(&mut result, left, right, 3, 3, true);
        assert_eq!(result, [18.0, 2.0, 4.0, 42.0, 8.0, 10.0]);
    }

    #[test]
    fn vectors_may_lie_apart_and_products_with_one_other_may_be_added() {
        let rows = Vectors {
            values: &[1.0, 2.0, 3.0, 9.0, 4.0, 5.0, 6.0],
            step: 4,
        };
        let mut result = [10.0, 20.0];
        many(&mut result, rows, &[1.0, 1.0, 2.0], true);
        assert_eq!(result, [19.0, 41.0]);
    }
}
