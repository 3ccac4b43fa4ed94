"""The worker of a workbench in a process of its own, with low priority: checks and comparison of many reports take a whole core for seconds, and pages
must not wait for them."""

from __future__ import annotations

import logging
import os
import signal
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from reportminer.store import open_store
from reportminer.workbench.runner import Runner

_NICE = 5  # of 19: pages come first, and reading goes on beside whatever else the machine does
_LOGGER = logging.getLogger("reportminer")


class Apart:
    """A ``Runner`` that lives in a child process; one that dies is replaced, and what it was at is begun again."""

    def __init__(self, where: str, files: Path | None) -> None:
        self._where, self._files = where, files
        self._end = Event()
        self._lock = Lock()
        self._pipe: Connection | None = None
        self._process: Any = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; nothing when it runs already."""
        if self._thread is None or not self._thread.is_alive():
            self._end.clear()
            self._thread = Thread(target=self._watch, name="reportminer-worker", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """There may be a new job."""
        self._tell(True)

    def stop(self, seconds: float = 20) -> None:
        """End after the file that is being read; the job goes back to the queue at the next start."""
        self._end.set()
        self._tell(False)
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive() and self._process is not None:
                self._process.kill()
                self._thread.join(5)

    def _tell(self, go_on: bool) -> None:
        with self._lock:
            if self._pipe is not None:
                try:
                    self._pipe.send(go_on)
                except (
                    OSError
                ) as e:  # it died in this moment; its successor looks into the queue at its start
                    _LOGGER.warning("worker: %s", e)

    def _watch(self) -> None:
        """Keep a child alive. This thread lives as long as the workbench, and the child dies with it."""
        while not self._end.is_set():
            theirs, ours = Pipe(duplex=False)
            # spawned, not forked from a process with threads and open databases
            process = get_context("spawn").Process(target=_work, args=(self._where, self._files, theirs))
            process.start()
            theirs.close()
            with self._lock:
                self._pipe, self._process = ours, process
            if self._end.is_set():  # stopped while it was started
                self._tell(False)
            process.join()
            with self._lock:
                self._pipe = None
            ours.close()
            if not self._end.is_set():
                _LOGGER.warning("the worker ended (%s) and is started again", process.exitcode)
                self._end.wait(1)


def _work(where: str, files: Path | None, pipe: Connection) -> None:
    """The child: run jobs until told to end, or until nobody is there to tell."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the workbench, which decides
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.name == "posix":
        os.nice(_NICE)
    store = open_store(where, files=files)
    runner = Runner(store)
    runner.start()
    try:
        while pipe.recv():
            runner.wake()
    except EOFError:
        _LOGGER.warning("the workbench is gone")
    runner.stop()
    store.close()
