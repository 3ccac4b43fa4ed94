"""Breakdowns: which parts divide a whole, by which criterion, and what the words say of their completeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from reportminer.checks.common import View, same_measure
from reportminer.checks.intervals import Interval, total
from reportminer.checks.words import Words
from reportminer.core import Observation

_GROUP = re.compile(
    r"(?:[从按依以]|分)[^，。；、0-9]{1,12}?(?:看|来看|[划区]?分|分类|统计|计算|而言|分析|来源)[，,：:]?"
)
_CLOSED = re.compile(r"依次|具体(?:是|为|包括|如下)|分别(?:是|为)|即[：:]?|分为|组成|明细|其构成")
_CLASSIFIED = re.compile(r"^[^，,。；;、]{0,12}(?<!其)中[，,：:]")
_LISTED = re.compile(r"^[^，。；、]{0,10}[：:][^，。；、]{0,12}$")  # 学校62所：小学41所、…
_OPEN = re.compile(r"主要|特别是|尤其|重点|仅|包含|[^包]含|有的|例如|比如|其中包括")
_BRACKET = re.compile(r"^[^，。；、]{0,8}[（(【\[][:：]?")
_OTHERS = re.compile(r"另有|另外|此外|还有|部分|若干|等[）)，,。；;]?$")
_COUNTED = re.compile(r"([两三四五六七八九])(?:大)?(?:块|部分|方面|类|项|笔)[^，。；0-9]{0,6}[：:]")
_COUNTS = {c: n for n, c in enumerate("三四五六七八九", 3)} | {"两": 2}
_OUGHT = re.compile(r"应(?:入学|参加|到|检|考|收|缴|完成|配|建|培训|参保)")  # 应入学2988人，实际入学2986人
_CAME_BACK = re.compile(r"收回|回收|实际|已完成|合格|录取")
_REST = re.compile(r"^[，,、；;和及]*(?:其他|其它|其余|余下)(?!.*等)")  # the last part takes all that is left
_ADDED = re.compile(r"另|此外|还有|外")  # behind the list, not of it: an explanation, see _missing

Shape = Literal["closed", "classified", "bracket", "among", "loose", "open"]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that divide one whole by one criterion, with what the words say of their completeness."""

    whole: Observation
    parts: tuple[Observation, ...]
    shape: Shape
    family: str | None


_CUE = re.compile(
    r"^[^，。；、0-9]{0,10}(?:[，,]?(?:其中|包括|具体(?:是|为))[：:，,]?|[：:（(])[^，。；、0-9]{0,14}$|^[^，。；0-9]{0,12}[^其]中[，,][^，。；、0-9]{0,14}$"
    r"|^[^。；0-9]{1,24}分别[为是]?$"
)
_NEXT = re.compile(
    r"^[^，,；;。、0-9占增比]{0,8}[、，,和及与](?!.*(?:其中|同比|比|占|共|合计|总计|另|累计|完成|投资))[^，,；;。、0-9]{0,16}$"
)


def listed(view: View, whole: Observation) -> list[Observation]:
    """The list that the words set right behind a whole (其中…、…；：…、…；（…、…）), whether or not the records tied it to it."""
    items = view.by_sentence[whole.sentence]
    at = view.rank[whole.id] + 1
    if at >= len(items) or not _CUE.match(view.between(whole, items[at])):
        return []
    bracket = re.search(r"[（(]", view.between(whole, items[at]))
    run: list[Observation] = []
    for o in items[at:]:
        if (
            not same_measure(o, whole)
            or o.kind != whole.kind
            or o.status != whole.status
            or view.interval(o) is None
        ):
            return []
        gap = view.between(run[-1], o) if run else "、"
        if run and (not _NEXT.match(gap) or (bracket and re.search(r"[）)]", gap))):
            break
        run.append(o)
        following = view.after(o, 8)
        if re.match(r"[^，,；;。、0-9]{0,6}[。；;）)]", following):
            break
    return run if len(run) > 1 else []


