//! Source without what functions do.
//!
//! Whoever calls a function of another crate sees its signature and its documentation. The body takes a third of the
//! standard library's text, and rust-analyzer reads it all before a session's first cell.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// In place of a body; it has every type that a function may return.
const EMPTY: &str = "{loop{}}";

/// What may stand before `fn`, but for the name of a calling convention.
const QUALIFIERS: [&str; 5] = ["const", "async", "unsafe", "safe", "extern"];

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
}

impl Token<'_> {
    /// White space, or a comment that documents nothing.
    fn is_idle(self) -> bool {
        match self.kind {
            TokenKind::LineComment { doc_style } | TokenKind::BlockComment { doc_style, .. } => {
                doc_style.is_none()
            }
            kind => kind == TokenKind::Whitespace,
        }
    }
}

/// The source with the bodies of functions emptied and without comments that document nothing.
///
/// Bodies stay where they may be needed: of `const fn`, which lengths of arrays are calculated by, and in macros where
/// they use what the macro was given.
pub fn without_bodies(source: &str) -> String {
    let tokens = tokens(source);
    let mut kept = String::with_capacity(source.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let body = (token.text == "fn").then(|| idle_body(&tokens, at)).flatten();
        let (written, next) = match body {
            Some((from, to)) => (&tokens[at..from], to),
            None => (&tokens[at..at + 1], at + 1),
        };
        for token in written {
            match token.kind {
                TokenKind::LineComment { doc_style: None } => {}
                TokenKind::BlockComment { doc_style: None, .. } => kept.push(' '),
                _ => kept.push_str(token.text),
            }
        }
        if body.is_some() {
            kept.push_str(EMPTY);
        }
        at = next;
    }
    kept
}

fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut place = 0;
    tokenize(source, FrontmatterAllowed::No)
        .map(|token| {
            let from = place;
            place += token.len as usize;
            Token {
                kind: token.kind,
                text: &source[from..place],
            }
        })
        .collect()
}

/// Where the body of the function begins whose `fn` is at the given place, and where it has ended, if nobody needs it.
fn idle_body(tokens: &[Token<'_>], at: usize) -> Option<(usize, usize)> {
    if is_const(&tokens[..at]) {
        return None;
    }
    let from = body(tokens, at)?;
    let to = end(tokens, from)?;
    let uses_macro = tokens[from..to]
        .iter()
        .any(|token| token.kind == TokenKind::Dollar);
    (!uses_macro).then_some((from, to))
}

/// Whether what stands before `fn` says `const`.
fn is_const(before: &[Token<'_>]) -> bool {
    let told = before.iter().rev().filter(|token| !token.is_idle());
    let mut qualifiers = told.take_while(|token| {
        QUALIFIERS.contains(&token.text) || matches!(token.kind, TokenKind::Literal { .. })
    });
    qualifiers.any(|token| token.text == "const")
}

/// Where the body begins; `None` for a function without one, or for a type such as `fn(u8)`.
fn body(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let mut open = 0_usize;
    let mut before = None;
    for (place, token) in tokens.iter().enumerate().skip(at + 1) {
        if token.is_idle() {
            continue;
        }
        match token.kind {
            // The first word after `fn` is the name; in a macro it may be given.
            kind if before.is_none()
                && !matches!(kind, TokenKind::Ident | TokenKind::RawIdent | TokenKind::Dollar) =>
            {
                return None;
            }
            TokenKind::OpenParen | TokenKind::OpenBracket => open += 1,
            TokenKind::CloseParen | TokenKind::CloseBracket => open = open.checked_sub(1)?,
            // A value among a type's parameters, such as `Array<{ N + 1 }>`, is left to be read.
            TokenKind::OpenBrace
                if matches!(before, Some(TokenKind::Lt | TokenKind::Comma | TokenKind::Eq)) =>
            {
                return None;
            }
            TokenKind::OpenBrace if open == 0 => return Some(place),
            TokenKind::Semi if open == 0 => return None,
            TokenKind::CloseBrace => return None,
            _ => {}
        }
        before = Some(token.kind);
    }
    None
}

/// Behind the bracket that closes the one at the given place.
fn end(tokens: &[Token<'_>], from: usize) -> Option<usize> {
    let mut open = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(from) {
        match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenParen | TokenKind::OpenBracket => open += 1,
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_keep_signature_and_documentation_but_not_their_body() {
        let source = "/// Adds.\npub fn add(a: [u8; 2], b: u8) -> u8 where u8: Copy { let c = '{'; a[0] + b }\nfn next() {}";
        let expected =
            "/// Adds.\npub fn add(a: [u8; 2], b: u8) -> u8 where u8: Copy {loop{}}\nfn next() {loop{}}";
        assert_eq!(without_bodies(source), expected);
    }

    #[test]
    fn methods_lose_their_bodies_and_what_surrounds_them_stays() {
        let source =
            "trait A { fn a(&self); fn b(&self) -> fn(u8) -> u8 { inner(|x| { x }) } const N: usize; }";
        let expected = "trait A { fn a(&self); fn b(&self) -> fn(u8) -> u8 {loop{}} const N: usize; }";
        assert_eq!(without_bodies(source), expected);
    }

    #[test]
    fn what_may_be_calculated_while_compiling_stays() {
        for source in [
            "pub const fn twice(n: usize) -> usize { 2 * n }",
            "const unsafe extern \"C\" fn one() -> usize { 1 }",
            "fn one() -> Array<{ N + 1 }> { make() }",
            "struct Callback { call: fn(u8) -> u8, other: u8 }",
        ] {
            assert_eq!(without_bodies(source), source);
        }
    }

    #[test]
    fn macros_keep_the_bodies_that_use_what_they_were_given() {
        let source = "macro_rules! m { ($t:ty) => { fn a() -> $t { <$t>::MAX } fn b() -> $t { zero() } } }";
        let expected = "macro_rules! m { ($t:ty) => { fn a() -> $t { <$t>::MAX } fn b() -> $t {loop{}} } }";
        assert_eq!(without_bodies(source), expected);
    }

    #[test]
    fn only_comments_that_document_stay() {
        let source = "//! Of the file.\n// why\n/* how */struct A; /** what */ struct B;";
        assert_eq!(
            without_bodies(source),
            "//! Of the file.\n\n struct A; /** what */ struct B;"
        );
    }

    #[test]
    fn source_that_ends_early_stays_as_it_is() {
        for source in ["fn", "fn a", "fn a(", "fn a() {", "fn a() { ( }", "fn a) {}"] {
            assert_eq!(without_bodies(source), source);
        }
    }
}
