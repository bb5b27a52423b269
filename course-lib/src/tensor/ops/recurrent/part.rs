//! Some rows of a batch on their way through the whole sequence, forwards and back, on one core.
//!
//! Everything is kept step after step (`[steps, rows, ..]`), so that a step's numbers lie together.

use super::{Cell, Sizes, Step, StepBack, Want};
use crate::tensor::kernels::product::{Matrix, multiply_alone};
use crate::tensor::kernels::simd::vectorised;
use crate::tensor::slot::add_to;

/// What the way back needs to know of the way there.
pub(super) struct Trace<C> {
    cell: C,
    sizes: Sizes,
    /// `[steps, rows, features]`.
    inputs: Vec<f32>,
    /// `[steps, rows, gates · units]`.
    gates: Vec<f32>,
    apart: Vec<f32>,
    /// The states before the first step and after each: `[steps + 1, rows, units]`.
    h: Vec<f32>,
    c: Vec<f32>,
    /// `[steps, rows, units]`.
    squashed: Vec<f32>,
}

/// What need not be calculated is left out.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) x: bool,
    pub(super) weights: bool,
}

pub(super) struct PartGradients {
    /// Of x, of the initial h, of the initial c.
    pub(super) rows: [Vec<f32>; 3],
    /// Of the kernel, the recurrent kernel, the bias.
    pub(super) weights: [Vec<f32>; 3],
}

/// How many values one step takes in each of the rows of values.
struct Blocks {
    gates: usize,
    apart: usize,
    h: usize,
    c: usize,
}

impl Blocks {
    fn of<C: Cell>(sizes: Sizes) -> Self {
        let h = sizes.rows * sizes.units;
        Self {
            gates: C::GATES * h,
            apart: if C::APART { C::GATES * h } else { 0 },
            h,
            c: if C::CARRIES_CELL { h } else { 0 },
        }
    }
}

impl<C: Cell> Trace<C> {
    pub(super) fn forward(
        cell: C,
        sizes: Sizes,
        x: &[f32],
        [kernel, recurrent, bias]: [&[f32]; 3],
        initial: Vec<&[f32]>,
    ) -> Self {
        let Sizes {
            rows,
            steps,
            features,
            units,
        } = sizes;
        let (width, blocks) = (C::GATES * units, Blocks::of::<C>(sizes));
        let inputs = by_steps(x, sizes);
        let mut gates = bias[..width].repeat(steps * rows);
        multiply_alone(
            &mut gates,
            Matrix::new(&inputs, steps * rows, features),
            Matrix::new(kernel, features, width),
            true,
        );
        let mut apart = match C::APART {
            true => bias[width..].repeat(steps * rows),
            false => Vec::new(),
        };
        let mut h = vec![0.0; (steps + 1) * blocks.h];
        let mut c = vec![0.0; (steps + 1) * blocks.c];
        let mut squashed = vec![0.0; steps * blocks.c];
        for (states, initial) in [&mut h, &mut c].into_iter().zip(&initial) {
            states
                .iter_mut()
                .zip(*initial)
                .for_each(|(state, initial)| *state = *initial);
        }
        let recurrent = Matrix::new(recurrent, units, width);
        for t in 0..steps {
            let gates = &mut gates[t * blocks.gates..][..blocks.gates];
            let apart = &mut apart[t * blocks.apart..][..blocks.apart];
            let (h_before, h) = h[t * blocks.h..][..2 * blocks.h].split_at_mut(blocks.h);
            let (c_before, c) = c[t * blocks.c..][..2 * blocks.c].split_at_mut(blocks.c);
            // Before the first step the state is 0, unless it is given.
            if t > 0 || !initial.is_empty() {
                let sums = if C::APART { &mut *apart } else { &mut *gates };
                multiply_alone(sums, Matrix::new(h_before, rows, units), recurrent, true);
            }
            let squashed = &mut squashed[t * blocks.c..][..blocks.c];
            let step = Step {
                gates,
                apart,
                h_before,
                h,
                c_before,
                c,
                squashed,
            };
            vectorised(
                #[inline(always)]
                || cell.forward(units, step),
            );
        }
        Self {
            cell,
            sizes,
            inputs,
            gates,
            apart,
            h,
            c,
            squashed,
        }
    }

    /// The last h (0) or c (1) of each row.
    pub(super) fn last_state(&self, which: usize) -> &[f32] {
        let block = self.sizes.rows * self.sizes.units;
        let states = if which == 0 { &self.h } else { &self.c };
        &states[states.len().saturating_sub(block)..]
    }

