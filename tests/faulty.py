"""Readers that do what hostile files do to real ones. ``work`` is what the worker processes of a test run in place of the real one."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

from reportminer import scale, worker
from reportminer.core import RawDocument
from reportminer.ingest import txt

_read = txt.read
_read_apart = scale.read_apart


def _hang() -> None:
    while True:
        time.sleep(0.1)


def _hang_deaf() -> None:
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def _eat() -> None:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def _segfault() -> None:
    ctypes.string_at(0)


def _raise() -> None:
    raise ValueError("坏了")


def _recurse() -> None:
    _recurse()


def _exit() -> None:
    os._exit(3)


FAULTS = {
    b"HANG": _hang, b"DEAF": _hang_deaf, b"EAT": _eat, b"SEGV": _segfault, b"RAISE": _raise, b"RECURSE": _recurse, b"EXIT": _exit,
}  # fmt: skip


def read(data: bytes, source: str) -> RawDocument:
    """The txt reader, unless the file begins with the name of a fault."""
    fault = FAULTS.get(data.split(b"\n", 1)[0].strip())
    if fault:
        fault()
    return _read(data, source)


def work(task: Any, settings: Any) -> Any:
    """``worker.work`` with the faulty reader."""
    txt.read = read
    return worker.work(task, settings)


def read_apart(*arguments: Any) -> Any:
    """``scale.read_apart`` with the faulty reader."""
    scale.work = work
    return _read_apart(*arguments)
