"""Numeric cells of tables: the unit comes from the headers or the caption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from reportminer.core import Quantity, ReportText, TextCell, TextTable
from reportminer.extract.units import UnitTable, scale_at
from reportminer.lexicon import Lexicon, default_lexicon

_NUMBER = re.compile(r"[-−]?(?:[0-9]{1,3}(?:[,， ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?")
_UNIT_IN_HEADER = re.compile(r"[(（]([^()（）]{1,8})[)）]|单位[：:] ?([^\s，。)）]{1,8})")
_UNIT_COLUMN = re.compile(r"(?:计量)?单 ?位")
_GROWTH_HEAD = re.compile(r"增长|增速|增幅|降幅|同比|±|率|占比|比重|比例")
_ANY = re.compile(
    r"(?:普通|全县|全市|全区)?(?:小学|初中|高中|幼儿园|学前|中职|特教|合计|小计|总计|总数|平均|城区|农村|县城|乡镇|公办|民办)(?:阶段|段|部)?"
)
_WORDS = re.compile(r"[\u4e00-\u9fff]")
_YEARS = re.compile(r"(?:19|20)\d\d年?度?|学段|年份|年度|类别|项目|指标|地区|单位|学校类别")
UnitFound = tuple[str | None, Decimal, str]  # unit, factor, dimension


@cache
def head_names(lexicon: Lexicon) -> tuple[tuple[re.Pattern[str], str | None, str], ...]:
    """The rows of lexicons/table_heads.tsv. Raises LexiconError for a bad pattern."""
    out = []
    for row in lexicon.table("table_heads"):
        try:
            out.append((re.compile(row["pattern"]), row["unit"] or None, row["dimension"]))
        except re.error as e:
            raise row.fail(f"pattern 不是合法的正则表达式（{e}）") from e
    return tuple(out)


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
            unit = _unit(
                heads,
                row_head,
                _row_unit(report, rows, header_rows, cells, table) or caption_unit,
                body,
                table,
            )
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


def _unit_of(text: str, table: UnitTable) -> UnitFound | None:
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


def _row_unit(
    report: ReportText,
    rows: dict[int, list[TextCell]],
    header_rows: set[int],
    cells: list[TextCell],
    table: UnitTable,
) -> UnitFound | None:
    """The unit that a row names in a column of its own (单位)."""
    for cell in cells[1:]:
        word = report.clean[cell.start : cell.end].strip()
        if not word or len(word) > 6 or word[0].isdigit():
            continue
        heads = [report.clean[h.start : h.end] for k in header_rows for h in rows[k] if h.col == cell.col]
        if not heads or _UNIT_COLUMN.search(heads[-1]) or not any(h.strip() for h in heads):
            return _unit_of(f"（{word}）", table)
    return None


def _unit(
    heads: list[str],
    row_head: str,
    caption: UnitFound | None,
    body: str,
    table: UnitTable,
) -> UnitFound | None:
    if body.endswith("%"):
        return "%", Decimal(1), "percent"
    for text in reversed(heads):
        if (found := _unit_of(text, table)) is not None:
            return found
    if any(_GROWTH_HEAD.search(text) for text in heads):
        return _by_name(heads)
    if (found := _unit_of(row_head, table)) is not None:
        return found
    if caption is not None and caption[2] != "count":
        return caption
    return _by_name([row_head, *heads]) or caption


def _by_name(heads: list[str]) -> UnitFound | None:
    """What the heads say, the nearest column head first; a bare 小学 or 合计 names a row or column of anything."""
    said = [h for h in heads if not _ANY.fullmatch(h.strip())]
    if not any(_WORDS.search(_YEARS.sub("", h)) for h in said):
        said = heads  # 小学 by years: schools
    for text in reversed(said):
        for pattern, unit, dimension in head_names(default_lexicon()):
            if pattern.search(text):
                return unit, Decimal(1), dimension
    return None


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
