"""Rows in columns of small numbers, so that many thousand are filtered and counted in a moment: made once per reading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Column:
    """One property of all rows; a row has none, one or several values."""

    def __init__(self, of: Iterable[Iterable[Any]]) -> None:
        """``of``: the values of each row."""
        known: dict[Any, int] = {}
        rows: list[int] = []
        codes: list[int] = []
        size = 0
        for values in of:
            for v in values:
                rows.append(size)
                codes.append(known.setdefault(v, len(known)))
            size += 1
        self._known = known
        self._size = size
        self._rows = np.array(rows, np.int64)
        self._codes = np.array(codes, np.int64)

    def having(self, wanted: Collection[Any]) -> Mask:
        """The rows with one of the values; all when none is wanted."""
        if not wanted:
            return np.ones(self._size, bool)
        chosen = np.zeros(len(self._known), bool)
        chosen[[self._known[v] for v in wanted if v in self._known]] = True
        out = np.zeros(self._size, bool)
        out[self._rows[chosen[self._codes]]] = True
        return out

    def counts(self, among: Mask) -> dict[Any, int]:
        """How many of some rows have each value, those that none has left out."""
        found = np.bincount(self._codes[among[self._rows]], minlength=len(self._known)).tolist()
        return {v: found[k] for v, k in self._known.items() if found[k]}


class Sieve:
    """Rows with their columns."""

    def __init__(self, rows: Sequence[Any], columns: Mapping[str, Callable[[Any], Iterable[Any]]]) -> None:
        """``columns``: name → the values of a row."""
        self.rows = rows
        self.columns = {name: Column(of(r) for r in rows) for name, of in columns.items()}


def sift(
    columns: Mapping[str, Column], wanted: Mapping[str, Collection[Any]], base: Mask
) -> tuple[NDArray[np.int64], dict[str, dict[Any, int]]]:
    """The rows of ``base`` that all wishes let through, and for each column how many rows there are by value: of those that the other wishes leave."""
    passes = {name: column.having(wanted[name]) for name, column in columns.items()}
    failed = sum((~p).astype(np.int8) for p in passes.values())
    counts = {
        name: column.counts(base & (failed - ~passes[name] == 0))
        for name, column in columns.items()
    }  # fmt: skip
    return np.flatnonzero(base & (failed == 0)), counts
