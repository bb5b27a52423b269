//! The types of a cell's variables.

use super::Knowledge;
use anyhow::Result;
use ra_ap_hir::{HirDisplay, Module, Semantics, attach_db};
use ra_ap_ide::{Edition, RootDatabase};
use ra_ap_ide_db::EditionedFileId;
use ra_ap_syntax::ast::{self, AstNode, HasModuleItem, HasName};
use ra_ap_syntax::{SourceFile, SyntaxKind, SyntaxNode};

/// The function that evcxr puts around a cell.
const AROUND_THE_CELL: &str = "evcxr_analysis_wrapper";

/// A variable that outlives its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    /// As it may be written in a cell.
    pub type_name: String,
    pub is_mutable: bool,
}

impl Knowledge {
    /// The variables that the cell in `text` makes, those whose types are known and can be written. In the order in which
    /// they are made; of two with one name the later counts.
    pub fn variables(&mut self, text: &str) -> Result<Vec<Variable>> {
        self.read(text);
        let database = self.host.raw_database();
        let semantics = Semantics::new(database);
        let file = semantics.parse(EditionedFileId::new(database, self.cell, Edition::Edition2024));
        let cell = file.items().find_map(|item| match item {
            ast::Item::Fn(function) if function.name()?.text() == AROUND_THE_CELL => Some(function),
            _ => None,
        });
        let mut variables = Vec::new();
        attach_db(database, || {
            let module = cell
                .as_ref()
                .and_then(|cell| Some(semantics.scope(cell.syntax())?.module()));
            let body = cell.as_ref().and_then(ast::Fn::body);
            if let (Some(module), Some(body)) = (module, body) {
                for statement in body.statements() {
                    if let ast::Stmt::LetStmt(statement) = statement {
                        note(&statement, &semantics, module, &mut variables);
                    }
                }
            }
        });
        Ok(variables)
    }
}

fn note(
    statement: &ast::LetStmt,
    semantics: &Semantics<'_, RootDatabase>,
    module: Module,
    variables: &mut Vec<Variable>,
) {
    let Some(pattern) = statement.pat() else { return };
    // A written type is that of the whole pattern.
    let written = statement.ty().map(|written| written.syntax().text().to_string());
    let written = written.filter(|_| matches!(pattern, ast::Pat::IdentPat(_)));
    for part in pattern.syntax().descendants().filter_map(ast::IdentPat::cast) {
        let Some(name) = part.name() else { continue };
        let name = name.text().to_string();
        variables.retain(|known: &Variable| known.name != name);
        let type_name = written
            .clone()
            .filter(|written| can_be_written(written))
            .or_else(|| {
                let inferred = semantics.type_of_pat(&part.clone().into())?.original();
                if inferred.is_closure() {
                    return None;
                }
                let name = inferred
                    .display_source_code(semantics.db, module.into(), true)
                    .ok()?;
                can_be_written(&name).then_some(name)
            });
        if let Some(type_name) = type_name {
            variables.push(Variable {
                name,
                type_name: outliving_the_cell(&type_name),
                is_mutable: part.mut_token().is_some(),
            });
        }
    }
}

/// Whether a type is one that can be written, and whole.
fn can_be_written(type_name: &str) -> bool {
    let parse = SourceFile::parse(&format!("const _: {type_name} = x;"), Edition::Edition2024);
    parse.errors().is_empty()
        && parse
            .syntax_node()
            .descendants()
            .all(|node| !matches!(node.kind(), SyntaxKind::ERROR | SyntaxKind::INFER_TYPE))
}

/// The type with what its references leave unsaid: that they hold beyond the cell. evcxr's check of a cell needs that said.
fn outliving_the_cell(type_name: &str) -> String {
    const BEFORE: &str = "const _: ";
    let parse = SourceFile::parse(&format!("{BEFORE}{type_name} = x;"), Edition::Edition2024);
    let root = parse.syntax_node();
    // What a function takes and returns is said to hold as long as it is called.
    let is_of_function = |node: &SyntaxNode| {
        let mut around = node.ancestors().map(|node| node.kind());
        around.any(|kind| {
            matches!(
                kind,
                SyntaxKind::FN_PTR_TYPE | SyntaxKind::PARENTHESIZED_ARG_LIST | SyntaxKind::RET_TYPE
            )
        })
    };
    let open: Vec<usize> = root
        .descendants()
        .filter_map(ast::RefType::cast)
        .filter(|reference| reference.lifetime().is_none() && !is_of_function(reference.syntax()))
        .filter_map(|reference| Some(usize::from(reference.amp_token()?.text_range().end()) - BEFORE.len()))
        .collect();
    let mut text = type_name.to_owned();
    for at in open.into_iter().rev() {
        text.insert_str(at, "'static ");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_can_be_written_if_no_part_of_it_is_left_open() {
        for whole in ["Vec<String>", "&[i32]", "Foo<42>", "Box<dyn Fn(f32) -> f32>"] {
            assert!(can_be_written(whole), "{whole}");
        }
        for open in ["[i32, _]", "Vec<_>", "{unknown}", ""] {
            assert!(!can_be_written(open), "{open}");
        }
    }

    #[test]
    fn references_are_said_to_outlive_the_cell_but_for_those_that_functions_take() {
        for (found, kept) in [
            ("&str", "&'static str"),
            (
                "HashMap<&str, Vec<&mut f32>>",
                "HashMap<&'static str, Vec<&'static mut f32>>",
            ),
            ("&&[u8]", "&'static &'static [u8]"),
            ("&'static str", "&'static str"),
            ("fn(&str) -> &str", "fn(&str) -> &str"),
            (
                "(&u8, Box<dyn Fn(&u8) -> &u8>)",
                "(&'static u8, Box<dyn Fn(&u8) -> &u8>)",
            ),
            ("Vec<f32>", "Vec<f32>"),
        ] {
            assert_eq!(outliving_the_cell(found), kept);
        }
    }
}
