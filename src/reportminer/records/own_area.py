"""What an article calls its own: its area, or the school that reports, and the words that turn back to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportminer.core import ReportText, Segment
from reportminer.records.area_names import Words, institutions
from reportminer.restore.gazetteer import gazetteer
from reportminer.restore.places import find_places, own_level

_HEAD_LINE = re.compile(r"[^\n。]{2,60}?(?:总结|汇报|报告|方案|计划|意见|材料)")
_CENTRAL = re.compile(r"中心(?:学校|小学|完小|校|幼儿园)$")


@dataclass(frozen=True, slots=True)
class Own:
    """What an article calls its own: ``area``/``code`` of the article, ``name`` the default of its values (the area, or the school
    that reports), ``back`` finds the words that turn back to the area."""

    area: str | None
    code: str | None
    name: str | None
    school: bool
    town: bool
    last: str
    back: re.Pattern[str]


def own_of(report: ReportText, segment: Segment, words: Words) -> Own:
    """What the segment calls its own."""
    text = report.clean[segment.start : segment.end]
    area = segment.area
    level = area[-1] if area and area[-1] in "省县区市州盟旗镇乡村" else None
    school = own_school(segment.title, text, words)
    last = area or ""
    if area and area not in gazetteer().by_name:
        last = gazetteer().split(area)[-1]
    names = {n for n in (area, last) if n}
    short = next((r.short for r in gazetteer().by_name.get(last, ()) if r.short), "")
    if short:
        names.add(short)
    levels = {"州": "州市", "旗": "旗县", None: "县区市州旗镇乡村"}.get(level, level or "")
    back = "|".join(
        [f"[全我本][{levels}](?!外)", *(re.escape(n) for n in sorted(names, key=lambda n: -len(n)))]
    )
    if school:
        back = f"[全我本][校园院]|{back}"
    return Own(
        area, segment.area_code, school or area, school is not None,
        level in ("镇", "乡") or (level is None and own_level(text) in ("镇", "乡")), last, re.compile(back),
    )  # fmt: skip


def own_school(title: str | None, text: str, words: Words) -> str | None:
    """The school or hospital that reports, when the title names one and the text does not speak for a county or town."""
    if re.search(r"我[县区市州旗]", text):
        return None
    of_town = len(re.findall(r"我[镇乡]", text))
    if not title:
        head = _HEAD_LINE.match(text.lstrip()[:80])
        title = head[0] if head else None
    if not title:
        return None
    title = re.sub(r"^[\s《“\"第一二三四五六七八九十篇:：、\d.]+(?=\S)", "", title)
    places = find_places(title)
    at = places[0].end if places else 0
    found = [a for a in institutions(title[at:], words, town=True) if a.kind == "institution"]
    if not found or found[0].start > (0 if places else 6):
        return None
    if of_town and (not _CENTRAL.search(found[0].name) or of_town > text.count(found[0].name[-3:])):
        return None  # the central school of a town may say 我镇; a town that reports says it more often
    if not re.search(r"我们?[校园院]|本[校园院]|全[校园院]|中心校|全体教师|学校", text):
        return None
    return (places[0].name if places else "") + found[0].name
