//! Reads requests more forgivingly than the protocol crate: what a client leaves out has a default, and what
//! cannot be understood is answered with an error instead of being dropped.

use anyhow::{Context, Result};
use jupyter_zmq_client::{
    Connection, Header, JupyterMessage, JupyterMessageContent, RawMessage, UnknownMessage,
};
use serde_json::{Value, json};
use zeromq::SocketRecv;

/// Reads the next message. An error is one message's: the socket stays usable.
pub async fn read<S: SocketRecv>(connection: &mut Connection<S>) -> Result<JupyterMessage> {
    let multipart = connection.socket.recv().await.context("the socket failed")?;
    let raw = RawMessage::from_multipart(multipart, &connection.mac)
        .context("a message that is truncated or not signed with this kernel's key")?;
    parse(raw)
}

fn parse(raw: RawMessage) -> Result<JupyterMessage> {
    let [header, parent, metadata, content] = [0, 1, 2, 3].map(|part| raw.jparts[part].as_ref());
    let header: Header = serde_json::from_slice(header).context("a message with a broken header")?;
    let content: Value = serde_json::from_slice(content).context("a message with broken content")?;
    let content = with_defaults(&header.msg_type, content);
    let unknown = || UnknownMessage {
        msg_type: header.msg_type.clone(),
        content: content.clone(),
    };
    let parsed = JupyterMessageContent::from_type_and_content(&header.msg_type, content.clone())
        .unwrap_or_else(|_| JupyterMessageContent::UnknownMessage(unknown()));
    Ok(JupyterMessage {
        zmq_identities: raw.zmq_identities,
        content: parsed,
        parent_header: serde_json::from_slice(parent).ok(),
        metadata: serde_json::from_slice(metadata).unwrap_or_default(),
        buffers: Vec::new(),
        channel: None,
        header,
    })
}

/// Fills in what clients may leave out (the protocol calls these optional, or clients do in practice).
fn with_defaults(kind: &str, mut content: Value) -> Value {
    let defaults = match kind {
        "execute_request" => json!({"silent": false, "store_history": true, "user_expressions": {}}),
        "history_request" => {
            json!({"output": false, "raw": true, "session": 0, "start": 0, "stop": i32::MAX, "n": 1000,
                   "pattern": "*", "unique": false, "hist_access_type": "tail"})
        }
        "shutdown_request" => json!({"restart": false}),
        "complete_request" | "inspect_request" => json!({"code": "", "cursor_pos": 0, "detail_level": 0}),
        _ => return content,
    };
    let Some(fields) = content.as_object_mut() else {
        return content;
    };
    for (name, value) in defaults.as_object().into_iter().flatten() {
        if fields.get(name).is_none_or(Value::is_null) {
            fields.insert(name.clone(), value.clone());
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(kind: &str, content: &Value) -> RawMessage {
        let header = json!({"msg_id": "1", "username": "u", "session": "s", "msg_type": kind,
            "version": "5.3", "date": "2026-01-01T00:00:00Z"});
        let parts = [header, json!({}), json!({}), content.clone()];
        RawMessage {
            zmq_identities: Vec::new(),
            jparts: parts
                .iter()
                .map(|part| part.to_string().into_bytes().into())
                .collect(),
        }
    }

    #[test]
    fn an_execute_request_may_leave_out_what_has_a_default() {
        let message = parse(raw("execute_request", &json!({"code": "1"}))).unwrap();
        let JupyterMessageContent::ExecuteRequest(request) = message.content else {
            panic!()
        };
        assert!(!request.silent && request.store_history && request.stop_on_error);
    }

    #[test]
    fn a_history_range_may_be_open() {
        let content = json!({"hist_access_type": "range", "session": 0, "start": 0, "stop": null,
            "output": false, "raw": true});
        let message = parse(raw("history_request", &content)).unwrap();
        assert!(matches!(
            message.content,
            JupyterMessageContent::HistoryRequest(_)
        ));
    }

    #[test]
    fn a_request_that_cannot_be_understood_keeps_its_name_for_the_answer() {
        for (kind, content) in [
            ("execute_request", json!({"code": 5})),
            ("nonsense_request", json!({})),
        ] {
            let message = parse(raw(kind, &content)).unwrap();
            assert_eq!(message.message_type(), kind);
            assert!(matches!(
                message.content,
                JupyterMessageContent::UnknownMessage(_)
            ));
        }
    }
}
