"""How quick the kernel is, seen from where a front end sits: from its sockets.

Runs the same cells on `course kernel` and on the stock evcxr kernel, with the same prebuilt library, in turns, and
prints median and p95 of each kind of cell, the start, and the memory.

    .course/python/bin/python benches/kernel.py [--cells 30] [--kernels course,stock] [--json FILE]
    .course/python/bin/python benches/kernel.py --open 10

A start counts from the start of the process to the answer of a first cell that uses the library. `course` starts
cold; `pool` finds a warm kernel waiting, as below `course lab`.

An interrupt counts from the request to the end of the cell, which makes a network and trains it: what it has learnt is
there afterwards. Meanwhile a display shows how far it is, ten times a second at most. The stock kernel has neither.

With --open, that many kernels are open at once and two of them busy: how quick those are, and what all of them take of
memory and disk.
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "course-lib"
FIRST = f':dep course-lib = {{ path = "{LIBRARY}" }}\nuse course_lib::prelude::*;\nTensor::linspace(0.0, 1.0, 5)?'

# Each kind of cell, with `{i}` for the number of the repetition, so that no cell is compiled twice.
KINDS = {
    "statement": 'println!("cell {i}");',
    "variable": "let number_{i} = {i}.5;",
    "library call": 'println!("{{}}", Tensor::linspace(0.0, {i}.5, 9)?.to_vec().len());',
    "library variable": "let list = Tensor::linspace(0.0, {i}.5, 9)?;",
    "plot": "plot::Figure::new().line(\"a\", &Tensor::linspace(0.0, {i}.5, 9)?, "
    "&Tensor::linspace(0.0, 1.0, 9)?).draw()?.show();",
    "expression": "{i} + 2",
    "library value": "Tensor::linspace(0.0, {i}.5, 5)?",
    "model and training": """let started = std::time::Instant::now();
