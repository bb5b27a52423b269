//! Operations of ours once more, made of dfdx's kernels alone: for numbers that do not lie where the CPU sees them.
//!
//! Those in which a network's time goes: dense layers, convolutions, batch normalisation, and moving values about.
//! dfdx finds their gradients. Nothing here knows which device it is.

use dfdx::prelude::{
    Axes2, Axes3, Axis, BroadcastTo, GatherTo, PermuteTo, ReshapeTo, SumTo, TensorFromVec, TryAdd, TryMatMul,
    TryMul,
};

use super::by_dfdx;
use super::dense::Elementwise;
use super::normalise::{Moments, Runs};
use super::window::Window;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::dims::Dims;
use crate::tensor::{Tensor, without_gradients};

impl Tensor {
    /// Whether operations of ours read the values where they are; if not, their form in this file does with fewer
    /// copies.
    pub(crate) fn is_on_host(&self) -> bool {
        self.flat.is_on_host()
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

    /// [`Tensor::convolution`].
    pub(super) fn convolution_portable(
        &self,
        weights: &Tensor,
        bias: Option<&Tensor>,
        window: &Window,
        function: impl Elementwise,
    ) -> Tensor {
        let places = window.places();
        let mut patches = vec![None; window.taps() * places];
        for_covered(window, |tap, place, pixel| {
            patches[tap * places + place] = Some(pixel)
        });
        let filters = weights.shape()[0];
        let sums = self.patch_products(weights, &patches, [filters, window.pixels(), places]);
        let sums = sums.in_shape([self.shape()[0], filters, window.output[0], window.output[1]]);
        let runs = Runs {
            sets: filters,
            inner: places,
        };
        function.of(&bias.map_or(sums.clone(), |bias| sums.plus_sets(bias, runs)))
    }

    /// [`Tensor::transposed_convolution`]: a pixel is a sum over those places whose window covers it.
    pub(super) fn transposed_convolution_portable(
        &self,
        weights: &Tensor,
        bias: Option<&Tensor>,
        window: &Window,
        function: impl Elementwise,
    ) -> Tensor {
        let (pixels, taps) = (window.pixels(), window.taps());
        let mut patches = vec![None; taps * pixels];
        for_covered(window, |tap, place, pixel| {
            patches[tap * pixels + pixel] = Some(place)
        });
        let (filters, channels) = (weights.shape()[0], weights.shape()[1]);
        let weights = by_dfdx!(&[channels, filters * taps], (w of weights) => {
            let w = in_memory(w.try_reshape_like(&(filters, channels, taps)));
            w.try_permute::<(usize, usize, usize), Axes3<1, 0, 2>>()
        });
        let sums = self.patch_products(&weights, &patches, [channels, window.places(), pixels]);
        let sums = sums.in_shape([self.shape()[0], channels, window.image[0], window.image[1]]);
        let runs = Runs {
            sets: channels,
            inner: pixels,
        };
        function.of(&bias.map_or(sums.clone(), |bias| sums.plus_sets(bias, runs)))
    }

    /// Each row of weights times each patch of images `[batch, channels, pixels]`, `[batch, rows, places]`.
    /// `patches[tap * places + place]` is the pixel that belongs there, if it is not beside the image.
    fn patch_products(
        &self,
        weights: &Tensor,
        patches: &[Option<usize>],
        [rows, pixels, places]: [usize; 3],
    ) -> Tensor {
        let batch = self.shape()[0];
        let values = self.count() / batch;
        let size = weights.count() / rows;
        let of_channel = |channel| {
            let of_patch = patches.iter();
            of_patch.map(move |pixel| pixel.map_or(0, |pixel| channel * pixels + pixel))
        };
        let map: Vec<usize> = (0..values / pixels).flat_map(of_channel).collect();
        let inside = patches.iter().map(|pixel| f32::from(u8::from(pixel.is_some())));
        let inside: Vec<f32> = inside.collect::<Vec<_>>().repeat(values / pixels);
        let bare = patches.iter().all(Option::is_some);
        by_dfdx!(&[batch, rows, places], (x of self, w of weights) => {
            let device = x.device().clone();
            let count = map.len();
            let x = in_memory(x.try_reshape_like(&(batch, values)));
            let x = in_memory(x.try_permute::<(usize, usize), Axes2<1, 0>>());
            let index = device.tensor_from_vec(map, (count,));
            let mut columns = in_memory(x.try_gather::<(usize, usize), _>(index));
            if !bare {
                let inside = device.tensor_from_vec(inside, (count,));
                let inside = in_memory(inside.try_broadcast_like::<_, Axis<1>>(&(count, batch)));
                columns = in_memory(columns.try_mul(inside));
            }
            let columns = in_memory(columns.try_reshape_like(&(size, places * batch)));
            let w = in_memory(w.try_reshape_like(&(rows, size)));
            let sums = in_memory(w.try_matmul(columns));
            let sums = in_memory(sums.try_reshape_like(&(rows, places, batch)));
            sums.try_permute::<(usize, usize, usize), Axes3<2, 0, 1>>()
        })
    }

    /// [`Tensor::normalise_sets`].
    pub(super) fn normalise_sets_portable(
        &self,
        [scale, shift]: [&Tensor; 2],
        moments: &Moments,
        runs: Runs,
        epsilon: f32,
        of_batch: bool,
    ) -> Tensor {
        let constant = |values: &[f32]| Tensor::from_parts(values.to_vec(), Dims::of(&[values.len()]));
        let (means, variances) = match of_batch {
            true => self.set_moments(runs),
            false => (constant(&moments.means), constant(&moments.variances)),
        };
        let inverse = variances.add_scalar(epsilon).powf(-0.5);
        self.plus_sets(&means.mul_scalar(-1.0), runs)
            .times_sets(
                &inverse.times_sets(
                    scale,
                    Runs {
                        sets: runs.sets,
                        inner: 1,
                    },
                ),
                runs,
            )
            .plus_sets(shift, runs)
    }

    /// Mean and variance of each set, as numbers.
    pub(super) fn moments_portable(&self, runs: Runs) -> Moments {
        let (means, variances) = without_gradients(|| self.set_moments(runs));
        Moments {
            means: means.to_vec(),
            variances: variances.to_vec(),
        }
    }

    fn set_moments(&self, runs: Runs) -> (Tensor, Tensor) {
        let share = runs.sets as f32 / self.count() as f32;
        let means = self.set_sums(runs).mul_scalar(share);
        let centred = self.plus_sets(&means.mul_scalar(-1.0), runs);
        let variances = centred.square().set_sums(runs).mul_scalar(share);
        (means, variances)
    }

    /// The sum over each set.
    fn set_sums(&self, runs: Runs) -> Tensor {
        let shape = runs.shape(self.count());
        by_dfdx!(&[runs.sets], (x of self) => {
            in_memory(x.try_reshape_like(&shape)).try_sum::<(usize,), Axes2<0, 2>>()
        })
    }

    /// Each value plus that of its set.
    fn plus_sets(&self, of_sets: &Tensor, runs: Runs) -> Tensor {
        let shape = runs.shape(self.count());
        by_dfdx!(self.shape(), (x of self, y of of_sets) => {
            let y = in_memory(y.try_broadcast_like::<_, Axes2<0, 2>>(&shape));
            in_memory(x.try_reshape_like(&shape)).try_add(y)
        })
    }

    /// Each value times that of its set.
    fn times_sets(&self, of_sets: &Tensor, runs: Runs) -> Tensor {
        let shape = runs.shape(self.count());
        by_dfdx!(self.shape(), (x of self, y of of_sets) => {
            let y = in_memory(y.try_broadcast_like::<_, Axes2<0, 2>>(&shape));
            in_memory(x.try_reshape_like(&shape)).try_mul(y)
        })
    }

    /// x where x > 0, else slope · x, as slope · x + (1 - slope) · max(0, x).
    pub(crate) fn leaky_relu_portable(&self, slope: f32) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => {
            let above = in_memory(in_memory(x.clone().try_relu()).try_mul(1.0 - slope));
            in_memory(x.try_mul(slope)).try_add(above)
        })
    }

    /// [`Tensor::rearrange`].
    pub(super) fn rearrange_portable(&self, map: Vec<usize>, shape: &[usize]) -> Tensor {
        by_dfdx!(shape, (x of self) => {
            let count = map.len();
            let index = x.device().tensor_from_vec(map, (count,));
            x.try_gather::<(usize,), _>(index)
        })
    }

    /// The same values in a shape that is known to hold as many.
    fn in_shape(&self, shape: [usize; 4]) -> Tensor {
        Tensor::new((*self.flat).clone(), Dims::of(&shape), (*self.recorder).clone())
    }
}

