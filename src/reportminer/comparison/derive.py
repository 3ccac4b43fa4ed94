"""Columns that follow from the comparison itself: growth over the year before, share of the sum of all areas, per-head figures, ranks.

Every derived figure names its formula and the observations it comes from; none is made across a break of basis or of divisions,
from masked or one-sided figures, or across scopes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from reportminer.comparison.layout import indicator_names
from reportminer.core import ComparisonCell, Table
from reportminer.lexicon import default_lexicon

Sort = Literal["growth", "share", "per_head", "converted", "rank"]
SORTS: Mapping[Sort, str] = {
    "growth": "比上年增长",
    "share": "占各地区合计",
    "per_head": "人均",
    "converted": "换算",
    "rank": "位次",
}
#: what a figure is divided by, and what the quotient is called
_PER = (("pupils", "生均"), ("population", "人均"), ("teachers", "师均"))
_PER_WHAT = {
    "生均": (
        "area_school_total",
        "area_sports",
        "area_land",
        "books",
        "equip_value",
        "fund_expenditure",
        "computers",
    ),
    "人均": (
        "gdp",
        "fiscal_revenue",
        "fiscal_expenditure",
        "retail_sales",
        "fixed_investment",
        "area_farm",
        "deposits_loans",
    ),
    "师均": (),
}
_LEAST = 3  # areas that a share or a rank needs
_LOW_IS_FIRST = (
    "classes",
    "poverty",
    "rate_unemployment",
    "ratio_pupil_teacher",
    "ratio_pupil_computer",
    "shortage",
    "fund_gap",
)
Column = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived figure."""

    sort: Sort
    area: str
    period: str
    indicator: str
    name: str
    value: Decimal
    unit: str
    formula: str
    inputs: tuple[str, ...]  # observation ids


def derive(table: Table) -> tuple[Derived, ...]:
    """All derived figures of a comparison, in its order; linear in its cells but for the sorting of ranks."""
    names = indicator_names()
    columns: dict[Column, dict[tuple[str, str], ComparisonCell]] = defaultdict(dict)
    out: list[Derived] = []
    for c in table.cells:
        out += _converted(c)
        usable = (
            c.value is not None
            and not c.masked
            and c.bound in ("eq", "approx")
            and c.period
            and len(c.period) == 4
        )
        if usable and c.period and c.status == "actual" and c.kind in ("level", "price", "share", "ratio"):
            key = (c.indicator, tuple(sorted(c.scope.items())), c.kind, c.unit)
            columns[key].setdefault((c.area, c.period), c)
    for cells in columns.values():
        out += _growth(cells, names)
        out += _across(cells, names)
    out += _per_head(columns, names)
    return tuple(
        sorted(out, key=lambda d: (list(SORTS).index(d.sort), d.indicator, d.name, d.period, d.area))
    )


def _converted(c: ComparisonCell) -> Iterable[Derived]:
    """每百名学生拥有计算机N台 as pupils per computer, so that it stands beside a 生机比."""
    if (
        c.indicator == "computers"
        and c.kind == "price"
        and c.value
        and not (c.masked or c.flags or c.unsure)
        and c.status == "actual"
        and c.period
        and "每百名学生" in c.scope.get("subject", "")
    ):
        narrowed = "·".join(v for k, v in sorted(c.scope.items()) if k != "subject")
        name = f"生机比·{narrowed}" if narrowed else "生机比"
        yield Derived(
            "converted",
            c.area,
            c.period,
            "ratio_pupil_computer",
            name,
            _round(Decimal(100) / c.value),
            "比",
            "100÷每百名学生计算机台数",
            (c.observation,),
        )


def title(c: ComparisonCell, names: Mapping[str, str]) -> str:
    """What a cell's column is called."""
    narrowed = "·".join(v for _, v in sorted(c.scope.items()))
    name = names.get(c.indicator, c.indicator)
    return f"{name}·{narrowed}" if narrowed else name


