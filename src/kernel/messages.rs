//! What a cell puts out, in Jupyter's messages.

use super::event::{Bundle, Event};
use jupyter_protocol::{ExecutionCount, Media};
use jupyter_zmq_client::{
    ClearOutput, DisplayData, ExecuteResult, JupyterMessage, StreamContent, Transient, UpdateDisplayData,
};
use serde_json::{Map, Value};

/// What a cell put out, as a message about the request that ran it.
pub fn message_of(event: Event, parent: &JupyterMessage, count: usize) -> JupyterMessage {
    let no_metadata = Map::new;
    match event {
        Event::Stdout(text) => StreamContent::stdout(&text).as_child_of(parent),
        Event::Stderr(text) => StreamContent::stderr(&text).as_child_of(parent),
        Event::Display(data, display_id) => DisplayData {
            data: media(data),
            metadata: no_metadata(),
            transient: Some(Transient { display_id }),
        }
        .as_child_of(parent),
        Event::Update(data, id) => UpdateDisplayData {
            data: media(data),
            metadata: no_metadata(),
            transient: Transient { display_id: Some(id) },
        }
        .as_child_of(parent),
        Event::Clear { wait } => ClearOutput { wait }.as_child_of(parent),
        Event::Result(data) => ExecuteResult {
            execution_count: ExecutionCount::new(count),
            data: media(data),
            metadata: no_metadata(),
            transient: Some(Transient { display_id: None }),
        }
        .as_child_of(parent),
    }
}

/// A bundle in the protocol's own type.
pub fn media(bundle: Bundle) -> Media {
    serde_json::from_value(Value::Object(bundle)).unwrap_or_default()
}
