"""Observations → comparison table: one cell per area × period × indicator × scope, with the observation chosen for it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from reportminer.comparison.places import apart
from reportminer.core import ComparisonCell, Finding, Observation, Report, Table
from reportminer.lexicon import default_lexicon
from reportminer.names import core

_BOUND_ORDER = {"eq": 0, "approx": 1, "ge": 2, "le": 2, "range": 3}
_STATUS_ORDER = {"actual": 0, "required": 1, "planned": 2}
# indicators that say nothing comparable
_EXCLUDED = frozenset({"other", "share_other", "duration"})


def compare(
    reports: Sequence[Report],
    *,
    findings: Iterable[Finding] = (),
    areas: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
    indicators: Iterable[str] | None = None,
    scope: dict[str, str] | None = None,
) -> Table:
    """The comparison of all reports.

    Places of one name with different codes are different areas. Only figures of a report's own area that are a whole (no school, project or part of a breakdown by named bodies) enter, one
    cell per area, period, indicator, scope, kind, unit and status. Of several candidates the chosen one is: not masked, plainly
    stated, final rather than preliminary (预计, 快报), from the latest report, most certain, first in the text. The rest are ``others``.
    ``areas, years, indicators, scope`` keep only what matches.
    """
    flags: dict[str, list[str]] = defaultdict(list)
    for f in findings:
        if f.severity != "info":
            for member in f.members:
                flags[member].append(f.id)
    groups: dict[tuple[str, ...], list[tuple[Report, Observation]]] = defaultdict(list)
    comparable = [(r, o) for r in reports for o in r.observations if _comparable(r, o)]
    codes: dict[str, set[str | None]] = defaultdict(set)
    for _, o in comparable:
        codes[o.area or ""].add(o.area_code)
    several = apart(codes)
    for report, o in comparable:
        scope_key = json.dumps(dict(sorted(o.scope.items())), ensure_ascii=False)
        key: tuple[str, ...] = (
            o.area or "",
            several.get((o.area or "", o.area_code), ""),
            o.indicator,
            scope_key,
            _qualifier(o),
            o.kind,
            o.unit or "",
            o.period or "",
            o.status,
        )
        groups[key].append((report, o))
    cells = []
    for key in sorted(groups):
        chosen, *others = sorted(groups[key], key=_preference)
        report, o = chosen
        wanted_scope = {**o.scope, **({"subject": key[4]} if key[4] else {})}
        cells.append(
            ComparisonCell(
                key[1] or key[0],
                o.area_code,
                o.period,
                o.indicator,
                wanted_scope,
                o.kind,
                o.status,
                o.value,
                o.unit,
                o.bound,
                o.id,
                tuple(x.id for _, x in others),
                tuple(sorted({f for _, x in groups[key] for f in flags.get(x.id, ())})),
                o.masked,
                o.confidence,
            )
        )
    return Table(tuple(c for c in cells if _wanted(c, areas, years, indicators, scope)))


def _comparable(report: Report, o: Observation) -> bool:
    """The figure speaks of the report's own area as a whole."""
    if o.indicator in _EXCLUDED or o.area is None:
        return False
    own = report.text.segments[o.segment].area if o.segment < len(report.text.segments) else report.area
    return o.area == own or o.area == report.area


def _qualifier(o: Observation) -> str:
    """What the label adds to the indicator: two figures of one indicator with other labels are other things."""
    name = core(o.label)
    return "" if name == core(_titles().get(o.indicator, "")) else name


@cache
def _titles() -> dict[str, str]:
    return {r["id"]: r["zh"] for r in default_lexicon().table("indicators")}


@cache
def _early() -> re.Pattern[str]:
    """Words of preliminary figures, which later ones replace."""
    words = [
        w for r in default_lexicon().table("base_breaks") if r["role"] == "early" for w in r.list("word")
    ]
    return re.compile("|".join(map(re.escape, words)))


def _preference(item: tuple[Report, Observation]) -> tuple[object, ...]:
    report, o = item
    return (
        o.masked,
        o.value is None,
        _STATUS_ORDER[o.status],
        _BOUND_ORDER[o.bound],
        bool(_early().search(report.sentence_text(o))),
        -(report.year or 0),
        -o.confidence,
        o.source,
        o.start,
    )


def _wanted(
    c: ComparisonCell,
    areas: Iterable[str] | None,
    years: Iterable[int] | None,
    indicators: Iterable[str] | None,
    scope: dict[str, str] | None,
) -> bool:
    if areas is not None and not {c.area, c.area.partition("（")[0]} & set(areas):
        return False
    if years is not None and (c.period is None or not any(str(y) in c.period for y in years)):
        return False
    if indicators is not None and c.indicator not in set(indicators):
        return False
    return scope is None or all(c.scope.get(k) == v for k, v in scope.items())
