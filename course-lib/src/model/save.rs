//! Keeping a trained network in a file, and getting it back.
//!
//! The file is in the safetensors format: the weights under the names of [`Sequential::weights`], `f32`, row-major,
//! and for [`Sequential::save`] the layers as JSON in the metadata (key `course_model`). In Python:
//!
//! ```python
//! from safetensors.numpy import load_file
//! weights = load_file("digits.safetensors")   # {"dense.weights": array of shape (784, 512), ..}
//! ```
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(2), layers![Dense::new(1).activation(Sigmoid)], Seed(7))?;
//! let path = std::env::temp_dir().join("course-example.safetensors");
//! model.save(&path)?;
//! let again = Sequential::load(&path)?;
//! let x = Tensor::ones([1, 2])?;
//! assert_eq!(again.predict(&x)?, model.predict(&x)?);
//! # std::fs::remove_file(path).ok();
//! # Ok::<(), Error>(())
//! ```

use std::path::Path;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::{Sequential, architecture};
use crate::error::{Error, Result};
use crate::plot::file;
use crate::tensor::Tensor;

/// Where the metadata holds the layers.
const KEY: &str = "course_model";

impl Sequential {
    /// Writes layers and weights to a file (usually `.safetensors`), which appears whole or not at all. The
    /// optimiser is not kept: compile the model again to train it further.
    ///
    /// # Errors
    /// A layer that cannot be built again from its options, or a file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let layers = architecture::written(self)?;
        self.write("save", path.as_ref(), Some(layers))
    }

    /// Finds out before a training whether [`Sequential::save`] will work after it.
    pub(super) fn check_can_be_saved(&self, path: &Path) -> Result<()> {
        architecture::written(self)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        match folder {
            Some(folder) if !folder.is_dir() => Err(Error::new("save")
                .expected("a folder that is there")
                .got(folder.display().to_string())
                .hint("make it with std::fs::create_dir_all(path)?, or save elsewhere")),
            _ => Ok(()),
        }
    }

    /// Writes the weights alone, for networks that are built in code.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.write("save_weights", path.as_ref(), None)
    }

    /// The network of a file that [`Sequential::save`] wrote, with its weights.
    ///
    /// # Errors
    /// A file that is not there, cut off, or of another kind; layers that this library does not have.
    pub fn load(path: impl AsRef<Path>) -> Result<Sequential> {
        let (path, bytes) = (path.as_ref(), read("load", path.as_ref())?);
        let mut model = architecture::read(&layers_in(path, &bytes)?)?;
        model.take_over("load", path, &bytes)?;
        Ok(model)
    }

    /// Replaces all weights by those of a file: one that this library wrote, or Python, with the same names and
    /// shapes as [`Sequential::weights`] has them, in `f32`.
    ///
    /// # Errors
    /// A file that is not there, cut off or of another kind; names, shapes or a type of numbers that differ from the
    /// model's. The model is then as it was.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let bytes = read("load_weights", path.as_ref())?;
        self.take_over("load_weights", path.as_ref(), &bytes)
    }

    pub(super) fn write(&self, operation: &str, path: &Path, layers: Option<String>) -> Result<()> {
        let problem = |got: String| {
            Error::new(operation)
                .expected("weights that fit into a file")
                .got(got)
                .hint("the format's header holds 100 MB")
        };
        let weights = self.weights();
        let bytes: Vec<Vec<u8>> = weights
            .iter()
            .map(|(_, tensor)| {
                tensor
                    .values()
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect()
            })
            .collect();
        let views = weights.iter().zip(&bytes).map(|((name, tensor), bytes)| {
            let view = TensorView::new(Dtype::F32, tensor.shape().to_vec(), bytes);
            Ok((name.as_str(), view.map_err(|error| problem(error.to_string()))?))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        let metadata = layers.map(|layers| [(KEY.to_owned(), layers)].into_iter().collect());
        let content = safetensors::serialize(views, metadata).map_err(|error| problem(error.to_string()))?;
        file::write(operation, path, &content)
    }

    /// Everything is checked before the first weight changes.
    pub(super) fn take_over(&mut self, operation: &str, path: &Path, bytes: &[u8]) -> Result<()> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| foreign(operation, path, &error))?;
        let weights = self.weights();
        let problem = |expected: String, got: String| {
            Error::new(operation)
                .expected(expected)
                .got(format!("{got} in {}", path.display()))
                .hint("the model needs the same layers, in the same order, as the one that was saved")
        };
        let known = |name: &str| weights.iter().any(|(known, _)| known == name);
        let mut names = file.names();
        names.sort_unstable();
        if let Some(other) = names.iter().find(|name| !known(name)) {
            let names: Vec<&str> = weights.iter().map(|(name, _)| name.as_str()).collect();
            return Err(problem(
                format!("weights named {}", names.join(", ")),
                format!("{other:?}"),
            ));
        }
        let mut values = Vec::new();
        for (name, own) in &weights {
            let view = file.tensor(name).map_err(|_| {
                problem(
                    format!("weights named {name}"),
                    format!("only [{}]", names.join(", ")),
                )
            })?;
            if view.dtype() != Dtype::F32 {
                let got = format!("{name} in {:?}", view.dtype());
                return Err(problem("weights in F32".to_owned(), got));
            }
            if view.shape() != own.shape() {
                let expected = format!("{name} of shape {:?}", own.shape());
                return Err(problem(expected, format!("shape {:?}", view.shape())));
            }
            let numbers = view.data().as_chunks::<4>().0;
            let numbers = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            values.push(Tensor::from_vec(numbers, own.shape())?);
        }
        self.restore(&values)
    }

    /// Replaces all weights, given in the order of [`Sequential::weights`].
    pub(super) fn restore(&mut self, values: &[Tensor]) -> Result<()> {
        let layers = self.layers.iter_mut();
        let own = layers.flat_map(|placed| placed.layer.parameters_mut());
        own.zip(values).try_for_each(|(own, values)| own.assign(values))
    }
}

/// The description of the layers in a file.
pub(super) fn layers_in(path: &Path, bytes: &[u8]) -> Result<String> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| foreign("load", path, &error))?;
    let layers = header.metadata().as_ref().and_then(|entries| entries.get(KEY));
    layers.cloned().ok_or_else(|| {
        Error::new("load")
            .expected("a file with the layers of a network, as save(path) writes it")
            .got(format!("{} with weights alone", path.display()))
            .hint("build the network in code, and use model.load_weights(path)")
    })
}

pub(super) fn read(operation: &str, path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Error::new(operation)
            .expected("a file that can be read")
            .got(format!("{} ({error})", path.display()))
            .hint("save a model first, and check the path")
    })
}

fn foreign(operation: &str, path: &Path, error: &safetensors::SafeTensorError) -> Error {
    Error::new(operation)
        .expected("a whole file in the safetensors format")
        .got(format!("{} ({error})", path.display()))
        .hint("the file is cut off or of another kind: save the model again")
}
