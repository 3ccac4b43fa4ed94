"""Checks every lexicon row: its form, and that its example sentence is read as the row says."""

from __future__ import annotations

from reportminer.errors import LexiconError
from reportminer.extract.claims import ClaimFilter, stop_patterns
from reportminer.extract.periods import find_periods
from reportminer.extract.quantities import find_quantities
from reportminer.extract.units import UnitTable
from reportminer.lexicon import Lexicon


def check_all(lexicon: Lexicon) -> list[str]:
    """All problems found, one Chinese line each; empty when every table is right."""
    problems: list[str] = []
    for name in lexicon.names():
        try:
            lexicon.table(name)
        except LexiconError as e:
            problems.append(str(e))
    if problems:
        return problems
    try:
        table = UnitTable(lexicon)
        stop_patterns(lexicon)
    except LexiconError as e:
        return [str(e)]
    return [*_units(lexicon, table), *_bounds(lexicon, table), *_stops(lexicon, table)]


def _units(lexicon: Lexicon, table: UnitTable) -> list[str]:
    out = []
    for row in lexicon.table("units"):
        if row["example"] in ("", "-") or "x" in row["flags"]:
            continue
        if not any(q.unit == row["unit"] for q in find_quantities(row["example"], table)):
            out.append(str(row.fail(f"例句“{row['example']}”没有读出单位 {row['unit']}")))
    return out


def _bounds(lexicon: Lexicon, table: UnitTable) -> list[str]:
    out = []
    for row in lexicon.table("bounds"):
        found = list(find_quantities(row["example"], table))
        if not any(q.bound == row["bound"] for q in found):
            out.append(str(row.fail(f"例句“{row['example']}”没有读出界限 {row['bound']}")))
    return out


def _stops(lexicon: Lexicon, table: UnitTable) -> list[str]:
    out = []
    for row in lexicon.table("stop"):
        text = row["example"]
        claims = ClaimFilter(text, find_periods(text), lexicon)
        left = [q.text for q in find_quantities(text, table) if q.unit != "元" and claims.reason(q) is None]
        if left:
            out.append(str(row.fail(f"例句“{text}”里的“{left[0]}”仍被当作数据")))
    return out
