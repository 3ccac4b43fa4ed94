"""S3 a part greater than its whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportminer.checks.common import View, arithmetic, finding, same_measure
from reportminer.checks.explain import repairs, telling
from reportminer.checks.intervals import Interval, total
from reportminer.core import CheckResult, Observation

_MEAN = re.compile(r"年均|平均|每年|[人户生校亩村班师]均|每[个所人生户亩校村]")


_EXCESS = re.compile(
    r"超[编员额支出]|净[增减流]?|(?:比|较)[^，。；]{0,12}[增多减少]加?$"
)  # a difference is no whole


def _pair_end(view: View, whole: Observation) -> bool:
    """14个镇8个乡中，有20个乡镇: the last of figures that stand together is not their sum."""
    i = view.position[whole.id]
    before = view.items[i - 1] if i else None
    if before is None or not same_measure(before, whole) or before.sentence != whole.sentence:
        return False
    return len(view.between(before, whole)) <= 4 and not re.search(
        r"[，,。；;（(]|其中", view.between(before, whole)
    )


def larger_than_whole(
    view: View, whole: Observation, limit: Interval, parts: Sequence[Observation], result: CheckResult
) -> list[Observation]:
    """S3: one part alone exceeds its whole."""
    bad: list[Observation] = []
    if whole.kind == "price":
        return bad  # 生均图书28册，其中高中38册: a mean lies between those of its parts
    if _EXCESS.search(view.lead(whole)) or _pair_end(view, whole):
        return bad
    for p in parts:
        i = view.interval(p)
        if i is None or not i.above(limit) or p.value is None or whole.value is None:
            continue
        beside = _beside(view, whole)
        if beside and not i.above(total([limit, *(x for w in beside if (x := view.interval(w)))])):
            continue  # 续建30个、新建12个，其中亿元以上40个: of both together
        bad.append(p)
        fixes = repairs(view, whole, parts) if len(parts) > 1 else []
        plainly = _plainly_of(view, whole, p)
        if not plainly and not (fixes and (telling(whole, view) or view.by_words(whole, p))):
            continue  # the link is a guess, and a wrong guess is likelier than a part greater than its whole
        gap = p.value - whole.value
        message = f"部分{view.say(p)}大于整体{view.say(whole)}，多{view.show(gap, whole)}。"
        how = arithmetic(view.say(p), view.say(whole), i, limit, gap, whole.unit)
        result.findings.append(
            finding(
                "S3",
                "sum",
                "error" if plainly else "warning",
                [view],
                [whole, p],
                message,
                how,
                fixes or repairs(view, whole, [p]),
            )
        )
    return bad


def above_divided(view: View, part: Observation, result: CheckResult) -> None:
    """S3 for a figure that the records tied to no whole, perhaps because it is too large: 行政村186个，其中贫困村192个."""
    whole = view.divided(part)
    if whole is None or part.value is None or whole.sentence != part.sentence:
        return
    if not re.fullmatch(r"[，,（(]?(?:这)?其中[：:，,]?[^，。；、：:\d]{2,10}", view.between(whole, part)):
        return
    limit = view.interval(whole)
    if limit is not None:
        larger_than_whole(view, whole, limit, [part], result)


def _beside(view: View, whole: Observation) -> list[Observation]:
    """What is listed with a figure before it (续建30个、新建12个，其中…): 其中 may divide them together."""
    found, last = [], whole
    for x in reversed(view.items[: view.position[whole.id]]):
        gap = view.between(x, last)
        if x.sentence != whole.sentence or not same_measure(x, whole) or view.interval(x) is None:
            break
        if not re.fullmatch(r"[^，。；0-9]{0,6}[、，和及与][^，。；、0-9]{1,12}", gap) or "其中" in gap:
            break
        found.append(x)
        last = x
    return found


def _plainly_of(view: View, whole: Observation, part: Observation) -> bool:
    """Whether 其中 stands between a whole and its part and no other figure of the kind that could be the whole."""
    if _MEAN.search(view.lead(whole)) and not _MEAN.search(view.lead(part)):
        return False  # a yearly average is no whole of one year's figure
    if part.sentence != whole.sentence or part.status != whole.status or part.clean_start < whole.clean_end:
        return False
    between = view.items[view.position[whole.id] + 1 : view.position[part.id]]
    gap = view.between(whole, part)
    if any(
        same_measure(x, part) and x.value is not None and part.value is not None and x.value >= part.value
        for x in between
    ):
        return False
    bracket = len(view.parts.get(whole.id, ())) > 1 and re.search(
        r"^[^，。；、]{0,4}[（(](?!折|合|约合|相当)[^）)]*$", gap
    )
    return bool(bracket or re.search(r"其中|包括|^[^，。；]{0,12}中[，,]", gap)) and not re.search(
        r"另有|另外|此外|以外|之外|以及总|合计|共计|总共|累计", gap
    )
