"""The tools that the course's users run notebooks with: a cell that fails must fail them."""

import subprocess
import sys

import nbformat
import papermill
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernelspec = {"name": "rust", "display_name": "Rust", "language": "rust"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def test_nbclient_runs_cells_and_keeps_the_last_state_of_a_live_display():
    live = (
        "use course_lib::notebook::{LiveDisplay, Rich};\n"
        "let mut live = LiveDisplay::new();\n"
        'live.update(&Rich::text("epoch 1"));\n'
        'live.finish(&Rich::text("epoch 2"));'
    )
    ran = NotebookClient(notebook("let a = 20;", "a + 1", live), startup_timeout=300, timeout=300).execute()
    assert ran.cells[1].outputs[0]["data"]["text/plain"] == "21"
    shown = [output["data"]["text/plain"] for output in ran.cells[2].outputs]
    assert shown == ["epoch 2"]


@pytest.mark.parametrize("failing", ["assert!(1 > 2);", '"x".parse::<i32>()?;', 'let a: i32 = "x";'])
def test_nbclient_stops_at_a_failed_cell(failing):
    client = NotebookClient(notebook(failing, 'println!("never");'), startup_timeout=300, timeout=300)
    with pytest.raises(CellExecutionError):
        client.execute()
    assert client.nb.cells[1].outputs == []


def test_papermill_stops_at_a_failed_cell(tmp_path):
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook("let a = 1;", 'panic!("stop");'), source)
    with pytest.raises(papermill.PapermillExecutionError) as failure:
        papermill.execute_notebook(source, target, progress_bar=False, start_timeout=300)
    assert failure.value.ename == "Panic"
    assert failure.value.evalue == "stop"


def test_papermill_hands_over_parameters(tmp_path):
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    given = 'println!("{epochs} {rate} {name} {sizes:?} {shuffle} {below}");'
    made = notebook("let epochs = 1_usize; // how often all rows are seen\nlet rate: f32 = 0.5;", given)
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, source)
    values = {"epochs": 3, "rate": 0.25, "name": 'an "Ada"\n\\', "sizes": [8, 4], "shuffle": True, "below": -2}
    ran = papermill.execute_notebook(source, target, values, progress_bar=False, start_timeout=300)
    assert ran.cells[2].outputs[0]["text"] == '3 0.25 an "Ada"\n\\ [8, 4] true -2\n'
    about = papermill.inspect_notebook(source)
    assert about["epochs"]["default"] == "1_usize" and about["epochs"]["help"] == "how often all rows are seen"
    assert about["rate"]["inferred_type_name"] == "f32"


def nbconvert(folder, *arguments):
    """Executes `in.ipynb` of the folder into `out.ipynb` as a learner would from a terminal."""
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb"]
    timeouts = ["--ExecutePreprocessor.startup_timeout=300", "--ExecutePreprocessor.timeout=300"]
    command += [*timeouts, *arguments, str(folder / "in.ipynb")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_nbconvert_stops_at_a_failed_cell_unless_errors_are_allowed(tmp_path):
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook("let a = 1;", "assert_eq!(a, 2);", "a + 40"), source)

    stopped = nbconvert(tmp_path)
    assert stopped.returncode != 0 and not target.exists(), stopped.stderr
    assert "Panic" in stopped.stderr and "left: 1" in stopped.stderr, stopped.stderr

    went_on = nbconvert(tmp_path, "--allow-errors")
    assert went_on.returncode == 0, went_on.stderr
    cells = nbformat.read(target, as_version=4).cells
    assert cells[1].outputs[0]["ename"] == "Panic"
    assert cells[2].outputs[0]["data"]["text/plain"] == "41"
    assert [cell.execution_count for cell in cells] == [1, 2, 3]


def nbval(file):
    command = [sys.executable, "-m", "pytest", "--nbval", "--quiet", "-p", "no:cacheprovider"]
    timeouts = ["--nbval-kernel-startup-timeout=300", "--nbval-cell-timeout=300"]
    return subprocess.run([*command, *timeouts, str(file)], capture_output=True, text=True, check=False)


def test_nbval_compares_what_cells_put_out_with_what_the_notebook_has(tmp_path):
    cells = ('println!("hello");', "20 + 1", "let unseen = 1;", 'panic!("as expected")')
    client = NotebookClient(notebook(*cells), startup_timeout=300, timeout=300, allow_errors=True)
    right = client.execute()
    # nbval's mark for a cell that is meant to fail.
    right.cells[3].metadata["tags"] = ["raises-exception"]
    nbformat.write(right, tmp_path / "right.ipynb")
    passed = nbval(tmp_path / "right.ipynb")
    assert passed.returncode == 0 and "4 passed" in passed.stdout, passed.stdout + passed.stderr

    right.cells[0].outputs[0]["text"] = "goodbye\n"
    right.cells[1].outputs[0]["data"]["text/plain"] = "22"
    right.cells[3].metadata["tags"] = []
    nbformat.write(right, tmp_path / "wrong.ipynb")
    failed = nbval(tmp_path / "wrong.ipynb")
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "3 failed, 1 passed" in failed.stdout, failed.stdout
