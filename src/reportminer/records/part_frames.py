"""A breakdown that is being read: where it opened, which figures may be its whole, and which parts it has so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from reportminer.records.part_cues import PartCues
from reportminer.records.part_figures import Figure

TOTAL_WORD = re.compile(r"总|共|计划投资|概算")
_ROUNDING = Decimal("0.002")  # parts are printed rounded: their sum may be off by this share of the whole


@dataclass(slots=True)
class Frame:
    """One open breakdown. ``before``: possible wholes, nearest first; ``wholes``: the one chosen for each unit."""

    opener: str  # open like contain split facet bracket items among colon
    depth: int
    sentence: int
    before: list[Figure]
    wide: bool  # goes on over ；
    rank: int | None = None  # of the first list item (items)
    paragraph: int = 0
    crossed: bool = False  # the whole stands in an earlier sentence
    wholes: dict[str, Figure | None] = field(default_factory=dict)
    members: dict[int, list[Figure]] = field(default_factory=dict)  # index of the whole -> its parts

    def parts(self, whole: Figure) -> list[Figure]:
        """The parts found for ``whole``."""
        return self.members.setdefault(whole.index, [])

    def last(self) -> Figure | None:
        """The last part of whatever whole."""
        found = [m[-1] for m in self.members.values() if m]
        return max(found, key=lambda f: f.start, default=None)


def total_of(parts: list[Figure]) -> Decimal | None:
    """The sum of the parts, None when one of them has no value."""
    out = Decimal(0)
    for p in parts:
        v = p.value
        if v is None:
            return None
        out += v
    return out


def equal(a: Decimal, b: Decimal) -> bool:
    """Whether a sum is a total within rounding; whole counts exactly."""
    return a == b or (b >= 10000 and abs(a - b) <= b * _ROUNDING)


def years(period: str | None) -> tuple[str, str] | None:
    """First and last year of a period."""
    found = re.findall(r"\d{4}", period or "")
    return (found[0], found[-1]) if found else None


def inside(part: Figure, whole: Figure) -> bool:
    """Whether the time of the part lies in that of the whole, as far as both are known."""
    a, b = years(part.draft.period), years(whole.draft.period)
    return a is None or b is None or (b[0] <= a[0] and a[1] <= b[1])


def completes(figures: list[Figure], so_far: Decimal, whole: Decimal) -> bool:
    """Whether some first figures of a list make up what is missing to the whole."""
    total = so_far
    for f in figures:
        v = f.value
        if v is None:
            return False
        total += v
        if equal(total, whole):
            return True
        if total > whole:
            return False
    return False


def affinity(cues: PartCues, part: Figure, whole: Figure, ahead: list[Figure], place: int) -> float:
    """How well ``whole`` suits ``part``; ``ahead``: the list that starts with the part; ``place``: 0 for the nearest candidate."""
    score = -1.6 * place
    d, w = part.draft, whole.draft
    related = cues.related(d.indicator, w.indicator)
    score += {3: 3.0, 2: 1.8, 1: 1.0, 0: 0.0}[related]
    if related == 0 and d.quantity.dimension in ("area", "length"):
        score -= 6.0  # 新建校舍2万平方米，其中新学校占地36亩
    if d.kind == w.kind:
        score += 1.0
    elif d.kind == "change":
        score -= 4.0
    else:
        score -= 1.0  # 新增学位6480个，其中小学3600个 is fine, but a level is better
    if d.status != w.status:
        score -= 1.5
    if not inside(part, whole):
        score -= 2.0
    if whole.compared:
        score -= 4.0
    a, b = part.value, whole.value
    if a is not None and b is not None:
        if a > b:
            score -= 3.5
        elif completes(ahead, Decimal(0), b) and len(ahead) > 1:
            score += 4.0
        else:
            total = total_of(ahead)
            if total is not None and total > b:
                score -= 1.0
    if TOTAL_WORD.search(whole.left[-8:]):
        score += 0.8
        if TOTAL_WORD.search(part.left[-6:]):
            score += 1.5
    label = w.label
    if label and any(label[k : k + 2] in part.left for k in range(len(label) - 1)):
        score += 0.7
    return score
