//! The cell of the plain recurrent layer: h = f(x · W + h' · U + b).

use super::{Cell, States, Step, StepBack, scale, squash};
use crate::layers::Activation;
use crate::tensor::Tensor;

/// f.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SimpleCell(pub(crate) Activation);

impl Cell for SimpleCell {
    const GATES: usize = 1;
    const CARRIES_CELL: bool = false;
    const APART: bool = false;
    const DIRECT: bool = false;

    #[inline(always)]
    fn forward(self, _: usize, step: Step<'_>) {
        squash(self.0, step.gates);
        step.h.copy_from_slice(step.gates);
    }

    #[inline(always)]
    fn backward(self, _: usize, step: StepBack<'_>) {
        step.gates.copy_from_slice(step.of_h);
        scale(self.0, step.gates, step.h);
    }

    fn on_device(self, gates: &[Tensor], _: &[Tensor], _: States) -> States {
        let h = self.0.apply(&gates[0]);
        States { h, c: None }
    }
}
