"""What was made of the last reading of a project, kept until the next reading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from reportminer.store.store import Store

T = TypeVar("T")
_KEPT = 16  # things that stay in memory
_Key = tuple[str, int, int | None, str]
_memory: OrderedDict[_Key, object] = OrderedDict()
_making: dict[_Key, Lock] = {}
_lock = Lock()


def remembered(store: Store, project: int, name: str, make: Callable[[], T]) -> T:
    """What ``make`` gives for the current run of a project; made once. ``name`` says what it is. Raises NoSuchThing without the project."""
    key = (str(store.engine.url), project, store.projects.get(project).current_run, name)
    with _lock:
        if key in _memory:
            _memory.move_to_end(key)
            return _memory[key]  # type: ignore[return-value]
        mine = _making.setdefault(key, Lock())
    with mine:  # of those who ask at once one makes it, the others wait
        with _lock:
            if key in _memory:
                return _memory[key]  # type: ignore[return-value]
        try:
            made = make()
        finally:
            with _lock:
                _making.pop(key, None)
        with _lock:
            _memory[key] = made
            while len(_memory) > _KEPT:
                _memory.popitem(last=False)
    return made
