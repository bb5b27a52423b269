"""The tools that the course's users run notebooks with: a cell that fails must fail them."""

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
