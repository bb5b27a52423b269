//! How a convolution goes over one image, forwards and backwards.

use crate::tensor::kernels::patches::{
    Patches, add_products, lines_to_panels, panels, panels_to_lines, width,
};
use crate::tensor::ops::window::Window;
use crate::tensor::slot::{Slot, add_to};

/// Into so many parts a batch is split. Always the same, so that sums over a batch come out the same on every
/// machine; and more than there are cores, so that a core that is slowed down takes fewer.
const PARTS: usize = 8;

/// Fewer multiplications than this are done sooner than a second core is woken.
const WORTH_SHARING: usize = 1 << 18;

/// Images with fewer channels than this are put together from patches: they would not fill a vector.
const FEW_CHANNELS: usize = 9;

/// A convolution from images `[channels, height, width]` to `[filters, height, width]`.
pub(super) struct Convolution {
    pub(super) window: Window,
    channels: usize,
    filters: usize,
    /// Where patches start.
    starts: Vec<usize>,
    /// The values of a patch in the order of a kernel's weights: `[channels, kernel height, kernel width]`.
    steps: Vec<usize>,
    /// The values of one channel in a patch.
    taps: Vec<usize>,
    /// 0, 1, 2, ...: sums in their order.
    in_order: Vec<usize>,
    /// Columns of a panel where columns are filters, and where they are channels, or values of a patch.
    of_filters: usize,
    of_channels: usize,
}

impl Convolution {
    pub(super) fn new(window: Window, channels: usize, filters: usize) -> Self {
        let taps = window.steps();
        let area = window.padded_pixels();
        let of_channel = |channel| taps.iter().map(move |tap| channel * area + tap);
        let steps: Vec<usize> = (0..channels).flat_map(of_channel).collect();
        Self {
            in_order: (0..window.places().max(steps.len())).collect(),
            of_filters: width(filters),
            of_channels: width(if channels < FEW_CHANNELS {
                steps.len()
            } else {
                channels
            }),
            starts: window.starts(),
            steps,
            taps,
            window,
            channels,
            filters,
        }
    }

    /// Weights `[filters, channels, taps]` for the forward pass: a row for each value of a patch, a column for
    /// each filter.
    pub(super) fn forward_panels(&self, weights: &[f32]) -> Vec<f32> {
        let size = self.steps.len();
        panels(size, self.filters, self.of_filters, |step, filter| {
            weights[filter * size + step]
        })
    }

    /// The same for the gradient of the images. See [`Convolution::add_to_image`].
    pub(super) fn backward_panels(&self, weights: &[f32]) -> Vec<f32> {
        let (size, taps) = (self.steps.len(), self.taps.len());
        if self.channels < FEW_CHANNELS {
            return panels(self.filters, size, self.of_channels, |filter, step| {
                weights[filter * size + step]
            });
        }
        let of_tap = |tap: usize| {
            panels(
                self.filters,
                self.channels,
                self.of_channels,
                move |filter, channel| weights[filter * size + channel * taps + tap],
            )
        };
        (0..taps).map(of_tap).collect::<Vec<_>>().concat()
    }

    /// The image with zeros around it, `[channels, padded height, padded width]`.
    pub(super) fn padded<'a>(&self, image: &'a [f32], room: &'a mut Vec<f32>) -> &'a [f32] {
        let window = &self.window;
        if window.is_bare() {
            return image;
        }
        // What surrounds the image stays 0 from one image to the next.
        room.resize(self.channels * window.padded_pixels(), 0.0);
        let ([top, left], [_, width]) = (window.before, window.image);
        for (channel, padded) in image
            .chunks_exact(window.pixels())
            .zip(room.chunks_exact_mut(window.padded_pixels()))
        {
            let rows = padded.chunks_exact_mut(window.padded[1]).skip(top);
            for (row, padded) in channel.chunks_exact(width).zip(rows) {
                padded[left..left + width].copy_from_slice(row);
            }
        }
        room
    }

    /// The forward pass of one padded image; `bias` has a value for each filter or none.
    pub(super) fn apply(
        &self,
        image: &[f32],
        panels: &[f32],
        bias: &[f32],
        room: &mut Vec<f32>,
        output: &mut [f32],
    ) {
        let (places, size) = (self.window.places(), self.steps.len());
        let patches = Patches {
            image,
            starts: &self.starts,
            steps: &self.steps,
        };
        let width = self.of_filters;
        room.resize(places * width, 0.0);
        for ((number, panel), output) in panels
            .chunks_exact(size * width)
            .enumerate()
            .zip(output.chunks_mut(places * width))
        {
            room.fill(0.0);
            if let Some(bias) = bias.chunks(width).nth(number) {
                let rows = room.chunks_exact_mut(width);
                rows.for_each(|row| row[..bias.len()].copy_from_slice(bias));
            }
            add_products(room, &self.in_order[..places], patches, panel, width);
            panels_to_lines(room, places, width, output);
        }
    }

    /// Adds to the gradient of the weights, as panels `[filters / width][channels, taps][width]`.
    pub(super) fn add_to_weights(
        &self,
        image: &[f32],
        gradient: &[f32],
        room: &mut Vec<f32>,
        sums: &mut [f32],
    ) {
        let (places, size) = (self.window.places(), self.steps.len());
        let width = self.of_filters;
        room.resize(self.filters.div_ceil(width) * places * width, 0.0);
        lines_to_panels(gradient, places, width, room);
        let patches = Patches {
            image,
            starts: &self.steps,
            steps: &self.starts,
        };
        let panels = room.chunks_exact(places * width);
        for (panel, sums) in panels.zip(sums.chunks_exact_mut(size * width)) {
            add_products(sums, &self.in_order[..size], patches, panel, width);
        }
    }

