"""One side of the comparison: a process that holds a network and trains it when told to."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


class Absent(Exception):
    """This side has no such network."""


class Broken(Exception):
    """The side ended, or answered with something else."""


class Side:
    """Started with a network's folder; stopped (SIGSTOP) except in its turn, so that no thread of it spins."""

    def __init__(self, name, command, folder, threads):
        self.name = name
        self.errors = folder / f"{name}.stderr"
        started = time.perf_counter()
        try:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors.open("w"),
                text=True,
                env=environment(threads),
                preexec_fn=end_with_parent if sys.platform == "linux" else None,
            )
        except OSError as problem:
            raise Broken(f"{name} cannot be started: {problem}") from None
        words = self.answer()
        if words == ["absent"]:
            self.close()
            raise Absent
        if words != ["ready"]:
            raise self.broken(words)
        self.start_up = time.perf_counter() - started
        self.built = self.watch_memory()
        self.pause()

    def train(self, epochs):
        """Seconds and loss of an epoch, and the share of the machine that other programs had meanwhile."""
        words, others = self.ask(f"train {epochs}", "trained")
        return float(words[0]) / epochs, float(words[1]), others

    def score(self):
        return float(self.ask("score", "score")[0][0])

    def draw(self, file):
        """Has a generative network write samples."""
        self.ask(f"draw {file}", "drawn")

    def again(self, seed):
        """Has the network built anew from another seed."""
        self.ask(f"again {seed}", "ready")

    def slow(self):
        """Has a generative network go on with a tenth of its learning rates."""
        self.ask("slow", "slowed")

    def memory(self):
        """The most bytes that were ever resident, and how many of these came after the network was built, with the
        training: programs and libraries count for the first and not for the second. None where the system does not
        say."""
        now = number_in(f"/proc/{self.process.pid}/status", "VmHWM:", 1024)
        if now is None or self.built is None:
            return None, None
        highest_before, resident = self.built
        return max(highest_before, now), max(0, now - resident)

    def watch_memory(self):
        """From here on, the system looks for a new peak: Linux forgets the one so far when this is written."""
        status = f"/proc/{self.process.pid}/status"
        highest, resident = (number_in(status, label, 1024) for label in ("VmHWM:", "VmRSS:"))
        try:
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        except OSError:
            return None
        return highest, resident

    def close(self):
        """Ends the process."""
        if self.process.poll() is None:
            self.resume()
            self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def ask(self, line, expected):
        self.resume()
        before = busy_ticks(self.process.pid)
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self.broken([]) from None
        words = self.answer()
        if words[:1] != [expected]:
            raise self.broken(words)
        others = share_of_others(before, busy_ticks(self.process.pid))
        self.pause()
        return words[1:], others

    def answer(self):
        return self.process.stdout.readline().split()

    def broken(self, words):
        self.close()
        said = self.errors.read_text(errors="replace").strip().splitlines()
        return Broken("\n".join([f"{self.name} answered {' '.join(words) or 'nothing'!r}", *said[-15:]]))

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)


def end_with_parent():
    """A stopped process would outlive a comparison that was killed."""
    LIBC.prctl(1, signal.SIGKILL)  # 1: PR_SET_PDEATHSIG


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def environment(threads):
    """As many threads on every side, and no GPU on any."""
    number = str(threads)
    return {
        **os.environ,
        "RAYON_NUM_THREADS": number,
        "OMP_NUM_THREADS": number,
        "MKL_NUM_THREADS": number,
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def busy_ticks(pid):
    """Clock ticks: those of all programs, those of this one, and all that there were. None outside Linux."""
    try:
        machine = [int(ticks) for ticks in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
        own = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    total = sum(machine[:8])  # user, nice, system, idle, waiting, interrupts, stolen
    idle = machine[3] + machine[4]
    return total - idle, int(own[11]) + int(own[12]), total


def share_of_others(before, after):
    """0 on a quiet machine, 1 where other programs had every core all the time."""
    if before is None or after is None:
        return None
    busy, own, total = (now - then for now, then in zip(after, before))
    return max(0.0, busy - own) / max(1, total)


def share_of_others_now():
    """The same over half a second of doing nothing; 0 where it cannot be known."""
    before = busy_ticks(os.getpid())
    time.sleep(0.5)
    return share_of_others(before, busy_ticks(os.getpid())) or 0.0


def number_in(file, label, factor):
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * factor for line in lines if line.startswith(label)), None)
