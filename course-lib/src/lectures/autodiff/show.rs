//! How tape, variables and un-stacking look: as tables, the top of the stack first.

use std::fmt;

use super::{Addition, Call, Tape, Unstacking, Var};
use crate::data::table::{Table, cut};
use crate::lectures::tables::{count, factor, number, shows_as_table, words, written};
use crate::notebook::{Rich, Show};

/// More rows than this are cut in the middle.
const MOST_ROWS: usize = 60;

impl Call {
    fn is_number(&self) -> bool {
        self.name.is_none() && self.text.is_empty()
    }
}

impl Tape {
    /// What everything on the tape is called: by its given name, as the plain number that it is, or `v` with the number of the
    /// call.
    pub(super) fn names(self) -> Vec<String> {
        let mut number_of_call = 0;
        let name = |call: &Call| {
            number_of_call += usize::from(!call.text.is_empty());
            match &call.name {
                Some(name) => name.clone(),
                None if call.is_number() => factor(call.value),
                None => format!("v{number_of_call}"),
            }
        };
        self.calls.borrow().iter().map(name).collect()
    }

    /// A text of a call, with `names` of its operands in the places of `{a}` and `{b}`, and its own in that
    /// of `{y}`.
    pub(super) fn fill(self, text: &str, index: usize, names: &[String]) -> String {
        let operands = self.calls.borrow()[index].operands;
        let [a, b] = operands.map(|operand| operand.map_or("", |operand| &names[operand.index]));
        text.replace("{a}", a)
            .replace("{b}", b)
            .replace("{y}", &names[index])
    }

    fn table(self) -> Table {
        let names = self.names();
        let calls = self.calls.borrow();
        let values: Vec<String> = calls.iter().map(|call| factor(call.value)).collect();
        let top_first: Vec<usize> = (0..calls.len())
            .rev()
            .filter(|index| !calls[*index].is_number())
            .collect();
        let inputs = top_first
            .iter()
            .filter(|index| calls[**index].text.is_empty())
            .count();
        let column = |cell: &dyn Fn(usize) -> String| cut_column(&top_first, |index| cell(*index));
        let called = |index: usize| match calls[index].text {
            "" => "input".to_owned(),
            text => self.fill(text, index, &names),
        };
        Table {
            columns: vec![
                words("name", column(&|index| names[index].clone())),
                words("call", column(&called)),
                words(
                    "in numbers",
                    column(&|index| self.fill(calls[index].text, index, &values)),
                ),
                written("value", column(&|index| number(calls[index].value))),
            ],
            caption: format!(
                "{} on {}; the last call is the top of the stack",
                count(top_first.len() - inputs, "call"),
                count(inputs, "input")
            ),
        }
    }
}

impl Unstacking {
    fn table(&self) -> Table {
        let tape = self.loss.tape;
        let names = tape.names();
        let calls = tape.calls.borrow();
        // A plain number has a gradient too, but nobody asks for it.
        let additions: Vec<&Addition> = self
            .additions
            .iter()
            .filter(|step| !calls[step.to.index].is_number())
            .collect();
        let column = |cell: &dyn Fn(&Addition) -> String| cut_column(&additions, |step| cell(step));
        let loss = &names[self.loss.index];
        Table {
            columns: vec![
                words(
                    "take off",
                    column(&|step| {
                        let call = tape.fill(calls[step.from].text, step.from, &names);
                        format!("{} = {call}", names[step.from])
                    }),
                ),
                written("its gradient", column(&|step| number(step.gradient))),
                words(
                    "times",
                    column(&|step| {
                        let rule = tape.fill(step.to.rule, step.from, &names);
                        format!("∂{}/∂{} = {rule}", names[step.from], names[step.to.index])
                    }),
                ),
                words(
                    "adds",
                    column(&|step| {
                        let derivative = step.to.derivative;
                        let added = number(step.gradient * derivative);
                        format!("{} · {} = {added}", factor(step.gradient), factor(derivative))
                    }),
                ),
                words("to", column(&|step| format!("∂L/∂{}", names[step.to.index]))),
                written("now", column(&|step| number(step.total))),
            ],
            caption: format!(
                "L = {loss} = {}; ∂L/∂{loss} = 1 to begin with",
                number(self.loss.value())
            ),
        }
    }
}

/// A cell for each row, the middle of many cut out.
fn cut_column<Row>(rows: &[Row], cell: impl Fn(&Row) -> String) -> Vec<String> {
    let shown = cut(rows.len(), MOST_ROWS).into_iter();
    let rows = shown.map(|row| row.and_then(|row| rows.get(row)));
    rows.map(|row| row.map_or_else(|| "…".to_owned(), &cell))
        .collect()
}

shows_as_table!(Tape, Unstacking);

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Unstacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.tape.names();
        let name = &names[self.index];
        write!(
            f,
            "{name} = {}, ∂L/∂{name} = {}",
            number(self.value()),
            number(self.grad())
        )
    }
}

impl fmt::Debug for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Show for Var {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Var);
