//! The cell of long short-term memory.
//!
//! i, f, o = sigmoid of their sums, g = activation of its sum; c = f · c' + i · g; h = o · activation(c).
//! The loops are short on purpose: with few slices in each, the compiler can vectorise them.

use super::{Cell, States, Step, StepBack, scale, squash};
use crate::layers::Activation;
use crate::tensor::Tensor;
use crate::tensor::kernels::functions::sigmoid;

/// The activation of g and of c.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LstmCell(pub(crate) Activation);

impl Cell for LstmCell {
    const GATES: usize = 4;
    const CARRIES_CELL: bool = true;
    const APART: bool = false;
    const DIRECT: bool = false;

    #[inline(always)]
    fn forward(self, units: usize, step: Step<'_>) {
        for (row, gates) in step.gates.chunks_exact_mut(4 * units).enumerate() {
            let (i_f, g_o) = gates.split_at_mut(2 * units);
            i_f.iter_mut().for_each(|gate| *gate = sigmoid(*gate));
            let (g, o) = g_o.split_at_mut(units);
            squash(self.0, g);
            o.iter_mut().for_each(|gate| *gate = sigmoid(*gate));

            let own = row * units..(row + 1) * units;
            let (i, f) = i_f.split_at(units);
            let (c, before) = (&mut step.c[own.clone()], &step.c_before[own.clone()]);
            for (((c, before), f), (i, g)) in c.iter_mut().zip(before).zip(f).zip(i.iter().zip(&*g)) {
                *c = f * before + i * g;
            }
            let squashed = &mut step.squashed[own.clone()];
            squashed.copy_from_slice(c);
            squash(self.0, squashed);
            for ((h, o), squashed) in step.h[own].iter_mut().zip(o).zip(squashed) {
                *h = *o * *squashed;
            }
        }
    }

    #[inline(always)]
    fn backward(self, units: usize, step: StepBack<'_>) {
        for (row, gates) in step.gates.chunks_exact_mut(4 * units).enumerate() {
            let own = row * units..(row + 1) * units;
            let (i_f, g_o) = gates.split_at_mut(2 * units);
            let ((i, f), (g, o)) = (i_f.split_at_mut(units), g_o.split_at_mut(units));
            let (of_h, of_c) = (&step.of_h[own.clone()], &mut step.of_c[own.clone()]);
            let (squashed, before) = (&step.squashed[own.clone()], &step.c_before[own]);
            let scratch = &mut step.scratch[..units];

            // h = o · activation(c).
            for ((by_h, of_h), o) in scratch.iter_mut().zip(of_h).zip(&*o) {
                *by_h = of_h * o;
            }
            scale(self.0, scratch, squashed);
            of_c.iter_mut()
                .zip(&*scratch)
                .for_each(|(of_c, by_h)| *of_c += by_h);
            for ((o, of_h), squashed) in o.iter_mut().zip(of_h).zip(squashed) {
                *o = of_h * squashed * *o * (1.0 - *o);
            }
            // c = f · c' + i · g.
            scratch.copy_from_slice(g);
            for ((i, g), of_c) in i.iter_mut().zip(&mut *g).zip(&*of_c) {
                let gate = *i;
                *i = of_c * *g * gate * (1.0 - gate);
                *g = of_c * gate;
            }
            scale(self.0, g, scratch);
            for ((f, of_c), before) in f.iter_mut().zip(of_c).zip(before) {
                let gate = *f;
                *f = *of_c * before * gate * (1.0 - gate);
                *of_c *= gate;
            }
        }
    }

    fn on_device(self, gates: &[Tensor], _: &[Tensor], before: States) -> States {
        let [i, f, o] = [0, 1, 3].map(|gate: usize| gates[gate].sigmoid());
        let g = self.0.apply(&gates[2]);
        let added = i.times(&g);
        let c = before
            .c
            .map_or(added.clone(), |before| f.times(&before).plus(&added));
        let h = o.times(&self.0.apply(&c));
        States { h, c: Some(c) }
    }
}
