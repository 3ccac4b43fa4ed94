"""Tables without rules: consecutive lines of cells that stand below each other."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from reportminer.ingest.pages.columns import Line
from reportminer.ingest.pages.glyphs import Run, split

_NUMERIC = re.compile(r"[约近]?[-−+]?[0-9][0-9,，.]*[%‰]?|[-—－/]+")
_FAR = 3.2  # line heights between two rows of one table
_SAME_CELL = 0.85  # of the distance of two rows: lines of one cell are closer
_SAME_ROW = 0.35  # of a character: cells of one row differ less in their middles
_CELL_GAP = 0.45  # of a character: a blank between the heads of two columns known from other rows
_SENTENCE_END = "。；！？"
_REACH = 0.3  # of the narrower of a head and a column: a head that covers less of it does not stand in it
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
        if len(line.runs) >= 2 or (rows and _has_gaps(line.runs[0])):
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


def _has_gaps(run: Run) -> bool:
    """Two or more blanks inside of one piece: heads of columns that stand close."""
    gaps = [b - a for a, b in zip(run.rights, run.lefts[1:], strict=False)]
    wide = sum(1 for x in gaps if x > _CELL_GAP * run.em)
    return 2 <= wide <= len(gaps) / 2


def _inner(block: list[Line], k: int, n: int) -> bool:
    """A single piece above a row of cells: the first line of a head of several lines, not in the first column and close to the row."""
    line = block[k + n - 1]
    following = block[k + n : k + n + 4]
    if line.text[-1] in _SENTENCE_END:
        return False
    for m, after in enumerate(following[:2]):
        if len(after.runs) >= 2 and after.runs[0].middle - line.runs[0].middle < 2.6 * line.em:
            rows = [x for x in following[m:] if len(x.runs) >= 2]
            first, right = min(x.runs[0].left for x in rows), max(x.right for x in rows)
            beyond = line.left > after.runs[0].right or line.left > first + 2 * line.em
            return beyond and line.right < right + 2 * line.em
    return False


def _table(rows: list[Line], rules: list[float]) -> Aligned | None:
    columns = _find_columns([row.runs for row in rows])
    if columns is None:
        return None
    pieces = [[piece for run in row.runs for piece in _pieces(run, columns)] for row in rows]
    columns = _find_columns(pieces) or columns
    runs = [r for row in pieces for r in row]
    pitch = _pitch(runs, rows)
    cells = _cells(runs, columns, pitch, rules)
    _number_rows(cells, pitch)
    _spread_heads(cells, columns)
    cells.sort(key=lambda c: (c.row, c.columns[0]))
    if len({c.row for c in cells}) < 2:
        return None
    return Aligned(cells, columns)


def _find_columns(rows: list[list[Run]]) -> list[tuple[float, float]] | None:
    """Left and right edge of each column: what stands below each other in the rows with the most cells, then in the others."""
    most = max(len(row) for row in rows)
    columns: list[tuple[float, float]] = []
    for run in sorted((r for row in rows if len(row) == most for r in row), key=lambda r: r.left):
        if columns and run.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], run.right))
        else:
            columns.append((run.left, run.right))
    if len(columns) < 2:
        return None
    lone: list[Run] = []
    for row in rows:
        for run in row if len(row) < most else []:
            met = _met(run, columns)
            if len(met) == 1:
                a, b = columns[met[0]]
                columns[met[0]] = (min(a, run.left), max(b, run.right))
            elif not met:
                lone.append(run)
    for run in lone:  # below each other in two rows: a column that the fullest rows leave empty; alone: a head over two columns
        others = [x for x in lone if x is not run and x.left < run.right and x.right > run.left]
        if others and not _met(run, columns):
            columns.append((min(x.left for x in [run, *others]), max(x.right for x in [run, *others])))
            columns.sort()
    return columns


def _met(run: Run, columns: list[tuple[float, float]]) -> list[int]:
    """The columns that a run stands in: a head may reach a little over its neighbours."""
    out = []
    for k, (a, b) in enumerate(columns):
        common = min(b, run.right) - max(a, run.left)
        if common > _REACH * min(b - a, run.right - run.left):
            out.append(k)
    return out


def _pieces(run: Run, columns: list[tuple[float, float]]) -> list[Run]:
    """A run over several columns cut at its gaps between them; heads often stand closer than figures."""
    out = []
    met = _met(run, columns)
    for k, n in itertools.pairwise(met):
        low, high = sum(columns[k]) / 2, sum(columns[n]) / 2
        gaps = [
            (run.lefts[i] - run.rights[i - 1], i)
            for i in range(1, len(run.text))
            if low < (run.lefts[i] + run.rights[i - 1]) / 2 < high
        ]
        if gaps and max(gaps)[0] > _CELL_GAP * run.em:
            first, run = split(run, max(gaps)[1])
            out.append(first)
    return [*out, run]


def _pitch(runs: list[Run], rows: list[Line]) -> float:
    """The usual distance of two rows: of figures below each other, else of lines."""
    figures = sorted((r for r in runs if _NUMERIC.fullmatch(r.text)), key=lambda r: r.middle)
    steps = []
    for i, a in enumerate(figures):
        below = next(
            (b for b in figures[i + 1 :] if b.left < a.right and b.right > a.left and b.top > a.middle), None
        )
        if below is not None:
            steps.append(below.middle - a.middle)
    if not steps:
        steps = [b.runs[0].middle - a.runs[0].middle for a, b in itertools.pairwise(rows)]
    steps.sort()
    return steps[len(steps) // 2] if steps else rows[0].em * 1.5


def _cells(
    runs: list[Run], columns: list[tuple[float, float]], pitch: float, rules: list[float]
) -> list[AlignedCell]:
    """Pieces in one column and closer than rows are make one cell; figures never do."""
    cells: list[AlignedCell] = []
    for run in sorted(runs, key=lambda r: (r.middle, r.left)):
        met = _met(run, columns) or [k for k, (_, b) in enumerate(columns) if b <= run.left][-1:] or [0]
        place = (met[0], met[-1])
        number = _NUMERIC.fullmatch(run.text) is not None
        for cell in reversed(cells):
            last = cell.runs[-1]
            if cell.columns[0] > place[1] or cell.columns[1] < place[0]:
                continue
            near = run.middle - last.middle < _SAME_CELL * pitch and run.middle - last.middle < 1.75 * run.em
            ruled = any(last.middle < y < run.middle for y in rules)
            if (
                cell.columns == place
                and near
                and not ruled
                and not number
                and not _NUMERIC.fullmatch(last.text)
            ):
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
            if any(
                abs(cell.middle - x.middle) < near or abs(cell.top - x.top) < near for x in level
            ) and not any(x.columns[0] <= cell.columns[1] and cell.columns[0] <= x.columns[1] for x in level):
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


def _spread_heads(cells: list[AlignedCell], columns: list[tuple[float, float]]) -> None:
    """A head over several columns begins at the first of them: told by the heads in the row below it."""
    rows: dict[int, list[AlignedCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for r in sorted(rows)[:2]:
        below = rows.get(r + 1, [])
        if not below or any(_NUMERIC.fullmatch(x.text) for c in (*rows[r], *below) for x in c.runs):
            return
        if len(below) >= len(columns) - 1 and len(rows[r]) >= len(columns) - 1:
            continue
        groups: dict[int, list[int]] = {}
        under = {k for c in below for k in range(c.columns[0], c.columns[1] + 1)}
        above = [c for c in rows[r] if under & {*range(c.columns[0], c.columns[1] + 1)}]
        for k in sorted(under) if above else ():
            at = sum(columns[k]) / 2
            nearest = min(
                range(len(above)),
                key=lambda n: abs((above[n].runs[0].left + above[n].runs[0].right) / 2 - at),
            )
            groups.setdefault(nearest, []).append(k)
        for n, members in groups.items():
            above[n].columns = (min(members), max(members))


def _meet(a: AlignedCell, b: AlignedCell) -> bool:
    return a.columns[0] <= b.columns[1] and b.columns[0] <= a.columns[1]
