"""Names and figures in the same order: A镇、B镇分别新建3.6和2.2万平方米, 甲、乙、丙依次新增3、2和1个."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportminer.records.area_names import JOIN, Anchor
from reportminer.records.own_area import Own
from reportminer.restore.gazetteer import Region, gazetteer

_RESPECTIVELY = re.compile(r"分别|依次")
_VERB = re.compile(r"[^，,。；;：:、\d]{0,14}")
_SHORT_LIST = re.compile(r"(?:[\u4e00-\u9fff]{2,4}、)+[\u4e00-\u9fff]{2,4}(?:[和与及][\u4e00-\u9fff]{2,4})?$")


def respectively(
    text: str, anchors: Sequence[Anchor], numbers: Sequence[tuple[int, int]], own: Own
) -> dict[int, Anchor]:
    """The name of each figure that 分别/依次 hands out, by the start of the figure; ``numbers`` are (start, end) in ``text``."""
    out: dict[int, Anchor] = {}
    for m in _RESPECTIVELY.finditer(text):
        names = _names(text, anchors, m.start())
        if len(names) < 2:
            names = _short_names(text[: m.start()], own)
        if len(names) < 2 or any(a.kind == "own" for a in names):
            continue
        run: list[tuple[int, int]] = []
        for start, end in numbers:
            if start < m.end():
                continue
            gap = text[run[-1][1] if run else m.end() : start]
            if not (JOIN if run else _VERB).fullmatch(gap):
                break
            run.append((start, end))
        if len(run) == len(names):
            out.update({start: a for (start, _), a in zip(run, names, strict=True)})
    return out


def _names(text: str, anchors: Sequence[Anchor], before: int) -> list[Anchor]:
    names: list[Anchor] = []
    for a in reversed([a for a in anchors if a.end <= before]):
        if a.kind == "own" and a.name not in ("城区", "农村"):
            break
        if not names and before - a.end > 20:
            break
        if names and not JOIN.fullmatch(text, a.end, names[0].start):
            break
        names.insert(0, a)
    return names


def _short_names(before: str, own: Own) -> list[Anchor]:
    """A list of short names of the parts of the own area (宣州、宁国、广德…); nothing when one of them is not known."""
    listed = _SHORT_LIST.search(before)
    if listed is None or not own.code:
        return []
    stem = own.code[:2] if own.code.endswith("0000") else own.code[:4]
    out: list[Anchor] = []
    at = listed.start()
    for word in re.split("[、和与及]", listed[0]):
        region = _inside(word, stem)
        if region is None:
            return []
        start = before.find(word, at)
        at = start + len(word)
        out.append(Anchor(start, at, region.name, "place", region.code))
    return out


def _inside(word: str, stem: str) -> Region | None:
    g = gazetteer()
    found = [r for r in (*g.by_short.get(word, ()), *g.by_name.get(word, ())) if r.code.startswith(stem)]
    current = [r for r in found if r.until is None] or found
    return current[0] if current else None
