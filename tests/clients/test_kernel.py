"""The kernel against Jupyter's own checks (jupyter_kernel_test)."""

import unittest

import jupyter_kernel_test


class TheRustKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "rust"
    language_name = "rust"
    file_extension = ".rs"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The checks wait 15 s, and on a busy machine Rust takes longer to start.
        cls.kc.execute("1", reply=True, timeout=300)

    code_hello_world = 'println!("hello, world");'
    code_stderr = 'eprintln!("oops");'
    completion_samples = [{"text": "course_lib::notebook::Live", "matches": {"LiveDisplay"}}]
    code_generate_error = 'panic!("stop");'
    complete_code_samples = ["1", 'println!("hello, world");', "fn f(x: f32) -> f32 {\n    x * 2.0\n}"]
    incomplete_code_samples = ["fn f() {", 'println!("hello', "let x ="]
    invalid_code_samples = ["}", "let x = (1, 2];"]
    code_inspect_sample = "println!"
    code_history_pattern = "1 ?*2"
    supported_history_operations = ("tail", "range", "search")
    code_page_something = "?println!"
    # A message of the library, by hand.
    code_clear_output = "course_lib::notebook::clear_output(false);"
    code_execute_result = [{"code": "1 + 2", "result": "3"}]
    code_display_data = [
        {
            "code": 'println!("EVCXR_BEGIN_CONTENT text/html\\n<b>x</b>\\nEVCXR_END_CONTENT"); println!();',
            "mime": "text/html",
        }
    ]


if __name__ == "__main__":
    unittest.main()
