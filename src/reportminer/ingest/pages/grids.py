"""Ruled tables: which straight lines of a page make a grid, and in which of its cells a character lies."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reportminer.ingest.pages.glyphs import Glyphs, Rule, Run

MAX_RULES = 20_000  # more straight lines on one page are a drawing
_SNAP = 2.5  # points between lines that are one (a rule drawn twice, the two sides of a thin box)
_SHORTEST = 6.0  # points; shorter ones are dashes of letters or underlines of one figure
_COVERED = 0.6  # share of a cell's side that a rule must cover


@dataclass(slots=True)
class Grid:
    """One ruled table: edges of its columns and rows, and for each small cell the cell (merged ones together) it belongs to."""

    xs: list[float]
    ys: list[float]
    owner: list[list[int]]  # row, column → number of the cell on the page
    places: dict[int, tuple[int, int]]  # number of the cell → its first row and column
    runs: dict[int, list[Run]] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """Left edge."""
        return self.xs[0]

    @property
    def right(self) -> float:
        """Right edge."""
        return self.xs[-1]

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.ys[0]

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.ys[-1]


@dataclass(slots=True)
class _Line:
    """A straight line at ``at`` from ``low`` to ``high``."""

    at: float
    low: float
    high: float


def find_grids(rules: list[Rule]) -> list[Grid]:
    """The ruled tables of a page, from top to bottom. A box around text is none."""
    if not 4 <= len(rules) <= MAX_RULES:
        return []
    across = _merged(_Line((t + b) / 2, le, r) for le, t, r, b in rules if r - le >= b - t)
    down = _merged(_Line((le + r) / 2, t, b) for le, t, r, b in rules if r - le < b - t)
    if len(across) < 2 or len(down) < 2:
        return []
    out: list[Grid] = []
    first = 0
    for a, d in _connected(across, down):
        grid = _grid(a, d, first)
        if grid is not None:
            first += len(grid.places)
            out.append(grid)
    out.sort(key=lambda g: (g.top, g.left))
    return out


def cells_of(g: Glyphs, grids: list[Grid]) -> NDArray[np.int32]:
    """For each character the number of the cell its middle lies in, -1 outside of the tables."""
    out = np.full(len(g.text), -1, np.int32)
    x, y = (g.left + g.right) / 2, (g.top + g.bottom) / 2
    for grid in grids:
        col = np.searchsorted(np.array(grid.xs), x) - 1
        row = np.searchsorted(np.array(grid.ys), y) - 1
        inside = (col >= 0) & (col < len(grid.xs) - 1) & (row >= 0) & (row < len(grid.ys) - 1)
        owner = np.array(grid.owner, np.int32)
        out[inside] = owner[row[inside], col[inside]]
    return out


def _merged(lines: Iterable[_Line]) -> list[_Line]:
    """Lines at one place whose ends meet as one line."""
    ordered = sorted((x for x in lines if x.high > x.low), key=lambda x: x.at)
    groups: list[list[_Line]] = []
    for line in ordered:
        if groups and line.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(line)
        else:
            groups.append([line])
    out = []
    for group in groups:
        at = sum(x.at for x in group) / len(group)
        group.sort(key=lambda x: x.low)
        low, high = group[0].low, group[0].high
        for line in group[1:]:
            if line.low <= high + _SNAP:
                high = max(high, line.high)
            else:
                out.append(_Line(at, low, high))
                low, high = line.low, line.high
        out.append(_Line(at, low, high))
    return [x for x in out if x.high - x.low >= _SHORTEST]


def _connected(across: list[_Line], down: list[_Line]) -> list[tuple[list[_Line], list[_Line]]]:
    """Groups of lines that touch or cross each other."""
    a = np.array([(x.at, x.low, x.high) for x in across])
    d = np.array([(x.at, x.low, x.high) for x in down])
    touch = (
        (d[None, :, 0] >= a[:, None, 1] - _SNAP)
        & (d[None, :, 0] <= a[:, None, 2] + _SNAP)
        & (a[:, None, 0] >= d[None, :, 1] - _SNAP)
        & (a[:, None, 0] <= d[None, :, 2] + _SNAP)
    )
    todo = set(range(len(across)))
    out = []
    while todo:
        rows, columns = {todo.pop()}, set[int]()
        new = set(rows)
        while new:
            found = set(np.flatnonzero(touch[sorted(new)].any(axis=0)).tolist()) - columns
            columns |= found
            new = set(np.flatnonzero(touch[:, sorted(found)].any(axis=1)).tolist()) - rows if found else set()
            rows |= new
        todo -= rows
        if columns:
            out.append(([across[i] for i in sorted(rows)], [down[i] for i in sorted(columns)]))
    return out


def _places(lines: list[_Line], ends: list[float]) -> list[float]:
    """Where the lines stand, each place once; the outermost ends of the lines that cross them close an open side."""
    at = sorted({x.at for x in lines})
    for end in (min(ends), max(ends)):
        if all(abs(end - x) > 2 * _SNAP for x in at):
            at.append(end)
    at.sort()
    return [x for i, x in enumerate(at) if i == 0 or x - at[i - 1] > _SNAP]


def _grid(across: list[_Line], down: list[_Line], first: int) -> Grid | None:
    xs = _places(down, [e for x in across for e in (x.low, x.high)])
    ys = _places(across, [e for x in down for e in (x.low, x.high)])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows * columns < 3 or rows < 1 or columns < 1 or rows * columns > MAX_RULES:
        return None
    below = [_covers(across, ys[r + 1], xs) for r in range(rows)]  # a rule between row r and r + 1
    beside = [_covers(down, xs[c + 1], ys) for c in range(columns)]
    parent = list(range(rows * columns))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not beside[c][r]:
                parent[root(r * columns + c + 1)] = root(r * columns + c)
            if r + 1 < rows and not below[r][c]:
                parent[root((r + 1) * columns + c)] = root(r * columns + c)
    numbers: dict[int, int] = {}
    places: dict[int, tuple[int, int]] = {}
    owner = []
    for r in range(rows):
        row = []
        for c in range(columns):
            k = root(r * columns + c)
            if k not in numbers:
                numbers[k] = first + len(numbers)
                places[numbers[k]] = (r, c)
            row.append(numbers[k])
        owner.append(row)
    if len(places) < 3:
        return None
    return Grid(xs, ys, owner, places)


def _covers(lines: list[_Line], at: float, edges: list[float]) -> list[bool]:
    """For each interval between the edges: does a line at ``at`` run along it?"""
    near = [x for x in lines if abs(x.at - at) <= _SNAP]
    out = []
    for low, high in itertools.pairwise(edges):
        covered = sum(max(0.0, min(high, x.high) - max(low, x.low)) for x in near)
        out.append(covered >= _COVERED * (high - low))
    return out
