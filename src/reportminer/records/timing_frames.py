"""Time frames: which stretch of time an expression opens, and for how much of the text it stays open."""

from __future__ import annotations

import re
from bisect import bisect_left

from reportminer.core import PeriodExpr
from reportminer.extract.periods import resolve
from reportminer.records.timing_cues import is_basis, is_compared
from reportminer.records.timing_layout import (
    CLAUSE,
    CLOSE,
    CONTINUES,
    HEADING,
    ITEM,
    OPEN,
    PARAGRAPH,
    SEMICOLON,
    SENTENCE,
    Mark,
)
from reportminer.records.timing_sections import SectionReader
from reportminer.records.timing_state import Frame, Section, State, hull

_YEAR = re.compile(r"\d{4}")
_AS_OF = re.compile(r"(?:截至|截止|截止到|截至到|截止至)\s?$")
_UP_TO = re.compile(r"(?:到|至)\s?$")
_TO = re.compile(r"(?:到|至|在|于|确保|力争|争取|计划)\s?$")
_ASIDE = re.compile(r"(?:于|早在)\s?$")  # 建于1978年，早在2003年: a remark, not the time of what follows
_BEFORE = re.compile(r"\s?(?:之前|以前|前|内)")
_FROM = re.compile(r"(?:由|从)\s?$")
_ONWARD = re.compile(r"\s?(?:起|开始|以来|至|到|[-—－~])")
_OWN = re.compile(r"的[^，,；;。：:\n（(]{0,8}$|^\s?$")
_JOINED = re.compile(r"\s?(?:、|和|与|及)\s?$")
_AMOUNTS_TO = re.compile(r"(?:是|为|占|占到|达到|相当于)(?:全[县市区乡镇校])?$")
_OPENING = re.compile(
    r"\s?(?:财政)?(?:预算|计划|确定|目标|任务|安排|部署|下达|提出|定下?的|批准|承诺|预期|排定|[\d.]+%?(?:左右)?的(?:预期|目标))"
)
# 完成上年确定的任务: the year is that of the task, not of what was done
_OF_A_TASK = re.compile(
    r"(?:[^，。；、\n]{0,8}(?:确定|提出|定下|下达|部署|安排|承诺|许下|批准|通过|规划|计划))的?[^，。；、0-9\n]{0,10}(?:任务|目标|计划|事项|项目|预算|实事|工作)(?=[，。；、])"
)
_EARLIER_THAN = re.compile(r"\s?(?:以前|之前|前)(?![，,])")
_OF_A_PROJECT = re.compile(  # 去年底开工的项目，总投资…: the time of the start, not of what the next clauses say
    r"[^，,。；;、：:\n]{0,4}(?:开工|动工|启动|立项|建成|实施|竣工|完工|签约|引进|批准|批复|成立|出台|下达|印发)的"
)
_FIVE_YEARS = re.compile(r"五[”\"」』]?(?:时期|期间|规划|计划)?$")
_PLAN_NAME = re.compile(r"(?:计划|规划|方案|纲要)$")


