"""ReportText → mentions: quantities that measure something, and time expressions."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from reportminer.core import Coverage, Mention, PeriodExpr, Quantity, ReportText, Span
from reportminer.core.making import maker
from reportminer.extract.claims import ClaimFilter
from reportminer.extract.dropped import find_dropped
from reportminer.extract.periods import find_periods
from reportminer.extract.quantities import find_quantities
from reportminer.extract.tables import cell_of, table_quantities
from reportminer.extract.units import unit_table
from reportminer.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Extraction:
    """What extract found in one report: mentions in text order, time expressions, and what was left out and why."""

    mentions: tuple[Mention, ...]
    periods: tuple[PeriodExpr, ...]
    coverage: Coverage


def extract(report: ReportText, lexicon: Lexicon | None = None) -> Extraction:
    """Every quantity of the report that measures something (`spec/observations.md` §1)."""
    table = unit_table(lexicon)
    text = report.clean
    periods = tuple(find_periods(text))
    claims = ClaimFilter(text, periods, lexicon)
    skipped: Counter[str] = Counter()
    placed: list[tuple[Quantity, int | None, int | None, int | None]] = []
    covered: list[Span] = []
    for k, grid in enumerate(report.tables):
        covered.append(Span(grid.start, grid.end))
        for q, cell in table_quantities(report, k, table):
            placed.append((q, k, cell.row, cell.col))
    cells = {q.start for q, *_ in placed}
    for q in _merged(find_quantities(text, table), find_dropped(text)):
        if q.start in cells:
            continue
        reason = claims.reason(q)
        if reason is not None:
            skipped[reason] += 1
            continue
        grid_index = next((i for i, s in enumerate(covered) if s.start <= q.start < s.end), None)
        at = cell_of(report.tables[grid_index], q.start) if grid_index is not None else None
        placed.append((q, grid_index if at else None, at.row if at else None, at.col if at else None))
    placed.sort(key=lambda p: p[0].start)
    starts = list(map(attrgetter("start"), report.sentences))
    mentions = tuple(
        _mention(
            q,
            q.start,
            q.end,
            max(0, bisect_right(starts, q.start) - 1),
            report.segment_at(q.start).index,
            k,
            row,
            col,
        )
        for q, k, row, col in placed
    )
    skipped["日期与时间"] += len(periods)
    return Extraction(
        mentions, periods, Coverage(len(mentions) + sum(skipped.values()), len(mentions), dict(skipped))
    )


_mention = maker(Mention)


def _merged(found: Iterable[Quantity], dropped: Iterable[Quantity]) -> list[Quantity]:
    """Both lists in text order; a dropped number never overlaps a printed one."""
    out = list(found)
    spans = {(q.start, q.end) for q in out}
    ends = {q.end for q in out}
    out.extend(q for q in dropped if q.end not in ends and (q.start, q.end) not in spans)
    out.sort(key=lambda q: q.start)
    return out
