//! What a network is made of, as JSON: `{"format": 1, "input": [30], "seed": 7, "layers": [..]}`, each layer as
//! `{"type": "Dense", "name": "dense", "options": {"units": 16, ..}}`.

use serde_json::{Map, Value, json};

use super::{Input, Sequential};
use crate::error::{Error, Result};
use crate::layers::config::{Config, Setting};
use crate::layers::registry;
use crate::random::Seed;

const FORMAT: u64 = 1;
/// A size beyond it was not written by this library: no layer here is that wide.
const LARGEST: usize = 1 << 24;

/// The network without its weights.
pub(super) fn written(model: &Sequential) -> Result<String> {
    let layers = model.layers.iter().map(|placed| {
        let config = placed.layer.config().ok_or_else(|| {
            Error::new("save")
                .expected("layers that can be built again from their options")
                .got(format!("{}, which has no config()", placed.layer.name()))
                .hint("use save_weights(path), and build the network in code before load_weights(path)")
        })?;
        let options: Map<String, Value> = config
            .options()
            .iter()
            .map(|(name, setting)| (name.clone(), value(setting)))
            .collect();
        Ok(json!({ "type": placed.layer.name(), "name": placed.name, "options": options }))
    });
    let layers = layers.collect::<Result<Vec<Value>>>()?;
    Ok(json!({ "format": FORMAT, "input": model.input, "seed": model.seed.0, "layers": layers }).to_string())
}

fn value(setting: &Setting) -> Value {
    match setting {
        Setting::Whole(value) => json!(value),
        // By way of its shortest form: 0.2 stays 0.2 in the file.
        Setting::Number(value) => value.to_string().parse::<f64>().map_or(Value::Null, Value::from),
        Setting::Flag(value) => json!(value),
        Setting::Text(value) => json!(value),
        Setting::Sizes(value) => json!(value),
    }
}

/// The network that was written, with fresh weights.
pub(super) fn read(text: &str) -> Result<Sequential> {
    let problem = |got: &str| {
        Error::new("load")
            .expected("the description of a network, as save(path) writes it")
            .got(got)
            .hint("save the model again with model.save(path)")
    };
    let whole: Value = serde_json::from_str(text).map_err(|error| problem(&error.to_string()))?;
    match whole["format"].as_u64() {
        Some(FORMAT) => {}
        Some(other) => return Err(problem(&format!("format {other}"))),
        None => return Err(problem("no format")),
    }
    let input = sizes(&whole["input"]).ok_or_else(|| problem("no input shape"))?;
    let seed = whole["seed"].as_u64().ok_or_else(|| problem("no seed"))?;
    let layers = whole["layers"].as_array().ok_or_else(|| problem("no layers"))?;
    let built = layers.iter().map(|layer| {
        let of_type = layer["type"]
            .as_str()
            .ok_or_else(|| problem("a layer without type"))?;
        let options = layer["options"]
            .as_object()
            .ok_or_else(|| problem("a layer without options"))?;
        let mut config = Config::new();
        for (name, value) in options {
            let setting = setting(value)
                .ok_or_else(|| problem(&format!("{name} = {value} in a layer of type {of_type}")))?;
            config = config.with(name, setting);
        }
        registry::from_config(of_type, &config)
    });
    Sequential::new(
        Input { shape: input },
        built.collect::<Result<Vec<_>>>()?,
        Seed(seed),
    )
}

fn setting(value: &Value) -> Option<Setting> {
    match value {
        Value::Bool(value) => Some(Setting::Flag(*value)),
        Value::String(value) => Some(Setting::Text(value.clone())),
        Value::Array(_) => sizes(value).map(Setting::Sizes),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map(|value| Setting::Number(value as f32))
        }
        Value::Number(_) => size(value).map(Setting::Whole),
        Value::Null | Value::Object(_) => None,
    }
}

fn size(value: &Value) -> Option<usize> {
    let size = usize::try_from(value.as_u64()?).ok()?;
    (size <= LARGEST).then_some(size)
}

fn sizes(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(size).collect()
}
