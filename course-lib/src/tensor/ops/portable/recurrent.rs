//! Recurrent layers step by step: products of matrices and functions of each value, whose gradients dfdx finds.

use dfdx::prelude::{Axes4, PermuteTo, ReshapeTo};

use crate::layers::Activation;
use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::dims::Dims;
use crate::tensor::ops::by_dfdx;
use crate::tensor::ops::recurrent::{Cell, LastStates, Sizes, States, Want, Weights};

/// [`recurrent`](crate::tensor::ops::recurrent::recurrent).
pub(in crate::tensor::ops) fn recurrent_portable<C: Cell>(
    cell: C,
    x: &Tensor,
    weights: &Weights<'_>,
    initial: &[&Tensor],
    want: Want,
    sizes: Sizes,
) -> (Tensor, LastStates) {
    let Sizes {
        rows, steps, units, ..
    } = sizes;
    let sums = Sums::of::<C>(x, weights, sizes);
    let zeros = || Tensor::from_parts(vec![0.0; rows * units], Dims::of(&[rows, units]));
    let mut given = initial.iter().map(|state| (*state).clone());
    let h = given.next().unwrap_or_else(zeros);
    let c = C::CARRIES_CELL.then(|| given.next().unwrap_or_else(zeros));
    let mut states = States { h, c };
    let mut wanted = Vec::new();
    for t in 0..steps {
        let (gates, apart) = sums.of_step::<C>(t, &states.h, weights);
        states = cell.on_device(&gates, &apart, states);
        if want != Want::Last {
            wanted.push(states.h.clone());
        }
    }
    let constant = |state: &Tensor| state.constant();
    let last = LastStates::Tensors(Box::new([
        Some(constant(&states.h)),
        states.c.as_ref().map(constant),
    ]));
    if want == Want::Last {
        return (states.h, last);
    }
    if want == Want::All {
        wanted.extend(states.c);
    }
    let kept = wanted.len();
    // One after the other, then each row's together.
    let wanted = Tensor::joined(&wanted.iter().collect::<Vec<_>>(), 1);
    (wanted.exchanged([kept, rows, units]), last)
}

/// What the gates of all steps get from the inputs, and what they get from the state beside it.
struct Sums {
    /// `[steps, gates, rows, units]`: what a gate of a step needs lies together.
    of_inputs: Tensor,
    /// The bias of the state's sums, where they stay apart.
    bias: Option<Tensor>,
    sizes: Sizes,
}

impl Sums {
    fn of<C: Cell>(x: &Tensor, weights: &Weights<'_>, sizes: Sizes) -> Self {
        let Sizes {
            rows,
            steps,
            features,
            units,
        } = sizes;
        let width = C::GATES * units;
        let biases = if C::APART { 2 } else { 1 };
        let bias = |which: usize| weights.bias.cut([1, biases, width], which..which + 1, &[width]);
        let all = [rows * steps, features, width];
        let sums = x.dense_portable(weights.kernel, Some(&bias(0)), all, Activation::Linear);
        let of_inputs = by_dfdx!(&[steps, C::GATES, rows, units], (x of sums) => {
            let x = in_memory(x.try_reshape_like(&(rows, steps, C::GATES, units)));
            x.try_permute::<(usize, usize, usize, usize), Axes4<1, 2, 0, 3>>()
        });
        let bias = C::APART.then(|| bias(1));
        Self {
            of_inputs,
            bias,
            sizes,
        }
    }

    /// The sums of each gate in one step, `[rows, units]`; those of the state by themselves where they stay apart.
    fn of_step<C: Cell>(&self, t: usize, h: &Tensor, weights: &Weights<'_>) -> (Vec<Tensor>, Vec<Tensor>) {
        let Sizes {
            rows, steps, units, ..
        } = self.sizes;
        let (gates, block) = (C::GATES, rows * units);
        let of_input = self
            .of_inputs
            .cut([1, steps, gates * block], t..t + 1, &[gates, rows, units]);
        let products = [rows, units, gates * units];
        let of_state = h.dense_portable(
            weights.recurrent,
            self.bias.as_ref(),
            products,
            Activation::Linear,
        );
        let of_state = of_state.exchanged([rows, gates, units]);
        let each = |sums: &Tensor| -> Vec<Tensor> {
            let gate = |gate: usize| sums.cut([1, gates, block], gate..gate + 1, &[rows, units]);
            (0..gates).map(gate).collect()
        };
        match C::APART {
            true => (each(&of_input), each(&of_state)),
            false => (each(&of_input.plus(&of_state)), Vec::new()),
        }
    }
}
