//! What a network is made of, as JSON: `{"format": 1, "input": [30], "seed": 7, "layers": [..]}`, each layer as
//! `{"type": "Dense", "name": "dense", "options": {"units": 16, ..}}`. A stateful network that was trained has its
//! `"batch_size"` beside them.

use serde_json::{Map, Value, json};

use super::{Input, Seq2Seq, Sequential};
use crate::error::{Error, Result};
use crate::layers::config::{Config, Setting};
use crate::layers::{Dense, registry};
use crate::random::Seed;

const FORMAT: u64 = 1;
/// A size beyond it was not written by this library: no layer here is that wide.
const LARGEST: usize = 1 << 24;

/// The network without its weights.
pub(super) fn written(model: &Sequential) -> Result<String> {
    let layers = model.layers.iter().map(|placed| {
        let mut written = written_layer(placed.layer.name(), placed.layer.config())?;
        written["name"] = json!(placed.name);
        Ok(written)
    });
    let layers = layers.collect::<Result<Vec<Value>>>()?;
    let mut whole = json!({ "format": FORMAT, "input": model.input, "seed": model.seed.0, "layers": layers });
    if let Some(rows) = model.carries_between {
        whole["batch_size"] = json!(rows);
    }
    Ok(whole.to_string())
}

/// An encoder and a decoder without their weights, as `{"format": 1, "input": [4, 1], "steps": 2, "seed": 7,
/// "encoder": .., "decoder": .., "head": ..}`.
pub(super) fn written_seq2seq(model: &Seq2Seq) -> Result<String> {
    let parts = model.parts.each_ref();
    let [encoder, decoder, head] = parts.map(|(name, config)| written_layer(name, config.clone()));
    let whole = json!({
        "format": FORMAT, "input": model.x, "steps": model.y[0], "seed": model.model.seed.0,
        "encoder": encoder?, "decoder": decoder?, "head": head?,
    });
    Ok(whole.to_string())
}

fn written_layer(name: &str, config: Option<Config>) -> Result<Value> {
    let config = config.ok_or_else(|| {
        Error::new("save")
            .expected("layers that can be built again from their options")
            .got(format!("{name}, which has no config()"))
            .hint("use save_weights(path), and build the network in code before load_weights(path)")
    })?;
    let options: Map<String, Value> = config
        .options()
        .iter()
        .map(|(name, setting)| (name.clone(), value(setting)))
        .collect();
    Ok(json!({ "type": name, "options": options }))
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

fn problem(got: &str) -> Error {
    Error::new("load")
        .expected("the description of a network, as save(path) writes it")
        .got(got)
        .hint("save the model again with model.save(path)")
}

/// The network that was written, with fresh weights.
pub(super) fn read(text: &str) -> Result<Sequential> {
    let (whole, input, seed) = checked(text)?;
    if !whole["encoder"].is_null() {
        return Err(Error::new("load")
            .expected("a network of layers one after the other")
            .got("an encoder and a decoder")
            .hint("use Seq2Seq::load(path)"));
    }
    let layers = whole["layers"].as_array().ok_or_else(|| problem("no layers"))?;
    let built = layers.iter().map(|layer| {
        let (of_type, config) = read_layer(layer)?;
        registry::from_config(of_type, &config)
    });
    let mut model = Sequential::new(input, built.collect::<Result<Vec<_>>>()?, seed)?;
    model.carries_between = size(&whole["batch_size"]).filter(|rows| *rows > 0);
    Ok(model)
}

/// The encoder and the decoder that were written, with fresh weights.
pub(super) fn read_seq2seq(text: &str) -> Result<Seq2Seq> {
    let (whole, input, seed) = checked(text)?;
    if !whole["layers"].is_null() {
        return Err(Error::new("load")
            .expected("an encoder and a decoder")
            .got("a network of layers one after the other")
            .hint("use Sequential::load(path)"));
    }
    let steps = size(&whole["steps"]).ok_or_else(|| problem("no steps"))?;
    let recurrent = |part: &str| {
        let (of_type, config) = read_layer(&whole[part])?;
        registry::recurrent_from_config(of_type, &config)
    };
    let head = match read_layer(&whole["head"])? {
        ("Dense", config) => Dense::from_config(&config)?,
        (other, _) => return Err(problem(&format!("a head of type {other}"))),
    };
    Seq2Seq::of(
        input,
        recurrent("encoder")?,
        recurrent("decoder")?,
        steps,
        head,
        seed,
    )
}

/// The description with what every one has.
fn checked(text: &str) -> Result<(Value, Input, Seed)> {
    let whole: Value = serde_json::from_str(text).map_err(|error| problem(&error.to_string()))?;
    match whole["format"].as_u64() {
        Some(FORMAT) => {}
        Some(other) => return Err(problem(&format!("format {other}"))),
        None => return Err(problem("no format")),
    }
    let shape = sizes(&whole["input"]).ok_or_else(|| problem("no input shape"))?;
    let seed = whole["seed"].as_u64().ok_or_else(|| problem("no seed"))?;
    Ok((whole, Input { shape }, Seed(seed)))
}

fn read_layer(layer: &Value) -> Result<(&str, Config)> {
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
    Ok((of_type, config))
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
