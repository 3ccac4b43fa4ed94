"""Headings that turn from the year reviewed to the year to come (二、今年的主要任务, 新年的路线图), and what they make of 今年."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reportminer.core import ReportText, Segment

_N = "一二三四五六七八九十"
_LINE = re.compile(
    rf"[ \t　#*]*(?P<mark>第[{_N}]{{1,3}}[章部]分?|[{_N}]{{1,3}}、|[（(][{_N}]{{1,3}}[)）])?[ \t　]*"
    r"(?P<name>[^\n，,。；;：:！？|]{2,28})(?=$|[\n。])"
)
_NEXT_LINE = re.compile(r"\n" + _LINE.pattern)
_COMING = re.compile(r"新的?一年|新年(?![货画]|祝)|明年|来年|下一?年(?![度龄])|下一年度")
_THIS = re.compile(r"今年|本年度?")
_LOOKS_BACK = re.compile(r"回顾|总结|完成情况|执行情况|进展|成效|成绩|以来|做法|[已了]$|情况$")
_MIXED = re.compile(r"问题|困难|不足|差距|体会|经验")  # 存在问题和明年打算: turns only where it says so
_REVIEWED = re.compile(r"(?P<year>(?:19|20)\d\d)年|去年|上年|过去一年|(?P<own>今年|本年)")
_AHEAD = re.compile(r"目标|任务|打算|安排|计划|思路|建议|部署|要求|重点|怎么干|干什么|举措|设想|要点|工作$")
_EARLY = "04"  # a report dated up to April speaks of its own year as the one to come


@dataclass(frozen=True, slots=True)
class Outlook:
    """A heading behind which everything is planned for ``year``."""

    start: int
    end: int
    year: int


def outlooks(report: ReportText, segment: Segment) -> Iterator[Outlook]:
    """The headings of a segment that open what is planned for the year after the one it reviews, in order.

    今年 in such a heading is the coming year where the report was read at its beginning, or where an earlier heading reviews the year before.
    """
    year = segment.year
    if year is None:
        return
    date = segment.date or ""
    this_is_next = date[:4] == str(year + 1) and date[5:7] <= _EARLY
    opens_line = segment.start == 0 or report.clean[segment.start - 1] == "\n"
    first = _LINE.match(report.clean, segment.start, segment.end) if opens_line else None
    for m in (
        *([first] if first else ()),
        *_NEXT_LINE.finditer(report.clean, segment.start, segment.end),
    ):
        name = m["name"]
        if "年" not in name:
            continue  # neither of the coming year nor of one that is over
        back = _LOOKS_BACK.search(name) is not None
        seen = _REVIEWED.search(name)
        if back and seen is not None:
            this_is_next = this_is_next or not seen["own"]
            continue
        if (
            back
            or _MIXED.search(name)
            or (not m["mark"] and (len(name) > 20 or m.start("name") == segment.start))
        ):
            continue
        named = re.search(rf"{year + 1}年", name) is not None
        if (
            _COMING.search(name)
            or named
            or (this_is_next and _THIS.search(name) and (m["mark"] or _AHEAD.search(name)))
        ):
            yield Outlook(m.start("name"), m.end("name"), year + 1)
