"""Breakdowns that only their arithmetic or a word after them gives away: exact sums, totals that follow, 占…%."""

from __future__ import annotations

import re

from reportminer.records.part_cues import PartCues
from reportminer.records.part_figures import Figure
from reportminer.records.part_frames import equal, inside, total_of

_AHEAD = 14  # figures looked at after a possible whole
_SMALLEST = 4  # below it, sums agree by chance
_INCLUDED = re.compile(r"在内的(?:共|全部|各类)?$")
_THESE = re.compile(r"\s*(?:以上|上述|前述|这)")
_REACHES = re.compile(r"(?:达到?|增至|增加到|扩大到|提高到)$")


def _alike(a: Figure, b: Figure, cues: PartCues, nearness: int = 3) -> bool:
    x, y = a.draft, b.draft
    return x.kind == y.kind and x.status == y.status and cues.related(x.indicator, y.indicator) >= nearness


def exact_sums(figures: list[Figure], cues: PartCues) -> dict[int, Figure]:
    """Index of a part → its whole, where at least two figures of one kind follow a figure in its sentence and add up to it."""
    found: dict[int, Figure] = {}
    for i, whole in enumerate(figures):
        w = whole.value
        if w is None or whole.unit is None or whole.compared or w < _SMALLEST:
            continue
        rest = w
        parts: list[Figure] = []
        for f in figures[i + 1 : i + 1 + _AHEAD]:
            if f.sentence != whole.sentence or f.depth < whole.depth:
                break
            if f.unit != whole.unit or f.depth > whole.depth:
                continue
            if f.value is None or f.compared or not _alike(f, whole, cues, 2) or not inside(f, whole):
                break
            rest -= f.value
            parts.append(f)
            if rest <= 0:
                break
        about = all(p.draft.quantity.bound == "ge" for p in parts)  # 7万余元, 8万余元 agree by chance
        if rest == 0 and len(parts) > 1 and not about:
            for p in parts:
                found.setdefault(p.index, whole)
    return found


def backward_totals(figures: list[Figure], found: dict[int, int], cues: PartCues) -> None:
    """Totals that follow their parts: 实验室46间、科学室71间，合计117间; 包括4所…在内的9所."""
    for i, total in enumerate(figures):
        if total.unit is None or (total.value is None and not total.draft.quantity.masked):
            continue
        if i and "在内" in total.left and _INCLUDED.search(total.left):
            p = figures[i - 1]
            if p.sentence == total.sentence and p.adds_to(total) and p.index not in found:
                found[p.index] = total.index
            continue
        if i > 1 and "基础上" in figures[i - 1].left and _REACHES.search(total.left):
            _on_top(figures[i - 2 : i], total, found)
            continue
        if not cues.total.search(total.left) or total.index in found:
            continue
        parts: list[Figure] = []
        reach = 1 if _THESE.match(total.left) else 0
        for f in reversed(figures[max(0, i - 12) : i]):
            if f.sentence < total.sentence - reach or f.compared:
                break
            if f.adds_to(total):
                if f.draft.kind != total.draft.kind:
                    break
                parts.append(f)
                s = total_of(parts)
                if len(parts) > 1 and s is not None and total.value is not None and equal(s, total.value):
                    break
        s = total_of(parts)
        if len(parts) < 2 or s is None or total.value is None:
            continue
        if not equal(s, total.value):
            continue
        wholes = {found.get(p.index) for p in parts}
        if wholes == {None}:
            for p in parts:
                found[p.index] = total.index
        elif len(wholes) == 1:
            found[total.index] = next(
                w for w in wholes if w is not None
            )  # 上述四项合计: a part of what they are parts of


def _on_top(parts: list[Figure], total: Figure, found: dict[int, int]) -> None:
    """在年初预算2.35亿元的基础上再追加1500万元，达到2.5亿元."""
    s = total_of(parts)
    if s is None or total.value is None or not equal(s, total.value):
        return
    if all(p.adds_to(total) and p.sentence == total.sentence and p.index not in found for p in parts):
        found.update({p.index: total.index for p in parts})


def quiet_sums(figures: list[Figure], found: dict[int, int], cues: PartCues) -> None:
    """Two or more figures of one sentence that together are a figure of the sentences before: 建成26所。…建成18所，今年又建成8所."""
    i = 0
    while i < len(figures):
        first = figures[i]
        i += 1
        if first.unit is None or first.value is None or first.index in found or first.draft.kind != "level":
            continue
        group = [first]
        for f in figures[i : i + 8]:
            if f.sentence != first.sentence:
                break
            if (
                f.unit == first.unit
                and _alike(f, first, cues)
                and f.index not in found
                and f.value is not None
            ):
                group.append(f)
        if len(group) < 2:
            continue
        s = total_of(group)
        if s is None or s < 10:
            continue
        for whole in reversed(figures[max(0, i - 13) : i - 1]):
            if whole.paragraph < first.paragraph - 1:
                break
            if whole.sentence == first.sentence or whole.unit != first.unit or not _alike(whole, first, cues):
                continue
            if whole.value == s and all(inside(g, whole) for g in group):
                for g in group:
                    found[g.index] = whole.index
            break
