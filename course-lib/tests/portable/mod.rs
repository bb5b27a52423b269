//! The tests of a program once more, with tensors that lie where only dfdx's kernels see them: what a GPU would
//! calculate, calculated by the CPU.

use std::process::Command;

/// Runs this program again in that way.
pub fn again() {
    const SWITCH: &str = "COURSE_DEVICE";
    if std::env::var_os(SWITCH).is_some() {
        return;
    }
    let program = std::env::current_exe().expect("a program knows its own path");
    let run = Command::new(program).env(SWITCH, "portable").output();
    let run = run.expect("it starts a second time");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
