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

mod plan;

use self::plan::{Convolution, Room, Sums};
use super::dense::Elementwise;
use super::window::Window;
use crate::tensor::Tensor;
use crate::tensor::kernels::parallel::for_items;
use crate::tensor::slot::Slot;

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
        if !self.is_on_host() {
            return self.convolution_portable(weights, bias, window, function);
        }
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
            let biases = if wants_bias(rest) { filters } else { 0 };
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
                let mut sums = plan.sums(wanted.1, biases);
                for ((gradient, y), image) in gradient
                    .chunks_exact_mut(outputs)
                    .zip(y.chunks_exact(outputs))
                    .zip(x.chunks_exact(inputs))
                {
                    function.scale_gradient(gradient, y);
                    sums.add_channels(gradient, plan.window.places());
                    if wanted.1 {
                        let image = plan.padded(image, &mut room.padded);
                        plan.add_to_weights(image, gradient, &mut room.panels, &mut sums.weights);
                    }
                    if let Some(of_image) = of_images.next() {
                        plan.add_to_image(gradient, &panels, &mut room.panels, of_image);
                    }
                }
                sums
            });
            of_x.give(of_images);
            let Some(sums) = Sums::of(sums) else { return };
            if wanted.1 {
                plan.give_weights(&sums.weights, of_w);
            }
            if let [of_b] = rest
                && of_b.is_wanted()
            {
                of_b.give(sums.bias);
            }
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
        if !self.is_on_host() {
            return self.transposed_convolution_portable(weights, bias, window, function);
        }
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
            let biases = if wants_bias(rest) { channels } else { 0 };
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
                let mut sums = plan.sums(wanted.1, biases);
                for ((gradient, y), input) in gradient
                    .chunks_exact_mut(outputs)
                    .zip(y.chunks_exact(outputs))
                    .zip(x.chunks_exact(inputs))
                {
                    function.scale_gradient(gradient, y);
                    sums.add_channels(gradient, plan.window.pixels());
                    let image = plan.padded(gradient, &mut room.padded);
                    if wanted.1 {
                        plan.add_to_weights(image, input, &mut room.panels, &mut sums.weights);
                    }
                    if let Some(of_input) = of_inputs.next() {
                        plan.apply(image, &panels, &[], &mut room.panels, of_input);
                    }
                }
                sums
            });
            of_x.give(of_inputs);
            let Some(sums) = Sums::of(sums) else { return };
            if wanted.1 {
                plan.give_weights(&sums.weights, of_w);
            }
            if let [of_b] = rest
                && of_b.is_wanted()
            {
                of_b.give(sums.bias);
            }
        })
    }
}

fn wants_bias(slots: &[Slot]) -> bool {
    slots.iter().any(Slot::is_wanted)
}
