//! The library of the course "Deep generative neural networks: fundamentals & problem solving":
//! what the cells of a lesson call.
//!
//! A lesson starts with `use course_lib::prelude::*;`. The rooms, in the order in which a lesson needs them:
//!
//! | module | holds |
//! | --- | --- |
//! | [`data`] | the course's data sets, tables, splits and scalers |
//! | [`tensor`] | numbers in rows and columns, and how gradients are recorded |
//! | [`layers`](mod@layers) | what a network is made of |
//! | [`losses`] | how wrong a network is |
//! | [`optimizers`] | how weights change |
//! | [`model`] | networks: `compile`, `fit`, `evaluate`, `predict`, `summary` |
//! | [`gan`] | networks that draw: generator and discriminator |
//! | [`metrics`] | how good a network is |
//! | [`plot`] | pictures |
//! | [`lectures`] | what the lectures do by hand: a neuron, small networks, auto-differentiation, paths |
//! | [`check`](mod@check) | whether an exercise is solved |
//! | [`quiz`] | questions with folded answers |
//! | [`notebook`] | how all of these look in a notebook |
//! | [`error`] | what went wrong, and what to do |

#![deny(missing_docs)]
#![deny(
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_codeblock_attributes,
    rustdoc::invalid_html_tags,
    rustdoc::invalid_rust_codeblocks,
    rustdoc::private_intra_doc_links,
    rustdoc::redundant_explicit_links,
    rustdoc::unescaped_backticks
)]

pub mod check;
pub mod data;
pub mod error;
pub mod gan;
mod kept;
pub mod layers;
pub mod lectures;
pub mod losses;
pub mod metrics;
pub mod model;
pub mod notebook;
pub mod optimizers;
pub mod plot;
pub mod prelude;
pub mod quiz;
pub mod random;
pub mod tensor;
