//! Convolution and its transpose, with their gradients.
//!
//! With image x, kernels w, and place p of the window over the image,
//! y\[f, p\] = Σ w\[f, c, t\] · x\[c, s·p + d·t\] over channels c and values t under the window. It is linear in x and in
//! w. With G the gradient of y, the gradient of w\[f, c, t\] is Σ G\[f, p\] · x\[c, s·p + d·t\] over the places, and the
//! gradient of x\[c, q\] is Σ w\[f, c, t\] · G\[f, p\] over the places and t with s·p + d·t = q. The transposed convolution
//! is that last sum taken as a layer: forward and backward change places.
//!
//! All three are products with patches of an image ([`patches`](crate::tensor::kernels::patches)), an image at a
//! time, several images on several cores.

use super::dense::Elementwise;
use super::window::Window;
use crate::tensor::Tensor;
use crate::tensor::kernels::parallel::for_items;
use crate::tensor::kernels::patches::{
    PANEL, Patches, add_products, lines_to_panels, panels, panels_to_lines,
};
use crate::tensor::slot::{Slot, add_to};

/// Into so many parts a batch is split. Always the same, so that sums over a batch come out the same on every
/// machine; and more than there are cores, so that a core that is slowed down takes fewer.
const PARTS: usize = 8;

/// Fewer multiplications than this are done sooner than a second core is woken.
const WORTH_SHARING: usize = 1 << 18;

/// Images with fewer channels than this are put together from patches: they would not fill a vector.
const FEW_CHANNELS: usize = 9;

/// A convolution from images `[channels, height, width]` to `[filters, height, width]`.
struct Convolution {
    window: Window,
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
}

