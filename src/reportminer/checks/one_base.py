"""C2 several percentages of one named base: the base that fits the others convicts the one that does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, verified
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_BASE = re.compile(r"占(?:了|全部|全体)?([^，。；、0-9占]{2,14}?)(?:总[数量]|总人数|人数)?的(?:比[例重])?$")
_HOLDER = re.compile(r"率|其$|同期|计划|任务|预算|规划|全[省国市]")
_SURVEY = re.compile(r"被?调查[者人对]|受访|被访|调查对象|答卷|问卷")
_SHEETS = re.compile(r"有效(?:问卷|答卷)|[收回][收回](?:有效)?(?:问卷|答卷)")
_LEAST = 2  # percentages that must fit before a third is accused
Pair = tuple[Observation, Observation]


def one_base(view: View, words: Words) -> CheckResult:
    """C2 同基占比: percentages “占…的” of one named base must follow from one denominator. The denominator is taken from the report, and only
    one that fits at least two of the percentages counts.

    Fires: 收回有效问卷1250份。其中步行上学的500人，占被调查者的40.0%；由家长接送的625人，占被调查者的60.0%；住校的125人，占被调查者的10.0%。
    Quiet: 收回有效问卷1250份。其中步行上学的500人，占被调查者的40.0%；由家长接送的625人，占被调查者的50.0%；住校的125人，占被调查者的10.0%。
    """
    result = CheckResult()
    bases: dict[tuple[int, str], list[Pair]] = {}
    for o in view.items:
        at = view.position[o.id]
        if o.kind != "share" or o.unit != "%" or o.bound != "eq" or not o.value or not at:
            continue
        part = view.items[at - 1]
        m = _BASE.search(view.between(part, o))
        whole = m.group(1) if m else ""
        if (
            not whole
            or _HOLDER.search(whole)
            or part.kind != "level"
            or not part.value
            or part.dimension != "count"
        ):
            continue
        bases.setdefault((o.segment, whole), []).append((part, o))
    for (_, name), pairs in bases.items():
        if len(pairs) > _LEAST:
            _judge(view, pairs, result)
        elif _SURVEY.search(name):
            sheets = [
                w
                for w in view.items
                if w.segment == pairs[0][0].segment and _SHEETS.search(view.lead(w) + w.label)
            ]
            sheets = [
                w for w in sheets if w.value and w.kind == "level" and w.clean_start < pairs[0][0].clean_start
            ]
            if sheets:
                _against(view, pairs, sheets[-1], 0, result)
    return result


def _judge(view: View, pairs: Sequence[Pair], result: CheckResult) -> None:
    first = view.position[pairs[0][0].id]
    ids = {o.id for pair in pairs for o in pair}
    best: tuple[int, Observation | None] = (0, None)
    for w in reversed(view.items[max(0, first - 60) : first]):
        if (
            w.id in ids
            or w.kind != "level"
            or w.dimension != "count"
            or not w.value
            or w.segment != pairs[0][0].segment
        ):
            continue
        fits = sum(_fits(view, part, o, w) for part, o in pairs)
        if fits > best[0]:
            best = fits, w
    fitting, whole = best
    if whole is None or fitting < _LEAST or len(pairs) - fitting > 1 or whole.value is None:
        return
    _against(view, pairs, whole, fitting, result)


def _against(
    view: View, pairs: Sequence[Pair], whole: Observation, fitting: int, result: CheckResult
) -> None:
    for part, o in pairs:
        if part.value is None or o.value is None or not whole.value:
            continue
        p = view.printed(o)
        exact = part.value / whole.value * 100
        left = f"{view.say(part)}÷{view.say(whole)} = {number(exact, p.decimals + 2)}%"
        how = arithmetic(
            left, view.text(o), _quotient(view, part, whole), view.interval(o), exact - o.value, "%"
        )
        if _fits(view, part, o, whole):
            result.verified.append(
                verified("C2", "share", view, [whole, part, o], how, "与同一基数的其他比例相符")
            )
            continue
        fixed = slip(o.value, exact.quantize(Decimal(1).scaleb(-p.decimals)), p.decimals)
        reasons = [f"百分数可能是{number(exact, p.decimals)}%（{fixed}）"] if fixed else []
        others = f"；同一基数的其他{fitting}个比例都相符" if fitting else "（以有效问卷数为基数）"
        message = f"{left}，不是{view.text(o)}{others}。"
        sure: Severity = "error" if fitting else "warning"
        severity: Severity = sure if abs(exact - o.value) > Decimal("1.5").scaleb(-p.decimals) else "info"
        result.findings.append(
            finding("C2", "share", severity, [view], [whole, part, o], message, how, reasons)
        )


def _quotient(view: View, part: Observation, whole: Observation) -> Interval | None:
    a, b = view.interval(part), view.interval(whole)
    if a is None or b is None or a.low is None or not b.low:
        return None
    return a.over(b).scaled(Decimal(100))


def _fits(view: View, part: Observation, o: Observation, whole: Observation) -> bool:
    left, right = _quotient(view, part, whole), view.interval(o)
    return (
        left is not None
        and right is not None
        and left.meets(right)
        and (whole.value or 0) >= (part.value or 0)
    )
