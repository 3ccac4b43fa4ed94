"""The server from which worker processes are forked. It can be started before anything else is loaded, so that it loads what workers need
while the asking process loads what it needs itself."""

from __future__ import annotations

import os
from multiprocessing import get_context
from multiprocessing.context import BaseContext


def context() -> BaseContext:
    """How worker processes start: not forked from the asking process, whose threads and memory a worker has no business with."""
    if os.name != "posix":
        return get_context("spawn")
    server = get_context("forkserver")
    server.set_forkserver_preload(["reportminer.warm"])
    return server


def prepare() -> None:
    """Start the server and do not wait for it."""
    if os.name == "posix":
        from multiprocessing.forkserver import ensure_running

        context()
        ensure_running()
