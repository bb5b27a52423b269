//! The value that a cell ends with, shown by one compile.
//!
//! evcxr shows a last expression by its method `evcxr_display`, which the library's types have. For any other it
//! compiles the cell a second time, with `Debug` instead, and so it does where the expression moves a variable of the
//! cell, which costs a picture its looks. Two things spare that:
//!
//! - the session has a trait that gives every type with `Debug` the method; a type's own method comes before it. It is
//!   an item of the session and not of the library, where rustc would suggest its import to the stock kernel.
//! - a last expression to which a method call can simply be appended gets it here. To evcxr it is then a statement like
//!   any other, about which nothing has to be guessed.

use evcxr::CompilationError;
use ra_ap_syntax::ast::{self, AstNode};
use ra_ap_syntax::{Edition, SourceFile};

/// The method by which a value shows itself.
pub const METHOD: &str = "evcxr_display";

/// What is appended to an expression.
const CALL: &str = ".evcxr_display();";

/// The session's own trait; on one line, with names that no learner has.
pub const TRAIT: &str = "trait CourseShownByDebug { fn evcxr_display(&self); } \
    impl<T: std::fmt::Debug + ?Sized> CourseShownByDebug for T { fn evcxr_display(&self) { \
    println!(\"EVCXR_BEGIN_CONTENT text/plain\\n{:?}\\nEVCXR_END_CONTENT\", self); } }";

/// The cell with its last expression made a statement that shows the value; `None` where evcxr has to do that.
/// Lines and columns stay as they are.
pub fn shown(code: &str) -> Option<String> {
    // Commands of evcxr are no Rust, and a cell that has some must not be run twice.
    if code.lines().any(|line| line.trim_start().starts_with([':', '!'])) {
        return None;
    }
    const BEFORE: &str = "fn cell() {\n";
    let whole = format!("{BEFORE}{code}\n}}");
    let parse = SourceFile::parse(&whole, Edition::Edition2024);
    if !parse.errors().is_empty() {
        return None;
    }
    let function = parse.tree().syntax().children().find_map(ast::Fn::cast)?;
    let last = function.body()?.tail_expr()?;
    let takes_call = match &last {
        ast::Expr::CallExpr(_) | ast::Expr::MethodCallExpr(_) | ast::Expr::TryExpr(_) => true,
        // With braces it would be a statement of its own.
        ast::Expr::MacroExpr(_) => !last.syntax().text().to_string().ends_with('}'),
        _ => false,
    };
    // Such as `match x {}?` or `if a { b } else { c }.len()`, which end where they stand at the beginning of a statement.
    let begins_with_block = last.syntax().first_token().is_some_and(|token| {
        [
            "if", "match", "loop", "while", "for", "unsafe", "async", "const", "{", "'",
        ]
        .iter()
        .any(|start| token.text().starts_with(start))
    });
    if !takes_call || begins_with_block {
        return None;
    }
    let end = usize::from(last.syntax().text_range().end()) - BEFORE.len();
    Some(format!("{}{CALL}{}", &code[..end], &code[end..]))
}

/// Whether rustc could not show the value, rather than compile the cell.
pub fn cannot_be_shown(errors: &[CompilationError]) -> bool {
    errors
        .iter()
        .any(|error| error.message().contains(METHOD) || error.rendered().contains(CALL))
}

/// Generated source with the learner's lines as they were.
pub fn without_calls(generated: &str) -> String {
    generated.replace(CALL, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_question_marks_show_themselves_in_the_place_where_they_stand() {
        assert_eq!(
            shown("let a = 1;\nmodel.summary()  // all of it").unwrap(),
            "let a = 1;\nmodel.summary().evcxr_display();  // all of it"
        );
        assert_eq!(
            shown("figure\n    .draw()?\n").unwrap(),
            "figure\n    .draw()?.evcxr_display();\n"
        );
        assert_eq!(shown("vec![a, b]").unwrap(), "vec![a, b].evcxr_display();");
    }

    #[test]
    fn what_would_mean_something_else_with_a_call_behind_it_stays() {
        for code in [
            "1 + 2",
            "-x.abs()",
            "a = f()",
            "let a = f();",
            "f();",
            "if a { b() } else { c() }",
            "match a { _ => f() }",
            "for i in 0..3 { f(i) }",
            "thing! { a }",
            "return f()",
            ":dep rand = \"1\"\nf()",
            "f(",
            "",
            "fn f() {}",
        ] {
            assert_eq!(shown(code), None, "{code}");
        }
    }

    #[test]
    fn a_panic_is_found_in_the_line_as_the_learner_wrote_it() {
        let code = "let a = 1;\nboom()";
        assert_eq!(without_calls(&shown(code).unwrap()), code);
    }
}
