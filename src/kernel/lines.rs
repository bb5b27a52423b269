//! From a line of the program that evcxr generates around a cell back to the line of the cell.

use super::analysis::hidden::Hidden;

/// A cell that has been run: its number and its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    pub number: usize,
    pub source: String,
    /// What the kernel has written into it beside.
    pub hidden: Hidden,
}

/// Finds the cell and the line (from 1) that stand at `line` (from 1) of `generated`.
///
/// evcxr moves statements and items about but leaves their lines as they are. So the line is looked up by its
/// text, and where the same text stands in several places, by how many of the lines around it agree; of equal
/// places, the one in the newest cell.
pub fn locate<'a>(generated: &str, line: usize, cells: &'a [Cell]) -> Option<(&'a Cell, usize)> {
    let generated: Vec<&str> = generated.lines().map(str::trim).collect();
    let at = line.checked_sub(1)?;
    let wanted = generated.get(at).filter(|text| !text.is_empty())?;
    let mut best = None;
    for cell in cells.iter().rev() {
        let lines: Vec<&str> = cell.source.lines().map(str::trim).collect();
        for (index, _) in lines.iter().enumerate().filter(|(_, text)| *text == wanted) {
            let above = (1..=at.min(index)).take_while(|n| generated[at - n] == lines[index - n]);
            let below = generated[at..]
                .iter()
                .zip(&lines[index..])
                .take_while(|(a, b)| a == b);
            let agreeing = above.count() + below.count();
            if best.is_none_or(|(most, _, _)| agreeing > most) {
                best = Some((agreeing, cell, index + 1));
            }
        }
    }
    best.map(|(_, cell, line)| (cell, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(number: usize, source: &str) -> Cell {
        Cell {
            number,
            source: source.to_owned(),
            ..Cell::default()
        }
    }

    #[test]
    fn a_line_is_found_in_the_cell_that_it_came_from() {
        let cells = [cell(1, "fn f() {\n    panic!()\n}"), cell(2, "let a = 1;\nf();")];
        let generated = "generated\nfn f() {\n    panic!()\n}\nwrap {\nlet a = 1;\nf();\n}";
        assert_eq!(locate(generated, 3, &cells), Some((&cells[0], 2)));
        assert_eq!(locate(generated, 7, &cells), Some((&cells[1], 2)));
    }

    #[test]
    fn of_two_equal_lines_the_one_with_the_right_neighbours_is_meant() {
        let cells = [cell(1, "let a = 1;\nx.unwrap();\nlet b = 2;\nx.unwrap();")];
        let generated = "wrap\nlet a = 1;\nx.unwrap();\nlet b = 2;\nx.unwrap();";
        assert_eq!(locate(generated, 3, &cells), Some((&cells[0], 2)));
        assert_eq!(locate(generated, 5, &cells), Some((&cells[0], 4)));
    }

    #[test]
    fn a_cell_run_again_hides_its_older_run() {
        let cells = [cell(1, "x.unwrap();"), cell(4, "x.unwrap();")];
        assert_eq!(locate("x.unwrap();", 1, &cells), Some((&cells[1], 1)));
    }

    #[test]
    fn generated_lines_belong_to_no_cell() {
        let cells = [cell(1, "let a = 1;")];
        assert_eq!(locate("generated\n\nlet a = 1;", 1, &cells), None);
        assert_eq!(locate("generated\n\nlet a = 1;", 2, &cells), None);
        assert_eq!(locate("generated", 9, &cells), None);
        assert_eq!(locate("generated", 0, &cells), None);
    }
}
