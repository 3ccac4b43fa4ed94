"""The comparison laid out for people: areas down, indicators and years across."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from reportminer.core import ComparisonCell, Table
from reportminer.lexicon import default_lexicon

STATUS_NAMES = {"actual": "实际", "planned": "计划", "required": "标准"}
KIND_NAMES = {
    "level": "",
    "change": "增减量",
    "growth": "增速",
    "share": "",
    "ratio": "",
    "rank": "位次",
    "price": "单位水平",
}
MASKED = "掩码"


def column_title(c: ComparisonCell, names: Mapping[str, str]) -> str:
    """What a column holds: indicator, what narrows it, kind, status, unit."""
    parts = [names.get(c.indicator, c.indicator)]
    narrowed = [v for _, v in sorted(c.scope.items())]
    kind, status = KIND_NAMES.get(c.kind, c.kind), STATUS_NAMES.get(c.status, c.status)
    extra = [*narrowed, *([kind] if kind else []), *([status] if c.status != "actual" else [])]
    title = parts[0] + (f"·{'·'.join(extra)}" if extra else "")
    return f"{title}（{display_unit(c)[0]}）" if c.unit else title


def display_unit(c: ComparisonCell) -> tuple[str, int]:
    """Printed unit and divisor: money in 万元 and area in 万平方米 would hide small figures, so only money is scaled."""
    if c.unit == "元" and c.kind not in ("price",):
        return "万元", 10**4
    return c.unit or "", 1


def indicator_names() -> dict[str, str]:
    """Chinese names of the indicators by id."""
    return {r["id"]: r["zh"] for r in default_lexicon().table("indicators")}


def wide(
    table: Table,
) -> tuple[
    list[str],
    list[tuple[tuple[Any, ...], ComparisonCell]],
    list[str],
    dict[tuple[str, tuple[Any, ...], str], ComparisonCell],
]:
    """The table with areas down and columns × years across.

    Returns areas, columns (key and a sample cell) ordered by how many areas fill them, years, and the cells. Columns that only one area fills come last.
    """
    grid: dict[tuple[str, tuple[Any, ...], str], ComparisonCell] = {}
    filled: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    sample: dict[tuple[Any, ...], ComparisonCell] = {}
    years: set[str] = set()
    for c in table.cells:
        year = (c.period or "")[:4] if c.period and "/" not in c.period else (c.period or "")
        key = (c.indicator, tuple(sorted(c.scope.items())), c.kind, c.unit, c.status)
        if (c.area, key, year) in grid and not grid[c.area, key, year].masked:
            continue
        grid[c.area, key, year] = c
        filled[key].add(c.area)
        sample.setdefault(key, c)
        years.add(year)
    columns = sorted(filled, key=lambda k: (-len(filled[k]), str(k)))
    return sorted({c.area for c in table.cells}), [(k, sample[k]) for k in columns], sorted(years), grid


def wide_csv(table: Table) -> bytes:
    """The comparison as people read it: areas and years down, columns across, UTF-8 with BOM for Excel."""
    names = indicator_names()
    areas, columns, years, grid = wide(table)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["地区", "时期", *(column_title(sample, names) for _, sample in columns)])
    for area in areas:
        for year in years:
            row = [grid.get((area, key, year)) for key, _ in columns]
            if any(c is not None for c in row):
                writer.writerow([area, year or "年份不明", *(_shown(c) for c in row)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _shown(c: ComparisonCell | None) -> str:
    if c is None:
        return ""
    if c.value is None:
        return MASKED if c.masked else "约数"
    return format((c.value / display_unit(c)[1]).normalize(), "f")
