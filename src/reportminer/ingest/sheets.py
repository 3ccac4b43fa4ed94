"""Sheets of a workbook laid into text: titles, units and notes as lines, the rest as tables with a line per row and tabs between cells.

What a workbook holds once it holds here once: a merged cell at its first place. Hidden sheets are not read, and a note says so; hidden rows and
columns are read, because the totals beside them count them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from reportminer.core import Cell, RawDocument, RawTable
from reportminer.errors import UnreadableFile
from reportminer.limits import limit, stated

_GENERIC = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.I)
_NUMBER = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_LABELLED = re.compile(r"[^:：]{1,12}[:：].*|[(（].{0,6}单\s*位.*|(?:19|20)[0-9]{2}年[0-9]{1,2}月.*", re.S)
_WIDE = 3  # cells from which on a row of labelled cells is a row of the table
_PROSE = 60  # a single cell with more characters is a paragraph

Row = list[tuple[int, str]]  # column and text of the filled cells


@dataclass(slots=True)
class Sheet:
    """The filled cells of one sheet as printed, by row and column from 0."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], str] = field(default_factory=dict)

    def rows(self) -> list[tuple[int, Row]]:
        """The rows that hold anything, each with its number."""
        out: dict[int, Row] = {}
        for (r, c), text in sorted(self.cells.items()):
            if flat := " ".join(text.split()):
                out.setdefault(r, []).append((c, flat))
        return list(out.items())


class CellBudget:
    """Counts the cells of a workbook. Raises UnreadableFile beyond the limit."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.left = limit("cells")

    def spend(self) -> None:
        """One more cell."""
        self.left -= 1
        if self.left < 0:
            raise UnreadableFile(
                f"“{self.source}”有内容的单元格超过 {limit('cells')} 个（{stated('cells')}）。", "请拆分后再读，或只保留需要的工作表。"
            )  # fmt: skip


def document(
    sheets: Iterable[Sheet],
    data: bytes,
    source: str,
    form: str,
    notes: Iterable[str] = (),
    charset: str | None = None,
) -> RawDocument:
    """The text of a workbook with its tables. Raises UnreadableFile when no sheet holds anything."""
    told = list(notes)
    writer = _Writer(source)
    filled: list[tuple[str, list[tuple[int, Row]]]] = []
    for sheet in sheets:
        if sheet.hidden:
            told.append(f"隐藏的工作表“{sheet.name}”没有读取")
        elif rows := sheet.rows():
            filled.append((sheet.name, rows))
    for name, rows in filled:
        writer.sheet(name, rows, several=len(filled) > 1)
    text = "".join(writer.parts)
    if not text.strip():
        raise UnreadableFile(f"“{source}”里没有内容。", "请确认文件已保存；隐藏的工作表要取消隐藏后再读。")
    return RawDocument(
        source, sha256(data).hexdigest(), form, text, charset, tables=tuple(writer.tables), notes=tuple(told)
    )


class _Writer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.at = 0
        self.tables: list[RawTable] = []

    def put(self, piece: str) -> None:
        self.parts.append(piece)
        self.at += len(piece)

    def sheet(self, name: str, rows: list[tuple[int, Row]], several: bool) -> None:
        if self.parts:
            self.put("\n")
        if not _GENERIC.fullmatch(name.strip()) and len(rows[0][1]) > 1 and several:
            self.put(name.strip() + "\n")
        for block in _blocks(rows):
            self.block(block)

    def block(self, rows: list[Row]) -> None:
        """One table with the lines above and below it."""
        first = next((i for i, row in enumerate(rows) if not _is_line(row)), len(rows))
        last = next((i for i in range(len(rows), first, -1) if len(rows[i - 1]) > 1), first)
        for row in rows[:first]:
            self.put("　".join(t for _, t in row) + "\n")
        if first < last:
            self.table(rows[first:last])
        for row in rows[last:]:
            self.put("　".join(t for _, t in row) + "\n")

    def table(self, rows: list[Row]) -> None:
        columns = {c: i for i, c in enumerate(sorted({c for row in rows for c, _ in row}))}
        if len(columns) > limit("columns"):
            raise UnreadableFile(
                f"“{self.source}”中有一个表格宽 {len(columns)} 列（{stated('columns')}）。", "请拆分后再读。"
            )
        cells: list[Cell] = []
        for r, row in enumerate(rows):
            before = 0
            for column, text in row:
                self.put("\t" * (columns[column] - before))
                before = columns[column]
                cells.append(Cell(r, before, self.at, self.at + len(text)))
                self.put(text)
            self.put("\t" * (len(columns) - 1 - before) + "\n")
        self.tables.append(RawTable(tuple(cells)))


def _is_line(row: Row) -> bool:
    """A title, a unit, who fills the form in: no row of the table."""
    return len(row) == 1 or (
        len(row) <= _WIDE and all(_LABELLED.fullmatch(t) and not _NUMBER.fullmatch(t) for _, t in row)
    )


def _figures(row: Row) -> int:
    return sum(1 for _, t in row[1:] if _NUMBER.fullmatch(t))


def _blocks(rows: list[tuple[int, Row]]) -> list[list[Row]]:
    """Rows that belong to one table. A new one begins at a title between two tables and, after an empty row, at a title or at heads:
    rows without figures; an empty row before more figures only divides a table."""
    out: list[list[Row]] = []
    previous = -2
    started = False  # whether the last block has figures
    for n, (number, row) in enumerate(rows):
        following = rows[n + 1][1] if n + 1 < len(rows) else None
        gap = number > previous + 1
        titled = len(row) == 1 and following is not None and len(following) > 1 and not _figures(following)
        prose = len(row) == 1 and len(row[0][1]) > _PROSE
        if not out or prose or (started and (titled or (gap and not _figures(row)))):
            out.append([])
            started = False
        out[-1].append(row)
        started = started or _figures(row) > 0
        previous = number
    return out


def formula_note(unsaved: Mapping[str, int]) -> list[str]:
    """What to say about formulas without a saved result, by sheet."""
    return [f"工作表“{name}”有 {n} 个公式没有保存计算结果，读作空；请用 Office 或 WPS 打开并保存后再读" for name, n in unsaved.items() if n]  # fmt: skip
