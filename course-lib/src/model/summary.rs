//! The table of a network's layers.

use std::fmt;

use super::Sequential;
use crate::data::table::{Column, Table};
use crate::notebook::{Rich, Show};

/// A network's layers with output shapes and numbers of parameters, as Keras's `summary()` prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    lines: Vec<Line>,
    trainable: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    layer: String,
    output: String,
    parameters: usize,
}

impl Summary {
    pub(super) fn of(model: &Sequential) -> Self {
        let line = |placed: &super::Placed| {
            let sizes = placed.output.iter().map(usize::to_string);
            let sizes: Vec<String> = ["None".to_owned()].into_iter().chain(sizes).collect();
            Line {
                layer: format!("{} ({})", placed.name, placed.layer.name()),
                output: format!("({})", sizes.join(", ")),
                parameters: placed
                    .layer
                    .parameters()
                    .iter()
                    .map(|(_, tensor)| tensor.count())
                    .sum(),
            }
        };
        let weights = model.layers.iter().flat_map(|placed| placed.layer.parameters());
        let trainable = weights.filter(|(_, tensor)| tensor.has_gradient());
        Self {
            lines: model.layers.iter().map(line).collect(),
            trainable: trainable.map(|(_, tensor)| tensor.count()).sum(),
        }
    }

    /// How many numbers the network holds.
    pub fn parameters(&self) -> usize {
        self.lines.iter().map(|line| line.parameters).sum()
    }

    /// How many of them are learned.
    pub fn trainable_parameters(&self) -> usize {
        self.trainable
    }

    fn table(&self) -> Table {
        let column = |heading: &str, number: bool, cell: &dyn Fn(&Line) -> String| Column {
            heading: heading.to_owned(),
            cells: self.lines.iter().map(cell).collect(),
            number,
        };
        let total = self.parameters();
        Table {
            columns: vec![
                column("Layer (type)", false, &|line| line.layer.clone()),
                column("Output Shape", false, &|line| line.output.clone()),
                column("Param #", true, &|line| grouped(line.parameters)),
            ],
            caption: format!(
                "Total params: {} ({}) · Trainable params: {} · Non-trainable params: {}",
                grouped(total),
                in_bytes(total * size_of::<f32>()),
                grouped(self.trainable),
                grouped(total - self.trainable),
            ),
        }
    }
}

/// 12345 as 12,345.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let (head, rest) = digits.split_at(first);
    let groups = rest
        .as_bytes()
        .chunks(3)
        .map(|group| String::from_utf8_lossy(group).into_owned());
    let head = (!head.is_empty()).then(|| head.to_owned());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

fn in_bytes(bytes: usize) -> String {
    match bytes as f64 {
        bytes if bytes < 1024.0 => format!("{bytes:.2} B"),
        bytes if bytes < 1024.0 * 1024.0 => format!("{:.2} KB", bytes / 1024.0),
        bytes => format!("{:.2} MB", bytes / 1024.0 / 1024.0),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

impl Show for Summary {
    fn rich(&self) -> Rich {
        let table = self.table();
        Rich::text(table.text()).html(table.html())
    }
}

crate::shows_itself!(Summary);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(669_706), "669,706");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