let mut model = Sequential::new(Input(2), layers![Dense::new(8).activation(ReLU), Dense::new(1)], Seed({i}))?;
model.compile(Adam::default(), Loss::MeanSquaredError, &[])?;
let x = Tensor::linspace(0.0, 1.0, 128)?.reshape(&[64, 2])?;
let y = Tensor::linspace(0.0, 1.0, 64)?.reshape(&[64, 1])?;
model.fit(&x, &y, Fit {{ epochs: 5, verbose: false, ..Fit::default() }})?;
println!("trained {{}} s", started.elapsed().as_secs_f64());""",
}
# Trains for ever, as seen from here.
TRAINING = """let mut pupil_{i} = Sequential::new(Input(2), layers![Dense::new(8).activation(ReLU), Dense::new(1)], Seed({i}))?;
pupil_{i}.compile(Adam::default(), Loss::MeanSquaredError, &[])?;
let x = Tensor::linspace(0.0, 1.0, 128)?.reshape(&[64, 2])?;
let y = Tensor::linspace(0.0, 1.0, 64)?.reshape(&[64, 1])?;
let history = pupil_{i}.fit(&x, &y, Fit {{ epochs: 100_000_000, ..Fit::default() }})?;"""
TARGETS = {"statement": 0.15, "variable": 0.15, "library call": 0.2, "library variable": 0.2, "plot": 0.2,
           "expression": 0.3, "library value": 0.3, "model and training": 0.4, "completion": 0.1}


def program():
    """The `course` program of this clone, built by cargo."""
    target = subprocess.run(["cargo", "metadata", "--no-deps", "--format-version=1"], cwd=ROOT, check=True,
                            capture_output=True, text=True)
    return Path(json.loads(target.stdout)["target_directory"]) / "debug/course"


class Kernel:
    """A kernel process and a client of it."""

    def __init__(self, subcommand, environment=None):
        self.folder = tempfile.TemporaryDirectory()
        file, _ = write_connection_file(str(Path(self.folder.name) / "connection.json"))
        self.log = open(Path(self.folder.name) / "log", "w+")
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [program(), subcommand, "--connection-file", file], cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, env={**os.environ, **(environment or {})}, start_new_session=True)
        self.client = BlockingKernelClient(connection_file=file)
        self.client.load_connection_file()
        self.client.start_channels()

    def folder_on_disk(self):
        """Megabytes of its folder that no other kernel shares."""
        process = psutil.Process(self.process.pid)
        files = Path(process.environ()["EVCXR_TMPDIR"]).rglob("*")
        own = (file.lstat() for file in files if file.is_file() and not file.is_symlink())
        return sum(data.st_blocks * 512 for data in own if data.st_nlink == 1) / 1e6

    def run(self, code, limit=600):
        """Runs a cell. Returns its text, when its idle and its reply are there; fails if the cell fails."""
        request = self.client.execute(code)
        text, error = "", None
        while True:
            message = self.client.get_iopub_msg(timeout=limit)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                text += content["text"]
            elif kind in ("execute_result", "display_data"):
                text += content["data"].get("text/plain", "")
            elif kind == "error":
                error = "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                break
        while self.client.get_shell_msg(timeout=limit)["parent_header"].get("msg_id") != request:
            pass
        if error:
            sys.exit(f"a cell failed:\n{code}\n{error}")
        return text

    def interrupt(self, code, seconds):
        """Runs a cell and interrupts it after it has shown something for so long. Returns how long it took to end then,
        and how many updates a second it showed until then."""
        request = self.client.execute(code)
        updates, first, asked = 0, None, None
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "update_display_data" and asked is None:
                first = first or time.perf_counter()
                updates += 1
                if time.perf_counter() - first >= seconds:
                    rate = (updates - 1) / (time.perf_counter() - first)
                    asked = time.perf_counter()
                    self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
            elif message["msg_type"] == "error":
                ended = time.perf_counter()
                if message["content"]["ename"] != "KeyboardInterrupt":
                    sys.exit("\n".join(message["content"]["traceback"]))
                break
        while self.client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != request:
            pass
        return ended - asked, rate

    def complete(self, code):
        request = self.client.complete(code)
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"]["matches"]

    def start(self):
        """Waits for the first value that the library made. Returns the seconds since the process started."""
        # Asked again and again, as front ends do: what is published before the subscription has arrived is lost.
        while True:
            self.client.kernel_info()
            try:
                self.client.get_iopub_msg(timeout=0.1)
                break
            except Exception:  # noqa: BLE001 (queue.Empty, which the client does not export)
                if self.process.poll() is not None or time.perf_counter() - self.started > 300:
                    self.log.seek(0)
                    sys.exit(f"the kernel does not answer:\n{self.log.read()}")
        self.run(FIRST)
        return time.perf_counter() - self.started

    def memory(self):
        """Megabytes that the kernel and the process of its cells hold: what they share counts once."""
        kernel = psutil.Process(self.process.pid)
        family = [kernel, *kernel.children(recursive=True)]
        total = 0
        for process in family:
            try:
                total += process.memory_full_info().pss
            except psutil.NoSuchProcess:  # What the kernel has started may end meanwhile.
                pass
        return total / 1e6

    def stop(self):
        self.client.shutdown()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.client.stop_channels()


class Warm:
    """A kernel that waits for a notebook, and has nothing to do until one comes."""

    def __init__(self):
        self.process = subprocess.Popen([program(), "warm-kernel"], cwd=ROOT, stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process = psutil.Process(self.process.pid)
        idle, before = 0, None
        # It reads the library for as long as its processor time grows.
        while idle < 4:
            time.sleep(0.5)
            times = process.cpu_times()
            now = sum(times[:4])
            idle = idle + 1 if before is not None and now - before < 0.02 and now > 2 else 0
            before = now

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


def starts_of(name, again):
    """The seconds of each start of a kernel, and the last one, still running."""
    seconds = []
    for number in range(again):
        warm = Warm() if name == "pool" else None
        kernel = Kernel(SUBCOMMANDS[name])
        seconds.append(kernel.start())
        if number + 1 < again or name == "pool":
            kernel.stop()
        if warm:
            warm.stop()
    return seconds, kernel


def quantile(values, share):
    """The value below which `share` of all values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def measure(kernels, cells):
    """Seconds of each kind on each kernel; the kernels take turns, so that a busy minute meets all of them."""
    times = {name: {kind: [] for kind in [*KINDS, "completion"]} for name in kernels}
    for number in range(cells):
        for kind, code in KINDS.items():
            for name, kernel in kernels.items():
                source = code.format(i=number + 1)
                started = time.perf_counter()
                text = kernel.run(source)
                taken = time.perf_counter() - started
                trained = re.search(r"trained ([0-9.e-]+) s", text)
                times[name][kind].append(taken - (float(trained[1]) if trained else 0.0))
        for name, kernel in kernels.items():
            started = time.perf_counter()
            matches = kernel.complete(f"let tensor_{number} = Tensor::lin")
            times[name]["completion"].append(time.perf_counter() - started)
            if not any("linspace" in match for match in matches):
                sys.exit(f"{name} does not complete `Tensor::lin`: {matches}")
    return times


