//! A value in several forms, of which the front end picks one.

use super::wire::{self, Role};

/// One thing to look at, in as many forms (MIME types) as it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rich {
    forms: Vec<(&'static str, String)>,
}

impl Rich {
    /// Starts with the plain text that every front end can show.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            forms: vec![("text/plain", text.into())],
        }
    }

    /// Adds an HTML form (tables). Text from data must already be escaped.
    #[must_use]
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.forms.push(("text/html", html.into()));
        self
    }

    /// Adds a picture. JupyterLab draws `image/svg+xml` without access to fonts or scripts of the page,
    /// so the picture looks the same everywhere.
    #[must_use]
    pub fn svg(mut self, svg: impl Into<String>) -> Self {
        self.forms.push(("image/svg+xml", svg.into()));
        self
    }

    /// The forms, plain text first: MIME type and content.
    pub fn forms(&self) -> &[(&'static str, String)] {
        &self.forms
    }
}

/// A type that has a look of its own in a notebook.
///
/// Implement [`Show::rich`] and add `course_lib::shows_itself!(Type)`, which gives the type the method
/// that Rust kernels call for the last expression of a cell.
pub trait Show {
    /// The value in all its forms.
    fn rich(&self) -> Rich;

    /// Shows the value here and now, in the middle of a cell.
    fn show(&self) {
        wire::send(&self.rich(), Role::Display);
    }
}

/// Gives types that implement [`Show`] the method that evcxr calls for a cell's last expression.
///
/// evcxr finds it only as an inherent method, since a trait would have to be imported by the learner.
#[macro_export]
macro_rules! shows_itself {
    ($($type:ty),+ $(,)?) => {$(
        impl $type {
            /// Shows the value as a cell's result; Rust kernels call this for the last expression.
            pub fn evcxr_display(&self) {
                $crate::notebook::wire::send(
                    &$crate::notebook::Show::rich(self),
                    $crate::notebook::wire::Role::Result,
                );
            }
        }
    )+};
}
