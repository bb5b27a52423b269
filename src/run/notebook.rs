//! A notebook file: read with care, changed as little as possible, written so that nothing is lost.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// A Rust notebook of nbformat 4.
///
/// Kept as JSON, so that whatever other tools have put into it stays; the `nbformat` crate says whether it is
/// a notebook at all.
#[derive(Debug)]
pub struct Notebook(Value);

impl Notebook {
    /// Reads a notebook, or says what the file is instead and what to do.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display();
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow::anyhow!("{name} is not there; check the path"),
            _ => anyhow::anyhow!("{name} cannot be read: {error}"),
        })?;
        if bytes.is_empty() {
            bail!("{name} is empty; a notebook is a JSON file that JupyterLab writes");
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            anyhow::anyhow!(
                "{name} is not UTF-8 text (byte {} is wrong), so it is no notebook; open it in JupyterLab and \
                 save it again",
                error.utf8_error().valid_up_to()
            )
        })?;
        let json: Value = serde_json::from_str(&text)
            .map_err(|error| anyhow::anyhow!("{name} is not a notebook: it is not JSON ({error})"))?;
        match (json["nbformat"].as_u64(), json["cells"].is_array()) {
            (Some(4), true) => {}
            (Some(4), false) => bail!("{name} is not a notebook: it has no list of cells"),
            (Some(version), _) => bail!(
                "{name} is in the notebook format {version}, and this needs format 4; convert it with \
                 `jupyter nbconvert --to notebook {name}`"
            ),
            (None, _) => bail!("{name} is not a notebook: it is JSON without `nbformat`"),
        }
        if let Err(error) = nbformat::parse_notebook(&text) {
            bail!("{name} is not a valid notebook: {error}");
        }
        let language = json["metadata"]["kernelspec"]["language"]
            .as_str()
            .or_else(|| json["metadata"]["language_info"]["name"].as_str());
        if let Some(language) = language.filter(|language| !language.eq_ignore_ascii_case("rust")) {
            bail!("{name} is a notebook in {language}; `course run` runs Rust");
        }
        Ok(Self(json))
    }

    fn cells(&self) -> &[Value] {
        self.0["cells"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The places of the cells to run: code that is not empty.
    pub fn code_cells(&self) -> Vec<usize> {
        let runs = |index: &usize| {
            self.cells()[*index]["cell_type"] == "code" && !self.source(*index).trim().is_empty()
        };
        (0..self.cells().len()).filter(runs).collect()
    }

    /// The text of a cell.
    pub fn source(&self, cell: usize) -> String {
        match &self.cells()[cell]["source"] {
            Value::String(text) => text.clone(),
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            _ => String::new(),
        }
    }

    /// Removes all outputs, so that none of an older run is taken for one of this.
    pub fn clear(&mut self) {
        for cell in self.0["cells"].as_array_mut().into_iter().flatten() {
            if cell["cell_type"] == "code" {
                cell["outputs"] = json!([]);
                cell["execution_count"] = Value::Null;
                // When an older run ran is no longer true.
                if let Some(metadata) = cell["metadata"].as_object_mut() {
                    metadata.remove("execution");
                }
            }
        }
    }

    /// Gives a cell what it put out.
    pub fn set_outputs(&mut self, cell: usize, number: usize, outputs: Vec<Value>) {
        let cell = &mut self.0["cells"][cell];
        cell["outputs"] = Value::Array(outputs);
        cell["execution_count"] = Value::from(number);
    }

    /// Writes the notebook as Jupyter does. The file at `path` is replaced in one step, so that it is whole at
    /// every moment, whatever happens.
    pub fn write(&self, path: &Path) -> Result<()> {
        let name = path.display();
        let mut bytes = Vec::new();
        let format = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, format);
        serde::Serialize::serialize(&self.with_split_lines(), &mut serializer)?;
        bytes.push(b'\n');

        let folder = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut temporary = tempfile::Builder::new()
            .prefix(".course-run-")
            .tempfile_in(folder)
            .with_context(|| format!("{name} cannot be written: no file can be made in its folder"))?;
        temporary
            .write_all(&bytes)
            .and_then(|()| temporary.as_file().sync_all())
            .with_context(|| format!("{name} cannot be written; it is as it was. Is the disk full?"))?;
        // A temporary file is for its owner alone; a notebook is as readable as it was, or as files are.
        let permissions = std::fs::metadata(path)
            .map(|data| data.permissions())
            .unwrap_or_else(|_| std::os::unix::fs::PermissionsExt::from_mode(0o644));
        temporary.as_file().set_permissions(permissions)?;
        temporary
            .persist(path)
            .with_context(|| format!("{name} cannot be written; it is as it was"))?;
        Ok(())
    }

    /// The notebook with its texts as lists of lines: what Jupyter writes, so that a diff shows lines.
    fn with_split_lines(&self) -> Value {
        let mut notebook = self.0.clone();
        for cell in notebook["cells"].as_array_mut().into_iter().flatten() {
            split_lines(&mut cell["source"]);
            for output in cell
                .get_mut("outputs")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                if let Some(text) = output.get_mut("text") {
                    split_lines(text);
                }
                if let Some(data) = output.get_mut("data").and_then(Value::as_object_mut) {
                    split_texts(data);
                }
            }
        }
        notebook
    }
}

