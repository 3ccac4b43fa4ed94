"""S7 a structure in proportions (60:25:15) against the amounts that stand beside it."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, same_measure, verified
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_TERMS = re.compile(r"\d+(?:\.\d+)?(?:[:：∶︰比]\d+(?:\.\d+)?){2,5}")
_STRUCTURE = re.compile(r"结构|构成|比例|之比|产业比|比重|[的为]比")
_ELSE = re.compile(r"目标|力争|规划|计划|上年|去年|原来|全[国省市]|同期|由")


def structure(view: View, words: Words) -> CheckResult:
    """S7 结构比: the terms of a proportion follow from the amounts listed beside it in its order.

    Fires: 作物种植结构调整为60:25:15，总面积60万亩，其中粮食36万亩、经济作物18万亩、饲草6万亩。
    Quiet: 作物种植结构调整为60:30:10，总面积60万亩，其中粮食36万亩、经济作物18万亩、饲草6万亩。
    Quiet: 三次产业结构调整为15.2:44.6:40.2，完成粮食36万吨、蔬菜18万吨、水果6万吨。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        for n, o in enumerate(items):
            if o.kind != "ratio" or o.masked or not _STRUCTURE.search(view.lead(o) + o.label):
                continue
            m = _TERMS.search(re.sub(r"\s", "", o.value_text or view.text(o))) or _TERMS.search(view.text(o))
            if not m or _ELSE.search(view.lead(o)):
                continue
            terms = re.split(r"[:：∶︰比]", m.group())
            for run in (items[n + 1 :], items[:n]):
                amounts = _amounts(view, run, len(terms))
                if amounts and _judge(view, o, terms, amounts, result):
                    break
    return result


def _amounts(view: View, items: list[Observation], n: int) -> list[Observation]:
    """The list of as many amounts of one measure as the proportion has terms; their total in front of them is skipped."""
    levels = [o for o in items if o.kind not in ("growth", "share", "change")]
    if not n <= len(levels) <= n + 1 or not all(
        o.kind == "level" and o.value and o.bound == "eq" and view.interval(o) and same_measure(o, levels[0])
        for o in levels
    ):
        return []
    values = [o.value or Decimal(0) for o in levels]
    if len(levels) == n + 1:
        return levels[1:] if abs(sum(values[1:]) / values[0] - 1) < Decimal("0.01") else []
    return levels


def _judge(
    view: View, ratio: Observation, terms: list[str], amounts: list[Observation], result: CheckResult
) -> bool:
    whole = sum((Decimal(t) for t in terms), Decimal(0))
    value = sum((o.value for o in amounts if o.value is not None), Decimal(0))
    if not whole or not value:
        return False
    fits, shares = [], []
    for term, o in zip(terms, amounts, strict=True):
        i = view.interval(o)
        assert i is not None and i.low is not None and i.high is not None and o.value is not None
        half = Decimal(1).scaleb(-len(term.partition(".")[2]))
        said = Interval((Decimal(term) - half) / whole, (Decimal(term) + half) / whole)
        fits.append(Interval(i.low / value, i.high / value).meets(said))
        shares.append(number(o.value / value * whole, len(term.partition(".")[2]) + 1))
    how = arithmetic(":".join(shares), ":".join(terms))
    if all(fits):
        result.verified.append(verified("S7", "share", view, [ratio, *amounts], how))
        return True
    if not any(fits) and not _all_but_one(view, terms, amounts):
        return False  # a proportion of something else
    message = f"按所列数量，比例为{':'.join(shares)}，不是{':'.join(terms)}。"
    result.findings.append(finding("S7", "share", "warning", [view], [ratio, *amounts], message, how))
    return True


def _all_but_one(view: View, terms: list[str], amounts: list[Observation]) -> bool:
    """Whether the amounts without one of them stand in the proportion."""
    for out in range(len(terms)) if len(terms) > 2 else ():
        pairs = [(Decimal(t), o) for n, (t, o) in enumerate(zip(terms, amounts, strict=True)) if n != out]
        units = [i.scaled(1 / t) for t, o in pairs if t and (i := view.interval(o))]
        if len(units) == len(pairs) and all(units[0].meets(u) for u in units[1:]):
            return True
    return False
