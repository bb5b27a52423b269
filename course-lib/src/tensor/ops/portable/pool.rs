//! Operations on each channel of each image: pixels `[pixels, images]` become `[places, images]`, row by row, so that
//! which pixel goes where is said once for all images.

use dfdx::prelude::{Axis, OnesTensor, ReshapeTo, TryConcatAlong, TryMul};

use super::convolution::for_covered;
use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::dims::Dims;
use crate::tensor::ops::by_dfdx;
use crate::tensor::ops::normalise::Runs;
use crate::tensor::ops::pool::OfChannel;
use crate::tensor::ops::window::Window;

impl Tensor {
    /// [`Tensor::each_channel`].
    pub(in crate::tensor::ops) fn each_channel_portable(
        &self,
        shape: &[usize],
        pixels: usize,
        function: &impl OfChannel,
    ) -> Tensor {
        let images = self.count() / pixels;
        let places = shape.iter().product::<usize>() / images;
        let x = self.exchanged([images, pixels, 1]).in_shape(&[pixels, images]);
        let result = function.of_pixels(&x, places);
        result.exchanged([places, images, 1]).in_shape(shape)
    }

    /// Of pixels `[pixels, images]` the largest under the window at each place, the first of equal ones.
    pub(in crate::tensor::ops) fn largest_under(&self, window: &Window) -> Tensor {
        let (x, images) = (self.with_edge(f32::NEG_INFINITY), self.shape()[1]);
        let of_taps = pixels_under(window)
            .into_iter()
            .map(|map| x.pick_rows(map, images));
        let largest = of_taps.reduce(|largest, other| largest.or_larger(&other, true));
        largest.unwrap_or_else(|| self.clone())
    }

    /// Of pixels `[pixels, images]` the mean under the window at each place, without what lies beyond the edge.
    pub(in crate::tensor::ops) fn mean_under(&self, window: &Window) -> Tensor {
        let (x, images) = (self.with_edge(0.0), self.shape()[1]);
        let of_taps = pixels_under(window);
        let share = |place: usize| {
            let inside = of_taps.iter().filter(|map| map[place] < window.pixels());
            1.0 / inside.count().max(1) as f32
        };
        let shares: Vec<f32> = (0..window.places()).map(share).collect();
        let shares = Tensor::from_parts(shares, Dims::of(&[window.places()]));
        let of_taps = of_taps.into_iter().map(|map| x.pick_rows(map, images));
        let sums = of_taps
            .reduce(|sum, other| sum.plus(&other))
            .unwrap_or_else(|| self.clone());
        sums.times_sets(&shares, Runs::rows(sums.count(), images))
    }

    /// Of pixels `[pixels, images]` those with these numbers, 0 where there is none.
    pub(in crate::tensor::ops) fn placed(&self, places: impl Iterator<Item = Option<usize>>) -> Tensor {
        let (pixels, images) = (self.shape()[0], self.shape()[1]);
        self.with_edge(0.0)
            .pick_rows(places.map(|pixel| pixel.unwrap_or(pixels)).collect(), images)
    }

    /// The same with a last row of one value everywhere, for what lies beyond the edge.
    fn with_edge(&self, value: f32) -> Tensor {
        let (pixels, images) = (self.shape()[0], self.shape()[1]);
        by_dfdx!(&[pixels + 1, images], (x of self) => {
            let edge = in_memory(x.device().try_ones_like(&(1, images)));
            let edge = in_memory(edge.try_mul(value));
            let x = in_memory(x.try_reshape_like(&(pixels, images)));
            (x, edge).try_concat_along(Axis::<0>)
        })
    }
}

/// For each value under the window, and for each place of the window, the pixel there; the one after the last pixel
/// stands for what lies beyond the edge.
fn pixels_under(window: &Window) -> Vec<Vec<usize>> {
    let mut of_taps = vec![vec![window.pixels(); window.places()]; window.taps()];
    for_covered(window, |tap, place, pixel| of_taps[tap][place] = pixel);
    of_taps
}
