//! Products of matrices by `gemm`, on all cores, with the widest instructions the processor has (AVX-512
//! where there is one).
//!
//! dfdx multiplies by an older `gemm`, on one core and with AVX2 at most; on two cores this takes about a third
//! of the time. One of the two places with unsafe code on tensors, since `gemm` takes pointers.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::sync::Once;

use gemm::{Parallelism, gemm};

use super::parallel::{cores, for_rows};
use super::scalar_products::{FEW, Vectors, few, many};

/// Products of fewer multiplications than this take one core less than 50 microseconds, and are done sooner than a
/// second one is woken.
const WORTH_SHARING: usize = 2_000_000;

/// Numbers seen as rows and columns, without moving them.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    /// How far apart two neighbours in a column lie, and in a row.
    steps: (usize, usize),
}

impl<'a> Matrix<'a> {
    /// Numbers that lie row by row.
    pub(crate) fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "a matrix of {rows} by {columns}");
        Self {
            values,
            rows,
            columns,
            steps: (columns, 1),
        }
    }

    /// Its rows or columns, which lie `step` apart.
    fn vectors(self, step: usize) -> Vectors<'a> {
        Vectors {
            values: self.values,
            step,
        }
    }

    /// Columns as rows.
    pub(crate) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            steps: (self.steps.1, self.steps.0),
            ..self
        }
    }
}

/// left · right, row by row.
pub(crate) fn multiply(left: Matrix<'_>, right: Matrix<'_>) -> Vec<f32> {
    // Where the right matrix lies by columns, `gemm` first copies all of it, value by value. For a batch's few rows
    // and the weights of a layer that takes half as long as the product itself. Of rightᵀ · leftᵀ it copies the other
    // one, which is small.
    let small = left.rows * (left.columns + right.columns);
    if right.steps.1 != 1 && small < right.rows * right.columns {
        let product = by_rows(right.transposed(), left.transposed());
        return turned(&product, right.columns, left.rows);
    }
    by_rows(left, right)
}

/// Columns as rows: `[rows, columns]` becomes `[columns, rows]`.
fn turned(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    /// So many rows, a line of the cache each, are read side by side.
    const NEAR: usize = 16;
    let mut turned = vec![0.0; values.len()];
    for_rows(&mut turned, rows, 4, |first, part| {
        for (number, near) in values.chunks(NEAR * columns).enumerate() {
            for (column, line) in part.chunks_exact_mut(rows).enumerate() {
                let places = line[number * NEAR..].iter_mut();
                let from = near[first + column..].iter().step_by(columns);
                places.zip(from).for_each(|(place, value)| *place = *value);
            }
        }
    });
    turned
}

/// left · right by `gemm`.
fn by_rows(left: Matrix<'_>, right: Matrix<'_>) -> Vec<f32> {
    let count = left.rows * right.columns;
    let mut result = Vec::with_capacity(count);
    run(
        &mut result.spare_capacity_mut()[..count],
        left,
        right,
        false,
        true,
    );
    // SAFETY: `run` has written all `count` numbers, for which there is room.
    unsafe { result.set_len(count) };
    result
}

/// result = result + left · right.
pub(crate) fn multiply_add(result: &mut [f32], left: Matrix<'_>, right: Matrix<'_>) {
    run(as_room(result), left, right, true, true);
}

/// result = left · right, or with `add` result + left · right, on this core alone: for work that is shared between
/// the cores already.
pub(crate) fn multiply_alone(result: &mut [f32], left: Matrix<'_>, right: Matrix<'_>, add: bool) {
    run(as_room(result), left, right, add, false);
}

/// Numbers as room for numbers.
fn as_room(values: &mut [f32]) -> &mut [MaybeUninit<f32>] {
    // SAFETY: `MaybeUninit<f32>` has the layout of `f32`, and `run` writes nothing but numbers there.
    unsafe { &mut *(values as *mut [f32] as *mut [MaybeUninit<f32>]) }
}

/// Has `gemm` put the larger matrix, which is a layer's weights, in the order in which it reads them, if a product that is
/// shared between the cores has more than 24 columns (as `gemm` sees it: rows of a batch) and not only from 96.
///
/// Without that it goes through columns of the weights in steps of a row. Where a row is a power of two long, as most layers
/// are, all of a column falls into the same few lines of the first and second cache, and each number comes from the third: a
/// GAN of such layers trained with batches of 64 takes a tenth longer. What is calculated stays the same to the last bit.
fn copy_weights_for_small_batches() {
    /// In tiles of six columns.
    const TILES: usize = 4;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gemm::set_lhs_packing_threshold_multi_thread(TILES));
}

