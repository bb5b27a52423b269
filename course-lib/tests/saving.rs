//! Networks in files: written, read again, read by and from Python, and what happens to files that do not fit.

use std::path::{Path, PathBuf};

use course_lib::prelude::*;
use serde_json::Value;

/// A folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("course-saving-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

fn network(seed: u64) -> Result<Sequential> {
    let layers = layers![
        Flatten::new(),
        Dense::new(5).activation(LeakyReLU(0.2)),
        Dropout::new(0.25),
        Dense::new(4).use_bias(false),
        Tanh,
        Dense::new(3).activation(Softmax)
    ];
    Sequential::new(Input([2, 3]), layers, Seed(seed))
}

fn regression(seed: u64) -> Result<Sequential> {
    let layers = layers![Dense::new(3).activation(Tanh), Dense::new(1)];
    Sequential::new(Input(2), layers, Seed(seed))
}

#[test]
fn a_saved_network_comes_back_with_layers_and_weights() -> Result<()> {
    let folder = folder("again");
    let path = folder.join("net.safetensors");
    let model = network(3)?;
    model.save(&path)?;
    let again = Sequential::load(&path)?;
    let x = Tensor::normal([4, 2, 3], 0.0, 1.0, Seed(1))?;
    assert_eq!(again.predict(&x)?, model.predict(&x)?);
    assert_eq!(again.to_string(), model.to_string());
    // It draws the same random numbers, too, and can be trained.
    assert_eq!(again.forward(&x)?, model.forward(&x)?);
    let names: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(names, ["net.safetensors"], "no unfinished file stays behind");
    Ok(())
}

#[test]
fn networks_for_images_and_sequences_come_back_with_what_they_have_seen() -> Result<()> {
    let folder = folder("kinds");
    let images = layers![
        Conv2D::new(3, 3).activation(ReLU),
        BatchNormalization::new(),
        MaxPooling2D::new(2),
        Flatten::new(),
        Dense::new(2)
    ];
    let images = Sequential::new(Input([1, 8, 8]), images, Seed(1))?;
    let x = Tensor::normal([6, 1, 8, 8], 1.0, 2.0, Seed(2))?;
    // The means and variances that a batch normalisation keeps are not learned, but belong to the network.
    images.forward(&x)?;
    images.save(folder.join("images"))?;
    assert_eq!(
        Sequential::load(folder.join("images"))?.predict(&x)?,
        images.predict(&x)?
    );
    let sequences = layers![
        Bidirectional::new(LSTM::new(3).return_sequences(true)),
        GRU::new(4),
        Dense::new(1)
    ];
    let sequences = Sequential::new(Input([5, 2]), sequences, Seed(1))?;
    let x = Tensor::normal([6, 5, 2], 0.0, 1.0, Seed(2))?;
    sequences.save(folder.join("sequences"))?;
    let again = Sequential::load(folder.join("sequences"))?;
    assert_eq!(again.predict(&x)?, sequences.predict(&x)?);
    Ok(())
}

#[test]
fn weights_alone_go_into_a_network_built_in_code() -> Result<()> {
    let path = folder("weights").join("w.safetensors");
    let (model, mut other) = (network(3)?, network(4)?);
    model.save_weights(&path)?;
    let x = Tensor::normal([4, 2, 3], 0.0, 1.0, Seed(1))?;
    assert_ne!(other.predict(&x)?, model.predict(&x)?);
    other.load_weights(&path)?;
    assert_eq!(other.predict(&x)?, model.predict(&x)?);
    assert!(message(Sequential::load(&path)).contains("load_weights"));
    Ok(())
}

/// The format as its specification says it, without the crate that wrote it.
#[test]
fn the_file_is_what_the_format_says() -> Result<()> {
    let path = folder("bytes").join("net.safetensors");
    let model = regression(1)?;
    model.save(&path)?;
    let bytes = std::fs::read(&path).expect("the file");
    let length = u64::from_le_bytes(bytes[..8].try_into().expect("8 bytes")) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).expect("JSON");
    for (name, tensor) in model.weights() {
        let entry = &header[&name];
        assert_eq!(entry["dtype"], "F32");
        assert_eq!(entry["shape"], serde_json::json!(tensor.shape()));
        let at = |place: usize| entry["data_offsets"][place].as_u64().expect("a place") as usize + 8 + length;
        let values: Vec<f32> = bytes[at(0)..at(1)]
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes(four.try_into().expect("4 bytes")))
            .collect();
        assert_eq!(values, tensor.to_vec(), "{name}");
    }
    let layers = header["__metadata__"]["course_model"]
        .as_str()
        .expect("the layers");
    let layers: Value = serde_json::from_str(layers).expect("JSON");
    assert_eq!(layers["layers"][0]["options"]["units"], 3);
    Ok(())
}

