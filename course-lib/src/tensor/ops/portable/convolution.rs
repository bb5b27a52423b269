//! Convolution and its transpose as one product with the patches of all images.

use dfdx::prelude::{
    Axes2, Axes3, Axis, BroadcastTo, GatherTo, PermuteTo, ReshapeTo, TensorFromVec, TryMatMul, TryMul,
};

use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::ops::by_dfdx;
use crate::tensor::ops::dense::Elementwise;
use crate::tensor::ops::normalise::Runs;
use crate::tensor::ops::window::Window;

impl Tensor {
    /// [`Tensor::convolution`].
    pub(in crate::tensor::ops) fn convolution_portable(
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
        let sums = sums.in_shape(&[self.shape()[0], filters, window.output[0], window.output[1]]);
        let runs = Runs {
            sets: filters,
            inner: places,
        };
        function.of(&bias.map_or(sums.clone(), |bias| sums.plus_sets(bias, runs)))
    }

    /// [`Tensor::transposed_convolution`]: a pixel is a sum over those places whose window covers it.
    pub(in crate::tensor::ops) fn transposed_convolution_portable(
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
        let sums = sums.in_shape(&[self.shape()[0], channels, window.image[0], window.image[1]]);
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
}

/// Calls `visit(value under the window, place of the window, pixel of the image)` for all that is not beside the image.
pub(super) fn for_covered(window: &Window, mut visit: impl FnMut(usize, usize, usize)) {
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
