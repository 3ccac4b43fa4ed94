"""Reading order: lines from top to bottom, columns of prose one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportminer.ingest.pages.glyphs import CELL_GAP, FIGURE_GAP, Run, joined
from reportminer.ingest.pages.grids import Grid

_FEWEST = 4  # lines of each column
_SHORTEST = 7  # characters that a line of a column of prose has on average
_FULL = 0.35  # share of the lines of a column that reach its right edge
_FIGURES = 0.2  # more lines that are figures alone make a table
_FIGURE = re.compile(r"[-−+]?[0-9][0-9,，.]*[%‰]?")
_DEEPEST = 3  # columns inside of columns


@dataclass(slots=True)
class Line:
    """The runs of one line from left to right; ``margins``: left and right edge of the column it stands in."""

    runs: list[Run]
    margins: tuple[float, float]

    @property
    def left(self) -> float:
        """Left edge."""
        return self.runs[0].left

    @property
    def right(self) -> float:
        """Right edge."""
        runs = self.runs  # one for nearly every line
        return runs[0].right if len(runs) == 1 else max(r.right for r in runs)

    @property
    def top(self) -> float:
        """Upper edge of the highest run."""
        runs = self.runs
        return runs[0].top if len(runs) == 1 else min(r.top for r in runs)

    @property
    def bottom(self) -> float:
        """Lower edge of the lowest run."""
        runs = self.runs
        return runs[0].bottom if len(runs) == 1 else max(r.bottom for r in runs)

    @property
    def em(self) -> float:
        """The largest size of a character in it."""
        runs = self.runs
        return runs[0].em if len(runs) == 1 else max(r.em for r in runs)

    @property
    def text(self) -> str:
        """Its characters without separators."""
        runs = self.runs
        return runs[0].text if len(runs) == 1 else "".join(r.text for r in runs)


Block = list[Line | Grid]  # what stands in one column, from top to bottom


def blocks(runs: list[Run], grids: list[Grid]) -> list[Block]:
    """The columns of a page in reading order, each with its lines and ruled tables from top to bottom."""
    items: list[Run | Grid] = [*runs, *grids]
    out: list[Block] = []
    for group in _columns(items, 0):
        inside: list[Run] = [x for x in group if isinstance(x, Run)]
        margins = (min(r.left for r in inside), max(r.right for r in inside)) if inside else (0.0, 0.0)
        block: Block = [Line(row, margins) for row in lines(inside)]
        block += [x for x in group if isinstance(x, Grid)]
        block.sort(key=lambda x: (x.top, x.left))
        out.append(block)
    return out


def lines(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that stand beside each other, from left to right, neighbours without a wide gap as one."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.left)):
        for row in reversed(rows[-3:]):
            if _beside(row[0], run):
                row.append(run)
                break
        else:
            rows.append([run])
    return [_closed(sorted(row, key=lambda r: r.left)) for row in rows]


def _beside(a: Run, b: Run) -> bool:
    overlap = min(a.bottom, b.bottom) - max(a.top, b.top)
    return overlap > 0.55 * min(a.bottom - a.top, b.bottom - b.top)


def _closed(row: list[Run]) -> list[Run]:
    out = [row[0]]
    for run in row[1:]:
        before = out[-1]
        figures = before.text[-1].isdigit() and run.text[0].isdigit()
        if run.left - before.right < (FIGURE_GAP if figures else CELL_GAP) * min(before.em, run.em):
            out[-1] = joined(before, run)
        else:
            out.append(run)
    return out


def _columns(items: list[Run | Grid], depth: int) -> list[list[Run | Grid]]:
    """Groups in reading order: bands over the whole width and columns."""
    if depth == _DEEPEST or len(items) < 2 * _FEWEST:
        return [items] if items else []
    for at in _gutters(items):
        bands = _bands(items, at)
        if not any(two for _, two in bands):
            continue
        out: list[list[Run | Grid]] = []
        wide: list[Run | Grid] = []
        for band, two in bands:
            if not two:
                wide += band
                continue
            if wide:
                out += _columns(wide, depth + 1)
                wide = []
            out += _columns([x for x in band if x.right <= at], depth + 1)
            out += _columns([x for x in band if x.right > at], depth + 1)
        return out + (_columns(wide, depth + 1) if wide else [])
    return [items]


def _gutters(items: list[Run | Grid]) -> list[float]:
    """Where a second column may begin: left edges that many runs share, the most frequent first; each a little left of the edge."""
    left, right = min(x.left for x in items), max(x.right for x in items)
    edges = sorted(
        (x.left, x.em)
        for x in items
        if isinstance(x, Run) and left + 0.2 * (right - left) < x.left < right - 0.2 * (right - left)
    )
    groups: list[list[tuple[float, float]]] = []
    for edge in edges:
        if groups and edge[0] - groups[-1][0][0] < 0.5 * edge[1]:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    found = [(-len(g), g[0][0] - 0.3 * g[0][1]) for g in groups if len(g) >= _FEWEST - 1]
    return [at for _, at in sorted(found)][:4]


def _bands(items: list[Run | Grid], at: float) -> list[tuple[list[Run | Grid], bool]]:
    """The items from top to bottom, cut where one crosses ``at``; True for a band of two columns."""
    out: list[tuple[list[Run | Grid], bool]] = []
    band: list[Run | Grid] = []

    def close() -> None:
        if band:
            out.append((list(band), _two_columns(band, at)))
            band.clear()

    for item in sorted(items, key=lambda x: (x.top, x.left)):
        if item.left < at < item.right:
            close()
            out.append(([item], False))
        else:
            band.append(item)
    close()
    return out


def _two_columns(band: list[Run | Grid], at: float) -> bool:
    left = [x for x in band if isinstance(x, Run) and x.right <= at]
    right = [x for x in band if isinstance(x, Run) and x.left >= at]
    return _prose(left) and _prose(right) and at - max(r.right for r in left) > 0


def _prose(side: list[Run]) -> bool:
    """Lines as long as the column and few that are figures alone."""
    if len(side) < _FEWEST or sum(len(r.text) for r in side) < _SHORTEST * len(side):
        return False
    edge = max(r.right for r in side)
    full = sum(1 for r in side if r.right > edge - 2.5 * r.em)
    figures = sum(1 for r in side if _FIGURE.fullmatch(r.text))
    return full >= _FULL * len(side) and figures <= _FIGURES * len(side)


def usual_size(lines: Iterable[Line]) -> float:
    """The size of a character that as many are above as below, 0 without lines."""
    sizes = sorted((x.em, len(x.text)) for x in lines)
    half = sum(n for _, n in sizes) / 2
    for em, n in sizes:
        half -= n
        if half <= 0:
            return em
    return 0.0