fn split_texts(data: &mut Map<String, Value>) {
    for (mime, content) in data {
        // Jupyter keeps binary forms, which are base64, in one piece.
        if mime.starts_with("text/") || mime == "image/svg+xml" {
            split_lines(content);
        }
    }
}

fn split_lines(text: &mut Value) {
    if let Value::String(whole) = text {
        *text = whole.split_inclusive('\n').map(Value::from).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_for(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lesson.ipynb");
        std::fs::write(&path, bytes).unwrap();
        let error = Notebook::read(&path).unwrap_err().to_string();
        assert_eq!(
            std::fs::read(&path).unwrap(),
            bytes,
            "the input must stay as it was"
        );
        error
    }

    fn notebook(cells: Value) -> Value {
        json!({"nbformat": 4, "nbformat_minor": 5, "cells": cells,
            "metadata": {"kernelspec": {"name": "rust", "display_name": "Rust", "language": "rust"}}})
    }

    #[test]
    fn what_is_not_a_notebook_is_told_apart() {
        assert!(error_for(b"").contains("is empty"));
        assert!(error_for(b"\xff\xfe{}").contains("not UTF-8 text (byte 0 is wrong)"));
        assert!(error_for(b"fn main() {}").contains("not JSON"));
        assert!(error_for(b"[1, 2]").contains("without `nbformat`"));
        assert!(error_for(br#"{"nbformat": 4}"#).contains("no list of cells"));
        let old = error_for(br#"{"nbformat": 3, "worksheets": []}"#);
        assert!(
            old.contains("format 3") && old.contains("nbconvert --to notebook"),
            "{old}"
        );
        assert!(
            Notebook::read(Path::new("no/such.ipynb"))
                .unwrap_err()
                .to_string()
                .contains("not there")
        );
    }

    #[test]
    fn a_python_notebook_is_not_run_as_rust() {
        let mut python = notebook(json!([]));
        python["metadata"]["kernelspec"]["language"] = json!("python");
        assert!(error_for(python.to_string().as_bytes()).contains("a notebook in python"));
    }

    #[test]
    fn what_other_tools_put_into_a_notebook_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ipynb");
        let cells = json!([
            {"cell_type": "markdown", "id": "m", "metadata": {"tags": ["x"]}, "source": ["# T\n", "é"]},
            {"cell_type": "code", "id": "c", "metadata": {"nbgrader": {"points": 2}}, "source": "1 + 1",
             "outputs": [{"output_type": "stream", "name": "stdout", "text": "old"}], "execution_count": 9},
        ]);
        std::fs::write(&path, notebook(cells).to_string()).unwrap();

        let mut read = Notebook::read(&path).unwrap();
        assert_eq!(read.code_cells(), [1]);
        assert_eq!(read.source(1), "1 + 1");
        read.clear();
        let result = json!({"output_type": "stream", "name": "stdout", "text": "a\nb"});
        read.set_outputs(1, 1, vec![result]);
        read.write(&path).unwrap();

        let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(written["cells"][0]["metadata"]["tags"][0], "x");
        assert_eq!(written["cells"][1]["metadata"]["nbgrader"]["points"], 2);
        assert_eq!(written["cells"][1]["outputs"][0]["text"], json!(["a\n", "b"]));
        assert_eq!(written["cells"][1]["execution_count"], 1);
    }

    #[test]
    fn a_folder_that_takes_no_file_is_an_error_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ipynb");
        std::fs::write(&path, notebook(json!([])).to_string()).unwrap();
        let read = Notebook::read(&path).unwrap();
        let error = read.write(&folder.path().join("missing/b.ipynb")).unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");
    }
}
