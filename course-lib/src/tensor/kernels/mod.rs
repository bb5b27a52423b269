//! What the CPU does with rows of numbers, as fast as it can: products of matrices on all cores, loops with the
//! widest instructions that the processor has, functions that fit into such loops.
//!
//! These know nothing of tensors, shapes or gradients.

pub(crate) mod functions;
pub(crate) mod parallel;
pub(crate) mod patches;
pub(crate) mod product;
pub(crate) mod scalar_products;
pub(crate) mod simd;