def both_halves(view: View, whole: Observation, words: Words) -> list[Observation]:
    """Two figures right behind a whole that divide it without a rest by their names (抽查48家，合格39家，不合格7家)."""
    items = view.by_sentence[whole.sentence]
    at = view.rank[whole.id] + 1
    run = items[at : at + 2]
    if len(run) < 2 or any(
        not same_measure(o, whole)
        or o.kind != "level"
        or o.status != whole.status
        or o.part_of not in (None, whole.id)
        for o in run
    ):
        return []
    gaps = [view.between(whole, run[0]), view.between(run[0], run[1])]
    told = r"[^，,。；;、0-9]{0,6}[%s][^，,。；;、0-9]{1,8}"
    if not re.fullmatch(told % "，,", gaps[0]) or not re.fullmatch(told % "，,、", gaps[1]):
        return []  # 小学7所、公办园1所、民办园3所 is a list, not a division
    return (
        run if words.partition([re.split(r"[，,、]", gap)[-1] for gap in gaps]) in words.complements else []
    )


def sum_of(view: View, parts: Sequence[Observation]) -> Interval:
    """What the sum of some parts may be."""
    return total(i for i in map(view.interval, parts) if i)


def groups(view: View, whole: Observation, parts: Sequence[Observation], words: Words) -> list[Group]:
    """Divide the parts of a whole by criterion (从来源看…；从年份看…): first where the words change the criterion, then where a run
    of parts already makes up the whole."""
    limit = view.interval(whole)
    runs: list[list[Observation]] = [[parts[0]]]
    for a, b in pairwise(parts):
        gap = view.between(a, b)
        if _GROUP.search(gap) and not _GROUP.search(gap.rsplit("，", 1)[-1][-3:]):
            runs.append([])
        runs[-1].append(b)
    divided: list[list[Observation]] = []
    for run in runs:
        if limit is None or limit.meets(sum_of(view, run)):
            divided.append(run)
            continue
        rest: list[Observation] = []
        for n, p in enumerate(run):
            rest.append(p)
            # 、 goes on with the same list: no end of a breakdown, even where the sum happens to be reached
            goes_on = n + 1 < len(run) and view.between(p, run[n + 1]).lstrip("）)")[:1] in ("、", "和", "及")
            if len(rest) > 1 and not goes_on and limit.meets(sum_of(view, rest)):
                divided.append(rest)
                rest = []
        if rest:
            divided.append(rest)
    return [shaped(view, whole, tuple(run), words) for run in divided]


# 从主要行业看: not all of them
_SELECTED = re.compile(
    r"(?:从|按|就)[^，。；、]{0,4}(?:主要|重点|部分|骨干)[^，。；、]{1,10}(?:来?看|来?分|而言)[，,：:]?[^。；]*$"
)


def shaped(view: View, whole: Observation, parts: tuple[Observation, ...], words: Words) -> Group:
    """The parts with what the words say of their completeness."""
    first, last = parts[0], parts[-1]
    head = view.between(whole, first) if first.clean_start >= whole.clean_end else ""
    tail = view.after(last, 6)
    leads = [view.lead(p) for p in parts]
    mixed = len({p.kind for p in parts}) > 1
    family = words.partition([lead + p.label for lead, p in zip(leads, parts, strict=True)])
    shape: Shape = "loose"
    counted = _COUNTED.search(head)
    if counted and _COUNTS.get(counted.group(1)) == len(parts) and not mixed:
        return Group(whole, parts, "closed", family)  # 主要有三块：…，…，…
    # what stands behind the last part's noun: 等 says that the list goes on
    if (
        mixed
        or re.match(r"[^，。；、）)]{0,5}等(?!级|次|[^，。；]{0,3}[共合])", tail)
        or any(_OTHERS.search(lead) for lead in leads[1:])
        or _SELECTED.search(head or view.before(first, 24))
    ):
        shape = "open"
    elif len(parts) > 1 and (
        _CLOSED.search(head[:40] + "…" + head[-16:]) or (len(parts) > 2 and _REST.search(leads[-1]))
    ):
        shape = "closed"
    elif len(parts) > 1 and (_GROUP.search(view.before(first, 24)) or _GROUP.search(head)):
        shape = "classified"
    elif len(parts) > 1 and _CLASSIFIED.match(head):
        shape = (
            "classified" if family else "among"
        )  # 116名校长中，本科以上112名，女21名: what each of them is, not a division
    elif len(parts) > 1 and (_totalled(view, whole, last) or _LISTED.match(head)):
        shape = "closed"
    elif len(parts) > 1 and _BRACKET.match(head) and not re.search(r"其中|含|包括|其", head):
        shape = "bracket"
    elif _OPEN.search(head[-12:]):
        shape = "open"
    elif re.search(r"其中|包括", head[-30:] + leads[0]):
        shape = "among"
    return Group(whole, parts, shape, family)


