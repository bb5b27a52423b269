//! What may stand at the cursor.

use super::{Knowledge, Place};
use anyhow::Result;
use ra_ap_hir::PrefixKind;
use ra_ap_ide::{
    CallableSnippets, CompletionConfig, CompletionFieldsToResolve, CompletionItemKind, FilePosition,
    RaFixtureConfig,
};
use ra_ap_ide_db::imports::insert_use::{ImportGranularity, InsertUseConfig};
use ra_ap_ide_db::{SnippetCap, SymbolKind};

/// One of the texts that can stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub text: String,
    /// In Jupyter's words: function, class, module, instance, keyword.
    pub kind: &'static str,
    pub signature: String,
}

/// What can stand at the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    pub matches: Vec<Match>,
    /// How many bytes before and behind the cursor the matches replace.
    pub before: usize,
    pub behind: usize,
}

impl Knowledge {
    /// What may stand at the cursor; each text once.
    pub fn completions(&mut self, place: &Place) -> Result<Completions> {
        self.read(&place.text);
        let position = FilePosition {
            file_id: self.cell,
            offset: u32::try_from(place.cursor)?.into(),
        };
        let items = self
            .analysis()
            .completions(&configuration(), position, None)?
            .unwrap_or_default();
        let mut found = Completions::default();
        for item in items {
            // More than one edit would be an import, too.
            let mut edits = item.text_edit.iter();
            let (Some(edit), None) = (edits.next(), edits.next()) else {
                continue;
            };
            let (start, end) = (usize::from(edit.delete.start()), usize::from(edit.delete.end()));
            let (Some(before), Some(behind)) =
                (place.cursor.checked_sub(start), end.checked_sub(place.cursor))
            else {
                continue;
            };
            // rust-analyzer tells all that could stand there, whatever has been written of it.
            let is_written = place
                .text
                .get(start..end)
                .is_some_and(|written| item.lookup().starts_with(written));
            let is_elsewhere = !found.matches.is_empty() && (found.before, found.behind) != (before, behind);
            let text = without_placeholders(&edit.insert);
            if !is_written || is_elsewhere || found.matches.iter().any(|known| known.text == text) {
                continue;
            }
            (found.before, found.behind) = (before, behind);
            found.matches.push(Match {
                text,
                kind: kind(item.kind),
                signature: item.label.primary.to_string(),
            });
        }
        Ok(found)
    }
}

fn configuration() -> CompletionConfig<'static> {
    CompletionConfig {
        enable_postfix_completions: true,
        enable_imports_on_the_fly: false,
        enable_self_on_the_fly: true,
        enable_auto_iter: true,
        enable_auto_await: true,
        enable_private_editable: true,
        enable_term_search: true,
        term_search_fuel: 400,
        full_function_signatures: true,
        callable: Some(CallableSnippets::FillArguments),
        add_colons_to_module: true,
        add_semicolon_to_unit: true,
        snippet_cap: SnippetCap::new(true),
        insert_use: InsertUseConfig {
            granularity: ImportGranularity::Item,
            enforce_granularity: false,
            prefix_kind: PrefixKind::ByCrate,
            group: false,
            skip_glob_imports: false,
        },
        prefer_no_std: false,
        prefer_prelude: false,
        prefer_absolute: false,
        snippets: Vec::new(),
        limit: None,
        fields_to_resolve: CompletionFieldsToResolve::empty(),
        exclude_flyimport: Vec::new(),
        exclude_traits: &[],
        ra_fixture: RaFixtureConfig::default(),
    }
}

/// `fit(${1:x}, ${2:y})$0` as it is to stand in the cell: `fit(x, y)`.
fn without_placeholders(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some(start) = rest.find('$') {
        let (before, placeholder) = rest.split_at(start);
        text.push_str(before);
        let number = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
        let braced = placeholder
            .strip_prefix("${")
            .filter(|inner| number(inner) > 0)
            .and_then(|inner| {
                let (content, rest) = inner.split_once('}')?;
                Some((content.split_once(':').map_or("", |(_, name)| name), rest))
            });
        let digits = number(&placeholder[1..]);
        rest = match braced {
            Some((name, rest)) => {
                text.push_str(name);
                rest
            }
            None if digits > 0 => &placeholder[1 + digits..],
            None => {
                text.push('$');
                &placeholder[1..]
            }
        };
    }
    text + rest
}

fn kind(kind: CompletionItemKind) -> &'static str {
    match kind {
        CompletionItemKind::SymbolKind(symbol) => match symbol {
            SymbolKind::Function
            | SymbolKind::Method
            | SymbolKind::Macro
            | SymbolKind::ProcMacro
            | SymbolKind::Derive
            | SymbolKind::DeriveHelper
            | SymbolKind::Attribute
            | SymbolKind::BuiltinAttr => "function",
            SymbolKind::Struct
            | SymbolKind::Enum
            | SymbolKind::Union
            | SymbolKind::Trait
            | SymbolKind::TypeAlias
            | SymbolKind::TypeParam
            | SymbolKind::SelfType => "class",
            SymbolKind::Module | SymbolKind::CrateRoot | SymbolKind::ToolModule => "module",
            _ => "instance",
        },
        CompletionItemKind::Keyword => "keyword",
        _ => "instance",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_editor_would_have_the_learner_fill_in_stands_as_it_is_called() {
        for (snippet, text) in [
            ("fit(${1:x}, ${2:y})$0", "fit(x, y)"),
            ("len()$0", "len()"),
            ("if let Some($1) = a {\n    $0\n}", "if let Some() = a {\n    \n}"),
            ("plain", "plain"),
            ("a$b", "a$b"),
        ] {
            assert_eq!(without_placeholders(snippet), text);
        }
    }
}
