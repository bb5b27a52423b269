"""JupyterLab as a learner sees it: a lesson's training in a real browser.

`tests/lab.rs` starts `course lab` and says where it is (COURSE_TEST_LAB), and which copy of a lesson to open
(COURSE_TEST_NOTEBOOK, below the folder of notebooks). The copy trains for so long that only Interrupt ends it.
"""

import json
import os
import re
from urllib.parse import urlsplit

from browser import Page

LAB = urlsplit(os.environ["COURSE_TEST_LAB"])
NOTEBOOK = os.environ["COURSE_TEST_NOTEBOOK"]
WORKSPACE = os.environ["COURSE_TEST_WORKSPACE"]
URL = f"{LAB.scheme}://{LAB.netloc}/lab/workspaces/{WORKSPACE}/tree/{NOTEBOOK}?{LAB.query}"

CELLS = "[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')]"
TOOLBAR = ".jp-NotebookPanel-toolbar [data-jp-item-name={name!r}] jp-button"


class Notebook:
    """The notebook that is open in the page. Cells are counted from 0."""

    def __init__(self, page):
        self.page = page
        page.wait(f"{CELLS}.length", 120, "the notebook is open")
        page.wait(
            "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'", 120,
            "the kernel is ready")

    def prompt(self, cell):
        return self.page.value(f"{CELLS}[{cell}].querySelector('.jp-InputPrompt').textContent") or ""

    def output(self, cell):
        return self.page.value(f"{CELLS}[{cell}].querySelector('.jp-OutputArea')?.innerText ?? ''")

    def outputs(self, cell):
        return self.page.value(f"{CELLS}[{cell}].querySelectorAll('.jp-OutputArea-child').length")

    def run(self):
        """Runs the selected cell and goes on to the next, by the button in the toolbar."""
        self.page.click(TOOLBAR.format(name="run"))

    def interrupt(self):
        self.page.click(TOOLBAR.format(name="interrupt"))

    def wait_for_end(self, cell, seconds):
        self.page.until(lambda: re.search(r"\[\d+\]", self.prompt(cell)), seconds,
                        f"cell {cell} ends; it shows: {self.output(cell)[-300:]}")


def test_a_training_is_seen_to_move_is_interrupted_and_the_notebook_goes_on(tmp_path):
    page = Page(URL, tmp_path / "profile")
    try:
        notebook = Notebook(page)
        count = page.value(f"{CELLS}.length")
        training, after = count - 2, count - 1
        page.click(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt")
        for cell in range(training):
            notebook.run()
            notebook.wait_for_end(cell, 120)

        notebook.run()
        seen = set()

        def moves():
            seen.update(re.findall(r"epoch (\d+)/", notebook.output(training)))
            return len(seen) >= 5

        page.until(moves, 60, "the display of the training moves")
        assert notebook.outputs(training) == 1, "one display, updated in its place"
        page.wait(f"{CELLS}[{training}].querySelector('.jp-OutputArea img')?.naturalWidth", 30,
                  "the curve of the loss is drawn while it trains")
        assert "*" in notebook.prompt(training)

        notebook.interrupt()
        notebook.wait_for_end(training, 10)
        shown = notebook.output(training)
        assert "KeyboardInterrupt" in shown and "variables are kept" in shown, shown
        assert "interrupted after" in shown, shown

        notebook.run()
        notebook.wait_for_end(after, 60)
        assert json.loads(re.search(r"\{.*\}", notebook.output(after))[0])["accuracy"] > 0.5
    finally:
        page.close()
