"""Checks across reports: G7 restated values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from reportminer.checks.common import View, arithmetic, finding, period_years
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_BLANK = re.compile(r"\s|全[县市区镇乡]|我[县市区镇乡]|[的了共已约]")


def restated(views: Sequence[View], words: Words) -> CheckResult:
    """G7 基数重述: a later report gives another value for an earlier year than that year's report did.

    Compared only where area, indicator, name, kind, unit, scope and period agree and each report states the value once.
    """
    result = CheckResult()
    cells: dict[tuple[object, ...], list[tuple[View, Observation]]] = {}
    for view in views:
        once: dict[tuple[object, ...], list[Observation]] = {}
        for o in view.items:
            years = period_years(o.period)
            if (
                o.value is None
                or o.status != "actual"
                or o.kind not in ("level", "price", "share")
                or not years
                or not o.area
            ):
                continue
            if years[0] != years[1] or len(o.period or "") > 4 or o.indicator in ("other", "duration"):
                continue
            key: tuple[object, ...] = (
                o.area_code or o.area,
                o.indicator,
                _BLANK.sub("", o.label),
                o.kind,
                o.unit,
                years,
                tuple(sorted(o.scope.items())),
            )
            once.setdefault(key, []).append(o)
        for key, found in once.items():
            values = [view.interval(o) for o in found]
            if all(a and b and a.meets(b) for a, b in itertools.pairwise(values)):
                cells.setdefault(key, []).append((view, found[0]))
    for found_in in cells.values():
        ordered = sorted(found_in, key=lambda x: (x[0].report.year or 0, x[0].source))
        for (v, a), (w, b) in itertools.pairwise(ordered):
            i, j = v.interval(a), w.interval(b)
            if (
                i is None
                or j is None
                or i.meets(j)
                or v.report.year == w.report.year
                or a.value is None
                or b.value is None
            ):
                continue
            message = f"{a.area}{a.period}年{a.label}：{v.report.year}年报告为{v.text(a)}，{w.report.year}年报告改为{w.text(b)}。"
            how = arithmetic(v.say(a), w.say(b), i, j, b.value - a.value, a.unit)
            result.findings.append(
                finding(
                    "G7",
                    "restated",
                    "warning",
                    [v, w],
                    [a, b],
                    message,
                    how,
                    ["数据经过修订", "统计口径不同"],
                )
            )
    return result