def _round(value: Decimal, places: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _breaks() -> list[tuple[int, frozenset[str]]]:
    rows = default_lexicon().table("base_breaks")
    return [
        (int(r["word"].rstrip("#")), frozenset(r.list("indicators")))
        for r in rows
        if r["role"] == "year" and r["word"].rstrip("#").isdigit()
    ]


def _growth(cells: Mapping[tuple[str, str], ComparisonCell], names: Mapping[str, str]) -> Iterable[Derived]:
    breaks = _breaks()
    for (area, year), c in cells.items():
        before = cells.get((area, str(int(year) - 1)))
        if before is None or not before.value or c.value is None or before.value <= 0:
            continue
        if c.unsure or before.unsure:
            continue
        if (
            any(y == int(year) and c.indicator in which for y, which in breaks)
            or c.area_code != before.area_code
        ):
            continue
        name = title(c, names)
        ids = (before.observation, c.observation)
        if c.kind == "share":
            off = c.value - before.value
            yield Derived(
                "growth",
                area,
                year,
                c.indicator,
                name,
                _round(off),
                "百分点",
                f"{c.value} − {before.value}",
                ids,
            )
        else:
            rate = _round((c.value / before.value - 1) * 100)
            yield Derived("growth", area, year, c.indicator, name, rate, "%", "本年÷上年 − 1", ids)


def _across(cells: Mapping[tuple[str, str], ComparisonCell], names: Mapping[str, str]) -> Iterable[Derived]:
    by_year: dict[str, list[ComparisonCell]] = defaultdict(list)
    for (_, year), c in cells.items():
        by_year[year].append(c)
    additive = {r["id"] for r in default_lexicon().table("indicators") if r["additive"] == "sum"}
    for year, row in by_year.items():
        if len(row) < _LEAST or any(c.flags or c.unsure for c in row):
            continue
        total = sum((c.value for c in row if c.value is not None), Decimal(0))
        ids = tuple(c.observation for c in row)
        low_first = row[0].indicator in _LOW_IS_FIRST
        ranked = sorted(row, key=lambda c: ((c.value or Decimal(0)) * (1 if low_first else -1), c.area))
        for c in ranked:
            better = sum(
                (x.value or 0) < (c.value or 0) if low_first else (x.value or 0) > (c.value or 0) for x in row
            )
            rule = f"{len(row)}个地区中由{'低到高' if low_first else '高到低'}"
            yield Derived(
                "rank", c.area, year, c.indicator, title(c, names), Decimal(better + 1), "位", rule, ids
            )
            if c.kind == "level" and c.indicator in additive and total > 0 and c.value is not None:
                value = _round(c.value / total * 100)
                yield Derived(
                    "share",
                    c.area,
                    year,
                    c.indicator,
                    title(c, names),
                    value,
                    "%",
                    f"÷{len(row)}个地区之和",
                    ids,
                )


def _per_head(
    columns: Mapping[Column, Mapping[tuple[str, str], ComparisonCell]], names: Mapping[str, str]
) -> Iterable[Derived]:
    whole: dict[str, dict[tuple[str, str], ComparisonCell]] = {}
    for (indicator, scope, kind, _unit), cells in columns.items():
        narrowed = [v for k, v in scope if k not in ("subject", "basis")] if isinstance(scope, tuple) else []
        if kind == "level" and not narrowed and isinstance(indicator, str):
            for place, c in cells.items():
                whole.setdefault(indicator, {}).setdefault(place, c)
    for heads, word in _PER:
        for indicator in _PER_WHAT[word]:
            for place, c in whole.get(indicator, {}).items():
                n = whole.get(heads, {}).get(place)
                if n is None or not n.value or c.value is None or c.flags or n.flags or c.unsure or n.unsure:
                    continue
                unit = c.unit or ""
                formula = f"{title(c, names)}÷{title(n, names)}"
                value = _round(c.value / n.value)
                name = f"{word}{names.get(indicator, indicator)}"
                yield Derived(
                    "per_head",
                    place[0],
                    place[1],
                    indicator,
                    name,
                    value,
                    unit,
                    formula,
                    (c.observation, n.observation),
                )
