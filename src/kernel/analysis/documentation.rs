//! What a name is: signature and documentation.

use super::{Knowledge, Place};
use anyhow::Result;
use ra_ap_ide::{FileRange, HoverConfig, HoverDocFormat, RaFixtureConfig, SubstTyLen, TextRange};

impl Knowledge {
    /// What is known of the name before the cursor, as plain text and as HTML.
    pub fn documentation(&mut self, place: &Place) -> Result<Option<(String, String)>> {
        self.read(&place.text);
        let cursor = u32::try_from(place.cursor)?.into();
        let range = FileRange {
            file_id: self.cell,
            range: TextRange::new(cursor, cursor),
        };
        let told = |format| -> Result<Option<String>> {
            let told = self.analysis().hover(&configuration(format), range)?;
            Ok(told.map(|told| String::from(told.info.markup)))
        };
        let (plain, markdown) = (told(HoverDocFormat::PlainText)?, told(HoverDocFormat::Markdown)?);
        Ok(plain
            .zip(markdown)
            .map(|(plain, markdown)| (plain, html(&markdown))))
    }
}

fn configuration(format: HoverDocFormat) -> HoverConfig<'static> {
    HoverConfig {
        links_in_hover: true,
        memory_layout: None,
        documentation: true,
        keywords: true,
        format,
        max_trait_assoc_items_count: None,
        max_fields_count: Some(5),
        max_enum_variants_count: Some(5),
        max_subst_ty_len: SubstTyLen::Unlimited,
        show_drop_glue: false,
        ra_fixture: RaFixtureConfig::default(),
    }
}

fn html(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    html
}
