"""Checks of one area over the years: G6 cumulative totals that fall, U1x stocks that jump by powers of ten, V5y rates that dip for a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from reportminer.checks.common import View, arithmetic, finding, number
from reportminer.checks.explain import slip
from reportminer.checks.facts import Fact, base_break, collect
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Severity
from reportminer.names import core

_POWERS = (Decimal(10), Decimal(100), Decimal(10**4), Decimal(10**8))
_NEAR = Decimal("0.15")  # how close to a power of ten a jump must be
_MULTIPLE = Decimal(5)  # a stock does not multiply like this within a year


def cumulative_falls(views: Sequence[View], words: Words) -> CheckResult:
    """G6 累计下降: a total told as cumulative (累计) is lower in a later report of the same area.

    Fires: (2020年报告)累计建成标准化学校138所。(2021年报告)累计建成标准化学校128所。
    Quiet: (2020年报告)累计建成标准化学校128所。(2021年报告)累计建成标准化学校138所。
    """
    result = CheckResult()
    for facts in collect(views, by_year=False).values():
        told = [f for f in facts if f.told_total and f.o.kind == "level" and not _within_year(f)]
        for a, b in pairwise(told):
            if a.view is b.view or (b.year or 0) <= (a.year or 0) or not _same_span(a, b):
                continue
            if not a.interval.above(b.interval) or a.o.value is None or b.o.value is None:
                continue
            why = base_break(words, b, a)
            message = f"{a.o.area}{core(a.o.label)}累计数：{a.year}年为{a.view.text(a.o)}，{b.year}年为{b.view.text(b.o)}，累计数不应下降"
            how = arithmetic(
                a.view.say(a.o), b.view.say(b.o), a.interval, b.interval, b.o.value - a.o.value, a.o.unit
            )
            reasons = [*([why] if why else []), *_typo(a, b), "撤并或区划调整", "统计口径不同"]
            severity: Severity = "info" if why else "warning"
            tail = f"；{why}" if why else ""
            result.findings.append(
                finding(
                    "G6", "trend", severity, [a.view, b.view], [a.o, b.o], f"{message}{tail}。", how, reasons
                )
            )
    return result


def _within_year(fact: Fact) -> bool:
    """Whether a total runs from January (今年累计, 1—11月累计), or is a flow of money that no word ties to an earlier beginning."""
    lead = fact.view.before(fact.o, 40)
    if re.search(r"(?:今年|全年|当年|本年|年内|上半年|季度|月)[^，。；]{0,6}累计", lead):
        return True
    return fact.o.unit == "元" and not re.search(r"以来|截至|截止|至今|自(?:20|19)|[总共]?累计总", lead)


def _same_span(a: Fact, b: Fact) -> bool:
    """Whether two totals began alike (近三年累计 of two reports are totals of other years)."""
    first, second = (a.o.period or "").split("/"), (b.o.period or "").split("/")
    return len(first) == len(second) and (len(first) == 1 or first[0] == second[0])


def _typo(a: Fact, b: Fact) -> list[str]:
    pa, pb = a.view.printed(a.o), b.view.printed(b.o)
    what = slip(pb.number * pb.factor / pa.factor, pa.number, max(pa.decimals, pb.decimals))
    return [f"{what}：{a.view.say(a.o)}与{b.view.say(b.o)}"] if what else []


def jumps(views: Sequence[View], words: Words) -> CheckResult:
    """U1 数量级跳变: a stock, or an amount of money, is about ten, a hundred or ten thousand times that of the year before.

    Fires: (2020年报告)全县教育支出5.62亿元。(2021年报告)全县教育支出5.90万元。
    Fires: (2020年报告)在校小学生21265人。(2021年报告)在校小学生2186人。
    Quiet: (2020年报告)新建校舍2所。(2021年报告)新建校舍20所。
    """
    result = CheckResult()
    for facts in collect(views, by_year=False).values():
        for a, b in pairwise(facts):
            if (
                a.view is b.view
                or a.o.kind == "share"
                or not a.o.value
                or not b.o.value
                or a.told_total != b.told_total
            ):
                continue
            if a.o.value < 0 or b.o.value < 0 or (b.year or 0) - (a.year or 0) != 1:
                continue
            ratio = b.o.value / a.o.value
            large = max(ratio, 1 / ratio)
            power = next((p for p in _POWERS if abs(large / p - 1) <= _NEAR), None)
            stock = a.o.indicator in words.stocks and min(a.o.value, b.o.value) >= _MULTIPLE
            if not (power and power >= 10**4) and not (stock and large >= _MULTIPLE):
                continue
            if base_break(words, b, a):
                continue
            message = (
                f"{a.o.area}{core(a.o.label)}：{a.year}年为{a.view.text(a.o)}，{b.year}年为{b.view.text(b.o)}，"
                f"相差{number(large, 1)}倍，不合常理"
            )
            how = arithmetic(
                a.view.say(a.o), b.view.say(b.o), a.interval, b.interval, b.o.value - a.o.value, a.o.unit
            )
            reasons = [f"可能差{number(power)}倍（漏写或多写零、“万”“亿”）"] if power else []
            tail = f"；{reasons[0]}" if reasons else ""
            result.findings.append(
                finding(
                    "U1x",
                    "trend",
                    "warning",
                    [a.view, b.view],
                    [a.o, b.o],
                    f"{message}{tail}。",
                    how,
                    reasons,
                )
            )
    return result
