"""Checks of two reports of one area: G7 restated values, X1 two reports of one year, G4x growth against the level of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from reportminer.checks.common import View, arithmetic, finding, number
from reportminer.checks.explain import slip
from reportminer.checks.facts import Fact, base_break, calendar_break, collect, names_year
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import Arithmetic, CheckResult, Observation, Severity, Verified
from reportminer.names import core

#: growth of these is told at constant prices or for a fixed set of units, so it need not follow from printed levels
_REAL = frozenset(
    ("gdp", "value_added", "gdp_per_capita", "income_urban", "income_rural", "income_other", "retail_sales", "fixed_investment", "trade")
)  # fmt: skip


def restated(views: Sequence[View], words: Words) -> CheckResult:
    """G7 基数重述 and X1 同年两份报告: a later report gives another value for an earlier year than that year's report did.

    Compared only where area, indicator, name, kind, unit, scope and year agree and neither report contradicts itself. Words of a changed
    basis (口径调整, 经济普查, 划入) or of preliminary figures (预计, 快报) make it a note that says so.

    Fires: (2020年报告)全县教育支出5.62亿元。(2021年报告)教育支出由2020年的5.26亿元增加到5.9亿元。
    Quiet: (2020年报告)全县教育支出5.62亿元。(2021年报告)教育支出由2020年的5.6亿元增加到5.9亿元。
    """
    result = CheckResult()
    for facts in collect(views, by_year=True).values():
        for a, b in pairwise(facts):
            if (
                a.view is b.view
                or a.o.value is None
                or b.o.value is None
                or not (names_year(a) and names_year(b))
            ):
                continue
            how = _both(a, b)
            if a.interval.meets(b.interval):
                note = "后年报告与当年报告一致" if a.report_year != b.report_year else "两份报告一致"
                result.verified.append(
                    Verified("G7", "restated", _sources(a, b), (a.o.id, b.o.id), how, note)
                )
                continue
            same_year = a.report_year == b.report_year
            if same_year and a.o.confidence + b.o.confidence < 1:
                continue
            told = base_break(words, a, b)
            known = calendar_break(words, a.o.indicator, (a.year or 0) - 1, b.report_year)
            message = (
                f"{a.o.area}{a.year}年{core(a.o.label)}：{a.report_year}年报告（{a.view.source}）为{a.view.text(a.o)}，"
                f"{b.report_year}年报告（{b.view.source}）为{b.view.text(b.o)}，相差{b.view.show(abs(a.o.value - b.o.value), b.o)}"
            )
            pa, pb = a.view.printed(a.o), b.view.printed(b.o)
            typo = slip(pb.number * pb.factor / pa.factor, pa.number, max(pa.decimals, pb.decimals))
            reasons = [f"{typo}：{a.view.say(a.o)}与{b.view.say(b.o)}"] if typo else []
            reasons = [r for r in (told, *reasons, known) if r] or ["数据经过修订", "统计口径不同"]
            severity: Severity = "info" if told else "warning"
            kind = "repeat" if same_year else "restated"
            check = "X1" if same_year else "G7"
            views_ = [a.view, b.view]
            result.findings.append(
                finding(check, kind, severity, views_, [a.o, b.o], f"{message}；{reasons[0]}。", how, reasons)
            )
    return result


def _both(a: Fact, b: Fact) -> Arithmetic:
    off = (b.o.value or Decimal(0)) - (a.o.value or Decimal(0))
    return arithmetic(a.view.say(a.o), b.view.say(b.o), a.interval, b.interval, off, a.o.unit)


def _sources(*facts: Fact) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.view.source for f in facts))


def growth_across(views: Sequence[View], words: Words) -> CheckResult:
    """G4 增速与上年报告: the growth rate told behind a level must follow from the level that the report of the year before gave.

    Only nominal amounts and counts; growth at constant prices or on a comparable basis (同口径) is left alone.

    Fires: (2020年报告)全县教育支出8.00亿元。(2021年报告)教育支出9.60亿元，比上年增长12.0%。
    Quiet: (2020年报告)全县教育支出8.00亿元。(2021年报告)教育支出9.60亿元，比上年增长20.0%。
    """
    result = CheckResult()
    for facts in collect(views, by_year=False).values():
        for a, b in pairwise(facts):
            if b.year is None or a.year != b.year - 1 or a.view is b.view or b.o.indicator in _REAL:
                continue
            rate = _rate_of(b)
            told = b.view.interval(rate) if rate else None
            if rate is None or told is None or rate.value is None or not a.o.value or not b.o.value:
                continue
            if a.interval.low is None or a.interval.low <= 0 or b.interval.low is None:
                continue
            moved = (b.interval.over(a.interval) - Interval(Decimal(1), Decimal(1))).scaled(Decimal(100))
            exact = (b.o.value / a.o.value - 1) * 100
            left = f"{b.view.say(b.o)}÷{a.view.say(a.o)}（{a.view.source}） − 1 = {number(exact)}%"
            how = arithmetic(left, b.view.text(rate), moved, told, exact - rate.value, "%")
            digit = Decimal(1).scaleb(-b.view.printed(rate).decimals)
            members = [a.o, b.o, rate]
            if moved.meets(told.widened(digit)):
                ids = tuple(o.id for o in members)
                result.verified.append(Verified("G4x", "growth", _sources(a, b), ids, how))
                continue
            if abs(exact - rate.value) < max(Decimal(2), abs(rate.value) / 5) or rate.bound != "eq":
                continue
            why = base_break(words, a, b) or calendar_break(words, b.o.indicator, a.year, b.report_year)
            implied = b.view.show(b.o.value / (1 + rate.value / 100), b.o) if rate.value > -100 else "?"
            reasons = [
                *([why] if why else []),
                f"按所述增幅，上年应为{implied}，上年报告为{a.view.say(a.o)}",
                "上年基数可能已调整",
            ]
            tail = f"；{why}" if why else ""
            message = f"{b.o.area}{core(b.o.label)}：{left}，不是{b.view.text(rate)}{tail}。"
            severity: Severity = "info" if why else "warning"
            result.findings.append(
                finding("G4x", "growth", severity, [a.view, b.view], members, message, how, reasons)
            )
    return result


def _rate_of(fact: Fact) -> Observation | None:
    """The growth over the year before that is told right behind a level."""
    view = fact.view
    at = view.position[fact.o.id] + 1
    o = view.items[at] if at < len(view.items) else None
    if o is None or o.kind != "growth" or o.unit != "%" or o.value is None or o.status != "actual":
        return None
    gap = view.between(fact.o, o)
    plain = gap.lstrip("，,（(")
    told = plain.startswith(
        ("比上年", "较上年", "同比", "比去年", "较去年", "增长", "下降", "减少", "比上一年")
    )
    return (
        o if told and len(gap) <= 12 and not any(w in gap for w in ("口径", "可比", "实际", "年均")) else None
    )
