//! What the lectures do by hand: small, exact, and shown step by step.
//!
//! These are not for large networks; [`layers`](mod@crate::layers) and [`model`](crate::model) are. Each type
//! here shows its numbers as the table that the slide has.
//!
//! | file | shows | lesson |
//! | --- | --- | --- |
//! | [`neuron`] | the weighted sum, the bias, the activation | 01 |
//! | [`truth_table`] | OR, AND, NOT, XOR, and who gets them right | 01, 03 |
//! | [`regions`] | what they say to every place of the plane | 01, 03 |
//! | [`learning`] | the perceptron and the delta rule, step by step | 01 |
//! | [`collapse`](mod@collapse) | a deep network without activations, as one linear map | 02 |
//! | [`vanishing`] | what is left of the gradient, layer by layer | 02 |
//! | [`basic_network`] | two inputs, h1 and h2, o1: every product, and the chain rule back | 03 |
//! | [`two_layer_network`] | the same as matrices, for any number of inputs and hidden neurons | 03 |
//! | [`one_weight`] | the six steps of learning, on output = W × input | 04 |
//! | [`autodiff`] | a stack of calls, and how it is un-stacked | 04 |
//! | [`surfaces`] | losses of two weights, to roll down | 05 |
//! | [`descent`] | the path of an optimiser | 05 |
//! | [`race`] | several of them, compared | 05 |

pub mod autodiff;
pub mod basic_network;
pub mod collapse;
pub mod descent;
mod function;
pub mod learning;
pub mod neuron;
pub mod one_weight;
pub mod race;
mod race_animation;
pub mod regions;
pub mod surfaces;
mod tables;
pub mod truth_table;
pub mod two_layer_network;
pub mod vanishing;

pub use autodiff::{Tape, Unstacking, Var};
pub use basic_network::{BasicBackward, BasicForward, BasicNetwork};
pub use collapse::{LinearMap, collapse};
pub use descent::{Path, descend};
pub use learning::{Learn, LearningHistory, LearningStep};
pub use neuron::{Explanation, Neuron};
pub use one_weight::{DeltaRule, LossTable, Nudge, OneWeight, SignTable};
pub use race::Race;
pub use surfaces::Surface;
pub use truth_table::{Answers, TruthTable};
pub use two_layer_network::{TwoLayerBackward, TwoLayerForward, TwoLayerNetwork};
pub use vanishing::{DeepStack, LayerGradients};
