"""S8 a total drawn behind its list: 小学甲人，初中乙人，合计丙人."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, chinese, finding, number, same_measure, verified
from reportminer.checks.explain import repairs
from reportminer.checks.intervals import total
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

_DRAWN = re.compile(
    r"^[^，,；;。、0-9]{0,6}[，,；;、]?(?:以上|上述|两项|三项|四项|五项)?(?:合计|共计|总计|一共|共)(?:为|达|有)?$"
)
_NEXT = re.compile(
    r"^[^，,；;。、0-9占增]{0,8}[、，,和及与](?!其中|同比|比|占|共|合计|总计|另)[^，,；;。、0-9]{1,16}$"
)


def drawn_total(view: View, words: Words) -> CheckResult:
    """S8 列后合计: the parts of a list must add up to the total that is drawn right behind it.

    Fires: 小学在校生31872人，初中在校生15023人，合计46985人。
    Quiet: 小学在校生31872人，初中在校生15023人，合计46895人。
    Quiet: 新建校舍31872平方米，维修校舍15023平方米，共投资4689万元。
    Quiet: 落实寄宿生补助和营养改善资金共2386万元、33240人次。
    """
    result = CheckResult()
    for items in view.by_sentence.values():
        for n in range(2, len(items)):
            whole = items[n]
            if (
                whole.value is None
                or whole.kind != "level"
                or not _DRAWN.match(view.between(items[n - 1], whole))
            ):
                continue
            parts = _run(view, items[:n], whole)
            if len(parts) > 1:
                _judge(view, whole, parts, result)
    return result


def _run(view: View, before: list[Observation], whole: Observation) -> list[Observation]:
    """The list in front of a total: figures of its measure with nothing but their names between them."""
    run: list[Observation] = []
    for o in reversed(before):
        if (
            not same_measure(o, whole)
            or o.kind != "level"
            or view.interval(o) is None
            or o.status != whole.status
        ):
            break
        if run and not _NEXT.match(view.between(o, run[-1])):
            break
        run.append(o)
    parts = run[::-1]
    head = view.lead(parts[0]) if parts else ""
    return [] if re.search(r"其中|比上年|比", head[-14:]) and len(parts) < 3 else parts


def _judge(view: View, whole: Observation, parts: list[Observation], result: CheckResult) -> None:
    limit, value = view.interval(whole), whole.value
    sum_ = total(i for i in map(view.interval, parts) if i)
    added = sum((p.value for p in parts if p.value is not None), Decimal(0))
    if limit is None or value is None:
        return
    left = " + ".join(view.say(p) for p in parts) + f" = {view.show(added, whole)}"
    how = arithmetic(left, view.say(whole), sum_, limit, added - value, whole.unit)
    members = [whole, *parts]
    if sum_.meets(limit):
        result.verified.append(verified("S8", "sum", view, members, how))
        return
    first = view.items[view.position[parts[0].id] - 1] if view.position[parts[0].id] else None
    longer = (
        [first, *parts]
        if first and first.sentence == whole.sentence and same_measure(first, whole)
        else parts
    )
    for run in (longer, parts[1:]):  # the list may begin one figure earlier or later
        if len(run) > 1 and total(i for i in map(view.interval, run) if i).meets(limit):
            return
    gap = added - value
    reasons = repairs(view, whole, parts)
    near = abs(gap) <= abs(value) / 5
    if not reasons and not near and not _alone(view, parts):
        return
    severity: Severity = "error" if near or reasons else "warning"
    message = f"{chinese(len(parts))}项之和{view.show(added, whole)} ≠ 合计{view.say(whole)}，{'多' if gap > 0 else '少'}{view.show(abs(gap), whole)}"
    tail = (
        f"；{reasons[0]}"
        if reasons
        else f"（相差{number(100 * abs(gap) / abs(value) if value else Decimal(0))}%）"
    )
    result.findings.append(
        finding("S8", "sum", severity, [view], members, message + tail + "。", how, reasons)
    )


def _alone(view: View, parts: list[Observation]) -> bool:
    """Whether the list opens its sentence: nothing in front of it could belong to the total."""
    first = view.position[parts[0].id]
    return first == 0 or view.items[first - 1].sentence != parts[0].sentence