impl Convolution {
    fn new(window: Window, channels: usize, filters: usize) -> Self {
        let taps = window.steps();
        let area = window.padded_pixels();
        let of_channel = |channel| taps.iter().map(move |tap| channel * area + tap);
        let steps: Vec<usize> = (0..channels).flat_map(of_channel).collect();
        Self {
            in_order: (0..window.places().max(steps.len())).collect(),
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
    fn forward_panels(&self, weights: &[f32]) -> Vec<f32> {
        let size = self.steps.len();
        panels(size, self.filters, |step, filter| weights[filter * size + step])
    }

    /// The same for the gradient of the images. See [`Convolution::add_to_image`].
    fn backward_panels(&self, weights: &[f32]) -> Vec<f32> {
        let (size, taps) = (self.steps.len(), self.taps.len());
        if self.channels < FEW_CHANNELS {
            return panels(self.filters, size, |filter, step| weights[filter * size + step]);
        }
        let of_tap = |tap: usize| {
            panels(self.filters, self.channels, move |filter, channel| {
                weights[filter * size + channel * taps + tap]
            })
        };
        (0..taps).flat_map(of_tap).collect()
    }

    /// The image with zeros around it, `[channels, padded height, padded width]`.
    fn padded<'a>(&self, image: &'a [f32], room: &'a mut Vec<f32>) -> &'a [f32] {
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
    fn apply(&self, image: &[f32], panels: &[f32], bias: &[f32], room: &mut Vec<f32>, output: &mut [f32]) {
        let (places, size) = (self.window.places(), self.steps.len());
        let patches = Patches {
            image,
            starts: &self.starts,
            steps: &self.steps,
        };
        room.resize(places * PANEL, 0.0);
        for ((number, panel), output) in panels
            .chunks_exact(size * PANEL)
            .enumerate()
            .zip(output.chunks_mut(places * PANEL))
        {
            let mut first = [0.0; PANEL];
            let of_panel = bias.iter().skip(number * PANEL);
            first
                .iter_mut()
                .zip(of_panel)
                .for_each(|(own, bias)| *own = *bias);
            room.as_chunks_mut::<PANEL>().0.fill(first);
            add_products(room, &self.in_order[..places], patches, panel);
            panels_to_lines(room, places, output);
        }
    }

    /// Adds to the gradient of the weights, as panels `[filters / PANEL][channels, taps][PANEL]`.
    fn add_to_weights(&self, image: &[f32], gradient: &[f32], room: &mut Vec<f32>, sums: &mut [f32]) {
        let (places, size) = (self.window.places(), self.steps.len());
        room.resize(self.filters.div_ceil(PANEL) * places * PANEL, 0.0);
        lines_to_panels(gradient, places, room);
        let patches = Patches {
            image,
            starts: &self.steps,
            steps: &self.starts,
        };
        let panels = room.chunks_exact(places * PANEL);
        for (panel, sums) in panels.zip(sums.chunks_exact_mut(size * PANEL)) {
            add_products(sums, &self.in_order[..size], patches, panel);
        }
    }

    /// The gradient of one image from that of its output, added to `image`.
    ///
    /// Each place spreads its gradient over the pixels that its window covered. With many channels that is a
    /// product for each value under the window, with a column a channel; with few channels one product gives
    /// all values of a patch as columns, and they are added up one by one.
    fn add_to_image(&self, gradient: &[f32], panels: &[f32], room: &mut Vec<f32>, image: &mut [f32]) {
        let places = self.window.places();
        let filters: Vec<usize> = (0..self.filters).map(|filter| filter * places).collect();
        let patches = Patches {
            image: gradient,
            starts: &self.in_order[..places],
            steps: &filters,
        };
        let panel_size = self.filters * PANEL;
        if self.channels < FEW_CHANNELS {
            room.resize(places * PANEL, 0.0);
            for (panel, steps) in panels.chunks_exact(panel_size).zip(self.steps.chunks(PANEL)) {
                room.fill(0.0);
                add_products(room, patches.starts, patches, panel);
                for (step, column) in steps.iter().zip(0..) {
                    self.spread(*step, room[column..].iter().step_by(PANEL), image);
                }
            }
            return;
        }
        let area = self.window.padded_pixels();
        let count = self.channels.div_ceil(PANEL);
        room.resize(area * PANEL, 0.0);
        for number in 0..count {
            room.fill(0.0);
            for (tap, of_tap) in self.taps.iter().zip(panels.chunks_exact(count * panel_size)) {
                let panel = &of_tap[number * panel_size..][..panel_size];
                add_products(&mut room[tap * PANEL..], &self.starts, patches, panel);
            }
            let channels = image.chunks_exact_mut(self.window.pixels());
            for (column, channel) in channels.skip(number * PANEL).take(PANEL).enumerate() {
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
            let from = padded[first * PANEL..].iter().step_by(PANEL);
            row.iter_mut().zip(from).for_each(|(own, value)| *own += value);
        }
    }

    /// Panels of sums as the gradient of the weights.
    fn give_weights(&self, parts: Vec<Vec<f32>>, of_weights: &mut Slot) {
        let mut parts = parts.into_iter();
        let Some(mut sum) = parts.next() else { return };
        parts.for_each(|part| add_to(&mut sum, &part));
        let mut gradient = vec![0.0; self.filters * self.steps.len()];
        panels_to_lines(&sum, self.steps.len(), &mut gradient);
        of_weights.give(gradient);
    }

    fn weight_sums(&self, wanted: bool) -> Vec<f32> {
        let panels = if wanted { self.filters.div_ceil(PANEL) } else { 0 };
        vec![0.0; panels * self.steps.len() * PANEL]
    }

    /// Into how many images a batch is cut, and whether the parts are worth a second core.
    fn part(&self, batch: usize) -> (usize, bool) {
        let multiplications = batch * self.window.places() * self.steps.len() * self.filters;
        (batch.div_ceil(PARTS), multiplications >= WORTH_SHARING)
    }
}

/// Room that a part of a batch needs while it is worked on.
#[derive(Default)]
struct Room {
    padded: Vec<f32>,
    panels: Vec<f32>,
}

impl Tensor {
    /// f(convolution + bias): images `[batch, channels, height, width]` and weights
    /// `[filters, channels, kernel height, kernel width]`. The window has been made for the images.
    pub(crate) fn convolution(
        &self,
        weights: &Tensor,
        bias: Option<&Tensor>,
        window: &Window,
        function: impl Elementwise,
    ) -> Tensor {
        let (batch, channels, filters) = (self.shape()[0], self.shape()[1], weights.shape()[0]);
        let plan = Convolution::new(*window, channels, filters);
        let (inputs, outputs) = (channels * window.pixels(), filters * window.places());
        let (x, w, b) = (self.values(), weights.values(), bias.map(Tensor::values));
        let mut values = vec![0.0; batch * outputs];
        let (part, share) = plan.part(batch);
        let panels = plan.forward_panels(&w);
        let bias_values: &[f32] = b.as_deref().unwrap_or_default();
        let parts = values.chunks_mut(part * outputs).zip(x.chunks(part * inputs));
        for_items(parts.collect(), share, |(outputs_of_part, images)| {
            let mut room = Room::default();
            for (output, image) in outputs_of_part
                .chunks_exact_mut(outputs)
                .zip(images.chunks_exact(inputs))
            {
                let image = plan.padded(image, &mut room.padded);
                plan.apply(image, &panels, bias_values, &mut room.panels, output);
                function.apply(output);
            }
        });
        let shape = [batch, filters, window.output[0], window.output[1]];
        let operands: Vec<&Tensor> = [self, weights].into_iter().chain(bias).collect();
        Tensor::custom_with_result(&operands, values, &shape, move |mut gradient, y, slots| {
            let [of_x, of_w, rest @ ..] = slots else { return };
            let wanted = (of_x.is_wanted(), of_w.is_wanted());
            let panels = if wanted.0 {
                plan.backward_panels(&w)
            } else {
                Vec::new()
            };
            let mut of_images = vec![0.0; if wanted.0 { x.len() } else { 0 }];
            let mut no_images = Vec::new();
            no_images.resize_with(batch.div_ceil(part), Default::default);
            let image_parts: Vec<&mut [f32]> = match wanted.0 {
                true => of_images.chunks_mut(part * inputs).collect(),
                false => no_images,
            };
            let parts = gradient
                .chunks_mut(part * outputs)
                .zip(y.chunks(part * outputs))
                .zip(x.chunks(part * inputs))
                .zip(image_parts);
            let sums = for_items(parts.collect(), share, |(((gradient, y), x), of_images)| {
                let mut room = Room::default();
                let mut of_images = of_images.chunks_exact_mut(inputs);
                let mut sums = plan.weight_sums(wanted.1);
                for ((gradient, y), image) in gradient
                    .chunks_exact_mut(outputs)
                    .zip(y.chunks_exact(outputs))
                    .zip(x.chunks_exact(inputs))
                {
                    function.scale_gradient(gradient, y);
                    if wanted.1 {
                        let image = plan.padded(image, &mut room.padded);
                        plan.add_to_weights(image, gradient, &mut room.panels, &mut sums);
                    }
                    if let Some(of_image) = of_images.next() {
                        plan.add_to_image(gradient, &panels, &mut room.panels, of_image);
                    }
                }
                sums
            });
            if wanted.1 {
                plan.give_weights(sums, of_w);
            }
            of_x.give(of_images);
            rest.iter_mut()
                .for_each(|of_b| add_channels(of_b, &gradient, plan.window.places()));
        })
    }

    /// f(transposed convolution + bias): inputs `[batch, inputs, height, width]` and weights
    /// `[inputs, channels, kernel height, kernel width]`. The window has been made for the resulting images.
    pub(crate) fn transposed_convolution(
        &self,
        weights: &Tensor,
        bias: Option<&Tensor>,
        window: &Window,
        function: impl Elementwise,
    ) -> Tensor {
        let (batch, filters, channels) = (self.shape()[0], self.shape()[1], weights.shape()[1]);
        let plan = Convolution::new(*window, channels, filters);
        let (inputs, outputs) = (filters * window.places(), channels * window.pixels());
        let (x, w, b) = (self.values(), weights.values(), bias.map(Tensor::values));
        let mut values = vec![0.0; batch * outputs];
        let (part, share) = plan.part(batch);
        let panels = plan.backward_panels(&w);
        let bias_values: &[f32] = b.as_deref().unwrap_or_default();
        let parts = values.chunks_mut(part * outputs).zip(x.chunks(part * inputs));
        for_items(parts.collect(), share, |(images, inputs_of_part)| {
            let mut room = Room::default();
            for (image, input) in images
                .chunks_exact_mut(outputs)
                .zip(inputs_of_part.chunks_exact(inputs))
            {
                let of_channels = image.chunks_exact_mut(plan.window.pixels());
                of_channels
                    .zip(bias_values)
                    .for_each(|(channel, bias)| channel.fill(*bias));
                plan.add_to_image(input, &panels, &mut room.panels, image);
                function.apply(image);
            }
        });
        let shape = [batch, channels, window.image[0], window.image[1]];
        let operands: Vec<&Tensor> = [self, weights].into_iter().chain(bias).collect();
        Tensor::custom_with_result(&operands, values, &shape, move |mut gradient, y, slots| {
            let [of_x, of_w, rest @ ..] = slots else { return };
            let wanted = (of_x.is_wanted(), of_w.is_wanted());
            let panels = if wanted.0 {
                plan.forward_panels(&w)
            } else {
                Vec::new()
            };
            let mut of_inputs = vec![0.0; if wanted.0 { x.len() } else { 0 }];
            let mut no_inputs = Vec::new();
            no_inputs.resize_with(batch.div_ceil(part), Default::default);
            let input_parts: Vec<&mut [f32]> = match wanted.0 {
                true => of_inputs.chunks_mut(part * inputs).collect(),
                false => no_inputs,
            };
            let parts = gradient
                .chunks_mut(part * outputs)
                .zip(y.chunks(part * outputs))
                .zip(x.chunks(part * inputs))
                .zip(input_parts);
            let sums = for_items(parts.collect(), share, |(((gradient, y), x), of_inputs)| {
                let mut room = Room::default();
                let mut of_inputs = of_inputs.chunks_exact_mut(inputs);
                let mut sums = plan.weight_sums(wanted.1);
                for ((gradient, y), input) in gradient
                    .chunks_exact_mut(outputs)
                    .zip(y.chunks_exact(outputs))
                    .zip(x.chunks_exact(inputs))
                {
                    function.scale_gradient(gradient, y);
                    let image = plan.padded(gradient, &mut room.padded);
                    if wanted.1 {
                        plan.add_to_weights(image, input, &mut room.panels, &mut sums);
                    }
                    if let Some(of_input) = of_inputs.next() {
                        plan.apply(image, &panels, &[], &mut room.panels, of_input);
                    }
                }
                sums
            });
            if wanted.1 {
                plan.give_weights(sums, of_w);
            }
            of_x.give(of_inputs);
            rest.iter_mut()
                .for_each(|of_b| add_channels(of_b, &gradient, plan.window.pixels()));
        })
    }
}

/// Adds the sum over each channel to the gradient of a bias.
fn add_channels(of_bias: &mut Slot, gradient: &[f32], pixels: usize) {
    if !of_bias.is_wanted() {
        return;
    }
    let own = of_bias.values();
    for sample in gradient.chunks_exact(own.len() * pixels) {
        for (own, channel) in own.iter_mut().zip(sample.chunks_exact(pixels)) {
            *own += sum(channel);
        }
    }
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