def interrupts(kernel, count):
    """How long a training takes to end after an interrupt, and the updates a second that it showed before."""
    seconds, rates = [], []
    for number in range(count):
        taken, rate = kernel.interrupt(TRAINING.format(i=number), 1.5)
        kernel.run(f"pupil_{number}.summary()")
        seconds.append(taken)
        rates.append(rate)
    return seconds, rates


def company(count, cells):
    """Many kernels open, two of them busy at the same time."""
    kernels = [Kernel("kernel") for _ in range(count)]
    threads = [threading.Thread(target=kernel.start) for kernel in kernels]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{count} kernels started together answer after {time.perf_counter() - started:.1f} s")
    times = [[], []]

    def work(number):
        for cell in range(cells):
            started = time.perf_counter()
            kernels[number].run(KINDS["library call"].format(i=cell))
            times[number].append(time.perf_counter() - started)

    threads = [threading.Thread(target=work, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both = times[0] + times[1]
    print(f"two busy, a library call: median {statistics.median(both):.3f} s, p95 {quantile(both, 0.95):.3f} s")
    print(f"memory of each in MB: {', '.join(f'{kernel.memory():.0f}' for kernel in kernels)}")
    print(f"disk of each in MB:   {', '.join(f'{kernel.folder_on_disk():.0f}' for kernel in kernels)}")
    for kernel in kernels:
        kernel.stop()


SUBCOMMANDS = {"course": "kernel", "pool": "kernel", "stock": "stock-kernel"}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--cells", type=int, default=30, help="repetitions of each kind of cell [default: 30]")
    arguments.add_argument("--kernels", default="course,stock", help="course, stock, or both [default: both]")
    arguments.add_argument("--starts", type=int, default=1, help="starts of each kernel [default: 1]")
    arguments.add_argument("--open", type=int, help="only look at this many kernels at once")
    arguments.add_argument("--json", type=Path, help="a file for all times")
    options = arguments.parse_args()
    if options.open:
        return company(options.open, options.cells)

    names = options.kernels.split(",")
    kernels, starts = {}, {}
    if "course" in names:
        starts["pool"], _ = starts_of("pool", options.starts)
    for name in names:
        starts[name], kernels[name] = starts_of(name, options.starts)
    times = measure(kernels, options.cells)
    memory = {name: kernel.memory() for name, kernel in kernels.items()}
    ends, rates = interrupts(kernels["course"], 10) if "course" in kernels else ([], [])
    for kernel in kernels.values():
        kernel.stop()

    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {options.cells} cells of a kind")
    print(f"\n{'seconds':20}" + "".join(f"{name:>12}{'p95':>8}" for name in kernels) + f"{'at most':>10}")
    print(f"{'start':20}" + "".join(
        f"{statistics.median(starts[name]):12.2f}{quantile(starts[name], 0.95):8.2f}" for name in kernels) + f"{8:10.2f}")
    if "pool" in starts:
        print(f"{'start, pool warm':20}{statistics.median(starts['pool']):12.2f}{quantile(starts['pool'], 0.95):8.2f}"
              f"{'':{20 * (len(kernels) - 1)}}{1:10.2f}")
    for kind in times[next(iter(kernels))]:
        cells = "".join(f"{statistics.median(times[name][kind]):12.3f}{quantile(times[name][kind], 0.95):8.3f}"
                        for name in kernels)
        print(f"{kind:20}{cells}{TARGETS[kind]:10.2f}")
    print(f"{'memory in MB':20}" + "".join(f"{memory[name]:12.0f}{'':8}" for name in kernels) + f"{600:10}")
    if ends:
        print(f"an interrupted training ends after {statistics.median(ends):.3f} s, p95 {quantile(ends, 0.95):.3f} s (at most "
              f"0.5); {statistics.median(rates):.1f} updates a second, at most {max(rates):.1f} (at most 10)")
    if options.json:
        options.json.write_text(json.dumps({"starts": starts, "times": times, "memory": memory, "interrupts": ends, "updates": rates}, indent=1))


if __name__ == "__main__":
    main()
