"""Which page each worker is recognising: one small file per worker beside the parts, written as a whole, read by whoever waits.

A file says where its worker was last; it is gone when the task is done. One that a killed worker left behind is not believed.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reportminer.ingest import progress

_FOLDER = ".now"


@dataclass(frozen=True)
class UnderWay:
    """A file whose page ``page`` of ``pages`` is being recognised."""

    source: str
    page: int
    pages: int


@contextmanager
def noted(parts: Path) -> Iterator[None]:
    """While this is open, the pages that this process recognises are written down."""
    file = parts / _FOLDER / str(os.getpid())

    def write(source: str, page: int, pages: int) -> None:
        new = file.with_name(f".{file.name}")
        # somebody only waits less well informed where the disk is full: the part that follows will say so
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps([source, page, pages]), encoding="utf-8")
            new.replace(file)

    try:
        with progress.heard_by(write):
            yield
    finally:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def under_way(parts: Path) -> list[UnderWay]:
    """What the workers of a folder of parts are at, by source."""
    found = []
    for file in (parts / _FOLDER).glob("[0-9]*"):
        try:
            source, page, pages = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # finished in this moment, or written by a hand that is not ours
        if alive(int(file.name)):
            found.append(UnderWay(source, page, pages))
        else:
            file.unlink(missing_ok=True)
    return sorted(found, key=lambda u: u.source)


def alive(process: int) -> bool:
    """Whether a process of this machine runs; where that cannot be told, it is taken for running."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
