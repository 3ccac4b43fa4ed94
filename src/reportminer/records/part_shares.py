"""Parts that a printed percentage gives away: 公办园6780人，占56.2%; 结案796件，结案率96.6%."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.records.part_cues import PartCues
from reportminer.records.part_figures import Figure
from reportminer.records.part_frames import inside, years

_NEAR = 10  # figures looked back for a whole that the share does not name
_FAR = 60
_SHARP = Decimal("0.2")  # a wider percentage (近四分之一) fits too many figures
_LOOSE = (Decimal("0.9"), Decimal("1.1"))
_NAMED = re.compile(
    r"占(?:了|到|全[县市区镇乡省校州旗]|我[县市区镇乡])*([^，,。；;：:\d]{2,12}?)(?:的)?(?:约|近|超过?|不足|将近|仅)?$"
)
_RISEN = re.compile(r"(?:增加|增长|提高|上升|扩大|发展|下降|减少)到")
_TAIL = re.compile(r"(?:总数|总量|总额|人数|数)$")


def share_parts(figures: list[Figure], found: dict[int, int], cues: PartCues) -> None:
    """Fill ``found`` for figures whose printed share of an earlier one is right."""
    for i, part in enumerate(figures):
        share = part.rate or part.share
        if share is None or part.unit is None or part.value is None or part.draft.kind != "level":
            continue
        if (
            cues.target.search(share.left)
            or cues.progress.search(part.left)
            or cues.progress.search(share.left)
        ):
            continue
        if share.draft.quantity.value is None or share.draft.quantity.value >= 100:
            continue
        whole = _whole(figures, i, part, share, cues)
        if whole is None or whole.index == part.index or found.get(whole.index) == part.index:
            continue
        held = next((f for f in figures if f.index == found.get(part.index)), None)
        if held is None or (_name(share) and not _fits(part, held, share)):
            found[part.index] = whole.index


def _whole(figures: list[Figure], i: int, part: Figure, share: Figure, cues: PartCues) -> Figure | None:
    name = _name(share)
    p = share.draft.quantity
    sharp = p.low is not None and p.high is not None and p.high - p.low <= _SHARP
    for n, w in enumerate(reversed(figures[max(0, i - _FAR) : i])):
        if not part.adds_to(w) or w.compared or not w.value or w.value < part.value:  # type: ignore[operator]
            continue
        if w.draft.kind != "level" or w.draft.status != part.draft.status:
            continue
        in_time = inside(part, w)
        said = w.left[-24:] + w.draft.label
        if n + 1 < i and _RISEN.match(w.left) and figures[i - n - 2].sentence == w.sentence:
            said += figures[i - n - 2].left  # 生产总值由19亿元增加到28亿元
        named = name is not None and name in said and _near_in_time(part, w)
        related = cues.related(part.draft.indicator, w.draft.indicator)
        if len(w.draft.label) > 2 and w.draft.label in part.left:
            related, in_time = 3, _near_in_time(part, w)
        if share is part.rate:  # a rate speaks only of the figure before
            near = w.sentence == part.sentence and all(not f.adds_to(part) for f in figures[i - n : i])
            return w if near and in_time and sharp and _fits(part, w, share) else None
        if not _fits(part, w, share):
            continue
        if (named and (sharp or n < _NEAR)) or (
            in_time and sharp and related == 3 and (n < _NEAR or name is None)
        ):
            return w
    return None


def _near_in_time(part: Figure, whole: Figure) -> bool:
    """截至2020年底… and a later sentence of the same report that gives no date: a year lies between them at most."""
    a, b = years(part.draft.period), years(whole.draft.period)
    return a is None or b is None or (int(a[0]) <= int(b[1]) + 1 and int(b[0]) <= int(a[1]) + 1)


def _name(share: Figure) -> str | None:
    """What a share is said to be of: 占教职工总数的53.7% → 教职工."""
    m = _NAMED.search(share.left)
    if m is None:
        return None
    name = _TAIL.sub("", m[1])
    return name if len(name) > 1 else None


def _fits(part: Figure, whole: Figure, share: Figure) -> bool:
    """Whether the percentage may be that of the two amounts as they are printed."""
    a, b, p = part.draft.quantity, whole.draft.quantity, share.draft.quantity
    low_a, high_a = a.low or a.value, a.high or a.value
    low_b, high_b = b.low or b.value, b.high or b.value
    low, high = p.low or p.value, p.high or p.value
    if p.bound != "eq" and low is not None and high is not None:
        low, high = low * _LOOSE[0], high * _LOOSE[1]  # 近四分之一
    if None in (low_a, high_a, low_b, high_b, low, high) or not low_b or not high_b:
        return False
    assert low_a is not None and high_a is not None and low is not None and high is not None
    return low_a * 100 / high_b <= high and high_a * 100 / low_b >= low
