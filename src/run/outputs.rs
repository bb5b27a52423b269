//! From what a cell puts out to what a notebook file keeps of it.

use crate::kernel::event::{Bundle, CellError, Event};
use serde_json::{Value, json};

/// The outputs of one cell, in order.
#[derive(Debug, Default)]
pub struct Outputs {
    outputs: Vec<Output>,
    /// They go when the next one comes.
    is_waiting: bool,
}

#[derive(Debug)]
enum Output {
    Stream { name: &'static str, text: String },
    Display { data: Bundle, id: Option<String> },
    Result { data: Bundle },
    Error(CellError),
}

impl Outputs {
    /// Adds what came next. An update changes what was shown before: a notebook keeps the last state only.
    pub fn add(&mut self, event: Event) {
        if let Event::Clear { wait } = event {
            self.is_waiting = wait;
            if !wait {
                self.outputs.clear();
            }
            return;
        }
        if std::mem::take(&mut self.is_waiting) {
            self.outputs.clear();
        }
        match event {
            Event::Clear { .. } => {}
            Event::Stdout(text) => self.add_text("stdout", &text),
            Event::Stderr(text) => self.add_text("stderr", &text),
            Event::Display(data, id) => self.outputs.push(Output::Display { data, id }),
            Event::Result(data) => self.outputs.push(Output::Result { data }),
            Event::Update(new, name) => {
                for output in &mut self.outputs {
                    if let Output::Display { data, id: Some(id) } = output
                        && *id == name
                    {
                        data.clone_from(&new);
                    }
                }
            }
        }
    }

    /// Adds why the cell failed.
    pub fn add_error(&mut self, error: &CellError) {
        self.outputs.push(Output::Error(error.clone()));
    }

    fn add_text(&mut self, stream: &'static str, new: &str) {
        match self.outputs.last_mut() {
            Some(Output::Stream { name, text }) if *name == stream => text.push_str(new),
            _ => self.outputs.push(Output::Stream {
                name: stream,
                text: new.to_owned(),
            }),
        }
    }

    /// The outputs in the notebook format, of the cell with the given number.
    pub fn into_values(self, number: usize) -> Vec<Value> {
        let value = |output| match output {
            Output::Stream { name, text } => {
                json!({"output_type": "stream", "name": name, "text": text})
            }
            Output::Display { data, .. } => {
                json!({"output_type": "display_data", "data": data, "metadata": {}})
            }
            Output::Result { data } => json!({"output_type": "execute_result", "data": data, "metadata": {},
                "execution_count": number}),
            Output::Error(CellError {
                name,
                value,
                traceback,
            }) => {
                json!({"output_type": "error", "ename": name, "evalue": value, "traceback": traceback})
            }
        };
        self.outputs.into_iter().map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(text: &str) -> Bundle {
        Bundle::from_iter([("text/plain".to_owned(), Value::from(text))])
    }

    #[test]
    fn text_is_joined_as_long_as_nothing_comes_between() {
        let mut outputs = Outputs::default();
        for event in [
            Event::Stdout("a".into()),
            Event::Stdout("b".into()),
            Event::Stderr("c".into()),
            Event::Stdout("d".into()),
        ] {
            outputs.add(event);
        }
        let texts: Vec<Value> = outputs.into_values(1).iter().map(|o| o["text"].clone()).collect();
        assert_eq!(texts, ["ab", "c", "d"]);
    }

    #[test]
    fn what_was_cleared_is_gone_at_once_or_with_the_next_output() {
        let mut outputs = Outputs::default();
        let clear = |wait| Event::Clear { wait };
        for event in [Event::Stdout("1".into()), clear(false), Event::Stdout("2".into())] {
            outputs.add(event);
        }
        for event in [
            Event::Result(bundle("3")),
            clear(true),
            Event::Stdout("4".into()),
            clear(true),
        ] {
            outputs.add(event);
        }
        let texts: Vec<Value> = outputs.into_values(1).iter().map(|o| o["text"].clone()).collect();
        assert_eq!(texts, ["4"], "nothing came after the last one");
    }

    #[test]
    fn a_display_that_changed_is_kept_once_in_its_last_state() {
        let mut outputs = Outputs::default();
        outputs.add(Event::Display(bundle("epoch 1"), Some("p".into())));
        outputs.add(Event::Display(bundle("other"), None));
        outputs.add(Event::Update(bundle("epoch 2"), "p".into()));
        outputs.add(Event::Result(bundle("42")));
        let values = outputs.into_values(3);
        let texts: Vec<&Value> = values.iter().map(|o| &o["data"]["text/plain"]).collect();
        assert_eq!(texts, ["epoch 2", "other", "42"]);
        assert_eq!(values[2]["execution_count"], 3);
    }
}
