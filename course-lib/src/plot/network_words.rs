//! A network to be drawn, in words.

use super::axis::brief;
use super::network::{Network, Units};

impl Network<'_> {
    /// The network in words.
    pub(super) fn words(&self, with_numbers: bool) -> String {
        let columns = self.layers.iter().map(|layer| {
            let details = if layer.details.is_empty() {
                String::new()
            } else {
                format!(" ({})", layer.details)
            };
            format!(
                "{} of {} {}{details}",
                layer.name,
                layer.count,
                if layer.count == 1 { "unit" } else { "units" }
            )
        });
        let title = if self.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", self.title)
        };
        let mut words = format!("Network{title}: {}.", columns.collect::<Vec<_>>().join(", "));
        if with_numbers {
            for pair in self.layers.windows(2) {
                (0..pair[1].count).for_each(|unit| words.push_str(&sentence(&pair[0], &pair[1], unit)));
            }
        }
        words
    }
}

/// One unit in words: " h1: x1 times 0.5, x2 times −1, plus 0.1, gives 0.65."
fn sentence(before: &Units, layer: &Units, unit: usize) -> String {
    let name = |units: &Units, unit: usize| match units.names.get(unit) {
        Some(name) => name.clone(),
        None => format!("{} {}", units.name, unit + 1),
    };
    let mut parts: Vec<String> = (0..before.count)
        .filter_map(|input| {
            let weight = layer.weights.get(input * layer.count + unit)?;
            Some(format!("{} times {}", name(before, input), brief(*weight)))
        })
        .collect();
    parts.extend(
        layer
            .biases
            .get(unit)
            .map(|bias| format!("plus {}", brief(*bias))),
    );
    parts.extend(
        layer
            .values
            .get(unit)
            .map(|value| format!("gives {}", brief(*value))),
    );
    match parts.is_empty() {
        true => String::new(),
        false => format!(" {}: {}.", name(layer, unit), parts.join(", ")),
    }
}
