"""S1 closed sum, S3 part greater than its whole: breakdowns by ``part_of``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportminer.checks.common import View, arithmetic, chinese, finding, number, same_measure, verified
from reportminer.checks.explain import left_out, repairs
from reportminer.checks.intervals import Interval, total
from reportminer.checks.words import Words
from reportminer.core import Arithmetic, CheckResult, Observation, Severity

_GROUP = re.compile(
    r"(?:[从按依以]|分)[^，。；、0-9]{1,12}?(?:看|来看|[划区]?分|分类|统计|计算|而言|分析|来源)[，,：:]?"
)
_CLOSED = re.compile(r"具体(?:是|为|包括|如下)|分别(?:是|为)|即[：:]?|分为|组成|明细|其构成")
_CLASSIFIED = re.compile(r"^[^，,。；;、]{0,12}(?<!其)中[，,：:]")
_OPEN = re.compile(r"主要|特别是|尤其|重点|仅|包含|含|有的|例如|比如|其中包括|包括")
_BRACKET = re.compile(r"^[^，。；、]{0,8}[（(【\[][:：]?")
_OTHERS = re.compile(r"其余|其他|另有|另外|此外|还有|剩余|余下|部分|若干|等$|等[）)，,。；;]?$")
_SUBTOTAL = re.compile(
    r"合计|共计|总计|小计|(?:以上|上述|前述)[^，。；、]{0,3}项|[两三四五六七八九十]项(?:支出|收入|资金)?(?:之和|相加)"
)

Shape = Literal["closed", "classified", "bracket", "among", "loose", "open"]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that divide one whole by one criterion, with what the words say of their completeness."""

    whole: Observation
    parts: tuple[Observation, ...]
    shape: Shape
    family: str | None


def closed_sum(view: View, words: Words) -> CheckResult:
    """S1 分项合计: the stated parts of a whole must add up to it, and no part may exceed it (S3).

    A breakdown counts as complete when the words say so (具体是, 分别为, 从…看, …中, brackets without 其中), or when its parts exclude
    each other and miss the whole by little. 其中 alone may be a selection, 等 always is.

    Fires: 全县投入资金900万元，具体是：校舍500万元、设备300万元、培训200万元。
    Fires: 全县现有教职工3862人。从年龄看，3862名教职工中，35岁以下的1276人，36至45岁的1318人，46岁以上的1248人。
    Quiet: 全县投入资金900万元，其中校舍500万元、设备300万元。
    Quiet: 全县有教师118人，其中女教师80人、党员60人。
    Quiet: 建设项目56个（教学楼14个、厕所11个、宿舍2个、运动场29个）。
    """
    result = CheckResult()
    for whole_id, children in view.parts.items():
        whole = view.by_id[whole_id]
        limit = view.interval(whole)
        if limit is None:
            continue
        parts = [p for p in children if same_measure(p, whole) and view.interval(p) and _comparable(p, whole)]
        subtotals = [
            p
            for p in parts
            if _SUBTOTAL.search(view.lead(p)) and view.position[p.id] > view.position[whole.id] + 2
        ]
        bad = _larger_than_whole(view, whole, limit, parts, result)
        for p in subtotals:
            _subtotal(
                view, p, [x for x in parts if x.clean_start < p.clean_start and x not in subtotals], result
            )
        parts = [p for p in parts if p not in subtotals and p not in bad]
        if bad or not parts:
            continue
        for group in groups(view, whole, parts, words):
            _judge(view, group, limit, result)
    return result


def _comparable(part: Observation, whole: Observation) -> bool:
    if part.kind in ("growth", "rank", "ratio") or whole.kind in ("growth", "rank", "ratio"):
        return False
    return (part.kind == "share") == (whole.kind == "share") and (
        part.status == whole.status or whole.status != "actual"
    )


def _sum(view: View, parts: Sequence[Observation]) -> Interval:
    return total(i for i in map(view.interval, parts) if i)


def groups(view: View, whole: Observation, parts: Sequence[Observation], words: Words) -> list[Group]:
    """Divide the parts of a whole by criterion (从来源看…；从年份看…): first where the words change the criterion, then where a run
    of parts already makes up the whole."""
    limit = view.interval(whole)
    runs: list[list[Observation]] = [[parts[0]]]
    for a, b in itertools.pairwise(parts):
        gap = view.between(a, b)
        if _GROUP.search(gap) and not _GROUP.search(gap.rsplit("，", 1)[-1][-3:]):
            runs.append([])
        runs[-1].append(b)
    divided: list[list[Observation]] = []
    for run in runs:
        if limit is None or limit.meets(_sum(view, run)):
            divided.append(run)
            continue
        rest: list[Observation] = []
        for n, p in enumerate(run):
            rest.append(p)
            # 、 goes on with the same list: no end of a breakdown, even where the sum happens to be reached
            goes_on = n + 1 < len(run) and view.between(p, run[n + 1]).lstrip("）)")[:1] in ("、", "和", "及")
            if len(rest) > 1 and not goes_on and limit.meets(_sum(view, rest)):
                divided.append(rest)
                rest = []
        if rest:
            divided.append(rest)
    return [_shaped(view, whole, tuple(run), words) for run in divided]


