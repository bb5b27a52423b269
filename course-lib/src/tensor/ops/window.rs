//! Where a window stands that moves over an image: what convolution and pooling have in common.
//!
//! With image size n, kernel size k, dilation d, stride s along one axis, the window covers e = d (k - 1) + 1
//! values, and stands at
//!
//! | padding | number of places | zeros before |
//! | --- | --- | --- |
//! | `Valid` | ⌊(n - e) / s⌋ + 1 | 0 |
//! | `Same` | ⌈n / s⌉ | half of those needed, rounded down, as in Keras |
//! | `Pixels(p)` | ⌊(n + 2p - e) / s⌋ + 1 | p, as in PyTorch |

use crate::error::{Error, Result};

/// What surrounds an image, so that a window can stand at its edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Padding {
    /// Nothing: the window stays inside, and the result is smaller than the image.
    #[default]
    Valid,
    /// As many zeros as make the result as large as the image (with a stride: divided by it, rounded up).
    Same,
    /// So many zeros at each of the four edges.
    Pixels(usize),
}

/// Height and width, or one number for both: `3` or `[3, 5]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size2D {
    /// Along the second axis from the end: rows.
    pub height: usize,
    /// Along the last axis: columns.
    pub width: usize,
}

impl From<usize> for Size2D {
    fn from(size: usize) -> Self {
        Self {
            height: size,
            width: size,
        }
    }
}

impl From<[usize; 2]> for Size2D {
    fn from([height, width]: [usize; 2]) -> Self {
        Self { height, width }
    }
}

impl From<Size2D> for [usize; 2] {
    fn from(size: Size2D) -> Self {
        [size.height, size.width]
    }
}

/// A window and the image that it moves over; `[height, width]` each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) kernel: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) dilation: [usize; 2],
    pub(crate) image: [usize; 2],
    /// Rows above and columns left of the image.
    pub(crate) before: [usize; 2],
    /// The image with all that surrounds it.
    pub(crate) padded: [usize; 2],
    /// At how many places the window stands.
    pub(crate) output: [usize; 2],
}

/// The options of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowOptions {
    pub(crate) kernel: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) dilation: [usize; 2],
    pub(crate) padding: Padding,
}

impl WindowOptions {
    /// How many values a window covers from end to end.
    fn extent(&self, axis: usize) -> usize {
        self.dilation[axis] * (self.kernel[axis] - 1) + 1
    }

    /// Checks what does not depend on the image, on behalf of a layer.
    fn check(&self, layer: &str) -> Result<()> {
        let options = [
            ("a window", self.kernel),
            ("a stride", self.stride),
            ("a dilation", self.dilation),
        ];
        for (what, sizes) in options {
            if sizes.contains(&0) || sizes.iter().any(|size| *size > 1 << 16) {
                return Err(Error::new(layer)
                    .expected(format!("{what} from 1 to {} in height and width", 1 << 16))
                    .got(format!("{sizes:?}"))
                    .hint("3, or [3, 5] for height 3 and width 5"));
            }
        }
        if let Padding::Pixels(pixels @ 65_537..) = self.padding {
            return Err(Error::new(layer)
                .expected(format!("a padding of at most {} pixels", 1 << 16))
                .got(pixels.to_string())
                .hint("Padding::Same keeps the size of the image"));
        }
        Ok(())
    }

    /// The window over images of the given height and width.
    pub(crate) fn over(&self, layer: &str, image: [usize; 2]) -> Result<Window> {
        self.check(layer)?;
        let mut window = Window {
            kernel: self.kernel,
            stride: self.stride,
            dilation: self.dilation,
            image,
            before: [0; 2],
            padded: [0; 2],
            output: [0; 2],
        };
        for axis in 0..2 {
            let (size, stride, extent) = (image[axis], self.stride[axis], self.extent(axis));
            let (before, output) = match self.padding {
                Padding::Same => {
                    let output = size.div_ceil(stride);
                    let needed = ((output.max(1) - 1) * stride + extent).saturating_sub(size);
                    (needed / 2, output)
                }
                Padding::Valid | Padding::Pixels(_) => {
                    let pixels = match self.padding {
                        Padding::Pixels(pixels) => pixels,
                        _ => 0,
                    };
                    let room = (size + 2 * pixels)
                        .checked_sub(extent)
                        .ok_or_else(|| self.too_large(layer, image))?;
                    (pixels, room / stride + 1)
                }
            };
            window.before[axis] = before;
            window.output[axis] = output;
            window.padded[axis] = ((output.max(1) - 1) * stride + extent).max(before + size);
        }
        Ok(window)
    }

    fn too_large(&self, layer: &str, image: [usize; 2]) -> Error {
        Error::new(layer)
            .expected(format!(
                "images of at least {:?} (height, width), which the window covers",
                [self.extent(0), self.extent(1)]
            ))
            .got(format!("images of {image:?} with padding {:?}", self.padding))
            .hint("use .padding(Padding::Same), a smaller window, or fewer layers that make images smaller")
    }

    /// The window over the results of a transposed convolution whose inputs have the given height and width:
    /// the one that stands at as many places as the input has pixels.
    pub(crate) fn onto(&self, layer: &str, input: [usize; 2]) -> Result<Window> {
        self.check(layer)?;
        let mut image = [0; 2];
        for axis in 0..2 {
            let reached = (input[axis].max(1) - 1) * self.stride[axis] + self.extent(axis);
            image[axis] = match self.padding {
                Padding::Valid => reached,
                Padding::Same => input[axis] * self.stride[axis],
                Padding::Pixels(pixels) => reached
                    .checked_sub(2 * pixels)
                    .filter(|size| *size > 0)
                    .ok_or_else(|| {
                        Error::new(layer)
                            .expected(format!("a padding that leaves pixels of {reached}"))
                            .got(format!("{pixels} pixels cut off at each edge"))
                            .hint("padding of a transposed convolution makes its result smaller: use less")
                    })?,
            };
        }
        self.over(layer, image)
    }
}

impl Window {
    /// At how many places the window stands.
    pub(crate) fn places(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Pixels of the image.
    pub(crate) fn pixels(&self) -> usize {
        self.image[0] * self.image[1]
    }

    /// Pixels with those around the image.
    pub(crate) fn padded_pixels(&self) -> usize {
        self.padded[0] * self.padded[1]
    }

    /// Values under the window.
    pub(crate) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Whether nothing surrounds the image.
    pub(crate) fn is_bare(&self) -> bool {
        self.padded == self.image
    }

    /// Where in the padded image the window's first value lies, for each place.
    pub(crate) fn starts(&self) -> Vec<usize> {
        grid(self.output, self.stride, self.padded[1])
    }

    /// How far from there each value under the window lies.
    pub(crate) fn steps(&self) -> Vec<usize> {
        grid(self.kernel, self.dilation, self.padded[1])
    }
}

fn grid(counts: [usize; 2], apart: [usize; 2], width: usize) -> Vec<usize> {
    let rows = (0..counts[0]).map(|row| row * apart[0] * width);
    rows.flat_map(|row| (0..counts[1]).map(move |column| row + column * apart[1]))
        .collect()
}
