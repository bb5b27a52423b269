"""A page in headless Chromium, driven by the DevTools protocol."""

import base64
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import websocket

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def program():
    """Chromium or Chrome."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not found and MAC.exists():
        found = str(MAC)
    assert found, "this test looks at JupyterLab in a browser: install Chromium (`apt-get install chromium`) or Chrome"
    return found


class Page:
    """One page of a browser that has a profile of its own."""

    def __init__(self, url, folder):
        self.folder = Path(folder)
        self.process = subprocess.Popen(
            [program(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--window-size=1366,900", "--remote-debugging-port=0", "--remote-allow-origins=*",
             f"--user-data-dir={self.folder}", url],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        port_file = self.folder / "DevToolsActivePort"
        self.until(lambda: port_file.exists() and port_file.read_text().count("\n"), 60, "Chromium starts")
        port = port_file.read_text().split("\n")[0]
        pages = []

        def find():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                pages[:] = [page for page in json.load(answer) if page["type"] == "page"]
            return pages

        self.until(find, 60, "Chromium has a page")
        self.socket = websocket.create_connection(pages[0]["webSocketDebuggerUrl"], timeout=60)
        self.count = 0

    def command(self, method, **parameters):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.count:
                assert "error" not in answer, answer
                return answer["result"]

    def value(self, expression):
        """The value of a JavaScript expression in the page."""
        result = self.command("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, expression, seconds, what):
        """Waits until a JavaScript expression is true."""
        self.until(lambda: self.value(f"!!({expression})"), seconds, what)

    def until(self, happened, seconds, what):
        end = time.monotonic() + seconds
        while True:
            value = happened()
            if value:
                return value
            assert time.monotonic() < end, f"within {seconds} s: {what}"
            time.sleep(0.05)

    def click(self, selector):
        """Clicks the middle of an element, as a hand would."""
        place = self.until(lambda: self.value(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)}); if (!element) return null;"
            "element.scrollIntoView({block: 'nearest'}); const box = element.getBoundingClientRect();"
            "return box.width ? [box.x + box.width / 2, box.y + box.height / 2] : null; })()"),
            30, f"{selector} is there")
        for kind, button in (("mouseMoved", "none"), ("mousePressed", "left"), ("mouseReleased", "left")):
            self.command("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button=button,
                         buttons=int(kind == "mousePressed"), clickCount=int(button == "left"))

    def picture(self, file):
        """Writes what can be seen to a PNG file."""
        Path(file).write_bytes(base64.b64decode(self.command("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
