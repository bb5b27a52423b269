//! Images out of a tensor: which axes are which, and from where to where their values go.

use super::palette::Palette;
use super::values::span;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// More images than this are no picture to look at.
const MOST_IMAGES: usize = 1000;
/// More pixels than this make a notebook that opens slowly.
const MOST_PIXELS: usize = 2_000_000;

/// Images of one size, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    pub count: usize,
    pub height: usize,
    pub width: usize,
    /// 1 (a palette gives the colours) or 3 (red, green, blue).
    pub channels: usize,
    values: Vec<f32>,
}

impl Stack {
    /// Reads `[h, w]`, `[n, h, w]`, `[n, 1, h, w]`, `[n, 3, h, w]`, and rows of square images: `[n, 784]`.
    pub fn of(operation: &str, images: &Tensor) -> Result<Self> {
        let root = |pixels: usize| {
            (1..=pixels)
                .find(|side| side * side >= pixels)
                .filter(|side| side * side == pixels)
        };
        let found = match *images.shape() {
            [pixels] => root(pixels).map(|side| (1, 1, side, side)),
            [count, pixels] => Some(match root(pixels) {
                Some(side) => (count, 1, side, side),
                None => (1, 1, count, pixels),
            }),
            [count, height, width] => Some((count, 1, height, width)),
            [count, channels @ (1 | 3), height, width] => Some((count, channels, height, width)),
            _ => None,
        };
        let error = || Error::new(operation).got(format!("shape {:?}", images.shape()));
        let Some((count, channels, height, width)) = found else {
            return Err(error()
                .expected("images of shape [n, height, width], [n, 1 or 3, height, width] or [n, pixels of a square]")
                .hint("reshape them; channels come before height and width"));
        };
        if count > MOST_IMAGES || images.count() > MOST_PIXELS {
            return Err(error()
                .expected(format!("at most {MOST_IMAGES} images and {MOST_PIXELS} values"))
                .hint("draw some of them: images.rows(0..100)?"));
        }
        let values = images.to_vec();
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::new(operation)
                .expected("pixels that are finite numbers")
                .got(format!("{} in image {}", values[at], at * count / values.len()))
                .hint("a generator that returns NaN asks for a smaller learning rate"));
        }
        Ok(Self {
            count,
            height,
            width,
            channels,
            values,
        })
    }

    /// The value of a channel of a pixel.
    pub fn value(&self, image: usize, channel: usize, row: usize, column: usize) -> f32 {
        self.values[((image * self.channels + channel) * self.height + row) * self.width + column]
    }

    /// The values of one image, from 0 on.
    pub fn image(&self, number: usize) -> &[f32] {
        let size = self.values.len() / self.count;
        &self.values[number * size..][..size]
    }
}

/// The values that the ends of the palette stand for.
///
/// Values within 0 to 1 and within -1 to 1 are drawn on these scales, whole numbers within 0 to 255 on that;
/// all others from the smallest to the largest. A diverging palette has zero in its middle.
pub(super) fn range(stacks: &[Stack], palette: Palette) -> (f64, f64) {
    let values = || stacks.iter().flat_map(|stack| stack.values.iter().copied());
    let (low, high) = span(values().map(f64::from));
    if palette == Palette::Diverging {
        let most = low.abs().max(high.abs());
        let most = if most == 0.0 { 1.0 } else { most };
        return (-most, most);
    }
    // What a sigmoid or tanh returns may be a rounding error beyond its bounds.
    let within = |from: f64, to: f64| low >= from - 1e-4 && high <= to + 1e-4;
    if within(0.0, 1.0) {
        (0.0, 1.0)
    } else if within(-1.0, 1.0) {
        (-1.0, 1.0)
    } else if within(0.0, 255.0) && values().all(|value| value.fract() == 0.0) {
        (0.0, 255.0)
    } else if low < high {
        (low, high)
    } else {
        (low - 0.5, high + 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(values: &[f32]) -> [Stack; 1] {
        [Stack::of(
            "images",
            &Tensor::from_vec(values.to_vec(), [1, 1, values.len()]).unwrap(),
        )
        .unwrap()]
    }

    #[test]
    fn the_usual_scales_are_recognised() {
        let gray = |values: &[f32]| range(&stack(values), Palette::Gray);
        assert_eq!(gray(&[0.0, 0.3]), (0.0, 1.0));
        assert_eq!(gray(&[-0.2, 0.3]), (-1.0, 1.0));
        assert_eq!(gray(&[0.0, 17.0, 200.0]), (0.0, 255.0));
        assert_eq!(gray(&[0.0, 2.5]), (0.0, 2.5));
        assert_eq!(gray(&[-3.0, 2.5]), (-3.0, 2.5));
        assert_eq!(gray(&[7.5, 7.5]), (7.0, 8.0));
    }

    #[test]
    fn zero_is_in_the_middle_of_a_diverging_palette() {
        assert_eq!(range(&stack(&[-0.5, 0.25]), Palette::Diverging), (-0.5, 0.5));
        assert_eq!(range(&stack(&[0.0]), Palette::Diverging), (-1.0, 1.0));
    }

    #[test]
    fn rows_of_square_images_and_single_images_are_told_apart() {
        let shape = |shape: &[usize]| {
            let stack = Stack::of("images", &Tensor::zeros(shape).unwrap()).unwrap();
            (stack.count, stack.channels, stack.height, stack.width)
        };
        assert_eq!(shape(&[784]), (1, 1, 28, 28));
        assert_eq!(shape(&[5, 784]), (5, 1, 28, 28));
        assert_eq!(shape(&[28, 28]), (1, 1, 28, 28));
        assert_eq!(shape(&[5, 28, 28]), (5, 1, 28, 28));
        assert_eq!(shape(&[5, 3, 8, 9]), (5, 3, 8, 9));
    }
}
