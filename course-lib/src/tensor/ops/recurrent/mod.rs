//! What a recurrent layer calculates, all steps of a sequence in one operation.
//!
//! The inputs of all steps are multiplied with the kernel at once. Then, step by step, the state before the
//! step is multiplied with the recurrent kernel, and a [`Cell`] makes the next state of the sums. The way back
//! visits the steps in reverse order (backpropagation through time; Werbos 1990) and multiplies for the weights'
//! gradients at once again.
//!
//! Rows of a batch do not know of each other. So the batch is parted once between the cores, and each core
//! takes its rows through the whole sequence ([`part`]) without waiting for the others.

mod gru;
mod lstm;
mod part;
mod simple;

use rayon::prelude::*;

use crate::layers::Activation;
use crate::tensor::Tensor;
use crate::tensor::dims::Dims;
use crate::tensor::kernels::functions::tanh;
use crate::tensor::kernels::parallel::cores;
use crate::tensor::ops::dense::Elementwise;
use crate::tensor::ops::portable::recurrent_portable;
use crate::tensor::slot::Slot;
use part::{PartGradients, Trace, Wanted};

pub(crate) use gru::GruCell;
pub(crate) use lstm::LstmCell;
pub(crate) use simple::SimpleCell;

/// Fewer multiplications than this are done sooner than a second core is woken.
const WORTH_SHARING: usize = 1 << 18;

/// What happens between two steps, for all units of some rows. Slices hold one row of the batch after the other.
pub(crate) trait Cell: Copy + Send + Sync + 'static {
    /// How many sums a unit has.
    const GATES: usize;
    /// Whether a second state c is carried beside h.
    const CARRIES_CELL: bool;
    /// Whether sums of the inputs and of the state stay apart. Each then has a bias.
    const APART: bool;
    /// Whether the state reaches the next one also directly, not only by way of the sums.
    const DIRECT: bool;

    /// One step; should be inlined, so that its loops are vectorised.
    fn forward(self, units: usize, step: Step<'_>);

    /// The same step backwards; should be inlined too.
    fn backward(self, units: usize, step: StepBack<'_>);

    /// One step on any device: from the sums of each gate, `[rows, units]` (those of the state by themselves where they
    /// stay apart), and the states before the step those after it.
    fn on_device(self, gates: &[Tensor], apart: &[Tensor], before: States) -> States;
}

/// The states between two steps on a device, `[rows, units]`: h, and c where the cell carries it.
pub(crate) struct States {
    pub(crate) h: Tensor,
    pub(crate) c: Option<Tensor>,
}

/// One step of some rows.
pub(crate) struct Step<'a> {
    /// Sums in, gates out: `[rows, gates · units]`.
    pub(crate) gates: &'a mut [f32],
    /// The sums of the state, where they stay apart; otherwise empty.
    pub(crate) apart: &'a mut [f32],
    /// The state before the step and after it: `[rows, units]`.
    pub(crate) h_before: &'a [f32],
    pub(crate) h: &'a mut [f32],
    /// The second state, where there is one, and what the activation makes of it.
    pub(crate) c_before: &'a [f32],
    pub(crate) c: &'a mut [f32],
    pub(crate) squashed: &'a mut [f32],
}

/// One step of some rows on the way back.
pub(crate) struct StepBack<'a> {
    /// Gates in, the gradients of their sums out; so with `apart`.
    pub(crate) gates: &'a mut [f32],
    pub(crate) apart: &'a mut [f32],
    pub(crate) h_before: &'a [f32],
    pub(crate) h: &'a [f32],
    pub(crate) c_before: &'a [f32],
    pub(crate) squashed: &'a [f32],
    /// The gradient of the state after the step in; out what of it reaches the state before the step directly,
    /// not by way of the sums.
    pub(crate) of_h: &'a mut [f32],
    /// The gradient of the second state after the step in, before it out.
    pub(crate) of_c: &'a mut [f32],
    /// Room for one value a unit.
    pub(crate) scratch: &'a mut [f32],
}

/// Which states the result holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// The last: `[batch, units]`.
    Last,
    /// Those after each step: `[batch, steps, units]`.
    Each,
    /// Those, and after them the last second state of a cell that carries one: `[batch, steps + 1, units]`.
    All,
}

/// The weights as the operation takes them; that they fit each other is the caller's care.
pub(crate) struct Weights<'a> {
    /// `[features, gates · units]`.
    pub(crate) kernel: &'a Tensor,
    /// `[units, gates · units]`.
    pub(crate) recurrent: &'a Tensor,
    /// `[gates · units]`, or `[2, gates · units]` where sums stay apart.
    pub(crate) bias: &'a Tensor,
}

/// Numbers of one size each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) rows: usize,
    pub(crate) steps: usize,
    pub(crate) features: usize,
    pub(crate) units: usize,
}

/// The states after the last step, h and c, without gradients: the CPU's numbers (none where the cell has no c), of which
/// tensors are made when they are asked for, or a device's tensors.
pub(crate) enum LastStates {
    Values([Vec<f32>; 2]),
    Tensors(Box<[Option<Tensor>; 2]>),
}

impl LastStates {
    /// As tensors of shape `[batch, units]`.
    pub(crate) fn tensors(self, units: usize) -> [Option<Tensor>; 2] {
        match self {
            Self::Tensors(tensors) => *tensors,
            Self::Values(values) => values.map(|values| {
                let dims = Dims::of(&[values.len() / units, units]);
                (!values.is_empty()).then(|| Tensor::from_parts(values, dims))
            }),
        }
    }
}

