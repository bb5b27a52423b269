//! The cell of the gated recurrent unit, in the form of Keras (`reset_after`) and PyTorch.
//!
//! z, r = sigmoid of the input's sums + the state's sums; n = activation(input's sum + r · state's sum);
//! h = z · h' + (1 - z) · n.

use super::{Cell, States, Step, StepBack, scale, squash};
use crate::layers::Activation;
use crate::tensor::Tensor;
use crate::tensor::kernels::functions::sigmoid;

/// The activation of n.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GruCell(pub(crate) Activation);

impl Cell for GruCell {
    const GATES: usize = 3;
    const CARRIES_CELL: bool = false;
    const APART: bool = true;
    const DIRECT: bool = true;

    #[inline(always)]
    fn forward(self, units: usize, step: Step<'_>) {
        let rows = step.gates.chunks_exact_mut(3 * units);
        for (row, (gates, apart)) in rows.zip(step.apart.chunks_exact(3 * units)).enumerate() {
            let own = row * units..(row + 1) * units;
            let (z_r, n) = gates.split_at_mut(2 * units);
            let (state_z_r, state_n) = apart.split_at(2 * units);
            for (gate, state) in z_r.iter_mut().zip(state_z_r) {
                *gate = sigmoid(*gate + state);
            }
            let (z, r) = z_r.split_at(units);
            for ((n, r), state) in n.iter_mut().zip(r).zip(state_n) {
                *n += r * state;
            }
            squash(self.0, n);
            let (h, before) = (&mut step.h[own.clone()], &step.h_before[own]);
            for ((h, before), (z, n)) in h.iter_mut().zip(before).zip(z.iter().zip(&*n)) {
                *h = n + z * (before - n);
            }
        }
    }

    #[inline(always)]
    fn backward(self, units: usize, step: StepBack<'_>) {
        let rows = step.gates.chunks_exact_mut(3 * units);
        for (row, (gates, apart)) in rows.zip(step.apart.chunks_exact_mut(3 * units)).enumerate() {
            let own = row * units..(row + 1) * units;
            let (z_r, n) = gates.split_at_mut(2 * units);
            let (z, r) = z_r.split_at_mut(units);
            let (of_h, before) = (&mut step.of_h[own.clone()], &step.h_before[own]);
            let scratch = &mut step.scratch[..units];

            // h = z · h' + (1 - z) · n.
            scratch.copy_from_slice(n);
            for ((z, n), (of_h, before)) in z.iter_mut().zip(&mut *n).zip(of_h.iter_mut().zip(before)) {
                let gate = *z;
                *z = *of_h * (before - *n) * gate * (1.0 - gate);
                *n = *of_h * (1.0 - gate);
                *of_h *= gate;
            }
            scale(self.0, n, scratch);
            // n = activation(sum + r · state's sum).
            let (state_z_r, state_n) = apart.split_at_mut(2 * units);
            for ((r, state), n) in r.iter_mut().zip(state_n).zip(&*n) {
                let gate = *r;
                *r = n * *state * gate * (1.0 - gate);
                *state = n * gate;
            }
            state_z_r.copy_from_slice(z_r);
        }
    }

    fn on_device(self, gates: &[Tensor], apart: &[Tensor], before: States) -> States {
        let [z, r] = [0, 1].map(|gate: usize| gates[gate].plus(&apart[gate]).sigmoid());
        let n = self.0.apply(&gates[2].plus(&r.times(&apart[2])));
        let h = n.plus(&z.times(&before.h.plus(&n.mul_scalar(-1.0))));
        States { h, c: None }
    }
}