    /// The gradient of one image from that of its output, added to `image`.
    ///
    /// Each place spreads its gradient over the pixels that its window covered. With many channels that is a
    /// product for each value under the window, with a column a channel; with few channels one product gives
    /// all values of a patch as columns, and they are added up one by one.
    pub(super) fn add_to_image(
        &self,
        gradient: &[f32],
        panels: &[f32],
        room: &mut Vec<f32>,
        image: &mut [f32],
    ) {
        let places = self.window.places();
        let filters: Vec<usize> = (0..self.filters).map(|filter| filter * places).collect();
        let patches = Patches {
            image: gradient,
            starts: &self.in_order[..places],
            steps: &filters,
        };
        let width = self.of_channels;
        let panel_size = self.filters * width;
        if self.channels < FEW_CHANNELS {
            room.resize(places * width, 0.0);
            for (panel, steps) in panels.chunks_exact(panel_size).zip(self.steps.chunks(width)) {
                room.fill(0.0);
                add_products(room, patches.starts, patches, panel, width);
                for (step, column) in steps.iter().zip(0..) {
                    self.spread(*step, room[column..].iter().step_by(width), image);
                }
            }
            return;
        }
        let area = self.window.padded_pixels();
        let count = self.channels.div_ceil(width);
        room.resize(area * width, 0.0);
        for number in 0..count {
            room.fill(0.0);
            for (tap, of_tap) in self.taps.iter().zip(panels.chunks_exact(count * panel_size)) {
                let panel = &of_tap[number * panel_size..][..panel_size];
                add_products(&mut room[tap * width..], &self.starts, patches, panel, width);
            }
            let channels = image.chunks_exact_mut(self.window.pixels());
            for (column, channel) in channels.skip(number * width).take(width).enumerate() {
                self.add_inner(&room[column..], channel);
            }
        }
    }

    /// Adds a value for each place to the pixel that lies `step` from where the window starts.
    fn spread<'a>(&self, step: usize, values: impl Iterator<Item = &'a f32>, image: &mut [f32]) {
        let window = &self.window;
        let ([top, left], [height, width]) = (window.before, window.image);
        let area = window.padded_pixels();
        let channel = &mut image[step / area * window.pixels()..][..window.pixels()];
        for (start, value) in self.starts.iter().zip(values) {
            let place = start + step % area;
            let (row, column) = (place / window.padded[1], place % window.padded[1]);
            let (row, column) = (row.wrapping_sub(top), column.wrapping_sub(left));
            if row < height && column < width {
                channel[row * width + column] += value;
            }
        }
    }

    /// Adds one column of a padded image to a channel, without what surrounds it.
    fn add_inner(&self, padded: &[f32], channel: &mut [f32]) {
        let ([top, left], [_, width]) = (self.window.before, self.window.image);
        for (number, row) in channel.chunks_exact_mut(width).enumerate() {
            let first = (number + top) * self.window.padded[1] + left;
            let from = padded[first * self.of_channels..]
                .iter()
                .step_by(self.of_channels);
            row.iter_mut().zip(from).for_each(|(own, value)| *own += value);
        }
    }

    /// Panels of sums as the gradient of the weights.
    pub(super) fn give_weights(&self, sum: &[f32], of_weights: &mut Slot) {
        let mut gradient = vec![0.0; self.filters * self.steps.len()];
        panels_to_lines(sum, self.steps.len(), self.of_filters, &mut gradient);
        of_weights.give(gradient);
    }

    /// Room for the sums of a part of the batch: gradients of the weights, as panels, and of a bias.
    pub(super) fn sums(&self, of_weights: bool, biases: usize) -> Sums {
        let panels = if of_weights {
            self.filters.div_ceil(self.of_filters)
        } else {
            0
        };
        Sums {
            weights: vec![0.0; panels * self.steps.len() * self.of_filters],
            bias: vec![0.0; biases],
        }
    }

    /// Into how many images a batch is cut, and whether the parts are worth a second core.
    pub(super) fn part(&self, batch: usize) -> (usize, bool) {
        let multiplications = batch * self.window.places() * self.steps.len() * self.filters;
        (batch.div_ceil(PARTS), multiplications >= WORTH_SHARING)
    }
}

/// What the images of a batch add to together.
pub(super) struct Sums {
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Sums {
    /// Adds the sum over each channel of an image.
    pub(super) fn add_channels(&mut self, gradient: &[f32], pixels: usize) {
        for (own, channel) in self.bias.iter_mut().zip(gradient.chunks_exact(pixels)) {
            *own += sum(channel);
        }
    }

    /// The sums of all parts, in their order.
    pub(super) fn of(parts: Vec<Self>) -> Option<Self> {
        parts.into_iter().reduce(|mut all, part| {
            add_to(&mut all.weights, &part.weights);
            add_to(&mut all.bias, &part.bias);
            all
        })
    }
}

/// Room that a part of a batch needs while it is worked on.
#[derive(Default)]
pub(super) struct Room {
    pub(super) padded: Vec<f32>,
    pub(super) panels: Vec<f32>,
}

/// The sum, in eight parts, which are exacter than one and calculated at once.
fn sum(values: &[f32]) -> f32 {
    let (eights, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for eight in eights {
        sums.iter_mut().zip(eight).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}
