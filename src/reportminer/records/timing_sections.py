"""The sections of a report as far as they bear on time: what a heading opens, and whether it reviews or plans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from reportminer.core import PeriodExpr, ReportText, Segment, TextCell
from reportminer.records.draft import Draft
from reportminer.records.outlook import outlooks
from reportminer.records.timing_cues import Cues
from reportminer.records.timing_layout import Mark
from reportminer.records.timing_state import Frame, Place, Section, State, plan_span

_TITLE_PLAN = re.compile(r"(\d{4})年度?[^年]{0,12}?(?:计划|打算|安排|要点|思路|目标|草案|任务)")


class SectionReader:
    """The state of the walk through one segment, and its sections."""

    def __init__(
        self,
        report: ReportText,
        segment: Segment,
        drafts: list[Draft],
        starts: list[int],
        exprs: Sequence[PeriodExpr],
        cues: Cues,
    ) -> None:
        self.report, self.text, self.segment, self.cues = report, report.clean, segment, cues
        self.drafts, self.starts, self.exprs = drafts, starts, exprs
        self.expr_starts = [e.start for e in exprs]
        self.year = segment.year
        self.state, self.place = State(), Place(segment.start, segment.start, segment.start, segment.start)
        self.sections: list[Section] = []
        self.as_of: Frame | None = None
        self.local: dict[int, Frame] = {}  # index of a draft → frame of its own
        self.launch: int | None = None
        self.base_year: int | None = (
            None  # the year that the sentence compares with, and where that sentence starts
        )
        self.base_in = -1
        self.row_again = False
        self.yearly: tuple[int, str] | None = (
            None  # the years of the last 年均增长 that named them, and its paragraph
        )
        self.spoken_of: Frame | None = None  # the last span of years of the paragraph
        self.row: list[tuple[int, Frame]] = []  # 2013年、2014年 … 分别
        self.row_taken = 0
        # latest period of a level in the sentence, and where that sentence starts
        self.latest: str | None = None
        self.latest_in = -1
        self.grids: dict[int, dict[tuple[int, int], TextCell]] = {}  # cells of the tables met, by place
        self.item: int | None = None  # where the item (二是…) began
        self.opened = segment.start  # where the paragraph frame was opened
        self.rise: tuple[int | None, int | None] = (None, None)  # years of the last 由A增加到B
        self.previous: Draft | None = None
        self.from_clause = self.compared = -1  # start of the clause of the last 由A…, of the last 比…年
        ahead = [int(m[1]) for m in _TITLE_PLAN.finditer(segment.title or "")]
        self.section_base: int | None = None  # first year of the rises that this section tells
        self.plan_span = plan_span(segment, self.text)
        self.title_plan = next((y for y in ahead if self.year and y in (self.year, self.year + 1)), None)
        spoken = segment.date[:7] if segment.date else ""
        self.coming = {o.start: o for o in outlooks(report, segment)}
        self.read_next_year = bool(self.year and spoken[:4] == str(self.year + 1) and spoken[5:] <= "04")

    # ------------------------------------------------------------------ marks

    def _heading(self, mark: Mark) -> None:
        while self.sections and self.sections[-1].level >= mark.level:
            self.sections.pop()
        words = self.text[mark.start : mark.end]
        review = self.cues.review_heading.search(words) is not None
        plan = not review and self.cues.plan_heading.search(words) is not None
        section = Section(mark.level, plan=plan)
        a = bisect_left(self.expr_starts, mark.start)
        b = bisect_left(self.expr_starts, mark.end)
        frames = [f for x in self.exprs[a:b] if (f := self._frame(x)) is not None]
        ahead = next((o for o in self.coming.values() if mark.start <= o.start < mark.end), None)
        if ahead is not None:
            section.plan = True
            section.plan_frame = Frame("year", str(ahead.year), ahead.year, ahead.year, ahead.year - 1)
        elif frames and not re.search("[，,]", words):
            past = [f for f in frames if not self._future(f)]
            future = [f for f in frames if self._future(f)]
            # a span beats the single years beside it: 过去五年和2020年工作回顾
            section.frame = next((f for f in past if f.sort == "span"), past[0] if past else None)
            section.plan_frame = future[-1] if future else (section.frame if plan else None)
            if section.frame is None and not review:
                section.plan = True
        if mark.level <= 1:
            self.as_of = None
            self.section_base = None
        self.sections.append(section)

    def _tells(self, start: int, end: int) -> bool:
        """Whether the words of an unnumbered heading say something of time or of plan and review."""
        if any(start <= at < end for at in self.coming):
            return True
        i = bisect_left(self.expr_starts, start)
        if i < len(self.expr_starts) and self.expr_starts[i] < end:
            return True
        cues = self.cues
        return bool(
            cues.plan_heading.search(self.text, start, end)
            or cues.review_heading.search(self.text, start, end)
        )

    def _plan_section(self) -> bool:
        return any(s.plan for s in self.sections)

    def _plan_frame(self) -> Frame | None:
        return next((s.plan_frame for s in reversed(self.sections) if s.plan_frame), None)

    def _section_frame(self) -> Frame | None:
        return next((s.frame for s in reversed(self.sections) if s.frame), None)

    # ------------------------------------------------------------------ expressions

    def _future(self, frame: Frame) -> bool:
        return frame.last is not None and self.year is not None and frame.last > self.year

    def _frame(self, expr: PeriodExpr) -> Frame | None:
        """The frame that an expression opens; the readers of frames say which."""
        raise NotImplementedError
