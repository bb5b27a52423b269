//! The way forward through the two-layer network of example 1, every product written out.

use super::BasicNetwork;
use crate::data::table::Table;
use crate::lectures::function::value;
use crate::lectures::tables::{factor, number, numbers, shows_as_table, words};
use crate::plot::Network;

impl BasicNetwork {
    /// The way from the inputs to the output, every product written out.
    pub fn forward(&self, x1: f32, x2: f32) -> BasicForward {
        let f = |s| value(self.activation, s);
        let s_h1 = self.w1 * x1 + self.w2 * x2 + self.b1;
        let s_h2 = self.w3 * x1 + self.w4 * x2 + self.b2;
        let (h1, h2) = (f(s_h1), f(s_h2));
        let s_o1 = self.w5 * h1 + self.w6 * h2 + self.b3;
        BasicForward {
            network: *self,
            x1,
            x2,
            s_h1,
            s_h2,
            h1,
            h2,
            s_o1,
            o1: f(s_o1),
        }
    }
}

/// Every number on the way forward. From [`BasicNetwork::forward`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasicForward {
    network: BasicNetwork,
    /// The first input.
    pub x1: f32,
    /// The second input.
    pub x2: f32,
    /// The sum of h1: w1 · x1 + w2 · x2 + b1.
    pub s_h1: f32,
    /// The sum of h2: w3 · x1 + w4 · x2 + b2.
    pub s_h2: f32,
    /// The output of h1.
    pub h1: f32,
    /// The output of h2.
    pub h2: f32,
    /// The sum of o1: w5 · h1 + w6 · h2 + b3.
    pub s_o1: f32,
    /// The output of the network.
    pub o1: f32,
}

impl BasicForward {
    /// The network with every weight on its line, and every output in its neuron. Finish it with `.draw()?`.
    pub fn drawing(&self) -> Network<'static> {
        let outputs: [&[f32]; 3] = [&[self.x1, self.x2], &[self.h1, self.h2], &[self.o1]];
        self.network.drawing().outputs(&outputs)
    }

    fn table(&self) -> Table {
        let w = &self.network;
        let sum = |[w, x, v, y, b]: [f32; 5]| {
            let [w, x, v, y, b] = [w, x, v, y, b].map(factor);
            format!("{w}·{x} + {v}·{y} + {b}")
        };
        Table {
            columns: vec![
                words("neuron", ["h1", "h2", "o1"]),
                words(
                    "sum s",
                    ["w1·x1 + w2·x2 + b1", "w3·x1 + w4·x2 + b2", "w5·h1 + w6·h2 + b3"],
                ),
                words(
                    "in numbers",
                    [
                        sum([w.w1, self.x1, w.w2, self.x2, w.b1]),
                        sum([w.w3, self.x1, w.w4, self.x2, w.b2]),
                        sum([w.w5, self.h1, w.w6, self.h2, w.b3]),
                    ],
                ),
                numbers("s", [self.s_h1, self.s_h2, self.s_o1]),
                numbers("f(s)", [self.h1, self.h2, self.o1]),
            ],
            caption: format!(
                "f = {}; x1 = {}, x2 = {} give o1 = {}",
                w.activation,
                number(self.x1),
                number(self.x2),
                number(self.o1)
            ),
        }
    }
}

shows_as_table!(BasicForward);