def _shaped(view: View, whole: Observation, parts: tuple[Observation, ...], words: Words) -> Group:
    first, last = parts[0], parts[-1]
    head = view.between(whole, first) if first.clean_start >= whole.clean_end else ""
    tail = view.after(last, 6)
    leads = [view.lead(p) for p in parts]
    mixed = len({p.kind for p in parts}) > 1
    family = words.partition([lead + p.label for lead, p in zip(leads, parts, strict=True)])
    shape: Shape = "loose"
    # what stands behind the last part's noun: 等 says that the list goes on
    if (
        mixed
        or re.match(r"[^，。；、）)]{0,5}等(?!级|次|[^，。；]{0,3}[共合])", tail)
        or any(_OTHERS.search(lead) for lead in leads[1:])
    ):
        shape = "open"
    elif len(parts) > 1 and _CLOSED.search(head[:40] + "…" + head[-16:]):
        shape = "closed"
    elif len(parts) > 1 and (
        _GROUP.search(view.before(first, 24)) or _GROUP.search(head) or _CLASSIFIED.match(head)
    ):
        shape = "classified"
    elif len(parts) > 1 and _BRACKET.match(head) and not re.search(r"其中|含|包括|其", head):
        shape = "bracket"
    elif _OPEN.search(head[-12:]):
        shape = "open"
    elif "其中" in head[-30:] or "其中" in leads[0]:
        shape = "among"
    return Group(whole, parts, shape, family)


def _larger_than_whole(
    view: View, whole: Observation, limit: Interval, parts: Sequence[Observation], result: CheckResult
) -> list[Observation]:
    """S3: one part alone exceeds its whole."""
    bad = []
    for p in parts:
        i = view.interval(p)
        if i is None or not i.above(limit) or p.value is None or whole.value is None:
            continue
        bad.append(p)
        near = p.sentence == whole.sentence and view.position[p.id] > view.position[whole.id]
        explicit = near and re.search(r"其中|包括|含|[（(]", view.clean[whole.clean_end : p.clean_start])
        gap = p.value - whole.value
        message = f"部分{view.say(p)}大于整体{view.say(whole)}，多{view.show(gap, whole)}。"
        how = arithmetic(view.say(p), view.say(whole), i, limit, gap, whole.unit)
        severity: Severity = "error" if explicit and p.status == whole.status else "warning"
        result.findings.append(
            finding("S3", "sum", severity, [view], [whole, p], message, how, repairs(view, whole, [p]))
        )
    return bad


def _subtotal(view: View, sub: Observation, before: list[Observation], result: CheckResult) -> None:
    """上述四项合计…: the sum of the parts just listed."""
    m = re.search(r"([两二三四五六七八九十\d]+)项", view.lead(sub))
    n = (
        {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}.get(
            m.group(1), 0
        )
        if m
        else 0
    )
    listed = before[-n:] if n else before
    limit = view.interval(sub)
    if limit is None or len(listed) < 2 or len(listed) < n:
        return
    sum_ = _sum(view, listed)
    if sum_.meets(limit):
        result.verified.append(
            verified("S1", "sum", view, [sub, *listed], _how(view, sub, listed, sum_, limit))
        )
    elif n:
        _report(view, Group(sub, tuple(listed), "closed", None), sum_, limit, "error", result)


def _judge(view: View, group: Group, limit: Interval, result: CheckResult) -> None:
    sum_ = _sum(view, group.parts)
    if sum_.meets(limit):
        if len(group.parts) > 1:
            result.verified.append(
                verified(
                    "S1",
                    "sum",
                    view,
                    [group.whole, *group.parts],
                    _how(view, group.whole, group.parts, sum_, limit),
                    _note(view, group),
                )
            )
        return
    if len(group.parts) < 2:
        return
    severity = (
        _excess(view, group, sum_, limit) if sum_.above(limit) else _shortfall(view, group, sum_, limit)
    )
    if severity:
        _report(view, group, sum_, limit, severity, result)


def _values(group: Group) -> tuple[Decimal, Decimal]:
    whole = group.whole.value or Decimal(0)
    return whole, sum((p.value for p in group.parts if p.value is not None), Decimal(0))


def _excess(view: View, group: Group, sum_: Interval, limit: Interval) -> Severity | None:
    """How grave it is that the parts exceed the whole: nothing when they may overlap."""
    whole, added = _values(group)
    if not whole:
        return None
    if group.shape in ("closed", "classified", "bracket"):
        return "error" if not _overlapping(view, group) else None
    if _overlapping(view, group):
        return None
    excess = (added - whole) / whole
    if group.family and group.shape == "among":
        return "error" if excess < 1 else None
    out = left_out(view, group.parts, limit)
    digits = len(f"{view.printed(group.whole).number:f}".replace(".", "").strip("0"))
    if out and digits >= 4 and group.shape == "among":
        return "error"  # five figures do not add up to a sixth by chance
    if len(group.parts) >= 3 and ((out and digits >= 3) or excess <= Decimal("0.05")):
        return "warning"
    return "warning" if group.family and excess <= Decimal("0.2") else None


