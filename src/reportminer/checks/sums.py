"""S1 closed sum, S3 part greater than its whole: breakdowns by ``part_of``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from reportminer.checks.breakdown import (
    Group,
    both_halves,
    groups,
    in_table,
    listed,
    overlapping,
    shaped,
    sum_of,
    unattached,
    unread,
)
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
from reportminer.checks.explain import left_out, repairs, strongly_repaired, telling
from reportminer.checks.intervals import Interval
from reportminer.checks.larger import above_divided, larger_than_whole
from reportminer.checks.misread import guessed, nested, rows
from reportminer.checks.words import Words
from reportminer.core import Arithmetic, CheckResult, Observation, Severity

_SUBTOTAL = re.compile(
    r"合计|共计|总计|小计|(?:以上|上述|前述)[^，。；、]{0,3}项|[两三四五六七八九十]项(?:支出|收入|资金)?(?:之和|相加)"
)

_SCHOOL = re.compile(r"幼儿园|完小|小学|初中|高中|职校|特教学校|一贯制学校")


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
    for whole in view.items:
        if whole.kind == "level" and whole.value:
            _untied(view, whole, words, result)
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
        bad = larger_than_whole(view, whole, limit, parts, result)
        for p in subtotals:
            _subtotal(
                view, p, [x for x in parts if x.clean_start < p.clean_start and x not in subtotals], result
            )
        parts = [p for p in parts if p not in subtotals and p not in bad]
        if bad or not parts:
            continue
        for group in groups(view, whole, parts, words):
            _judge(view, group, limit, words, result)
    for o in view.items:
        if o.part_of is None and o.kind == "level":
            above_divided(view, o, result)
    return result


def _untied(view: View, whole: Observation, words: Words, result: CheckResult) -> None:
    """A list that the words set behind a whole and the records did not tie to it, perhaps because a figure in it is wrong. Told only
    where one slip repairs it or little is missing, for here the list itself was guessed."""
    run, limit = listed(view, whole) or both_halves(view, whole, words), view.interval(whole)
    tied = {p.id for p in view.parts.get(whole.id, ())}
    if not run or limit is None or {p.id for p in run} <= tied or whole.value is None:
        return
    if any(p.part_of and p.part_of != whole.id for p in run):
        return
    group = shaped(view, whole, tuple(run), words)
    sum_ = sum_of(view, run)
    _, added = _values(group)
    if sum_.meets(limit):
        if not tied:
            how = _how(view, whole, run, sum_, limit)
            result.verified.append(verified("S1", "sum", view, [whole, *run], how, INFERRED + "按相等认定"))
        return
    closed = group.shape in ("closed", "classified", "bracket") or group.family in words.complements
    near = abs(added - whole.value) <= abs(whole.value) / 10 or group.family in words.complements
    if not closed or overlapping(view, group) or (not near and not repairs(view, whole, run)):
        return
    _report(view, group, sum_, limit, "warning", result)


def _comparable(part: Observation, whole: Observation) -> bool:
    added = ("level", "change", "price")  # rates of parts do not add up to the rate of the whole
    return (
        part.kind in added
        and whole.kind in added
        and (part.kind == "price") == (whole.kind == "price")
        and (part.status == whole.status or whole.status != "actual")
    )


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
    sum_ = sum_of(view, listed)
    if sum_.meets(limit):
        result.verified.append(
            verified("S1", "sum", view, [sub, *listed], _how(view, sub, listed, sum_, limit))
        )
    elif n:
        _report(view, Group(sub, tuple(listed), "closed", None), sum_, limit, "error", result)


def _judge(view: View, group: Group, limit: Interval, words: Words, result: CheckResult) -> None:
    sum_ = sum_of(view, group.parts)
    members = [group.whole, *group.parts]
    if sum_.meets(limit):
        if len(group.parts) > 1:
            how = _how(view, group.whole, group.parts, sum_, limit)
            result.verified.append(verified("S1", "sum", view, members, how, _note(view, group, words)))
        return
    if len(group.parts) < 2:
        return
    if sum_.above(limit):
        severity = _excess(view, group, sum_, limit, words)
    else:
        loose = unattached(view, group)
        for k in (1, 2):
            for extra in combinations(loose, k):
                if (sum_ + sum_of(view, extra)).meets(limit):
                    note = INFERRED + "连同未标为分项的" + "、".join(view.text(x) for x in extra)
                    result.verified.append(verified("S1", "sum", view, [*members, *extra], None, note))
                    return
        severity = None if unread(view, group) else _shortfall(view, group, words)
        if loose and severity == "error":
            severity = "warning"
    if (
        severity
        and not guessed(view, group)
        and not rows(view, group)
        and not nested(view, group)
        and not (not in_table(group.whole) and _of_another(view, group, result))
    ):
        _report(view, group, sum_, limit, severity, result)


def _of_another(view: View, group: Group, result: CheckResult) -> bool:
    """Whether the parts make up another figure near by to the last digit: they were tied to the wrong whole, and no sum is wrong."""
    children = tuple(
        p for p in view.parts[group.whole.id] if same_measure(p, group.whole) and p.value is not None
    )
    if len(children) > len(group.parts) and _of_another(
        view, Group(group.whole, children, "loose", None), result
    ):
        return True  # 分年度安排 of the total, tied to another figure
    _, added = _values(group)
    digits = f"{added.normalize():f}".replace(".", "").strip("0")
    if len(digits) < 3 or len(group.parts) < 2:
        return False
    ids = {p.id for p in group.parts} | {group.whole.id}
    first = min(view.position[p.id] for p in group.parts)
    for x in reversed(view.items[max(0, first - 40) : first]):
        if (
            x.id not in ids
            and x.value == added
            and same_measure(x, group.whole)
            and x.segment == group.whole.segment
        ):
            if x.label == group.whole.label or (
                x.indicator == group.whole.indicator and x.sentence == group.whole.sentence
            ):
                return False
            limit = view.interval(x)
            if limit:
                how = _how(view, x, group.parts, sum_of(view, group.parts), limit)
                result.verified.append(
                    verified("S1", "sum", view, [x, *group.parts], how, INFERRED + "按相等认定的总数")
                )
            return True
    return False


def _values(group: Group) -> tuple[Decimal, Decimal]:
    whole = group.whole.value or Decimal(0)
    return whole, sum((p.value for p in group.parts if p.value is not None), Decimal(0))


def _excess(view: View, group: Group, sum_: Interval, limit: Interval, words: Words) -> Severity | None:
    """How grave it is that the parts exceed the whole: nothing when they may overlap."""
    whole, added = _values(group)
    if not whole:
        return None
    if group.shape in ("closed", "classified", "bracket"):
        return "error" if not overlapping(view, group) else None
    if overlapping(view, group):
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
    if group.family and excess <= Decimal("0.2"):
        return "warning"
    return "warning" if group.shape == "among" and excess <= 1 and _disjoint(view, group, words) else None


def _disjoint(view: View, group: Group, words: Words) -> bool:
    """Whether parts told with 其中 exclude each other by nature: one list of sums, areas or pieces, none named after a property
    that others may share (民生, 重点, 女, …以上)."""
    if group.whole.dimension not in ("money", "area", "length", "count") or group.whole.unit in (
        "人",
        "人次",
        "户",
    ):
        return False
    leads = [re.sub(r"^.*其中[：:，,]?", "", view.lead(p)) + p.label for p in group.parts]
    kinds = [m[-1] for m in (_SCHOOL.findall(lead) for lead in leads) if m]
    apart = len(kinds) == len(leads) == len(set(kinds))  # 初中、中心小学、完小
    if (not apart and any(words.crosscut.search(lead) for lead in leads)) or any(
        p.kind != "level" for p in group.parts
    ):
        return False
    gaps = [view.between(a, b) for a, b in pairwise(group.parts)]
    return len({p.sentence for p in group.parts} | {group.whole.sentence}) == 1 and all(
        len(gap) <= 16 and re.search(r"[、，,]", gap) and not re.search(r"占|增长|其中|同时|另", gap)
        for gap in gaps
    )


def _shortfall(view: View, group: Group, words: Words) -> Severity | None:
    """How grave it is that the parts fall short of the whole: nothing when they are a selection."""
    whole, added = _values(group)
    if group.shape == "open" or not whole or overlapping(view, group):
        return None
    n, gap = len(group.parts), (whole - added) / whole
    if group.shape in ("closed", "classified", "bracket"):
        if (
            gap > Decimal("0.5")
            and not (group.shape == "closed" and (n > 2 or in_table(group.whole)))
            and not repairs(view, group.whole, group.parts)
        ):
            return None
        sure = gap <= Decimal("0.2") and (n > 2 or gap <= Decimal("0.05"))
        return "error" if sure else "warning"
    slipped = telling(group.whole, view) and strongly_repaired(view, group.whole, group.parts)
    if group.shape != "loose" or group.family:
        if slipped and n > 2 and all(telling(p, view) or p.value for p in group.parts):
            return "warning"
        if group.family in words.complements:
            return "warning"
    if group.family and gap <= Decimal("0.03"):
        return "warning"
    if n < 3:
        return None
    small = gap <= Decimal("0.03")
    few = (
        whole - added <= 3
        and gap <= Decimal("0.15")
        and group.whole.dimension == "count"
        and view.printed(group.whole).factor == 1
        and (group.shape != "among" or bool(group.family) or _disjoint(view, group, words))
    )
    if (small and (n >= 4 or group.family)) or few or (slipped and gap <= Decimal("0.05")):
        return "warning"
    return "warning" if group.family and n >= 4 and gap <= Decimal("0.1") else None


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


def _note(view: View, group: Group, words: Words) -> str:
    _, added = _values(group)
    sure = group.shape in ("closed", "classified", "bracket") or group.family in words.complements
    if overlapping(view, group) or guessed(view, group):
        sure = False
    total_row = in_table(group.whole) or group.whole.clean_start > group.parts[-1].clean_start
    if not total_row and not view.by_words(group.whole, group.parts[0]):
        sure = False
    notes = [] if sure else [INFERRED + "文中没有说分项已列全，恰好相等"]
    if added != group.whole.value:
        notes.append("在四舍五入或“余”“多”的范围内成立")
    return "；".join(notes)


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
