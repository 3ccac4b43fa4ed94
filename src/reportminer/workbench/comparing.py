"""The comparison of a project for people: a selection of areas, years, indicators and scopes laid out, and what stands behind each cell."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from reportminer.comparison.derive import derive, title
from reportminer.comparison.layout import (
    MASKED,
    STATUS_NAMES,
    column_title,
    display_unit,
    indicator_names,
    wide,
    wide_csv,
)
from reportminer.comparison.notes import notes
from reportminer.core import ComparisonCell, Report, Table
from reportminer.errors import NoSuchThing
from reportminer.export import comparison_csv, number
from reportminer.names import SCOPES
from reportminer.store.store import Store
from reportminer.workbench.documents import load_all
from reportminer.workbench.findings import material
from reportminer.workbench.memory import remembered
from reportminer.workbook import write_workbook

_NOTED = 100  # reports up to which notes also come from the texts
_COLUMNS = 12  # shown when nobody chose an indicator


@dataclass(frozen=True)
class Selection:
    """What is wanted; an empty field wants all. ``scopes`` are written ``stage=小学``."""

    areas: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shown:
    """One cell: what is printed, the number for charts, and what is told of it. ``state``: value, masked, about."""

    text: str
    number: float | None
    state: str
    observation: str
    flags: tuple[str, ...]
    others: int
    rank: str
    growth: str


@dataclass(frozen=True)
class View:
    """The table: column titles, one row per area and year, a cell or None (the reports do not say) for each column. ``undated``: figures without a
    year, which are shown only when asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Shown | None, ...]], ...]
    left_out: int
    undated: int


@dataclass(frozen=True)
class Choices:
    """What can be chosen: (value, name, how many cells)."""

    areas: tuple[tuple[str, str, int], ...]
    years: tuple[tuple[str, str, int], ...]
    indicators: tuple[tuple[str, str, int], ...]
    scopes: tuple[tuple[str, str, int], ...]
    statuses: tuple[tuple[str, str, int], ...]


def cells(store: Store, project: int) -> tuple[ComparisonCell, ...]:
    """All cells of the last reading."""
    return remembered(store, project, "cells", lambda: _cells(store, project))


def _cells(store: Store, project: int) -> tuple[ComparisonCell, ...]:
    out = []
    for r in store.results.rows(project, "comparison"):
        exact = (r["exact"] or {}).get("value")
        value = Decimal(exact) if exact else r["value"]
        out.append(
            ComparisonCell(
                r["area"], r["area_code"], r["period"], r["indicator"], r["scope"], r["kind"], r["status"], value, r["unit"], r["bound"],
                r["observation"], tuple(r["others"]), tuple(r["flags"]), r["masked"],
            )
        )  # fmt: skip
    return tuple(out)


def _year(c: ComparisonCell) -> str:
    return (c.period or "")[:4] if c.period and "/" not in c.period else (c.period or "")


def _pairs(c: ComparisonCell) -> set[str]:
    return {f"{k}={v}" for k, v in c.scope.items()}


def select(every: Sequence[ComparisonCell], wanted: Selection) -> Table:
    """The cells that are wanted."""
    return Table(
        tuple(
            c
            for c in every
            if (not wanted.areas or c.area in wanted.areas)
            and (not wanted.years or _year(c) in wanted.years)
            and (not wanted.indicators or c.indicator in wanted.indicators)
            and (not wanted.scopes or wanted.scopes & _pairs(c))
            and (not wanted.statuses or c.status in wanted.statuses)
        )
    )


def view(every: Sequence[ComparisonCell], wanted: Selection) -> View:
    """The table of a selection: without chosen indicators the columns that most areas fill. Growth is against the year before even when that
    year is not shown."""
    table = select(every, wanted)
    undated = 0
    if not wanted.years:
        dated = tuple(c for c in table.cells if _year(c))
        undated, table = len(table.cells) - len(dated), Table(dated)
    areas, columns, years, grid = wide(table)
    names = indicator_names()
    chosen = columns if wanted.indicators or wanted.scopes else columns[:_COLUMNS]
    everything = Selection(wanted.areas, frozenset(), wanted.indicators, wanted.scopes, wanted.statuses)
    derived = derive(select(every, everything))
    growth = {(d.area, d.inputs[-1]): d for d in derived if d.sort == "growth"}
    ranks = {(d.area, d.period, d.name, i): d for d in derived if d.sort == "rank" for i in d.inputs}
    rows = []
    for area in areas:
        for year in years:
            row = [grid.get((area, key, year)) for key, _ in chosen]
            if any(c is not None for c in row):
                told: list[Shown | None] = []
                for c in row:
                    g = growth.get((area, c.observation)) if c else None
                    r = ranks.get((area, year, title(c, names), c.observation)) if c else None
                    rank = f"{r.value}/{r.formula.partition('个')[0]}" if r else ""
                    rise = f"{'+' if g.value > 0 else ''}{number(g.value)}{g.unit}" if g else ""
                    told.append(None if c is None else _shown(c, rank, rise))
                rows.append((area, year or "年份不明", tuple(told)))
    return View(
        tuple(column_title(s, names) for _, s in chosen), tuple(rows), len(columns) - len(chosen), undated
    )


