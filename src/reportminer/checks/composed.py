"""S2 a sentence that says how many parts make up a total told elsewhere: 资金由四部分组成：…."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import (
    INFERRED,
    View,
    arithmetic,
    chinese,
    finding,
    number,
    same_measure,
    verified,
)
from reportminer.checks.explain import repairs
from reportminer.checks.intervals import total
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_COMPOSED = re.compile(
    r"由(?:以下)?(?P<n>[两二三四五六七八九\d])(?:个)?(?:部分|方面|块|项|类)[^，。；：:]{0,6}(?:组成|构成)[：:，,]"
    r"|(?:资金|投资)(?:筹措|筹集|来源|构成|组成)[^，。；：:0-9]{0,8}[：:]"
)
_DIGITS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TOTAL = re.compile(
    r"总投资|总额|总资金|总造价|总概算|总预算|总规模|估算|匡算|概算|投资[约为]?$|共需|需要?资金|总计|合计"
)
_BACK = 60
_MOST = Decimal("0.2")


def composed(view: View, words: Words) -> CheckResult:
    """S2 由几部分组成: the parts so introduced must make up the total that the report told before.

    Fires: 全部工程概算5.30亿元。建设资金由四个部分构成：上级专项2.45亿元，本级预算1.35亿元，银行贷款1.10亿元，企业出资0.30亿元。
    Quiet: 全部工程概算5.20亿元。建设资金由四个部分构成：上级专项2.45亿元，本级预算1.35亿元，银行贷款1.10亿元，企业出资0.30亿元。
    Quiet: 队伍由三部分组成：教师40人，医生20人，干部10人。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        if len(items) < 2:
            continue
        span = view.report.text.sentences[items[0].sentence]
        m = _COMPOSED.search(view.clean, span.start, span.end)
        if not m:
            continue
        parts = [o for o in items if o.clean_start >= m.end()]
        parts = [o for o in parts if same_measure(o, parts[0]) and o.kind == "level" and view.interval(o)]
        told = m.group("n")
        n = int(told) if told and told.isdigit() else _DIGITS.get(told or "", 0)
        inside = (
            any(o.clean_start < m.start() and same_measure(o, parts[0]) for o in items) if parts else True
        )
        if len(parts) < 2 or (n and len(parts) != n) or inside:
            continue
        _judge(view, parts, bool(n), result)
    return result


def _judge(view: View, parts: list[Observation], counted: bool, result: CheckResult) -> None:
    sum_ = total(i for i in map(view.interval, parts) if i)
    added = sum((p.value for p in parts if p.value is not None), Decimal(0))
    first = view.position[parts[0].id]
    before = [
        x
        for x in reversed(view.items[max(0, first - _BACK) : first])
        if same_measure(x, parts[0])
        and x.kind == "level"
        and x.value
        and x.segment == parts[0].segment
        and view.interval(x)
    ]
    whole = next((x for x in before if (i := view.interval(x)) and i.meets(sum_)), None)
    whole = whole or next(
        (
            x
            for x in before
            if _TOTAL.search(view.lead(x)) and not x.part_of and abs(added - (x.value or 0)) <= _MOST * added
        ),
        None,
    )
    if whole is None or whole.value is None:
        return
    limit = view.interval(whole)
    f = view.printed(whole).factor
    left = (
        " + ".join(number(p.value / f, 6) for p in parts if p.value is not None)
        + f" = {view.show(added, whole)}"
    )
    gap = added - whole.value
    how = arithmetic(left, view.say(whole), sum_, limit, gap, whole.unit)
    members = [whole, *parts]
    if limit and limit.meets(sum_):
        note = "" if counted else INFERRED + "总数在前文，按相等认定"
        result.verified.append(verified("S2", "sum", view, members, how, note))
        return
    reasons = repairs(view, whole, parts)
    severity: Severity = "error" if counted and reasons else "warning"
    message = f"{chinese(len(parts))}部分之和{view.show(added, whole)} ≠ {view.say(whole)}，{'多' if gap > 0 else '少'}{view.show(abs(gap), whole)}。"
    result.findings.append(finding("S2", "sum", severity, [view], members, message, how, reasons))
