//! Whether a cell is finished, or a console should let the learner write on: what Jupyter asks by `is_complete`.
//!
//! Answered from the tokens alone, by rustc's own lexer, since a console asks at every press of Enter.

use jupyter_zmq_client::IsCompleteReply;
use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

const INDENT: &str = "    ";

/// After these words and signs something has to follow.
const NEVER_LAST: [&str; 21] = [
    "let", "mut", "if", "else", "match", "while", "for", "in", "fn", "struct", "enum", "impl", "trait",
    "use", "mod", "pub", "const", "static", "unsafe", "move", "as",
];

/// Complete; incomplete, with the indent that the next line should have; or invalid, whatever may follow.
pub fn of(code: &str) -> IsCompleteReply {
    // evcxr's own commands are lines of their own, and no Rust.
    let rust: String = code
        .split_inclusive('\n')
        .map(|line| {
            if line.trim_start().starts_with(':') {
                "\n"
            } else {
                line
            }
        })
        .collect();
    let mut open: Vec<(TokenKind, usize)> = Vec::new();
    let (mut offset, mut line) = (0, 0);
    let mut last: Vec<(TokenKind, &str)> = Vec::new();
    for token in tokenize(&rust, FrontmatterAllowed::No) {
        let text = &rust[offset..offset + token.len as usize];
        offset += text.len();
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBrace | TokenKind::OpenBracket => {
                open.push((token.kind, line))
            }
            TokenKind::CloseParen | TokenKind::CloseBrace | TokenKind::CloseBracket
                if open.pop().map(|(kind, _)| closing(kind)) != Some(token.kind) =>
            {
                return IsCompleteReply::invalid();
            }
            TokenKind::Unknown | TokenKind::InvalidIdent => return IsCompleteReply::invalid(),
            TokenKind::BlockComment {
                terminated: false, ..
            } => return IsCompleteReply::incomplete(String::new()),
            TokenKind::Literal { kind, .. } => match kind {
                LiteralKind::Str { terminated: false }
                | LiteralKind::ByteStr { terminated: false }
                | LiteralKind::CStr { terminated: false }
                | LiteralKind::RawStr { n_hashes: None }
                | LiteralKind::RawByteStr { n_hashes: None }
                | LiteralKind::RawCStr { n_hashes: None } => {
                    return IsCompleteReply::incomplete(String::new());
                }
                LiteralKind::Char { terminated: false } | LiteralKind::Byte { terminated: false } => {
                    return IsCompleteReply::invalid();
                }
                _ => {}
            },
            _ => {}
        }
        line += text.matches('\n').count();
        let is_space = matches!(
            token.kind,
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. }
        );
        if !is_space {
            last.push((token.kind, text));
        }
    }
    // Two that were opened in one line indent once.
    let mut lines: Vec<usize> = open.iter().map(|(_, line)| *line).collect();
    lines.dedup();
    if !lines.is_empty() {
        return IsCompleteReply::incomplete(INDENT.repeat(lines.len()));
    }
    if wants_more(&last) {
        return IsCompleteReply::incomplete(INDENT.to_owned());
    }
    IsCompleteReply::complete()
}

fn closing(open: TokenKind) -> TokenKind {
    match open {
        TokenKind::OpenParen => TokenKind::CloseParen,
        TokenKind::OpenBrace => TokenKind::CloseBrace,
        _ => TokenKind::CloseBracket,
    }
}

fn wants_more(tokens: &[(TokenKind, &str)]) -> bool {
    let Some(((kind, text), before)) = tokens.split_last() else {
        return false;
    };
    match kind {
        TokenKind::Ident => NEVER_LAST.contains(text),
        // `0..` is a whole range, `value.` is not.
        TokenKind::Dot => before.last().is_none_or(|(kind, _)| *kind != TokenKind::Dot),
        // The end of `->` and `=>`, and of `a >`; of `parse::<f32>` the call is missing.
        TokenKind::Gt
        | TokenKind::Eq
        | TokenKind::Lt
        | TokenKind::Plus
        | TokenKind::Minus
        | TokenKind::Star
        | TokenKind::Slash
        | TokenKind::Percent
        | TokenKind::Caret
        | TokenKind::And
        | TokenKind::Comma
        | TokenKind::Colon => true,
        // `#[derive(Debug)]` and the like, on a line of its own before what it is about.
        TokenKind::CloseBracket => ends_in_attribute(tokens),
        _ => false,
    }
}

fn ends_in_attribute(tokens: &[(TokenKind, &str)]) -> bool {
    let mut depth = 0;
    for (index, (kind, _)) in tokens.iter().enumerate().rev() {
        match kind {
            TokenKind::CloseBracket => depth += 1,
            TokenKind::OpenBracket => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index > 0 && tokens[index - 1].0 == TokenKind::Pound;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use jupyter_protocol::IsCompleteReplyStatus as Status;

    fn status(code: &str) -> (Status, String) {
        let reply = of(code);
        (reply.status, reply.indent)
    }

    #[test]
    fn whole_cells_are_complete() {
        for code in [
            "",
            "1 + 2",
            "let a = 5;",
            "fn double(x: f32) -> f32 {\n    2.0 * x\n}",
            ":dep rand = \"0.9\"",
            ":vars\nlet text = \"it's a [\";",
            "'a'",
            "// let x =",
            "let range = 0..;\n0..",
            "fn longest<'a>(x: &'a str) -> &'a str { x }",
            "vec![1, 2][0]",
        ] {
            assert_eq!(status(code), (Status::Complete, String::new()), "{code}");
        }
    }

    #[test]
    fn unfinished_cells_are_incomplete_and_say_how_far_to_indent() {
        for (code, indent) in [
            ("fn double(x: f32) -> f32 {", 4),
            ("let list = vec![\n    1,", 4),
            ("for a in list {\n    if a {", 8),
            ("layers(vec![", 4),
            ("let a =", 4),
            ("a +", 4),
            ("model.", 4),
            ("#[derive(Debug)]", 4),
            ("if right { 1 } else", 4),
            ("let text = \"one\n", 0),
            ("/* a comment", 0),
            ("let text = r#\"one\"", 0),
        ] {
            assert_eq!(status(code), (Status::Incomplete, " ".repeat(indent)), "{code}");
        }
    }

    #[test]
    fn what_cannot_become_rust_is_invalid() {
        for code in ["let a = (1, 2];", "}", "let ¿ = 1;"] {
            assert_eq!(status(code).0, Status::Invalid, "{code}");
        }
    }
}
