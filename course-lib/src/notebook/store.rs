//! Where a session's variables lie between two cells.
//!
//! evcxr writes this into every cell's program (`evcxr_internal_runtime`), where rustc compiles it anew each time. The
//! course's kernel has cells use this one instead, which is compiled already. The type must stay what evcxr's is, field
//! for field, since cells of one session may hand over one or the other.

use super::wire::{self, Reader};
use serde_json::json;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// What evcxr waits to read where a variable's type is not the one that it was stored with.
pub const VARIABLE_CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";
/// What evcxr waits to read where an error left a cell by `?`.
pub const USER_ERROR_OCCURRED: &str = "EVCXR_ERROR_OCCURRED";

/// Variables by name.
#[derive(Debug, Default)]
pub struct VariableStore {
    variables: HashMap<String, Box<dyn Any + 'static>>,
}

impl VariableStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a variable.
    pub fn put_variable<T: 'static>(&mut self, name: &str, value: T) {
        self.put(name, Box::new(value));
    }

    fn put(&mut self, name: &str, value: Box<dyn Any>) {
        self.variables.insert(name.to_owned(), value);
    }

    /// Whether a variable has the type that the cell takes it for; if not, says so.
    pub fn check_variable<T: 'static>(&mut self, name: &str) -> bool {
        self.check(name, TypeId::of::<T>())
    }

    fn check(&self, name: &str, expected: TypeId) -> bool {
        let fits = self
            .variables
            .get(name)
            .is_none_or(|value| (**value).type_id() == expected);
        if !fits {
            eprintln!("The type of the variable {name} was redefined, so was lost.");
            println!("{VARIABLE_CHANGED_TYPE}{name}");
        }
        fits
    }

    /// Hands a variable out.
    ///
    /// # Panics
    /// Where there is none of that name and type, which [`check_variable`](Self::check_variable) is there to find.
    pub fn take_variable<T: 'static>(&mut self, name: &str) -> T {
        match self.take(name).downcast() {
            Ok(value) => *value,
            Err(_) => changed(),
        }
    }

    fn take(&mut self, name: &str) -> Box<dyn Any> {
        let value = self.variables.remove(name);
        value.unwrap_or_else(|| panic!("Variable '{name}' has gone missing"))
    }

    /// A value that all cells share, made by the first that needs it.
    ///
    /// # Panics
    /// Where a value of that name has another type.
    pub fn lazy_arc<T: 'static, F: FnOnce() -> T>(&mut self, name: &str, create: F) -> Arc<T> {
        let value = self
            .variables
            .entry(name.to_owned())
            .or_insert_with(|| Box::new(Arc::new(create())));
        match value.downcast_mut() {
            Some(value) => Arc::clone(value),
            None => changed(),
        }
    }

    /// Takes over the variables of another store.
    pub fn merge(&mut self, mut other: Self) {
        self.variables.extend(other.variables.drain());
    }
}

/// Tells the kernel which variables a cell has put into the store before an error left it.
pub fn left_behind(names: &[&str]) {
    if wire::reader() == Reader::Kernel {
        wire::send_frame(&json!({ "kept": { "names": names } }));
    }
}

/// Hands out what a cell has left behind.
///
/// # Panics
/// Where there is none of that name and type.
pub fn bring_back<T: 'static>(store: &mut VariableStore, name: &str) -> T {
    store.take_variable(name)
}

#[cold]
fn changed() -> ! {
    panic!("Variable changed type")
}

/// A store for evcxr to keep, which it never gives back.
pub fn create_variable_store() -> *mut VariableStore {
    Box::into_raw(Box::new(VariableStore::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_comes_back_as_it_was_and_only_as_its_own_type() {
        let mut store = VariableStore::new();
        store.put_variable("a", vec![1.5_f32]);
        assert!(store.check_variable::<Vec<f32>>("a"));
        assert!(!store.check_variable::<Vec<f64>>("a"));
        assert!(
            store.check_variable::<u8>("unknown"),
            "it is found missing when it is taken"
        );
        assert_eq!(store.take_variable::<Vec<f32>>("a"), [1.5]);
        assert!(store.variables.is_empty());
    }

    #[test]
    fn a_shared_value_is_made_once() {
        let mut store = VariableStore::new();
        let first = store.lazy_arc("shared", || 1);
        assert!(Arc::ptr_eq(&first, &store.lazy_arc("shared", || 2)));
    }
}
