//! Keeping an encoder and a decoder in a file, and getting them back; the file is that of [`Sequential::save`].
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Seq2Seq::new(Input([4, 1]), LSTM::new(3), LSTM::new(3), 2, Dense::new(1), Seed(7))?;
//! let path = std::env::temp_dir().join("course-example-seq2seq.safetensors");
//! model.save(&path)?;
//! let again = Seq2Seq::load(&path)?;
//! let x = Tensor::ones([1, 4, 1])?;
//! assert_eq!(again.predict(&x)?, model.predict(&x)?);
//! # std::fs::remove_file(path).ok();
//! # Ok::<(), Error>(())
//! ```

use std::path::Path;

use super::Seq2Seq;
use crate::error::Result;
#[cfg(doc)]
use crate::model::Sequential;
use crate::model::{architecture, save};
use crate::tensor::Tensor;

impl Seq2Seq {
    /// Writes encoder, decoder, head and weights to a file (usually `.safetensors`), which appears whole or not at all,
    /// as [`Sequential::save`].
    ///
    /// # Errors
    /// As there.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let layers = architecture::written_seq2seq(self)?;
        self.model.write("save", path.as_ref(), Some(layers))
    }

    /// Writes the weights alone, as [`Sequential::save_weights`].
    ///
    /// # Errors
    /// As there.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.model.save_weights(path)
    }

    /// The model of a file that [`Seq2Seq::save`] wrote, with its weights. Compile it again to train it further.
    ///
    /// # Errors
    /// A file that is not there, cut off, or of another kind of model; layers that this library does not have.
    pub fn load(path: impl AsRef<Path>) -> Result<Seq2Seq> {
        let (path, bytes) = (path.as_ref(), save::read("load", path.as_ref())?);
        let mut model = architecture::read_seq2seq(&save::layers_in(path, &bytes)?)?;
        model.model.take_over("load", path, &bytes)?;
        Ok(model)
    }

    /// Replaces all weights by those of a file, as [`Sequential::load_weights`].
    ///
    /// # Errors
    /// As there. The model is then as it was.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.model.load_weights(path)
    }

    /// The weights under their names, such as `encoderdecoder.encoder_kernel`, as [`Sequential::weights`].
    pub fn weights(&self) -> Vec<(String, Tensor)> {
        self.model.weights()
    }
}
