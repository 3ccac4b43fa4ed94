"""Gives every figure the period it refers to (``observations.md`` §4).

The text is walked once. A time expression opens a *frame*: for its clause, its sentence, the rest of its paragraph or its section,
depending on where it stands; a figure takes the nearest frame that fits what it is. A state (现有, 总数, a rate) under a span of years
stands at the end of the span, a flow (投入, 新建) covers it; a plan takes no past frame, a result no future one. Without a frame a
result belongs to the reporting year; a plan to the year its section names, else to none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from operator import attrgetter

from reportminer.core import PeriodExpr, ReportText, TextCell
from reportminer.lexicon import Lexicon
from reportminer.records.draft import Draft
from reportminer.records.timing_cues import FLOW, STATE, cues_of, is_from_value
from reportminer.records.timing_layout import HEADING, marks
from reportminer.records.timing_spans import SpanReader
from reportminer.records.timing_state import Frame

_INHERITANCE = 240  # characters between a whole and a part that still takes its time
_LATER = re.compile(
    r"[^，,；;。：:\n（(）)]{0,4}?(?:列入|纳入)[^，,；;。：:\n（(）)]{0,6}$|[^，,；;。：:\n（(）)]{0,6}?(?:在|(?<![用由对属关终位])于|到|至)\s?$"
)
_NOW = re.compile(r"现有|现共有|现已|现在|现拥有|目前|至今")
_BARE_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")
_YEAR = re.compile(r"\d{4}")
_RATE = re.compile(r"率|比例|比重|占比|覆盖")
_GROWTH_HEAD = re.compile(r"增长|增幅|增速|比上年|同比|±")
_COMPARED_HEAD = re.compile(r"[比较]上年|同比")
_REACHES = ("跨越", "突破", "超过", "逾", "迈上")
_OF_ONE_YEAR = frozenset(
    {
        "gdp",
        "fiscal_revenue",
        "tax_revenue",
        "value_added",
        "retail_sales",
        "fiscal_expenditure",
        "revenue_other",
        "output_quantity",
    }
)
_OF_YEAR = re.compile(r"同比|[比较](?:上年|去年|同期)|当年|今年|本年")
_SO_FAR = re.compile(
    r"累计[^，。；、]{0,6}(?:建成|新建|培育|培养|引进|创建|完成|培训|发放|投入|投资|实施|改造|转移|新增)"
)
_AVERAGE = re.compile(r"年均|年平均|累计|总共|合计")


def assign_periods(
    report: ReportText, drafts: list[Draft], periods: Sequence[PeriodExpr], lexicon: Lexicon
) -> None:
    """Fill ``draft.period`` of every draft: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, ``YYYY/YYYY``, ``YYYY-MM/YYYY-MM`` or None.

    ``periods`` are the time expressions of ``report.clean`` in order. Kinds and statuses must be known.
    """
    cues = cues_of(lexicon)
    order = sorted(drafts, key=lambda d: (d.mention.start, d.mention.end))
    starts = [d.mention.start for d in order]
    at = [p.start for p in periods]
    ends = frozenset(map(attrgetter("end"), report.sentences))
    for segment in report.segments:
        a, b = bisect_left(starts, segment.start), bisect_left(starts, segment.end)
        if a == b:
            continue
        inside = periods[bisect_left(at, segment.start) : bisect_left(at, segment.end)]
        _Walk(report, segment, order[a:b], starts[a:b], inside, cues).run(ends)


class _Walk(SpanReader):
    """One segment being read: every figure takes its period from the frames open where it stands."""

    def run(self, ends: Collection[int]) -> None:
        """Walk marks, expressions and figures in order of position; ``ends``: of the sentences of the report."""
        e = d = 0
        self._item(self.segment.start)
        for mark in marks(self.report, self.segment, self.starts, self.expr_starts, self._tells, ends):
            e, d = self._until(mark.start, e, d)
            self._mark(mark)
            if mark.kind == HEADING:
                while e < len(self.exprs) and self.exprs[e].start < mark.end:
                    e += 1
        self._until(self.segment.end, e, d)

    def _until(self, at: int, e: int, d: int) -> tuple[int, int]:
        while True:
            next_e = self.exprs[e].start if e < len(self.exprs) else at
            next_d = self.starts[d] if d < len(self.starts) else at
            if next_e >= at and next_d >= at:
                return e, d
            if next_e <= next_d:
                self._expression(self.exprs[e], d)
                e += 1
            else:
                self._figure(d)
                d += 1

    def _figure(self, index: int) -> None:
        draft = self.drafts[index]
        draft.period = self._period(index, draft)
        if self.latest_in != self.place.sentence:
            self.latest, self.latest_in = None, self.place.sentence
        if draft.kind == "level" and draft.period and len(set(_YEAR.findall(draft.period))) == 1:
            self.latest = max(self.latest or "", draft.period)
        self.place.used = draft.mention.end
        self.previous = draft

    def _period(self, index: int, draft: Draft) -> str | None:
        m, s = draft.mention, self.state
        planned = draft.status == "planned"
        if m.table is not None:
            return self._table_period(draft)
        if index in self.local:
            own = self.local[index]
            self.rise = (own.last, None) if self.rise[0] is None or self.rise[1] else (self.rise[0], own.last)
            first, last = self.rise
            if first is not None and last is not None and last == self.year and last - first > 2:
                self.section_base = first
            return self._fit(draft, own, "own")
        if draft.kind == "growth" and (years := self._yearly_growth(draft, planned)) is not None:
            return years
        if (
            draft.kind == "growth"
            and draft.quantity.unit == "倍"
            and (span := self._multiple_of(draft)) is not None
        ):
            return span
        row = self._respectively(index)
        if row is not None:
            return row.period
        if not planned and is_from_value(self.text, self.place.clause, m.start, m.end):
            self.from_clause = self.place.clause
            frame = s.clause or s.sentence or s.paragraph or self._section_frame()
            if frame and frame.sort == "span" and frame.base is not None:
                return str(frame.base)
            if self.section_base is not None and not s.clause:
                return str(self.section_base)  # 由2011年的A增加到2016年的B；另一项由C增加到D
            return None
        later = self._later(index)
        if later is not None and s.clause is None:
            return self._fit(draft, later, "own")
        if (inherited := self._inherited(draft)) is not None:
            return inherited.period
        if draft.kind in ("growth", "change") and s.clause is None and not planned:
            frame, latest = s.sentence, self.latest
            if frame and latest and frame.sort == "year" and frame.last and frame.last < int(latest[:4]):
                return latest  # A元，上年同期为B元，增长7%: it is A that grew
        return self._governed(draft, planned)

    def _governed(self, draft: Draft, planned: bool) -> str | None:
        s = self.state
        for frame, scope in ((s.clause, "clause"), (s.sentence, "sentence"), (s.paragraph, "paragraph")):
            if frame is not None and self._suits(frame, planned, scope):
                if scope == "paragraph" and frame.sort == "span" and not planned:
                    covers = self._covers(draft, scope)
                    turns = not draft.quantity.text.startswith(
                        _REACHES
                    )  # 跨越500亿元 is part of what the years brought
                    if (
                        turns
                        and not covers
                        and draft.kind == "level"
                        and self.place.used <= self.place.sentence
                    ):
                        s.paragraph = None  # the sentence turns to how things stand now
                past = frame.last is not None and self.year is not None and frame.last < self.year
                if past and scope != "clause" and not planned and self._speaks_of_now(draft):
                    continue
                return self._fit(draft, frame, scope)
        if planned:
            return self._plan_period(draft)
        if self.as_of is not None:
            return self.as_of.period
        section = self._section_frame()
        if section is not None and self._suits(section, planned, "section"):
            return self._fit(draft, section, "section")
        return str(self.year) if self.year is not None else None

    def _speaks_of_now(self, draft: Draft) -> bool:
        return _NOW.search(self.text, self.place.clause, draft.mention.start) is not None

    def _suits(self, frame: Frame, planned: bool, scope: str) -> bool:
        if frame.sort == "unknown" and not planned and self.year is not None:
            return False
        if frame.sort in ("masked", "unknown"):
            return scope != "paragraph" or self.year is None
        if planned:
            if frame.sort == "now":
                return False
            if scope == "clause" or self.year is None or frame.last is None:
                return (
                    frame.sort != "asof" or scope == "clause" or (self.year is None and scope == "sentence")
                )
            if frame.number and frame.sort == "span":
                return False
            if frame.sort == "asof":
                return scope == "sentence" and frame.last >= self.year
            return scope == "sentence" or frame.last >= self.year
        if frame.sort == "term":
            return scope != "paragraph"
        return frame.sort not in ("deadline", "horizon") and (
            frame.sort == "asof"
            or not self._future(frame)
            or (frame.first == self.year and scope == "clause")
        )

    def _fit(self, draft: Draft, frame: Frame, scope: str) -> str | None:
        """The part of the frame that the figure stands for."""
        if frame.first is None or frame.last is None or frame.first == frame.last:
            return frame.period
        planned = draft.status == "planned"
        year, n = self.year, frame.number
        if frame.sort == "term" and not planned and n and year is not None:
            return f"{year - n + 1}/{year}" if self._covers(draft, scope) else str(year)
        if planned and n and year is not None:
            if frame.sort == "term" and self.launch and self.launch <= year <= self.launch + n:
                return f"{self.launch}/{self.launch + n}"  # 自2009年启动以来…用三年时间
            if frame.sort == "span" and frame.last == year and scope == "clause":
                return f"{year + 1}/{year + n}"  # 近五年将有三成教师退休
        if planned or scope == "own" or frame.sort in ("horizon", "term"):
            return frame.period
        end = str(year) if scope == "paragraph" and year is not None else str(frame.last)
        return frame.period if self._covers(draft, scope) else end

    def _covers(self, draft: Draft, scope: str) -> bool:
        """Whether a figure under a span of years covers the span (a flow) or stands at its end (a state)."""
        m, text, clause = draft.mention, self.text, self.place.clause
        if self.from_clause == clause:
            return False
        if draft.kind == "change":
            points = draft.quantity.dimension == "points" or (scope != "section" and self.compared == clause)
            return not points or _AVERAGE.search(text, clause, m.start) is not None
        if draft.kind == "growth":
            if _AVERAGE.search(text, clause, m.start) is not None:
                return True
            if scope == "paragraph" and draft.quantity.unit == "倍":
                grown = text[clause : m.start].endswith(
                    ("增长", "增长了", "增长分别为", "分别增长", "均增长")
                )
                return grown and self._number_span() and not _OF_YEAR.search(text, clause, m.start)
            # 五年来，…生产总值增长1.5倍: over the five years, unless it is said to be of one
            return (
                scope in ("clause", "sentence")
                and self._number_span()
                and not _OF_YEAR.search(text, clause, m.start)
            )
        if draft.kind != "level":
            return False
        if draft.quantity.text.startswith(_REACHES) and draft.indicator in _OF_ONE_YEAR:
            return False  # 五年来，…生产总值跨越500亿元: that of the last year
        nature = self.cues.clause_nature(text, clause, m.start, m.end)
        if scope != "section" and _SO_FAR.search(text, clause, m.start):
            nature = FLOW
        if nature is None:
            known = self.cues.indicator_nature.get(draft.indicator)
            if scope == "section":
                return False
            nature = FLOW if known == "flow" else STATE if known in ("stock", "ratio") else None
        if nature is None:
            return scope != "paragraph"
        return nature == FLOW

    def _inherited(self, draft: Draft) -> Draft | None:
        """The figure before, when this one is a share of it (投入300万元，占40%): it has the same time."""
        prev, m = self.previous, draft.mention
        if (
            prev is None
            or draft.kind != "share"
            or prev.kind not in ("level", "change")
            or prev.mention.start < self.place.sentence
            or prev.status != draft.status
        ):
            return None
        between = self.text[prev.mention.end : m.start]
        if (
            len(between) > 14
            or _RATE.search(between)
            or any(prev.mention.end <= e < m.start for e in self._near(m.start))
        ):
            return None
        return prev

    def _near(self, at: int) -> list[int]:
        i = bisect_right(self.expr_starts, at)
        return self.expr_starts[max(0, i - 1) : i]

    def _later(self, index: int) -> Frame | None:
        """The frame of an expression right after the figure in its clause (3万平方米在年底前开工)."""
        m = self.drafts[index].mention
        i = bisect_left(self.expr_starts, m.end)
        if i == len(self.exprs) or self.expr_starts[i] - m.end > 12:
            return None
        expr = self.exprs[i]
        after = index + 1
        if after < len(self.starts) and self.starts[after] < expr.start:
            return None
        if not _LATER.match(self.text, m.end, expr.start):
            return None
        return self._frame(expr)

    def _year_in(self, cell: TextCell) -> int:
        m = _YEAR.search(self.text, cell.start, cell.end)
        return int(m.group()) if m else 0

    def _table_period(self, draft: Draft) -> str | None:
        """The year in the head of the figure's column, else of its row, else what holds for the section."""
        m = draft.mention
        number = m.table or 0
        if number not in self.grids:
            self.grids[number] = {(c.row, c.col): c for c in self.report.tables[number].cells}
        spans = self.grids[number]
        row, col = m.row or 0, m.col or 0
        keys = [(r, col) for r in range(row - 1, -1, -1)] + [(row, c) for c in range(col - 1, -1, -1)]
        for key in keys:  # grows while it is walked
            cell = spans.get(key)
            if cell is None:
                continue
            if _BARE_YEAR.fullmatch(self.text, cell.start, cell.end) and (key[0] == 0 or key[1] == 0):
                return self.text[cell.start : cell.end].strip()
            if key[1] == col and _GROWTH_HEAD.search(self.text, cell.start, cell.end):
                beside = [c for c in range(col - 1, 0, -1) if (key[0], c) in spans]
                # growth beside the year it grew in, the later one where the year before stands there too
                keys += [
                    (key[0], c)
                    for c in sorted(beside, key=lambda c: self._year_in(spans[key[0], c]), reverse=True)
                ]
                if _COMPARED_HEAD.search(self.text, cell.start, cell.end):
                    continue  # 比上年增减: the year before is what it is compared with
            i = bisect_left(self.expr_starts, cell.start)
            if i < len(self.exprs) and self.expr_starts[i] < cell.end:
                frame = self._frame(self.exprs[i])
                if frame is not None:
                    return frame.period
        section = self._section_frame()
        if draft.status == "planned":
            return self._plan_period(draft)
        if section is not None:
            return self._fit(draft, section, "section")
        return str(self.year) if self.year is not None else None


def inherit_periods(drafts: list[Draft], periods: Sequence[PeriodExpr]) -> None:
    """A part has the time of its whole unless a time expression stands between them (``observations.md`` §4)."""
    starts = [p.start for p in periods]
    for d in drafts:
        if d.part_of is None or d.mention.table is not None:
            continue
        whole = drafts[d.part_of]
        a, b = whole.mention.end, d.mention.start
        if b <= a or b - a > _INHERITANCE or d.status != whole.status:
            continue
        if bisect_left(starts, a) == bisect_left(starts, b):
            d.period = whole.period
