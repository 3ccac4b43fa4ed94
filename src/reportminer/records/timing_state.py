"""The frames, sections and places of the walk through a segment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportminer.core import Segment
from reportminer.extract.periods import find_periods

_TITLE_SPAN = re.compile(r"((?:19|20)[0-9]{2})年?[-—–~～至到]{1,2}((?:19|20)?[0-9]{2})年?(?!学|[秋春冬度])")

_LONG_PLAN = re.compile(r"规划|行动|三年|五年|计划|实施方案")
_GOAL = re.compile(r"(?:到|至)((?:19|20)[0-9]{2})年")
_LONGEST_PLAN = 6  # years


@dataclass(slots=True)
class Frame:
    """A stretch of time that governs figures. ``first``/``last`` are years (None for a masked one)."""

    sort: str  # year, span, asof, now, deadline, horizon (今后三年), term (三年内), masked, unknown
    period: str | None
    first: int | None = None
    last: int | None = None
    base: int | None = None  # year of the from-value of 由A到B
    number: int | None = None


@dataclass(slots=True)
class Section:
    """An open section with what its heading says of time."""

    level: int
    frame: Frame | None = None
    plan: bool = False
    plan_frame: Frame | None = None


@dataclass(slots=True)
class State:
    """The frames open at a place of the text, nearest first."""

    clause: Frame | None = None
    sentence: Frame | None = None
    base: Frame | None = None  # the first frame of the sentence: what a semicolon goes back to
    paragraph: Frame | None = None


@dataclass(slots=True)
class Place:
    """Where the walk is."""

    clause: int = 0
    sentence: int = 0
    paragraph: int = 0
    used: int = 0  # end of the last expression or figure of the sentence
    quoted: int = 0
    stack: list[tuple[State, int, int, int]] = field(default_factory=list)


def plan_span(segment: Segment, text: str) -> str | None:
    """The years of a plan: those that its title names (2023—2025年, “十四五”), else from its own to the last that it sets a goal for."""
    if segment.genre != "plan" or not segment.title:
        return None
    m = _TITLE_SPAN.search(segment.title)
    if m:
        last = m[2] if len(m[2]) == 4 else m[1][:2] + m[2]
        return f"{m[1]}/{last}" if m[1] < last else None
    found = [x.period for x in find_periods(segment.title) if x.period and "五" in x.text and "/" in x.period]
    if found:
        return found[0]
    if segment.year is None or str(segment.year) in segment.title or not _LONG_PLAN.search(segment.title):
        return None
    late = (segment.date or "")[5:7] >= "10"
    first = segment.year + 1 if late else segment.year
    goals = [int(y) for y in _GOAL.findall(text, segment.start, segment.end)]
    last_goal = max((y for y in goals if first < y <= first + _LONGEST_PLAN), default=None)
    return f"{first}/{last_goal}" if last_goal else None


def hull(frames: Sequence[Frame]) -> Frame:
    """One frame over several years (2016、2017年)."""
    first = min((f.first for f in frames if f.first is not None), default=None)
    last = max((f.last for f in frames if f.last is not None), default=None)
    if first is None or last is None or first == last:
        return frames[-1]
    return Frame("span", f"{first}/{last}", first, last, first)
