"""Checks across reports: G7 restated values, G6 cumulative totals that fall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from reportminer.checks.common import View, arithmetic, finding, period_years
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_FILLER = re.compile(r"\s|全[县市区镇乡]|我[县市区镇乡]|[的了共已约]")
Key = tuple[object, ...]
Stated = tuple[View, Observation, Interval]


def restated(views: Sequence[View], words: Words) -> CheckResult:
    """G7 基数重述: a later report gives another value for an earlier year than that year's report did.

    Compared only where area, indicator, name, kind, unit, scope and year agree and neither report contradicts itself.

    Fires: (2020年报告)全县教育支出5.62亿元。(2021年报告)教育支出由2020年的5.26亿元增加到5.9亿元。
    Quiet: (2020年报告)全县教育支出5.62亿元。(2021年报告)教育支出由2020年的5.6亿元增加到5.9亿元。
    """
    result = CheckResult()
    for (v, a, i), (w, b, j) in _pairs(views, with_years=True):
        if i.meets(j) or a.value is None or b.value is None:
            continue
        message = f"{a.area}{a.period}年{a.label}：{v.report.year}年报告为{v.text(a)}，{w.report.year}年报告为{w.text(b)}。"
        how = arithmetic(v.say(a), w.say(b), i, j, b.value - a.value, a.unit)
        reasons = ["数据经过修订", "统计口径不同"]
        result.findings.append(finding("G7", "restated", "warning", [v, w], [a, b], message, how, reasons))
    return result


def cumulative_falls(views: Sequence[View], words: Words) -> CheckResult:
    """G6 累计下降: a total told as cumulative (累计) is lower in a later report of the same area.

    Fires: (2020年报告)累计建成标准化学校138所。(2021年报告)累计建成标准化学校128所。
    Quiet: (2020年报告)累计建成标准化学校128所。(2021年报告)累计建成标准化学校138所。
    """
    result = CheckResult()
    for (v, a, i), (w, b, j) in _pairs(views, with_years=False):
        told = all("累计" in x.label or x.scope.get("basis") == "累计" for x in (a, b))
        first, second = period_years(a.period), period_years(b.period)
        if not told or not first or not second or second[-1] <= first[-1] or not i.above(j):
            continue
        if first[0] != first[-1] and second[0] != first[0]:
            continue  # 近三年累计: another three years
        if a.value is None or b.value is None:
            continue
        message = (
            f"{a.area}{a.label}：{first[-1]}年为{v.text(a)}，{second[-1]}年为{w.text(b)}，累计数不应下降。"
        )
        how = arithmetic(v.say(a), w.say(b), i, j, b.value - a.value, a.unit)
        reasons = ["数字有误", "撤并或区划调整", "统计口径不同"]
        result.findings.append(finding("G6", "trend", "warning", [v, w], [a, b], message, how, reasons))
    return result


def _pairs(views: Sequence[View], with_years: bool) -> Iterable[tuple[Stated, Stated]]:
    """The same fact in reports of successive years; linear in the observations."""
    cells: dict[Key, list[Stated]] = {}
    for view in views:
        if view.report.year is None:
            continue
        once: dict[Key, list[Stated]] = {}
        for o in view.items:
            i = view.interval(o)
            if i is not None and _comparable(o, with_years):
                once.setdefault(_key(o, with_years), []).append((view, o, i))
        for key, stated in once.items():
            if all(a[2].meets(b[2]) for a, b in pairwise(stated)):  # a report that contradicts itself is R1's
                cells.setdefault(key, []).append(stated[0])
    for found in cells.values():
        found.sort(key=lambda x: (x[0].report.year or 0, x[0].source))
        for a, b in pairwise(found):
            if a[0].report.year != b[0].report.year:
                yield a, b


def _comparable(o: Observation, with_years: bool) -> bool:
    years = period_years(o.period)
    if (
        o.status != "actual"
        or o.kind not in ("level", "price", "share")
        or not o.area
        or not o.label
        or not years
    ):
        return False
    return (not with_years or (years[0] == years[1] and len(o.period or "") == 4)) and o.indicator not in (
        "other",
        "duration",
    )


def _key(o: Observation, with_years: bool) -> Key:
    name = _FILLER.sub("", o.label)
    years = period_years(o.period) if with_years else None
    return (o.area_code or o.area, o.indicator, name, o.kind, o.unit, years, tuple(sorted(o.scope.items())))
