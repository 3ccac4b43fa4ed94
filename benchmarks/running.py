"""Runs of the command line as measurements: clock, processor time and memory of the parent and of its workers."""

import ctypes
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path


def command(folder, out, jobs):
    """A whole run, as an office would give it."""
    where = [str(folder), "--out", str(out), "--brief", "--jobs", str(jobs)]
    return [sys.executable, "-m", "reportminer", "run", *where]


@dataclass(frozen=True)
class Measured:
    """What a run took: seconds by the clock, seconds of processor time of the parent and of all its workers, peak memory of the parent and of the
    largest worker in MB, and what it said."""

    seconds: float
    parent: float
    workers: float
    parent_mb: float
    worker_mb: float
    said: str

    @property
    def processor(self):
        """Seconds of processor time of all processes."""
        return self.parent + self.workers


def measured(command, cores=None):
    """Run a command, on so many cores (None: all). What other people's work does to the clock it hardly does to processor time."""
    ctypes.CDLL(None).prctl(
        36, 1
    )  # PR_SET_CHILD_SUBREAPER: the workers' server outlives the parent and is waited for here
    some = sorted(os.sched_getaffinity(0))[:cores]
    start = time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, some),
    )
    lines, peaks = [], {}
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks), daemon=True)
    reader.start()
    watcher.start()
    _, status, parent = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    workers = 0.0
    while True:
        try:
            _, _, other = os.wait4(-1, 0)
        except ChildProcessError:
            break
        workers += other.ru_utime + other.ru_stime
    said = "".join(lines).strip()
    if process.returncode:
        raise SystemExit(said)
    own = peaks.pop(process.pid, 0.0)
    return Measured(
        seconds, parent.ru_utime + parent.ru_stime, workers, own, max(peaks.values(), default=0.0), said
    )


def _watch(pid, peaks):
    while Path(f"/proc/{pid}").exists():
        for p in _family(pid):
            peaks[p] = max(peaks.get(p, 0.0), _resident(p))
        time.sleep(0.5)


def _family(pid):
    """The process and all below it."""
    found = [pid]
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return found
    for child in below:
        found += _family(int(child))
    return found


def _resident(pid):
    """Peak resident memory of a process in MB, 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in status.splitlines() if x.startswith("VmHWM")), 0.0)


def fresh(folder):
    """A folder that is not there."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
