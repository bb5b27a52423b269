//! What the lectures do by hand: small, exact, and shown step by step.
//!
//! These are not for large networks; [`layers`](mod@crate::layers) and [`model`](crate::model) are. Each type
//! here shows its numbers as the table that the slide has.
//!
//! | file | shows | lesson |
//! | --- | --- | --- |
//! | [`neuron`] | the weighted sum, the bias, the activation | 01 |
//! | [`truth_table`] | OR, AND, NOT, XOR, and who gets them right | 01, 03 |
//! | [`learning`] | the perceptron and the delta rule, step by step | 01 |

mod function;
pub mod learning;
pub mod neuron;
mod tables;
pub mod truth_table;

pub use learning::{Learn, LearningHistory, LearningStep};
pub use neuron::{Explanation, Neuron};
pub use truth_table::{Answers, TruthTable};
