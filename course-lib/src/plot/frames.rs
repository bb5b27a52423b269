//! What an animation can be made of.

use super::figure::Figure;
use super::picture::Plot;
use crate::error::Result;

/// What can be the frames of an [`animation`](super::animation()): a list of [`Plot`]s, or of [`Figure`]s, which then get the
/// same axes.
pub trait Frames {
    /// The frames, drawn.
    ///
    /// # Errors
    /// If one of them cannot be drawn.
    fn frames(&self) -> Result<Vec<Plot>>;
}

impl Frames for [Plot] {
    fn frames(&self) -> Result<Vec<Plot>> {
        Ok(self.to_vec())
    }
}

impl Frames for [Figure] {
    fn frames(&self) -> Result<Vec<Plot>> {
        super::chart::with_same_axes(self)?
            .iter()
            .map(Figure::draw)
            .collect()
    }
}

macro_rules! lists {
    ($($frame:ty),+) => {$(
        impl Frames for Vec<$frame> {
            fn frames(&self) -> Result<Vec<Plot>> {
                self.as_slice().frames()
            }
        }
        impl<const N: usize> Frames for [$frame; N] {
            fn frames(&self) -> Result<Vec<Plot>> {
                self.as_slice().frames()
            }
        }
    )+};
}

lists!(Plot, Figure);
