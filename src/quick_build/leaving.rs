//! What a cell has made before an error leaves it, kept.
//!
//! evcxr stores a cell's variables at the end of the cell, so an error that leaves it by `?` takes them along: also the
//! model that has been trained for an hour when the learner presses Interrupt. So each `?` is written as the `match` that
//! it stands for, and before the error leaves, the variables that the statements above have made are stored. The kernel
//! then makes them the session's (`Session::bring_back`).
//!
//! Where that is not sound Rust (something borrows what would be moved), the cell is compiled as it was.

use super::source::{handled, put};
use super::work::{END, QUESTION_MARKS};
use ra_ap_syntax::ast::{self, AstNode, BlockModifier, HasAttrs, HasName};
use ra_ap_syntax::{Edition, SourceFile, SyntaxKind, SyntaxNode};
use std::collections::BTreeMap;

const BEFORE: &str = "fn cell() {";
/// More than this much is not worth what rustc would take for it.
const MOST: usize = 60;

const MATCH: &str = "(match (";
const FINE: &str = ") { ::std::result::Result::Ok(course_value) => course_value, ::std::result::Result::Err(course_error) => \
                    { let course_error = EvcxrUserCodeError::from(course_error); ";
const LEAVE: &str = " return ::std::result::Result::Err(course_error); } })";

/// The program with its variables kept; `None` where there are none to keep. Lines keep their numbers.
pub fn with_variables_kept(program: &str) -> Option<String> {
    let start = program.find(QUESTION_MARKS)? + QUESTION_MARKS.len();
    let end = start + program[start..].rfind(END)?;
    let code = learners_part(&program[start..end]);
    let stored: BTreeMap<&str, &str> = program[start + code.len()..end]
        .lines()
        .filter_map(|line| Some((put(line)?.0, line.trim())))
        .collect();
    if stored.is_empty() || !code.contains('?') {
        return None;
    }
    let changed = changed(code, &stored)?;
    Some(format!(
        "{}{changed}{}",
        &program[..start],
        &program[start + code.len()..]
    ))
}

/// Whether an error can leave the cell after it has made a variable.
pub fn may_lose_variables(program: &str) -> bool {
    with_variables_kept(program).is_some()
}

/// What stands before the lines by which evcxr stores variables.
fn learners_part(text: &str) -> &str {
    let mut end = text.len();
    for line in text.split_inclusive('\n').rev() {
        let is_evcxrs = handled(line.trim_end_matches('\n')).is_some() || line.starts_with("Ok(())})();");
        if !is_evcxrs {
            break;
        }
        end -= line.len();
    }
    &text[..end]
}

/// The learner's statements, with what is kept before an error leaves. `stored` is how each variable is stored.
fn changed(code: &str, stored: &BTreeMap<&str, &str>) -> Option<String> {
    let parse = SourceFile::parse(&format!("{BEFORE}{code}}}"), Edition::Edition2024);
    if !parse.errors().is_empty() {
        return None;
    }
    let function = parse.tree().syntax().children().find_map(ast::Fn::cast)?;
    let statements: Vec<SyntaxNode> = function
        .body()?
        .stmt_list()?
        .syntax()
        .children()
        .filter(|node| ast::Stmt::can_cast(node.kind()) || ast::Expr::can_cast(node.kind()))
        .collect();
    let made: Vec<Vec<String>> = statements.iter().map(names).collect();
    // One of two variables of a name has another type than the one that is stored.
    let is_kept = |name: &&String| {
        stored.contains_key(name.as_str()) && made.iter().flatten().filter(|other| other == name).count() == 1
    };
    let (mut edits, mut amount) = (Vec::new(), 0);
    for (place, statement) in statements.iter().enumerate() {
        let kept: Vec<&str> = made[..place]
            .iter()
            .flatten()
            .filter(is_kept)
            .map(String::as_str)
            .collect();
        if kept.is_empty() {
            continue;
        }
        let stores: Vec<&str> = kept.iter().map(|name| stored[name]).collect();
        let names: Vec<String> = kept.iter().map(|name| format!("{name:?}")).collect();
        let say = format!(
            "course_lib::notebook::store::left_behind(&[{}]);",
            names.join(", ")
        );
        for question_mark in question_marks(statement) {
            let range = question_mark.syntax().text_range();
            let mark = question_mark.question_mark_token()?.text_range();
            amount += kept.len();
            edits.push((range.start(), range.start(), MATCH.to_owned()));
            edits.push((
                mark.start(),
                mark.end(),
                format!("{FINE}{} {say}{LEAVE}", stores.join(" ")),
            ));
        }
    }
    if edits.is_empty() || amount > MOST {
        return None;
    }
    edits.sort_by_key(|(start, _, _)| *start);
    let (mut changed, mut done) = (String::new(), 0);
    for (start, end, text) in edits {
        let place = |offset| usize::from(offset) - BEFORE.len();
        changed.push_str(&code[done..place(start)]);
        changed.push_str(&text);
        done = place(end);
    }
    changed.push_str(&code[done..]);
    Some(changed)
}

