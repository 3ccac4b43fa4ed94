"""Periods that cover years: what is planned, average growth, multiples of an earlier span."""

from __future__ import annotations

import re

from reportminer.records.draft import Draft
from reportminer.records.recalled import is_recalled
from reportminer.records.timing_frames import FrameReader
from reportminer.records.timing_state import Frame

_YEARLY = re.compile(r"年均|年平均")
_IS_MULTIPLE = re.compile(
    r"^[，,]?[^，。；、]{0,6}(?:是|为|等于|相当于)[^，。；、]{0,14}(?:五年|时期|期间|”|五)(?:总?[和量数])?的$"
)

_EACH = re.compile(r"分别|依次|逐年|各年")
_LISTED = re.compile(r"\s?[、，,和与及]?\s?")


class SpanReader(FrameReader):
    """The part of the walk that asks which years a plan or an average covers."""

    def _yearly_growth(self, draft: Draft, planned: bool) -> str | None:
        """The years of an average growth: those that its sentence, its frame or the item before names; None for a growth of one year."""
        s = self.state
        if not _YEARLY.search(self.text, self.place.clause, draft.mention.start):
            return None
        if (
            self.base_in == self.place.sentence
            and self.base_year
            and self.year
            and self.base_year + 1 < self.year
        ):
            self.yearly = (self.place.paragraph, f"{self.base_year + 1}/{self.year}")
            return self.yearly[1]  # 与十二五末相比，…年均增长4.4%
        first, last = self.rise
        if first is not None and last is not None and first < last:
            self.yearly = (self.place.paragraph, f"{first + 1}/{last}")
            return self.yearly[1]  # 由2015年的A增加到2020年的B，年均增长
        frame = next(
            (f for f in (s.clause, s.sentence, s.paragraph, self._section_frame()) if f is not None), None
        )
        last_year = frame.last if frame is not None and frame.first == frame.last else None
        if planned and last_year and self.year and last_year > self.year + 1:
            return f"{self.year + 1}/{last_year}"  # 到2025年，…年均增长10%
        if frame is not None and frame.sort == "span" and not planned:
            return frame.period
        if self.yearly is not None and not planned and (frame is None or frame.sort in ("year", "now")):
            return self.yearly[1]  # the next item of a review that began with the base year
        return None

    def _plan_period(self, draft: Draft) -> str | None:
        m = draft.mention
        if not self._plan_section() and is_recalled(self.text, m.start, m.end, self.place.clause):
            return str(self.year) if self.year is not None else None
        frame = self._plan_frame()
        if frame is not None:
            return frame.period
        if self.title_plan is not None and self.title_plan == self.year:
            return str(self.year)  # 2010年经济社会发展预期目标
        section = self._section_frame()
        year = str(self.year) if self.year is not None else None
        if self.plan_span is not None:
            return self.plan_span
        if self.spoken_of is not None and self._future(self.spoken_of) and self.segment.genre == "plan":
            return self.spoken_of.period  # 从2004年至2006年全县计划改造…。拟改造B级危房…
        at = draft.mention.start
        looks_ahead = (
            self._plan_section()
            or self.cues.prospective.search(self.text, self.place.sentence, at) is not None
        )
        if looks_ahead and self.title_plan and self._plan_section():
            return str(self.title_plan)
        if section is not None and section.last == self.year:
            return year
        if not looks_ahead or self.segment.genre == "plan":
            return year
        if not self._plan_section() and self.cues.within_year.search(self.text, self.place.sentence, at):
            return year
        return None

    def _number_span(self) -> bool:
        """Whether the span in force is told as a number of years (五年来, 过去五年)."""
        s = self.state
        return any(
            f is not None and f.sort == "span" and bool(f.number) for f in (s.clause, s.sentence, s.paragraph)
        )

    def _multiple_of(self, draft: Draft) -> str | None:
        """The span of what is a multiple: 五年投资9亿元，是上一个五年的3倍."""
        prev, m = self.previous, draft.mention
        if prev is None or "/" not in (prev.period or "") or prev.mention.start < self.place.sentence:
            return None
        return prev.period if _IS_MULTIPLE.search(self.text[prev.mention.end : m.start]) else None

    def _respectively(self, index: int) -> Frame | None:
        """The frame that 2013年、2014年分别 (or 2013—2014年…分别) gives the figures that follow, in their order."""
        at = self.starts[index]
        if self.row_taken == 0 and len(self.row) < 2:
            self._spread(index)
        if self.row_taken >= len(self.row) > 1 and self._again(index):
            self.row_taken = 0
            self.row_again = True
        if len(self.row) < 2 or self.row_taken >= len(self.row):
            return None
        if (
            self.row_taken == 0
            and not self.row_again
            and (self.row[0][0] < self.place.sentence or not _EACH.search(self.text, self.row[-1][0], at))
        ):
            self.row = []
            return None
        self.row_taken += 1
        return self.row[self.row_taken - 1][1]

    def _again(self, index: int) -> bool:
        """Whether as many figures as the list of years has follow another 分别 of the paragraph: 人均支出分别为A、B、C."""
        at = self.starts[index]
        if self.row[0][0] < self.place.paragraph or not _EACH.search(
            self.text, max(self.place.clause, at - 16), at
        ):
            return False
        run = 1
        while index + run < len(self.drafts):
            before, after = self.drafts[index + run - 1].mention, self.drafts[index + run].mention
            if not _LISTED.fullmatch(self.text, before.end, after.start):
                break
            run += 1
        return run == len(self.row)

    def _spread(self, index: int) -> None:
        """Where 分别 stands before as many figures as the span in force has years, give each its year."""
        frame, at = self.state.sentence, self.starts[index]
        if frame is None or frame.sort != "span" or frame.first is None or frame.last is None:
            return
        years = range(frame.first, frame.last + 1)
        if len(years) > 6 or not _EACH.search(self.text, max(self.place.clause, at - 16), at):
            return
        run = 1
        while index + run < len(self.drafts):
            before, after = self.drafts[index + run - 1].mention, self.drafts[index + run].mention
            if not _LISTED.fullmatch(self.text, before.end, after.start):
                break
            run += 1
        if run == len(years):
            self.row = [(self.place.sentence, Frame("year", str(y), y, y, y - 1)) for y in years]
            self.row_taken = 0
