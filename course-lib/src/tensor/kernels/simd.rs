//! Loops with the widest instructions that the processor at hand has.
//!
//! The library is compiled for every x86-64 processor, which means four numbers at a time. `pulp` (which `gemm`
//! stands on too) compiles a loop once more for AVX2 and picks when the program runs.

use std::sync::LazyLock;

use pulp::{Arch, WithSimd};

/// Runs a loop with wide instructions. The closure must be marked `#[inline(always)]`, as must be what it
/// calls: only what is inlined is compiled anew.
#[inline(always)]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    with_simd(work)
}

/// The same for a loop that names its vectors, so that it says what is kept in registers.
#[inline(always)]
pub(crate) fn with_simd<W: WithSimd>(work: W) -> W::Output {
    static ARCH: LazyLock<Arch> = LazyLock::new(Arch::new);
    ARCH.dispatch(work)
}
