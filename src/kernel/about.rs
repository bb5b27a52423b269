//! What the kernel says of itself: `kernel_info`.

use jupyter_zmq_client::{CodeMirrorMode, HelpLink, KernelInfoReply, LanguageInfo, ReplyStatus};

/// What the kernel says of itself.
pub fn kernel_info() -> KernelInfoReply {
    KernelInfoReply {
        status: ReplyStatus::Ok,
        protocol_version: "5.3".to_owned(),
        implementation: "course".to_owned(),
        implementation_version: env!("CARGO_PKG_VERSION").to_owned(),
        language_info: LanguageInfo {
            name: "rust".to_owned(),
            version: env!("CARGO_PKG_RUST_VERSION").to_owned(),
            mimetype: Some("text/x-rust".to_owned()),
            file_extension: Some(".rs".to_owned()),
            pygments_lexer: Some("rust".to_owned()),
            codemirror_mode: Some(CodeMirrorMode::Simple("rust".to_owned())),
            nbconvert_exporter: None,
        },
        banner: "Rust for the course \"Deep generative neural networks\", on evcxr.\n\
                 use course_lib::prelude::*; brings the library; :help lists the kernel's own commands."
            .to_owned(),
        help_links: vec![
            HelpLink {
                text: "Rust".to_owned(),
                url: "https://doc.rust-lang.org/book/".to_owned(),
            },
            HelpLink {
                text: "evcxr: Rust in notebooks".to_owned(),
                url: "https://github.com/evcxr/evcxr".to_owned(),
            },
        ],
        debugger: false,
        error: None,
    }
}
