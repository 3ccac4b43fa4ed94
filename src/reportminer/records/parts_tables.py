"""Totals of tables: a row or column headed 合计 is the whole of the other cells of its column or row."""

from __future__ import annotations

import re
from collections import defaultdict

from reportminer.core import ReportText
from reportminer.records.draft import Draft
from reportminer.records.part_figures import ADDABLE

_TOTAL = re.compile(
    r"(?:总|合|共|累)\s*计|总\s*数|合\s*计数?|小\s*计|全[县市区镇乡州省校]\s*(?:合计|总计)?|总\s*量"
)
_AMONG = re.compile(r"\s*(?:[#＃]|其\s*中)")


def assign_table_parts(report: ReportText, drafts: list[Draft]) -> None:
    """Fill ``part_of`` of the drafts that stand in table cells."""
    tables: dict[int, list[int]] = defaultdict(list)
    for i, d in enumerate(drafts):
        if d.mention.table is not None:
            tables[d.mention.table].append(i)
    for number, indices in tables.items():
        heads = _heads(report, number)
        grid: dict[tuple[int, int], int] = {}
        for i in indices:
            m = drafts[i].mention
            if m.row is not None and m.col is not None:
                grid.setdefault((m.row, m.col), i)
        _rows(drafts, grid, heads[0])
        _columns(drafts, grid, heads[1])


def _heads(report: ReportText, number: int) -> tuple[dict[int, str], dict[int, str]]:
    """Row and column heads of a table: words of the first wordy cell of each row, of the wordy cells above the first figure."""
    rows: dict[int, str] = {}
    columns: dict[int, str] = {}
    for c in report.tables[number].cells:
        body = report.clean[c.start : c.end].strip()
        if not body or not re.search(r"[\u4e00-\u9fff]", body) or body[0].isdigit():
            continue
        rows.setdefault(c.row, body)
        columns.setdefault(c.col, body)
    return rows, columns


def _addable(a: Draft, b: Draft) -> bool:
    p, q = a.quantity, b.quantity
    return (
        p.dimension in ADDABLE
        and p.dimension == q.dimension
        and p.unit == q.unit
        and a.kind == b.kind
        and a.kind in ("level", "change")
        and a.status == b.status
    )


def _rows(drafts: list[Draft], grid: dict[tuple[int, int], int], heads: dict[int, str]) -> None:
    """Total rows: the rows above (a total at the end) or below (a total at the head) up to the next total row are its parts."""
    total_rows = sorted({r for r, _ in grid if _TOTAL.fullmatch(heads.get(r, ""))})
    if not total_rows:
        return
    rows = sorted({r for r, _ in grid})
    at_head = total_rows[0] == rows[0]
    grand = next((r for r in total_rows if not _is_sub(heads[r])), None)
    for r, c in sorted(grid):
        head = heads.get(r, "")
        whole: int | None
        if r in total_rows and not _is_sub(head):
            continue
        if _is_sub(head):
            whole = grid.get((grand, c)) if grand is not None else None
        else:
            after = [t for t in total_rows if (t < r if at_head else t > r)]
            near = (after[-1] if at_head else after[0]) if after else None
            whole = grid.get((near, c)) if near is not None else None
            if _AMONG.match(head):
                above = [x for x in rows if x < r and not _AMONG.match(heads.get(x, ""))]
                whole = grid.get((above[-1], c)) if above else None
        if whole is not None and _addable(drafts[grid[r, c]], drafts[whole]):
            drafts[grid[r, c]].part_of = whole


def _is_sub(head: str) -> bool:
    return "小" in head


def _columns(drafts: list[Draft], grid: dict[tuple[int, int], int], heads: dict[int, str]) -> None:
    """Total columns: the cells of the row on the other side, as long as they are amounts of the same unit and meaning."""
    columns = sorted({c for _, c in grid})
    totals = [c for c in columns if _TOTAL.fullmatch(heads.get(c, ""))]
    if not totals:
        return
    at_head = totals[0] == columns[0]
    for (r, c), i in grid.items():
        if c in totals or drafts[i].part_of is not None:
            continue
        near = [t for t in totals if (t < c if at_head else t > c)]
        if not near:
            continue
        whole = grid.get((r, near[-1] if at_head else near[0]))
        if whole is None or not _addable(drafts[i], drafts[whole]):
            continue
        if drafts[i].indicator == drafts[whole].indicator:
            drafts[i].part_of = whole
