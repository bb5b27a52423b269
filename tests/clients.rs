//! The kernel and the tools of others: what nobody here wrote says whether the kernel behaves.

mod support;

use support::{python, root, said, set_up};

/// Runs the Python tests of a file with the course's own Python environment. Returns what pytest said.
fn pytest(file: &str) -> String {
    set_up();
    let output = python("python")
        .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
        .arg(root().join("tests/clients").join(file))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the Python environment is there");
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[test]
fn jupyters_own_kernel_tests_pass_and_none_is_skipped() {
    let said = pytest("test_kernel.py");
    assert!(!said.contains("skipped"), "{said}");
}

#[test]
fn nbclient_papermill_nbconvert_and_nbval_behave_as_with_any_kernel() {
    pytest("test_tools.py");
}
