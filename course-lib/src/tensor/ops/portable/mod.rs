//! Operations of ours once more, made of dfdx's kernels alone: for numbers that do not lie where the CPU sees them.
//!
//! Every operation of ours has such a second form, so that a step of training copies nothing from the device but what
//! is to be read. dfdx finds their gradients, except where the one that it would find is not the one of the fast form: a
//! kink, or digits that cancel. There [`Tensor::function`] gives the slope beside the value. Nothing here knows which
//! device it is.
//!
//! Results differ from those of the fast form by rounding: sums are in single precision.

mod activation;
mod convolution;
mod functions;
mod moving;
mod normalise;
mod pool;
mod recurrent;
mod reduce;
mod sets;
mod softmax;

#[cfg(all(test, not(feature = "cuda")))]
mod copies;

pub(super) use recurrent::recurrent_portable;

use dfdx::prelude::{ReshapeTo, TryMatMul};

use super::by_dfdx;
use super::dense::Elementwise;
use super::normalise::Runs;
use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};

impl Tensor {
    /// Whether operations of ours read the values where they are; if not, their form in this folder does without
    /// copies.
    pub(crate) fn is_on_host(&self) -> bool {
        self.flat.is_on_host()
    }

    /// Whether the CPU has the values, so that reading them is no copy from a device.
    pub(crate) fn is_known(&self) -> bool {
        self.flat.is_known()
    }

    /// Whether the CPU has the values and nothing is recorded of them, so that they can as well be moved about by the
    /// CPU: data that was read from a file, on its way to the device.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.is_on_host() || (self.flat.is_known() && !self.has_gradient())
    }

    /// [`Tensor::dense`], for shapes that fit.
    pub(super) fn dense_portable(
        &self,
        weights: &Tensor,
        bias: Option<&Tensor>,
        [rows, inputs, units]: [usize; 3],
        function: impl Elementwise,
    ) -> Tensor {
        let sums = by_dfdx!(&[rows, units], (x of self, w of weights) => {
            let x = in_memory(x.try_reshape_like(&(rows, inputs)));
            x.try_matmul(in_memory(w.try_reshape_like(&(inputs, units))))
        });
        let runs = Runs {
            sets: units,
            inner: 1,
        };
        function.of(&bias.map_or(sums.clone(), |bias| sums.plus_sets(bias, runs)))
    }
}

// With the `cuda` feature tensors go to a GPU by themselves.
#[cfg(all(test, not(feature = "cuda")))]
mod tests {
    use super::*;

    /// Whether tensors lie where only dfdx sees them. If not, the tests of that name are run again in that way.
    pub(super) fn is_second_run(name: &str) -> bool {
        if std::env::var_os("COURSE_DEVICE").is_some() {
            return true;
        }
        let program = std::env::current_exe().expect("a program knows its own path");
        let mut again = std::process::Command::new(program);
        let run = again.arg(name).env("COURSE_DEVICE", "portable").output();
        let run = run.expect("it starts a second time");
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{said}");
        false
    }

    #[test]
    fn the_switch_moves_tensors_to_where_only_dfdx_sees_them() {
        let second = is_second_run("the_switch_moves_tensors");
        assert_eq!(Tensor::scalar(1.0).is_on_host(), !second);
    }
}
