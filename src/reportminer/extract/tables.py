"""Numeric cells of tables: the unit comes from the headers or the caption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from reportminer.core import Quantity, ReportText, TextCell, TextTable
from reportminer.extract.quantities import find_quantities
from reportminer.extract.units import UnitTable, scale_at

_NUMBER = re.compile(r"[-−]?(?:[0-9]{1,3}(?:[,， ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?")
_UNIT_IN_HEADER = re.compile(r"[(（]([^()（）]{1,8})[)）]|单位[：:] ?([^\s，。)）]{1,8})")
# What a header counts when it prints no unit.
_BY_NAME = (
    (re.compile(r"比$|生师比|生机比|师生比"), "比", "ratio"),
    (re.compile(r"率|占比|比重|比例|增速|增幅|增长"), "%", "percent"),
    (re.compile(r"系数|指数"), None, "number"),
    (re.compile(r"学生|教师|教职工|人数|幼儿|人口|职工|新生|毕业生|招生"), "人", "count"),
    (re.compile(r"学校|幼儿园|教学点|园数|校数"), "所", "count"),
    (re.compile(r"班级|班数|项目|个数|数量|乡镇|村数"), "个", "count"),
)


def table_quantities(report: ReportText, index: int, table: UnitTable) -> Iterator[tuple[Quantity, TextCell]]:
    """Quantities of the numeric body cells of table ``index`` that carry no unit of their own, with their cells."""
    grid = report.tables[index]
    rows: dict[int, list[TextCell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    if len(rows) < 2:
        return
    header_rows = _header_rows(report, rows)
    caption = report.clean[max(0, grid.start - 60) : grid.start]
    caption_unit = _unit_of(caption, table) if "单位" in caption else None
    for r, cells in rows.items():
        if r in header_rows:
            continue
        row_head = next(
            (report.clean[c.start : c.end] for c in cells if c.col == min(x.col for x in cells)), ""
        )
        for cell in cells:
            body = report.clean[cell.start : cell.end]
            if _NUMBER.fullmatch(body) is None or (
                cell.col == min(x.col for x in cells) and body.isdigit() and len(body) < 3
            ):
                continue
            heads = [report.clean[h.start : h.end] for k in header_rows for h in rows[k] if h.col == cell.col]
            unit = _unit(heads, row_head, caption_unit, body, table)
            if unit is None:
                continue
            yield _quantity(body, cell, *unit), cell


def _header_rows(report: ReportText, rows: dict[int, list[TextCell]]) -> set[int]:
    """The leading rows without numbers in their body (at least one)."""
    out: set[int] = set()
    for r in sorted(rows):
        if any(_NUMBER.fullmatch(report.clean[c.start : c.end]) for c in rows[r][1:]):
            break
        out.add(r)
    return out or {min(rows)}


def _unit_of(text: str, table: UnitTable) -> tuple[str | None, Decimal, str] | None:
    """The unit named in brackets or after 单位：, with its scale."""
    for m in reversed(list(_UNIT_IN_HEADER.finditer(text))):
        word = (m.group(1) or m.group(2)).strip()
        scale = scale_at(word, 0)
        factor, i = (Decimal(scale[0]), scale[1]) if scale else (Decimal(1), 0)
        unit = table.at(word, i)
        if unit is not None and i + len(unit.word) == len(word):
            return unit.unit, factor * unit.factor, unit.dimension
        if word == "%":
            return "%", Decimal(1), "percent"
    return None


def _unit(
    heads: list[str],
    row_head: str,
    caption: tuple[str | None, Decimal, str] | None,
    body: str,
    table: UnitTable,
) -> tuple[str | None, Decimal, str] | None:
    if body.endswith("%"):
        return "%", Decimal(1), "percent"
    for text in (*reversed(heads), row_head):
        if (found := _unit_of(text, table)) is not None:
            return found
    for text in (*reversed(heads), row_head):
        for pattern, unit, dimension in _BY_NAME:
            if pattern.search(text):
                return unit, Decimal(1), dimension
    return caption


def _quantity(body: str, cell: TextCell, unit: str | None, factor: Decimal, dimension: str) -> Quantity:
    digits = body.rstrip("%").replace(",", "").replace("，", "").replace(" ", "").replace("−", "-")
    value = Decimal(digits)
    decimals = len(digits) - digits.find(".") - 1 if "." in digits else 0
    place = Decimal(10) ** -decimals * factor
    step = Decimal(0) if dimension == "count" and decimals == 0 and factor == 1 else place
    v = value * factor
    return Quantity(
        body,
        cell.start,
        cell.end,
        v,
        None,
        unit,
        "eq",
        v - step / 2,
        v + step / 2,
        False,
        None,
        step,
        dimension,
        "表格",
    )


def cell_of(grid: TextTable, start: int) -> TextCell | None:
    """The cell of a table that holds a clean offset."""
    return next((c for c in grid.cells if c.start <= start < c.end), None)


def text_quantities(text: str, table: UnitTable) -> Iterator[Quantity]:
    """Quantities with their own unit inside a cell text."""
    for q in find_quantities(text, table):
        yield replace(q)