/// Writes every number of `result`; reads it only to `add`, and then it must hold numbers.
fn run(result: &mut [MaybeUninit<f32>], left: Matrix<'_>, right: Matrix<'_>, add: bool, share: bool) {
    assert_eq!(left.columns, right.rows, "inner sizes of a product");
    assert!(left.columns > 0, "a product sums over at least one number");
    assert_eq!(
        result.len(),
        left.rows * right.columns,
        "the size of a product's result"
    );
    let along_the_sum = left.steps.1 == 1 && right.steps.0 == 1;
    let is_few = result.len() <= FEW;
    // With one or two numbers to sum there is but one order.
    let is_with_one = left.columns > 2 && (left.rows == 1 || right.columns == 1);
    if along_the_sum && (is_few || is_with_one) {
        if !add {
            result.fill(MaybeUninit::new(0.0));
        }
        // SAFETY: each of the numbers has been written, just now or by who wants to have something added to it.
        let result = unsafe { &mut *(result as *mut [MaybeUninit<f32>] as *mut [f32]) };
        let (inner, columns) = (left.columns, right.columns);
        let (left, right) = (left.vectors(left.steps.0), right.vectors(right.steps.1));
        match (is_few, columns) {
            (true, _) => few(result, left, right, columns, inner, add),
            (false, 1) => many(result, left, right.values, add),
            (false, _) => many(result, right, left.values, add),
        }
        return;
    }
    let operations = left.rows * left.columns * right.columns;
    let parallelism = if share && operations >= WORTH_SHARING && cores() > 1 {
        Parallelism::Rayon(cores())
    } else {
        Parallelism::None
    };
    copy_weights_for_small_batches();
    // SAFETY: `result` holds rows · columns numbers row by row (asserted) and is borrowed alone; each operand
    // holds rows · columns numbers (asserted when it was made), reached by its steps in either order of axes.
    // `gemm` writes all of `result`, reads it only if told so (`add`), and keeps no pointer.
    unsafe {
        gemm(
            left.rows,
            right.columns,
            left.columns,
            result.as_mut_ptr().cast(),
            1,
            right.columns as isize,
            add,
            left.values.as_ptr(),
            left.steps.1 as isize,
            left.steps.0 as isize,
            right.values.as_ptr(),
            right.steps.1 as isize,
            right.steps.0 as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition.
    fn by_hand(left: &[f32], right: &[f32], rows: usize, inner: usize, columns: usize) -> Vec<f32> {
        let mut result = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                result.push(
                    (0..inner)
                        .map(|i| left[row * inner + i] * right[i * columns + column])
                        .sum(),
                );
            }
        }
        result
    }

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7 + 3) % 11) as f32 - 5.0).collect()
    }

    #[test]
    fn products_of_all_sizes_are_those_of_the_definition() {
        for (rows, inner, columns) in [(1, 1, 1), (1, 5, 3), (7, 1, 9), (30, 16, 8), (200, 100, 70)] {
            let (left, right) = (numbers(rows * inner), numbers(inner * columns));
            let expected = by_hand(&left, &right, rows, inner, columns);
            let left = Matrix::new(&left, rows, inner);
            let right = Matrix::new(&right, inner, columns);
            let product = multiply(left, right);
            assert_eq!(product, expected, "{rows} x {inner} x {columns}");
            let mut sum = product.clone();
            multiply_add(&mut sum, left, right);
            assert!(sum.iter().zip(&product).all(|(sum, once)| *sum == 2.0 * once));
        }
    }

    #[test]
    fn few_rows_times_a_transposed_matrix_are_the_product_of_the_definition() {
        for (rows, inner, columns) in [(1, 40, 50), (3, 65, 33), (64, 200, 300), (5, 17, 16)] {
            let (left, right) = (numbers(rows * inner), numbers(inner * columns));
            let mut by_columns = vec![0.0; right.len()];
            for (at, value) in right.iter().enumerate() {
                by_columns[at % columns * inner + at / columns] = *value;
            }
            let transposed = Matrix::new(&by_columns, columns, inner).transposed();
            let product = multiply(Matrix::new(&left, rows, inner), transposed);
            let expected = by_hand(&left, &right, rows, inner, columns);
            assert_eq!(product, expected, "{rows} x {inner} x {columns}");
        }
    }

    /// What `gemm` makes of a product, as the library called it before.
    #[cfg(target_arch = "x86_64")]
    fn by_gemm(left: &[f32], right: &[f32], rows: usize, columns: usize) -> Vec<f32> {
        let inner = left.len() / rows;
        let mut result = vec![0.0f32; rows * columns];
        // SAFETY: the sizes are those of the operands, which lie row by row, and column by column.
        unsafe {
            gemm(
                rows,
                columns,
                inner,
                result.as_mut_ptr(),
                1,
                columns as isize,
                false,
                left.as_ptr(),
                1,
                inner as isize,
                right.as_ptr(),
                inner as isize,
                1,
                1.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
        result
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn sums_have_on_every_processor_the_bits_that_gemm_gives_them_with_avx2() {
        if !is_x86_feature_detected!("fma") || is_x86_feature_detected!("avx512f") {
            return;
        }
        for inner in [1, 2, 3, 7, 8, 9, 16, 30, 63, 64, 65, 100, 129, 784, 1024, 1500] {
            for (rows, columns) in [(6, 1), (1, 6), (3, 5), (1, 1), (16, 16), (300, 1), (1, 300)] {
                let left: Vec<f32> = (0..rows * inner).map(|i| (i as f32).sin()).collect();
                let right: Vec<f32> = (0..columns * inner).map(|i| (i as f32).cos()).collect();
                let by_columns = Matrix::new(&right, columns, inner).transposed();
                let product = by_rows(Matrix::new(&left, rows, inner), by_columns);
                assert_eq!(
                    product,
                    by_gemm(&left, &right, rows, columns),
                    "{rows} rows, {columns} columns, {inner} numbers to sum"
                );
            }
        }
    }

    #[test]
    fn a_transposed_operand_is_read_by_columns() {
        let left = numbers(6);
        let right = numbers(8);
        // [3, 2]ᵀ · [3, ..] does not fit 8 numbers; [2, 3]ᵀ · [2, 4] does.
        let product = multiply(Matrix::new(&left, 2, 3).transposed(), Matrix::new(&right, 2, 4));
        let turned = [left[0], left[3], left[1], left[4], left[2], left[5]];
        assert_eq!(product, by_hand(&turned, &right, 3, 2, 4));
    }
}
