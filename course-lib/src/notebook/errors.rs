//! How the kernel learns why a cell stopped.
//!
//! evcxr reports an `Err` that leaves a cell by `?` with `eprintln!("{}", error)` in code that it generates
//! around the cell, and then goes on as if nothing had happened. The kernel imports
//! [`kernel_eprintln!`](crate::kernel_eprintln) into every cell under the name `eprintln`: what is printed
//! still is printed, but it arrives in order, and with the type of the value where there is one.

use super::wire::{self, Reader};
use serde_json::json;
use std::panic::PanicHookInfo;
use std::sync::OnceLock;
use std::thread::ThreadId;

/// Prints a line on standard error, through the kernel where there is one.
pub fn print_error_line(text: &str, value_type: Option<&str>) {
    match wire::reader() {
        Reader::Kernel => {
            wire::send_frame(&json!({ "stderr": { "text": format!("{text}\n"), "type": value_type } }));
        }
        Reader::Stock | Reader::Plain => eprintln!("{text}"),
    }
}

/// `eprintln!` as the cells of a notebook see it: the same text, in order with standard output.
#[macro_export]
macro_rules! kernel_eprintln {
    () => { $crate::notebook::print_error_line("", None) };
    ("{}", $value:expr $(,)?) => {{
        let value = &$value;
        $crate::notebook::print_error_line(
            &::std::format!("{}", value),
            Some(::std::any::type_name_of_val(value)),
        )
    }};
    ($($arguments:tt)*) => {
        $crate::notebook::print_error_line(&::std::format!($($arguments)*), None)
    };
}

/// The thread that runs the cells.
static CELLS_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// Has panics reported to the kernel from now on. Called by the thread that runs the cells.
pub(super) fn report_panics() {
    let _ = CELLS_THREAD.set(std::thread::current().id());
    std::panic::set_hook(Box::new(report_panic));
}

/// Sends a panic to the kernel instead of printing it with the frames of evcxr and std.
fn report_panic(info: &PanicHookInfo<'_>) {
    let message = info
        .payload_as_str()
        .unwrap_or("a panic with a value that is no text");
    let thread = std::thread::current();
    let is_cells = CELLS_THREAD.get() == Some(&thread.id());
    let location = info.location();
    wire::send_frame(&json!({ "panic": {
        "message": message,
        "thread": thread.name().unwrap_or("without a name"),
        "cells": is_cells,
        "file": location.map(std::panic::Location::file),
        "line": location.map(std::panic::Location::line),
        "column": location.map(std::panic::Location::column),
        "backtrace": std::env::var_os("COURSE_BACKTRACE")
            .map(|_| std::backtrace::Backtrace::force_capture().to_string()),
    } }));
}
