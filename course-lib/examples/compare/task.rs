//! What all sides share: the settings in `network.json`, and arrays of little-endian `f32` beside it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use course_lib::prelude::*;
use serde_json::Value;

use crate::Outcome;

/// A network's folder.
#[derive(Clone)]
pub struct Task {
    folder: PathBuf,
    all: Value,
    pub name: String,
    pub batch: usize,
    pub seed: Seed,
}

impl Task {
    pub fn read(folder: &Path) -> Outcome<Self> {
        let file = folder.join("network.json");
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let all: Value = serde_json::from_str(&text)?;
        let number = |name: &str| {
            all[name]
                .as_u64()
                .ok_or_else(|| format!("{}: no {name}", file.display()))
        };
        Ok(Self {
            folder: folder.to_owned(),
            name: all["name"].as_str().unwrap_or_default().to_owned(),
            batch: usize::try_from(number("batch")?)?,
            seed: Seed(number("seed")?),
            all,
        })
    }

    /// A number among the network's own settings.
    pub fn setting(&self, name: &str) -> Outcome<f32> {
        let value = self.all["settings"][name].as_f64();
        Ok(value.ok_or_else(|| format!("network.json has no setting {name}"))? as f32)
    }

    /// Whether there is an array of this name.
    pub fn has(&self, name: &str) -> bool {
        self.all["shapes"].get(name).is_some()
    }

    /// An array by name, in the shape it was written with.
    pub fn array(&self, name: &str) -> Outcome<Tensor> {
        let sizes = self.all["shapes"][name].as_array();
        let sizes = sizes.ok_or_else(|| format!("network.json has no shape of {name}"))?;
        let shape: Vec<usize> = sizes
            .iter()
            .filter_map(Value::as_u64)
            .map(|size| size as usize)
            .collect();
        let mut file = BufReader::new(File::open(self.folder.join(format!("{name}.f32")))?);
        let mut values = Vec::with_capacity(shape.iter().product());
        let mut number = [0; 4];
        for _ in 0..values.capacity() {
            file.read_exact(&mut number)?;
            values.push(f32::from_le_bytes(number));
        }
        Ok(Tensor::from_vec(values, &shape)?)
    }
}