/// The variables that a statement makes for those below it.
fn names(statement: &SyntaxNode) -> Vec<String> {
    let Some(pattern) = ast::LetStmt::cast(statement.clone())
        // What the kernel has written in is not compiled.
        .filter(|made| made.attrs().next().is_none())
        .and_then(|made| made.pat())
    else {
        return Vec::new();
    };
    let names = pattern.syntax().descendants().filter_map(ast::IdentPat::cast);
    names
        .filter_map(|name| Some(name.name()?.text().to_string()))
        .collect()
}

/// Each `?` of a statement by which an error would leave the cell, rather than a function or closure in it.
fn question_marks(statement: &SyntaxNode) -> Vec<ast::TryExpr> {
    let mut found = Vec::new();
    let mut inside = vec![statement.clone()];
    while let Some(node) = inside.pop() {
        let is_its_own = match node.kind() {
            SyntaxKind::CLOSURE_EXPR => true,
            SyntaxKind::BLOCK_EXPR => {
                let modifier = ast::BlockExpr::cast(node.clone()).and_then(|block| block.modifier());
                !matches!(
                    modifier,
                    None | Some(BlockModifier::Unsafe(_) | BlockModifier::Label(_))
                )
            }
            kind => ast::Item::can_cast(kind),
        };
        if is_its_own {
            continue;
        }
        found.extend(ast::TryExpr::cast(node.clone()));
        inside.extend(node.children());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(code: &str) -> String {
        format!(
            "#![allow(dead_code)]\n  std::panic::AssertUnwindSafe(||{{\n{QUESTION_MARKS}\n{code}\n\
             evcxr_variable_store.put_variable::<Model>(stringify!(model), model);\n\
             evcxr_variable_store.put_variable::<f32>(stringify!(loss), loss);\n\
             Ok(())}})();\n}})) {{ \n  Ok(_) => {{}}\n}}\n"
        )
    }

    const KEPT: &str = "evcxr_variable_store.put_variable::<Model>(stringify!(model), model); \
                        course_lib::notebook::store::left_behind(&[\"model\"]);";

    #[test]
    fn what_was_made_above_a_question_mark_is_kept_and_every_line_stays_where_it_is() {
        let source =
            program("let mut model = made()?;\nmodel.fit(&x,\n  read()?)?;\nlet loss = model.loss();");
        let with = with_variables_kept(&source).unwrap();
        let expected = format!(
            "let mut model = made()?;\n{MATCH}model.fit(&x,\n  {MATCH}read(){FINE}{KEPT}{LEAVE}){FINE}{KEPT}{LEAVE};\n\
             let loss = model.loss();\n"
        );
        assert!(with.contains(&expected), "{with}");
        assert_eq!(with.lines().count(), source.lines().count());
    }

    #[test]
    fn errors_that_do_not_leave_the_cell_are_left_alone() {
        for code in [
            "let model = 1;\nlet f = |x: &str| { x.parse::<f32>()?; Ok(()) };\nlet loss = 1.0;",
            "let model = 1;\nfn f() -> Result<()> { g()?; Ok(()) }\nlet loss = 1.0;",
            "let model = 1;\nlet later = async { g()?; Ok(()) };\nlet loss = 1.0;",
            "let model = made()?;\nlet loss = 1.0;",
            "let model = \"?\";\nlet loss = 1.0;",
        ] {
            assert_eq!(with_variables_kept(&program(code)), None, "{code}");
        }
    }

    #[test]
    fn a_name_that_two_variables_have_is_not_kept() {
        let source = program("let model = 1;\nlet model = made(model)?;\nmodel.fit()?;\nlet loss = 1.0;");
        assert_eq!(with_variables_kept(&source), None);
    }

    #[test]
    fn what_the_kernel_has_written_in_makes_nothing() {
        let source = program(
            "let mut model = made();\n#[cfg(false)] let loss: f32 = loss;\nmodel.fit()?;\nlet loss = 1.0;",
        );
        let with = with_variables_kept(&source).unwrap();
        assert!(
            with.contains(&format!("{MATCH}model.fit(){FINE}{KEPT}{LEAVE};")),
            "{with}"
        );
    }
}
