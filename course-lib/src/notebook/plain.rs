//! Values of the standard library as a cell's last expression.
//!
//! evcxr calls `.evcxr_display()` on that expression; if this does not compile, it compiles the cell a second time, with
//! the value's `Debug` form. `course kernel` imports [`PlainValue`] into its sessions, so that the values that cells end
//! with most often are shown by the first build already, and look the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::io::{self, Write};

/// A value that a cell shows in its `Debug` form.
///
/// Not every type that has one: a `Box` or a reference to a type of this library would then hide how that shows itself.
pub trait PlainValue: Debug {
    /// Shows the value as a cell's result; Rust kernels call this for the last expression.
    fn evcxr_display(&self) {
        let text = format!("EVCXR_BEGIN_CONTENT text/plain\n{self:?}\nEVCXR_END_CONTENT\n");
        // Whoever reads this process's output is gone, if this fails; the cell has nothing to do with it.
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }
}

macro_rules! plain {
    ($($type:ty),+ $(,)?) => { $(impl PlainValue for $type {})+ };
}

plain!(
    (),
    bool,
    char,
    str,
    String,
    f32,
    f64,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    std::time::Duration,
    std::ops::Range<usize>,
);

impl<T: Debug> PlainValue for [T] {}
impl<T: Debug, const N: usize> PlainValue for [T; N] {}
impl<T: Debug> PlainValue for Vec<T> {}
impl<T: Debug> PlainValue for VecDeque<T> {}
impl<T: Debug> PlainValue for Option<T> {}
impl<T: Debug, E: Debug> PlainValue for Result<T, E> {}
impl<K: Debug, V: Debug, S> PlainValue for HashMap<K, V, S> {}
impl<K: Debug, S> PlainValue for HashSet<K, S> {}
impl<K: Debug, V: Debug> PlainValue for BTreeMap<K, V> {}
impl<K: Debug> PlainValue for BTreeSet<K> {}
impl<A: Debug> PlainValue for (A,) {}
impl<A: Debug, B: Debug> PlainValue for (A, B) {}
impl<A: Debug, B: Debug, C: Debug> PlainValue for (A, B, C) {}
impl<A: Debug, B: Debug, C: Debug, D: Debug> PlainValue for (A, B, C, D) {}

/// Stands in for [`PlainValue`] where the learner has asked evcxr for another form of values (`:fmt`, `:types`).
pub trait NoPlainValue {}
