"""S4 balance: need − received − expected = gap, spelled in one sentence."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, same_measure, verified
from reportminer.checks.intervals import Interval, total, trailing_zeros
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation

_NEED = re.compile(r"需|总投资|概算|预算总|应[缴交还付收到]|计划|规划|任务|总额")
_HAVE = re.compile(
    r"下达|到位|拨付|拨款|筹集|筹措|落实|已|争取|配套|解决|安排|投入|补助|自筹|完成|支付|偿还|预计"
)
_GAP = re.compile(r"缺口|[还仍尚]差|[还仍尚]缺|[还仍尚]欠|剩余|余下|结余|下欠|不足部分|[尚还]需|未完成")
_MOST = Decimal("0.3")  # a gap further off speaks of something else


def balance(view: View, words: Words) -> CheckResult:
    """S4 平衡关系: what is needed less what has come or will come is what is missing.

    Fires: 共需建设资金3000万元，已到位1200万元，预计再下达800万元，资金缺口仍达1100万元。
    Quiet: 共需建设资金3000万元，已到位1200万元，预计再下达800万元，资金缺口1000万元。
    Quiet: 共需建设资金3000万元，资金缺口1000万元。
    Quiet: 完成投资3000万元，新建校舍2万平方米，尚缺教师20人。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        for end, gap in enumerate(items):
            if end < 2 or (gap.indicator not in ("fund_gap", "shortage") and not _GAP.search(view.lead(gap))):
                continue
            if not _GAP.search(view.lead(gap)):
                continue
            terms = _terms(view, items[:end], gap)
            if terms:
                _judge(view, terms[0], terms[1:], gap, result)
    return result


def _terms(view: View, before: list[Observation], gap: Observation) -> list[Observation]:
    """The need and what is taken from it: a run of quantities of one unit in front of the gap, each introduced by its word."""
    run: list[Observation] = []
    for o in reversed(before):
        if not same_measure(o, gap) or o.kind not in ("level", "change") or view.interval(o) is None:
            break
        lead = view.lead(o, 40)
        run.append(o)
        if _NEED.search(lead) and not re.search(r"已|到位|下达", lead[-8:]):
            return run[::-1] if len(run) > 1 else []
        if not _HAVE.search(lead):
            return []
    return []


def _judge(
    view: View, need: Observation, have: list[Observation], gap: Observation, result: CheckResult
) -> None:
    a, g = view.interval(need), view.interval(gap)
    taken = [i for i in map(view.interval, have) if i]
    if (
        a is None
        or g is None
        or need.value is None
        or gap.value is None
        or any(p.part_of == have[0].id for p in have)
    ):
        return
    left = a - total(taken)
    rest = need.value - sum((p.value for p in have if p.value is not None), Decimal(0))
    off = rest - gap.value
    f = view.printed(need).factor
    terms = " − ".join(number(o.value / f, 6) for o in [need, *have] if o.value is not None)
    how = arithmetic(f"{terms} = {view.show(rest, need)}", view.say(gap), left, g, off, gap.unit)
    members = [need, *have, gap]
    if left.meets(g):
        result.verified.append(verified("S4", "sum", view, members, how))
        return
    if rest <= 0 or abs(off) > _MOST * abs(rest):
        return
    message = f"{terms} = {view.show(rest, need)}，与所述{view.say(gap)}相差{view.show(abs(off), need)}（{number(100 * abs(off) / rest)}%）"
    explanations = []
    for o in have:
        coarse = trailing_zeros(o, view.text(o))
        i = view.interval(o)
        if (
            i
            and coarse > abs(off)
            and (left + Interval(-coarse / 2, coarse / 2)).meets(g)
            and o.value is not None
        ):
            explanations.append(f"若{view.say(o)}为约数则成立，隐含值{view.show(o.value + off, o)}")
    tail = f"；{explanations[0]}" if explanations else ""
    result.findings.append(
        finding("S4", "sum", "warning", [view], members, message + tail + "。", how, explanations)
    )
