"""S7 shares of one whole that must make up 100 %."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, verified
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_THREE = re.compile(r"(\d+(?:\.\d+)?)\s*[:：∶︰比]\s*(\d+(?:\.\d+)?)\s*[:：∶︰比]\s*(\d+(?:\.\d+)?)")
_STRUCTURE = re.compile(r"产业|结构|构成|比重|占比")
_TOGETHER = re.compile(r"分别占|占比分别|所占比[例重]分别|比重分别")


def composition(view: View, words: Words) -> CheckResult:
    """S7 构成比: the three industries, or classes told with 分别占, must add up to 100 % but for rounding.

    Fires: 三次产业比调整为15.2:44.6:41.2。
    Fires: 小学、初中、高中教师分别占45.2%、31.7%和24.1%。
    Quiet: 三次产业比调整为15.2:44.6:40.2。
    Quiet: 小学、初中教师分别占45.2%和31.7%。
    """
    result = CheckResult()
    for o in view.items:
        if o.kind == "ratio" and o.unit == "比" and o.value is None and not o.masked:
            m = _THREE.search(o.value_text or "") or _THREE.search(view.text(o))
            if m and _STRUCTURE.search(view.lead(o) + o.label):
                _judge(view, [o], list(m.groups()), "error", result)
    for items in view.by_sentence.values():
        row = [
            o
            for o in items
            if o.kind == "share" and o.unit == "%" and o.bound == "eq" and o.value is not None
        ]
        first = next((i for i, o in enumerate(row) if _TOGETHER.search(view.lead(o, 12))), None)
        if first is None:
            continue
        run = [row[first]]
        for o in row[first + 1 :]:
            if not re.fullmatch(r"[、,，和及与]*", view.between(run[-1], o)):
                break
            run.append(o)
        if len(run) >= 3:
            _judge(view, run, [str(o.value) for o in run], "warning", result)
    return result


def _judge(
    view: View, members: list[Observation], figures: list[str], severity: Severity, result: CheckResult
) -> None:
    sum_, slack = Decimal(0), Decimal(0)
    for figure in figures:
        value = Decimal(figure)
        sum_ += value
        slack += Decimal(5).scaleb(-len(figure.partition(".")[2]) - 1)
    left = f"{' + '.join(figures)} = {number(sum_)}"
    how = arithmetic(
        left,
        "100",
        Interval(sum_ - slack, sum_ + slack),
        Interval(Decimal(100), Decimal(100)),
        sum_ - 100,
        "%",
    )
    if abs(sum_ - 100) <= slack:
        result.verified.append(verified("S7", "sum", view, members, how))
    elif abs(sum_ - 100) <= 10 or severity == "error" or _one_slip(figures, sum_):
        message = f"构成比{left}，应为100，{'多' if sum_ > 100 else '少'}{number(abs(sum_ - 100))}。"
        result.findings.append(finding("S7", "sum", severity, [view], members, message, how))


def _one_slip(figures: list[str], sum_: Decimal) -> bool:
    """Whether one share with a digit misplaced explains the sum."""
    for figure in figures:
        value = Decimal(figure)
        right = 100 - (sum_ - value)
        if 0 < right < 100 and slip(value, right, len(figure.partition(".")[2])):
            return True
    return False
