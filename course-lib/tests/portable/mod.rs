//! The tests of a program once more, with tensors that lie where only dfdx's kernels see them: what a GPU would
//! calculate, calculated by the CPU.

use std::process::Command;

/// Runs this program again in that way.
#[allow(dead_code, reason = "each test program uses one of the two")]
pub fn again() {
    again_but(&[]);
}

/// The same without tests of these names, which train for long and compare no numbers: dfdx's kernels for the CPU are slow.
#[allow(dead_code, reason = "each test program uses one of the two")]
pub fn again_but(left_out: &[&str]) {
    const SWITCH: &str = "COURSE_DEVICE";
    if std::env::var_os(SWITCH).is_some() {
        return;
    }
    let program = std::env::current_exe().expect("a program knows its own path");
    let left_out = left_out.iter().flat_map(|name| ["--skip", name]);
    let run = Command::new(program)
        .args(left_out)
        .env(SWITCH, "portable")
        .output();
    let run = run.expect("it starts a second time");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
