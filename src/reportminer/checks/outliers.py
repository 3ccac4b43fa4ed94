"""V5 values far outside those of all comparable areas, by robust statistics; P4 counties against their city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from statistics import median

from reportminer.checks.common import View, arithmetic, finding, number
from reportminer.checks.explain import slip
from reportminer.checks.facts import Fact, base_break, collect
from reportminer.checks.intervals import Interval, total
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Severity, Verified
from reportminer.names import core
from reportminer.restore.gazetteer import gazetteer

_RATES = 4  # other areas that a rate needs to be judged by
_LEVELS = 8  # other areas that a per-head figure needs
_SIGMAS = Decimal(5)
_MAD = Decimal("1.4826")
_POINTS = Decimal(10)  # percentage points, a floor below which a rate is never an outlier
_LEAVES, _COMES_BACK = Decimal(5), Decimal(2)  # percentage points
_TIMES = Decimal(5)
_SPREAD = (
    "rate_enrolment",
    "rate_retention",
    "rate_promotion",
    "rate_qualified",
    "rate_coverage",
    "rate_satisfaction",
)


def outliers(views: Sequence[View], words: Words) -> CheckResult:
    """V5 离群: a rate or per-head figure far from those of all other areas for the same year. Few areas, or areas that differ much
    among themselves, accuse nobody.

    Fires: (五个县的2020年报告)九年巩固率98.1%、97.8%、98.9%、98.2%；泰和县九年巩固率79.6%。
    Quiet: (五个县的2020年报告)九年巩固率98.1%、97.8%、88.9%、93.2%；泰和县九年巩固率79.6%。
    """
    result = CheckResult()
    for fact, others, own in _extremes(views, words):
        if _far(fact, others):
            _report(fact, others, own, result)
        elif (right := _turned(fact, others, own)) is not None:
            _report(fact, others, own, result, right)
    return result


def standing_out(views: Sequence[View], words: Words) -> set[str]:
    """Ids of the figures of which V5 may have something to say once the other years of their areas are at hand; every one that it will speak of is here."""
    return {
        fact.o.id
        for fact, others, _ in _extremes(views, words)
        if _far(fact, others) or _turned_for_others(fact, others)
    }


def _extremes(views: Sequence[View], words: Words) -> Iterator[tuple[Fact, list[Fact], list[Fact]]]:
    """The figures that are least or greatest of their year, each with those of the other areas and its own of other years."""
    cells: dict[tuple[object, ...], dict[object, Fact]] = {}
    series: dict[tuple[object, ...], list[Fact]] = {}
    for key, facts in collect(views, by_year=True).items():
        area, *rest = key
        if facts[0].o.kind == "level" or facts[0].o.part_of:
            continue
        cells.setdefault(tuple(rest), {})[area] = facts[-1]
        series.setdefault(key[:-2], []).append(facts[-1])
    for cell, by_area in cells.items():
        ends = _ends(f.o.value for f in by_area.values())
        for area, fact in by_area.items():
            if fact.o.value not in ends:
                continue  # what lies between two others is far from nobody
            if not base_break(words, fact):
                others = [f for a, f in by_area.items() if a != area]
                yield fact, others, [f for f in series[(area, *cell[:-2])] if f.year != fact.year]


def _turned(fact: Fact, others: Sequence[Fact], own: Sequence[Fact]) -> Decimal | None:
    """A rate that leaves its own series and its neighbours, and comes back to both when two digits change places: 78.9 among 97, 98, 98.7."""
    x = fact.o.value
    near = [f.o.value for f in own if f.o.value is not None and abs((f.year or 0) - (fact.year or 0)) == 1]
    if x is None or not near or min(abs(x - v) for v in near) < _LEAVES:
        return None
    for right in _turned_for_others(fact, others):
        if all(abs(right - v) <= _COMES_BACK for v in near):
            return right
    return None


def _turned_for_others(fact: Fact, others: Sequence[Fact]) -> list[Decimal]:
    """What a rate that leaves those of the other areas would be with two digits exchanged, where that is among theirs."""
    x, values = fact.o.value, [f.o.value for f in others if f.o.value is not None]
    if x is None or fact.o.kind != "share" or len(values) < _RATES or fact.o.indicator not in _SPREAD:
        return []
    if abs(x - median(values)) < _LEAVES:
        return []
    low, high = min(values) - _COMES_BACK, max(values) + _COMES_BACK
    return [s for s in _swapped(x, fact.view.printed(fact.o).decimals) if low <= s <= high]


def _ends(values: Iterable[Decimal | None]) -> set[Decimal]:
    """The least and the greatest of some values, where one alone has them."""
    times = Counter(v for v in values if v is not None)
    return {v for v in (min(times), max(times)) if times[v] == 1} if times else set()


def _far(fact: Fact, others: Sequence[Fact]) -> bool:
    values = [f.o.value for f in others if f.o.value is not None]
    x = fact.o.value
    if x is None:
        return False
    if fact.o.kind == "share":
        if len(values) < _RATES or fact.o.indicator not in _SPREAD:
            return False
        middle = median(values)
        spread = median([abs(v - middle) for v in values]) * _MAD
        off = abs(x - middle)
        return off > max(_SIGMAS * spread, _POINTS) and off > 3 * (max(values) - min(values))
    if len(values) < _LEVELS or x <= 0 or min(values) <= 0:
        return False
    middle = median(values)
    widest = max(max(values) / middle, middle / min(values))
    times = max(x / middle, middle / x)
    return times > _TIMES and times > 2 * widest


def _report(
    fact: Fact, others: Sequence[Fact], own: Sequence[Fact], result: CheckResult, right: Decimal | None = None
) -> None:
    values = sorted(f.o.value for f in others if f.o.value is not None)
    view, o = fact.view, fact.o
    if o.value is None:
        return
    unit = o.unit or ""
    message = f"{o.area}{fact.year}年{core(o.label)}{view.text(o)}，其余{len(values)}个地区在{number(values[0])}—{number(values[-1])}{unit}之间"
    if own:
        message += "；本地" + "、".join(f"{f.year}年{f.view.text(f.o)}" for f in own[:3])
    low, high = values[0], values[-1]
    reasons = [f"数字颠倒，可能是{s}{unit}" for s in _swapped(o.value, view.printed(o).decimals) if low * Decimal("0.98") <= s <= high * Decimal("1.02")]  # fmt: skip
    if right is not None and not reasons:
        reasons = [f"可能是{view.show(right, o)}"]
    members = [o] if right is None else [o, *(f.o for f in others)]
    views = [view] if right is None else [view, *(f.view for f in others)]
    how = arithmetic(
        view.text(o), f"{number(low)}—{number(high)}{unit}", fact.interval, Interval(low, high), None, unit
    )
    result.findings.append(
        finding("V5", "outlier", "warning", views, members, message + "。", how, [*reasons, "口径可能不同"])
    )


def _swapped(value: Decimal, decimals: int) -> list[Decimal]:
    """The figure with two neighbouring digits exchanged, each way."""
    text = f"{value:.{decimals}f}"
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    found = []
    for i, j in pairwise(digits):
        s = list(text)
        s[i], s[j] = s[j], s[i]
        swapped = Decimal("".join(s))
        if swapped != value and slip(value, swapped, decimals):
            found.append(swapped)
    return found


def city_total(views: Sequence[View], words: Words) -> CheckResult:
    """P4 上级合计: what a city reports must equal the sum of its counties when all of them reported, and never be less than their sum.

    Only amounts and counts that may be added, of one name, unit, scope and year.

    Fires: (某市报告)全市小学在校生18.4万人。(所辖三县报告)小学在校生6.2万人、7.1万人、5.9万人。
    Quiet: (某市报告)全市小学在校生19.2万人。(所辖三县报告)小学在校生6.2万人、7.1万人、5.9万人。
    """
    result = CheckResult()
    if len({v.report.text.document.area_code for v in views}) < 3:
        return result
    cities: dict[tuple[object, ...], list[Fact]] = {}
    counties: dict[tuple[object, ...], dict[str, Fact]] = {}
    for facts in collect(views, by_year=True).values():
        f = facts[-1]
        code = f.o.area_code or ""
        own = code and code == (f.view.report.text.document.area_code or "")
        if (
            not own
            or f.o.kind != "level"
            or f.o.indicator not in words.additive
            or f.told_total
            or f.o.part_of
        ):
            continue
        scope = tuple(sorted((k, v) for k, v in f.o.scope.items() if k != "basis"))
        key: tuple[object, ...] = (code[:4], f.o.indicator, core(f.o.label), f.o.unit, scope, f.year)
        if code.endswith("00"):
            cities.setdefault(key, []).append(f)
        else:
            counties.setdefault(key, {})[code] = f
    for key, tops in cities.items():
        parts = list(counties.get(key, {}).values())
        if len(parts) > 1:
            complete = len(parts) >= _counties(str(key[0]), int(str(key[-1])))
            _compare(tops[0], sorted(parts, key=lambda f: f.o.area_code or ""), complete, result)
    return result


@cache
def _counties(prefix: str, year: int) -> int:
    """How many counties, districts and county-level cities a city had in a year."""
    known = gazetteer().by_code
    return sum(
        code.startswith(prefix)
        and any(r.level == "county" and r.name != "市辖区" and r.valid_in(year) for r in found)
        for code, found in known.items()
    )


def _compare(top: Fact, parts: list[Fact], complete: bool, result: CheckResult) -> None:
    sum_ = total(f.interval for f in parts)
    if top.o.value is None:
        return
    added = sum((f.o.value for f in parts if f.o.value is not None), Decimal(0))
    left = " + ".join(f.view.say(f.o) for f in parts) + f" = {top.view.show(added, top.o)}"
    how = arithmetic(left, top.view.say(top.o), sum_, top.interval, added - top.o.value, top.o.unit)
    views = [top.view, *(f.view for f in parts)]
    members = [top.o, *(f.o for f in parts)]
    over, under = sum_.above(top.interval), top.interval.above(sum_)
    if not over and not under:
        ids, sources = tuple(o.id for o in members), tuple(dict.fromkeys(v.source for v in views))
        result.verified.append(Verified("P4", "aggregate", sources, ids, how))
        return
    if under and not complete:
        return  # not all counties are at hand
    message = f"{top.o.area}{core(top.o.label)}{top.view.text(top.o)}，所辖{len(parts)}个县（市、区）报告之和为{top.view.show(added, top.o)}，{'多' if over else '少'}{top.view.show(abs(added - top.o.value), top.o)}。"
    reasons = ["市直部分未列入各县" if under else "各县口径可能大于全市", "统计时点不同"]
    near = abs(added - top.o.value) <= abs(top.o.value) / 100
    severity: Severity = "info" if near and under else "warning"
    result.findings.append(finding("P4", "aggregate", severity, views, members, message, how, reasons))