/// The operation on x `[batch, steps, features]`, from the given states on (none: zeros; else h, and c if the cell
/// carries it). Shapes are the caller's care.
pub(crate) fn recurrent<C: Cell>(
    cell: C,
    x: &Tensor,
    weights: &Weights<'_>,
    initial: &[&Tensor],
    want: Want,
) -> (Tensor, LastStates) {
    let (rows, steps, features) = match *x.shape() {
        [rows, steps, features] => (rows, steps, features),
        _ => (1, 1, x.count()),
    };
    let units = weights.recurrent.shape().first().copied().unwrap_or(1);
    let sizes = Sizes {
        rows,
        steps,
        features,
        units,
    };
    if !x.is_on_host() {
        return recurrent_portable(cell, x, weights, initial, want, sizes);
    }
    let part = rows_a_part(sizes, C::GATES);
    let carried = usize::from(want == Want::All && C::CARRIES_CELL);
    let kept = if want == Want::Last { 1 } else { steps + carried };

    let inputs = x.values();
    let numbers = [weights.kernel, weights.recurrent, weights.bias].map(Tensor::values);
    let states: Vec<_> = initial.iter().map(|state| state.values()).collect();
    let mut values = vec![0.0; rows * kept * units];
    let run = |number: usize,
               values: &mut [f32],
               inputs: &[f32],
               states: &[&[f32]],
               [kernel, recurrent, bias]: [&[f32]; 3]| {
        let own = Sizes {
            rows: values.len() / (kept * units),
            ..sizes
        };
        let first = number * part;
        let x = &inputs[first * steps * features..][..own.rows * steps * features];
        let states = states
            .iter()
            .map(|state| &state[first * units..][..own.rows * units]);
        let trace = Trace::forward(cell, own, x, [kernel, recurrent, bias], states.collect());
        trace.write(want, values);
        trace
    };
    let traces: Vec<Trace<C>> = {
        let (x, states) = (
            &inputs[..],
            states.iter().map(|state| &state[..]).collect::<Vec<_>>(),
        );
        let numbers = numbers.each_ref().map(|numbers| &numbers[..]);
        if part == rows {
            vec![run(0, &mut values, x, &states, numbers)]
        } else {
            let parts = values.par_chunks_mut(part * kept * units).enumerate();
            parts
                .map(|(number, values)| run(number, values, x, &states, numbers))
                .collect()
        }
    };
    let last = [0, 1].map(|which| {
        traces
            .iter()
            .flat_map(|trace| trace.last_state(which))
            .copied()
            .collect()
    });

    let shape: &[usize] = if want == Want::Last {
        &[rows, units]
    } else {
        &[rows, kept, units]
    };
    let operands: Vec<&Tensor> = [x, weights.kernel, weights.recurrent, weights.bias]
        .into_iter()
        .chain(initial.iter().copied())
        .collect();
    let result = Tensor::custom(&operands, values, shape, move |gradient, slots| {
        let wanted = Wanted {
            x: slots.first().is_some_and(Slot::is_wanted),
            weights: slots.iter().skip(1).take(3).any(Slot::is_wanted),
        };
        let numbers = numbers.each_ref().map(|numbers| &numbers[..]);
        let back = |trace: Trace<C>, gradient: &[f32]| trace.backward(numbers, gradient, want, wanted);
        let parts: Vec<PartGradients> = if traces.len() == 1 {
            traces.into_iter().map(|trace| back(trace, &gradient)).collect()
        } else {
            let gradients = gradient.par_chunks(part * kept * units);
            let parts = traces.into_par_iter().zip(gradients);
            parts.map(|(trace, gradient)| back(trace, gradient)).collect()
        };
        give(slots, parts);
    });
    (result, LastStates::Values(last))
}

/// How many rows a core takes.
fn rows_a_part(sizes: Sizes, gates: usize) -> usize {
    let Sizes {
        rows,
        steps,
        features,
        units,
    } = sizes;
    let products = rows * steps * (features + units) * units * gates;
    let cores = cores();
    if cores < 2 || products < WORTH_SHARING {
        rows
    } else {
        rows.div_ceil(cores)
    }
}

/// Puts the parts together: gradients of rows one after the other, those of weights added up.
fn give(slots: &mut [Slot], parts: Vec<PartGradients>) {
    let mut of_rows: [Vec<f32>; 3] = Default::default();
    for part in parts {
        for (slot, gradient) in slots.iter_mut().skip(1).zip(part.weights) {
            if !gradient.is_empty() {
                slot.give(gradient);
            }
        }
        for (whole, own) in of_rows.iter_mut().zip(part.rows) {
            if whole.is_empty() {
                *whole = own;
            } else {
                whole.extend_from_slice(&own);
            }
        }
    }
    let [x, h, c] = of_rows;
    for (place, gradient) in [(0, x), (4, h), (5, c)] {
        if let (Some(slot), false) = (slots.get_mut(place), gradient.is_empty()) {
            slot.give(gradient);
        }
    }
}

/// values = f(values). Tanh, which all of these layers begin with, without a call.
#[inline(always)]
fn squash(f: Activation, values: &mut [f32]) {
    if f == Activation::Tanh {
        values.iter_mut().for_each(|value| *value = tanh(*value));
    } else {
        Elementwise::apply(f, values);
    }
}

/// gradient = gradient · f', given f's results.
#[inline(always)]
fn scale(f: Activation, gradient: &mut [f32], results: &[f32]) {
    if f == Activation::Tanh {
        for (own, y) in gradient.iter_mut().zip(results) {
            *own *= 1.0 - y * y;
        }
    } else {
        f.scale_gradient(gradient, results);
    }
}
