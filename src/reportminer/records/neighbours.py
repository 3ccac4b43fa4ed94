"""Which figure before it a growth, change or listed figure belongs to."""

from __future__ import annotations

import re

from reportminer.records.context import Context

_LIST_GAP = re.compile(r"\s*[、和与及]\s*")
_MORE_GROWTH = re.compile(r"\s*[、和与及]\s*[0-9.]+(?:%|倍)")
REACH = 12  # figures that a growth or change may go back for its level


def level_before(c: Context) -> Context | None:
    """The figure whose growth or change this one is: the nearest level before, for points the nearest percentage."""
    at = c.prev
    first = None
    for _ in range(REACH):
        if at is None:
            break
        d = at.draft
        if d.quantity.dimension == "points" or (
            d.kind in ("growth", "change") and c.draft.quantity.dimension == "percent"
        ):
            if first is None:
                first = at
        elif d.quantity.dimension == "time":
            pass
        elif c.draft.quantity.dimension == "points":
            if d.quantity.dimension == "percent":
                return at
        elif d.kind in ("level", "price", "ratio") or (
            d.kind == "share" and c.draft.quantity.dimension == "rank"
        ):
            return at  # 满意率93%，排第一
        elif first is None:
            first = at
        at = at.prev
    return first


def parallel(c: Context) -> Context | None:
    """A、B两项…，分别增长x和y: the k-th growth belongs to the k-th of the levels before."""
    clause = c.full_clause
    if "分别" not in clause:
        return _in_order(c)
    members = [c]
    at = c.prev
    while at is not None and "分别" not in c.text[at.end : members[-1].start]:
        members.append(at)
        at = at.prev
    k = len(members) - 1
    if k and members[-1].draft.rule != "indicator:of-level":
        return None  # 财政支出9亿元；城乡居民收入分别增长8%和9%: the list has a name of its own
    n = k + 1
    rest = c.text[c.end : c.sentence_end]
    more = re.match(r"(?:[^，。；]{0,4}[、和与及][^，。；、\d]{0,4}[\d.]+[%个倍])+", rest)
    if more:
        n += len(re.findall(r"[、和与及]", more.group()))
    levels: list[Context] = []
    while at is not None and len(levels) < n:
        of_rates = c.draft.quantity.dimension == "points" and at.draft.kind == "share"
        if at.draft.kind in ("level", "price") or of_rates:
            levels.append(at)
        at = at.prev
    if len(levels) < n:
        return None
    return levels[n - 1 - k]


def _in_order(c: Context) -> Context | None:
    """A和B分别为x、y，增长u、v: two growths right behind two levels go with them in order."""
    run = [c]
    while run[0].prev is not None and _LIST_GAP.fullmatch(run[0].left_text):
        run.insert(0, run[0].prev)
    k = len(run) - 1
    more = _MORE_GROWTH.match(c.text, c.end, c.sentence_end) is not None
    if len(run) + more != 2 or any(x.draft.kind not in ("growth", "level", "share") for x in run):
        return None
    second = run[0].prev
    first = second.prev if second is not None else None
    if first is None or second is None:
        return None
    if {first.draft.kind, second.draft.kind} - {"level", "price"} or not _LIST_GAP.fullmatch(
        second.left_text
    ):
        return None
    return (first, second)[k]