#[test]
fn a_file_from_python_loads() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/saving.safetensors");
    let mut model = regression(1)?;
    model.load_weights(path)?;
    // What the script prints.
    let output = model.predict(&Tensor::from_rows(&[[1.0, -2.0]])?)?.item()?;
    assert!((output - -3.163_410_7).abs() < 1e-5, "{output}");
    Ok(())
}

#[test]
fn a_file_that_does_not_fit_is_an_error_and_changes_nothing() -> Result<()> {
    let folder = folder("foreign");
    let whole = folder.join("whole.safetensors");
    regression(1)?.save(&whole)?;
    let bytes = std::fs::read(&whole).expect("the file");
    let mut model = regression(2)?;
    let before = model.weights();
    let mut refused = |content: &[u8], because: &str| -> Result<()> {
        let path = folder.join("other.safetensors");
        std::fs::write(&path, content).expect("a file");
        let error = message(model.load_weights(&path));
        assert!(error.contains(because), "{error}");
        Sequential::load(&path).expect_err("an error");
        for ((name, now), (_, before)) in model.weights().iter().zip(&before) {
            assert_eq!(now.to_vec(), before.to_vec(), "{name}");
        }
        Ok(())
    };
    for end in [0, 4, 8, 100, bytes.len() - 1] {
        refused(&bytes[..end], "cut off")?;
    }
    refused(b"not a model, but long enough to look like one", "another kind")?;
    let text = String::from_utf8_lossy(&bytes[8..]).into_owned();
    let header = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len(), "the length of the header stays");
        assert!(text.contains(from), "{from} in {text}");
        let place = bytes.windows(from.len()).position(|part| part == from.as_bytes());
        let place = place.expect("the place");
        let mut changed = bytes.clone();
        changed[place..place + from.len()].copy_from_slice(to.as_bytes());
        changed
    };
    refused(&header("\"dense.bias\"", "\"dense.bigs\""), "dense.bigs")?;
    refused(&header("\"F32\",\"shape\":[3]", "\"I32\",\"shape\":[3]"), "F32")?;
    refused(&header("[2,3]", "[3,2]"), "[3, 2]")?;
    let one = Sequential::new(Input(2), layers![Dense::new(3)], Seed(1))?;
    let path = folder.join("one.safetensors");
    one.save_weights(&path)?;
    refused(&std::fs::read(&path).expect("the file"), "dense_1")?;
    assert!(message(model.load_weights(folder.join("nowhere"))).contains("nowhere"));
    Ok(())
}

#[test]
fn a_description_that_makes_no_sense_is_an_error() -> Result<()> {
    let folder = folder("description");
    let path = folder.join("net.safetensors");
    regression(1)?.save(&path)?;
    let bytes = std::fs::read(&path).expect("the file");
    let changes = [
        ("\\\"format\\\":1", "\\\"format\\\":2"),
        ("\\\"Dense\\\"", "\\\"Tense\\\""),
        ("\\\"units\\\":3", "\\\"units\\\":0"),
        ("\\\"units\\\":3", "\\\"units\\\":4"),
        ("\\\"units\\\"", "\\\"onits\\\""),
        ("\\\"Tanh\\\"", "\\\"Than\\\""),
        ("\\\"layers\\\"", "\\\"lagers\\\""),
        ("\\\"input\\\":[2]", "\\\"input\\\":[0]"),
    ];
    for (from, to) in changes {
        let place = bytes.windows(from.len()).position(|part| part == from.as_bytes());
        let place = place.unwrap_or_else(|| panic!("{from}"));
        let mut changed = bytes.clone();
        changed[place..place + from.len()].copy_from_slice(to.as_bytes());
        std::fs::write(&path, changed).expect("a file");
        message(Sequential::load(&path));
    }
    Ok(())
}

