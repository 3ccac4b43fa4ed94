"""Who wants to know which page is being recognised: pages of a scan take seconds each, so that a person who waits is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: source, page (from 1), pages
Listener = Callable[[str, int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("_listener", default=None)


def tell(source: str, page: int, pages: int) -> None:
    """Page ``page`` of ``pages`` is about to be recognised."""
    listener = _listener.get()
    if listener is not None:
        listener(source, page, pages)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """While this is open, ``listener`` hears of each page."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
