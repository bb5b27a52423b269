//! How tape, variables and un-stacking look: as tables, the top of the stack first.

use std::fmt;

use super::{Addition, Call, Tape, Unstacking, Var};
use crate::data::table::Table;
use crate::lectures::tables::{count, factor, number, shortened, shows_as_table, words, written};

/// More rows than this are cut in the middle.
const MOST_ROWS: usize = 60;

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
        let is_shown = |index: &usize| !calls[*index].is_number();
        let rows = || (0..calls.len()).rev().filter(is_shown);
        let called = |index: usize| match calls[index].text {
            "" => "input".to_owned(),
            text => self.fill(text, index, &names),
        };
        let in_numbers = |index: usize| self.fill(calls[index].text, index, &values);
        let columns = vec![
            words("name", rows().map(|index| names[index].as_str())),
            words("call", rows().map(called)),
            words("in numbers", rows().map(in_numbers)),
            written("value", rows().map(|index| number(calls[index].value))),
        ];
        let inputs = rows().filter(|index| calls[*index].text.is_empty()).count();
        Table {
            columns: shortened(columns, MOST_ROWS),
            caption: format!(
                "{} on {}; the last call is the top of the stack",
                count(rows().count() - inputs, "call"),
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
        let is_shown = |step: &&Addition| !calls[step.to.index].is_number();
        let rows = || self.additions.iter().filter(is_shown);
        let called = |step: &Addition| {
            let call = tape.fill(calls[step.from].text, step.from, &names);
            format!("{} = {call}", names[step.from])
        };
        let rule = |step: &Addition| {
            let rule = tape.fill(step.to.rule, step.from, &names);
            format!("∂{}/∂{} = {rule}", names[step.from], names[step.to.index])
        };
        let added = |step: &Addition| {
            let (gradient, derivative) = (step.gradient, step.to.derivative);
            let product = number(gradient * derivative);
            format!("{} · {} = {product}", factor(gradient), factor(derivative))
        };
        let columns = vec![
            words("take off", rows().map(called)),
            written("its gradient", rows().map(|step| number(step.gradient))),
            words("times", rows().map(rule)),
            words("adds", rows().map(added)),
            words("to", rows().map(|step| format!("∂L/∂{}", names[step.to.index]))),
            written("now", rows().map(|step| number(step.total))),
        ];
        let loss = &names[self.loss.index];
        let value = number(self.loss.value());
        Table {
            columns: shortened(columns, MOST_ROWS),
            caption: if loss == "L" {
                format!("L = {value}; the way back begins with ∂L/∂L = 1")
            } else {
                format!("L is {loss} = {value}; the way back begins with ∂L/∂{loss} = 1")
            },
        }
    }
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

impl Var {
    fn table(&self) -> Table {
        let names = self.tape.names();
        let name = &names[self.index];
        Table {
            columns: vec![
                words("name", [name.as_str()]),
                written("value", [number(self.value())]),
                written(&format!("∂L/∂{name}"), [number(self.grad())]),
            ],
            caption: String::new(),
        }
    }
}

crate::notebook::shows_with_table!(Var);