#[test]
fn a_save_that_fails_leaves_the_old_file_as_it_was() -> Result<()> {
    let folder = folder("atomic");
    let path = folder.join("net.safetensors");
    regression(1)?.save(&path)?;
    let before = std::fs::read(&path).expect("the file");
    #[derive(Debug)]
    struct Own;
    impl Layer for Own {
        fn name(&self) -> &str {
            "Own"
        }
        fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
            Ok(input.to_vec())
        }
        fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
            Ok(input.clone())
        }
    }
    let own = Sequential::new(Input(2), layers![Own, Dense::new(1)], Seed(1))?;
    assert!(message(own.save(&path)).contains("save_weights"));
    assert!(message(own.save(folder.join("no folder").join("x"))).contains("config"));
    assert!(message(regression(1)?.save(folder.join("none").join("x"))).contains("folder"));
    assert_eq!(std::fs::read(&path).expect("the file"), before);
    own.save_weights(&path)
}

fn speaker(seed: u64) -> Result<Seq2Seq> {
    let head = Dense::new(3).activation(Softmax);
    Seq2Seq::new(Input([4, 2]), LSTM::new(5), LSTM::new(5), 2, head, Seed(seed))
}

#[test]
fn an_encoder_and_its_decoder_come_back_and_say_the_same() -> Result<()> {
    let path = folder("speaker").join("speaker.safetensors");
    let model = speaker(3)?;
    model.save(&path)?;
    let again = Seq2Seq::load(&path)?;
    let x = Tensor::normal([6, 4, 2], 0.0, 1.0, Seed(1))?;
    assert_eq!(again.predict(&x)?, model.predict(&x)?);
    assert_eq!(again.to_string(), model.to_string());
    let mut other = speaker(4)?;
    assert_ne!(other.predict(&x)?, model.predict(&x)?);
    other.load_weights(&path)?;
    assert_eq!(other.predict(&x)?, model.predict(&x)?);
    // It can be trained further.
    let mut again = again;
    again.compile(SGD::default(), Loss::MeanSquaredError, &[])?;
    let y = Tensor::zeros([6, 2, 3])?;
    let options = Fit {
        epochs: 1,
        verbose: false,
        ..Fit::default()
    };
    assert_eq!(again.fit(&x, &y, options)?.epochs(), 1);
    Ok(())
}

#[test]
fn a_file_that_is_no_encoder_and_decoder_is_an_error_and_changes_nothing() -> Result<()> {
    let folder = folder("no speaker");
    let path = folder.join("speaker.safetensors");
    let mut model = speaker(3)?;
    model.save(&path)?;
    assert!(message(Sequential::load(&path)).contains("Seq2Seq::load"));
    let bytes = std::fs::read(&path).expect("the file");
    let before = model.weights();
    for end in [0, 8, 100, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..end]).expect("a file");
        message(Seq2Seq::load(&path));
        message(model.load_weights(&path));
    }
    regression(1)?.save(&path)?;
    assert!(message(Seq2Seq::load(&path)).contains("Sequential::load"));
    message(model.load_weights(&path));
    let larger = Seq2Seq::new(
        Input([4, 2]),
        LSTM::new(6),
        LSTM::new(6),
        2,
        Dense::new(3),
        Seed(1),
    )?;
    larger.save_weights(&path)?;
    assert!(message(Seq2Seq::load(&path)).contains("load_weights"));
    assert!(message(model.load_weights(&path)).contains("[2, 24]"));
    for ((name, now), (_, before)) in model.weights().iter().zip(&before) {
        assert_eq!(now.to_vec(), before.to_vec(), "{name}");
    }
    // A description with another layer, or none at all, in the place of one.
    for (from, to) in [
        ("\\\"LSTM\\\"", "\\\"LSTN\\\""),
        ("\\\"Dense\\\"", "\\\"Tense\\\""),
        ("\\\"steps\\\":2", "\\\"steps\\\":0"),
    ] {
        let place = bytes.windows(from.len()).position(|part| part == from.as_bytes());
        let place = place.unwrap_or_else(|| panic!("{from}"));
        let mut changed = bytes.clone();
        changed[place..place + from.len()].copy_from_slice(to.as_bytes());
        std::fs::write(&path, changed).expect("a file");
        message(Seq2Seq::load(&path));
    }
    Ok(())
}
