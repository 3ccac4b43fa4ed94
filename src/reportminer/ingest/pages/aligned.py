"""Tables without rules: consecutive lines of cells that stand below each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.ingest.pages.columns import Line
from reportminer.ingest.pages.glyphs import Run

_NUMERIC = re.compile(r"[约近]?[-−+]?[0-9][0-9,，.]*[%‰]?|[-—－/]+")
_FAR = 3.2  # line heights between two rows of one table
_SAME_CELL = 0.85  # of the distance of two rows: lines of one cell are closer
_SAME_ROW = 0.35  # of a character: cells of one row differ less in their middles
_WIDEST = 0.6  # of the table's width: a longer single piece is no cell


@dataclass(slots=True)
class AlignedCell:
    """The pieces of one cell from top to bottom and its place."""

    runs: list[Run]
    columns: tuple[int, int]  # first and last
    row: int = -1

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.runs[0].top

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.runs[0].top + self.runs[-1].bottom) / 2


@dataclass(slots=True)
class Aligned:
    """A table without rules: its cells in reading order, left and right edge of its columns."""

    cells: list[AlignedCell]
    columns: list[tuple[float, float]]


def find_aligned(block: list[Line], rules: list[float]) -> list[Line | Aligned]:
    """The lines of a column with those that make a table replaced by it. ``rules``: heights of horizontal rules on the page."""
    out: list[Line | Aligned] = []
    k = 0
    while k < len(block):
        n = _extent(block, k)
        table = _table(block[k : k + n], rules) if n >= 2 else None
        if table is None:
            out.append(block[k])
            k += 1
        else:
            out.append(table)
            k += n
    return out


def _extent(block: list[Line], k: int) -> int:
    """How many lines from ``k`` on can be one table: at least two of them with two or more pieces; 0 for none."""
    left = right = 0.0
    rows = last = 0
    for n, line in enumerate(block[k:], 1):
        if n > 1 and line.top - block[k + n - 2].bottom > _FAR * line.em:
            break
        if len(line.runs) >= 2:
            left, right = (
                (line.left, line.right) if not rows else (min(left, line.left), max(right, line.right))
            )
            rows += 1
            last = n
            continue
        narrow = line.right - line.left < _WIDEST * (right - left) if rows else False
        inner = not rows and _inner(block, k, n)
        if not (narrow or inner):
            break
        if narrow and line.left > left + 2 * line.em:
            last = n  # the rest of a cell; a lone piece in the first column may be the text after the table
    return last if rows >= 2 else 0


def _inner(block: list[Line], k: int, n: int) -> bool:
    """A single piece above a row of cells: the first line of a head of several lines, not in the first column and close to the row."""
    line = block[k + n - 1]
    for after in block[k + n : k + n + 2]:
        if len(after.runs) >= 2:
            close = after.runs[0].middle - line.runs[0].middle < 2.6 * line.em
            beyond = line.left > after.runs[0].right or (
                len(after.runs) >= 3 and line.left > after.runs[0].left + 2 * line.em
            )
            return close and beyond and line.right < after.right + 2 * line.em
    return False


def _table(rows: list[Line], rules: list[float]) -> Aligned | None:
    columns = _find_columns(rows)
    if columns is None:
        return None
    runs = [r for row in rows for r in row.runs]
    pitch = _pitch(runs, rows)
    cells = _cells(runs, columns, pitch, rules)
    _number_rows(cells, pitch)
    cells.sort(key=lambda c: (c.row, c.columns[0]))
    if len({c.row for c in cells}) < 2:
        return None
    return Aligned(cells, columns)


def _find_columns(rows: list[Line]) -> list[tuple[float, float]] | None:
    """Left and right edge of each column: what stands below each other in the rows with the most cells, then in the others."""
    most = max(len(row.runs) for row in rows)
    columns: list[tuple[float, float]] = []
    for run in sorted((r for row in rows if len(row.runs) == most for r in row.runs), key=lambda r: r.left):
        if columns and run.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], run.right))
        else:
            columns.append((run.left, run.right))
    if len(columns) < 2:
        return None
    for row in rows:
        for run in row.runs if len(row.runs) < most else []:
            met = [k for k, (a, b) in enumerate(columns) if run.left < b and run.right > a]
            if not met:
                columns.append((run.left, run.right))
                columns.sort()
            elif len(met) == 1:
                a, b = columns[met[0]]
                columns[met[0]] = (min(a, run.left), max(b, run.right))
    return columns


def _pitch(runs: list[Run], rows: list[Line]) -> float:
    """The usual distance of two rows: of figures below each other, else of lines."""
    figures = sorted((r for r in runs if _NUMERIC.fullmatch(r.text)), key=lambda r: r.middle)
    steps = []
    for i, a in enumerate(figures):
        below = next((b for b in figures[i + 1 :] if b.left < a.right and b.right > a.left and b.top > a.middle), None)
        if below is not None:
            steps.append(below.middle - a.middle)
    if not steps:
        steps = [b.runs[0].middle - a.runs[0].middle for a, b in zip(rows, rows[1:], strict=False)]
    steps.sort()
    return steps[len(steps) // 2] if steps else rows[0].em * 1.5


def _cells(
    runs: list[Run], columns: list[tuple[float, float]], pitch: float, rules: list[float]
) -> list[AlignedCell]:
    """Pieces in one column and closer than rows are make one cell; figures never do."""
    cells: list[AlignedCell] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.left)):
        met = [k for k, (a, b) in enumerate(columns) if run.left < b and run.right > a]
        if not met:
            met = [min(range(len(columns)), key=lambda k: abs(sum(columns[k]) / 2 - (run.left + run.right) / 2))]
        place = (met[0], met[-1])
        number = _NUMERIC.fullmatch(run.text) is not None
        for cell in reversed(cells):
            last = cell.runs[-1]
            if cell.columns[0] > place[1] or cell.columns[1] < place[0]:
                continue
            near = run.middle - last.middle < _SAME_CELL * pitch and run.middle - last.middle < 1.75 * run.em
            ruled = any(last.middle < y < run.middle for y in rules)
            if cell.columns == place and near and not ruled and not number and not _NUMERIC.fullmatch(last.text):
                cell.runs.append(run)
                break
            cells.append(AlignedCell([run], place))
            break
        else:
            cells.append(AlignedCell([run], place))
    return cells


def _number_rows(cells: list[AlignedCell], pitch: float) -> None:
    """Cells whose middles or upper edges agree are one row; one between two rows of the others belongs to the upper (merged downwards)."""
    levels: list[list[AlignedCell]] = []
    for cell in sorted(cells, key=lambda c: c.middle):
        near = _SAME_ROW * cell.runs[0].em
        for level in reversed(levels[-3:]):
            if any(abs(cell.middle - x.middle) < near or abs(cell.top - x.top) < near for x in level) and not any(
                x.columns[0] <= cell.columns[1] and cell.columns[0] <= x.columns[1] for x in level
            ):
                level.append(cell)
                break
        else:
            levels.append([cell])
    levels.sort(key=lambda level: min(c.middle for c in level))
    at = [sum(c.middle for c in level) / len(level) for level in levels]
    row = -1
    for n, level in enumerate(levels):
        between = (
            0 < n < len(levels) - 1
            and at[n + 1] - at[n - 1] < 1.3 * pitch
            and at[n] - at[n - 1] < 0.75 * pitch
            and not any(_meet(c, x) for c in level for x in (*levels[n - 1], *levels[n + 1]))
        )
        if not between:
            row += 1
        for cell in level:
            cell.row = max(row, 0)


def _meet(a: AlignedCell, b: AlignedCell) -> bool:
    return a.columns[0] <= b.columns[1] and b.columns[0] <= a.columns[1]