def _shortfall(view: View, group: Group, sum_: Interval, limit: Interval) -> Severity | None:
    """How grave it is that the parts fall short of the whole: nothing when they are a selection."""
    whole, added = _values(group)
    if group.shape == "open" or not whole or _overlapping(view, group):
        return None
    n, gap = len(group.parts), (whole - added) / whole
    if group.shape in ("closed", "classified", "bracket"):
        if gap > Decimal("0.5"):
            return None
        sure = gap <= Decimal("0.2") and (n > 2 or gap <= Decimal("0.05"))
        return "error" if sure else "warning"
    if n < 3:
        return None
    small = gap <= Decimal("0.03")
    few = (
        whole - added <= 3
        and gap <= Decimal("0.15")
        and group.whole.dimension == "count"
        and view.printed(group.whole).factor == 1
    )
    slipped = bool(repairs(view, group.whole, group.parts)) and gap <= Decimal("0.05")
    if (small and (n >= 4 or group.family)) or few or slipped:
        return "warning"
    return "warning" if group.family and n >= 4 and gap <= Decimal("0.1") else None


def _overlapping(view: View, group: Group) -> bool:
    """Whether the parts may count the same thing twice: cumulative classes (…以上), or shares printed beside them that exceed 100."""
    leads = [view.lead(p) + p.label for p in group.parts]
    open_classes = sum(bool(re.search(r"以上|超过", lead)) for lead in leads)
    lower = sum(bool(re.search(r"以下|不足|不满", lead)) for lead in leads)
    if open_classes > 1 or lower > 1:
        return True
    if open_classes and group.family != "年龄" and group.shape not in ("closed", "classified", "bracket"):
        return True
    if len({p.indicator for p in group.parts}) > 1 and group.shape == "loose":
        return True
    shares = []
    for p in group.parts:
        i = view.position[p.id] + 1
        if (
            i < len(view.items)
            and view.items[i].kind == "share"
            and view.items[i].value is not None
            and "占" in view.between(p, view.items[i])
        ):
            shares.append(view.items[i].value or Decimal(0))
    return len(shares) == len(group.parts) and not 90 <= sum(shares) <= 105


def _how(
    view: View, whole: Observation, parts: Sequence[Observation], sum_: Interval, limit: Interval
) -> Arithmetic:
    added = sum((p.value for p in parts if p.value is not None), Decimal(0))
    left = " + ".join(
        number(abs(p.value) / view.printed(whole).factor, 6) for p in parts if p.value is not None
    )
    return arithmetic(
        f"{left} = {view.show(added, whole)}",
        view.say(whole),
        sum_,
        limit,
        added - (whole.value or 0),
        whole.unit,
    )


def _note(view: View, group: Group) -> str:
    _, added = _values(group)
    return "" if added == group.whole.value else "在四舍五入或“余”“多”的范围内成立"


def _report(
    view: View, group: Group, sum_: Interval, limit: Interval, severity: Severity, result: CheckResult
) -> None:
    whole, added = _values(group)
    gap = added - whole
    n = len(group.parts)
    message = f"{chinese(n)}项之和{view.show(added, group.whole)} ≠ {view.say(group.whole)}，{'多' if gap > 0 else '少'}{view.show(abs(gap), group.whole)}"
    explanations: list[str] = []
    if gap > 0:
        out = left_out(view, group.parts, limit)
        if out:
            names = "、".join(f"{p.label or '该项'}{view.say(p)}" for p in out)
            explanations.append(f"除{names}外各项之和恰为{view.say(group.whole)}，总数可能不含{names}")
    else:
        nearby = _missing(view, group, whole - added)
        if nearby:
            explanations.append(f"加上其后的{nearby.label}{view.say(nearby)}恰好相等，该项可能也在总数之内")
        else:
            explanations.append(f"可能漏列{view.show(-gap, group.whole)}的一项")
    explanations += repairs(view, group.whole, group.parts)
    if gap < 0 and _missing(view, group, whole - added):
        severity = "info"
    tail = f"；{explanations[0]}" if explanations and not explanations[0].startswith("可能漏列") else ""
    how = _how(view, group.whole, group.parts, sum_, limit)
    members = [group.whole, *group.parts]
    result.findings.append(
        finding("S1", "sum", severity, [view], members, message + tail + "。", how, explanations)
    )


def _missing(view: View, group: Group, gap: Decimal) -> Observation | None:
    """A figure right behind the list that is exactly what it lacks (另有教学点84个)."""
    i = view.position[group.parts[-1].id]
    for o in view.items[i + 1 : i + 4]:
        if o.value == gap and same_measure(o, group.whole) and o.clean_start - group.parts[-1].clean_end < 40:
            return o
    return None