impl Runs {
    /// So many values as `[outer, sets, inner]`.
    fn shape(self, count: usize) -> (usize, usize, usize) {
        (count / (self.sets * self.inner), self.sets, self.inner)
    }
}

/// Calls `visit(value under the window, place of the window, pixel of the image)` for all that is not beside the image.
fn for_covered(window: &Window, mut visit: impl FnMut(usize, usize, usize)) {
    let ([top, left], [height, width]) = (window.before, window.image);
    for (tap, step) in window.steps().into_iter().enumerate() {
        for (place, start) in window.starts().into_iter().enumerate() {
            let (row, column) = (
                (start + step) / window.padded[1],
                (start + step) % window.padded[1],
            );
            let (row, column) = (row.wrapping_sub(top), column.wrapping_sub(left));
            if row < height && column < width {
                visit(tap, place, row * width + column);
            }
        }
    }
}

// With the `cuda` feature tensors go to a GPU by themselves.
#[cfg(all(test, not(feature = "cuda")))]
mod tests {
    use super::*;

    #[test]
    fn the_switch_moves_tensors_to_where_only_dfdx_sees_them() {
        let on_host = Tensor::scalar(1.0).is_on_host();
        if std::env::var("COURSE_DEVICE").is_ok() {
            assert!(!on_host);
            return;
        }
        assert!(on_host);
        let program = std::env::current_exe().expect("a program knows its own path");
        let mut again = std::process::Command::new(program);
        let run = again
            .arg("the_switch_moves_tensors")
            .env("COURSE_DEVICE", "portable")
            .output();
        let run = run.expect("it starts a second time");
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{said}");
    }
}
