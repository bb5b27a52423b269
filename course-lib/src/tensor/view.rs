//! The numbers of a dfdx tensor on the CPU as a slice, without a copy. The one place in this library with
//! unsafe code on tensors.
//!
//! dfdx keeps the numbers of a CPU tensor in one `Vec<f32>`, but its public interface gives out either copies of
//! all or a reference to one (`tensor[[i]]`). A copy of every operand costs as much as many of the operations
//! themselves, so the slice is put together from the reference to the first number.
#![allow(unsafe_code)]

use std::slice::{from_raw_parts, from_raw_parts_mut};

use dfdx::prelude::{Cpu, HasShape};

use super::device::Row;

/// All numbers of the tensor.
pub(crate) fn numbers(flat: &Row<Cpu>) -> &[f32] {
    let count = flat.shape().0;
    let Some(last) = count.checked_sub(1) else {
        return &[];
    };
    let first: &f32 = &flat[[0]];
    assert_row(first, &flat[[last]], last);
    // SAFETY: `first` and `last` are elements of the same `Vec<f32>` (dfdx indexes into it with a bounds check)
    // and lie `last` elements apart (asserted), so that all `count` numbers from `first` on are initialised
    // elements of that one allocation. The slice borrows `flat`, which shares in the ownership of the `Vec`, and
    // whose numbers dfdx changes only through `&mut` and after making them its own (`Arc::make_mut`).
    unsafe { from_raw_parts(first, count) }
}

/// All numbers of the tensor, to be changed. Numbers that another tensor shares are copied first.
pub(crate) fn numbers_mut(flat: &mut Row<Cpu>) -> &mut [f32] {
    let count = flat.shape().0;
    let Some(last) = count.checked_sub(1) else {
        return &mut [];
    };
    // Makes them this tensor's own, if they are not.
    let first: *mut f32 = &mut flat[[0]];
    assert_row(first, &flat[[last]], last);
    let first: *mut f32 = &mut flat[[0]];
    // SAFETY: as in `numbers`; and `&mut flat` is held as long as the slice is, and dfdx has made the numbers this
    // tensor's own, so that nobody else can reach them.
    unsafe { from_raw_parts_mut(first, count) }
}

/// Tensors here have one axis and are made whole, so that their numbers follow one another; a stretched one
/// (stride 0) would not.
fn assert_row(first: *const f32, last: *const f32, steps: usize) {
    assert_eq!(
        last.addr() - first.addr(),
        steps * size_of::<f32>(),
        "the numbers of a flat tensor follow one another"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::prelude::TensorFromVec;

    fn row(values: Vec<f32>) -> Row<Cpu> {
        let shape = (values.len(),);
        Cpu::default().tensor_from_vec(values, shape)
    }

    #[test]
    fn all_numbers_are_seen_in_their_order() {
        assert_eq!(numbers(&row(vec![1.0, 2.0, 3.0])), [1.0, 2.0, 3.0]);
        assert_eq!(numbers(&row(vec![4.0])), [4.0]);
    }

    #[test]
    fn a_change_is_not_seen_by_a_tensor_that_shared_the_numbers() {
        let mut changed = row(vec![1.0, 2.0]);
        let shared = changed.clone();
        numbers_mut(&mut changed)[1] = 7.0;
        assert_eq!(numbers(&changed), [1.0, 7.0]);
        assert_eq!(numbers(&shared), [1.0, 2.0]);
    }

    #[test]
    fn numbers_that_nobody_shares_are_changed_where_they_are() {
        let mut flat = row(vec![1.0; 8]);
        let before = numbers(&flat).as_ptr();
        numbers_mut(&mut flat)[0] = 2.0;
        assert_eq!(numbers(&flat).as_ptr(), before);
    }
}