    /// Writes the wanted states, row after row.
    pub(super) fn write(&self, want: Want, values: &mut [f32]) {
        let Sizes {
            rows, steps, units, ..
        } = self.sizes;
        if want == Want::Last {
            values.copy_from_slice(self.last_state(0));
            return;
        }
        let kept = values.len() / (rows * units);
        for (row, values) in values.chunks_exact_mut(kept * units).enumerate() {
            for (t, values) in values.chunks_exact_mut(units).enumerate() {
                let state = match t < steps {
                    true => &self.h[((t + 1) * rows + row) * units..],
                    false => &self.last_state(1)[row * units..],
                };
                values.copy_from_slice(&state[..units]);
            }
        }
    }

    pub(super) fn backward(
        mut self,
        [kernel, recurrent, _]: [&[f32]; 3],
        gradient: &[f32],
        want: Want,
        wanted: Wanted,
    ) -> PartGradients {
        let Sizes {
            rows,
            steps,
            features,
            units,
        } = self.sizes;
        let (width, blocks) = (C::GATES * units, Blocks::of::<C>(self.sizes));
        let kept = gradient.len() / (rows * units);
        let add = |of_state: &mut [f32], place: usize| {
            for (row, own) in of_state.chunks_exact_mut(units).enumerate() {
                add_to(own, &gradient[(row * kept + place) * units..][..units]);
            }
        };
        let mut of_h = vec![0.0; blocks.h];
        let mut of_c = vec![0.0; blocks.c];
        if want == Want::All && C::CARRIES_CELL {
            add(&mut of_c, steps);
        }
        let mut scratch = vec![0.0; units];
        let turned = Matrix::new(recurrent, units, width).transposed();
        for t in (0..steps).rev() {
            if want != Want::Last {
                add(&mut of_h, t);
            } else if t + 1 == steps {
                add(&mut of_h, 0);
            }
            let gates = &mut self.gates[t * blocks.gates..][..blocks.gates];
            let apart = &mut self.apart[t * blocks.apart..][..blocks.apart];
            let (h_before, h) = self.h[t * blocks.h..][..2 * blocks.h].split_at(blocks.h);
            let step = StepBack {
                gates: &mut *gates,
                apart: &mut *apart,
                h_before,
                h,
                c_before: &self.c[t * blocks.c..][..blocks.c],
                squashed: &self.squashed[t * blocks.c..][..blocks.c],
                of_h: &mut of_h,
                of_c: &mut of_c,
                scratch: &mut scratch,
            };
            let cell = self.cell;
            vectorised(
                #[inline(always)]
                || cell.backward(units, step),
            );
            let of_sums = if C::APART { apart } else { gates };
            multiply_alone(&mut of_h, Matrix::new(of_sums, rows, width), turned, C::DIRECT);
        }
        let all = steps * rows;
        let of_sums = Matrix::new(&self.gates, all, width);
        let of_state_sums = Matrix::new(if C::APART { &self.apart } else { &self.gates }, all, width);
        let product = |left: Matrix<'_>, right: Matrix<'_>, count: usize| {
            let mut result = vec![0.0; count];
            multiply_alone(&mut result, left, right, false);
            result
        };
        let of_weights = match wanted.weights {
            true => {
                let inputs = Matrix::new(&self.inputs, all, features).transposed();
                let states = Matrix::new(&self.h[..all * units], all, units).transposed();
                let mut of_bias = sum_of_rows(&self.gates, width);
                if C::APART {
                    of_bias.extend(sum_of_rows(&self.apart, width));
                }
                [
                    product(inputs, of_sums, features * width),
                    product(states, of_state_sums, units * width),
                    of_bias,
                ]
            }
            false => Default::default(),
        };
        let of_x = match wanted.x {
            true => {
                let turned = Matrix::new(kernel, features, width).transposed();
                by_rows(&product(of_sums, turned, all * features), self.sizes)
            }
            false => Vec::new(),
        };
        PartGradients {
            rows: [of_x, of_h, of_c],
            weights: of_weights,
        }
    }
}

/// `[rows, steps, features]` as `[steps, rows, features]`.
fn by_steps(x: &[f32], sizes: Sizes) -> Vec<f32> {
    exchange(x, sizes.rows, sizes.steps, sizes.features)
}

/// `[steps, rows, features]` as `[rows, steps, features]`.
fn by_rows(x: &[f32], sizes: Sizes) -> Vec<f32> {
    exchange(x, sizes.steps, sizes.rows, sizes.features)
}

fn exchange(x: &[f32], outer: usize, inner: usize, width: usize) -> Vec<f32> {
    let mut result = Vec::with_capacity(x.len());
    for place in 0..inner {
        for from in 0..outer {
            result.extend_from_slice(&x[(from * inner + place) * width..][..width]);
        }
    }
    result
}

fn sum_of_rows(values: &[f32], width: usize) -> Vec<f32> {
    let mut sum = vec![0.0; width];
    vectorised(
        #[inline(always)]
        || {
            for row in values.chunks_exact(width) {
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        },
    );
    sum
}
