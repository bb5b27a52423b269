//! The kernel and the tools of others: what nobody here wrote says whether the kernel behaves.

mod support;

use support::{python, root, said, set_up};

/// Runs the Python tests of a file with the course's own Python environment.
fn pytest(file: &str) {
    set_up();
    let output = python("python")
        .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
        .arg(root().join("tests/clients").join(file))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the Python environment is there");
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn jupyters_own_kernel_tests_pass() {
    pytest("test_kernel.py");
}

#[test]
fn nbclient_and_papermill_behave_as_with_any_kernel() {
    pytest("test_tools.py");
}