def _shown(c: ComparisonCell, rank: str, rise: str) -> Shown:
    about = {"eq": "", "ge": "≥", "le": "≤", "approx": "约", "range": ""}[c.bound]
    if c.masked or c.value is None:
        text, figure, state = (MASKED, None, "masked") if c.masked else ("约数", None, "about")
    else:
        value = c.value / display_unit(c)[1]
        text, figure, state = f"{about}{_grouped(round(value, 6))}", float(value), "value"
    return Shown(text, figure, state, c.observation, c.flags, len(c.others), rank, rise)


def _grouped(value: Decimal) -> str:
    whole, dot, rest = number(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if abs(value) >= 1 else f"{whole}{dot}{rest}"


def choices(every: Sequence[ComparisonCell]) -> Choices:
    """All that a project's cells can be narrowed by, indicators and scopes with the most cells first."""
    names = indicator_names()
    areas = Counter(c.area for c in every)
    years = Counter(_year(c) for c in every)
    indicators = Counter(c.indicator for c in every)
    scopes = Counter(p for c in every for p in _pairs(c) if not p.startswith("subject="))
    statuses = Counter(c.status for c in every)
    return Choices(
        tuple((a, a, areas[a]) for a in sorted(areas)),
        tuple((y, y or "年份不明", years[y]) for y in sorted(years)),
        tuple((i, names.get(i, i), n) for i, n in indicators.most_common()),
        tuple(
            (p, f"{SCOPES.get(p.partition('=')[0], '')}：{p.partition('=')[2]}", n)
            for p, n in scopes.most_common()
        ),
        tuple((s, STATUS_NAMES.get(s, s), statuses[s]) for s in STATUS_NAMES if statuses[s]),
    )


def evidence(store: Store, project: int, observation: str) -> dict[str, Any]:
    """The figure chosen for a cell, its rivals (restatements, repeats), and its findings. Raises NoSuchThing."""
    cell = next((c for c in cells(store, project) if c.observation == observation), None)
    if cell is None:
        raise NoSuchThing("比较表里没有这个数，可能已重新读取。", "请刷新页面。")
    ids = [cell.observation, *cell.others]
    rows = {o["id"]: o for o in store.results.rows(project, "observations", {"id": ids})}
    found = store.results.rows(project, "findings", {"id": list(cell.flags)}) if cell.flags else []
    return {
        "cell": cell, "chosen": rows.get(cell.observation), "others": [rows[i] for i in cell.others if i in rows],
        "findings": [{n: f[n] for n in ("id", "severity", "message")} for f in found],
    }  # fmt: skip


def remarks(store: Store, project: int, table: Table) -> list[str]:
    """What keeps cells of a table from being compared as they stand."""
    reports = remembered(store, project, "reports", lambda: _reports(store, project))
    return [f"{n.about}：{n.note}" for n in notes(table, reports)]


def _reports(store: Store, project: int) -> tuple[Report, ...]:
    sources = [d["source"] for d in store.results.rows(project, "documents")]
    if len(sources) > _NOTED:
        return ()
    return tuple(d.report for d in load_all(store, project, sources))


def download(store: Store, project: int, wanted: Selection, format: str) -> bytes:
    """The selection as ``csv`` (one line per area and year), ``long.csv`` (one line per figure) or ``xlsx``."""
    table = select(cells(store, project), wanted)
    if format == "csv":
        return wide_csv(table)
    if format == "long.csv":
        return comparison_csv(table)
    m = material(store, project)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comparison.xlsx"
        write_workbook(path, table, m.reports, m.findings)
        return path.read_bytes()
