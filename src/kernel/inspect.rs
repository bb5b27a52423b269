//! Where to look when the learner asks what something is.
//!
//! evcxr tells what stands at the end of a text; here the end is found: behind the name at the cursor, or, within the
//! arguments of a call, behind the name of what is called.

use super::analysis::hidden::to_be_analysed;
use super::analysis::{Context, Place};
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// The name that a cell asks about in IPython's way, if that is all it does: `?Tensor`.
pub fn asked(cell: &str) -> Option<&str> {
    name_behind("?", cell)
}

/// The name that a cell asks about in evcxr's way, with the answer as its output: `:doc Tensor`.
pub fn asked_for_output(cell: &str) -> Option<&str> {
    name_behind(":doc ", cell)
}

fn name_behind<'a>(start: &str, cell: &'a str) -> Option<&'a str> {
    let name = cell.trim().strip_prefix(start)?.trim();
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

/// The byte before which the text ends with the name to explain, and the bracket that opens its arguments if it has
/// some. `cursor` is a byte.
pub fn end_of_name(code: &str, cursor: usize) -> Option<usize> {
    let mut offset = 0;
    let tokens: Vec<(TokenKind, usize, usize)> = tokenize(code, FrontmatterAllowed::No)
        .map(|token| {
            let start = offset;
            offset += token.len as usize;
            (token.kind, start, offset)
        })
        .collect();
    let is_name = |kind: TokenKind| matches!(kind, TokenKind::Ident | TokenKind::RawIdent);
    let at_cursor = tokens
        .iter()
        .position(|(kind, start, end)| is_name(*kind) && *start <= cursor && cursor <= *end)
        // Behind the sign of a macro: `println!`.
        .or_else(|| {
            let bang = tokens
                .iter()
                .position(|(kind, _, end)| *kind == TokenKind::Bang && *end == cursor)?;
            bang.checked_sub(1).filter(|name| is_name(tokens[*name].0))
        });
    let name = at_cursor.or_else(|| called(&tokens, cursor).filter(|index| is_name(tokens[*index].0)))?;
    let follows = |index: usize, kind: TokenKind| tokens.get(index).is_some_and(|(found, ..)| *found == kind);
    let end = tokens[name].2;
    Some(if follows(name + 1, TokenKind::OpenParen) {
        tokens[name + 1].2
    } else {
        end
    })
}

/// The text that ends at `end`, as a statement among all that came before, with the cursor behind its last name.
pub fn place(code: &str, end: usize, context: &mut impl Context) -> Option<Place> {
    let code = to_be_analysed(code.get(..end)?);
    if code.trim() == "let" {
        return context.place("let _ = 1;", "let".len());
    }
    // rust-analyzer knows a method only where it is called.
    match code.strip_suffix('(') {
        Some(name) => context.place(&format!("{code});"), name.len()),
        None => context.place(&format!("{code};"), code.len()),
    }
}

/// The token before the innermost bracket that is still open at the cursor; before its `!` in a macro.
fn called(tokens: &[(TokenKind, usize, usize)], cursor: usize) -> Option<usize> {
    let mut depth = 0;
    for (index, (kind, _, end)) in tokens.iter().enumerate().rev() {
        if *end > cursor {
            continue;
        }
        match kind {
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => depth += 1,
            TokenKind::OpenParen if depth == 0 => {
                let before = index.checked_sub(1)?;
                return if tokens[before].0 == TokenKind::Bang {
                    before.checked_sub(1)
                } else {
                    Some(before)
                };
            }
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_before_a_name_asks_and_one_behind_it_is_rust() {
        assert_eq!(asked(" ?Tensor::linspace\n"), Some("Tensor::linspace"));
        assert_eq!(asked("?println!"), Some("println!"));
        assert_eq!(asked_for_output(":doc Tensor"), Some("Tensor"));
        for rust in ["result?", "?", "? two words", "let a = b?;", ":docs a", ":doc"] {
            assert_eq!(asked(rust).or(asked_for_output(rust)), None, "{rust}");
        }
    }

    /// What is explained where `|` stands.
    fn explained(code: &str) -> Option<String> {
        let cursor = code.find('|').unwrap();
        let code = code.replace('|', "");
        end_of_name(&code, cursor).map(|end| code[..end].to_owned())
    }

    #[test]
    fn the_name_at_the_cursor_is_explained_from_any_place_in_it() {
        for code in ["let x = mod|el;", "let x = |model;", "let x = model|;"] {
            assert_eq!(explained(code).as_deref(), Some("let x = model"), "{code}");
        }
    }

    #[test]
    fn a_call_keeps_its_bracket_and_is_explained_from_within_its_arguments() {
        for code in [
            "model.f|it(x, y)",
            "model.fit(|x, y)",
            "model.fit(x, |)",
            "model.fit((1, 2), 3, |",
        ] {
            let whole = explained(code).unwrap();
            assert!(whole == "model.fit(" || whole == "model.fit(x", "{code}: {whole}");
        }
        for code in ["println!(\"{}\", |1)", "println!|"] {
            assert_eq!(explained(code).as_deref(), Some("println"), "{code}");
        }
    }

    #[test]
    fn where_no_name_stands_nothing_is_explained() {
        assert_eq!(explained("1 + | 2"), None);
        assert_eq!(explained("|"), None);
    }
}
