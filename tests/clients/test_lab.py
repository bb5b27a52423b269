"""JupyterLab as a learner sees it: a lesson's training in a real browser.

`tests/lab.rs` starts `course lab` and says where it is (COURSE_TEST_LAB), and which copy of a lesson to open
(COURSE_TEST_NOTEBOOK, below the folder of notebooks; COURSE_TEST_CELLS is how many cells it has). The last cell but one
trains for so long that only Interrupt ends it.
"""

import json
import os
import re
import time
from urllib.parse import urlsplit

from browser import Page

LAB = urlsplit(os.environ["COURSE_TEST_LAB"])
NOTEBOOK = os.environ["COURSE_TEST_NOTEBOOK"]
COUNT = int(os.environ["COURSE_TEST_CELLS"])
WORKSPACE = os.environ["COURSE_TEST_WORKSPACE"]
URL = f"{LAB.scheme}://{LAB.netloc}/lab/workspaces/{WORKSPACE}/tree/{NOTEBOOK}?{LAB.query}"

# JupyterLab has only those cells in the page that can be seen, and numbers them all.
CELL = "document.querySelector('.jp-NotebookPanel .jp-Cell[data-windowed-list-index=\"{number}\"]')"
PROMPT = ".jp-NotebookPanel .jp-Cell[data-windowed-list-index='{number}'] .jp-InputPrompt"
TOOLBAR = ".jp-NotebookPanel-toolbar [data-jp-item-name={name!r}] jp-button"


class Notebook:
    """The notebook that is open in the page. Cells are counted from 0."""

    def __init__(self, page):
        self.page = page
        page.wait(self.cell(0), 120, "the notebook is open")
        page.wait(
            "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'", 120,
            "the kernel is ready")

    @staticmethod
    def cell(number):
        return CELL.format(number=number)

    def prompt(self, number):
        return self.page.value(f"{self.cell(number)}?.querySelector('.jp-InputPrompt')?.textContent") or ""

    def output(self, number):
        return self.page.value(f"{self.cell(number)}?.querySelector('.jp-OutputArea')?.innerText") or ""

    def outputs(self, number):
        return self.page.value(f"{self.cell(number)}?.querySelectorAll('.jp-OutputArea-child').length")

    def run(self, cell):
        """Runs a cell and goes on to the next, by the button in the toolbar."""
        for _ in range(20):
            # While the kernel is not connected yet, the button goes on to the next cell and runs nothing.
            self.page.click(PROMPT.format(number=cell))
            self.page.click(TOOLBAR.format(name="run"))
            # A click is lost while JupyterLab still puts its windows in order.
            for _ in range(30):
                if self.prompt(cell).strip() != "[ ]:":
                    return
                time.sleep(0.1)

    def interrupt(self):
        self.page.click(TOOLBAR.format(name="interrupt"))

    def wait_for_end(self, cell, seconds):
        self.page.until(lambda: re.search(r"\[\d+\]", self.prompt(cell)), seconds,
                        f"cell {cell} ends; it shows: {self.output(cell)[-300:]}")


def test_a_training_is_seen_to_move_is_interrupted_and_the_notebook_goes_on(tmp_path):
    page = Page(URL, tmp_path / "profile")
    try:
        notebook = Notebook(page)
        training, after = COUNT - 2, COUNT - 1
        for cell in range(training):
            notebook.run(cell)
            notebook.wait_for_end(cell, 120)

        notebook.run(training)
        seen = set()

        def moves():
            seen.update(re.findall(r"epoch (\d+)/", notebook.output(training)))
            return len(seen) >= 5

        page.until(moves, 60, "the display of the training moves")
        assert notebook.outputs(training) == 1, "one display, updated in its place"
        page.wait(f"{notebook.cell(training)}?.querySelector('.jp-OutputArea img')?.naturalWidth", 30,
                  "the curve of the loss is drawn while it trains")
        assert "*" in notebook.prompt(training)

        notebook.interrupt()
        notebook.wait_for_end(training, 10)
        shown = notebook.output(training)
        assert "KeyboardInterrupt" in shown and "variables are kept" in shown, shown
        assert "interrupted after" in shown, shown

        notebook.run(after)
        notebook.wait_for_end(after, 60)
        assert json.loads(re.search(r"\{.*\}", notebook.output(after))[0])["accuracy"] > 0.5
    except BaseException:
        page.picture(tmp_path / "page.png")
        print(f"what the page showed: {tmp_path / 'page.png'}")
        raise
    finally:
        page.close()
