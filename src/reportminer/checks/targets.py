"""X4 announced targets against what the next report says was achieved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, period_years
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Verified
from reportminer.names import core

_CLAIM = re.compile(
    r"(?:全面|圆满|如期|按期|按时|超额|胜利|顺利|全部)(?:完成|实现)|完成了?(?:年初|全年|年度|既定|预期|确定)[^，。；]{0,12}(?:目标|任务|计划)"
    r"|(?:实现|达到)了?(?:年初|预期|既定|预定)[^，。；]{0,10}(?:目标|要求)|(?:目标|任务)(?:全面|圆满|全部|如期|顺利)(?:完成|实现)"
)
_HONEST = re.compile(
    r"未完成|未达|没有完成|没能|差距|尚差|还差|仅完成|只完成|调整为|调减|调增|经.{0,8}批准|同意.{0,6}调整|变更|推迟|延期|顺延|低于.{0,4}(?:目标|计划)"
)
_LESS = re.compile(
    r"减|降|化解|压|清零|消除|缺口|贫困|辍学|控制|退出|存量|下|大班额|隐患|危房|债务|失业|能耗|排放"
)
Key = tuple[object, ...]


def targets(views: Sequence[View], words: Words) -> CheckResult:
    """X4 目标与结果: a report claims that a target was met (全面完成), and its own figure misses what the earlier report announced.

    A shortfall told as one, or a target that was changed, is no finding.

    Fires: (2019年报告)2020年，大班额化解到60个以内。(2020年报告)全面完成年初确定的大班额化解任务，目前全县大班额76个。
    Quiet: (2019年报告)2020年，大班额化解到60个以内。(2020年报告)目前全县大班额76个，尚未达到年初确定的目标。
    Quiet: (2019年报告)2020年，大班额化解到60个以内。(2020年报告)全面完成年初确定的大班额化解任务，目前全县大班额56个。
    """
    result = CheckResult()
    plans: dict[Key, list[tuple[View, Observation]]] = {}
    for view in views:
        for o in view.items:
            years = period_years(o.period)
            if o.status != "planned" or not years or o.value is None or view.report.year is None:
                continue
            if (
                o.kind in ("level", "share", "price")
                and years[1] > view.report.year
                and o.indicator != "duration"
            ):
                plans.setdefault((o.area_code or o.area, o.indicator, o.kind, o.unit, years[1]), []).append(
                    (view, o)
                )
    for view in views:
        for items in view.by_sentence.values():
            text = re.sub(r"\s", "", view.report.sentence_text(items[0]))
            claim = _CLAIM.search(text)
            if not claim or _HONEST.search(text):
                continue
            for o in items:
                years = period_years(o.period)
                if o.status != "actual" or not years or o.value is None:
                    continue
                found = plans.get((o.area_code or o.area, o.indicator, o.kind, o.unit, years[1]), [])
                for earlier, plan in found:
                    if earlier is not view and _one_thing(o, plan):
                        _judge(earlier, plan, view, o, claim.group(), result)
    return result


def _one_thing(o: Observation, plan: Observation) -> bool:
    """Whether target and result are called alike: one name holds the other, and they are narrowed alike."""
    a, b = core(o.label), core(plan.label)
    if len(a) < 2 or len(b) < 2:
        return False
    scopes = [{k: v for k, v in x.scope.items() if k != "basis"} for x in (o, plan)]
    short, long = sorted((a, b), key=len)
    return short in long and scopes[0] == scopes[1]


def _judge(
    earlier: View, plan: Observation, view: View, o: Observation, claim: str, result: CheckResult
) -> None:
    wanted, got = earlier.interval(plan), view.interval(o)
    if wanted is None or got is None or o.value is None or plan.value is None:
        return
    less = plan.bound == "le" or bool(_LESS.search(plan.label + earlier.lead(plan, 10)))
    missed = got.above(wanted) if less else wanted.above(got)
    how = arithmetic(earlier.text(plan), view.text(o), wanted, got, o.value - plan.value, o.unit)
    if not missed:
        sources = tuple(dict.fromkeys((earlier.source, view.source)))
        result.verified.append(Verified("X4", "target", sources, (plan.id, o.id), how, "目标已实现"))
        return
    if o.value and abs(o.value / plan.value - 1) > 2 if plan.value else True:
        return  # too far apart to be target and result of one thing
    short = abs(o.value - plan.value)
    message = (
        f"{earlier.report.year}年报告提出{core(plan.label) or plan.label}{earlier.text(plan)}，{view.report.year}年报告称“{claim}”，"
        f"实际为{view.text(o)}，{'多' if o.value > plan.value else '少'}{view.show(short, o)}。"
    )
    gap = Decimal(100) * short / abs(plan.value) if plan.value else Decimal(0)
    reasons = [f"与目标相差{gap.quantize(Decimal('0.1'))}%", "目标可能经批准调整"]
    result.findings.append(
        finding("X4", "target", "warning", [earlier, view], [plan, o], message, how, reasons)
    )