def _totalled(view: View, whole: Observation, last: Observation) -> bool:
    """Whether the whole is a total drawn behind its parts (…，合计…), or the total row of a table."""
    if whole.clean_start >= last.clean_end and re.search(
        r"合计|共计|总计|共|总数", view.between(last, whole)[-8:]
    ):
        return True
    start = view.clean.rfind("\n", 0, whole.clean_start) + 1
    return bool(
        re.match(
            r"\s*\|\s*(?:合\s*计|总\s*计|小\s*计|全[县市区]合?计?|总数)",
            view.clean[start : whole.clean_start],
        )
    )


def overlapping(view: View, group: Group) -> bool:
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
    if any(_OUGHT.search(lead) for lead in leads):
        return True
    if 0 < sum(bool(_CAME_BACK.search(lead)) for lead in leads) < len(leads):
        return True  # 教师卷400份，收回392份: the second is of the first
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
    return len(shares) == len(group.parts) and not 97 <= sum(shares) <= 103


def _first(view: View, group: Group) -> int:
    """Index of the first observation that may belong to the list: behind the whole when both stand in one sentence."""
    whole, first = group.whole, group.parts[0]
    together = whole.sentence == first.sentence and whole.clean_start < first.clean_start
    return view.position[whole.id] + 1 if together else view.position[first.id]


def unattached(view: View, group: Group) -> list[Observation]:
    """Figures of the same measure that stand in or right behind the list and belong to none of its parts: the list may go on."""
    ids = {p.id for p in group.parts} | {group.whole.id}
    last = group.parts[-1]
    if in_table(last):
        return []
    found = []
    for x in view.items[_first(view, group) : view.position[last.id] + 6]:
        if (
            x.id in ids
            or x.part_of in ids - {group.whole.id}
            or x.kind != last.kind
            or not same_measure(x, group.whole)
        ):
            continue
        if x.clean_start < last.clean_end or (
            x.sentence == last.sentence and not _ADDED.search(view.between(last, x))
        ):
            found.append(x)
    return found[:6]


def in_table(o: Observation) -> bool:
    """Whether a figure is a cell of a table: its columns are not mixed up with each other."""
    return o.rule.startswith("表格")


def unread(view: View, group: Group) -> bool:
    """Whether a number with the whole's unit stands in the list that was not read as an observation."""
    if in_table(group.parts[-1]):
        return False
    word = re.sub(r"^[万亿千百十]+", "", view.printed(group.whole).label) or group.whole.unit
    if not word:
        return False
    at = _first(view, group)
    start = min(view.items[at].clean_start, *(p.clean_start for p in group.parts))
    last = max(p.clean_end for p in group.parts)
    end = re.search(r"[。；;\n]", view.clean[last:])
    stop = min(last + (end.start() if end else 0), last + 60)
    spans = [(o.clean_start, o.clean_end) for o in view.items[at : view.position[group.parts[-1].id] + 8]]
    for m in re.finditer(
        rf"[\d一二两三四五六七八九十百]\s*(?:多|余)?\s*[万亿千]?\s*{re.escape(word[0])}",
        view.clean[start:stop],
    ):
        if not any(a < start + m.end() and start + m.start() < b for a, b in spans):
            return True
    return False
