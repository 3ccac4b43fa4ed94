"""What keeps cells from being compared as they stand: other bases, divisions that changed, figures of another status or scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reportminer.comparison.derive import title
from reportminer.comparison.layout import indicator_names
from reportminer.core import Report, Table
from reportminer.lexicon import default_lexicon
from reportminer.restore.gazetteer import gazetteer


@dataclass(frozen=True, slots=True)
class Note:
    """One warning to the reader of a comparison."""

    about: str  # area or indicator
    note: str


def notes(table: Table, reports: Sequence[Report]) -> tuple[Note, ...]:
    """Comparability notes of a table, most general first."""
    return (*_bases(table), *_kinds(table), *_divisions(reports), *_coverage(table, reports))


def _bases(table: Table) -> list[Note]:
    names = indicator_names()
    years: dict[str, set[int]] = defaultdict(set)
    for c in table.cells:
        if c.period and c.period[:4].isdigit():
            years[c.indicator].add(int(c.period[:4]))
    found = []
    for row in default_lexicon().table("base_breaks"):
        year = row["word"].rstrip("#")
        if row["role"] != "year" or not year.isdigit():
            continue
        for indicator in row.list("indicators"):
            told = years.get(indicator, set())
            if told and min(told) < int(year) <= max(told):
                found.append(
                    Note(
                        names.get(indicator, indicator),
                        f"{year}年起口径有变：{row['example']}，前后年份不宜直接相比。",
                    )
                )
    return found


def _kinds(table: Table) -> list[Note]:
    """One indicator told under several names, units or states."""
    names = indicator_names()
    units: dict[str, set[str]] = defaultdict(set)
    planned: dict[str, int] = defaultdict(int)
    for c in table.cells:
        if c.kind in ("level", "price"):
            units[title(c, names)].add(c.unit or "")
        if c.status != "actual":
            planned[names.get(c.indicator, c.indicator)] += 1
    out = [
        Note(k, f"各报告用了不同的单位（{'、'.join(sorted(u))}），分列，未合并。")
        for k, u in sorted(units.items())
        if len(u) > 1
    ]
    return out + [
        Note(k, f"有 {n} 个计划数或标准数，单独成列，不与实际数相比。") for k, n in sorted(planned.items())
    ]


def _divisions(reports: Sequence[Report]) -> list[Note]:
    """Divisions renamed or founded between the years of the reports."""
    years = [r.year for r in reports if r.year]
    if not years:
        return []
    first, last = min(years), max(years)
    out = []
    for code, area in sorted(
        {(r.text.document.area_code, r.area) for r in reports if r.area and r.text.document.area_code}
    ):
        for region in gazetteer().by_code.get(code or "", ()):
            if region.name != (area or "").split("市")[-1] and region.name not in (area or ""):
                continue
            if region.since and first < region.since <= last:
                out.append(
                    Note(
                        area or "", f"{region.since}年起才有“{region.name}”（{code}），此前的数不能直接相比。"
                    )
                )
            if region.until and first <= region.until < last:
                out.append(
                    Note(
                        area or "", f"“{region.name}”（{code}）到{region.until}年为止，其后的数不能直接相比。"
                    )
                )
    return out


def _coverage(table: Table, reports: Sequence[Report]) -> list[Note]:
    masked = sum(c.masked for c in table.cells)
    flagged = sum(bool(c.flags) for c in table.cells)
    unsure = sum(c.unsure for c in table.cells)
    unknown = sorted(r.source for r in reports if r.area is None)
    out = []
    if masked:
        out.append(Note("全表", f"{masked} 个单元格的数字被遮盖，不是零，也不参与派生指标。"))
    if flagged:
        out.append(Note("全表", f"{flagged} 个单元格有核查结果，所在的列不排位次、不算占比。"))
    if unsure:
        out.append(
            Note("全表", f"{unsure} 个单元格把握不大（灰色斜体），用前请看原文；所在的列不排位次、不算占比。")
        )
    if unknown:
        out.append(Note("全表", f"{len(unknown)} 份报告看不出是哪个地区，未列入：{'、'.join(unknown[:5])}。"))
    return out