class FrameReader(SectionReader):
    """The frames open while one segment is read; the figures are the business of the subclass."""

    def _mark(self, mark: Mark) -> None:
        s, p = self.state, self.place
        kind = mark.kind
        if kind == HEADING:
            self._heading(mark)
            self.state, self.row = State(), []
            p.stack.clear()
            p.quoted = 0
            p.clause = p.sentence = p.paragraph = p.used = mark.end
            self.item = None
            self._item(mark.end)
        elif kind == OPEN:
            if mark.char in "《〔":
                p.quoted += 1
            else:
                p.stack.append(
                    (State(s.clause, s.sentence, s.base, s.paragraph), p.clause, p.sentence, mark.start)
                )
        elif kind == CLOSE:
            if mark.char in "》〕":
                p.quoted = max(0, p.quoted - 1)
            elif p.stack:
                inner = s.clause
                self.state, p.clause, p.sentence, opened = p.stack.pop()
                if (
                    inner
                    and inner.sort == "span"
                    and self._future(inner)
                    and _PLAN_NAME.search(self.text, max(0, opened - 3), opened)
                ):
                    self.state.clause = self.state.sentence = inner  # 三年行动计划（2018—2020年）总投资…
                elif (
                    inner
                    and inner.sort == "span"
                    and _FIVE_YEARS.search(self.text, max(0, opened - 6), opened)
                ):
                    self._printed_years(inner)
        elif kind == CLAUSE:
            s.clause, p.clause = None, mark.end
        elif kind == SEMICOLON:
            if s.base is not None or s.sentence is None or not self._future(s.sentence):
                s.sentence = s.base
            s.clause, p.clause = None, mark.end
            self._item(mark.end)
        elif kind in (SENTENCE, PARAGRAPH):
            keep = kind == SENTENCE and CONTINUES.match(self.text, mark.end) is not None
            if not keep:
                s.sentence = s.base = None
            s.clause = None
            p.clause = p.sentence = p.used = mark.end
            self.rise = (None, None)
            self._item(mark.end)
            if kind == PARAGRAPH:
                s.paragraph, p.paragraph, p.quoted = None, mark.end, 0
                self.spoken_of = None
                p.stack.clear()

    def _printed_years(self, printed: Frame) -> None:
        """“十三五”时期（2011—2015年）: the years as printed hold, whatever the plan is called."""
        s = self.state
        for name in ("clause", "sentence", "base", "paragraph"):
            frame = getattr(s, name)
            if frame is not None and frame.sort == "span":
                setattr(s, name, printed)

    def _item(self, at: int) -> None:
        """At 二是 what was opened inside 一是 ends."""
        if ITEM.match(self.text, at):
            s = self.state
            if self.item is not None and self.opened >= self.item:
                s.paragraph = s.base = None
            s.sentence = s.base
            self.item = at

    def _frame(self, expr: PeriodExpr) -> Frame | None:
        """The frame that an expression opens, None when it names no time of its own (同期)."""
        if expr.masked:
            return Frame("masked", None)
        relative = expr.relative or ""
        year = self.year
        if relative.startswith("that_year"):
            same = expr.text.startswith("同年") and self.named_year is not None
            year = self.named_year if same else self._context_year()
        elif relative == "now" and year is None and self.as_of is not None:
            return self.as_of
        elif self.year is not None and relative.partition("@")[0] in ("this_year", "last_year"):
            plan = self._plan_frame()
            if plan and plan.first is not None and plan.first == plan.last == self.year + 1:
                year = plan.first  # in the plan part 今年 is the year planned
        elif relative == "last_n" and expr.number == 1:
            section = self._section_frame()
            if section is not None and section.last is not None and section.first == section.last:
                year = section.last  # 2019年和今年以来工作回顾: …一年来
        period = resolve(expr, year, self.segment.date)
        if period is None:
            return (
                Frame("unknown", None, number=expr.number) if relative and relative != "same_period" else None
            )
        years = _YEAR.findall(period)
        first, last = int(years[0]), int(years[-1])
        if relative in ("next_n", "next_two"):
            sort = "horizon"
        elif relative == "within_n":
            sort = "term"
        elif relative == "now":
            sort = "now"
        else:
            sort = "span" if first != last else "year"
        five = relative == "last_n" or (expr.period is not None and "五" in expr.text and sort == "span")
        return Frame(sort, period, first, last, first - 1 if five else first, expr.number)

    def _context_year(self) -> int | None:
        """The year that a bare month belongs to: the single year in force, else the reporting year."""
        s = self.state
        spoken = self.segment.date or ""
        if self._plan_section() and spoken[:4] == str(self.year) and "04" <= spoken[5:7] <= "10":
            return self.year  # the plans of a report of July are for this year
        for frame in (
            s.sentence,
            s.paragraph,
            self._plan_frame() if self._plan_section() else None,
            self._section_frame(),
        ):
            if frame and frame.sort in ("year", "asof", "deadline") and frame.first == frame.last:
                return frame.first
            if frame and frame.sort in ("masked", "unknown"):
                return None
        return None if self._plan_section() else self.year

    def _expression(self, expr: PeriodExpr, next_draft: int) -> None:
        text, p = self.text, self.place
        if p.quoted or self.cues.name_after.match(text, expr.end):
            return
        frame = self._frame(expr)
        if (
            frame is None
            and expr.relative == "same_period"
            and expr.start - p.clause <= 2
            and self.spoken_of is not None
        ):
            frame = self.spoken_of  # 三年补充教师30名。同期退休9人
        if frame is None:
            return
        if frame.sort == "span":
            self.spoken_of = frame
        if expr.period and frame.sort == "year":
            self.named_year = frame.first
        if expr.relative and re.match(r"since@\d", expr.relative) and self.launch is None:
            self.launch = frame.first
        before_at = max(p.clause, expr.start - 6)
        before = text[before_at : expr.start]
        mention = self.starts[next_draft] if next_draft < len(self.starts) else -1
        gap = text[expr.end : mention] if 0 <= mention - expr.end <= 10 else None
        own = gap is not None and _OWN.search(gap) is not None
        from_value = (
            _FROM.search(before) is not None and not _ONWARD.match(text, expr.end) and frame.sort != "span"
        )
        if (
            gap
            and own
            and _AMOUNTS_TO.search(before)
            and self.drafts[next_draft].kind in ("share", "growth", "ratio")
        ):
            if self.drafts[next_draft].kind == "growth" and frame.last is not None:
                self.base_year, self.base_in = frame.last, p.sentence  # …，年均增长9.8%
            return  # 是2010年的2.6倍
        month = (expr.relative or "").partition("@")
        if month[0] == "that_year" and month[2] in ("", "01") and _OPENING.match(text, expr.end):
            return  # 年初预算, 全年目标任务
        if _OF_A_TASK.match(text, expr.end) and not self._future(frame):
            return
        if _EARLIER_THAN.match(text, expr.end) and not self._future(frame):
            return  # 1998年以前参加工作的
        listed = bool(self.row) and _JOINED.match(text, self.row[-1][0], expr.start) is not None
        if not listed and is_compared(text, expr.start, expr.end):
            self.compared = p.clause
            if frame.sort in ("year", "asof", "span") and frame.last is not None and not self._future(frame):
                self.base_year, self.base_in = frame.last, p.sentence
            if own and (gap or is_basis(text, expr.start, expr.end)):
                self.local[next_draft] = frame
            return
        if gap is not None and ((own and gap.lstrip().startswith("的")) or from_value):
            self.local[next_draft] = frame
            if from_value:
                self.from_clause = p.clause
            return
        if self.read_next_year and expr.text.startswith("去") and self.year is not None:
            frame = Frame("year", str(self.year), self.year, self.year, self.year - 1)
        single = frame.sort == "year"
        if single and (
            _AS_OF.search(text, max(p.clause, expr.start - 4), expr.start)
            or (_UP_TO.search(before) and not self._future(frame))
        ):
            frame.sort = "asof"
        elif single and self._future(frame) and (_TO.search(before) or _BEFORE.match(text, expr.end)):
            frame.sort = "deadline"
        self._open(expr, frame)

    def _figures_before_break(self, at: int) -> bool:
        """Whether a figure stands between ``at`` and the end of its paragraph."""
        stop = self.text.find("\n", at, self.segment.end)
        i = bisect_left(self.starts, at)
        return i < len(self.starts) and self.starts[i] < (stop if stop >= 0 else self.segment.end)

    def _open(self, expr: PeriodExpr, frame: Frame) -> None:
        p, s = self.place, self.state
        joined = bool(self.row) and _JOINED.match(self.text, self.row[-1][0], expr.start) is not None
        if not joined or frame.sort != "year":
            self.row, self.row_taken, self.row_again = [], 0, False
        if frame.sort == "year" and len(frame.period or "") == 4:
            self.row.append((expr.end, frame))
            if len(self.row) > 1:
                frame = hull([f for _, f in self.row])
        initial = (
            p.used <= p.sentence
            and p.clause <= p.sentence + 12  # 总体目标：到2025年 is initial as well
            and expr.start - p.clause <= 16
        )
        initial = initial or len(self.row) > 1
        s.clause = frame
        if _OF_A_PROJECT.match(self.text, expr.end):
            return
        if expr.relative == "that_year@01" and expr.text.endswith("初"):
            return
        s.sentence = frame
        if s.base is None and initial:
            s.base = frame
        p.used = expr.end
        if not initial or p.stack:
            return
        if _ASIDE.search(self.text, max(p.clause, expr.start - 3), expr.start) and frame.sort == "year":
            s.sentence = s.base = None
            return
        heads_paragraph = p.sentence <= p.paragraph
        if (
            heads_paragraph
            and frame.sort == "span"
            and frame.number
            and not self._figures_before_break(expr.end)
        ):
            # 五年来，我们…: a paragraph without figures at the head of a section speaks for the section
            section = self.sections[-1] if self.sections else None
            if section is not None and section.level <= 1 and section.frame is None and not section.plan:
                section.frame = frame
        self.opened = expr.start
        plain_month = (expr.relative or "").startswith("that_year")
        if expr.relative == "that_year":
            return  # 全年, 当年: of the year in force
        own_year = frame.first == frame.last == self.year and frame.sort in ("year", "now")
        if own_year:
            s.paragraph = None
            section = self.sections[-1] if self.sections else None
            if heads_paragraph and section is not None and section.frame and section.frame.sort == "span":
                section.frame = frame  # 2005年及“十五”时期工作回顾: 过去的一年，…
        elif frame.sort == "asof":
            s.paragraph = frame if heads_paragraph or self.year is None or frame.last == self.year else None
        else:
            lasting = frame.sort in ("span", "horizon", "term", "deadline")
            s.paragraph = frame if lasting or (heads_paragraph and not plain_month) else None
        if frame.sort == "asof":
            self.as_of = frame if self.year is None or frame.last == self.year else None
        elif heads_paragraph and not plain_month:
            self.as_of = None
            if self._future(frame) and frame.sort in ("year", "horizon"):
                if not self.sections:
                    self.sections.append(Section(9))
                self.sections[-1].plan_frame = frame
