"""Whether a figure is one more part of a breakdown that is under way."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from reportminer.records.part_cues import PartCues
from reportminer.records.part_figures import Figure
from reportminer.records.part_frames import Frame, completes, equal, inside, total_of

_YEAR = re.compile(r"(?:19|20)\d\d年(?:度|底)?[^，,。；;、\d]{0,6}$")  # 2017年61名、2018年79名
_NAMED_AMONG = re.compile(
    r"[。；;！\n][ \u3000]*(?:全[县市区镇乡校]|这些|上述|现有)?(?P<name>[\u4e00-\u9fff]{2,8}?)(?:当中|之中|里面|中)[，,：:][^，。；\d]{0,12}$"
)
_NAMED_REACH = 14  # figures back to the one named
OVERSHOOT = Decimal(
    "1.5"
)  # parts may exceed the whole by this factor and still be meant as its parts: what the sum check looks for


def goes_on(
    figures: list[Figure], cues: PartCues, frame: Frame, whole: Figure, figure: Figure, ahead: list[Figure]
) -> bool:
    """Whether ``figure`` is one more part of a breakdown that is under way (no opener stands right before it)."""
    parts = frame.parts(whole)
    d = figure.draft
    if d.status != whole.draft.status and not (parts and parts[-1].draft.status == d.status):
        return False
    listed_years = bool(parts) and bool(_YEAR.search(figure.left) and _YEAR.search(parts[-1].left))
    if not (listed_years or _finishes(parts, ahead, whole) or inside(figure, whole)) or (
        (d.kind == "change") != (whole.draft.kind == "change") and d.kind == "change"
    ):
        return False
    related = max(
        cues.related(d.indicator, whole.draft.indicator),
        cues.related(d.indicator, parts[-1].draft.indicator) if parts else 0,
    )
    v, w, so_far = figure.value, whole.value, total_of(parts)
    over = (
        v is not None and w is not None and so_far is not None and so_far + v > w and not equal(so_far + v, w)
    )
    complete = bool(parts) and w is not None and so_far is not None and equal(so_far, w)
    names = {e.name for e in figure.events}
    semi = since(figures, parts[-1] if parts else None, figure, "semi") if frame.opener != "items" else False
    if frame.opener == "items":
        if related < 3 or complete or v == w:
            return False
        return not over or (
            bool(parts) and parts[-1].item != figure.item and v is not None and w is not None and v < w
        )
    if "pause" in names and "comma" not in names and not semi:
        return True
    if _finishes(parts, ahead, whole) and not semi:
        return True
    if complete:
        assert w is not None
        return related == 3 and completes(ahead, Decimal(0), w) and len(ahead) > 1
    if (
        frame.opener == "contain"
        and frame.depth == 0
        and parts
        and "pause" not in names
        and not completes(ahead, so_far or Decimal(0), w or Decimal(-1))
    ):
        return related == 3 and not over and not semi
    if semi and not frame.wide:
        if related >= 2 and not over and parts and _parallel(parts[-1], figure):
            return True
        listed = bool(parts and parts[-1].share and figure.share)
        return related == 3 and (
            listed or (not over and _semi_list(figures, parts, figure, w, so_far, ahead))
        )
    if over:
        assert v is not None and w is not None and so_far is not None
        return (
            related == 3
            and so_far + v <= w * OVERSHOOT
            and (bool(parts and parts[-1].share and figure.share) or not semi)
        )
    return related >= 1


def _finishes(parts: list[Figure], ahead: list[Figure], whole: Figure) -> bool:
    """Whether the figures that follow in the list make up exactly what the parts so far leave of the whole."""
    so_far = total_of(parts)
    return (
        bool(parts)
        and so_far is not None
        and whole.value is not None
        and completes(ahead, so_far, whole.value)
    )


def _parallel(last: Figure, figure: Figure) -> bool:
    """教育支出9亿元，占23%；卫生健康支出5亿元: both are named by the same last word."""
    a, b = last.left.strip(), figure.left.strip()
    return len(a) > 2 and len(b) > 4 and a[-2:] == b[-2:] and "\u4e00" <= a[-1] <= "\u9fff"


def since(figures: list[Figure], last: Figure | None, figure: Figure, name: str) -> bool:
    """Whether an event of this name lies between the last part and the figure."""
    if last is None:
        return any(e.name == name for e in figure.events)
    for f in reversed(figures):
        if f.start > figure.start:
            continue
        if f.start <= last.start:
            return False
        if any(e.name == name for e in f.events):
            return True
    return False


def _semi_list(
    figures: list[Figure],
    parts: list[Figure],
    figure: Figure,
    w: Decimal | None,
    so_far: Decimal | None,
    ahead: list[Figure],
) -> bool:
    """Whether ； separates the items of the list and does not end it."""
    if w is not None and so_far is not None and completes(ahead, so_far, w):
        return True
    return len(parts) > 1 and all(since(figures, a, b, "semi") for a, b in itertools.pairwise(parts))


def among_named(text: str, figures: list[Figure], k: int) -> list[Figure] | None:
    """The figure before that a sentence begins to divide by its name: 教师当中，本科的279人. None when there is none."""
    figure = figures[k]
    if not k:
        return None
    m = _NAMED_AMONG.search(text, max(figures[k - 1].end, figure.start - 40), figure.start)
    if m is None:
        return None
    for f in reversed(figures[max(0, k - _NAMED_REACH) : k]):
        if figure.paragraph - f.paragraph > 1:
            break
        if f.unit == figure.unit and f.draft.kind == "level" and f.draft.label.endswith(m["name"]):
            return [f]
    return None


def of_one_name(candidates: list[Figure], figure: Figure) -> list[Figure]:
    """Those of several wholes of one unit that end their name as the part does (总投资, 完成投资), when not all do."""
    name = figure.draft.label
    if not name or not figure.left.rstrip("达到为共约").endswith(name[-2:]):
        return []  # 2016年7200万元: the name is that of the whole
    found = [
        c
        for c in candidates
        if len(c.draft.label) > 2
        and len(name) > 2
        and name[-4:].endswith(c.draft.label[-4:][-len(name) :][-3:])
    ]
    return found if 0 < len(found) < len(candidates) else []
